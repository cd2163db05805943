"""Do these clauses answer this question? The topic must be covered, and the thing asked for must be there."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.evidence import Evidence
from bot.question import Question
from corpus.build import Corpus
from corpus.figures import Figure, figures

# The share of the question that the best sentence must speak of; a further sentence is taken when it scores
# near the best and speaks of something the others do not. Tuned on the development half: docs/decisions.
ENOUGH, NEAR, FURTHER, LIST_SHARE, ASIDE = 0.42, 0.3, 0.55, 0.8, 0.9
FACT_CHARS, LIST_CHARS = 150, 360


class Outcome(Enum):
    """What a judgement can be."""

    ANSWERED = auto()
    CORRECTED = auto()
    DETAIL_MISSING = auto()
    YEAR_MISSING = auto()
    TOPIC_MISSING = auto()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome and the evidence it rests on, best first; `asked` is the label of what is missing."""

    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    asked: str = ""


def judge(question: Question, found: Sequence[Evidence], corpus: Corpus) -> Judgement:
    """Decide on the evidence found (best first)."""
    if not found or found[0].coverage < NEAR:
        return Judgement(Outcome.TOPIC_MISSING)
    if _is_of_another_year(question, found[0], corpus):
        return Judgement(Outcome.YEAR_MISSING, tuple(found[:1]))
    best = found[0]
    if best.coverage < ENOUGH:
        return Judgement(Outcome.TOPIC_MISSING, (best,))
    if question.asked and not best.proven:
        return Judgement(Outcome.DETAIL_MISSING, (best,), question.asked[0].label)
    chosen = _choose(question, found)
    wrong = question.is_claim and _contradicts(question, chosen)
    return Judgement(Outcome.CORRECTED if wrong else Outcome.ANSWERED, chosen)


def _is_of_another_year(question: Question, best: Evidence, corpus: Corpus) -> bool:
    if question.year is None:
        return False
    own = corpus.documents[best.passage.document_id].year
    return question.year != own and str(question.year) not in best.quote


def _choose(question: Question, found: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The best sentence, and further ones that speak of concepts not yet spoken of (for a list: of the same too)."""
    best = found[0]
    chosen, spoken, length = [best], set(best.concepts), len(best.quote)
    limit = LIST_CHARS if question.wants_list else FACT_CHARS
    for evidence in found[1:]:
        if length + len(evidence.quote) > limit or (question.asked and not evidence.proven):
            continue
        adds = bool(evidence.concepts - spoken) and evidence.score >= FURTHER * best.score
        alike = evidence.score >= (LIST_SHARE if question.wants_list else ASIDE) * best.score
        if adds or alike:
            chosen.append(evidence)
            spoken |= evidence.concepts
            length += len(evidence.quote)
    return tuple(chosen)


def _contradicts(question: Question, chosen: Sequence[Evidence]) -> bool:
    """Whether a figure claimed in the question has a counterpart of its kind in the evidence, and none agrees."""
    told = [f for e in chosen for f in figures(e.quote)]
    return any(_denied(claimed, told) for claimed in question.figures)


def _denied(claimed: Figure, told: Sequence[Figure]) -> bool:
    alike = [f for f in told if f.dimension == claimed.dimension]
    return bool(alike) and not any(f.agrees(claimed) for f in alike)
