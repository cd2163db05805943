"""What is said for each outcome without a model: the excerpt answer, the refusals, the fixed wordings."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot import tuning
from bot.answer import Answer, Citation, ComparedYear, Contact, Status
from bot.answering import excerpt
from bot.answering.citations import check
from bot.answering.departments import Directory
from bot.answering.short import short
from bot.finding.evidence import Evidence, concept_strength, joined
from bot.guarding.guard import Verdict
from bot.judging.course import Course
from bot.judging.decide import Judgement, Outcome
from bot.judging.progress import counterparts
from bot.site import Site
from bot.understanding.language import Language
from bot.understanding.question import Question
from bot.wording import Wording
from corpus.corpus import Corpus
from corpus.encoder import Encoder
from corpus.figures import arabic, figures
from corpus.passage import Hit
from corpus.words import HAN

# The lead-in to an answer whose question presumes what the report does not say.
LEADS = {Outcome.CORRECTED: "corrected_lead", Outcome.UNCONFIRMED: "unconfirmed_lead"}
DIALLED = re.compile(r"(?<![\d到])(1\d{2,4})(?!\d)(?:\uff08([^\uff09]*)\uff09)?")


@dataclass(frozen=True, slots=True)
class Judged:
    """One thing asked, the passages found for it, and what they were judged to be."""

    question: Question
    hits: tuple[Hit, ...]
    judgement: Judgement


@dataclass(frozen=True)
class Speaker:
    """Puts outcomes into the words of `prompts/`. `limit` is the maximum length of a question in characters; `encoder`
    finds the department that handles a request.
    """

    language: Language
    site: Site
    wording: Wording
    limit: int
    encoder: Encoder | None = None

    @property
    def corpus(self) -> Corpus:
        """The documents that answers are from."""
        return self.language.corpus

    def stop(self, verdict: Verdict) -> Answer:
        """What is said when the guard stops a turn; a request for a person is answered with where to find one."""
        contacts = {"contacts": (self.site.hotline,)} if verdict.key == "person" else {}
        return self._make(verdict.status, self.text(verdict.status, verdict.key), **contacts)

    def warn(self, card: Verdict, beside: Answer | None) -> Answer:
        """Whom to call, as the advice of the card names them; stands before the answer to anything else asked."""
        said = self.text(card.status, card.key, advice=card.advice.format(phone=self.site.hotline.phone))
        named = dict.fromkeys(DIALLED.findall(said))
        warned = self._make(card.status, said, contacts=tuple(Contact(n or phone, phone) for phone, n in named))
        if beside is None or beside.status is not Status.ANSWERED:
            return warned
        text = self.text(card.status, "beside", said=said, answer=beside.answer)
        return replace(warned, answer=text, citations=beside.citations, terms=beside.terms)

    def quote(self, judged: Sequence[Judged], missing: Sequence[Judged]) -> Answer:
        """The excerpt answer to the answered parts of a turn, and a line for each part that is not."""
        corpus = self.corpus
        evidence = joined(list(dict.fromkeys(e for one in judged for e in one.judgement.evidence)))
        quoted = excerpt.cite(evidence, corpus)
        others = self._counterparts(judged, evidence)
        citations = (*quoted, *others)
        told = self._of_how_many(judged) + self.also_missing(missing, judged)
        done = "".join("\n" + self._progress(one) for one in others)
        text = self.lead(judged) + excerpt.quote_text(quoted, corpus, self.wording) + done + told
        led = "".join(f"{c.document}{c.part.period}" for c in citations)
        led += "".join(self._progress(one, quote="") for one in others)
        check(text, citations, said=led + told)
        contacts = (self.site.hotline,) if missing else ()
        terms = excerpt.explain(citations, corpus)
        in_short = (
            short(judged[0].question, judged[0].judgement, self.wording, self.language) if len(judged) == 1 else ""
        )
        return self._make(Status.ANSWERED, text, citations=citations, terms=terms, contacts=contacts, short=in_short)

    def _counterparts(self, judged: Sequence[Judged], quoted: Sequence[Evidence]) -> tuple[Citation, ...]:
        """The citations of what came of quoted promises or had been promised, where few are; marks after theirs."""
        found = dict.fromkeys(r for one in judged for r in counterparts(one.question, quoted, self.language))
        cited = (
            excerpt.citation(mark, self.corpus.by_id[r.passage_id], (r.start, r.end), self.corpus)
            for mark, r in enumerate(found, start=len(quoted) + 1)
        )
        return tuple(cited) if len(found) <= tuning.PROGRESS_TOLD else ()

    def _progress(self, other: Citation, **said: str) -> str:
        """What the report of another year says of a promise or result; `said` may replace its words."""
        document = self.corpus.documents[self.corpus.by_id[other.passage_id].document_id]
        known = {"year": document.year, "quote": f"{other.quote}。[{other.mark}]", **said}
        return self.text(Status.ANSWERED, "progress" if other.part.kind == "review" else "promised", **known)

    def compare(self, followed: Course) -> Answer:
        """A figure over the years: a line for the plan and the result of each year, and for each year that has none."""
        corpus = self.corpus
        spans = ((one.statement.passage_id, one.statement.start, one.statement.end) for one in followed.said)
        citations = tuple(
            excerpt.citation(mark, corpus.by_id[passage], (start, end), corpus)
            for mark, (passage, start, end) in enumerate(spans, start=1)
        )
        told = [
            ComparedYear(one.part.until, one.part.kind, one.figure, c.mark)
            for one, c in zip(followed.said, citations, strict=True)
        ]
        missing = {"compared_unsaid": followed.unsaid, "compared_unheld": followed.unheld}
        notes = ((key, year) for key, years in missing.items() for year in years)
        told += (ComparedYear(year, None, "", 0, self.text(Status.ANSWERED, key)) for key, year in notes)
        told.sort(key=lambda row: row.year)
        titles = "》《".join(dict.fromkeys(c.document for c in citations))
        lines = [self.text(Status.ANSWERED, "compared_lead", titles=titles)]
        lines += (self._compared(row, citations) for row in told)
        text = "\n".join(lines)
        check(text, citations, said=lines[0] + "".join(f"{row.year}年{row.note}" for row in told))
        terms = excerpt.explain(citations, corpus)
        return self._make(Status.ANSWERED, text, citations=citations, terms=terms, compared=tuple(told))

    def _compared(self, row: ComparedYear, citations: Sequence[Citation]) -> str:
        """The line of a row."""
        known = {"year": row.year, "note": row.note, "mark": row.mark}
        quote = citations[row.mark - 1].quote if row.mark else ""
        return self.text(Status.ANSWERED, f"compared_{row.kind or 'note'}", quote=quote, **known)

    def lead(self, judged: Sequence[Judged]) -> str:
        """The lead-in where the question presumes what the report does not say; else empty."""
        outcomes = {one.judgement.outcome for one in judged}
        return "".join(self.text(Status.ANSWERED, key) for outcome, key in LEADS.items() if outcome in outcomes)

    def _of_how_many(self, judged: Sequence[Judged]) -> str:
        """A line for each list that is not quoted whole."""
        cut = [one.judgement for one in judged if one.judgement.total]
        lines = (self.text(Status.ANSWERED, "cut", total=one.total, shown=len(one.evidence)) for one in cut)
        return "".join("\n" + line for line in lines)

    def also_missing(self, missing: Sequence[Judged], answered: Sequence[Judged]) -> str:
        """A line for each part of a turn that the report does not answer, in addition to those that it does."""
        told = {one.question.text for one in answered}
        usable = (one for one in missing if one.judgement.outcome is not Outcome.UNCLEAR)
        lines = dict.fromkeys(self._also(one, of_year=one.question.text in told) for one in usable)
        return "".join("\n" + line for line in lines)

    def _also(self, one: Judged, of_year: bool) -> str:
        """The line for one part; `of_year`: the same words are answered for another year. Repeats no figure."""
        asked, text = one.judgement.asked, one.question.text.strip(",;.?!。 ")
        said = "" if of_year or figures(arabic(text)) else text
        if one.judgement.outcome is Outcome.DETAIL_MISSING:
            return self.text(Status.ANSWERED, "also_missing" if said else "also_missing_other", asked=asked, said=said)
        if of_year or one.judgement.outcome is Outcome.YEAR_MISSING:
            return self.text(Status.ANSWERED, "also_other_year")
        return self.text(Status.ANSWERED, "also_absent" if said else "also_absent_other", said=said)

    def decline(self, one: Judged) -> Answer:
        """What is said when the report does not answer, with the nearest passages and whom to ask instead."""
        corpus = self.corpus
        best = one.judgement.evidence[0] if one.judgement.evidence else None
        key, variables = self._reason(one.question, one.judgement)
        near = key.startswith("near") and best is not None
        citations = excerpt.cite([best], corpus) if near and best else ()
        said = self.text(Status.NOT_IN_REPORT, key, **variables, quote="")
        text = self.text(Status.NOT_IN_REPORT, key, **variables, quote=f"{best.quote}。" if best else "")
        if not HAN.search(one.question.text):
            text += "\n" + self.text(Status.NOT_IN_REPORT, "in_english")
        check(text, citations, said=said + self.site.hotline.phone)
        if one.judgement.outcome is Outcome.STATEMENT:
            return self._make(Status.NOT_IN_REPORT, text, citations=citations, contacts=self._ways(one.question))
        related = excerpt.relate(one.hits, best, corpus)
        return self._make(Status.NOT_IN_REPORT, text, citations=citations, related=related)

    def _ways(self, question: Question) -> tuple[Contact, ...]:
        """The department that handles a request, where it is known, and the hotline."""
        department = self._directory.of(question.text)
        return (department.contact, self.site.hotline) if department else (self.site.hotline,)

    @cached_property
    def _directory(self) -> Directory:
        return Directory(self.site.departments, self.encoder)

    def _reason(self, question: Question, judgement: Judgement) -> tuple[str, dict[str, object]]:
        named = judgement.outcome in (Outcome.DETAIL_MISSING, Outcome.NAME_MISSING)
        if named and not _is_of_the_matter(question, judgement.evidence[0], self.corpus):
            return "text", {}
        if judgement.outcome is Outcome.DETAIL_MISSING:
            return "near", {"asked": judgement.asked}
        if judgement.outcome is Outcome.NAME_MISSING:
            return "near_name", {"asked": judgement.asked}
        if judgement.outcome is Outcome.STATEMENT:
            return ("near_statement" if judgement.evidence else "statement"), {}
        if judgement.outcome is Outcome.YEAR_MISSING:
            document = self.corpus.newest
            for part in document.parts_missing:
                if part.year == question.year:
                    return "missing_part", {"part": part.title, "year": part.year}
            asked = question.period.words if question.period else ""
            return "other_year", {"asked": asked, "year": document.year}
        return ("more" if judgement.outcome is Outcome.NOTHING_MORE else "text"), {}

    def text(self, status: Status, key: str = "text", **variables: object) -> str:
        """A wording of a status, filled in."""
        known = {
            "title": self.corpus.newest.title,
            "phone": self.site.hotline.phone,
            "name": self.site.name,
            "example": next((one.question for one in self.site.examples), self.corpus.newest.title),
            "limit": self.limit,
        }
        return self.wording.say(status, key, **{**known, **variables})

    def say(self, status: Status, key: str = "text", **variables: object) -> Answer:
        """An answer that is a wording and nothing else."""
        return self._make(status, self.text(status, key, **variables))

    def _make(self, status: Status, text: str, **rest: object) -> Answer:
        if status not in (Status.ANSWERED, Status.SMALLTALK):
            rest.setdefault("contacts", (self.site.hotline,))
        return Answer(
            id=uuid.uuid4().hex,
            status=status,
            mode="excerpt",
            label=self.wording.label(status),
            answer=text,
            **rest,  # type: ignore[arg-type]
        )


def _is_of_the_matter(question: Question, best: Evidence, corpus: Corpus) -> bool:
    """Whether the paragraph of the evidence mentions the main thing asked about; else it is of no use to the person."""
    most = next((concept for concept in question.concepts if concept.solid), None)
    return most is None or concept_strength(most, corpus.folded[best.passage.id]) >= tuning.SPOKEN_OF
