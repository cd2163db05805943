"""Answers from the structure of documents: the meaning of a term, all mentions of a word, the figures on a topic."""

from collections.abc import Callable, Iterable

from bot import tuning
from bot.finding.evidence import NUMBERED, Evidence, joined, speaking, trimmed
from bot.understanding.question import Question
from corpus.corpus import Corpus
from corpus.passage import Mention, Passage
from corpus.words import UNBROKEN

STOPS = "。;\uff1b"


def define(question: Question, corpus: Corpus) -> list[Evidence]:
    """The annotations of the terms a question names, whole."""
    return [_whole(corpus.by_id[term.annotation_id], term.explanation) for term in question.terms]


def _whole(passage: Passage, explanation: str) -> Evidence:
    start = passage.text.index(explanation)
    name = NUMBERED.match(passage.text)
    begin = name.end() if name else start
    end = start + len(explanation.rstrip("。"))
    return Evidence(passage, begin, end, 1.0, 1.0, 1.0, True, frozenset({(passage.id,)}))


def using(mentions: Iterable[Mention], corpus: Corpus) -> list[Evidence]:
    """The clauses that use the terms."""
    return [
        _evidence(corpus.by_id[m.passage_id], clause.start, trimmed(corpus.by_id[m.passage_id].text, clause.end))
        for m in mentions
        for clause in corpus.clauses[m.passage_id]
        if clause.start <= m.start < clause.end
    ]


def find_mentions(question: Question, corpus: Corpus) -> list[Evidence]:
    """Every clause of the corpus that holds the words asked for, in the order of the text."""
    names = _phrases(question, corpus) or [said for concept in question.concepts for said in concept.said]
    places = sorted({place for name in names for place in corpus.holding(name)})
    passages = [corpus.passages[place] for place in places]
    return _clauses(passages, corpus, lambda folded: any(name in folded for name in names))


def find_stage(question: Question, corpus: Corpus) -> list[Evidence]:
    """Every clause of the body that states the project stage a question asks for."""
    stage = question.wants_stage
    if not stage:
        return []
    told = [corpus.by_id[passage] for passage in corpus.telling(stage)]
    return _clauses([p for p in told if p.kind == "body"], corpus, lambda folded: bool(stage.search(folded)))


def _clauses(passages: Iterable[Passage], corpus: Corpus, holds: Callable[[str], bool]) -> list[Evidence]:
    found = []
    for passage in passages:
        for clause in corpus.clauses[passage.id]:
            if holds(corpus.fold_clause(clause)):
                found.append(_evidence(passage, clause.start, trimmed(passage.text, clause.end)))
    return joined(found)


def _evidence(passage: Passage, start: int, end: int) -> Evidence:
    return Evidence(passage, start, end, 1.0, 1.0, 1.0, True, frozenset())


def find_within(question: Question, corpus: Corpus) -> list[Evidence]:
    """The clauses of the targets whose amount is within the bound of a question, on its topic when it has one."""
    bound, promises = question.bound, corpus.promises
    if not bound:
        return []
    within = promises.within(bound.figure.value, bound.figure.dimension, bound.below)
    on_topic = set(speaking([c for c in question.concepts if c.solid], promises.clauses, tuning.SPOKEN_OF))
    chosen = [promises.targets[i] for i in within if i in on_topic] or [promises.targets[i] for i in within]
    return joined([_evidence(corpus.by_id[t.passage_id], t.start, t.end) for t in chosen])


def _phrases(question: Question, corpus: Corpus) -> list[str]:
    """The longest run of the question that the corpus holds as it stands (三年行动 rather than 三年 and 行动)."""
    heaviest = question.concepts[0].said[0] if question.concepts else ""
    text, at = question.text, question.text.find(heaviest)
    if at < 0 or not heaviest:
        return []
    spoken = (m.span() for m in UNBROKEN.finditer(text))
    least = at + len(heaviest)
    first, last = next(((a, b) for a, b in spoken if a <= at < b), (at, least))
    best, end = "", last
    # A run that starts earlier ends no later than one that starts later.
    for start in range(at, first - 1, -1):
        end = next((e for e in range(end, least - 1, -1) if corpus.holds(text[start:e])), 0)
        if not end:
            break
        best = max(text[start:end], best, key=len)
    return [best] if best else []


def find_amounts(question: Question, corpus: Corpus) -> list[Evidence]:
    """The clauses of the quantified promises on a topic, in the order of the text.

    A promise is on the topic when its clause, its heading or the section above it speaks of it. The words that ask for
    amounts are no topic; without one, every promise is meant.
    """
    topics = [c for c in question.concepts if c.solid and not all(s in question.wants_amounts for s in c.said)]
    promises = corpus.promises
    chosen = speaking(topics, promises.around, tuning.SPOKEN_OF) if topics else range(len(promises.targets))
    found: dict[tuple[str, int], Evidence] = {}
    for target in (promises.targets[i] for i in chosen):
        evidence = _evidence(corpus.by_id[target.passage_id], target.start, target.end)
        found[target.passage_id, target.start] = evidence
    return list(found.values())


def whole_passage(passage: Passage, limit: int) -> Evidence:
    """A passage from after its run-in heading, as many whole sentences as fit in `limit` characters."""
    begin, end = passage.opening, len(passage.text)
    while end - begin > limit:
        shorter = max(passage.text.rfind(stop, begin, end - 1) for stop in STOPS)
        if shorter <= begin:
            break
        end = shorter + 1
    return _evidence(passage, begin, trimmed(passage.text, end))
