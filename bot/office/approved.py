"""Approved answers: written by an editor, released by a second person, served before anything else is searched."""

import uuid
from collections.abc import Sequence
from datetime import date

from bot.answer import MARK, Answer, Citation, Contact, NamedSource, Status
from bot.answering import excerpt
from bot.pipeline import Bot
from bot.records.office.approved import Cited, Draft, OfficialSource, Referral
from bot.understanding.period import OFF, RELATIVE
from corpus.corpus import Corpus
from corpus.passage import Passage

# What only looks like a relative year.
NO_YEARS = ("工作回顾", "第一部分")


def stands(written: Draft, corpus: Corpus) -> bool:
    """Whether every passage it cites still exists and holds the quote; for an answer that the documents say nothing,
    whether they are still the same ones.
    """
    if written.referral and set(written.referral.documents) != set(corpus.documents):
        return False
    held = (corpus.by_id.get(cited.passage_id) for cited in written.citations)
    return all(p is not None and c.quote in p.text for p, c in zip(held, written.citations, strict=True))


def weakness(written: Draft, corpus: Corpus, today: date) -> str:
    """Why an answer must no longer be served, a key of the office's texts; empty while it may be."""
    if written.source and written.source.valid_until < today:
        return "expired"
    if stands(written, corpus):
        return ""
    return "documents" if written.referral else "changed"


def answer_of(approved: Draft, bot: Bot) -> Answer:
    """The Answer that is shown: its marks, its citations or source, its label. It must stand."""
    citations = _citations(approved, bot.index.corpus)
    text = with_years(approved.answer, approved.year)
    if not MARK.search(text):
        text += "".join(f"[{citation.mark}]" for citation in citations)
    return Answer(
        id=uuid.uuid4().hex,
        status=Status.NOT_IN_REPORT if approved.referral else Status.ANSWERED,
        mode="approved",
        label=bot.speaker.text(Status.ANSWERED, "approved_label"),
        answer=text,
        citations=citations,
        terms=excerpt.explain(citations, bot.index.corpus),
        contacts=_ways(approved.referral, bot) if approved.referral else (),
        sources=(_named(approved.source),) if approved.source else (),
    )


def counted_years(text: str) -> tuple[int, ...]:
    """The relative years of a text (今年 0, 去年 -1), in order."""
    found = (match for match in RELATIVE.finditer(text) if not match.group().endswith(NO_YEARS))
    return tuple(OFF[name] for match in found for name, said in match.groupdict().items() if said and name in OFF)


def with_years(text: str, year: int | None) -> str:
    """The text with each relative year followed by its number: 今年（2025年）."""
    if year is None:
        return text
    shown, at = "", 0
    for match in RELATIVE.finditer(text):
        off = next(OFF[name] for name in OFF if match.group(name))
        number = f"（{year + off}年）"
        plain = match.group().endswith(NO_YEARS) or text.startswith(number, match.end())
        shown += text[at : match.end()] + ("" if plain else number)
        at = match.end()
    return shown + text[at:]


def known_beside(citations: Sequence[Citation]) -> str:
    """What is known about the cited passages beyond their words: documents, times, headings."""
    return "\n".join(f"{c.document}{c.part.period}\n" + "\n".join(c.section) for c in citations)


def _named(source: OfficialSource) -> NamedSource:
    return NamedSource(source.title, source.publisher, str(source.published), source.url)


def _ways(referral: Referral, bot: Bot) -> tuple[Contact, ...]:
    """Whom to ask, by today's site, and the hotline."""
    known = next((o for o in bot.site.offices if (o.name, o.phone) == (referral.name, referral.phone)), None)
    return tuple(dict.fromkeys([known or Contact(referral.name, referral.phone), bot.site.hotline]))


def _citations(written: Draft, corpus: Corpus) -> tuple[Citation, ...]:
    return tuple(_citation(mark, c, corpus.by_id[c.passage_id], corpus) for mark, c in enumerate(written.citations, 1))


def _citation(mark: int, cited: Cited, passage: Passage, corpus: Corpus) -> Citation:
    start = passage.text.index(cited.quote)
    return excerpt.citation(mark, passage, (start, start + len(cited.quote)), corpus)
