"""What several tests share: the real corpus and a Bot over it, opened once in a temporary data folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import jieba
import pytest
from filelock import FileLock

from bot.journey.opening import composer_of, open_encoder
from bot.meter import Meter
from bot.pipeline import Bot
from bot.settings import Settings
from corpus.corpus import Corpus
from corpus.encoder import E5Encoder
from tests.endpoint import Script, ScriptedEndpoint

ROOT = Path(__file__).resolve().parent.parent
Indexed = Callable[[str], Path]


@pytest.fixture(scope="session", autouse=True)
def parsed() -> Iterator[None]:
    """Jieba reads its dictionary once for all tests: each corpus has a copy, which would take longer to read again."""
    known: dict[bytes, tuple[dict[str, int], int]] = {}
    read = jieba.Tokenizer.initialize

    def initialize(tokenizer: Any) -> None:
        file = Path(tokenizer.tmp_dir, tokenizer.cache_file)
        if known and not file.exists():
            file.write_bytes(next(iter(known)))
        kept = file.read_bytes() if file.exists() else b""
        if kept in known:
            frequencies, tokenizer.total = known[kept]
            tokenizer.FREQ, tokenizer.initialized = dict(frequencies), True
        else:
            read(tokenizer)
            known[file.read_bytes()] = dict(tokenizer.FREQ), tokenizer.total

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jieba.Tokenizer, "initialize", initialize)
        yield


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    """Makes data folders with the index of the documents in them; it is built once, for all processes of a run."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    built = shared / "indexed"
    with FileLock(shared / "indexed.lock"):
        if not built.exists():
            Bot.open(Settings(data_dir=built, _env_file=None)).close()
    return lambda name: shutil.copytree(built, tmp_path_factory.mktemp(name), dirs_exist_ok=True)


@contextmanager
def bot_over(root: Path, **documents: tuple[str, str]) -> Iterator[Bot]:
    """A Bot over documents of its own: by the name of each, the fields of its description (YAML) and its text."""
    for name, (fields, text) in documents.items():
        folder = root / "documents" / name
        folder.mkdir(parents=True)
        (folder / "text.txt").write_text(text, encoding="utf-8")
        (folder / "document.yaml").write_text(f"publisher: 某区人民政府\nfile: text.txt\n{fields}\n", encoding="utf-8")
    opened = Bot.open(Settings(data_dir=root / "data", documents_dir=root / "documents", _env_file=None))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def bot(indexed: Indexed) -> Iterator[Bot]:
    opened = Bot.open(Settings(data_dir=indexed("data"), _env_file=None))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def corpus(bot: Bot) -> Corpus:
    return bot.index.corpus


@pytest.fixture(scope="session")
def encoder() -> E5Encoder | None:
    return open_encoder()


@pytest.fixture(scope="session")
def script() -> Script:
    return Script()


@pytest.fixture(scope="session")
def endpoint(script: Script) -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint(script) as serving:
        yield serving


@pytest.fixture
def writing(bot: Bot, endpoint: ScriptedEndpoint, encoder: E5Encoder | None) -> Callable[..., Bot]:
    """A Bot that writes with the scripted endpoint's model of a name; short time limits unless told otherwise."""

    def with_model(model: str, **more: Any) -> Bot:
        limits = {"model_first_token_seconds": 0.6, "model_stall_seconds": 0.4, "model_deadline_seconds": 2.0}
        reach = {"model_base_url": endpoint.base_url, "model_api_key": "key", "model_name": model}
        settings = Settings(data_dir=bot.settings.data_dir, _env_file=None, **{**reach, **limits, **more})
        meter = Meter()
        return replace(
            bot,
            settings=settings,
            meter=meter,
            composer=composer_of(settings, bot.index.corpus, bot.guard, meter, encoder),
        )

    return with_model
