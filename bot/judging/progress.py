"""What a later report says came of the promises that an answer quotes, and what had been promised of results."""

from collections.abc import Iterator, Sequence

from bot.finding.evidence import Evidence, concept_strength
from bot.tuning import SPOKEN_OF
from bot.understanding.language import Language
from bot.understanding.question import Question
from corpus.targets import Target


def is_of(question: Question, statement: Target, language: Language) -> bool:
    """Whether a statement counts the very things that a question is about, as far as the documents know them."""
    counted, corpus = language.fold(statement.action + statement.object), language.corpus
    known = [thing for thing in question.things if any(corpus.frequency(name) for name, _ in thing.names)]
    return bool(known) and all(concept_strength(thing, counted) >= SPOKEN_OF for thing in known)


def counterparts(question: Question, quoted: Sequence[Evidence], language: Language) -> Iterator[Target]:
    """The results of the quoted promises that a question is about, and the promises of results; none that is quoted."""
    corpus = language.corpus
    for evidence in quoted:
        for told in corpus.stated.get(evidence.passage.id, ()):
            other = corpus.counterparts.get(told.id)
            if not other or any(is_within(other, one) for one in quoted):
                continue
            if is_within(told, evidence) and is_of(question, told, language):
                yield other


def is_within(statement: Target, evidence: Evidence) -> bool:
    """Whether a statement stands in a quote, or in part of it."""
    same = statement.passage_id == evidence.passage.id
    return same and statement.start < evidence.end and evidence.start < statement.end
