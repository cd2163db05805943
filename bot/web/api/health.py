"""Whether it runs, whether it is ready, what was counted."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from bot.web.api.schema import StateBody
from bot.web.services import Services


def router(services: Services) -> APIRouter:
    """The routes."""
    made = APIRouter(tags=["运行"])

    @made.get("/healthz", summary="进程在运行")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @made.get(
        "/readyz",
        summary="索引已打开，可以回答问题",
        responses={200: {"model": StateBody}, 503: {"model": StateBody, "description": "还在启动"}},
    )
    async def readyz() -> JSONResponse:
        bot = services.bot
        state: dict[str, Any] = {"status": "ready" if bot else "starting", "page": services.frame is not None}
        if bot:
            state["passages"] = len(bot.index.corpus.passages)
            state["documents"] = len(bot.index.corpus.documents)
            state["documents_skipped"] = sorted(bot.index.corpus.skipped)
            state["encoder"] = bot.guard.reads_meaning
            state["vectors"] = bot.index.vectors.healthy
            state["records"] = "ok" if services.recorder.healthy else "down"
            state["records_lost"] = services.recorder.lost
            state["suspended_answers"] = services.board.suspended
            state["model"] = bot.composer.breaker.state if bot.composer else "off"
        return JSONResponse(state, status_code=200 if bot else 503)

    @made.get(
        "/metrics",
        summary="计数与用时，Prometheus 格式",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}},
    )
    async def metrics() -> Response:
        bot = services.bot
        breaker = bot.composer.breaker.state if bot and bot.composer else "closed"
        return Response(bot.meter.text(breaker) if bot else b"", media_type="text/plain; version=0.0.4")

    return made
