"""`/office/approved`: answers that an editor writes, a second person releases, and the service then serves first."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.answer import MARK
from bot.errors import AnswerUnusable, QuestionError
from bot.office.approved import answer_of, weakness
from bot.office.drafts import LONGEST_ANSWER, LONGEST_QUESTION, refuse_unusable
from bot.office.weekly.alike import encoder_of, near
from bot.pipeline import Bot
from bot.records import statistics
from bot.records.accounts.users import User
from bot.records.database import Database
from bot.records.office import approved
from bot.records.office.approved import ApprovedAnswer
from bot.records.statistics import Asked, Span, Wanted
from bot.web.doors.middleware import NO_STORE
from bot.web.doors.plain import refuse_controls
from bot.web.services import Services
from bot.web.staff.answers.form import Typed, begun, draft_of, holding, typed_form
from bot.web.staff.sign_in import Staff
from bot.wording import read_yaml
from corpus.outline import SENTENCE
from corpus.passage import Passage

STATES = ("suspended", "draft", "approved", "withdrawn")
NEAR = 6
# How many days of questions are searched for other wordings.
DAYS = 90


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside the form: the problem, the search, and the answer as a resident sees it."""

    problem: str = ""
    find: str = ""
    preview: str = ""


NOTHING = Beside()


class Pages:
    """What the routes show."""

    def __init__(self, services: Services, database: Database) -> None:
        self.services, self.database = services, database

    @property
    def today(self) -> date:
        """Today in local time."""
        return datetime.now(self.services.ready().site.zone).date()

    def render(self, name: str, user: User, status: int = 200, **more: Any) -> HTMLResponse:
        """A template with the shared variables."""
        views = self.services.views()
        words = read_yaml(views.bot.settings.prompts_dir / "office.yaml")["approved"]
        known = {"user": user, "page": "approved", "words": words, "problem": "", "where": views.where, **more}
        known["by_id"] = views.corpus.by_id
        return HTMLResponse(views.render(name, **known), status_code=status, headers=NO_STORE)

    async def every(self, user: User, problem: str = "", status: int = 200) -> HTMLResponse:
        """All answers by state; those that need action first."""
        found = await asyncio.to_thread(approved.every, self.database)
        groups = [(state, [one for one in found if one.state == state]) for state in STATES]
        return self.render("approved.html", user, status, groups=[g for g in groups if g[1]], problem=problem)

    async def form(self, user: User, typed: Typed, beside: Beside = NOTHING, status: int = 200) -> HTMLResponse:
        """The form, with passages to quote, other wordings, and the conversation it started from."""
        bot = self.services.ready()
        more = await asyncio.to_thread(self._known, bot, typed, beside)
        return self.render("approved_form.html", user, status, typed=typed, beside=beside, **more)

    def _known(self, bot: Bot, typed: Typed, beside: Beside) -> dict[str, Any]:
        ways = near(typed.question, self._asked(), encoder_of(bot))
        written = read_yaml(bot.settings.prompts_dir / "approved.yaml")["nothing"]
        title = bot.index.corpus.newest.title
        return {
            "found": [holding(bot, quote) for quote in typed.quotes],
            "near": _near(bot, beside.find or typed.question),
            "ways": [one for one in ways if one.question not in typed.ways],
            "earlier": statistics.earlier(self.database, [typed.origin]).get(typed.origin, []),
            "offices": bot.site.offices,
            "domains": "、".join(bot.site.domains),
            "nothing": {o.name: written.format(title=title, name=o.name, phone=o.phone) for o in bot.site.offices},
            "sentences": SENTENCE.findall,
        }

    def _asked(self) -> list[Asked]:
        """Recent questions, the most frequent first."""
        now = datetime.now(UTC)
        return statistics.asked(self.database, Wanted(Span(now - timedelta(days=DAYS), now)))

    def preview(self, typed: Typed) -> Beside:
        """The answer as a resident will see it, or why it cannot be one."""
        try:
            return Beside(preview=self.shown(self.checked(typed)))
        except AnswerUnusable as problem:
            return Beside(problem.message)

    def checked(self, typed: Typed) -> approved.Draft:
        """The draft typed, checked against its sources. Blocks (encodes). Raises AnswerUnusable."""
        bot = self.services.ready()
        written = draft_of(typed, bot)
        refuse_unusable(written, bot, self.today)
        return written

    def shown(self, written: approved.Draft) -> str:
        """An answer as a resident sees it, as HTML; empty when its sources no longer support it."""
        bot = self.services.ready()
        if weakness(written, bot.index.corpus, self.today):
            return ""
        return self.services.views().turn(written.question, answer_of(written, bot), linked=True)


