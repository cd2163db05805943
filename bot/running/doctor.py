"""`python -m bot doctor`: checks each external dependency, and says in Chinese how to fix what is wrong."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.errors import BotError
from bot.journey.opening import server_of
from bot.office.documents.renewal import noted_problem
from bot.settings import Settings
from bot.wording import Wording, WordingError, read_yaml
from bot.writing.endpoint import EndpointModel, ModelFailed, refuse_foreign
from bot.writing.prompts import Prompts
from corpus.chroma import VectorsUnusable, in_server
from corpus.embed import EmbeddingFailed, EndpointEmbedder
from corpus.encoder import E5Encoder, EncoderUnavailable
from corpus.folder import IndexUnavailable, reason, refuse_unwritable
from corpus.read import DocumentError
from corpus.shelf import read_shelf


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check. `remedy` is empty when all is well."""

    name: str
    said: str
    remedy: str = ""

    def __str__(self) -> str:
        lines = [f"{'✗' if self.remedy else '✓'} {self.name}：{self.said}", self.remedy]
        return "\n    ".join(filter(None, lines))


class Doctor:
    """The checks, in the order of their dependencies."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._texts = read_yaml(settings.prompts_dir / "doctor.yaml")

    def examine(self) -> Iterable[Finding]:
        """The findings, one by one."""
        checks: tuple[tuple[str, Callable[[], str]], ...] = (
            ("prompts", self._prompts),
            ("data", self._data),
            ("documents", self._documents),
            ("encoder", self._encoder),
            ("model_settings", self._model_settings),
            ("model", self._model),
            ("embedding", self._embedding),
            ("chroma", self._chroma),
        )
        for name, check in checks:
            yield self._found(name, check)

    def _found(self, name: str, check: Callable[[], str]) -> Finding:
        texts = self._texts[name]
        try:
            return Finding(texts["name"], texts[check()])
        except _Unwell as ill:
            return Finding(texts["name"], ill.said or texts["ill"], texts[ill.remedy].format(**ill.variables))
        except BotError as problem:
            return Finding(texts["name"], problem.message, texts["remedy"])
        except (WordingError, DocumentError, EmbeddingFailed, EncoderUnavailable, VectorsUnusable) as problem:
            return Finding(texts["name"], str(problem), texts["remedy"])

    def _prompts(self) -> str:
        Prompts.load(self._settings.prompts_dir)
        Wording.load(self._settings.prompts_dir)
        return "well"

    def _data(self) -> str:
        folder = self._settings.data_dir
        try:
            refuse_unwritable(folder)
        except IndexUnavailable as problem:
            why = reason(problem.__cause__) if isinstance(problem.__cause__, OSError) else ""
            raise _Unwell("remedy", said=why, folder=folder) from problem
        return "well"

    def _documents(self) -> str:
        skipped = read_shelf(self._settings.documents_dir).skipped
        if skipped:
            raise _Unwell("remedy_skipped", said="\n    ".join(skipped.values()))
        problem = noted_problem(self._settings.data_dir)
        if problem:
            raise _Unwell("remedy_older", said=problem)
        return "well"

    def _encoder(self) -> str:
        E5Encoder()
        return "well"

    def _model_settings(self) -> str:
        settings = self._settings
        given = {
            "BOT_MODEL_BASE_URL": settings.model_base_url,
            "BOT_MODEL_API_KEY": settings.model_api_key.get_secret_value(),
            "BOT_MODEL_NAME": settings.model_name,
        }
        missing = [name for name, value in given.items() if not value]
        if len(missing) == len(given):
            return "unset"
        if missing:
            raise _Unwell("remedy", missing="、".join(missing))
        refuse_foreign(settings.model_base_url, settings)
        return "well"

    def _model(self) -> str:
        if not self._settings.writes:
            return "unset"
        try:
            said = asyncio.run(_greeted(EndpointModel(self._settings)))
        except ModelFailed as failed:
            known = failed.cause if failed.cause in self._texts["model"] else "remedy"
            raise _Unwell(known, said=failed.cause) from failed
        if not said:
            raise _Unwell("empty")
        return "well"

    def _embedding(self) -> str:
        settings = self._settings
        if not settings.embedding_base_url:
            return "unset"
        refuse_foreign(settings.embedding_base_url, settings)
        key = settings.embedding_api_key.get_secret_value()
        EndpointEmbedder(settings.embedding_base_url, key, settings.embedding_model).embed_documents(["你好", "再见"])
        return "well"

    def _chroma(self) -> str:
        server = server_of(self._settings)
        if server is None:
            return "unset"
        in_server(server.url, server.token).close()
        return "well"


class _Unwell(Exception):
    """A check failed: the key of the remedy, and its variables."""

    def __init__(self, remedy: str, said: str = "", **variables: object) -> None:
        super().__init__(remedy)
        self.remedy, self.said, self.variables = remedy, said, variables


async def _greeted(model: EndpointModel) -> str:
    """The model's reply to a greeting."""
    return "".join([piece.text async for piece in model.stream("只回答“好”。", "你好")])
