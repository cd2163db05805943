"""What the structure of a document answers: the meaning of a term, all mentions of a word, the figures on a topic."""

import re

from bot.evidence import SPOKEN, Evidence, concept_strength, trimmed
from bot.question import Question
from corpus.build import Corpus
from corpus.passage import Passage

STOPS = "。;\uff1b"
NUMBERED = re.compile(r"^\d+[.\uff0e、]\s*")


def define(question: Question, corpus: Corpus) -> list[Evidence]:
    """The annotations of the terms a question names, whole."""
    return [_whole(corpus.by_id[term.annotation_id], term.explanation) for term in question.terms]


def _whole(passage: Passage, explanation: str) -> Evidence:
    start = passage.text.index(explanation)
    name = NUMBERED.match(passage.text)
    begin = name.end() if name else start
    end = start + len(explanation.rstrip("。"))
    return Evidence(passage, begin, end, 1.0, 1.0, 1.0, True, frozenset({(passage.id,)}))


def find_mentions(question: Question, corpus: Corpus) -> list[Evidence]:
    """Every clause of the corpus that holds the words asked for, in the order of the text, one a passage."""
    names = [said for concept in question.concepts for said in concept.said]
    found = []
    for passage in corpus.passages:
        for clause in corpus.clauses[passage.id]:
            if any(name in corpus.fold_clause(clause) for name in names):
                end = trimmed(passage.text, clause.end)
                found.append(Evidence(passage, clause.start, end, 1.0, 1.0, 1.0, True, frozenset()))
                break
    return found


def find_amounts(question: Question, corpus: Corpus, limit: int) -> list[Evidence]:
    """The clauses of the quantified promises on a topic, in the order of the text, within `limit` characters.

    A promise is on the topic when its clause, its heading or the section above it speaks of it.
    """
    found: list[Evidence] = []
    for target in corpus.targets:
        passage = corpus.by_id[target.passage_id]
        around = corpus.words.fold(" ".join([*passage.section[-2:], target.clause]))
        spoken = any(c.solid and concept_strength(c, around) >= SPOKEN for c in question.concepts)
        if spoken and not any(e.passage.id == passage.id and e.start == target.start for e in found):
            found.append(Evidence(passage, target.start, target.end, 1.0, 1.0, 1.0, True, frozenset()))
    while found and sum(len(e.quote) for e in found) > limit:
        found.pop()
    return found


def whole_passage(passage: Passage, limit: int) -> Evidence:
    """A passage from after its run-in heading, as many whole sentences as fit in `limit` characters."""
    begin = 0
    if passage.section and passage.text.startswith(f"{passage.heading}。"):
        begin = len(passage.heading) + 1
    end = len(passage.text)
    while end - begin > limit:
        shorter = max(passage.text.rfind(stop, begin, end - 1) for stop in STOPS)
        if shorter <= begin:
            break
        end = shorter + 1
    return Evidence(passage, begin, trimmed(passage.text, end), 1.0, 1.0, 1.0, True, frozenset())
