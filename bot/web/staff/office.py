"""`/office`: the service's figures, what it could not answer, and the conversations behind the numbers."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse, Response

from bot.errors import NotFound
from bot.office.weekly.gaps import Meaning, gaps, unanswered
from bot.office.weekly.report import ANSWERED, Office, Progress
from bot.office.weekly.weeks import Period, Week
from bot.records import audit, statistics, turns
from bot.records.accounts.users import User
from bot.records.database import Database
from bot.records.statistics import Wanted
from bot.web.doors.middleware import NO_STORE
from bot.web.doors.plain import refuse_controls
from bot.web.export import Cell, Sheet, download
from bot.web.services import Services
from bot.web.staff.period import WEEKS, chosen_period
from bot.web.staff.sign_in import Staff
from bot.wording import read_yaml

PATIENCE_SECONDS = 1.2
TURNS_A_PAGE, FARTHEST = 50, 1_000
LONGEST_WORD, LONGEST_TOPIC = 40, 80
Group = Literal["all", "answered", "unanswered", "disliked", "fallback"]
Form = Annotated[Literal["csv", "xlsx"], Path()]


@dataclass(frozen=True, slots=True)
class Search:
    """The filters of the list of turns."""

    group: Group
    topic: str | None
    word: str
    page: int


def chosen_turns(
    group: Group = "all",
    topic: Annotated[str | None, Query(max_length=LONGEST_TOPIC)] = None,
    q: Annotated[str, Query(max_length=LONGEST_WORD)] = "",
    page: Annotated[int, Query(ge=0, le=FARTHEST)] = 0,
) -> Search:
    """A dependency: the list of turns that the URL asks for."""
    return Search(group, topic, q.strip(), page)


Listed = Annotated[Search, Depends(chosen_turns)]


class Pages:
    """What the routes show, including those of accuracy."""

    def __init__(self, services: Services, database: Database) -> None:
        self.services, self.database = services, database
        self.office = Office(database, lambda: Meaning.of(services.ready()))

    def words(self) -> dict[str, Any]:
        """The texts of these pages."""
        folder = self.services.ready().settings.prompts_dir
        words: dict[str, Any] = read_yaml(folder / "office.yaml")["office"]
        return {**words, "reasons": self.services.views().text["reasons"]}

    def render(self, name: str, user: User, headers: dict[str, str] | None = None, **more: Any) -> HTMLResponse:
        """A template with what all of them know."""
        known = {"user": user, "page": "office", "words": self.words(), **more}
        headers = {**NO_STORE, **(headers or {})}
        return HTMLResponse(self.services.views().render(name, **known), headers=headers)

    def sheet_of(self, name: str, columns: dict[str, str], period: Period, rows: list[list[Cell]]) -> Sheet:
        """A table with its source, its period and the kind of its data."""
        words = self.words()
        is_demonstration = statistics.is_demonstration(self.database)
        lines = {
            "source": words["source_line"].format(name=self.services.ready().site.name),
            "period": words["span"].format(begins=period.weeks[0].monday, ends=period.weeks[-1].sunday),
            "label": words["label_demonstration" if is_demonstration else "label_masked"],
        }
        about = {words["about"][key]: line for key, line in lines.items()}
        return Sheet(name, list(columns.values()), rows, about)


def router(pages: Pages, staff: Staff) -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_controls)])
    services, database = pages.services, pages.database
    editor = Annotated[User, Depends(staff.at_least("editor"))]
    asked = Annotated[Period, Depends(chosen_period(services))]

    @made.get("/office")
    async def office(user: editor, period: asked) -> HTMLResponse:
        found = await asyncio.to_thread(pages.office.report, period, PATIENCE_SECONDS)
        if isinstance(found, Progress):
            return pages.render("office_progress.html", user, {"Refresh": "1"}, progress=found)
        days = services.ready().settings.retention_days
        return pages.render("office.html", user, report=found, period=period, choices=WEEKS, days=days)

    @made.get("/office/figures.{form}")
    async def figures(user: editor, period: asked, form: Form) -> Response:
        return await asyncio.to_thread(_figures, pages, user, period, form)

    @made.get("/office/questions.{form}")
    async def questions(user: editor, period: asked, form: Form) -> Response:
        return await asyncio.to_thread(_questions, pages, user, period, form)

    @made.get("/office/gaps.{form}")
    async def gaps_file(user: editor, period: asked, form: Form) -> Response:
        return await asyncio.to_thread(_gaps_file, pages, user, period, form)

    @made.get("/office/turns")
    async def listed(user: editor, period: asked, search: Listed) -> HTMLResponse:
        wanted = _wanted(period, search)
        start = search.page * TURNS_A_PAGE
        found = await asyncio.to_thread(statistics.listed, database, wanted, start, TURNS_A_PAGE + 1)
        shown, more = found[:TURNS_A_PAGE], len(found) > TURNS_A_PAGE
        return pages.render("office_turns.html", user, turns=shown, more=more, search=search, period=period)

    @made.get("/office/turns/{answer_id}")
    async def conversation(user: editor, answer_id: str) -> HTMLResponse:
        found = await asyncio.to_thread(_viewed, database, answer_id, user.name, pages.words()["conversation_none"])
        by_id = services.ready().index.corpus.by_id
        return pages.render(
            "office_turn.html", user, turns=found, wanted=answer_id, by_id=by_id, where=services.views().where
        )

    return made


def _wanted(period: Period, search: Search) -> Wanted:
    span = period.week.span
    groups = {
        "all": Wanted(span),
        "answered": Wanted(span, ANSWERED),
        "unanswered": unanswered(span),
        "disliked": Wanted(span, useless=True),
        "fallback": Wanted(span, fallback=True),
    }
    return replace(groups[search.group], topic=search.topic, word=search.word)


def _kinds(week: Week) -> dict[str, Wanted]:
    """The kinds of turns that need the office's attention."""
    return {"unanswered": unanswered(week.span), "disliked": Wanted(week.span, useless=True)}


