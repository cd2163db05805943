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
    """`groups` have words with blanks between; each is written as the first of its group."""

    words: Words
    groups: tuple[str, ...]

    def __call__(self, text: str, said: str | None = None) -> str:
        """A text in plain form with one writing for what says the same; only whole words are changed.

        With `said`, what is said so elsewhere: a word that has no counterpart there is left as it is.
        """
        found = list(self._variants.finditer(text)) if self.groups else []
        edges = self._edges(text) if found else set()
        for one in reversed(found):
            head = self._heads[one.group()]
            if {one.start(), one.end()} <= edges and (said is None or head in said):
                text = text[: one.start()] + head + text[one.end() :]
        return text

    @cached_property
    def _heads(self) -> dict[str, str]:
        written = ([plain(word, self.words) for word in group.split()] for group in self.groups)
        return {word: group[0] for group in written for word in group}

    @cached_property
    def _variants(self) -> re.Pattern[str]:
        """Any variant, the longest first; a head too, so that no variant within it is changed."""
        return re.compile("|".join(sorted(self._heads, key=lambda word: (-len(word), word))))

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
