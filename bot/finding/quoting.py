"""Which clauses of a sentence to quote: the shortest run that holds what was asked, and no more than a person reads."""

import re
from collections.abc import Sequence

from bot import tuning
from bot.finding.evidence import Sentence
from bot.finding.slots import CLOSE, proved
from bot.understanding.kinds import Kind
from bot.understanding.language import Language
from bot.understanding.question import Question
from corpus.corpus import Corpus

# Details that many a clause seems to hold: what is asked may as well stand in the one beside it.
VAGUE = frozenset({Kind.NAME, Kind.WHO})
# A clause that is a time by itself dates the whole of its sentence.
DATED = re.compile(r"(?:^|[:\uff1a])\d{4}年(?:\d+月)?(?:\d+日)?(?:以来|起|底|初)?[,\uff0c]?$")


def run(question: Question, sentence: Sentence, language: Language) -> tuple[int, int, frozenset[Kind]]:
    """The clauses to quote: first, last, and which of the details that may be asked for they hold.

    The shortest run that holds what the sentence holds of the question, and a proof of what was asked when one
    stands with it; widened to the whole of a short sentence when no single fact was asked.
    """
    pairs = zip(sentence.clauses, sentence.folded, strict=True)
    held = [proved(question, language, text, clause.text) for clause, text in pairs]
    asked = frozenset(item.kind for item in question.asked)
    close = question.asks(*CLOSE)
    proofs = frozenset(
        i for i, what in enumerate(held) if what & asked and _belongs(question, sentence, i, close, language.corpus)
    )
    first, last = _shortest_run(question, sentence, proofs)
    inside = [i for i in proofs if first <= i <= last]
    dated = _date_before(question, sentence, first) if not inside else None
    if asked <= VAGUE or question.wants_list:
        first, last = _widened(sentence, first, last, tuning.FULL_LIST if question.wants_list else tuning.FULL_SENTENCE)
        inside = [i for i in proofs if first <= i <= last]
    elif inside:
        first, last = _with_equals(sentence, first, last, proofs)
    elif dated is not None:
        first, inside = dated, [dated]
    else:
        first, last = _widened(sentence, first, last, tuning.WIDENED_TO)
    beside = frozenset[Kind]().union(*held[first : last + 1]) - asked
    return first, last, beside.union(*(held[i] & asked for i in inside))


def _date_before(question: Question, sentence: Sentence, first: int) -> int | None:
    """The clause before `first` that dates the sentence, when a date was asked for."""
    if not question.asks(Kind.TIME):
        return None
    for i in range(first, -1, -1):
        length = sentence.clauses[first].end - sentence.clauses[i].start
        if DATED.search(sentence.folded[i]) and length <= tuning.DATED_RUN:
            return i
    return None


def _with_equals(sentence: Sentence, first: int, last: int, proofs: frozenset[int]) -> tuple[int, int]:
    """The run and its neighbours that prove as much of the same concept (总收入增长…,收入增长…)."""
    column = [max((row[i] for row in sentence.strengths), default=0.0) for i in range(len(sentence.clauses))]
    enough = tuning.EQUALLY_MUCH * max(column[first : last + 1])
    while first - 1 in proofs and column[first - 1] >= enough:
        first -= 1
    while last + 1 in proofs and column[last + 1] >= enough:
        last += 1
    return first, last


def _belongs(question: Question, sentence: Sentence, at: int, close: bool, corpus: Corpus) -> bool:
    """Whether a proof is of the question: its clause holds a thing asked about, or is the tail or lead of such a one.

    A tail has no subject of its own: it is short and begins with a verb or a lead-in (竣工40个, 即从2024年起).
    """
    totals = [sum(row[i] for row in sentence.strengths) for i in range(len(sentence.clauses))]
    if close:
        return totals[at] >= tuning.ALMOST_ALL * max(totals) or bool(sentence.meant[at])
    things = [row for c, row in zip(question.concepts, sentence.strengths, strict=True) if c.solid]
    spoken = [
        max((row[i] for row in things or sentence.strengths), default=0.0) >= tuning.SPOKEN_OF or bool(meant)
        for i, meant in enumerate(sentence.meant)
    ]
    if spoken[at]:
        return True
    beside = any(spoken[i] for i in (at - 1, at + 1) if 0 <= i < len(spoken))
    first = (corpus.words.cut(sentence.folded[at]) or [""])[0]
    headless = not corpus.words.is_noun(first)
    return beside and headless and len(sentence.folded[at]) <= tuning.TAIL_CLAUSE


def _shortest_run(question: Question, sentence: Sentence, proofs: frozenset[int]) -> tuple[int, int]:
    matched = zip(question.concepts, sentence.best, sentence.strengths, strict=True)
    held_ones = [(c, best, row) for c, best, row in matched if best]
    things = [one for one in held_ones if one[0].solid] or held_ones
    rows = [(c.weight, best, row) for c, best, row in things]
    rows += [(tuning.NEAREST_CLAUSE, 1.0, sentence.meant)] if sentence.near else []
    wanted = tuning.ALMOST_ALL * sum(weight * best for weight, best, _ in rows)
    count = len(sentence.clauses)
    runs = []
    for first in range(count):
        there = [0.0] * len(rows)
        for last in range(first, count):
            there = [max(most, row[last]) for most, (_, _, row) in zip(there, rows, strict=True)]
            if _holds(rows, there, wanted):
                length = sentence.clauses[last].end - sentence.clauses[first].start
                proven = not question.asked or any(first <= i <= last for i in proofs)
                runs.append((length + tuning.PROOF_REACH * (not proven), first, last))
                if proven:
                    break  # what reaches further is only longer
    _, first, last = min(runs)
    return first, last


def _holds(rows: Sequence[tuple[float, float, Sequence[float]]], there: Sequence[float], wanted: float) -> bool:
    """Whether a run that holds so much of each row (weight, most in any clause, values) holds enough of all of them,
    and of the weightiest nearly the most.
    """
    held = [(weight, best, most) for (weight, best, _), most in zip(rows, there, strict=True)]
    if sum([weight * most for weight, _, most in held]) < wanted:
        return False
    _, best, most = max(held, default=(0.0, 0.0, 0.0))
    return most >= tuning.EQUALLY_MUCH * best


def _widened(sentence: Sentence, first: int, last: int, limit: int) -> tuple[int, int]:
    """The whole sentence when short; else the run and its neighbours while they fit."""
    clauses = sentence.clauses
    if clauses[-1].end - clauses[0].start <= limit:
        return 0, len(clauses) - 1
    while last + 1 < len(clauses) and clauses[last + 1].end - clauses[first].start <= limit:
        last += 1
    while first > 0 and clauses[last].end - clauses[first - 1].start <= limit:
        first -= 1
    return first, last
