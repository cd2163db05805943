"""The clauses of the hits that speak of what was asked: matching of concepts, and the run of clauses to quote."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from bot.asked import Cues
from bot.concepts import Concept
from bot.proof import CLOSE, proves
from bot.question import Question
from corpus.build import Corpus
from corpus.passage import Clause, Hit, Passage

# What a concept is worth that stands not in the sentence but in the heading above it, or elsewhere in its
# paragraph; how much of a long word must be there; what retrieval and a fitting proof add to a score.
HEADING, PARAGRAPH, PARTIAL, RETRIEVAL, PROVEN = 0.6, 0.25, 0.5, 0.12, 0.2
# What an annotation loses where no term of it is named; the weight of concepts beyond which a question is talk.
ANNOTATION, PLENTY = 0.08, 2.2
# What is left of the coverage of a sentence that shares only verbs or figures with the question.
HOLLOW = 0.6
FULL_SENTENCE, FULL_LIST = 90, 160
# How much of what a sentence holds a run must hold; how many characters further a run may reach for a proof;
# how strongly a clause must hold a concept to speak of it; the length of a clause that belongs to the one before;
# how nearly a neighbour must match as well to be quoted too.
ALMOST, REACH, SPOKEN, TAIL, EQUAL = 0.9, 60, 0.35, 14, 0.93
ENDINGS = ",\uff0c;\uff1b。"
STOPS, SEMICOLONS = "。;\uff1b", ";\uff1b"
NUMBERED = re.compile(r"^\d+[.\uff0e、]\s*")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A run of clauses of one sentence.

    `coverage`: how much of the question it speaks of (0 to 1); `relevance`: that and what retrieval thinks of its
    passage; `score`: that and whether it is `proven`, holds the thing asked for.
    """

    passage: Passage
    start: int
    end: int
    coverage: float
    relevance: float
    score: float
    proven: bool
    concepts: frozenset[tuple[str, ...]]

    @property
    def quote(self) -> str:
        """The exact words, without a comma or stop at the end."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a hit, its clauses folded, and how strongly each concept of the question stands in each."""

    passage: Passage
    clauses: tuple[Clause, ...]
    folded: tuple[str, ...]
    strengths: tuple[tuple[float, ...], ...]  # [concept][clause]

    @cached_property
    def best(self) -> tuple[float, ...]:
        """How strongly each concept stands in the sentence."""
        return tuple(max(row) for row in self.strengths)


def strength(name: str, text: str) -> float:
    """How surely a folded text holds a name: 1 as it stands, less when only most of a long name's pairs are there."""
    if name in text:
        return 1.0
    if len(name) < 3 or name.isascii():
        return 0.0
    pairs = {name[i : i + 2] for i in range(len(name) - 1)}
    found = sum(pair in text for pair in pairs) / len(pairs)
    return found * 0.7 if found >= PARTIAL else 0.0


def concept_strength(concept: Concept, text: str) -> float:
    """The best of the concept's names in a folded text, each by its own weight."""
    return max((weight * strength(name, text) for name, weight in concept.names if weight), default=0.0)


def sentences(question: Question, hit: Hit, corpus: Corpus) -> list[Sentence]:
    """The sentences of a hit, matched with the question."""
    grouped: dict[int, list[Clause]] = {}
    for clause in corpus.clauses[hit.passage.id]:
        grouped.setdefault(clause.sentence, []).append(clause)
    found = []
    for group in grouped.values():
        folded = tuple(corpus.fold_clause(c) for c in group)
        rows = tuple(tuple(concept_strength(c, text) for text in folded) for c in question.concepts)
        found.append(Sentence(hit.passage, tuple(group), folded, rows))
    return found


def find_evidence(question: Question, hits: tuple[Hit, ...], corpus: Corpus, cues: Cues) -> list[Evidence]:
    """One Evidence a sentence that speaks of anything asked, best first."""
    top = max((h.score for h in hits), default=0.0) or 1.0
    found = []
    for hit in hits:
        if not hit.kept or not question.concepts:
            continue
        rows = sentences(question, hit, corpus)
        heading = corpus.words.fold(" ".join(hit.passage.section[-2:]))
        above = [concept_strength(c, heading) for c in question.concepts]
        around = [max(column) for column in zip(*(s.best for s in rows), strict=True)]
        for sentence in rows:
            context = [max(HEADING * a, PARAGRAPH * b) for a, b in zip(above, around, strict=True)]
            evidence = _evidence(question, sentence, cues, corpus, context, hit.score / top)
            if evidence:
                found.append(evidence)
    return sorted(found, key=lambda e: -e.score)


def _evidence(
    question: Question, sentence: Sentence, cues: Cues, corpus: Corpus, context: list[float], retrieval: float
) -> Evidence | None:
    if not any(sentence.best):
        return None
    weighted = zip(question.concepts, sentence.best, context, strict=True)
    held = sum(c.weight * max(b, x) for c, b, x in weighted)
    coverage = min(held / min(sum(c.weight for c in question.concepts), PLENTY), 1.0)
    if not any(b >= SPOKEN and c.solid for c, b in zip(question.concepts, sentence.best, strict=True)):
        coverage *= HOLLOW
    first, last, proven = run(question, sentence, cues, corpus)
    start, end = sentence.clauses[first].start, sentence.clauses[last].end
    end = _trimmed(sentence.passage.text, end)
    relevance = coverage + RETRIEVAL * retrieval
    if sentence.passage.kind == "annotation" and not question.terms:
        relevance -= ANNOTATION
    score = relevance + (PROVEN if proven and question.asked else 0.0)
    matched = frozenset(c.said for c, b in zip(question.concepts, sentence.best, strict=True) if b >= 0.4)
    return Evidence(sentence.passage, start, end, coverage, relevance, score, proven, matched)


