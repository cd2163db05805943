"""What is known of each sentence that may answer, as named numbers on which the weights lie."""

import re
from collections.abc import Callable, Iterable, Sequence

from bot import tuning
from bot.finding.evidence import Evidence, concept_strength
from bot.understanding.details import CLAIM, MEANING, STATEMENT, WHAT, YES_OR_NO
from bot.understanding.kinds import Kind
from bot.understanding.question import Question
from corpus.corpus import Corpus

Features = dict[str, float]
# How a text tells what a word means, and how a question can be put.
EXPLAINING = re.compile(r"是指|指的是|即[^使将可]|包括|就是|、[^、]+、")
FORMS = (MEANING, CLAIM, YES_OR_NO, WHAT, STATEMENT)


def of_sentences(question: Question, evidence: Sequence[Evidence]) -> list[Features]:
    """The features of each candidate beside the others, in their order."""
    sentence, clause, mixed, words = (
        _standing(evidence, of)
        for of in (
            lambda e: e.sentence,
            lambda e: e.clause,
            lambda e: (e.sentence + e.clause) / 2,
            lambda e: e.score,
        )
    )
    annotated = {term.annotation_id for term in question.terms}
    return [
        {
            "sentence_gap": _spread(sentence[i][0]),  # how much less near its sentence is than the nearest
            "sentence_place": sentence[i][1],  # 1, 1/2, 1/3 … in that order
            "clause_gap": _spread(clause[i][0]),  # the same of its nearest clause
            "clause_place": clause[i][1],
            "both_gap": _spread(mixed[i][0]),  # the same of both together
            "both_place": mixed[i][1],
            "words_gap": words[i][0],  # how much less it shares the words and names of the question than the best
            "words": e.score,  # how much it shares them
            "coverage": e.coverage,  # how much of the question it speaks of
            "concepts": min(len(e.concepts) / tuning.MANY_CONCEPTS, 1.0),  # how many things asked about it names
            "proven": float(e.proven and bool(question.asked)),  # whether it holds the kind of detail asked for
            "retrieval": e.retrieval,  # how good its passage is against the best
            "explains": float(e.passage.id in annotated),  # whether it is the annotation of a term that was named
            "annotation": float(e.passage.kind == "annotation"),
            "length": min(e.length / tuning.LONG_SENTENCE, tuning.LONGEST_LENGTH),
            "short": float(e.length < tuning.LIKE_HEADING),  # a heading rather than a sentence
        }
        for i, e in enumerate(evidence)
    ]


def _spread(difference: float) -> float:
    """A difference of cosines, which crowd within a tenth, in the size of the other features."""
    return tuning.COSINE_SPREAD * difference


def _standing(evidence: Sequence[Evidence], of: Callable[[Evidence], float]) -> list[tuple[float, float]]:
    """How far each is below the best (0 or less), and 1 over its place."""
    values = [of(e) for e in evidence]
    best = max(values, default=0.0)
    places = {i: place for place, i in enumerate(sorted(range(len(values)), key=lambda i: -values[i]), start=1)}
    return [(value - best, 1 / places[i]) for i, value in enumerate(values)]


