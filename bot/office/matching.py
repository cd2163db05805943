"""Which approved answer means the same as what is asked."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.pipeline import Bot
from bot.records.approved import ApprovedAnswer, Draft
from bot.understanding.question import Question
from bot.understanding.topics import Concept
from corpus.figures import dimension

NEGATED = re.compile(r"(.)[不没]\1|(?P<not>[不没别未无]|取消|停止|停用|撤销)")
OTHER_YEAR = re.compile(r"[明后来前往]年|下一?年|历年")
# How much of each question must be held by the other. Measured: docs/decisions/0009-approved-answers.md
THRESHOLD = 0.8
# What a verb or a lone character counts for beside a thing.
LOOSE = 0.4


class Matcher:
    """Finds the approved answer whose question means the same."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def find(self, question: str, answers: Sequence[ApprovedAnswer]) -> ApprovedAnswer | None:
        """The most alike of those at or above the threshold; None when there is none, or two things are asked."""
        ranked = [(self.alike(question, answer), -place) for place, answer in enumerate(answers)]
        best, place = max(ranked, default=(0.0, 0))
        return answers[-place] if best >= THRESHOLD else None

    def alike(self, question: str, approved: Draft) -> float:
        """How much alike a question and an approved one are, 0 to 1; 0 for a turn that asks several things."""
        asked = self._understand(question)
        return self.likeness(asked, self._understand(approved.question)) if asked else 0.0

    def likeness(self, one: Question, other: Question | None) -> float:
        """0 when two questions ask for different things; else how much of each the other holds (0 to 1)."""
        if other is None or _asks_for(one) != _asks_for(other) or not self._same_year(one, other):
            return 0.0
        if one.units and other.units and not {dimension(u) for u in one.units} & {dimension(u) for u in other.units}:
            return 0.0
        mine, theirs = self._telling(one), self._telling(other)
        return min(_held(mine, theirs), _held(theirs, mine))

    def _telling(self, question: Question) -> list[Concept]:
        """The concepts of a question; what every plan does (新建, 增加) tells nothing."""
        cues = self._bot.language.cues
        told = [c for c in question.concepts if any(cues.beyond_plans(said) for said in c.said)]
        return [c if c.solid else replace(c, weight=c.weight * LOOSE) for c in told]

    def _understand(self, question: str) -> Question | None:
        """The question as it is understood; None for several at once."""
        questions = self._bot.reader.look_up(question).questions
        return questions[0] if len(questions) == 1 else None

    def _same_year(self, one: Question, other: Question) -> bool:
        newest = max(d.year for d in self._bot.index.corpus.documents.values())
        return (one.year or newest) == (other.year or newest)


def _asks_for(question: Question) -> tuple[object, ...]:
    """What must be the same: the kind of thing asked for, the stage, the figures, whether it is denied."""
    return (
        frozenset(item.kind for item in question.asked),
        question.stages,
        frozenset((f.value, f.unit) for f in question.figures),
        question.strangers,
        question.bound,
        question.is_claim,
        question.wants_definition,
        question.wants_mentions,
        frozenset(OTHER_YEAR.findall(question.text)),
        any(found["not"] for found in NEGATED.finditer(question.text)),
    )


def _held(concepts: Sequence[Concept], others: Sequence[Concept]) -> float:
    """How much of the weight of some concepts others hold; by the best name two concepts share."""
    total = sum(c.weight for c in concepts)
    if not total:
        return 0.0
    return sum(c.weight * max((_shared(c, o) for o in others), default=0.0) for c in concepts) / total


def _shared(one: Concept, other: Concept) -> float:
    names = dict(other.names)
    return max((value * names[name] for name, value in one.names if name in names), default=0.0)