def router(services: Services, database: Database, staff: Staff) -> APIRouter:
    """The routes."""
    made, pages = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_controls)]), Pages(services, database)
    _add_writing(made, pages, staff)
    _add_reading(made, pages, staff)
    return made


def _add_reading(made: APIRouter, pages: Pages, staff: Staff) -> None:
    editor = Depends(staff.at_least("editor"))

    @made.get("/office/approved")
    async def every(user: Annotated[User, editor]) -> HTMLResponse:
        return await pages.every(user)

    @made.get("/office/approved/{answer_id}")
    async def versions(user: Annotated[User, editor], answer_id: str) -> HTMLResponse:
        found = await asyncio.to_thread(approved.history, pages.database, answer_id)
        return pages.render("approved_versions.html", user, versions=found, shown=pages.shown(found[0]))

    @made.post("/office/approved/{answer_id}/{act}")
    async def decide(
        user: Annotated[User, editor],
        answer_id: str,
        act: str,
        version: Annotated[int, Form()] = 0,
        reason: Annotated[str, Form(max_length=LONGEST_QUESTION)] = "",
        read: Annotated[bool, Form()] = False,
    ) -> Response:
        bot = pages.services.ready()
        try:
            versions = await asyncio.to_thread(approved.history, pages.database, answer_id)
            wanted = next((one for one in versions if one.version == version), None)
            if act == "approve":
                await asyncio.to_thread(_refuse_unread, wanted, bot, pages.today, read)
                await asyncio.to_thread(approved.approve, pages.database, answer_id, version, user.name)
            else:
                _refuse_unreasoned(act, reason, bot)
                await asyncio.to_thread(approved.withdraw, pages.database, answer_id, user.name, reason.strip())
        except AnswerUnusable as problem:
            return await pages.every(user, problem.message, problem.http_status)
        await asyncio.to_thread(pages.services.board.refresh)
        return RedirectResponse(staff.root + "office/approved", status_code=303)


def _add_writing(made: APIRouter, pages: Pages, staff: Staff) -> None:
    editor = Depends(staff.at_least("editor"))
    form = Depends(typed_form)

    @made.get("/office/approved/new")
    async def new(
        user: Annotated[User, editor],
        origin: Annotated[str, Query(alias="from", max_length=32)] = "",
        question: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "",
        correct: Annotated[str, Query(max_length=32)] = "",
    ) -> HTMLResponse:
        typed = await asyncio.to_thread(begun, pages.database, origin, question, correct, pages.today)
        return await pages.form(user, typed)

    @made.post("/office/approved/find")
    async def find(
        user: Annotated[User, editor],
        typed: Annotated[Typed, form],
        find: Annotated[str, Form(max_length=LONGEST_QUESTION)] = "",
        add: Annotated[str, Form(max_length=LONGEST_ANSWER)] = "",
        way: Annotated[str, Form(max_length=LONGEST_QUESTION)] = "",
    ) -> HTMLResponse:
        return await pages.form(user, typed.quoting(add).asking(way), Beside(find=find))

    @made.post("/office/approved/preview")
    async def preview(user: Annotated[User, editor], typed: Annotated[Typed, form]) -> HTMLResponse:
        beside = await asyncio.to_thread(pages.preview, typed)
        return await pages.form(user, typed, beside, AnswerUnusable.http_status if beside.problem else 200)

    @made.post("/office/approved")
    async def save(user: Annotated[User, editor], typed: Annotated[Typed, form]) -> Response:
        try:
            written = await asyncio.to_thread(pages.checked, typed)
            await asyncio.to_thread(approved.draft, pages.database, written, user.name, typed.answer_id)
        except AnswerUnusable as problem:
            return await pages.form(user, typed, Beside(problem.message), problem.http_status)
        return RedirectResponse(staff.root + "office/approved", status_code=303)


def _refuse_unread(wanted: ApprovedAnswer | None, bot: Bot, today: date, read: bool) -> None:
    """Check a version against its sources once more; an external source must have been read."""
    if wanted is None:
        return
    refuse_unusable(wanted, bot, today)
    if wanted.source and not read:
        raise AnswerUnusable(read_yaml(bot.settings.prompts_dir / "approved.yaml")["refused"]["unchecked"])


def _refuse_unreasoned(act: str, reason: str, bot: Bot) -> None:
    """Any other action is a withdrawal and needs a reason."""
    if act != "withdraw" or not reason.strip():
        raise AnswerUnusable(read_yaml(bot.settings.prompts_dir / "approved.yaml")["refused"]["reason"])


def _near(bot: Bot, words: str) -> Sequence[Passage]:
    """Passages to quote from."""
    try:
        return [hit.passage for hit in bot.search(MARK.sub("", words)[:LONGEST_QUESTION], NEAR)]
    except QuestionError:
        return []
