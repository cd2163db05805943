"""Renewal of the bot when the documents folder changes, while the bot over the older state goes on."""

import logging
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from bot.errors import NotReady
from bot.journey.opening import as_not_ready, composer_of, embedder_of, server_of
from bot.office.documents.examples import fitting
from bot.pipeline import Bot
from bot.settings import Settings
from bot.workers import surviving
from corpus.build import Index, open_index
from corpus.corpus import read_corpus
from corpus.encoder import E5Encoder
from corpus.folder import write_whole
from corpus.watch import Watch

log = logging.getLogger(__name__)
# Seconds after which a failed renewal is tried again, though nothing has changed.
AGAIN_SECONDS = 60.0
# The file that tells other processes (python -m bot doctor) what went wrong; absent where nothing did.
NOTE = "documents.problem"
INTERNAL = "程序出错，请看日志"


def over(bot: Bot, documents_dir: Path, index_dir: Path, beside: Index | None = None) -> Bot:
    """A bot over the documents of one folder, its index in another, by default the one of `beside`. Raises NotReady.

    It shares what does not depend on documents: learned weights, counters, the model's remaining budget.
    """
    settings, encoder = bot.settings, bot.language.details.encoder
    with as_not_ready():
        corpus = read_corpus(documents_dir, settings.lexicon_dir, settings.data_dir, index_dir)
        embedder = embedder_of(settings, corpus, encoder if isinstance(encoder, E5Encoder) else None)
        language = replace(bot.language, corpus=corpus)
        return replace(
            bot,
            index=open_index(corpus, index_dir, embedder, beside, server_of(settings) if beside else None),
            speaker=replace(bot.speaker, language=language),
            language=language,
            composer=composer_of(settings, corpus, bot.guard, bot.meter, bot.speaker.encoder, bot.composer),
        )


def renewed(bot: Bot) -> Bot:
    """A bot over the current documents folder, beside one that goes on. Raises NotReady."""
    return over(bot, bot.settings.documents_dir, bot.settings.data_dir, bot.index)


class Renewal:
    """Watches the documents folder and makes a bot over its content. Its methods block, one at a time."""

    def __init__(self, settings: Settings) -> None:
        """The folder's present state is taken as the one that a bot opened from now on holds."""
        self._watch = Watch(settings.documents_dir)
        self._note = settings.data_dir / NOTE
        self._again = 0.0
        self.problem = ""

    def next(self, bot: Bot) -> Bot | None:
        """A bot over the current documents, once they differ from those of `bot`; otherwise None.

        Where none can be made, `problem` tells why, in Chinese.
        """
        if not self._watch.changed() and not (self.problem and time.monotonic() >= self._again):
            return None
        self._watch.take()
        made = None
        problem = INTERNAL
        with surviving("taking up the documents"):
            try:
                made, problem = fitting(renewed(bot)), ""
            except NotReady as refused:
                problem = refused.message
        self._tell(problem)
        return made

    def _tell(self, problem: str) -> None:
        self.problem, self._again = problem, time.monotonic() + AGAIN_SECONDS
        if problem:
            log.error("文件的改动没有用上，照旧回答：%s", problem)
        with suppress(OSError):  # the log and the doctor itself report a full disk
            write_whole(self._note, problem) if problem else self._note.unlink(missing_ok=True)


def noted_problem(data_dir: Path) -> str:
    """Why the service of a data folder still uses older documents; empty where it does not."""
    note = data_dir / NOTE
    return note.read_text(encoding="utf-8") if note.exists() else ""
