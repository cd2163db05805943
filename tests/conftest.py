"""What several tests share: the real corpus and a Bot over it, opened once in a temporary data folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.pipeline import Bot
from bot.settings import Settings
from corpus.build import Corpus

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    opened = Bot.open(Settings(data_dir=tmp_path_factory.mktemp("data"), _env_file=None))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def corpus(bot: Bot) -> Corpus:
    return bot.index.corpus