def _viewed(database: Database, answer_id: str, actor: str, none: str) -> list[dict[str, Any]]:
    """The conversation of an answer; the viewing is audited. Raises NotFound."""
    turn = turns.of_answer(database, answer_id)
    if turn is None:
        raise NotFound(none)
    with database.begin() as connection:
        audit.append(connection, actor, "conversation viewed", answer=answer_id)
    alone = not turn["session"]
    return [t for t in turns.of_session(database, turn["session"]) if not alone or t["answer_id"] == answer_id]


def _figures(pages: Pages, user: User, period: Period, form: str) -> Response:
    words = pages.words()
    rows: list[list[Cell]] = []
    for week in period.weeks:
        name = words["week_name"].format(monday=week.monday, sunday=week.sunday)
        counted = statistics.counted(pages.database, week.span)
        total = sum(one.times for one in counted)
        for one in counted:
            status, mode = words["statuses"].get(one.status, one.status), words["modes"].get(one.mode, one.mode)
            rows.append([name, one.topic or words["no_topic"], status, mode, one.times, round(one.times / total, 4)])
    return exported(pages, user, pages.sheet_of("figures", words["figures_columns"], period, rows), "figures", form)


def _questions(pages: Pages, user: User, period: Period, form: str) -> Response:
    columns = pages.words()["questions_columns"]
    rows = [row for week in period.weeks for row in _gaps(pages, week)]
    return exported(pages, user, pages.sheet_of("questions", columns, period, rows), "questions", form)


def _gaps_file(pages: Pages, user: User, period: Period, form: str) -> Response:
    """The gaps of the chosen week, by meaning, with their counts in each week of the period."""
    words, meaning = pages.words(), Meaning.of(pages.services.ready())
    rows: list[list[Cell]] = []
    for kind, wanted in _kinds(period.week).items():
        for gap in gaps(pages.database, period, wanted, meaning):
            said = "；".join(one.question for one in gap.examples)
            head = [words["kinds"][kind], gap.topic or words["no_topic"], said, " › ".join(gap.earlier)]
            rows.append([*head, gap.times, round(gap.share, 4), *gap.trend])
    weeks = {str(w.monday): words["week_name"].format(monday=w.monday, sunday=w.sunday) for w in period.weeks}
    sheet = pages.sheet_of("gaps", {**words["gaps_columns"], **weeks}, period, rows)
    return exported(pages, user, sheet, "gaps", form)


def _gaps(pages: Pages, week: Week) -> Iterator[list[Cell]]:
    words = pages.words()
    name = words["week_name"].format(monday=week.monday, sunday=week.sunday)
    for kind, wanted in _kinds(week).items():
        for one in statistics.asked(pages.database, wanted):
            topic = one.topic or words["no_topic"]
            yield [name, words["kinds"][kind], topic, one.question, one.times, one.answer_id]


def exported(pages: Pages, user: User, sheet: Sheet, name: str, form: str) -> Response:
    """A sheet as a file; the export is audited."""
    with pages.database.begin() as connection:
        audit.append(connection, user.name, "records exported", table=name, form=form, rows=len(sheet.rows))
    return download(sheet, name, form)
