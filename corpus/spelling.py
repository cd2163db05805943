"""Corrects homophone typos, 石堂 -> 食堂, 仙弓山 -> 仙公山, against the words of the corpus and the lexicon."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile

from pypinyin import lazy_pinyin

from corpus import tuning
from corpus.figures import COUNTERS, NUMERALS
from corpus.words import HAN, RUN, Words

# Lengths of words that a typo may stand for.
LENGTHS = range(tuning.TYPO_SHORTEST, tuning.TYPO_LONGEST + 1)
# A measure word after an amount is no typo: 多少份工 is not 多少分工.
AMOUNT = re.compile(f"(?:[多几]|多少|[0-9零{NUMERALS}百千万亿两])$")
TOKEN = re.compile(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+")
SYLLABLES = re.compile(r"[a-z]{1,6}(?: +[a-z]{1,6})+")
# Sounds that input methods and southern speakers confuse.
INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"), ("lv", "lu"), ("nv", "lu"))


@lru_cache(maxsize=16384)
def sound(character: str) -> str:
    """The syllable of a Han character, without tone, confusable sounds merged."""
    return _spoken(str(lazy_pinyin(character)[0]))


def _spoken(syllable: str) -> str:
    for spoken, same in FINALS:
        if syllable.endswith(spoken):
            syllable = syllable[: -len(spoken)] + same
    for spoken, same in INITIALS:
        if syllable.startswith(spoken):
            return same + syllable[len(spoken) :]
    return syllable


class Spelling:
    """Knows words by their sound."""

    def __init__(self, words: Words, vocabulary: Iterable[str], never: frozenset[str]) -> None:
        """`vocabulary` are the folded words a typo may stand for; `never` are characters that are not typos."""
        self._words, self._never = words, never
        self._known = {w for w in vocabulary if len(w) in LENGTHS and HAN.match(w) and RUN.fullmatch(w)}
        self._by_sound: dict[tuple[str, ...], list[str]] = {}
        for word in sorted(self._known, key=lambda w: -words.information(w)):
            self._by_sound.setdefault(tuple(map(sound, word)), []).append(word)

    def mend(self, folded: str) -> str:
        """The text with each stretch that is no word replaced by the known word that sounds alike.

        Words typed as syllables (zhang zhe shi tang) become the word they spell.
        """
        folded = SYLLABLES.sub(lambda found: self._spelt(found.group().split()), folded)
        tokens: list[str] = [
            t for run in TOKEN.findall(folded) for t in (self._words.cut(run) if HAN.match(run) else [run])
        ]
        mended, at = [], 0
        while at < len(tokens):
            taken, meant, rest = self._mended(tokens, at)
            mended.append(meant)
            at += taken
            tokens[at:at] = self._words.cut(rest)
        return "".join(mended)

    def _spelt(self, syllables: list[str]) -> str:
        """A run of Latin syllables with those that spell known words converted to Chinese, the longest first."""
        sounds = tuple(map(_spoken, syllables))
        words = list(syllables)
        free = [True] * len(syllables)
        for count in reversed(LENGTHS):
            for at in range(len(syllables) - count + 1):
                spelt = self._by_sound.get(sounds[at : at + count])
                if spelt and all(free[at : at + count]):
                    words[at : at + count] = [spelt[0], *[""] * (count - 1)]
                    free[at : at + count] = [False] * count
        return " ".join(filter(None, words))

    def _mended(self, tokens: list[str], at: int) -> tuple[int, str, str]:
        """How many tokens from `at` hold a mistyped word, the intended word, and the rest of those tokens."""
        counted = at > 0 and tokens[at] in COUNTERS and bool(AMOUNT.search(tokens[at - 1]))
        for count in range(min(tuning.TYPO_LONGEST, len(tokens) - at), 0, -1):
            stretch = tokens[at : at + count]
            said = "".join(stretch)
            odd = len(said) in LENGTHS and any(self._is_odd(t) for t in stretch) and not counted
            if odd and (meant := self._meant(said)):
                return count, meant, ""
        return self._mended_within(tokens, at) or (1, tokens[at], "")

    def _mended_within(self, tokens: list[str], at: int) -> tuple[int, str, str] | None:
        """The same where the typo broke segmentation: 仙弓 / 山要 -> 仙公山, 要."""
        odd = list(takewhile(self._is_odd, tokens[at : at + 2]))
        joined = "".join(odd)
        for length in range(min(tuning.TYPO_LONGEST, len(joined) - 1), tuning.TYPO_SHORTEST, -1):
            said = joined[:length]
            if len(odd) > 1 and length > len(odd[0]) and (meant := self._meant(said)):
                return len(odd), meant, joined[length:]
        return None

    def _meant(self, said: str) -> str:
        """The word that a typo stands for, or empty: the most informative plausible homophone."""
        alike = self._by_sound.get(tuple(map(sound, said)), ())
        return next((word for word in alike if self._is_typo(said, word)), "")

    def _is_odd(self, token: str) -> bool:
        """Whether a token is a single character or no dictionary word, as typos leave behind."""
        return bool(HAN.match(token)) and (len(token) == 1 or not self._words.knows(token))

    def _is_typo(self, said: str, meant: str) -> bool:
        """Whether a word is a plausible typo: its wrong and its right characters are informative (换了 is no 荒了)."""
        wrong = [a for a, b in zip(said, meant, strict=True) if a != b]
        right = [a for a, b in zip(said, meant, strict=True) if a == b]
        known = said in self._known or self._words.knows(said)
        tells = [self._words.information(character) >= tuning.TYPO_TELLS for character in (*wrong, *right)]
        if not all(tells[: len(wrong)]) or not any(tells[len(wrong) :]):
            return False
        return bool(wrong) and not known and len(wrong) * 2 <= len(said) and not self._never & set(wrong)
