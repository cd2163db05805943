"""`/office/status`: the state of the service and recent errors, for its administrators."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from bot.errors import NotKept
from bot.records.accounts.users import User
from bot.records.database import Database, revision
from bot.running.versions import program, versions
from bot.web.api.health import state_of
from bot.web.doors.logs import recent
from bot.web.doors.middleware import NO_STORE
from bot.web.services import Services
from bot.web.staff.sign_in import Staff
from bot.wording import read_yaml

GIGABYTE = 1e9


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page: a name, its state, and whether that is right."""

    what: str
    how: str
    well: bool = True


def router(services: Services, database: Database, staff: Staff) -> APIRouter:
    """The route."""
    made, begun = APIRouter(include_in_schema=False), time.monotonic()

    @made.get("/office/status")
    async def status(user: Annotated[User, Depends(staff.at_least("administrator"))]) -> HTMLResponse:
        words = read_yaml(services.ready().settings.prompts_dir / "office.yaml")["status"]
        schema = await asyncio.to_thread(_schema, database)
        lines = list(_lines(services, words, schema, time.monotonic() - begun))
        html = services.views().render(
            "status.html", user=user, page="status", words=words, lines=lines, errors=recent()
        )
        return HTMLResponse(html, headers=NO_STORE)

    return made


def _lines(services: Services, words: dict[str, Any], schema: str, seconds: float) -> Iterator[Line]:
    bot, state, name = services.ready(), state_of(services), words["rows"]
    corpus, wrong = bot.index.corpus, state["degraded"]
    minutes = int(seconds // 60)
    yield Line(name["program"], program())
    yield Line(name["uptime"], words["hours"].format(hours=minutes // 60, minutes=minutes % 60))
    for document in services.views().documents:
        passages = len(corpus.inside[document.id])
        yield Line(name["documents"], words["document"].format(title=document.title, passages=passages))
    for folder, why in corpus.skipped.items():
        yield Line(name["skipped"], words["skipped"].format(id=folder, why=why), well=False)
    if state["documents_problem"]:
        yield Line(name["problem"], state["documents_problem"], well=False)
    yield Line(name["index"], words["index"].format(passages=state["passages"], **versions(bot)))
    yield _records(bot.settings.records_url, schema, wrong, words)
    yield Line(name["lost"], str(state["records_lost"]), not state["records_lost"])
    gigabytes = state["disk_free_bytes"] / GIGABYTE
    yield Line(
        name["disk"], words["disk_low" if "disk" in wrong else "disk"].format(gigabytes=gigabytes), "disk" not in wrong
    )
    for part in ("encoder", "vectors", *(() if state["chroma"] == "off" else ("chroma",))):
        yield Line(name[part], words["wrong" if part in wrong else "well"], part not in wrong)
    yield Line(name["model"], words["models"][state["model"]], "model" not in wrong)
    yield Line(name["suspended"], str(state["suspended_answers"]), not state["suspended_answers"])


def _records(url: str, schema: str, wrong: list[str], words: dict[str, Any]) -> Line:
    kind = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    down = "records" in wrong or not schema
    told = words["records_down"] if down else words["records_up"].format(kind=kind, schema=schema)
    return Line(words["rows"]["records"], told, not down)


def _schema(database: Database) -> str:
    """The revision of the records' schema; empty when they cannot be read."""
    try:
        with database.as_it_is() as connection:
            return revision(connection)
    except NotKept:
        return ""
