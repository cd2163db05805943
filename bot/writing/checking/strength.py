"""How strongly a clause says a thing, against the clause of the source: negation, duty, certainty, stage, reach.

The kinds and their words are the `strengths` and `stages` of `prompts/check.yaml`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.writing.checking.clauses import Clause

# What a negation stands in without denying: a comparison, a usual phrase.
NEGATION = re.compile(
    r"(?:(?<!不)[不没未无非勿]|禁止|严禁|停止|取消|免(?=缴|除|费|交|掉|去|收))"
    r"(?!少于|低于|高于|多于|超过|小于|大于|到\d|少(?!于)|仅|断|同|折不扣|到位|动产|锈|变|得不|废|人机|证明|障碍|遗|机|法|常|公|物质)"
)


# The stages at which a thing is there.
ENDS = frozenset({"finished", "used"})
THIS_YEAR, LAST_YEAR = re.compile("今年|本年"), re.compile("去年|上年度")
# Who acts: the government of which level.
LEVEL = re.compile("([省市区县])(?=委|政府|级|里)")


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
        if self._is_stronger(clause, source) or self._is_turned(clause, source.text):
            return "strength"
        if self._softened(source, stages) and not self.kinds["open"].search(sentence):
            return "strength"
        if stages - self._stages_of(source.text):
            return "stage"
        if THIS_YEAR.search(clause) and LAST_YEAR.search(source.text) and not THIS_YEAR.search(source.text):
            return "date"
        levels, known = set(LEVEL.findall(clause)), set(LEVEL.findall(source.sentence))
        if known and levels - known:
            return "level"
        turned = not is_negated(source.text) if is_negated(clause) else is_negated(source.text) > is_negated(sentence)
        return "negation" if turned else ""

    def without_stages(self, clause: str) -> str:
        """A clause without the words that tell a stage: what is left tells which thing it speaks of."""
        for pattern in self.stages.values():
            clause = pattern.sub(",", clause)
        return clause

    def _is_stronger(self, clause: str, source: Clause) -> bool:
        """Whether a clause demands, promises or reaches further than the source's sentence (its clause for reach)."""
        known = self._kinds_of(source.sentence, ("firm", "duty")) | self._kinds_of(source.text, ("total",))
        known |= {"duty"} if "firm" in known else set()
        return bool(self._kinds_of(clause, ("firm", "duty", "total")) - known)

    def _is_turned(self, clause: str, source: str) -> bool:
        """Whether a clause says that a thing grows which shrinks, or the other way round, or ends it."""
        rises, falls = (self.kinds[name] for name in ("rises", "falls"))
        if falls.search(clause):
            return not falls.search(source)
        return bool(rises.search(clause) and falls.search(source) and not rises.search(source))

    def _softened(self, source: Clause, stages: set[str]) -> bool:
        """Whether the source only tries for it, or only pushes a thing towards its end or use."""
        pushed = self.kinds["push"].search(source.text) and stages & ENDS
        return bool(self.kinds["hedge"].search(source.text) or pushed)

    def _kinds_of(self, text: str, names: Iterable[str]) -> set[str]:
        return {name for name in names if self.kinds[name].search(text)}

    def _stages_of(self, text: str) -> set[str]:
        return {name for name, pattern in self.stages.items() if pattern.search(text)}


def is_negated(text: str) -> bool:
    """Whether a clause denies or forbids; what is not free (不免费) is not denied."""
    found = NEGATION.findall(text)
    return len(found) % 2 == 1 if "免" in found else bool(found)
