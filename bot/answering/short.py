"""The few words of a quote that answer the very detail asked for: 200个以上; nothing where that is unsure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot import tuning
from bot.answer import Status
from bot.finding.evidence import Evidence, concept_strength
from bot.finding.slots import NUMERIC, fits
from bot.judging.decide import Judgement, Outcome
from bot.understanding.kinds import Kind
from bot.understanding.language import Language
from bot.understanding.moves import AGAIN
from bot.understanding.question import Question
from bot.wording import Wording
from corpus.figures import Figure, figures

SEGMENT = re.compile(r"[^、,\uff0c;\uff1b。:\uff1a]+")
DATE = re.compile(
    r"(?:20\d\d年)?(?:1?\d月(?:\d{1,2}日|[底初]|[上中下]旬)?前?|[春夏秋冬]季|第?[一二三四]季度|[上下]半年|(?<!\d)年底前?)"
    r"|20\d\d年(?:底前?|[初起])?|年底前"
)
# The direction of a rate: without it a percentage says little.
CHANGE = re.compile(
    r"(?:同比|年均)?(?:增长|增加|提高|提升|上升|下降|降低|减少|压减|达)(?:到|至|为)?(?=(?:约|近|超过?)?$)"
)


@dataclass(frozen=True, slots=True)
class _Segment:
    """The text between two punctuation marks: its words, how surely it is about what was asked, and whether the next
    continues its enumeration."""

    text: str
    spoken: float
    stages: frozenset[str]
    goes_on: bool


def short(question: Question, judgement: Judgement, wording: Wording, language: Language) -> str:
    """The words of the quote that answer a question, or the fixed wording for yes; empty where code cannot tell.

    They stand in the quote as they are.
    """
    if len(judgement.evidence) != 1 or question.wants_list or question.move in AGAIN:
        return ""
    evidence = judgement.evidence[0]
    if evidence.passage.kind == "annotation" and question.terms:
        return _meaning(question, evidence)
    told = _detail(question, evidence, language)
    if not question.is_claim:
        return told
    if judgement.outcome is Outcome.ANSWERED:
        return wording.say(Status.ANSWERED, "confirmed") if _confirms(question, evidence, told, language) else ""
    claimed = {figure.unit for figure in question.figures}
    return told if any(figure.unit in claimed for figure in figures(told)) else ""


def _meaning(question: Question, evidence: Evidence) -> str:
    """The whole explanation of a term, when it is short enough for a line."""
    said = (term.explanation.rstrip("。") for term in question.terms if term.annotation_id == evidence.passage.id)
    short = (words for words in said if len(words) <= tuning.SHORT_EXPLANATION)
    return next(filter(evidence.quote.endswith, short), "")


def _confirms(question: Question, evidence: Evidence, told: str, language: Language) -> bool:
    """Whether the figure found is the one claimed, of things named in the same words."""
    folded = language.fold(evidence.quote)
    same = any(one.agrees(claimed) for one in figures(told) for claimed in question.figures)
    return same and all(said in folded for concept in question.things for said in concept.said)


def _detail(question: Question, evidence: Evidence, language: Language) -> str:
    segments = list(_segments(question, evidence, language))
    kinds = {item.kind for item in question.asked}
    if kinds and kinds <= set(NUMERIC):
        return _belonging(segments, lambda text: list(_amounts(question, text)))
    if kinds == {Kind.TIME}:
        staged = [s for s in segments if s.stages & question.stages]
        dates = {found.group() for s in staged or segments for found in DATE.finditer(s.text)}
        return dates.pop() if len(dates) == 1 else ""
    return ""


def _segments(question: Question, evidence: Evidence, language: Language) -> Iterator[_Segment]:
    for found in SEGMENT.finditer(evidence.quote):
        folded = language.fold(found.group())
        spoken = sum(c.weight * concept_strength(c, folded) for c in question.concepts if c.solid)
        goes_on = evidence.quote[found.end() : found.end() + 1] == "、"
        yield _Segment(found.group(), spoken, language.cues.stages_of(folded), goes_on)


def _belonging(segments: Sequence[_Segment], told: Callable[[str], list[str]]) -> str:
    """The detail that belongs to the segment closest to the question: in it, or where its enumeration ends.

    Empty where that is not unique, or a segment nearly as close has a different one.
    """
    owners: dict[str, float] = {}
    waiting = 0.0
    for segment in segments:
        waiting = max(waiting, segment.spoken)
        found = told(segment.text)
        if len(found) > 1:
            return ""
        for words in found:
            owners[words] = max(owners.get(words, 0.0), waiting)
        if found or not segment.goes_on:
            waiting = 0.0
    ranked = sorted(owners.items(), key=lambda owner: -owner[1])
    if not ranked or not ranked[0][1] or (len(ranked) > 1 and ranked[1][1] > tuning.ASKED_TOO * ranked[0][1]):
        return ""
    return ranked[0][0]


def _amounts(question: Question, text: str) -> Iterator[str]:
    """The figures of the kinds asked for, a rate with the word that gives its direction."""
    kinds = [item.kind for item in question.asked if item.kind in NUMERIC]
    for figure in figures(text):
        if any(fits(question, kind, figure) for kind in kinds):
            yield _way(text, figure) + figure.text


def _way(text: str, figure: Figure) -> str:
    changes = CHANGE.search(text[: figure.start]) if figure.unit == "%" else None
    return text[changes.start() : figure.start] if changes else ""
