"""Everything the pages show, as HTML and as plain text. What a person typed or a document says is escaped."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.answer import MARK, Answer, Citation, Status
from bot.answering.aigc import GENERATED, implicit_label
from bot.answering.onward import MOST_SHOWN
from bot.guarding.privacy import mask, without_personal_data
from bot.pipeline import Bot
from bot.settings import Settings
from bot.site import Site, host_of
from bot.web import highlight
from bot.wording import read_yaml
from corpus.corpus import Corpus
from corpus.passage import Document, Mention, Passage, Term

HERE = Path(__file__).resolve().parent
# The template folders: shared ones, then those of each part.
TEMPLATES = [HERE / "templates", *(HERE / face / "templates" for face in ("residents", "api", "staff"))]
SENTENCE = re.compile(r"[^。.!\n]+[。.!\n]*")
# Statuses whose answers cite no passage, so that examples are suggested; and how many.
ASIDE, OFFERED = (Status.CLARIFY, Status.OUT_OF_SCOPE, Status.SMALLTALK), 3
DECLINED = (Status.NOT_IN_REPORT, Status.OUT_OF_SCOPE, Status.CLARIFY)


def templates(**known: object) -> Environment:
    """The template environment with its globals. A missing variable is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: (name or "").endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(known)
    return environment


def starting_page(settings: Settings) -> str:
    """What is shown while the bot is being opened."""
    known = {"site": Site.load(settings.site_file), "text": read_yaml(settings.prompts_dir / "page.yaml")}
    return templates(**known).get_template("starting.html").render()


@dataclass(frozen=True, slots=True)
class Block:
    """A block of an answer: what is `said`, or a cited passage around its quote; `lead` states its time."""

    said: tuple[highlight.Piece, ...] = ()
    citation: Citation | None = None
    where: str = ""
    excerpt: highlight.Excerpt | None = None
    lead: str = ""


