"""The bot: from a question to an answer, by the steps of `bot/journey/steps.py` and, where one is set, a model."""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import cached_property
from unicodedata import normalize

from bot import tuning
from bot.answer import Answer, Status
from bot.answering import excerpt
from bot.answering.replies import Speaker
from bot.errors import NotFound, QuestionEmpty, QuestionTooLong
from bot.finding.evidence import speaking
from bot.finding.search import retrieve
from bot.finding.slots import proves
from bot.guarding.guard import Guard
from bot.journey.opening import as_not_ready, composer_of, embedder_of, open_encoder, server_of
from bot.journey.steps import Journey, Prepared
from bot.judging.weights import Weights
from bot.meter import Meter
from bot.settings import Settings
from bot.site import Site
from bot.understanding.acts import Acts
from bot.understanding.details import Details
from bot.understanding.kinds import Cues
from bot.understanding.language import Language
from bot.understanding.moves import Moves, recent
from bot.understanding.turn import Reader
from bot.wording import Wording
from bot.workers import in_worker, surviving
from bot.writing import writer
from bot.writing.material import Task, task_of
from bot.writing.writer import Composer, Draft
from corpus.build import Index, open_index
from corpus.corpus import read_corpus
from corpus.passage import Document, Hit, Passage
from corpus.targets import Target


