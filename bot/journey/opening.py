"""The parts of a bot, opened from the settings."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from bot.errors import NotKept, NotReady
from bot.guarding.guard import Guard
from bot.meter import Meter
from bot.records.database import Database, Lock
from bot.settings import Settings
from bot.wording import WordingError
from bot.writing.breaker import Breaker
from bot.writing.budget import Budget
from bot.writing.endpoint import EndpointModel, refuse_foreign
from bot.writing.faithfulness import Support
from bot.writing.material import Material
from bot.writing.prompts import Prompts
from bot.writing.writer import Composer
from corpus.build import builtin_embedder
from corpus.chroma import VectorsUnusable
from corpus.corpus import Corpus
from corpus.embed import Embedder, EmbeddingFailed, EndpointEmbedder
from corpus.encoder import E5Encoder, Encoder, EncoderUnavailable
from corpus.folder import IndexUnavailable
from corpus.lexicon import LexiconError
from corpus.read import DocumentError
from corpus.shared import Server

log = logging.getLogger(__name__)


@contextmanager
def as_not_ready() -> Iterator[None]:
    """Turn whatever keeps a bot from being opened into NotReady, with a sentence for people."""
    try:
        yield
    except (DocumentError, LexiconError, WordingError, IndexUnavailable, EmbeddingFailed) as problem:
        raise NotReady(str(problem)) from problem


def composer_of(
    settings: Settings,
    corpus: Corpus,
    guard: Guard,
    meter: Meter,
    encoder: Encoder | None = None,
    before: Composer | None = None,
) -> Composer | None:
    """The composer, when a model is set; it takes over the budget and the breaker of `before`."""
    if not settings.writes:
        return None
    prompts = Prompts.load(settings.prompts_dir)
    return Composer(
        model=EndpointModel(settings),
        prompts=prompts,
        support=Support.load(settings.prompts_dir, corpus, encoder),
        material=Material(prompts, corpus, lambda sentence: guard.is_injection(corpus.words.fold(sentence))),
        breaker=before.breaker if before else Breaker(settings.model_breaker_failures, settings.model_breaker_seconds),
        budget=before.budget if before else Budget(settings.model_daily_tokens),
        meter=meter,
    )


def open_encoder() -> E5Encoder | None:
    """The encoder; None, with a warning, where it cannot be loaded: cues alone then decide what it would."""
    try:
        return E5Encoder()
    except EncoderUnavailable as problem:
        log.warning("no sentence encoder: %s", problem)
        return None


def embedder_of(settings: Settings, corpus: Corpus, encoder: E5Encoder | None) -> Embedder:
    """The endpoint's embedder when one is set, else the sentence encoder; without one, hashed words."""
    if not settings.embedding_base_url:
        return builtin_embedder(corpus, encoder)
    refuse_foreign(settings.embedding_base_url, settings)
    key = settings.embedding_api_key.get_secret_value()
    return EndpointEmbedder(settings.embedding_base_url, key, settings.embedding_model)


def server_of(settings: Settings) -> Server | None:
    """The Chroma server of the settings; None where vectors stand in the data folder. Raises NotReady."""
    if not settings.chroma_url:
        return None
    refuse_foreign(settings.chroma_url, settings)
    return Server(settings.chroma_url, settings.chroma_token.get_secret_value(), lambda: _alone(settings))


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Only one process per database makes an index at a time. Raises VectorsUnusable when the database is down."""
    with (
        closing(Database(settings.records_url, "数据库用不了，不知道有没有别的服务在建索引")) as database,
        ExitStack() as held,
    ):
        try:
            held.enter_context(database.one_at_a_time(Lock.INDEX))
        except NotKept as problem:
            raise VectorsUnusable(problem.message) from problem
        yield
