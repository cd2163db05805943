"""The question before, answered again as is wished: in fewer words, one thing of its list, what else there is."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bot import tuning
from bot.finding.evidence import Evidence, trimmed, whole_list
from bot.judging.decide import ANSWERS, Judgement, Outcome, judge
from bot.judging.weights import Weights
from bot.understanding.details import WHAT
from bot.understanding.moves import AGAIN, Move, place_of
from bot.understanding.question import Question
from corpus.corpus import Corpus
from corpus.figures import NUMERALS

NOTHING = Judgement(Outcome.NOTHING_MORE)
# What makes a question one that structure answers: not so what else there is.
NO_LIST: dict[str, Any] = {"wants_mentions": False, "bound": None, "wants_stage": None}
# What numbers the things of a list, where they end, and what else stands between them.
NUMBERING = re.compile(rf"[{NUMERALS}]+是|[(\uff08][{NUMERALS}\d]+[)\uff09]|(?<!\d)\d{{1,2}}[.\uff0e、](?!\d)")
ENDS = re.compile(r"[;\uff1b。]|$")
STRETCH, BETWEEN = re.compile(r"[^,\uff0c:\uff1a;\uff1b。]+"), re.compile(r"、|(?<=.)(?:以及|和|及|与)(?=.)")
STOPS, COMMAS = re.compile(r"[;\uff1b。]"), re.compile("[,\uff0c]")
COLONS = (":", "\uff1a")


def decide(
    question: Question, evidence: Sequence[Evidence], corpus: Corpus, weights: Weights, asking: float = 1.0
) -> Judgement:
    """Decide on the evidence found, as `judge` does, and make it to the wish of a turn that asks for it again."""
    judged = partial(judge, corpus=corpus, weights=weights, asking=asking)
    judgement = judged(question, evidence)
    if question.move not in AGAIN or judgement.outcome not in ANSWERS:
        return judgement
    if question.move is Move.MORE:
        return _more(question, judgement, evidence, judged)
    if question.move is Move.PLAINER:
        return replace(judgement, evidence=judgement.evidence[:1], total=0)
    return _picked(question, judgement)


def _more(
    question: Question,
    judgement: Judgement,
    evidence: Sequence[Evidence],
    judged: Callable[[Question, Sequence[Evidence]], Judgement],
) -> Judgement:
    """What the documents say of the matter beside what was quoted."""
    wider = replace(question, asked=(), likely=(), shares={WHAT: 1.0}, terms=(), wants_amounts="", **NO_LIST)
    beside = judged(wider, [e for e in evidence if not any(_overlap(e, shown) for shown in judgement.evidence)])
    least = judgement.evidence[0].rank - tuning.RANK_FAR
    new = [e for e in beside.evidence if e.rank >= least and not any(_overlap(e, s) for s in judgement.evidence)]
    return replace(beside, evidence=tuple(new)) if new and beside.outcome is Outcome.ANSWERED else NOTHING


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.passage.id == other.passage.id and one.start < other.end and other.start < one.end


def _picked(question: Question, judgement: Judgement) -> Judgement:
    """The things of the list that are meant; all of it where no place is named, or it is no list."""
    quotes = judgement.evidence
    listed = quotes if len(quotes) > 2 else max((items(e) for e in (quotes[0], whole_list(quotes[0]))), key=len)
    place = place_of(question.wish, len(listed))
    if place is None or len(listed) < 2:
        return judgement
    chosen = listed[place]
    return Judgement(Outcome.ANSWERED, tuple(chosen)) if chosen else NOTHING


def items(evidence: Evidence) -> list[Evidence]:
    """The things that a quote enumerates: those it numbers, or else its longest run of them, or its sentences; or what
    stands between the commas behind its colon.
    """
    text = evidence.quote
    marks = [match.start() for match in NUMBERING.finditer(text)]
    if len(marks) > 1:
        ends = [ENDS.search(text, start) for start in marks]
        spans = [
            (start, min(end.start() if end else len(text), following))
            for start, end, following in zip(marks, ends, [*marks[1:], len(text)], strict=True)
        ]
    else:
        spans = max((_run(text, m.start(), m.end()) for m in STRETCH.finditer(text)), key=len, default=[])
    if len(spans) < 2:
        spans = _run(text, 0, len(text), STOPS)
    if len(spans) < 2 and text.count(COLONS[0]) + text.count(COLONS[1]) == 1:
        spans = _run(text, max(map(text.find, COLONS)) + 1, len(text), COMMAS)
    return [
        replace(evidence, start=evidence.start + start, end=trimmed(evidence.passage.text, evidence.start + end))
        for start, end in spans
        if end > start
    ]


def _run(text: str, start: int, end: int, between: re.Pattern[str] = BETWEEN) -> list[tuple[int, int]]:
    """Where the things of a run stand that something stands between."""
    cuts = [match.span() for match in between.finditer(text, start, end)]
    if between is BETWEEN and not any(text[a:b] == "、" for a, b in cuts):
        return []
    return list(zip([start, *(b for _, b in cuts)], [*(a for a, _ in cuts), end], strict=True))