def run(question: Question, sentence: Sentence, cues: Cues, corpus: Corpus) -> tuple[int, int, bool]:
    """The clauses to quote: first, last, and whether they hold the thing asked for.

    The shortest run that holds what the sentence holds of the question, and a proof of what was asked when one
    stands with it; widened to the whole of a short sentence when no single fact was asked.
    """
    proofs = [
        i
        for i, (clause, text) in enumerate(zip(sentence.clauses, sentence.folded, strict=True))
        if proves(question, cues, corpus, text, clause.text)
    ]
    close = question.asks(*CLOSE)
    proofs = [i for i in proofs if _belongs(sentence, i, close, corpus)]
    first, last = _shortest_run(question, sentence, frozenset(proofs))
    if not question.asked:
        return (*_widened(sentence, first, last, FULL_LIST if question.wants_list else FULL_SENTENCE), True)
    if any(first <= i <= last for i in proofs):
        return (*_with_equals(sentence, first, last, frozenset(proofs)), True)
    return first, last, False


def _with_equals(sentence: Sentence, first: int, last: int, proofs: frozenset[int]) -> tuple[int, int]:
    """The run and its neighbours that prove as much of the same concept (总收入增长…,收入增长…)."""
    column = [max(row[i] for row in sentence.strengths) for i in range(len(sentence.clauses))]
    enough = EQUAL * max(column[first : last + 1])
    while first - 1 in proofs and column[first - 1] >= enough:
        first -= 1
    while last + 1 in proofs and column[last + 1] >= enough:
        last += 1
    return first, last


def _belongs(sentence: Sentence, at: int, close: bool, corpus: Corpus) -> bool:
    """Whether a proof is of the question: its clause holds a concept, or is the tail or lead of one that does.

    A tail has no subject of its own: it is short and begins with a verb or a lead-in (竣工40个, 即从2024年起).
    """
    totals = [sum(row[i] for row in sentence.strengths) for i in range(len(sentence.clauses))]
    if close:
        return totals[at] >= ALMOST * max(totals)
    spoken = [max(row[i] for row in sentence.strengths) >= SPOKEN for i in range(len(sentence.clauses))]
    if spoken[at]:
        return True
    beside = any(spoken[i] for i in (at - 1, at + 1) if 0 <= i < len(spoken))
    first = (corpus.words.cut(sentence.folded[at]) or [""])[0]
    headless = not corpus.words.is_noun(first)
    return beside and headless and len(sentence.folded[at]) <= TAIL


def _shortest_run(question: Question, sentence: Sentence, proofs: frozenset[int]) -> tuple[int, int]:
    weights = [c.weight for c in question.concepts]
    wanted = ALMOST * sum(w * b for w, b in zip(weights, sentence.best, strict=True))
    count = len(sentence.clauses)
    runs = []
    for first in range(count):
        for last in range(first, count):
            held = sum(w * max(row[first : last + 1]) for w, row in zip(weights, sentence.strengths, strict=True))
            if held >= wanted:
                length = sentence.clauses[last].end - sentence.clauses[first].start
                unproven = bool(question.asked) and not any(first <= i <= last for i in proofs)
                runs.append((length + REACH * unproven, first, last))
    _, first, last = min(runs)
    return first, last


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
                end = _trimmed(passage.text, clause.end)
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


def joined(chosen: list[Evidence]) -> list[Evidence]:
    """The same evidence in which neighbouring sentences of a passage are one quote; the best stays first."""
    result: list[Evidence] = []
    for evidence in chosen:
        for index, other in enumerate(result):
            if other.passage.id == evidence.passage.id and _touch(other, evidence):
                start, end = min(other.start, evidence.start), max(other.end, evidence.end)
                result[index] = replace(other, start=start, end=end)
                break
        else:
            result.append(evidence)
    return joined(result) if len(result) < len(chosen) else result


def _touch(one: Evidence, other: Evidence) -> bool:
    return one.start <= other.end + 1 and other.start <= one.end + 1


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
    return Evidence(passage, begin, _trimmed(passage.text, end), 1.0, 1.0, 1.0, True, frozenset())


def whole_enumeration(evidence: Evidence) -> Evidence:
    """The evidence stretched over the semicolons of the enumeration it stands in: a list is quoted complete."""
    text = evidence.passage.text
    start = text.rfind("。", 0, evidence.start) + 1
    end = text.find("。", evidence.end - 1)
    if end < 0 or not any(mark in text[start:end] for mark in SEMICOLONS):
        return evidence
    return replace(evidence, start=start, end=end)


def _trimmed(text: str, end: int) -> int:
    while end and text[end - 1] in ENDINGS:
        end -= 1
    return end
