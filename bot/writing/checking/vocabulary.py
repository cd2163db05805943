"""The words of a sentence: which say nothing by themselves, and which are foreign to a text."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from corpus.figures import UNITS
from corpus.words import HAN, Words

PAIR = re.compile(r"(?P<one>[\u4e00-\u9fff]{3})(?<!参)与(?P<other>[\u4e00-\u9fff]{5})")
AUXILIARY = re.compile(r"[将会也要](?=与)")
# What joins without telling how.
BETWEEN = re.compile("的")
# What is left of a figure behind its digits: 8000多名, 120余万人.
COUNTED = re.compile(rf"[多余]?[十百千万亿]*[多余]?(?:{UNITS})")
PUNCTUATION = re.compile(r"[,;、。:()!?\s]")


@dataclass(frozen=True)
class Vocabulary:
    """`neutral` words and `particles` may stand in any sentence, and so may the names of the documents' `places`.

    Words of `plain_speech` may too, but tell what a clause is about.
    """

    words: Words
    neutral: frozenset[str]
    particles: frozenset[str]
    places: frozenset[str]
    plain_speech: frozenset[str]

    @cached_property
    def idle(self) -> frozenset[str]:
        """All that tell nothing."""
        return self.neutral | self.particles | self.places

    @cached_property
    def _unasked(self) -> frozenset[str]:
        """The words that need stand in no source."""
        return self.neutral | self.places

    def is_foreign(self, word: str, said: str) -> bool:
        """Whether a word is telling and in no cited passage."""
        if not HAN.search(word) or word in said or word in self._unasked or len(word) == 1:
            return False
        if COUNTED.fullmatch(word):
            return False
        return not self._is_made_of(word, said)

    def is_plain_speech(self, word: str) -> bool:
        """Whether a word is one of everyday speech that tells nothing of the matter."""
        return word in self.plain_speech

    def _is_made_of(self, word: str, said: str) -> bool:
        """Whether a word falls into pieces of the passages, neutral words and particles (将新建 -> 将, 新建)."""
        at = 0
        while at < len(word):
            step = next((n for n in range(len(word) - at, 1, -1) if self._is_known(word[at : at + n], said)), 0)
            lone = word[at] in self.particles or (word[at] in said and not self.particles.isdisjoint(word))
            if not step and not lone:
                return False
            at += step or 1
        return True

    def _is_known(self, piece: str, said: str) -> bool:
        return piece in said or piece in self.neutral

    def joins_names(self, folded: str, said: str) -> bool:
        """Whether two names stand together that the sources do not join (五中 and 塘西校区)."""
        joined = BETWEEN.sub("", PUNCTUATION.sub("", said))
        for one, other in pairwise(self.words.cut(folded)):
            named = len(one) > 1 and HAN.match(other) and all(self.words.is_name(w) and w in said for w in (one, other))
            apart = re.search(f"{re.escape(one)}.{{0,2}}{re.escape(other)}", joined)
            together = one + other in folded and not apart
            if named and together and not {one, other} & self.idle:
                return True
        return any(_mispaired(found, joined) for found in PAIR.finditer(BETWEEN.sub("", AUXILIARY.sub("", folded))))


def _mispaired(found: re.Match[str], joined: str) -> bool:
    """Whether of two things joined by 与 one is joined in the sources, and to another."""
    one, other = found["one"], found["other"]
    known = f"{one[-3:]}与" in joined or f"与{other[:3]}" in joined
    return known and f"{one[-3:]}与{other}" not in joined
