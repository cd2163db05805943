"""`/office/switches`: pause the model, a topic or the whole service, and announce; each with a reason, and audited."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.errors import SwitchUnusable
from bot.office.reach import DAYS, Reach, reach_of, unnaming
from bot.records.accounts.users import User
from bot.records.database import Database
from bot.records.office import switches
from bot.records.office.switches import Kind, Switch
from bot.web.doors.middleware import NO_STORE
from bot.web.doors.plain import refuse_controls
from bot.web.services import Services
from bot.web.staff.sign_in import Staff
from bot.wording import read_yaml

LONGEST = 600
Text = Annotated[str, Form(max_length=LONGEST)]
EMPTY = {"kind": "topic", "topic": "", "text": "", "reason": "", "begins": "", "ends": ""}


async def typed_form(
    kind: Text = "", topic: Text = "", text: Text = "", reason: Text = "", begins: Text = "", ends: Text = ""
) -> dict[str, str]:
    """A dependency: the form as it was sent."""
    return {"kind": kind, "topic": topic, "text": text, "reason": reason, "begins": begins, "ends": ends}


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The confirmations given: that the whole service stops; the topic whose wide reach was shown."""

    sure: str
    wide: str


async def confirmed_form(sure: Text = "", wide: Text = "") -> Confirmed:
    """A dependency: what was confirmed in the form."""
    return Confirmed(sure, wide.strip())


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside the form: the problem, the reach of a topic, and whether it needs confirmation."""

    problem: str = ""
    reach: Reach | None = None
    confirm: bool = False


NOTHING = Beside()


class Pages:
    """What the routes show and do."""

    def __init__(self, services: Services, database: Database) -> None:
        self.services, self.database = services, database

    @property
    def words(self) -> dict[str, Any]:
        """The texts of the page."""
        found: dict[str, Any] = read_yaml(self.services.ready().settings.prompts_dir / "office.yaml")["switches"]
        return found

    async def show(
        self, user: User, typed: dict[str, str], beside: Beside = NOTHING, status: int = 200
    ) -> HTMLResponse:
        """The switches, and the form as typed."""
        known, now = await asyncio.to_thread(switches.history, self.database), datetime.now(UTC)
        pending = [s for s in known if s.lifted is None and (s.ends is None or s.ends > now)]
        html = self.services.views().render(
            "switches.html", user=user, page="switches", words=self.words, typed={**EMPTY, **typed}, beside=beside,
            pending=pending, past=[s for s in known if s not in pending], days=DAYS,
        )  # fmt: skip
        return HTMLResponse(html, status_code=status, headers=NO_STORE)

    def weigh(self, wanted: Switch) -> Reach | None:
        """The reach of a topic; None for any other switch. Raises SwitchUnusable for an invalid one."""
        switches.refuse_unusable(wanted)
        if wanted.kind != "topic":
            return None
        wrong = unnaming(wanted, self.services.ready())
        if wrong:
            raise SwitchUnusable(self.words["unnaming"].format(words="”“".join(wrong)))
        return reach_of(wanted, self.services.gatekeeper(), self.database, datetime.now(UTC))

    def unconfirmed(self, wanted: Switch, reach: Reach | None, confirmed: Confirmed) -> Beside | None:
        """What must still be confirmed before a switch is set, or None."""
        if wanted.kind == "service" and not confirmed.sure:
            return Beside(self.words["unsure"])
        if reach and reach.is_wide and confirmed.wide != wanted.topic:
            return Beside(self.words["unconfirmed"], reach, confirm=True)
        return None


def router(services: Services, database: Database, staff: Staff) -> APIRouter:
    """The routes, and the announcement for the pages."""
    made = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_controls)])
    pages = Pages(services, database)
    seen, changed = Depends(staff.at_least("editor")), Depends(staff.at_least("administrator"))

    @made.get("/office/switches")
    async def shown(user: Annotated[User, seen]) -> HTMLResponse:
        return await pages.show(user, {})

    @made.post("/office/switches")
    async def switch(
        user: Annotated[User, changed],
        typed: Annotated[dict[str, str], Depends(typed_form)],
        confirmed: Annotated[Confirmed, Depends(confirmed_form)],
        look: Text = "",
    ) -> Response:
        try:
            wanted = _switch(typed, user.name, pages.words["bad_time"], services.ready().site.zone)
            reach = await asyncio.to_thread(pages.weigh, wanted)
            if look:
                return await pages.show(user, typed, Beside("", reach, reach is not None and reach.is_wide))
            missing = pages.unconfirmed(wanted, reach, confirmed)
            if missing:
                return await pages.show(user, typed, missing, SwitchUnusable.http_status)
            await asyncio.to_thread(switches.set_switch, database, wanted)
        except SwitchUnusable as problem:
            return await pages.show(user, typed, Beside(problem.message), problem.http_status)
        return await _changed(services, staff)

    @made.post("/office/switches/lift")
    async def lift(user: Annotated[User, changed], switch: Text = "", reason: Text = "") -> Response:
        try:
            await asyncio.to_thread(switches.lift, database, switch, user.name, reason)
        except SwitchUnusable as problem:
            return await pages.show(user, {}, Beside(problem.message), problem.http_status)
        return await _changed(services, staff)

    @made.get("/announcement")
    async def announcement() -> JSONResponse:
        return JSONResponse({"announcements": services.board.announced()}, headers=NO_STORE)

    return made


async def _changed(services: Services, staff: Staff) -> Response:
    """Redirect to the page; this process applies the change at once, others within seconds."""
    await asyncio.to_thread(services.board.refresh)
    return RedirectResponse(staff.root + "office/switches", status_code=303)


def _switch(typed: dict[str, str], actor: str, bad_time: str, zone: tzinfo) -> Switch:
    """The form as a switch; times are in `zone`. Raises SwitchUnusable for a malformed time."""
    try:
        begins, ends = (_moment(typed[name].strip(), zone) for name in ("begins", "ends"))
    except ValueError:
        raise SwitchUnusable(bad_time) from None
    fields: dict[str, Any] = {name: typed[name].strip() for name in ("topic", "text", "reason")}
    return Switch(cast(Kind, typed["kind"]), actor=actor, begins=begins or datetime.now(UTC), ends=ends, **fields)


def _moment(typed: str, zone: tzinfo) -> datetime | None:
    """A time as typed (2025-03-01 08:00); None when blank. Raises ValueError."""
    return datetime.fromisoformat(typed).replace(tzinfo=zone).astimezone(UTC) if typed else None
