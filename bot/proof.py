"""Whether a clause holds the thing asked for: a number of the right kind, a date, a place, a price …"""

from bot.asked import Asked, Cues
from bot.question import Question
from corpus.figures import Figure, dimension, figures

NUMERIC = frozenset({"count", "money", "growth"})
CALENDAR = frozenset({"年", "月", "日", "号", ""})


def proves(question: Question, cues: Cues, folded: str) -> bool:
    """Whether a folded clause holds any of the things asked for."""
    return any(_proves(question, cues, item, folded) for item in question.asked)


def _proves(question: Question, cues: Cues, item: Asked, folded: str) -> bool:
    if item.name in NUMERIC:
        return any(fits(question, item.name, figure) for figure in figures(folded))
    if item.name == "schedule" and question.stages & cues.stages_of(folded):
        return True
    if item.name == "place":
        folded = _without_the_thing_itself(question, folded)
    return bool(item.proof.search(folded))


def _without_the_thing_itself(question: Question, folded: str) -> str:
    """Where a school is cannot be told by the name of the school."""
    for concept in question.concepts:
        for name, _ in concept.names:
            folded = folded.replace(name, "")
    return folded


def fits(question: Question, name: str, figure: Figure) -> bool:
    """Whether a figure is of the kind asked for: money for money, people for people, a count for a count."""
    if name == "money":
        return figure.dimension == "元"
    if name == "growth":
        return figure.dimension in ("%", "个百分点", "百分点")
    if figure.dimension in CALENDAR:
        return bool(question.unit) and figure.unit == question.unit
    return not question.unit or figure.dimension == dimension(question.unit)
