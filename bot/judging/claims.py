"""What a resident takes for true, held against the evidence."""

import re
from collections.abc import Sequence

from bot import tuning
from bot.finding.evidence import Evidence, concept_strength
from bot.understanding.question import YEAR, Question
from bot.understanding.topics import Concept
from corpus.corpus import Corpus
from corpus.figures import Figure, figures

# What of a text tells of one thing.
STRETCH = re.compile("[^,;。]+")


def claimed_topic(question: Question, found: Sequence[Evidence], corpus: Corpus) -> Evidence:
    """The evidence on what a claim is about: that of a term it names; or one, not much worse than the best, that tells
    of the same thing a figure which the claimed one can be held against; or else the best.
    """
    homes = {t.annotation_id for t in question.terms} | {m.passage_id for t in question.terms for m in t.mentions}
    if home := next((e for e in found if e.passage.id in homes), None):
        return home
    near = (e for e in found if e.rank >= found[0].rank - tuning.RANK_FAR)
    return next((e for e in near if _compares(question, e, corpus)), found[0])


def _compares(question: Question, evidence: Evidence, corpus: Corpus) -> bool:
    """Whether some evidence tells, of what a question is about, a figure of the kind of a claimed one."""
    told = {figure.dimension for figure in _told_of(question, corpus.words.fold(evidence.quote))}
    return any(claimed.dimension in told for claimed in question.figures)


def is_denied(question: Question, chosen: Sequence[Evidence], corpus: Corpus) -> bool:
    """Whether the evidence says otherwise: a figure of the kind, told of the same thing, does not agree."""
    if question.year and YEAR.search(chosen[0].quote) and str(question.year) not in chosen[0].quote:
        return True
    told = [f for e in chosen for f in _told_of(question, corpus.words.fold(e.quote))]
    return any(_differs(claimed, told) for claimed in question.figures)


def is_confirmed(question: Question, chosen: Sequence[Evidence], corpus: Corpus) -> bool:
    """Whether the paragraphs of the evidence hold each name and amount of a claim.

    一个 is no amount, nor is a span of years.
    """
    around = "".join(corpus.folded[e.passage.id] for e in chosen)
    if question.unheard or any(_is_name(c, corpus) and c.said[0] not in around for c in question.concepts):
        return False
    told = figures(around)
    amounts = [f for f in question.figures if f.dimension not in ("", "年") and f.value != 1]
    return all(any(f.dimension == claimed.dimension and f.agrees(claimed) for f in told) for claimed in amounts)


def _is_name(concept: Concept, corpus: Corpus) -> bool:
    """Whether a concept is a name: of a place, a body, a brand, or of somebody of whom no document tells."""
    said, words = concept.said[0], corpus.words
    unheard = not any(corpus.frequency(name) for name, _ in concept.names)
    return concept.proper or (unheard and words.knows(said) and words.is_name(said))


def _told_of(question: Question, quote: str) -> list[Figure]:
    """The figures that a folded quote tells of what weighs most in a question: those of stretches that speak of it."""
    least, things = tuning.SPOKEN_OF, question.things
    told = (part for part in STRETCH.findall(quote) if any(concept_strength(c, part) >= least for c in things))
    return [figure for part in told for figure in figures(part)]


def _differs(claimed: Figure, told: Sequence[Figure]) -> bool:
    alike = [f for f in told if f.dimension == claimed.dimension]
    return bool(alike) and not any(f.agrees(claimed) for f in alike)
