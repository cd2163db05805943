"""The knowledge of how people speak, read from the tables in `corpus/lexicon/`, checked when loaded.

everyday/*.tsv   everyday words -> official words (see the note at the head of `Lexicon.match`)
stopwords.txt    words that tell nothing of the topic of a question
words.txt        words that jieba must keep whole
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

HEADER = ("日常说法", "报告用语")
BOTH = "+"
# Particles that split a verb and its object: 摆个摊 is 摆摊.
SPLIT = re.compile(r"(?<=[\u4e00-\u9fff])(?:一下|[个了过着下])(?=[\u4e00-\u9fff])")


class LexiconError(Exception):
    """A table of the lexicon is wrong; the message names file, line, what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: any of `sayings` (each one or more parts that must all occur) means `official`, likeliest first."""

    sayings: tuple[tuple[str, ...], ...]
    official: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found in a text: its sayings that occurred, the longest first, and what they mean officially."""

    sayings: tuple[tuple[str, ...], ...]
    official: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """Every part of every saying that occurred."""
        return tuple(dict.fromkeys(part for parts in self.sayings for part in parts))


class Lexicon:
    """All tables of a lexicon folder."""

    def __init__(self, entries: list[Entry], stopwords: frozenset[str], words: frozenset[str], digest: str) -> None:
        self.entries = entries
        self.digest = digest
        self.stopwords = stopwords
        self.words = words

    @classmethod
    def load(cls, folder: Path, fold: Callable[[str], str]) -> "Lexicon":
        """Read the tables; `fold` brings every word to its canonical form. Raises LexiconError."""
        entries = [e for path in sorted(folder.glob("everyday/*.tsv")) for e in _entries(path, fold)]
        stopwords = frozenset(fold(w) for w in _lines(folder / "stopwords.txt"))
        words = frozenset(fold(w) for w in _lines(folder / "words.txt"))
        return cls(entries, stopwords, words, _digest(folder))

    @cached_property
    def official(self) -> frozenset[str]:
        """Every official word of every row."""
        return frozenset(name for entry in self.entries for name in entry.official)

    @cached_property
    def _by_first_pair(self) -> dict[str, list[tuple[tuple[str, ...], Entry]]]:
        """Sayings by the first two characters of their longest part, so that a question looks at few."""
        table: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        for entry in self.entries:
            for parts in entry.sayings:
                table.setdefault(max(parts, key=len)[:2], []).append((parts, entry))
        return table

    def match(self, folded: str) -> list[Match]:
        """The entries whose sayings occur in a folded text. A saying `a+b` occurs where both a and b do.

        A particle between a verb and its object does not matter.
        """
        both = f"{folded}\n{SPLIT.sub('', folded)}"
        keys = {both[i : i + 2] for i in range(len(both))} | set(both)
        found: dict[int, tuple[Entry, list[tuple[str, ...]]]] = {}
        for key in keys:
            for parts, entry in self._by_first_pair.get(key, ()):
                if all(part in both for part in parts):
                    found.setdefault(id(entry), (entry, []))[1].append(parts)
        matches = [Match(tuple(sorted(said, key=_order)), entry.official) for entry, said in found.values()]
        return sorted(matches, key=lambda m: (*_order(m.sayings[0]), m.official))


def _order(parts: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return -_size(parts), parts


def _size(parts: tuple[str, ...]) -> int:
    return sum(map(len, parts))


def _digest(folder: Path) -> str:
    """A hash of every file of the folder: the index is stale when it changes."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield from line.split("#")[0].split()


def _entries(path: Path, fold: Callable[[str], str]) -> Iterator[Entry]:
    rows = path.read_text(encoding="utf-8").splitlines()
    if not rows or tuple(rows[0].split("\t")) != HEADER:
        raise LexiconError(f"{path} 第1行应为“{HEADER[0]}<制表符>{HEADER[1]}”")
    for number, row in enumerate(rows[1:], start=2):
        cells = row.split("\t")
        if len(cells) != 2 or not all(cell.strip() for cell in cells):
            raise LexiconError(f"{path} 第{number}行应有两列，以制表符分开，都不能空：{row!r}")
        sayings, official = (tuple(w.strip() for w in cell.split("、") if w.strip()) for cell in cells)
        short = [s for s in sayings if len(s) < 2]
        if short:
            raise LexiconError(f"{path} 第{number}行的“{short[0]}”只有一个字，会到处误中，请写长一些")
        yield Entry(
            tuple(tuple(fold(part) for part in s.split(BOTH)) for s in sayings),
            tuple(fold(w) for w in official),
        )
