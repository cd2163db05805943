"""The answer without a model: the clauses that answer, quoted, each with its mark."""

from collections.abc import Sequence
from itertools import groupby

from bot import tuning
from bot.answer import Citation, CitedPart, ExplainedTerm, RelatedPassage, Status
from bot.finding.evidence import Evidence
from bot.wording import Wording
from corpus.corpus import Corpus
from corpus.passage import Hit, Passage


def cite(evidence: Sequence[Evidence], corpus: Corpus) -> tuple[Citation, ...]:
    """One citation per quote, marks from 1, in the order given."""
    return tuple(citation(mark, e.passage, (e.start, e.end), corpus) for mark, e in enumerate(evidence, start=1))


def citation(mark: int, passage: Passage, quote: tuple[int, int], corpus: Corpus) -> Citation:
    """The citation of a span of a passage; `quote` is its start and end in the passage's text."""
    start, end = quote
    document, part = corpus.documents[passage.document_id], corpus.part_of(passage)
    return Citation(
        mark=mark,
        passage_id=passage.id,
        document=document.title,
        year=part.year,
        part=CitedPart(part.title, part.kind, part.year, part.period),
        kind=passage.kind,
        section=passage.section,
        text=passage.text,
        quote=passage.text[start:end],
        start=start,
        end=end,
    )


def quote_text(citations: Sequence[Citation], corpus: Corpus, wording: Wording) -> str:
    """The quotes in order; those of one source and year share a lead-in that names both."""

    def led(citation: Citation) -> str:
        part = corpus.part_of(corpus.by_id[citation.passage_id])
        return wording.say(Status.ANSWERED, part.kind, title=citation.document, period=part.period)

    groups = [(lead, [f"{c.quote}。[{c.mark}]" for c in group]) for lead, group in groupby(citations, key=led)]
    return "\n".join(lead + ("\n" if len(quotes) > 1 else "") + "\n".join(quotes) for lead, quotes in groups)


def explain(citations: Sequence[Citation], corpus: Corpus) -> tuple[ExplainedTerm, ...]:
    """The terms whose words stand in the quotes, with the annotations that explain them."""
    spans = {c.passage_id: (c.start, c.end) for c in citations}
    used = sorted(
        (place, mention.start)
        for passage, (start, end) in spans.items()
        for place, mention in corpus.uses.get(passage, ())
        if mention.start >= start and mention.end <= end
    )
    terms = (corpus.terms[place] for place, _ in used)
    return tuple(ExplainedTerm(term.name, term.annotation_id, term.explanation) for term in terms)


def relate(hits: Sequence[Hit], best: Evidence | None, corpus: Corpus) -> tuple[RelatedPassage, ...]:
    """The nearest passages, for a question that has no answer here."""
    quotes = {best.passage.id: best.quote} if best else {}
    return tuple(
        RelatedPassage(
            hit.passage.id,
            corpus.documents[hit.passage.document_id].title,
            hit.passage.section,
            hit.passage.text,
            quotes.get(hit.passage.id, ""),
        )
        for hit in [h for h in hits if h.kept][: tuning.RELATED_PASSAGES]
    )
