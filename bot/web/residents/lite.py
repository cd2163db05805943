"""`/lite`: the same conversation as plain HTML, for old phones, slow lines and the widget. Works without scripts."""

import json
import time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter, ValidationError

from bot.errors import QuestionError
from bot.web.api.asking import while_connected
from bot.web.api.schema import MAX_TURN_CHARS, MAX_TURNS, EarlierTurn
from bot.web.rendering import Views
from bot.web.services import Services

HISTORY = TypeAdapter(list[EarlierTurn])
MAX_HISTORY_CHARS = 40_000


def router(services: Services) -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @made.get("/lite")
    async def lite(
        request: Request,
        q: Annotated[str, Query(max_length=MAX_TURN_CHARS)] = "",
        origin: Annotated[str, Query(max_length=200)] = "",
    ) -> HTMLResponse:
        views = services.views()
        known: dict[str, Any] = {"origin": origin if origin in _embedders(views, request) else "", "asked": q}
        # Scripts ask the question in the URL themselves; without them the answer is in <noscript>.
        return await _answered(services, request, q, [], **known) if q.strip() else _page(views, **known)

    @made.post("/lite")
    async def asked(
        request: Request,
        question: Annotated[str, Form(max_length=MAX_TURN_CHARS)] = "",
        history: Annotated[str, Form(max_length=MAX_HISTORY_CHARS)] = "[]",
    ) -> HTMLResponse:
        return await _answered(services, request, question, _earlier(history), plain=True)

    @made.get("/ping")
    async def ping(request: Request, origin: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
        views = services.views()
        told = origin if origin in _embedders(views, request) else ""
        return HTMLResponse(views.render("ping.html", origin=told))

    return made


def meanwhile(services: Services, request: Request) -> HTMLResponse:
    """The page at `/` until the full one is made; a question of the address stands in its box. Raises NotReady."""
    asked = request.query_params.get("q", "")[:MAX_TURN_CHARS]
    return _page(services.views(), asked=asked, meanwhile=True)


async def _answered(
    services: Services, request: Request, question: str, history: list[EarlierTurn], plain: bool = False, **known: Any
) -> HTMLResponse:
    """The page with the answer to a question, or with the reason why it cannot be asked."""
    views, begun = services.views(), time.perf_counter()
    try:
        told = [turn.model_dump() for turn in history]
        answer = await while_connected(request, services.gatekeeper().reply(question, told))
    except QuestionError as problem:
        return _page(views, 422, problem=problem.message, **{**known, "asked": question})
    if plain:
        services.keep("lite", question, answer, begun)
    kept = [*told, {"role": "user", "content": question}][-MAX_TURNS:]
    turn = views.turn(question, answer, linked=True)
    return _page(views, turn=turn, history=json.dumps(kept, ensure_ascii=False), plain=plain, **known)


def _page(views: Views, status: int = 200, **more: Any) -> HTMLResponse:
    empty = {"turn": "", "history": "[]", "asked": "", "problem": "", "origin": "", "plain": False, "meanwhile": False}
    known = {"page": "ask", "texts": views.browser_texts(), "action": "lite", "here": "lite", "turns": ""}
    return HTMLResponse(views.render("lite.html", **{**known, **empty, **more}), status_code=status)


def _earlier(history: str) -> list[EarlierTurn]:
    """The turns carried in the form of a page without scripts; none when they were tampered with."""
    try:
        return HISTORY.validate_json(history)[-MAX_TURNS:]
    except ValidationError:
        return []


def _embedders(views: Views, request: Request) -> tuple[str, ...]:
    return (*views.bot.settings.allowed_origins, str(request.base_url.replace(path="")).rstrip("/"))
