"""A sentence in another language than the documents': it must quote them, and say about what it quotes."""

import re
from dataclasses import dataclass

from bot import tuning
from corpus.encoder import Encoder
from corpus.words import HAN, Words

# Quotation marks within it are of the quoted text.
QUOTE = re.compile(r"[\u201c\u300c\"]([^a-zA-Z]{4,160})[\u201d\u300d\"]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Numbers in words, and words that deny or call a thing done: what they say cannot be compared.
SPELT = re.compile(
    r"\b(?:one|single|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|\w+teen|\w+ty|hundreds?"
    r"|thousands?|millions?|billions?|half|quarters?|once|twice|double[sd]?|triple[sd]?|already|completed|finished"
    r"|has|have|had|was|were|been|did|done|never|not|cannot|no|none|nor|neither|without|stop(?:s|ped)?|refuse[sd]?)\b"
    r"|n['\u2019]t\b",
    re.I,
)


@dataclass(frozen=True)
class Translation:
    """The rule; without an encoder nothing passes."""

    words: Words
    encoder: Encoder | None

    def fault(self, sentence: str, texts: str) -> str:
        """What is wrong with a sentence held against the passages it may quote (folded), or an empty string."""
        quotes = [self._plain(quote) for quote in QUOTE.findall(sentence)]
        own = QUOTE.sub("", sentence)
        known = self._plain(texts)
        exact = all(quote in known for quote in quotes) and any(HAN.search(quote) for quote in quotes)
        if not exact or HAN.search(own):
            return "quoted_term"
        quoted = NUMBER.findall(" ".join(quotes))
        if SPELT.search(own) or any(number.replace(",", "") not in quoted for number in NUMBER.findall(own)):
            return "figure"
        return "" if self.encoder and self._alike(own, "，".join(quotes)) >= tuning.TRANSLATED else "language"

    def _plain(self, text: str) -> str:
        return re.sub(r"\s", "", self.words.fold(text))

    def _alike(self, one: str, other: str) -> float:
        assert self.encoder
        left, right = self.encoder.queries([one.strip(), other])
        return float(left @ right)
