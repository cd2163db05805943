"""Whether a word of a sentence stands for another word of its source: an abbreviation, an everyday name, one akin in
meaning."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot import tuning
from corpus.encoder import Encoder
from corpus.figures import NUMERALS
from corpus.lexicon import Lexicon
from corpus.words import HAN, Words


@dataclass(frozen=True)
class Kinship:
    """What tells it. Without an encoder by abbreviation and lexicon alone."""

    words: Words
    lexicon: Lexicon
    encoder: Encoder | None = None

    def stands_for(self, word: str, sentence: str, source: str) -> str:
        """The words of the source that a word of the sentence stands for, or an empty string."""
        if self.words.is_proper(word) or not HAN.match(word):
            return ""
        told = [other for other in dict.fromkeys(self.words.cut(source)) if len(other) > 1 and HAN.match(other)]
        return self._short(word, source, told) or self._everyday(word, sentence, told) or self._akin(word, told)

    def _short(self, word: str, source: str, told: Iterable[str]) -> str:
        """社保 for 社会保险, and 规模以上 for 规上."""
        if len(word) < 2 or any(c in NUMERALS for c in word):
            return ""
        gap = rf"[\u4e00-\u9fff]{{0,{tuning.ABBREVIATION_GAP}}}"
        written_out = re.search(gap.join(word), source) if self.words.knows(word) and len(word) < 4 else None
        if written_out:
            return self._whole(source, *written_out.span())
        return next((other for other in told if _begins_and_holds(word, other)), "")

    def _whole(self, source: str, start: int, end: int) -> str:
        """The words of the source that a stretch of it lies in."""
        at, held = 0, ""
        for word in self.words.cut(source):
            at = source.index(word, at)
            held += word if at < end and start < at + len(word) else ""
            at += len(word)
        return held

    def _everyday(self, word: str, sentence: str, told: Sequence[str]) -> str:
        """What the lexicon knows an everyday word by, where the encoder does not object."""
        for match in self.lexicon.match(sentence):
            parts = [part for part in match.parts if word in part]
            said = next((name for name in match.official if self._is_told(name, told)), "")
            opposite = len(word) == len(said) == 2 and word[1] == said[1]  # 失业 is of the topic of 就业
            linked = any(not self.encoder or self._cosine(part, said) >= tuning.AKIN_LINKED for part in parts if said)
            if linked and not opposite:
                return said
        return ""

    def _is_told(self, name: str, told: Sequence[str]) -> bool:
        """Whether a name is made of whole words of the source: 中学 is not told by 高中学位."""
        return all(word in told for word in self.words.cut(name) if len(word) > 1)

    def _akin(self, word: str, told: Iterable[str]) -> str:
        if not self.encoder or not self.words.knows(word):
            return ""
        scored = self._cosines(word, [other for other in told if self._comparable(word, other)])
        best = max(scored, key=scored.__getitem__, default="")
        short = len(word) == len(best) == 2 and word[0] == best[0]
        noun = tuning.AKIN_SHORT_NOUNS if short else tuning.AKIN_NOUNS
        least = tuning.AKIN_VERBS if self.words.is_action(word) else noun
        return best if best and scored[best] >= least else ""

    def is_said(self, word: str, free: Iterable[str]) -> bool:
        """Whether one of the words `free` of a sentence says about the same as a word of a condition."""
        if not self.encoder or not HAN.match(word):
            return False
        others = [other for other in free if len(other) > 1 and HAN.match(other)]
        return any(cosine >= tuning.CONDITION_WORD_KEPT for cosine in self._cosines(word, others).values())

    def _comparable(self, word: str, other: str) -> bool:
        """Verbs with verbs, and no two kinds of one thing (公办, 民办): those are what a lie exchanges."""
        siblings = word[-1] == other[-1] and word[0] != other[0]
        named = self.words.is_name(other)
        return not siblings and not named and self.words.is_action(word) == self.words.is_action(other)

    def _cosine(self, word: str, other: str) -> float:
        return self._cosines(word, [other])[other]

    def _cosines(self, word: str, others: Sequence[str]) -> dict[str, float]:
        """How alike a word is to each of the others, in one call of the encoder."""
        if not self.encoder or not others:
            return {}
        mine, *theirs = self.encoder.queries([word, *others])
        return {other: float(mine @ vector) for other, vector in zip(others, theirs, strict=True)}


def _begins_and_holds(word: str, short: str) -> bool:
    """Whether a word begins and ends as a shorter one does and has its characters in their order."""
    rest = iter(word)
    return len(short) < len(word) and word[:: len(word) - 1] == short[0] + short[-1] and all(c in rest for c in short)