@dataclass(frozen=True)
class Views:
    """The pages over an open bot. `today` decides whether a plan's year is past."""

    bot: Bot
    today: date | None = None
    announced: Callable[[], Sequence[str]] = tuple

    @cached_property
    def text(self) -> dict[str, Any]:
        """The pages' texts, `prompts/page.yaml`."""
        return read_yaml(self.bot.settings.prompts_dir / "page.yaml")

    @cached_property
    def trust(self) -> dict[str, Any]:
        """The pages on privacy, answers and complaints, `prompts/trust.yaml`."""
        return read_yaml(self.bot.settings.prompts_dir / "trust.yaml")

    @property
    def corpus(self) -> Corpus:
        """The documents the pages are about."""
        return self.bot.index.corpus

    @cached_property
    def documents(self) -> list[Document]:
        """All documents, the newest first."""
        return sorted(self.corpus.documents.values(), key=lambda d: (-d.year, d.id))

    @cached_property
    def _templates(self) -> Environment:
        site, newest = self.bot.site, self.documents[0]
        writer = self.text["writer_model" if self.bot.composer else "writer_excerpt"]
        made = templates(
            site=site,
            host_of=host_of,
            text=self.text,
            document=newest,
            title=self.text["title"].format(place=site.place),
            dated=self.dated(newest),
            facts=[fact.format(title=newest.title, writer=writer) for fact in self.text["facts"]],
            hotline=self.text["hotline"].format(phone=site.hotline.phone),
            model=self._model_line(),
            icon="data:image/svg+xml," + quote((HERE / "static" / "icon.svg").read_text(encoding="utf-8")),
            limit=self.bot.settings.max_question_chars,
            announced=self.announced,
            public=self.bot.settings.public_url,
            domain=urlsplit(self.bot.settings.public_url).hostname or "",
            root=self.bot.settings.root_path + "/",
            accounts=read_yaml(self.bot.settings.prompts_dir / "accounts.yaml"),
        )
        made.filters |= {"local": self.local, "percent": "{:.1%}".format}
        return made

    def local(self, moment: datetime | str, form: str = "%Y-%m-%d %H:%M") -> str:
        """A moment, or its ISO 8601, in local time."""
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return at.astimezone(self.bot.site.zone).strftime(form)

    def render(self, name: str, **variables: object) -> str:
        """A template by its file name."""
        return self._templates.get_template(name).render(**variables)

    def browser_texts(self) -> dict[str, str]:
        """The texts of the page's scripts."""
        phone = self.bot.site.hotline.phone
        return {key: words.replace("{phone}", phone) for key, words in self.text["browser"].items()}

    def turn(self, question: str, answer: Answer, linked: bool = False) -> str:
        """One question and its answer. `linked` makes the marks links, for a page without scripts."""
        blocks = self._blocks(answer)
        shown = {block.citation.mark for block in blocks if block.citation}
        asked = mask(question)
        return self.render(
            "turn.html",
            question=asked,
            masked=asked != question,
            answer=answer,
            linked=linked,
            blocks=blocks,
            quotes={citation.mark: citation.quote for citation in answer.citations},
            first=next((block for block in blocks if block.citation), None),
            sources=[self._source(citation) for citation in answer.citations if citation.mark not in shown],
            counted=self._counted(blocks),
            declined=answer.status in DECLINED,
            leads=_leads(answer),
            offered=self.bot.site.examples[:OFFERED] if answer.status in ASIDE else (),
            dated=self._answer_dated(answer),
            copied=self.copied(asked, answer),
            spoken=self.spoken(answer),
            aigc=self._implicit(answer),
            handoff=self.handoff(question, answer) if answer.status in DECLINED else "",
            rated=answer.status in (Status.ANSWERED, *DECLINED),
        )

    def copied(self, question: str, answer: Answer) -> str:
        """The turn as plain text, with its label and its sources."""
        return self.render("copied.txt", question=question, answer=answer, where=self.where).strip()

    def spoken(self, answer: Answer) -> str:
        """The text to read aloud: the label first, then the answer without marks."""
        said: str = self.text["spoken_label"].format(label=answer.label)
        return said + MARK.sub("", answer.answer)

    def handoff(self, question: str, answer: Answer) -> str:
        """A text to read or paste to the hotline; personal data masked."""
        return self.render(
            "handoff.txt",
            question=without_personal_data(question),
            titles="》《".join(d.title for d in self.documents),
            near=[" › ".join(self.corpus.by_id[i].section) for i in _near(answer)],
            when=self.local(datetime.now(UTC)),
        ).strip()

    def sources(self, answer: Answer) -> str:
        """Label and sources as lines that follow an answer's text, for programs that show nothing but text."""
        return (
            "\n\n"
            + self.render("sources.txt", answer=answer, where=self.where, dated=self._answer_dated(answer)).strip()
        )

    def where(self, passage: Passage | str) -> str:
        """Which passage of its kind: 正文第17段, 附注第3条."""
        found = self.corpus.by_id[passage] if isinstance(passage, str) else passage
        return str(self.text[found.kind].format(number=found.number))

    def dated(self, document: Document) -> str:
        """What a reader must know of a plan's year; empty for other kinds of document."""
        now = (self.today or datetime.now(self.bot.site.zone)).year
        if document.kind != "annual_plan":
            return ""
        key = "past_plan" if document.year < now else "present_plan"
        return str(self.text[key].format(year=document.year, now=now, phone=self.bot.site.hotline.phone))

    def mentions(self, passage: Passage) -> list[tuple[Mention, Term]]:
        """Where a passage mentions terms."""
        return [(mention, self.corpus.terms[place]) for place, mention in self.corpus.uses.get(passage.id, ())]

    def _explained(self, answer: Answer) -> list[Term]:
        """The terms of an answer, except those whose annotation is quoted anyway."""
        ids = {term.passage_id for term in answer.terms} - {citation.passage_id for citation in answer.citations}
        places = sorted(place for annotation in ids for place in self.corpus.explained.get(annotation, ()))
        return [self.corpus.terms[place] for place in places]

    def _answer_dated(self, answer: Answer) -> str:
        done = {citation.part.year for citation in answer.citations if citation.part.kind == "review"}
        plans = (c for c in answer.citations if c.part.kind == "plan" and c.part.year not in done)
        planned = [self.corpus.by_id[c.passage_id].document_id for c in plans]
        return self.dated(self.corpus.documents[planned[0]]) if planned else ""

    def _blocks(self, answer: Answer) -> list[Block]:
        """The blocks of an answer's text: whole quotes become the passage itself; what the table shows is left out."""
        citations = {citation.mark: citation for citation in answer.citations}
        terms, blocks, lead = self._explained(answer), [], ""
        text = "" if answer.compared else answer.answer
        for piece in highlight.at_quotes(text, {mark: c.quote for mark, c in citations.items()}):
            if isinstance(piece, int):
                blocks.append(replace(self._source(citations[piece]), lead=lead))
                continue
            said, lead = self._without_lead(piece, citations)
            said = self._without_hotline(said, answer)
            if said.strip():
                blocks.append(Block(said=tuple(highlight.of_answer(said.strip(), terms))))
        return blocks

    def _without_lead(self, said: str, citations: Mapping[int, Citation]) -> tuple[str, str]:
        """The text before a quote, without its lead-in, and the page's own lead: the time of the quote."""
        for c in citations.values():
            lead = self.bot.speaker.text(Status.ANSWERED, c.part.kind, title=c.document, period=c.part.period)
            if lead in said:
                return said.replace(lead, ""), str(self.text["leads"][c.part.kind].format(period=c.part.period))
        before, stop, lead = said.rstrip().rpartition("。")
        return (before + stop, lead[:-1]) if lead.endswith("\uff1a") else (said, "")

    def _without_hotline(self, said: str, answer: Answer) -> str:
        """The text without the sentences that name the hotline, where a button dials it."""
        phone = self.bot.site.hotline.phone
        if answer.status not in DECLINED or phone not in {contact.phone for contact in answer.contacts}:
            return said
        return "".join(sentence for sentence in SENTENCE.findall(said) if phone not in sentence)

    def _counted(self, blocks: Sequence[Block]) -> int:
        """The number of items of a list shown whole; 0 for no list."""
        quotes = [block.excerpt for block in blocks if block.excerpt]
        items = len(quotes[0].items) if len(quotes) == 1 and blocks[-1].excerpt else 0
        return items if items >= highlight.LIST else 0

    def _implicit(self, answer: Answer) -> str:
        """The implicit label of a generated answer, as JSON; empty for every other."""
        made = {"AIGC": implicit_label(self.bot.site.operator, answer.id)}
        return json.dumps(made, ensure_ascii=False) if answer.mode == GENERATED else ""

    def _source(self, citation: Citation) -> Block:
        passage = self.corpus.by_id[citation.passage_id]
        excerpt = highlight.of_quote(citation.text, self.mentions(passage), (citation.start, citation.end))
        return Block(citation=citation, where=self.where(passage), excerpt=excerpt)

    def _model_line(self) -> str:
        """The model's name and filing number; empty when there are only excerpts."""
        if not self.bot.composer:
            return ""
        number = self.bot.settings.model_filing
        filing = self.text["filing"].format(number=number) if number else ""
        return str(self.text["model"].format(model=self.model_name, filing=filing))

    @property
    def model_name(self) -> str:
        """The model's display name."""
        return self.bot.settings.model_title or self.bot.settings.model_name


def _leads(answer: Answer) -> str:
    """The query for follow-up questions to an answer's passages; empty without passages."""
    quoted = [(c.passage_id, c.start, c.end) for c in answer.citations[:MOST_SHOWN]]
    shown = quoted or [(related.passage_id, 0, 0) for related in answer.related]
    return urlencode([pair for one in shown for pair in zip(("p", "from", "to"), one, strict=True)])


def _near(answer: Answer) -> list[str]:
    """The passages nearest to a question the report does not answer."""
    cited = [citation.passage_id for citation in answer.citations]
    return list(dict.fromkeys([*cited, *(related.passage_id for related in answer.related)]))[:3]
