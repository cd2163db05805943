"""Bot.answer: from a question to an answer, a list of steps to be read aloud."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import excerpt
from bot.answer import Answer, Status
from bot.asked import Cues
from bot.check import check
from bot.errors import NotFound, NotReady, QuestionEmpty, QuestionTooLong
from bot.evidence import SPOKEN, concept_strength, joined
from bot.find import find_evidence
from bot.guard import Guard, Verdict
from bot.judge import Judgement, Outcome, judge
from bot.privacy import without_personal_data
from bot.question import Question, parts, understand
from bot.rephrase import context_of
from bot.retrieve import retrieve
from bot.settings import Settings
from bot.site import Site
from bot.wording import Wording, WordingError
from corpus.build import Corpus, Index, IndexUnavailable, builtin_embedder, open_index, read_corpus
from corpus.embed import Embedder, EmbeddingFailed, EndpointEmbedder
from corpus.lexicon import LexiconError
from corpus.passage import Document, Hit, Passage
from corpus.read import DocumentError
from corpus.targets import Target
from corpus.words import HAN

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing asked, the passages found for it, and what they were judged to be."""

    question: Question
    hits: tuple[Hit, ...]
    judgement: Judgement


@dataclass(frozen=True)
class Bot:
    """Everything a turn needs, opened once. Safe to use from several threads."""

    index: Index
    site: Site
    wording: Wording
    guard: Guard
    cues: Cues
    settings: Settings

    @classmethod
    def open(cls, settings: Settings) -> "Bot":
        """Read the corpus, open (or first build) its index. Raises NotReady with a sentence for people."""
        try:
            corpus = read_corpus(settings.documents_dir, settings.lexicon_dir, settings.data_dir)
            return cls(
                index=open_index(corpus, settings.data_dir, _embedder(settings, corpus)),
                site=Site.load(settings.site_file),
                wording=Wording.load(settings.prompts_dir),
                guard=Guard.load(settings.prompts_dir),
                cues=Cues.load(settings.lexicon_dir),
                settings=settings,
            )
        except (DocumentError, LexiconError, WordingError, IndexUnavailable, EmbeddingFailed) as problem:
            raise NotReady(str(problem)) from problem

    def close(self) -> None:
        """Give the data folder free."""
        self.index.close()

    def answer(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
        """Answer one turn. Raises QuestionEmpty and QuestionTooLong; every other failure is an Answer too."""
        self._refuse_unusable(question)
        try:
            return self._answer(question, history)
        except Exception:
            log.exception("no answer")
            return self._say(Status.ERROR_INTERNAL)

    def _answer(self, question: str, history: Sequence[Mapping[str, str]]) -> Answer:
        folded = self._fold(question)
        verdict = self.guard.check(folded)
        if verdict:
            return self._stop(verdict)
        asked = parts(self._mend(folded), self.index.corpus, self.cues)
        said = [*history, *({"role": "user", "content": part} for part in asked)]
        turns = [self._judged(part, said[: len(history) + i]) for i, part in enumerate(asked)]
        answered = [turn for turn in turns if turn.judgement.outcome in (Outcome.ANSWERED, Outcome.CORRECTED)]
        if answered:
            return self._quote(answered, [turn for turn in turns if turn not in answered])
        if turns[0].judgement.outcome is Outcome.UNCLEAR:
            return self._say(Status.CLARIFY)
        return self._decline(turns[0])

    def _judged(self, part: str, history: Sequence[Mapping[str, str]]) -> Turn:
        question = self.understand(part, history)
        hits = retrieve(question, self.index)
        found = find_evidence(question, hits, self.index.corpus, self.cues)
        return Turn(question, hits, judge(question, found, self.index.corpus))

    def understand(self, folded: str, history: Sequence[Mapping[str, str]]) -> Question:
        """The question made to stand alone. Blocked turns are not heard."""
        earlier = [self._fold(t["content"]) for t in history if t.get("role") == "user"]
        usable = [self._mend(turn) for turn in earlier if not self.guard.check(turn)]
        return context_of(folded, usable, self.index.corpus, self.cues)

    def hits(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> tuple[Hit, ...]:
        """The passages found for a turn, best first, those below the threshold among them."""
        return retrieve(self.understand(self._mend(self._fold(question)), history), self.index)

    def search(self, query: str, k: int = 8) -> tuple[Hit, ...]:
        """The best passages for a query, whether or not they answer it."""
        self._refuse_unusable(query)
        question = understand(self._fold(query), self.index.corpus, self.cues)
        return tuple(h for h in retrieve(question, self.index, k) if h.kept)

    def targets(self, topic: str = "", query: str = "") -> tuple[Target, ...]:
        """The quantified promises whose heading holds `topic` and whose clause speaks of `query` (both optional)."""
        corpus = self.index.corpus
        found = [t for t in corpus.targets if self._fold(topic) in self._fold(t.topic)]
        if not query.strip():
            return tuple(found)
        concepts = understand(self._mend(self._fold(query)), corpus, self.cues).concepts
        return tuple(t for t in found if any(concept_strength(c, self._fold(t.clause)) >= SPOKEN for c in concepts))

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id. Raises NotFound."""
        try:
            return self.index.corpus.by_id[passage_id]
        except KeyError as unknown:
            raise NotFound(f"没有编号为“{passage_id}”的段落，请检查编号") from unknown

    def document(self, document_id: str) -> Document:
        """The document with this id. Raises NotFound."""
        try:
            return self.index.corpus.documents[document_id]
        except KeyError as unknown:
            raise NotFound(f"没有编号为“{document_id}”的文件，请检查编号") from unknown

    def _refuse_unusable(self, question: str) -> None:
        if not question.strip():
            raise QuestionEmpty(self._text(Status.ERROR_EMPTY))
        if len(question) > self.settings.max_question_chars:
            raise QuestionTooLong(self._text(Status.ERROR_TOO_LONG))

    def _fold(self, text: str) -> str:
        return self.index.corpus.words.fold(without_personal_data(text)).strip()

    def _mend(self, folded: str) -> str:
        return self.index.corpus.spelling.mend(folded)

    def _stop(self, verdict: Verdict) -> Answer:
        return self._say(verdict.status, verdict.key, advice=verdict.advice)

    def _quote(self, turns: Sequence[Turn], missing: Sequence[Turn]) -> Answer:
        corpus = self.index.corpus
        evidence = joined(list(dict.fromkeys(e for turn in turns for e in turn.judgement.evidence)))
        citations = excerpt.cite(evidence, corpus)
        corrected = any(turn.judgement.outcome is Outcome.CORRECTED for turn in turns)
        text = excerpt.quote_text(citations, corpus, self.wording, corrected)
        for turn in missing:
            if turn.judgement.outcome is Outcome.DETAIL_MISSING:
                text += "\n" + self._text(Status.ANSWERED, "also_missing", asked=turn.judgement.asked)
        check(text, citations, said=f"{citations[0].document}{citations[0].year}年")
        contacts = (self.site.hotline,) if missing else ()
        terms = excerpt.explain(citations, corpus)
        return self._make(Status.ANSWERED, text, citations=citations, terms=terms, contacts=contacts)

    def _decline(self, turn: Turn) -> Answer:
        corpus = self.index.corpus
        best = turn.judgement.evidence[0] if turn.judgement.evidence else None
        key, variables = self._reason(turn.question, turn.judgement)
        near = key.startswith("near") and best is not None
        citations = excerpt.cite([best], corpus) if near and best else ()
        said = self._text(Status.NOT_IN_REPORT, key, **variables, quote="")
        text = self._text(Status.NOT_IN_REPORT, key, **variables, quote=f"{best.quote}。" if best else "")
        if not HAN.search(turn.question.text):
            text += "\n" + self._text(Status.NOT_IN_REPORT, "in_english")
        check(text, citations, said=said + self.site.hotline.phone)
        related = excerpt.relate(turn.hits, best, corpus)
        return self._make(Status.NOT_IN_REPORT, text, citations=citations, related=related)

    def _reason(self, question: Question, judgement: Judgement) -> tuple[str, dict[str, object]]:
        if judgement.outcome is Outcome.DETAIL_MISSING:
            return "near", {"asked": judgement.asked}
        if judgement.outcome is Outcome.NAME_MISSING:
            return "near_name", {"asked": judgement.asked}
        if judgement.outcome is Outcome.YEAR_MISSING:
            document = self._newest()
            for part in document.parts_missing:
                if part.year == question.year:
                    return "missing_part", {"part": part.title, "year": part.year}
            return "other_year", {"asked_year": question.year, "year": document.year}
        return "text", {}

    def _newest(self) -> Document:
        return max(self.index.corpus.documents.values(), key=lambda d: d.year)

    def _text(self, status: Status, key: str = "text", **variables: object) -> str:
        known = {
            "title": self._newest().title,
            "phone": self.site.hotline.phone,
            "name": self.site.name,
            "example": self.site.examples[0],
            "limit": self.settings.max_question_chars,
        }
        return self.wording.say(status, key, **{**known, **variables})

    def _say(self, status: Status, key: str = "text", **variables: object) -> Answer:
        return self._make(status, self._text(status, key, **variables))

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


def _embedder(settings: Settings, corpus: Corpus) -> Embedder:
    """The endpoint's embedder when one is set, else the built-in one."""
    if not settings.embedding_base_url:
        return builtin_embedder(corpus)
    key = settings.embedding_api_key.get_secret_value()
    return EndpointEmbedder(settings.embedding_base_url, key, settings.embedding_model)
