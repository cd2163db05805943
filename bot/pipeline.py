"""Bot.answer: from a question to an answer, a list of steps to be read aloud."""

import logging
import re
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from unicodedata import normalize

from bot.answer import Answer, Status
from bot.answering import excerpt
from bot.answering.replies import Speaker, Turn
from bot.errors import NotFound, NotReady, QuestionEmpty, QuestionTooLong
from bot.finding.evidence import SPOKEN, concept_strength
from bot.finding.search import retrieve
from bot.finding.sentences import find_evidence
from bot.finding.slots import proves
from bot.guarding.guard import Guard, Reading, Verdict
from bot.guarding.privacy import without_personal_data
from bot.judging.decide import Outcome, judge
from bot.meter import Meter
from bot.settings import Settings
from bot.site import Site
from bot.understanding.follow_up import Conversation, recent
from bot.understanding.kinds import Cues
from bot.understanding.question import Question, parts, understand
from bot.wording import Wording, WordingError
from bot.workers import in_worker
from bot.writing import writer
from bot.writing.breaker import Breaker
from bot.writing.budget import Budget
from bot.writing.endpoint import EndpointModel, refuse_foreign
from bot.writing.faithfulness import Support
from bot.writing.prompts import Prompts
from bot.writing.writer import Composer, Draft, Task
from corpus.build import Corpus, Index, IndexUnavailable, builtin_embedder, open_index, read_corpus
from corpus.embed import Embedder, EmbeddingFailed, EndpointEmbedder
from corpus.encoder import E5Encoder, Encoder, EncoderUnavailable
from corpus.lexicon import LexiconError
from corpus.passage import Document, Hit, Passage
from corpus.read import DocumentError
from corpus.targets import Target

log = logging.getLogger(__name__)
RUN = re.compile(r"[\u3400-\u9fffa-z0-9]+")


@dataclass(frozen=True, slots=True)
class Prepared:
    """The excerpt answer to a turn, and the parts of the turn that the report answers and does not.

    `said` is what a model may read of the turn.
    """

    answer: Answer
    said: str = ""
    answered: tuple[Turn, ...] = ()
    missing: tuple[Turn, ...] = ()