def of_decision(question: Question, ranked: Sequence[Evidence], asking: float, corpus: Corpus) -> Features:
    """The features of whether the best of the ranked evidence (at least one) answers a question.

    `asking` is how likely the turn asks at all.
    """
    best = ranked[0]
    rivals = [e for e in ranked[1:] if e.passage.id != best.passage.id]
    unknown = [c for c in question.concepts if not any(corpus.frequency(name) for name, _ in c.names)]
    weight = sum(c.weight for c in question.concepts) or 1.0
    heaviest = next((c for c in question.concepts if c.solid), None)
    missing = _missing(question, best, corpus)
    return {
        "rank": best.rank,  # what the ranking makes of the best
        "lead": best.rank - max((e.rank for e in rivals), default=best.rank - 1.0),  # before the next passage
        "sentence": _near(best.sentence),  # how near its sentence is, as such
        "clause": _near(best.clause),
        "words": best.score,  # how much it shares the words and names
        "coverage": best.coverage,
        "sentence_peak": _spread(best.sentence - _mean(e.sentence for e in ranked)),  # how far it stands out
        "clause_peak": _spread(best.clause - _mean(e.clause for e in ranked)),
        "unknown": sum(c.weight for c in unknown) / weight,  # how much of what is asked about no document speaks of
        "strange": float(heaviest in unknown),  # whether the thing most asked about is one of that
        "strange_and_far": float(heaviest in unknown) * max(0.0, _near(tuning.COSINE_NEAR) - _near(best.clause)),
        "missing": missing,  # how much of what is asked about its paragraph does not speak of
        "missing_yesno": missing * question.shares.get(YES_OR_NO, 0.0),  # is there such a thing in it?
        "missing_name": missing * question.shares.get(Kind.NAME, 0.0),
        "unexplained": question.shares.get(MEANING, 0.0) * (not _explains(best)),  # the meaning of a word is not told
        "stranger": float(bool(stranger(question, best, corpus))),  # whether a name is asked about that is not there
        **{f"asks_{kind}": question.shares.get(kind, 0.0) for kind in Kind},  # how likely each detail is asked for
        **{f"lacks_{kind}": question.shares.get(kind, 0.0) * (kind not in best.proves) for kind in Kind},
        **{f"is_{form}": question.shares.get(form, 0.0) for form in FORMS},  # how likely it is put like this
        "claim": float(question.is_claim),
        "list": float(question.wants_list),
        "term": float(bool(question.terms)),
        # What is learned of reports says nothing of rules: they tell prices, conditions, who is liable; and who tells
        # of a case of theirs asks what they say of it.
        "told": 1.0 if is_rules(best, corpus) else question.told,  # how likely such a thing is told
        "asking": 1.0 if is_rules(best, corpus) else asking,  # how likely the turn asks, rather than complains
        "length": min(len(question.text) / tuning.LONG_ASKED, tuning.LONGEST_LENGTH),
    }


def is_rules(evidence: Evidence, corpus: Corpus) -> bool:
    """Whether a text lays down rules, rather than tells of plans and results."""
    return corpus.part_of(evidence.passage).kind == "rules"


def _missing(question: Question, best: Evidence, corpus: Corpus) -> float:
    """The share of the things asked about, by weight, that the paragraph of the evidence does not hold.

    What a turn names itself counts, rather than what it leans on: 那足球场呢 is about football grounds.
    """
    solid = [c for c in question.concepts if c.solid]
    things = [c for c in solid if any(said in question.text for said in c.said)] or solid
    around = corpus.folded[best.passage.id]
    absent = sum(c.weight for c in things if concept_strength(c, around) < tuning.SPOKEN_OF)
    return absent / (sum(c.weight for c in things) or 1.0)


def _near(cosine: float) -> float:
    """How near in meaning something is; nothing is known of it (0) where the vectors are down."""
    return _spread(cosine - tuning.COSINE_BASE) if cosine else 0.0


def _explains(evidence: Evidence) -> bool:
    return evidence.passage.kind == "annotation" or bool(EXPLAINING.search(evidence.quote))


def stranger(question: Question, best: Evidence, corpus: Corpus) -> str:
    """A proper name in a short question that the evidence's paragraph has not: is it among these, is it there?"""
    if question.is_claim or len(question.text) > tuning.SHORT_QUESTION:
        return ""
    if question.strangers:
        return question.strangers[0]
    around = corpus.folded[best.passage.id]
    return next((c.said[0] for c in question.concepts if c.proper and c.said[0] not in around), "")


def _mean(values: Iterable[float]) -> float:
    known = list(values)
    return sum(known) / len(known)
