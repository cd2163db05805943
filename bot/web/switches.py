"""`/office/switches`: pause the model, a topic or the whole service, and announce; with reason and audit entry."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.errors import SwitchUnusable
from bot.records import switches
from bot.records.database import Database
from bot.records.switches import Kind, Switch
from bot.records.users import User
from bot.web.opened import Opened
from bot.web.staff import Staff
from bot.wording import read_yaml

LONGEST = 600
Text = Annotated[str, Form(max_length=LONGEST)]
EMPTY = {"kind": "topic", "topic": "", "text": "", "reason": "", "begins": "", "ends": ""}


async def typed_form(
    kind: Text = "", topic: Text = "", text: Text = "", reason: Text = "", begins: Text = "", ends: Text = ""
) -> dict[str, str]:
    """A dependency: the form as it was sent."""
    return {"kind": kind, "topic": topic, "text": text, "reason": reason, "begins": begins, "ends": ends}


def router(opened: Opened, database: Database, staff: Staff) -> APIRouter:
    """The routes, and the announcement for the pages."""
    made = APIRouter(include_in_schema=False)
    seen, changed = Depends(staff.at_least("editor")), Depends(staff.at_least("administrator"))

    async def page(user: User, typed: dict[str, str], problem: str = "", status: int = 200) -> HTMLResponse:
        known = await asyncio.to_thread(switches.history, database)
        views, now = opened.views(), datetime.now(UTC)
        words = read_yaml(views.bot.settings.prompts_dir / "office.yaml")["switches"]
        pending = [s for s in known if s.lifted is None and (s.ends is None or s.ends > now)]
        past = [s for s in known if s not in pending]
        html = views.render(
            "switches.html", user=user, page="switches", words=words, typed={**EMPTY, **typed}, problem=problem,
            pending=pending, past=past,
        )  # fmt: skip
        return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})

    @made.get("/office/switches")
    async def shown(user: Annotated[User, seen]) -> HTMLResponse:
        return await page(user, {})

    @made.post("/office/switches")
    async def switch(
        user: Annotated[User, changed], typed: Annotated[dict[str, str], Depends(typed_form)], sure: Text = ""
    ) -> Response:
        words = read_yaml(opened.ready().settings.prompts_dir / "office.yaml")["switches"]
        try:
            if typed["kind"] == "service" and not sure:
                raise SwitchUnusable(words["unsure"])
            wanted = _switch(typed, user.name, words["bad_time"])
            await asyncio.to_thread(switches.set_switch, database, wanted)
        except SwitchUnusable as problem:
            return await page(user, typed, problem.message, problem.http_status)
        return await _changed(opened, staff)

    @made.post("/office/switches/lift")
    async def lift(user: Annotated[User, changed], switch: Text = "", reason: Text = "") -> Response:
        try:
            await asyncio.to_thread(switches.lift, database, switch, user.name, reason)
        except SwitchUnusable as problem:
            return await page(user, {}, problem.message, problem.http_status)
        return await _changed(opened, staff)

    @made.get("/announcement")
    async def announcement() -> JSONResponse:
        return JSONResponse({"announcements": opened.announced()}, headers={"Cache-Control": "no-store"})

    return made


async def _changed(opened: Opened, staff: Staff) -> Response:
    """Back to the page; this process knows at once, the others within seconds."""
    await asyncio.to_thread(opened.board.refresh, opened.ready().index.corpus)
    return RedirectResponse(staff.root + "office/switches", status_code=303)


def _switch(typed: dict[str, str], actor: str, bad_time: str) -> Switch:
    """What was typed, as a switch. Raises SwitchUnusable when a time cannot be read."""
    try:
        begins, ends = (datetime.fromisoformat(t).astimezone() if t else None for t in (typed["begins"], typed["ends"]))
    except ValueError:
        raise SwitchUnusable(bad_time) from None
    fields: dict[str, Any] = {name: typed[name].strip() for name in ("topic", "text", "reason")}
    return Switch(cast(Kind, typed["kind"]), actor=actor, begins=begins or datetime.now(UTC), ends=ends, **fields)
