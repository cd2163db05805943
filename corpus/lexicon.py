"""Everyday language, read from the tables in `corpus/lexicon/`, validated on loading.

everyday/*.tsv   everyday words -> official words (see the note at the head of `Lexicon.match`)
classes.tsv      words that stand for one another in the sayings of those tables: {长辈}+吃饭
stopwords.txt    words that say nothing about the topic of a question
words.txt        words that jieba must keep whole
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

HEADER, CLASSES = ("日常说法", "报告用语"), ("类", "词")
BOTH = "+"
# A part of a saying that any word of a class may be.
CLASS = re.compile(r"\{(.+)\}")
# Particles that split a verb and its object: 摆个摊 is 摆摊.
SPLIT = re.compile(r"(?<=[\u4e00-\u9fff])(?:一下|[个了过着下])(?=[\u4e00-\u9fff])")


Classes = Mapping[str, tuple[str, ...]]


class LexiconError(Exception):
    """A table of the lexicon is invalid; the message names file, line, fault and remedy."""


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
        classes = _classes(folder / "classes.tsv", fold)
        entries = [e for path in sorted(folder.glob("everyday/*.tsv")) for e in _entries(path, classes, fold)]
        stopwords = frozenset(fold(w) for w in _lines(folder / "stopwords.txt"))
        words = frozenset(fold(w) for w in _lines(folder / "words.txt"))
        return cls(entries, stopwords, words, _digest(folder))

    @cached_property
    def official(self) -> frozenset[str]:
        """Every official word of every row."""
        return frozenset(name for entry in self.entries for name in entry.official)

    @cached_property
    def _by_first_pair(self) -> dict[str, list[tuple[tuple[str, ...], Entry]]]:
        """Sayings by the first two characters of their longest part, so that a question checks few."""
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
    """A hash over all files of the folder: the index is stale when it changes."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield from line.split("#")[0].split()


def _rows(path: Path, header: tuple[str, str]) -> Iterator[tuple[int, list[str]]]:
    """The two cells of each row below the header, with its number. Raises LexiconError."""
    rows = path.read_text(encoding="utf-8").splitlines()
    if not rows or tuple(rows[0].split("\t")) != header:
        raise LexiconError(f"{path} 第1行应为“{header[0]}<制表符>{header[1]}”")
    for number, row in enumerate(rows[1:], start=2):
        cells = row.split("\t")
        if len(cells) != 2 or not all(cell.strip() for cell in cells):
            raise LexiconError(f"{path} 第{number}行应有两列，以制表符分开，都不能空：{row!r}")
        yield number, cells


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split("、") if word.strip())


def _classes(path: Path, fold: Callable[[str], str]) -> Classes:
    """The words of each class, by its name; none where there is no such table."""
    rows = _rows(path, CLASSES) if path.exists() else ()
    return {name.strip(): tuple(map(fold, _words(words))) for _, (name, words) in rows}


def _entries(path: Path, classes: Classes, fold: Callable[[str], str]) -> Iterator[Entry]:
    for number, cells in _rows(path, HEADER):
        sayings, official = map(_words, cells)
        short = [s for s in sayings if len(s) < 2]
        if short:
            raise LexiconError(f"{path} 第{number}行的“{short[0]}”只有一个字，会到处误中，请写长一些")
        try:
            spelt = tuple(parts for said in sayings for parts in _spelt(said, classes, fold))
        except KeyError as unknown:
            raise LexiconError(f"{path} 第{number}行的类 {unknown} 不在 classes.tsv 里") from unknown
        yield Entry(spelt, tuple(fold(word) for word in official))


def _spelt(saying: str, classes: Classes, fold: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    """A saying with each class replaced by its words, in all combinations. Raises KeyError."""
    places = [(part, CLASS.fullmatch(part)) for part in saying.split(BOTH)]
    return product(*(classes[found[1]] if found else (fold(part),) for part, found in places))
