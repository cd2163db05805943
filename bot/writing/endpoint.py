"""The one door to a chat model: any OpenAI-compatible endpoint, through langchain-openai.

Whatever an endpoint does wrong becomes a ModelFailed with a cause; nothing of openai's errors gets further.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from bot.errors import NotReady
from bot.settings import Settings

# An endpoint that goes on beyond this many characters a token was told to stop and does not.
CHARS_A_TOKEN = 6

log = logging.getLogger(__name__)


class ModelFailed(Exception):
    """The model gave no usable text. `cause` names why; `retry_after` (seconds) is what the endpoint asked for."""

    def __init__(self, cause: str, retry_after: float = 0.0) -> None:
        super().__init__(cause)
        self.cause = cause
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text as it comes, or (with the last one) what the endpoint counted in tokens."""

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


class ChatModel(Protocol):
    """What the composer asks of a model."""

    name: str

    def stream(self, system: str, user: str) -> AsyncGenerator[Piece]: ...


class EndpointModel:
    """The model of an endpoint. Opening it makes no request."""

    def __init__(self, settings: Settings) -> None:
        """Raises NotReady when the endpoint's host is not among the allowed ones."""
        refuse_foreign(settings.model_base_url, settings)
        from langchain_openai import ChatOpenAI

        self.name = settings.model_name
        self._settings = settings
        self._chat = ChatOpenAI(
            base_url=settings.model_base_url,
            api_key=settings.model_api_key,
            model=settings.model_name,
            temperature=0.0,
            timeout=settings.model_deadline_seconds,
            max_retries=0,
            stream_usage=True,
            stream_chunk_timeout=None,  # the limits are ours, those of `stream` below
            # Some servers hear only one of the two names.
            max_completion_tokens=settings.model_max_tokens,
            extra_body={"max_tokens": settings.model_max_tokens},
        )

    async def stream(self, system: str, user: str) -> AsyncGenerator[Piece]:
        """The text as it is written. Raises ModelFailed; closing the iterator closes the connection."""
        limits = self._settings
        loop = asyncio.get_running_loop()
        deadline = loop.time() + limits.model_deadline_seconds
        room = limits.model_max_tokens * CHARS_A_TOKEN
        begun = False
        try:
            async with asyncio.timeout_at(min(deadline, loop.time() + limits.model_first_token_seconds)) as clock:
                async with aclosing(self._pieces(system, user)) as pieces:
                    async for piece in pieces:
                        begun = begun or bool(piece.text)
                        room -= len(piece.text)
                        if room < 0:
                            raise ModelFailed("endless")
                        yield piece
                        clock.reschedule(min(deadline, loop.time() + limits.model_stall_seconds))
        except TimeoutError as late:
            cause = "deadline" if loop.time() >= deadline else "stalled" if begun else "slow_start"
            raise ModelFailed(cause) from late

    async def _pieces(self, system: str, user: str) -> AsyncGenerator[Piece]:
        import httpx
        import openai
        from langchain_core.exceptions import LangChainException

        finished = False
        try:
            async with aclosing(self._chunks(system, user)) as chunks:
                async for chunk in chunks:
                    usage: dict[str, Any] = dict(chunk.usage_metadata or {})
                    text = chunk.content if isinstance(chunk.content, str) else ""
                    finished = finished or bool(chunk.response_metadata.get("finish_reason"))
                    yield Piece(text, usage.get("input_tokens") or 0, usage.get("output_tokens") or 0)
        except openai.OpenAIError as problem:
            raise _failed(problem) from problem
        except (httpx.HTTPError, LangChainException, ValueError, TypeError, KeyError, AttributeError) as problem:
            log.warning("endpoint answered in a way that cannot be read: %s", type(problem).__name__)
            raise ModelFailed("broken") from problem
        if not finished:
            raise ModelFailed("cut")

    def _chunks(self, system: str, user: str) -> AsyncGenerator[Any]:
        """What langchain makes of the stream; an async generator, though its type does not say so."""
        return cast(AsyncGenerator[Any], self._chat.astream([("system", system), ("human", user)]))


def refuse_foreign(base_url: str, settings: Settings) -> None:
    """Raise NotReady when the host of an endpoint is not among the allowed ones (an empty list allows all)."""
    host = urlsplit(base_url).hostname or ""
    if settings.allowed_hosts and host not in settings.allowed_hosts:
        allowed = "、".join(settings.allowed_hosts)
        raise NotReady(f"不允许连接 {host}：请把它加进 BOT_ALLOWED_HOSTS（现在是 {allowed}），或换一个地址")


def _failed(problem: Exception) -> ModelFailed:
    """An error of openai as a cause of ours."""
    import openai

    causes: tuple[tuple[type[Exception], str], ...] = (
        (openai.APITimeoutError, "slow_start"),
        (openai.APIConnectionError, "unreachable"),
        (openai.AuthenticationError, "unauthorized"),
        (openai.PermissionDeniedError, "unauthorized"),
        (openai.NotFoundError, "not_found"),
        (openai.RateLimitError, "rate_limited"),
        (openai.InternalServerError, "server_error"),
        (openai.APIStatusError, "refused"),
    )
    cause = next((name for kind, name in causes if isinstance(problem, kind)), "broken")
    return ModelFailed(cause, _retry_after(problem))


def _retry_after(problem: Exception) -> float:
    headers = getattr(getattr(problem, "response", None), "headers", {})
    try:
        return max(float(headers.get("retry-after", 0)), 0.0)
    except ValueError:
        return 0.0
