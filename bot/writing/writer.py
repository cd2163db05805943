"""The answer with a model: sentences with marks, each checked before it is shown."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field

from bot import tuning
from bot.answer import MARK, Citation, Generation
from bot.answering import excerpt
from bot.finding.evidence import Evidence
from bot.meter import Meter
from bot.workers import in_worker
from bot.writing.attribution import attributed
from bot.writing.breaker import Breaker
from bot.writing.budget import Budget, Usage
from bot.writing.endpoint import ChatModel, ModelFailed
from bot.writing.faithfulness import Source, Support
from bot.writing.material import Material, Task, flat
from bot.writing.prompts import Prompts
from bot.writing.sentences import Sentences
from corpus.corpus import Corpus
from corpus.passage import Passage

log = logging.getLogger(__name__)

LONGEST_QUESTION, LONGEST_SENTENCE = 120, 600


@dataclass
class Draft:
    """What came of a task while it is written: the sentences that passed, their citations, and the record."""

    sentences: list[str] = field(default_factory=list)
    marks: dict[int, int] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    first_ms: float = 0.0
    usage: Usage = field(default_factory=Usage)
    fallback: str = ""

    @property
    def text(self) -> str:
        """The sentences that passed, one after the other."""
        return "".join(self.sentences)


class Composer:
    """Writes answers with a model, one sentence at a time."""

    def __init__(
        self,
        model: ChatModel,
        prompts: Prompts,
        support: Support,
        material: Material,
        breaker: Breaker,
        budget: Budget,
        meter: Meter,
    ) -> None:
        self.model, self.breaker, self.budget, self.material = model, breaker, budget, material
        self._prompts, self._support, self._meter = prompts, support, meter

    async def write(self, task: Task, draft: Draft, name: str, room: int) -> AsyncGenerator[str]:
        """The checked sentences of an answer, as they pass; `draft` holds what came of it.

        `name` is what the bot is called, `room` the tokens its prompt may have. Never raises for what the endpoint
        does: `draft.fallback` then names the cause.
        """
        begun = time.perf_counter()
        draft.fallback = self._refusal()
        if draft.fallback:
            return
        system, user, sources = self.material.prompt(task, name, room)
        draft.usage.said = f"{system}\n{user}"
        with self._settled(draft):
            async with aclosing(self._sentences(system, user, draft)) as sentences:
                async for sentence in sentences:
                    shown = await in_worker(self._judged, sentence, task.question, sources, draft)
                    if shown:
                        draft.first_ms = draft.first_ms or (time.perf_counter() - begun) * 1000
                        yield shown

    def _refusal(self) -> str:
        """Why the endpoint is not asked at all, or an empty string."""
        if not self.budget.left:
            return "budget"
        return "" if self.breaker.admit() else "breaker_open"

    @contextmanager
    def _settled(self, draft: Draft) -> Iterator[None]:
        """Tell breaker, budget and meter how the endpoint did, whatever way the writing ends."""
        settled = False
        try:
            yield
            self.breaker.succeeded()
            settled = True
        except ModelFailed as failed:
            draft.fallback = failed.cause
            if failed.cause == "hopeless":
                self.breaker.succeeded()
            else:
                self.breaker.failed(failed.retry_after)
            settled = True
        finally:
            if not settled:
                self.breaker.gave_up()
            self.budget.spend(draft.usage)
            self._meter.wrote(draft.dropped, draft.usage.tokens)

    async def _sentences(self, system: str, user: str, draft: Draft) -> AsyncGenerator[str]:
        """The model's sentences as they come to an end."""
        cutter = Sentences()
        async with aclosing(self.model.stream(system, user)) as pieces:
            async for piece in pieces:
                draft.usage.add(piece.text, piece.prompt_tokens, piece.completion_tokens)
                for sentence in cutter.take(piece.text):
                    yield sentence
                hopeless = not draft.sentences and draft.dropped.total() >= tuning.HOPELESS
                if hopeless or cutter.pending > LONGEST_SENTENCE:
                    raise ModelFailed("hopeless")
        for sentence in cutter.end():
            yield sentence

    async def rephrase(self, question: str, history: Sequence[str], seconds: float) -> str:
        """A follow-up made to stand alone by the model, or an empty string when it fails or adds a word of its own."""
        if not (seconds and self.budget.left and self.breaker.state == "closed"):
            return ""
        system = self._prompts.say("rephrase_system")
        said = "\n".join(f"- {flat(turn)}" for turn in history)
        user = self._prompts.say("rephrase_user", history=said, question=flat(question))
        usage = Usage(f"{system}\n{user}")
        try:
            async with asyncio.timeout(seconds), aclosing(self.model.stream(system, user)) as pieces:
                async for piece in pieces:
                    usage.add(piece.text, piece.prompt_tokens, piece.completion_tokens)
                    if len(usage.written) > LONGEST_QUESTION:
                        return ""
        except (ModelFailed, TimeoutError):
            return ""
        finally:
            self.budget.spend(usage)
        alone = usage.written.strip()
        return alone if alone and self._support.adds_nothing(alone, [*history, question]) else ""

    def _judged(self, sentence: str, question: str, sources: dict[int, Source], draft: Draft) -> str:
        """The sentence with the marks a reader sees, or nothing when it must not leave."""
        if self._support.says_nothing(sentence, question):
            return ""
        translated = self._prompts.wishes(question).translated
        fault = self._support.fault_in_translation if translated else self._support.fault_against
        marked, wrong = attributed(sentence, sources, self._support, fault)
        if wrong:
            draft.dropped[wrong] += 1
            return ""
        shown = MARK.sub(lambda m: f"[{draft.marks.setdefault(int(m.group()[1:-1]), len(draft.marks) + 1)}]", marked)
        draft.sentences.append(shown)
        return shown


def cite(task: Task, draft: Draft, corpus: Corpus) -> tuple[Citation, ...]:
    """A citation for every mark the sentences use, in the order of the marks."""
    return tuple(
        _citation(mark, task.passages[number - 1], task.focus, draft, corpus)
        for number, mark in sorted(draft.marks.items(), key=lambda item: item[1])
    )


def _citation(mark: int, passage: Passage, focus: Sequence[Evidence], draft: Draft, corpus: Corpus) -> Citation:
    """The quote is the clauses that were found to answer, else the clause that shares most with the sentence."""
    found = next((e for e in focus if e.passage.id == passage.id), None)
    place = (found.start, found.end) if found else _nearest(mark, passage, draft, corpus)
    return excerpt.citation(mark, passage, place, corpus)


def _nearest(mark: int, passage: Passage, draft: Draft, corpus: Corpus) -> tuple[int, int]:
    said = "".join(s for s in draft.sentences if f"[{mark}]" in s)
    pairs = {said[i : i + 2] for i in range(len(said) - 1)}
    best = max(
        corpus.clauses[passage.id], key=lambda c: sum(c.text[i : i + 2] in pairs for i in range(len(c.text) - 1))
    )
    return best.start, best.end


def record(draft: Draft, model: str, total_ms: float) -> Generation:
    """What is kept of a model's part in an answer."""
    return Generation(
        model=model,
        first_sentence_ms=round(draft.first_ms, 1),
        total_ms=round(total_ms, 1),
        prompt_tokens=draft.usage.tokens[0],
        completion_tokens=draft.usage.tokens[1],
        dropped=dict(draft.dropped),
        fallback=draft.fallback,
    )