@dataclass(frozen=True)
class Bot:
    """Everything a turn needs, opened once. Safe to use from several threads."""

    index: Index
    site: Site
    speaker: Speaker
    guard: Guard
    cues: Cues
    settings: Settings
    meter: Meter
    composer: Composer | None = None

    @classmethod
    def open(cls, settings: Settings) -> "Bot":
        """Read the corpus, open (or first build) its index. Raises NotReady with a sentence for people."""
        try:
            corpus = read_corpus(settings.documents_dir, settings.lexicon_dir, settings.data_dir)
            site = Site.load(settings.site_file)
            meter, guard = Meter(), Guard.load(settings.prompts_dir, open_encoder())
            return cls(
                index=open_index(corpus, settings.data_dir, _embedder(settings, corpus)),
                site=site,
                speaker=Speaker(corpus, site, Wording.load(settings.prompts_dir), settings.max_question_chars),
                guard=guard,
                cues=Cues.load(settings.lexicon_dir),
                settings=settings,
                meter=meter,
                composer=composer_of(settings, corpus, guard, meter),
            )
        except (DocumentError, LexiconError, WordingError, IndexUnavailable, EmbeddingFailed) as problem:
            raise NotReady(str(problem)) from problem

    def close(self) -> None:
        """Give the data folder free."""
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
        if not composer or not prepared.answered or any(t.question.is_structural for t in prepared.answered):
            yield self._counted(prepared.answer, begun)
            return
        draft, task = Draft(fallback="internal"), self._task(prepared)
        lead = self._lead(prepared)
        with _surviving("the model's answer"):
            written = composer.write(task, draft, self.site.name, self.settings.model_prompt_tokens)
            async with aclosing(written) as sentences:
                async for sentence in sentences:
                    yield lead + sentence if len(draft.sentences) == 1 else sentence
        yield self._counted(self._finished(prepared, task, draft, composer.model.name, begun), begun)

    def prepared(self, question: str, history: Sequence[Mapping[str, str]]) -> Prepared:
        """A turn up to its excerpt answer, not counted."""
        with _surviving("the excerpt answer"):
            return self._prepare(question, history)
        return Prepared(self.speaker.say(Status.ERROR_INTERNAL))

    def _prepare(self, question: str, history: Sequence[Mapping[str, str]]) -> Prepared:
        masked = without_personal_data(question)
        folded = self.index.corpus.words.fold(masked).strip()
        reading = self.guard.read(folded)
        stop = reading.stop or (None if self.cues.question.search(reading.text) else reading.unless_asked)
        if stop and not self._looks_up(stop, folded):
            return Prepared(self.speaker.stop(stop))
        if reading.card:
            return Prepared(self.speaker.warn(reading.card, self._beside(reading, history)))
        left = reading.text or folded
        return self._answered(left, masked if left == folded else left, history)

    def _looks_up(self, stop: Verdict, folded: str) -> bool:
        """Whether a turn is words of the documents and nothing else: what they hold is never beside the point."""
        runs = RUN.findall(folded)
        return stop.key != "person" and bool(runs) and all(len(r) > 1 and self.index.corpus.frequency(r) for r in runs)

    def _beside(self, reading: Reading, history: Sequence[Mapping[str, str]]) -> Answer | None:
        """The answer to what is asked beside a danger; None when nothing is."""
        asks = reading.text and self.cues.question.search(reading.text)
        return self._answered(reading.text, "", history).answer if asks else None

    def _answered(self, text: str, said: str, history: Sequence[Mapping[str, str]]) -> Prepared:
        """The excerpt answer to the folded text of a turn that the guard lets through."""
        asked = parts(self._mend(text), self.index.corpus, self.cues)
        conversation = self._conversation(history)
        turns = [self._judged(conversation.question(part)) for part in asked]
        answered = tuple(turn for turn in turns if turn.judgement.outcome in (Outcome.ANSWERED, Outcome.CORRECTED))
        missing = tuple(turn for turn in turns if turn not in answered)
        if answered:
            return Prepared(self.speaker.quote(answered, missing), said, answered, missing)
        if turns[0].judgement.outcome is Outcome.UNCLEAR:
            return Prepared(self.speaker.say(Status.CLARIFY))
        return Prepared(self.speaker.decline(turns[0]))

    async def _rephrased(
        self, composer: Composer, question: str, history: Sequence[Mapping[str, str]], prepared: Prepared
    ) -> Prepared:
        """The turn as the model makes it stand alone, when that is answered and the rules' reading is not."""
        masked, usable = await in_worker(self._usable, question, history)
        alone = await composer.rephrase(masked, usable, self.settings.model_rephrase_seconds) if masked else ""
        again = await in_worker(self.prepared, alone, ()) if alone else prepared
        return again if again.answered else prepared

    def _usable(self, question: str, history: Sequence[Mapping[str, str]]) -> tuple[str, list[str]]:
        """The turn and those before it as a model may read them; nothing of what the guard stops."""
        masked, *earlier = [
            "" if self.guard.check(self.fold(said)) else without_personal_data(said)
            for said in (question, *recent(history))
        ]
        return masked, [turn for turn in earlier if turn]

    def _task(self, prepared: Prepared) -> Task:
        """What the model is to write: from the passages of the evidence, and the next best ones."""
        focus = [e for turn in prepared.answered for e in turn.judgement.evidence]
        near = [hit.passage for turn in prepared.answered for hit in turn.hits if hit.kept]
        passages = dict.fromkeys([*(e.passage for e in focus), *near])
        return Task(prepared.said, tuple(passages), tuple(focus))

    def _lead(self, prepared: Prepared) -> str:
        corrected = any(turn.judgement.outcome is Outcome.CORRECTED for turn in prepared.answered)
        return self.speaker.text(Status.ANSWERED, "corrected_lead") if corrected else ""

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
        text = self._lead(prepared) + draft.text + self.speaker.also_missing(prepared.missing)
        return replace(
            prepared.answer,
            mode="generated",
            label=self.speaker.text(Status.ANSWERED, "generated_label"),
            answer=text,
            citations=citations,
            terms=excerpt.explain(citations, self.index.corpus),
            generation=generation,
        )

    def _answers(self, prepared: Prepared, task: Task, draft: Draft) -> bool:
        """Whether the sentences that passed hold what was asked for, from a passage that answers it."""
        cited = {task.passages[number - 1].id for number in draft.marks}
        for turn in prepared.answered:
            needed = {e.passage.id for e in turn.judgement.evidence}
            if not cited & needed or (turn.question.wants_list and needed - cited):
                return False
            told = (proves(turn.question, self.cues, self.index.corpus, self.fold(s), s) for s in draft.sentences)
            if turn.question.asked and not turn.question.is_claim and not any(told):
                return False
        return True

    def _counted(self, answer: Answer, begun: float) -> Answer:
        self.meter.answered(answer.status, answer.mode, time.perf_counter() - begun)
        return answer

    def _judged(self, question: Question) -> Turn:
        hits = retrieve(question, self.index)
        if not self.index.vectors.healthy:
            self.meter.searched_without_vectors()
        found = find_evidence(question, hits, self.index.corpus, self.cues)
        return Turn(question, hits, judge(question, found, self.index.corpus))

    def understand(self, folded: str, history: Sequence[Mapping[str, str]]) -> Question:
        """The question made to stand alone. Blocked turns are not heard."""
        return self._conversation(history).question(folded)

    def _conversation(self, history: Sequence[Mapping[str, str]]) -> Conversation:
        return Conversation(recent(history), self._heard, self.index.corpus, self.cues)

    def _heard(self, turn: str) -> str:
        """An earlier turn as it is understood; nothing of one that is blocked."""
        reading = self.guard.read(self.fold(turn))
        return "" if reading.verdict else self._mend(reading.text)

    def hits(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> tuple[Hit, ...]:
        """The passages found for a turn, best first, those below the threshold among them."""
        return retrieve(self.understand(self._mend(self.fold(question)), history), self.index)

    def search(self, query: str, k: int = 8) -> tuple[Hit, ...]:
        """The best passages for a query, whether or not they answer it."""
        self.refuse_unusable(query)
        question = understand(self.fold(query), self.index.corpus, self.cues)
        return tuple(h for h in retrieve(question, self.index, k) if h.kept)

    def targets(self, topic: str = "", query: str = "") -> tuple[Target, ...]:
        """The quantified promises whose heading holds `topic` and whose clause speaks of `query` (both optional).

        Raises QuestionTooLong.
        """
        corpus, fold = self.index.corpus, self.index.corpus.words.fold
        for words in (topic, query):
            self._refuse_long(words)
        wanted = self.fold(topic)
        found = [t for t in corpus.targets if wanted in fold(t.topic)] if topic else corpus.targets
        if not query.strip():
            return tuple(found)
        concepts = understand(self._mend(self.fold(query)), corpus, self.cues).concepts
        return tuple(t for t in found if any(concept_strength(c, fold(t.clause)) >= SPOKEN for c in concepts))

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
        """One character may stand for many (㍿): what is read may be twice as long, no longer."""
        limit = self.settings.max_question_chars
        if len(question) > limit or len(normalize("NFKC", question)) > 2 * limit:
            raise QuestionTooLong(self.speaker.text(Status.ERROR_TOO_LONG))

    def fold(self, text: str) -> str:
        """A text as everything here compares texts: without personal data, width and case."""
        return self.index.corpus.words.fold(without_personal_data(text)).strip()

    def _mend(self, folded: str) -> str:
        return self.index.corpus.spelling.mend(folded)


@contextmanager
def _surviving(what: str) -> Iterator[None]:
    """What goes wrong inside is logged, and the turn goes on without it. The one broad except."""
    try:
        yield
    except Exception:
        log.exception("failed: %s", what)


def composer_of(settings: Settings, corpus: Corpus, guard: Guard, meter: Meter) -> Composer | None:
    """What writes with a model, when one is set."""
    if not settings.writes:
        return None
    return Composer(
        model=EndpointModel(settings),
        prompts=Prompts.load(settings.prompts_dir),
        support=Support.load(settings.prompts_dir, corpus.words, corpus.place_names),
        corpus=corpus,
        is_instruction=lambda sentence: guard.is_injection(corpus.words.fold(sentence)),
        breaker=Breaker(settings.model_breaker_failures, settings.model_breaker_seconds),
        budget=Budget(settings.model_daily_tokens),
        meter=meter,
    )


def open_encoder() -> Encoder | None:
    """The encoder; None, with a warning, where it cannot be loaded: what it decides is then decided by cues alone."""
    try:
        return E5Encoder()
    except EncoderUnavailable as problem:
        log.warning("no sentence encoder: %s", problem)
        return None


def _embedder(settings: Settings, corpus: Corpus) -> Embedder:
    """The endpoint's embedder when one is set, else the built-in one."""
    if not settings.embedding_base_url:
        return builtin_embedder(corpus)
    refuse_foreign(settings.embedding_base_url, settings)
    key = settings.embedding_api_key.get_secret_value()
    return EndpointEmbedder(settings.embedding_base_url, key, settings.embedding_model)
