"""The evidence in the hits: every sentence that speaks of anything asked, or is near it in meaning."""

from collections.abc import Sequence

from bot import tuning
from bot.finding.evidence import (
    Evidence,
    Names,
    Sentence,
    begun,
    concept_strength,
    spoken,
    strongest,
    trimmed,
    whole_line,
)
from bot.finding.quoting import run
from bot.finding.search import Found
from bot.finding.slots import proved
from bot.understanding.language import Language
from bot.understanding.question import Question
from corpus.outline import lead_span
from corpus.passage import Hit, Parsed, Stated


def find_evidence(question: Question, found: Found, language: Language) -> list[Evidence]:
    """One Evidence a sentence that speaks of anything asked or is among the nearest, in the order of the hits."""
    top = max((h.score for h in found.hits), default=0.0) or 1.0
    nearest = set(sorted(found.near, key=found.near.__getitem__, reverse=True)[: tuning.NEAREST_SENTENCES])
    made: list[Evidence] = []
    for hit in found.hits:
        if hit.kept:
            made += _of_hit(question, hit, found, nearest, language, hit.score / top)
    return made


def _of_hit(
    question: Question, hit: Hit, found: Found, nearest: set[str], language: Language, retrieval: float
) -> list[Evidence]:
    parsed = language.corpus.parsed(hit.passage)
    rows = sentences(question, hit, parsed, found)
    if not rows:
        return []
    above = [concept_strength(c, parsed.heading) for c in question.concepts]
    around = [max(column) for column in zip(*(s.best for s in rows), strict=True)]
    context = [max(tuning.IN_HEADING * a, tuning.IN_PARAGRAPH * b) for a, b in zip(above, around, strict=True)]
    wanted = (s for s in rows if any(s.best) or (not _announces(s) and not nearest.isdisjoint(s.stated.rows)))
    return [_evidence(question, sentence, language, context, retrieval) for sentence in wanted]


def _evidence(
    question: Question, sentence: Sentence, language: Language, context: Sequence[float], retrieval: float
) -> Evidence:
    weighted = zip(question.concepts, sentence.best, context, strict=True)
    held = sum(c.weight * max(b, x) for c, b, x in weighted)
    coverage = min(held / (min(sum(c.weight for c in question.concepts), tuning.PLENTY_ASKED) or 1.0), 1.0)
    if not any(b >= tuning.SPOKEN_OF and c.solid for c, b in zip(question.concepts, sentence.best, strict=True)):
        coverage *= tuning.HOLLOW
    first, last, proves = run(question, sentence, language)
    start, end = sentence.clauses[first].start, sentence.clauses[last].end
    if language.corpus.part_of(sentence.passage).kind == "rules":
        start, end = whole_line(sentence.passage.text, start, end)
        lead = lead_span(sentence.passage.text, start) or (start, start)
        quoted = sentence.passage.text[slice(*lead)] + sentence.passage.text[start:end]
        proves = proved(question, language, language.corpus.words.fold(quoted), quoted)
    start, end = begun(sentence.passage.text, start), trimmed(sentence.passage.text, end)
    relevance = coverage + tuning.PASSAGE_COUNTS * retrieval
    if sentence.passage.kind == "annotation" and not question.terms:
        relevance -= tuning.ANNOTATION_LOSES
    proven = not question.asked or any(item.kind in proves for item in question.asked)
    return Evidence(
        passage=sentence.passage,
        start=start,
        end=end,
        coverage=coverage,
        relevance=relevance,
        score=relevance + (tuning.PROOF_COUNTS if proven and question.asked else 0.0),
        proven=proven,
        proves=proves,
        concepts=frozenset(
            c.said for c, best in zip(question.concepts, sentence.best, strict=True) if best >= tuning.TOLD_OF
        ),
        sentence=sentence.near,
        clause=max(sentence.nearness),
        retrieval=retrieval,
        length=sentence.clauses[-1].end - sentence.clauses[0].start,
    )


def _announces(sentence: Sentence) -> bool:
    """Whether a sentence only says what comes after it: 重点抓好以下14个方面的工作："""
    return sentence.folded[-1].endswith(":")


def sentences(question: Question, hit: Hit, parsed: Parsed, found: Found) -> list[Sentence]:
    """The sentences of a hit below its run-in heading, matched with the question."""
    text = parsed.folded
    names = [spoken(c, text) for c in question.concepts]
    return [_matched(hit, stated, names, found) for stated in parsed.sentences]


def _matched(hit: Hit, stated: Stated, names: Sequence[Names], found: Found) -> Sentence:
    nothing = (0.0,) * len(stated.clauses)
    strengths = tuple([tuple([strongest(n, text) for text in stated.folded]) if n else nothing for n in names])
    near, *nearness = [found.near.get(row, found.least) for row in stated.rows]
    return Sentence(hit.passage, stated, strengths, near, tuple(nearness))
