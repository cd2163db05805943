"""How strongly a clause says a thing, against the clause of the source: negation, duty, certainty, stage, reach.

The kinds and their words are the `strengths` and `stages` of `prompts/check.yaml`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.writing.checking.clauses import Clause

# Whole phrases with a negating character that deny nothing.
PHRASE = re.compile(
    r"不[能得会应要]?(?:少于|低于|高于|多于|超过|小于|大于)|不(?:到(?=\d)|少(?!于)|仅|断|同(?!意|步)|折不扣|动产|锈钢|得不|遗余力)"
    r"|无(?:到有|人机|证明|障碍|机(?!会|构)|废)|非(?:法|常|公有制|公经济|物质|遗)|未(?:来|成年)"
)
NEGATION = re.compile(r"[不没未无非勿]|禁止|严禁|停止|取消|免(?=缴|除|费|交|掉|去|收)")
# What a negation denies at most: all behind it in its clause.
REACH = re.compile(f"(?:{NEGATION.pattern}).*?(?=而|但|的|$)")
# What stands between a negation and what it denies.
BETWEEN = re.compile("[得能可再会应当准许必用要需须是有将对把在向给让被由予以够次缴交掉去收除]*")
# How much of what is denied is compared.
THING = re.compile("(?:(?!的)[\u4e00-\u9fffa-z0-9]){0,2}")

# The stages at which a thing is there.
ENDS = frozenset({"finished", "used"})
# Demands, each stronger than the next, and what says that a thing reaches far.
DEMANDS, REACHES = ("firm", "duty", "asks"), ("total", "beyond", "only")
# Of these kinds a clause must not say the first where its source says the second alone.
OPPOSITES = (
    ("rises", "falls"),
    ("builds", "renews"),
    ("renews", "builds"),
    ("now", "later"),
    ("completes", "goes_on"),
    ("favours", "opposes"),
    ("builds", "has"),
    ("may", "duty"),
    ("hedge", "firm"),
)
THIS_YEAR, LAST_YEAR = re.compile("今年|本年"), re.compile("去年|上年度")
# Who acts: the government of which level.
LEVEL = re.compile("([省市区县])(?=委|(?:人民)?政府|级|里)")


@dataclass(frozen=True)
class Strength:
    """The kinds of strength by name, and the stages of a project."""

    kinds: Mapping[str, re.Pattern[str]]
    stages: Mapping[str, re.Pattern[str]]

    def fault(self, clause: str, sentence: str, drawn: Sequence[Clause], said: str) -> str:
        """What is said more strongly, weaker or otherwise than by every clause it may be drawn from; else empty."""
        if not drawn:
            return "negation" if is_negated(clause) and not is_negated(said) else ""
        faults = [self._against(clause, sentence, source) for source in drawn]
        return "" if "" in faults else faults[0]

    def _against(self, clause: str, sentence: str, source: Clause) -> str:
        stages = self._stages_of(clause)
        stronger = self._is_stronger(clause, source) or self._is_surer(sentence, source, stages)
        if stronger or self._is_turned(clause, source.text):
            return "strength"
        if self.kinds["eligible"].search(source.text) and not self.kinds["eligible"].search(sentence):
            return "condition"
        if stages - self._stages_of(source.text):
            return "stage"
        if THIS_YEAR.search(clause) and LAST_YEAR.search(source.text) and not THIS_YEAR.search(source.text):
            return "date"
        levels, known = set(LEVEL.findall(clause)), set(LEVEL.findall(source.sentence))
        if known and levels - known:
            return "level"
        return "negation" if _is_denied_otherwise(clause, sentence, source.text) else ""

    def is_other_stage(self, segment: str, source: str) -> bool:
        """Whether a segment tells a stage, and its source's segment another."""
        mine, theirs = self._stages_of(segment), self._stages_of(source)
        return bool(theirs) and not mine <= theirs

    def without_stages(self, clause: str) -> str:
        """A clause without the words that tell a stage: what is left tells which thing it speaks of."""
        for pattern in self.stages.values():
            clause = pattern.sub(",", clause)
        return clause

    def _is_stronger(self, clause: str, source: Clause) -> bool:
        """Whether a clause demands, promises or reaches further than the source's sentence (its clause for reach)."""
        known = self._kinds_of(source.sentence, DEMANDS) | self._kinds_of(source.text, REACHES)
        known.update(weaker for one, weaker in pairwise(DEMANDS) if one in known)
        return bool(self._kinds_of(clause, (*DEMANDS, *REACHES)) - known)

    def _is_turned(self, clause: str, source: str) -> bool:
        """Whether a clause says the opposite of a thing (it grows and it shrinks), or that it ends."""
        said, told = (self._kinds_of(text, self.kinds) for text in (clause, source))
        turned = any(one in said - told and other in told for one, other in OPPOSITES)
        return turned or "falls" in said - told

    def _is_surer(self, sentence: str, source: Clause, stages: set[str]) -> bool:
        """Whether the source only tries for it, or only pushes a thing towards its end or use, and the sentence not."""
        if self.kinds["hedge"].search(source.text):
            return not self.kinds["aims"].search(sentence)
        pushed = self.kinds["push"].search(source.text) and stages & ENDS
        return bool(pushed) and not self.kinds["open"].search(sentence)

    def _kinds_of(self, text: str, names: Iterable[str]) -> set[str]:
        return {name for name in names if self.kinds[name].search(text)}

    def _stages_of(self, text: str) -> set[str]:
        return {name for name, pattern in self.stages.items() if pattern.search(text)}


def is_negated(text: str) -> bool:
    """Whether a clause denies or forbids; what is not free (不免费) is not denied."""
    found = NEGATION.findall(PHRASE.sub(",", text))
    return len(found) % 2 == 1 if "免" in found else bool(found)


def _is_denied_otherwise(clause: str, sentence: str, source: str) -> bool:
    """Whether a clause denies what its source does not or more, or the sentence says what the source denies."""
    mine, theirs, around = _denied(clause), _denied(source), _denied(sentence)
    if is_negated(clause) and (not is_negated(source) or len(mine) > len(theirs)):
        return True
    if is_negated(source) and not is_negated(sentence):
        return True
    affirmed = REACH.sub("", PHRASE.sub(",", source))
    added = any(pair in affirmed for pair in mine if pair not in theirs)
    of_all_before = len(NEGATION.findall(PHRASE.sub(",", sentence))) > len(around)
    return added or (not of_all_before and any(pair in sentence for pair in theirs if pair not in around))


def _denied(text: str) -> list[str]:
    """The first characters of each thing that a text denies, two at most."""
    bare = PHRASE.sub(",", text)
    starts = (BETWEEN.match(bare, found.end()) for found in NEGATION.finditer(bare))
    found = (THING.match(bare, start.end()) for start in starts if start)
    return [thing.group() for thing in found if thing and thing.group()]
