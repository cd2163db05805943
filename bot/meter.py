"""What is counted, for `/metrics` (Prometheus text format). Nothing about a person or a question is in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.watching.tracing import span

SECONDS = (0.005, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
BREAKER = {"closed": 0, "half_open": 1, "open": 2}

# Gauges, read when `/metrics` is asked for.
STATE = {
    "ready": "1 when questions can be answered",
    "records_up": "1 when records can be written and read",
    "records_lost": "Turns that could not be recorded",
    "documents": "Documents that are used",
    "documents_skipped": "Documents that could not be read",
    "encoder_up": "1 when the sentence encoder is loaded",
    "vectors_up": "1 when the last search had its vectors",
    "chroma_up": "1 when the Chroma server answers, or none is used",
    "suspended_answers": "Approved answers that wait because what they cite has changed",
    "disk_free_bytes": "What is free where the data folder is",
}

Step = Literal["read", "find", "judge", "say"]


class Meter:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter("bot_answers", "Answers by outcome", ("status", "mode"), registry=self._registry)
        self._fallbacks = Counter(
            "bot_fallbacks", "Excerpts given instead of a model's text", ("cause",), registry=self._registry
        )
        self._dropped = Counter(
            "bot_dropped_sentences", "Sentences that did not pass", ("fault",), registry=self._registry
        )
        self._tokens = Counter("bot_tokens", "Tokens counted by the endpoint", ("kind",), registry=self._registry)
        self._seconds = Histogram(
            "bot_answer_seconds", "Time to a whole answer", ("mode",), buckets=SECONDS, registry=self._registry
        )
        self._first = Histogram(
            "bot_first_sentence_seconds", "Time to a model's first sentence", buckets=SECONDS, registry=self._registry
        )
        self._steps = Histogram(
            "bot_step_seconds", "Time of each step of an excerpt", ("step",), buckets=SECONDS, registry=self._registry
        )
        self._breaker = Gauge("bot_breaker", "0 closed, 1 half open, 2 open", registry=self._registry)
        self._ratings = Counter("bot_ratings", "Answers rated", ("useful",), registry=self._registry)
        self._state = {name: Gauge(f"bot_{name}", told, registry=self._registry) for name, told in STATE.items()}
        ProcessCollector(registry=self._registry)
        self._searches = Counter("bot_searches_without_vectors", "Searches by keywords alone", registry=self._registry)

    def answered(self, status: str, mode: str, seconds: float) -> None:
        """An answer left."""
        self._answers.labels(status, mode).inc()
        self._seconds.labels(mode).observe(seconds)

    @contextmanager
    def step(self, name: Step) -> Iterator[None]:
        """Times one step of the way to an excerpt."""
        with span(name), self._steps.labels(name).time():
            yield

    def fell_back(self, cause: str) -> None:
        """An excerpt was given in place of a model's text."""
        self._fallbacks.labels(cause).inc()

    def wrote(self, dropped: Mapping[str, int], tokens: tuple[int, int]) -> None:
        """A call to a model ended."""
        for fault, count in dropped.items():
            self._dropped.labels(fault).inc(count)
        for kind, count in zip(("prompt", "completion"), tokens, strict=True):
            self._tokens.labels(kind).inc(count)

    def first_sentence(self, seconds: float) -> None:
        """The first checked sentence of a model arrived."""
        self._first.observe(seconds)

    def rated(self, useful: bool) -> None:
        """A resident rated an answer for the first time."""
        self._ratings.labels(str(useful).lower()).inc()

    def searched_without_vectors(self) -> None:
        """A search went on with keywords alone, as the embedding endpoint or the Chroma server was down."""
        self._searches.inc()

    def text(self, breaker: str, state: Mapping[str, float] | None = None) -> bytes:
        """Everything counted, in Prometheus' text format; `state` has values for names of STATE."""
        self._breaker.set(BREAKER[breaker])
        for name, value in (state or {}).items():
            self._state[name].set(value)
        return generate_latest(self._registry)
