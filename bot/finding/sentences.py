"""The evidence in the hits: every sentence that speaks of anything asked, best first."""

from bot.finding.evidence import SPOKEN, Evidence, Sentence, concept_strength, spoken, trimmed
from bot.finding.quoting import run
from bot.understanding.language import Language
from bot.understanding.question import Question
from corpus.build import Corpus
from corpus.passage import Clause, Hit

# What a concept is worth that stands not in the sentence but in the heading above it, or elsewhere in its
# paragraph; what retrieval and a fitting proof add to a score.
HEADING, PARAGRAPH, RETRIEVAL, PROVEN = 0.6, 0.25, 0.12, 0.2
# What an annotation loses where no term of it is named; the weight of concepts beyond which a question is talk.
ANNOTATION, PLENTY = 0.08, 2.2
# What is left of the coverage of a sentence that shares only verbs or figures with the question.
HOLLOW = 0.6


def find_evidence(question: Question, hits: tuple[Hit, ...], language: Language) -> list[Evidence]:
    """One Evidence a sentence that speaks of anything asked, best first."""
    corpus = language.corpus
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
            evidence = _evidence(question, sentence, language, context, hit.score / top)
            if evidence:
                found.append(evidence)
    return sorted(found, key=lambda e: -e.score)


def _evidence(
    question: Question, sentence: Sentence, language: Language, context: list[float], retrieval: float
) -> Evidence | None:
    if not any(sentence.best):
        return None
    weighted = zip(question.concepts, sentence.best, context, strict=True)
    held = sum(c.weight * max(b, x) for c, b, x in weighted)
    coverage = min(held / min(sum(c.weight for c in question.concepts), PLENTY), 1.0)
    if not any(b >= SPOKEN and c.solid for c, b in zip(question.concepts, sentence.best, strict=True)):
        coverage *= HOLLOW
    first, last, proven = run(question, sentence, language)
    start, end = sentence.clauses[first].start, sentence.clauses[last].end
    end = trimmed(sentence.passage.text, end)
    relevance = coverage + RETRIEVAL * retrieval
    if sentence.passage.kind == "annotation" and not question.terms:
        relevance -= ANNOTATION
    score = relevance + (PROVEN if proven and question.asked else 0.0)
    matched = frozenset(c.said for c, b in zip(question.concepts, sentence.best, strict=True) if b >= 0.4)
    return Evidence(sentence.passage, start, end, coverage, relevance, score, proven, matched)


def sentences(question: Question, hit: Hit, corpus: Corpus) -> list[Sentence]:
    """The sentences of a hit, matched with the question."""
    grouped: dict[int, list[Clause]] = {}
    for clause in corpus.clauses[hit.passage.id]:
        grouped.setdefault(clause.sentence, []).append(clause)
    texts = [tuple(corpus.fold_clause(c) for c in group) for group in grouped.values()]
    whole = "\n".join(text for folded in texts for text in folded)
    concepts = [spoken(c, whole) for c in question.concepts]
    rows = (tuple(tuple(concept_strength(c, text) for text in folded) for c in concepts) for folded in texts)
    found = zip(grouped.values(), texts, rows, strict=True)
    return [Sentence(hit.passage, tuple(group), folded, strengths) for group, folded, strengths in found]
