"""The vocabulary for segmentation: the dictionary, and the documents' own words."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus import tuning
from corpus.folder import ENOUGH_BYTES, refuse_unwritable, unusable
from corpus.passage import Passage
from corpus.seal import drop_changed, note
from corpus.words import HAN, Words

# Bytes that the first start writes: mostly jieba's parsed dictionary.
FIRST_BYTES = 32 * 1024 * 1024


def open_words(data_dir: Path) -> Words:
    """The segmenter, with jieba's parsed dictionary cached in the data folder. Raises IndexUnavailable."""
    parsed = data_dir / "jieba" / "jieba.cache"
    refuse_unwritable(data_dir, ENOUGH_BYTES if parsed.exists() else FIRST_BYTES)
    try:
        drop_changed(parsed)
        words = Words(parsed.parent)
        note(parsed)
    except OSError as problem:
        raise unusable(data_dir, problem) from problem
    return words


def own_words(passages: Sequence[Passage], words: Words, known: frozenset[str]) -> set[str]:
    """Words of the documents that the dictionary lacks (names of places and projects): kept whole in questions too.

    `known` are function words and names of the documents' own places, which no such word holds.
    """
    found = {word for passage in passages for word in words.cut(words.fold(passage.text)) if not words.knows(word)}
    short = (word for word in found if 1 < len(word) <= tuning.OWN_WORD)
    return {word for word in short if HAN.match(word) and known.isdisjoint(_within(word))}


def _within(word: str) -> Iterator[str]:
    """Every substring of a word."""
    return (word[a:b] for a in range(len(word)) for b in range(a + 1, len(word) + 1))
