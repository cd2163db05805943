"""Words that say the same, in one writing: a plain word as the official one that it may stand in for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.writing.checking.plain import plain
from corpus.figures import UNITS
from corpus.words import Words

# Between these a word may begin or end: what is counted is no part of the word before it (连续4年排在).
PIECE = re.compile(rf"\d[多余]?[十百千万亿]*[多余]?(?:{UNITS})?|[\u4e00-\u9fff]+|.", re.S)


@dataclass(frozen=True)
class Synonyms:
    """`groups` have words with blanks between, each of which may stand for any other of its group."""

    words: Words
    groups: tuple[str, ...]

    def __call__(self, text: str, said: str) -> str:
        """A text in the words of its sources (`said`): a whole word that they have not, as they have it.

        Both in plain form. A word that has no counterpart there is left as it is.
        """
        found = [one for one in self._any_word.finditer(text) if one.group() not in said] if self.groups else []
        edges = self._edges(text) if found else set()
        for one in reversed(found):
            if {one.start(), one.end()} <= edges:
                text = text[: one.start()] + self._as_told(one.group(), said) + text[one.end() :]
        return text

    def _as_told(self, word: str, said: str) -> str:
        """The word of the same group that the sources have: no single character, for that may be part of another."""
        return next((other for other in self._group_of[word] if len(other) > 1 and other in said), word)

    @cached_property
    def _group_of(self) -> dict[str, list[str]]:
        written = ([plain(word, self.words) for word in group.split()] for group in self.groups)
        return {word: group for group in written for word in group}

    @cached_property
    def _any_word(self) -> re.Pattern[str]:
        """Any word of a group, the longest first."""
        return re.compile("|".join(sorted(self._group_of, key=lambda word: (-len(word), word))))

    def _edges(self, text: str) -> set[int]:
        """Where words begin and end."""
        edges: set[int] = set()
        for piece in PIECE.finditer(text):
            at = piece.start()
            for word in self.words.cut(piece.group()) or [piece.group()]:
                edges |= {at, at + len(word)}
                at += len(word)
            edges.add(piece.end())
        return edges


def groups_of(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The groups of all lists."""
    return tuple(group for groups in lists for group in groups)
