"""Finds the approved answer to a question that means the same."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot import tuning
from bot.pipeline import Bot
from bot.records.office.approved import ApprovedAnswer, Draft
from bot.understanding.kinds import Kind
from bot.understanding.question import YEAR, Question
from bot.understanding.topics import Concept

NEGATED = re.compile(r"(.)[不没]\1|(?P<not>[不没别未无]|取消|停止|停用|撤销)")
OTHER_YEAR = re.compile(r"[明后来前往去]年|下一?年|历年")
# Question words and words for a change: matching questions must have the same ones.
ASKING = tuple(
    map(
        re.compile,
        ("哪(?![天年月])", "谁", "怎|咋", "时候|几时|何时|哪天|哪年|多久", "为什么|为啥|凭", "多少|几(?!时)"),
    )
)
CHANGE = re.compile(r"[增涨升降减]|提高")


class Matcher:
    """Finds the approved answer whose question means the same."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def find(self, question: str, answers: Sequence[ApprovedAnswer]) -> ApprovedAnswer | None:
        """The most similar answer at or above the threshold; None when there is none, or several things are asked."""
        ranked = [(self.alike(question, answer), -place) for place, answer in enumerate(answers)]
        best, place = max(ranked, default=(0.0, 0))
        return answers[-place] if best >= tuning.APPROVED_FROM else None

    def alike(self, question: str, approved: Draft) -> float:
        """The similarity of a question to the nearest wording of an approved one; 0 when several things are asked, or
        another year.
        """
        asked = self._understand(question)
        if asked is None:
            return 0.0
        ways = [other for said in approved.asked if (other := self._understand(said))]
        return max((self._likeness(asked, o) for o in ways if self._same_year(asked, o, approved.year)), default=0.0)

    def _likeness(self, one: Question, other: Question) -> float:
        """0 when two questions ask for different things; else their cosine, plus a share for common topics."""
        if _asks_for(one) != _asks_for(other):
            return 0.0
        mine, theirs = self._telling(one), self._telling(other)
        held = min(_held(mine, theirs), _held(theirs, mine))
        vectors = self._bot.language.details.encoder.queries([one.text, other.text])
        near = 1.0 if one.text == other.text else float(vectors[0] @ vectors[1])
        return near + tuning.APPROVED_HELD * held

    def _telling(self, question: Question) -> list[Concept]:
        """The concepts of a question with weights; actions (新建, 增加) weigh little."""
        return [c if c.solid else replace(c, weight=c.weight * tuning.APPROVED_LOOSE) for c in question.concepts]

    def _understand(self, question: str) -> Question | None:
        """The understood question; None for several at once."""
        questions = self._bot.reader.look_up(question).questions
        return questions[0] if len(questions) == 1 else None

    def _same_year(self, asked: Question, written: Question, this_year: int | None) -> bool:
        """Whether both are about one year. A question without a number may mean the year of the newest document or the
        calendar year; the text of an answer means `this_year`, where given.
        """
        newest = self._bot.index.corpus.newest.year
        if this_year is None or _is_dated(written):
            return (asked.year or newest) == (written.year or newest)
        meant = this_year + (written.year or newest) - newest
        if _is_dated(asked):
            return asked.year == meant
        now = datetime.now(self._bot.site.zone).year
        return meant - ((asked.year or newest) - newest) in (newest, now)


def _is_dated(question: Question) -> bool:
    """Whether a question names its year by a number."""
    return bool(YEAR.search(question.text))


def _asks_for(question: Question) -> tuple[object, ...]:
    """What must be equal: the kind of detail asked for, the stage, the figures, the negation."""
    return (
        frozenset(item.kind for item in question.asked),
        question.stages,
        frozenset((f.value, f.unit) for f in question.figures),
        tuple(bool(word.search(question.text)) for word in ASKING),
        question.asks(Kind.RATE) and bool(CHANGE.search(question.text)),
        question.strangers,
        question.bound,
        question.is_claim,
        question.wants_definition,
        question.wants_mentions,
        frozenset(OTHER_YEAR.findall(question.text)),
        any(found["not"] for found in NEGATED.finditer(question.text)),
    )


def _held(concepts: Sequence[Concept], others: Sequence[Concept]) -> float:
    """The share of the weight of some concepts that others cover, by the best name two concepts share."""
    total = sum(c.weight for c in concepts)
    if not total:
        return 0.0
    return sum(c.weight * max((_shared(c, o) for o in others), default=0.0) for c in concepts) / total


def _shared(one: Concept, other: Concept) -> float:
    names = dict(other.names)
    return max((value * names[name] for name, value in one.names if name in names), default=0.0)