@dataclass(frozen=True)
class Bot:
    """Everything a turn needs, opened once. Safe to use from several threads."""

    index: Index
    site: Site
    speaker: Speaker
    guard: Guard
    language: Language
    settings: Settings
    meter: Meter
    weights: Weights
    acts: Acts | None = None
    composer: Composer | None = None

    @classmethod
    def open(cls, settings: Settings) -> "Bot":
        """Read the corpus, open (or first build) its index. Raises NotReady with a sentence for people."""
        with as_not_ready():
            corpus = read_corpus(settings.documents_dir, settings.lexicon_dir, settings.data_dir)
            site = Site.load(settings.site_file)
            meter, encoder = Meter(), open_encoder()
            guard = Guard.load(settings.prompts_dir, encoder)
            cues = Cues.load(settings.lexicon_dir)
            language = Language(corpus, cues, Details.load(encoder), Moves.load(encoder))
            return cls(
                index=open_index(
                    corpus, settings.data_dir, embedder_of(settings, corpus, encoder), server=server_of(settings)
                ),
                site=site,
                speaker=Speaker(
                    language, site, Wording.load(settings.prompts_dir), settings.max_question_chars, encoder
                ),
                guard=guard,
                language=language,
                settings=settings,
                meter=meter,
                weights=Weights.load(),
                acts=Acts.load(encoder),
                composer=composer_of(settings, corpus, guard, meter, encoder),
            )

    @cached_property
    def reader(self) -> Reader:
        """What reads turns, and remembers them."""
        return Reader(self.guard, self.language, self.acts)

    @cached_property
    def _journey(self) -> Journey:
        """The way of a turn to its excerpt answer."""
        return Journey(self.reader, self.index, self.language, self.weights, self.speaker, self.meter)

    def close(self) -> None:
        """Release the data folder."""
        self.index.close()

    def answer(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
        """The excerpt answer to a turn. Raises QuestionEmpty and QuestionTooLong; every other failure is an Answer."""
        self.refuse_unusable(question)
        begun = time.perf_counter()
        return self._counted(self.prepared(question, history).answer, begun)

    async def reply(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
        """The answer to a turn, by the model when one is set. Raises as `answer` does."""
        async with aclosing(self.stream(question, history)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Answer):
                    return piece
        return self.speaker.say(Status.ERROR_INTERNAL)

    async def stream(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> AsyncGenerator[str | Answer]:
        """The checked sentences of an answer as they pass, then the whole Answer, which alone counts.

        Raises as `answer` does, before the first piece. Without a model the Answer comes at once.
        """
        self.refuse_unusable(question)
        begun = time.perf_counter()
        prepared = await in_worker(self.prepared, question, history)
        composer = self.composer
        if composer and history and not prepared.answered:
            prepared = await self._rephrased(composer, question, history, prepared)
        if not composer or not prepared.can_be_phrased:
            yield self._counted(prepared.answer, begun)
            return
        draft, task = Draft(fallback="internal"), task_of(prepared.said, prepared.answered)
        lead = self.speaker.lead(prepared.answered)
        with surviving("the model's answer"):
            written = composer.write(task, draft, self.site.name, self.settings.model_prompt_tokens)
            async with aclosing(written) as sentences:
                async for sentence in sentences:
                    yield lead + sentence if len(draft.sentences) == 1 else sentence
        yield self._counted(self._finished(prepared, task, draft, composer.model.name, begun), begun)

    def prepared(self, question: str, history: Sequence[Mapping[str, str]]) -> Prepared:
        """A turn up to its excerpt answer, not counted."""
        with surviving("the excerpt answer"):
            return self._journey.go(question, history)
        return Prepared(self.speaker.say(Status.ERROR_INTERNAL))

    async def _rephrased(
        self, composer: Composer, question: str, history: Sequence[Mapping[str, str]], prepared: Prepared
    ) -> Prepared:
        """The turn as the model rewrites it to stand alone, when that is answered and the rules' reading is not."""
        masked, usable = await in_worker(self._usable, question, history)
        alone = await composer.rephrase(masked, usable, self.settings.model_rephrase_seconds) if masked else ""
        again = await in_worker(self.prepared, alone, ()) if alone else prepared
        return again if again.answered else prepared

    def _usable(self, question: str, history: Sequence[Mapping[str, str]]) -> tuple[str, list[str]]:
        """The turn and those before it as a model may read them; nothing of what the guard stops."""
        masked, *earlier = [
            "" if (turn := self.reader.read(said)).verdict else turn.masked for said in (question, *recent(history))
        ]
        return masked, [said for said in earlier if said]

    def _finished(self, prepared: Prepared, task: Task, draft: Draft, model: str, begun: float) -> Answer:
        """The model's answer when it answers what was asked, else the excerpt; with the record of how it came."""
        if not draft.fallback and not self._answers(prepared, task, draft):
            draft.fallback = "unsupported" if draft.dropped else "insufficient"
        generation = writer.record(draft, model, (time.perf_counter() - begun) * 1000)
        if draft.fallback:
            self.meter.fell_back(draft.fallback)
            return replace(prepared.answer, generation=generation)
        self.meter.first_sentence(draft.first_ms / 1000)
        citations = writer.cite(task, draft, self.index.corpus)
        text = (
            self.speaker.lead(prepared.answered)
            + draft.text
            + self.speaker.also_missing(prepared.missing, prepared.answered)
        )
        return replace(
            prepared.answer,
            mode="generated",
            label=self.speaker.text(Status.ANSWERED, "generated_label"),
            answer=text,
            citations=citations,
            terms=excerpt.explain(citations, self.index.corpus),
            short=prepared.answer.short if any(prepared.answer.short in c.quote for c in citations) else "",
            generation=generation,
        )

    def _answers(self, prepared: Prepared, task: Task, draft: Draft) -> bool:
        """Whether the accepted sentences give what was asked for, from a passage that answers it."""
        cited = {task.passages[number - 1].id for number in draft.marks}
        for one in prepared.answered:
            needed = {e.passage.id for e in one.judgement.evidence}
            if not cited & needed or (one.question.wants_list and needed - cited):
                return False
            told = (proves(one.question, self.language, self.language.fold(s), s) for s in draft.sentences)
            if one.question.asked and not one.question.is_claim and not any(told):
                return False
        return True

    def _counted(self, answer: Answer, begun: float) -> Answer:
        self.meter.answered(answer.status, answer.mode, time.perf_counter() - begun)
        return answer

    def hits(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> tuple[Hit, ...]:
        """The passages found for a turn, best first, those below the threshold among them."""
        turn = self.reader.read(question, history)
        whole = turn.whole or self.reader.look_up(question).whole
        return retrieve(whole, self.index) if whole else ()

    def search(self, query: str, k: int = 8) -> tuple[Hit, ...]:
        """The best passages for a query, whether or not they answer it."""
        self.refuse_unusable(query)
        whole = self.reader.look_up(query).whole
        return tuple(h for h in retrieve(whole, self.index, k) if h.kept) if whole else ()

    def targets(self, topic: str = "", query: str = "") -> tuple[Target, ...]:
        """The quantified promises whose heading contains `topic` and whose clause matches `query` (both optional).

        Raises QuestionTooLong.
        """
        promises = self.index.corpus.promises
        for words in (topic, query):
            self._refuse_long(words)
        places = promises.headed(self.language.fold(topic)) if topic else range(len(promises.targets))
        if query.strip():
            whole = self.reader.look_up(query).whole
            told = set(speaking(whole.concepts if whole else (), promises.clauses, tuning.SPOKEN_OF))
            places = [place for place in places if place in told]
        return tuple(promises.targets[place] for place in places)

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id. Raises NotFound."""
        if passage_id not in self.index.corpus.by_id:
            raise NotFound(f"没有编号为“{passage_id}”的段落，请检查编号")
        return self.index.corpus.by_id[passage_id]

    def document(self, document_id: str) -> Document:
        """The document with this id. Raises NotFound."""
        if document_id not in self.index.corpus.documents:
            raise NotFound(f"没有编号为“{document_id}”的文件，请检查编号")
        return self.index.corpus.documents[document_id]

    def refuse_unusable(self, question: str) -> None:
        """Raises QuestionEmpty and QuestionTooLong."""
        if not question.strip():
            raise QuestionEmpty(self.speaker.text(Status.ERROR_EMPTY))
        self._refuse_long(question)

    def _refuse_long(self, question: str) -> None:
        """One character may stand for many (㍿): the spelt-out text may be at most twice as long."""
        limit = self.settings.max_question_chars
        if len(question) > limit or len(normalize("NFKC", question)) > 2 * limit:
            raise QuestionTooLong(self.speaker.text(Status.ERROR_TOO_LONG))
