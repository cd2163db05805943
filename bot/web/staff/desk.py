"""`/desk`: what an agent searches, reads out and closes with a caller on the line. The page is Gradio's second one."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from bot.desk.search import KINDS, Desk, Filters, Result, Spans
from bot.records import lookups
from bot.records.accounts.users import User
from bot.records.database import Database
from bot.records.lookups import LONGEST_QUERY, LONGEST_SCRIPT, LONGEST_SOURCE, Lookup
from bot.web.doors.plain import refuse_controls
from bot.web.frame import Framed
from bot.web.rendering import Views
from bot.web.services import Services
from bot.web.staff.sign_in import Staff
from bot.wording import read_yaml
from bot.workers import in_worker

NO_STORE = {"Cache-Control": "no-store"}
LONGEST_FILTER = 100


class SearchRequest(BaseModel):
    """What stands in the box, and the filters."""

    query: str = Field("", max_length=LONGEST_QUERY)
    section: str = Field("", max_length=LONGEST_FILTER)
    kind: str = Field("", max_length=LONGEST_FILTER)
    deadline: str = Field("", max_length=LONGEST_FILTER)
    quantity: bool = False


class OutcomeRequest(BaseModel):
    """How a look-up ended. `id` is the page's number for it: sent again, it changes the outcome."""

    id: str = Field(pattern="^[0-9a-f]{32}$")
    query: str = Field(max_length=LONGEST_QUERY)
    source: str = Field("", max_length=LONGEST_SOURCE)
    script: str = Field("", max_length=LONGEST_SCRIPT)
    outcome: str = Field(max_length=LONGEST_FILTER)


class Screen:
    """What the desk shows, over the open bot."""

    def __init__(self, services: Services, database: Database) -> None:
        self._services, self._database = services, database

    @cached_property
    def words(self) -> dict[str, Any]:
        """The desk's texts."""
        return words_of(self._services.views())

    def found(self, wanted: SearchRequest) -> dict[str, Any]:
        """The direct answer and the results as finished HTML. Raises as the bot does for an unusable question."""
        filters = Filters(wanted.section, wanted.kind, wanted.deadline, wanted.quantity)
        desk = self._services.desk()
        found = desk.search(wanted.query, self._services.board.approved, filters)
        asked = bool(wanted.query.strip())
        direct = [desk.script_of(self._services.gatekeeper().look_up(wanted.query))] if asked else []
        results = [*direct, *found.results]
        told = self.words["browser"]["mentioned" if found.mentions else "found" if asked else "chosen"]
        count, query = len(found.results), wanted.query.strip()
        html = self._services.views().render(
            "desk_found.html", words=self.words, results=results, runs=runs, copied=self._copied
        )
        return {"html": html, "told": told.format(count=count, query=query, mentions=found.mentions)}

    def recent(self, user: User) -> str:
        """An agent's own look-ups as HTML. Raises NotKept."""
        mine = lookups.recent(self._database, user.name)
        return self._services.views().render("desk_recent.html", words=self.words, lookups=mine)

    def head(self, user: User) -> str:
        """The head of the page as HTML: who is signed in, and where they may go."""
        return self._services.views().render("staff_head.html", user=user, page="desk")

    def _copied(self, result: Result) -> str:
        form = self.words["copied_form" if result.source else "copied_bare"]
        return str(form.format(script=result.script, source=result.source, label=result.label))


def router(services: Services, database: Database, staff: Staff) -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_controls)])
    agent = Annotated[User, Depends(staff.at_least("agent"))]
    screen = Screen(services, database)

    @made.get("/desk")
    async def page(user: agent) -> Response:
        return Framed(services)

    @made.get("/desk/begin")
    async def begin(user: agent) -> JSONResponse:
        recent = await asyncio.to_thread(screen.recent, user)
        return JSONResponse({"csrf": user.csrf, "head": screen.head(user), "recent": recent}, headers=NO_STORE)

    @made.post("/desk/search")
    async def search(user: agent, wanted: SearchRequest) -> JSONResponse:
        return JSONResponse(await in_worker(screen.found, wanted), headers=NO_STORE)

    @made.post("/desk/outcome")
    async def outcome(user: agent, ended: OutcomeRequest) -> JSONResponse:
        made = Lookup(agent=user.name, at=datetime.now(UTC), **ended.model_dump())
        await asyncio.to_thread(lookups.keep, database, made)
        return JSONResponse({"recent": await asyncio.to_thread(screen.recent, user)}, headers=NO_STORE)

    return made


def page_of(views: Views, desk: Desk) -> str:
    """The desk inside Gradio's frame: the same for everybody, what is one's own is fetched."""
    choices = {"section": desk.sections, "kind": KINDS, "deadline": desk.deadlines}
    return views.render(
        "desk.html", words=words_of(views), choices=choices, limit=views.bot.settings.max_question_chars
    )


def words_of(views: Views) -> dict[str, Any]:
    """The desk's texts, `prompts/desk.yaml`."""
    return read_yaml(views.bot.settings.prompts_dir / "desk.yaml")


def runs(text: str, spans: Spans) -> Iterator[tuple[bool, str]]:
    """A text cut into what is highlighted and what is not, in order."""
    at = 0
    for start, end in spans:
        yield False, text[at:start]
        yield True, text[start:end]
        at = end
    yield False, text[at:]
