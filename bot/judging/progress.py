"""What a later report says came of the promises that an answer quotes."""

from collections.abc import Iterator

from bot.finding.evidence import Evidence, concept_strength
from bot.judging.decide import Judgement
from bot.tuning import SPOKEN_OF
from bot.understanding.language import Language
from bot.understanding.question import Question
from corpus.targets import Target


def is_of(question: Question, statement: Target, language: Language) -> bool:
    """Whether a statement counts the very things that a question is about, as far as the documents know them."""
    counted, corpus = language.fold(statement.action + statement.object), language.corpus
    known = [thing for thing in question.things if any(corpus.frequency(name) for name, _ in thing.names)]
    return bool(known) and all(concept_strength(thing, counted) >= SPOKEN_OF for thing in known)


def came_of(question: Question, judgement: Judgement, language: Language) -> Iterator[Target]:
    """The results of the quoted promises that a question is about, but those that are quoted anyway."""
    corpus, quoted = language.corpus, judgement.evidence
    for evidence in quoted:
        for target in corpus.promises.of.get(evidence.passage.id, ()):
            result = corpus.progress.get(target.id)
            told = result and any(is_within(result, one) for one in quoted)
            if result and not told and is_within(target, evidence) and is_of(question, target, language):
                yield result


def is_within(statement: Target, evidence: Evidence) -> bool:
    """Whether a statement stands in a quote, or in part of it."""
    same = statement.passage_id == evidence.passage.id
    return same and statement.start < evidence.end and evidence.start < statement.end
