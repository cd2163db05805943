"""`/desk`: where agents search, read out and note outcomes during calls. It is Gradio's second page."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from bot.desk.found import KINDS, Filters, Found, Result, Spans
from bot.desk.reply import suggested
from bot.desk.search import Desk
from bot.desk.ticket import Ticket, is_ticket, read
from bot.records import lookups
from bot.records.accounts.users import User
from bot.records.database import Database
from bot.records.lookups import LONGEST_QUERY, LONGEST_SCRIPT, LONGEST_SOURCE, Lookup
from bot.web.doors.middleware import NO_STORE
from bot.web.doors.plain import refuse_controls
from bot.web.frame import Framed
from bot.web.rendering import Views
from bot.web.services import Services
from bot.web.staff.sign_in import Staff
from bot.wording import read_yaml
from bot.workers import in_worker

LONGEST_FILTER, MOST_TURNS = 100, 20


class SearchRequest(BaseModel):
    """The search text, the earlier questions of the call, and the filters."""

    query: str = Field("", max_length=LONGEST_QUERY)
    history: list[Annotated[str, Field(max_length=LONGEST_QUERY)]] = Field([], max_length=MOST_TURNS)
    section: str = Field("", max_length=LONGEST_FILTER)
    kind: str = Field("", max_length=LONGEST_FILTER)
    deadline: str = Field("", max_length=LONGEST_FILTER)
    quantity: bool = False

    @property
    def filters(self) -> Filters:
        """The conditions on results."""
        return Filters(self.section, self.kind, self.deadline, self.quantity)

    @property
    def turns(self) -> list[dict[str, str]]:
        """The earlier questions as turns of a conversation."""
        return [{"role": "user", "content": said} for said in self.history]


class OutcomeRequest(BaseModel):
    """The outcome of a look-up. `id` and `call` are the page's numbers; the same `id` again changes the outcome."""

    id: str = Field(pattern="^[0-9a-f]{32}$")
    call: str = Field("", pattern="^([0-9a-f]{32})?$")
    query: str = Field(max_length=LONGEST_QUERY)
    source: str = Field("", max_length=LONGEST_SOURCE)
    script: str = Field("", max_length=LONGEST_SCRIPT)
    outcome: str = Field(max_length=LONGEST_FILTER)


class Screen:
    """The desk's output over the open bot."""

    def __init__(self, services: Services, database: Database) -> None:
        self._services, self._database = services, database

    @cached_property
    def words(self) -> dict[str, Any]:
        """The desk's texts."""
        return words_of(self._services.views())

    def found(self, wanted: SearchRequest) -> dict[str, Any]:
        """The direct answer and the results as HTML. Raises as the bot does for an unusable question."""
        bot = self._services.ready()
        if is_ticket(wanted.query, bot):
            return self._of_ticket(read(wanted.query, bot), wanted.filters)
        asked = bool(wanted.query.strip())
        first = [self._first(wanted.query, wanted.turns)] if asked else []
        found = self._search(wanted.query, wanted.filters, wanted.turns)
        told = self.words["browser"]["mentioned" if found.mentions else "found" if asked else "chosen"]
        said = told.format(count=len(found.results), query=wanted.query.strip(), mentions=found.mentions)
        return {"html": self._shown([*first, *found.results]), "told": said}

    def _of_ticket(self, ticket: Ticket, filters: Filters) -> dict[str, Any]:
        """The results for each request of a ticket, and the wording of a reply."""
        first = list(dict.fromkeys(self._first(said, ()) for said in ticket.asked))
        beside = [one for said in ticket.asked for one in self._search(said, filters).results]
        results = list({(one.kind, one.id, one.title): one for one in [*_ordered(first), *beside]}.values())
        reply = suggested(first, self.words["reply"])
        told = self.words["browser"]["ticket"].format(count=len(results))
        return {"html": self._shown(results, ticket, reply), "told": told}

    def _first(self, said: str, turns: Sequence[Mapping[str, str]]) -> Result:
        return self._services.desk().first_of(self._services.gatekeeper().look_up(said, turns))

    def _search(self, said: str, filters: Filters, turns: Sequence[Mapping[str, str]] = ()) -> Found:
        return self._services.desk().search(said, self._services.board.approved, filters, turns)

    def _shown(self, results: Sequence[Result], ticket: Ticket | None = None, reply: str = "") -> str:
        known = {"results": results, "ticket": ticket, "reply": reply, "runs": runs, "copied": self._copied}
        return self._services.views().render("desk_found.html", words=self.words, phone=self._phone, **known)

    @property
    def _phone(self) -> str:
        return self._services.ready().site.hotline.phone

    def recent(self, user: User) -> str:
        """An agent's own look-ups as HTML. Raises NotKept."""
        mine = lookups.recent(self._database, user.name)
        return self._services.views().render("desk_recent.html", words=self.words, calls=mine)

    def head(self, user: User) -> str:
        """The page header as HTML: who is signed in, and the pages open to them."""
        return self._services.views().render("staff_head.html", user=user, page="desk")

    def _copied(self, result: Result) -> str:
        """The text to copy from a result; empty for one not to be read out."""
        if not result.script:
            return ""
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


def _ordered(first: Sequence[Result]) -> list[Result]:
    """Results that may be read out come first."""
    return sorted(first, key=lambda one: not one.script)


def page_of(views: Views, desk: Desk) -> str:
    """The desk inside Gradio's frame: the same for everybody; personal content is fetched."""
    choices = {"section": desk.sections, "kind": KINDS, "deadline": desk.deadlines}
    return views.render("desk.html", words=words_of(views), choices=choices, limit=LONGEST_QUERY)


def words_of(views: Views) -> dict[str, Any]:
    """The desk's texts, `prompts/desk.yaml`."""
    return read_yaml(views.bot.settings.prompts_dir / "desk.yaml")


def runs(text: str, spans: Spans) -> Iterator[tuple[bool, str]]:
    """A text cut into highlighted and plain spans, in order."""
    at = 0
    for start, end in spans:
        yield False, text[at:start]
        yield True, text[start:end]
        at = end
    yield False, text[at:]
