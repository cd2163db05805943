"""Liveness, readiness and metrics."""

import shutil
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from bot.meter import Meter
from bot.pipeline import Bot
from bot.web.api.schema import StateBody
from bot.web.services import Services

LOW_BYTES = 512 * 1024 * 1024


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
        return JSONResponse(state_of(services), status_code=200 if services.bot else 503)

    @made.get(
        "/metrics",
        summary="计数与用时，Prometheus 格式",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}},
    )
    async def metrics() -> Response:
        bot = services.bot
        text = bot.meter.text(_breaker(bot) or "closed", _gauged(state_of(services))) if bot else Meter().text("closed")
        return Response(text, media_type="text/plain; version=0.0.4")

    return made


def state_of(services: Services) -> dict[str, Any]:
    """The body of `/readyz`: what works, and what does not although questions are answered (`degraded`)."""
    bot = services.bot
    state: dict[str, Any] = {"status": "ready" if bot else "starting", "page": services.frame is not None}
    if bot is None:
        return state
    state["passages"] = len(bot.index.corpus.passages)
    state["documents"] = len(bot.index.corpus.documents)
    state["documents_skipped"] = sorted(bot.index.corpus.skipped)
    state["documents_superseded"] = sorted(bot.index.corpus.superseded)
    state["documents_problem"] = services.problem
    state["encoder"] = bot.guard.reads_meaning
    state["vectors"] = bot.index.vectors.healthy
    state["chroma"] = {None: "off", True: "ok", False: "down"}[bot.index.reached]
    state["records"] = "ok" if services.recorder.healthy and services.board.known else "down"
    state["records_lost"] = services.recorder.lost
    state["suspended_answers"] = services.board.suspended
    state["model"] = _breaker(bot) or "off"
    state["disk_free_bytes"] = _free(bot)
    return {**state, "degraded": _degraded(state)}


def _breaker(bot: Bot) -> str:
    """The state of the model's circuit breaker; empty without a model."""
    return bot.composer.breaker.state if bot.composer else ""


def _free(bot: Bot) -> int:
    """The free bytes on the disk of the data folder; 0 where the folder is gone."""
    try:
        return shutil.disk_usage(bot.settings.data_dir).free
    except OSError:
        return 0


def _degraded(state: dict[str, Any]) -> list[str]:
    wrong = {
        "records": state["records"] == "down",
        "documents": bool(state["documents_skipped"] or state["documents_problem"]),
        "encoder": not state["encoder"],
        "vectors": not state["vectors"],
        "chroma": state["chroma"] == "down",
        "model": state["model"] == "open",
        "disk": state["disk_free_bytes"] < LOW_BYTES,
    }
    return [name for name, holds in wrong.items() if holds]


def _gauged(state: dict[str, Any]) -> dict[str, float]:
    """The state as numbers, by the names of `bot.meter.STATE`."""
    as_they_are = ("records_lost", "documents", "suspended_answers", "disk_free_bytes")
    return {
        **{name: state[name] for name in as_they_are},
        "ready": 1,
        "records_up": state["records"] == "ok",
        "documents_skipped": len(state["documents_skipped"]),
        "encoder_up": state["encoder"],
        "vectors_up": state["vectors"],
        "chroma_up": state["chroma"] != "down",
    }
