"""The only user of jieba: folds a text to its canonical form, cuts it into words, and into index tokens."""

import logging
import math
import re
import unicodedata
from collections.abc import Iterable
from functools import _lru_cache_wrapper, cached_property, lru_cache
from pathlib import Path

import jieba
from opencc import OpenCC

from corpus import tuning

INVISIBLE = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f\x00-\x08\x0e-\x1f\ud800-\udfff]"
)
QUOTES = re.compile(r"[“”\"'‘’《》〈〉「」『』`]")
# The maximum length at once: jieba's search for unknown words is quadratic in a run.
# Adjacent letters and digits are one word: 5a, g324, pm2.5.
RUN = re.compile(r"[\u3400-\u9fff]{1,200}|[a-z]+\d+(?:\.\d+)?|\d+[a-z]+|[a-z]+|\d+(?:\.\d+)?%?")
# Runs up to this length are cached with their words, and how many of them.
CLAUSE, REMEMBERED = 40, 8192
# Verbs that the dictionary lists as place names, and the like.
NOT_NOUNS = frozenset({"新建", "新增", "全年", "惠及"})
HAN = re.compile(r"[\u3400-\u9fff]")
# A year spelt out: 二〇三五.
YEAR, DIGITS = (
    re.compile(r"(?:一九|二[〇零])[〇零一二三四五六七八九]{2}(?=年|[^一二三四五六七八九])"),
    str.maketrans("〇零一二三四五六七八九", "00123456789"),
)
# A run of a folded text between punctuation.
UNBROKEN = re.compile(r"[\u3400-\u9fffa-z0-9]+")


class Words:
    """Folds and cuts. Holds one jieba tokenizer of its own; safe to use from several threads."""

    def __init__(self, cache_dir: Path) -> None:
        """`cache_dir` keeps jieba's parsed dictionary (by default a shared, predictable temporary file)."""
        jieba.setLogLevel(logging.WARNING)
        cache_dir.mkdir(parents=True, exist_ok=True)
        self._simplify = OpenCC("t2s").convert
        self._jieba = jieba.Tokenizer()
        self._jieba.tmp_dir = str(cache_dir)
        self._jieba.cache_file = "jieba.cache"
        self._jieba.initialize()

    @property
    def version(self) -> str:
        """Changes when the dictionary does, and with it how texts are cut."""
        return f"jieba {jieba.__version__}"

    def keep(self, words: Iterable[str], before_others: bool = False) -> None:
        """Keep these (folded) words whole when cutting, even against common neighbours if `before_others`.

        Call before the first cut that matters.
        """
        for word in words:
            if len(word) > 1 and HAN.match(word):
                self._jieba.add_word(word, tuning.KEPT_WHOLE if before_others else None)
        self._known_runs.cache_clear()

    def fold(self, text: str) -> str:
        """NFKC, simplified characters, lower case, years in digits, without invisible and quotation marks."""
        visible = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        plain = QUOTES.sub("", self._simplify(visible)).lower()
        return YEAR.sub(lambda found: found.group().translate(DIGITS), plain)

    def knows(self, word: str) -> bool:
        """Whether the word stands in the dictionary (jieba's own, or the words added)."""
        return bool(self._jieba.FREQ.get(word))

    def cut(self, folded: str) -> list[str]:
        """The words of a folded text, in order, without punctuation."""
        return [w for run in RUN.findall(folded) for w in (self._words_of(run) if HAN.match(run) else [run])]

    def _words_of(self, run: str) -> Iterable[str]:
        """The words of a run of Han characters; those of short runs, clauses that are met again, are remembered."""
        return self._known_runs(run) if len(run) <= CLAUSE else self._jieba.cut(run)

    @cached_property
    def _known_runs(self) -> "_lru_cache_wrapper[tuple[str, ...]]":
        return lru_cache(maxsize=REMEMBERED)(lambda run: tuple(self._jieba.cut(run)))

    @cached_property
    def _tags(self) -> dict[str, str]:
        """The part of speech of every word of jieba's dictionary, as its third column has it."""
        with self._jieba.get_dict_file() as lines:
            rows = (line.decode("utf-8").split() for line in lines)
            return {row[0]: row[2] for row in rows if len(row) == 3}

    def is_verb(self, word: str) -> bool:
        """Whether the dictionary has the word as a verb, adjective or adverb: it tells less than a noun."""
        return self._tags.get(word, "n")[0] in "vad"

    def is_noun(self, word: str) -> bool:
        """Whether the dictionary has the word as a noun or a name, or has it not at all."""
        return self._tags.get(word, "n")[0] in "njm" and word not in NOT_NOUNS

    def is_attribute(self, word: str) -> bool:
        """Whether the dictionary has the word as an adjective or as one that only tells of which kind: 国家级."""
        return self._tags.get(word, "n") in ("a", "an", "b")

    def is_action(self, word: str) -> bool:
        """Whether the dictionary has the word as a verb proper."""
        return self._tags.get(word, "n").startswith("v")

    def is_preposition(self, word: str) -> bool:
        """Whether the dictionary has the word as a preposition: 按, 比."""
        return self._tags.get(word) == "p"

    def is_function(self, word: str) -> bool:
        """Whether the dictionary has the word as a pronoun, particle or interjection, or a common conjunction."""
        tag = self._tags.get(word, "n")[0]
        return tag in "ryueo" or (tag == "c" and self.information(word) < tuning.CONJUNCTION)

    def is_field(self, word: str) -> bool:
        """Whether the dictionary has the word as a verb that stands for a field of activity: 体育, 物流."""
        return self._tags.get(word) == "vn"

    def is_time(self, word: str) -> bool:
        """Whether the dictionary has the word as a time: 今天, 明年."""
        return self._tags.get(word) == "t"

    def is_place(self, word: str) -> bool:
        """Whether the dictionary has the word as the name of a place."""
        return self._tags.get(word) == "ns"

    def is_proper(self, word: str) -> bool:
        """Whether the dictionary has the word as the name of a place, a body or a brand."""
        return self._tags.get(word, "")[:2] in ("ns", "nt", "nz")

    def is_name(self, word: str) -> bool:
        """Whether the dictionary has the word as a name or an abbreviation of one, or has it not at all."""
        return self._tags.get(word, "nz")[:2] in ("nr", "ns", "nt", "nz", "j") and word not in NOT_NOUNS

    def tokens(self, folded: str) -> list[str]:
        """What the keyword index holds of a folded text: its words, and the bigrams of its Han characters."""
        runs = RUN.findall(folded)
        pairs = [run[i : i + 2] for run in runs if HAN.match(run) for i in range(len(run) - 1)]
        return self.cut(folded) + pairs

    def information(self, word: str) -> float:
        """How much a word tells, from 0 (的) to 1 (a rare or unknown word), by its frequency in general Chinese."""
        frequency = max(self._jieba.FREQ.get(word) or 0, 1)
        told = math.log(self._jieba.total / frequency) - tuning.TELLS_NOTHING
        return min(max(told / (tuning.TELLS_ALL - tuning.TELLS_NOTHING), 0.0), 1.0)
