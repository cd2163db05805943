"""`/office/accuracy`: a random sample of a week's answers, judged one by one with a click."""

import asyncio
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.office.weekly.accuracy import SAMPLE, Accuracy, of_week
from bot.office.weekly.weeks import Period, Week
from bot.records.accounts.users import User
from bot.records.office import judgements
from bot.web.doors.plain import refuse_controls
from bot.web.export import Cell
from bot.web.staff.office import Form as FileForm
from bot.web.staff.office import Pages, exported
from bot.web.staff.period import chosen_period
from bot.web.staff.sign_in import Staff


def router(pages: Pages, staff: Staff) -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_controls)])
    services, database = pages.services, pages.database
    editor = Annotated[User, Depends(staff.at_least("editor"))]
    asked = Annotated[Period, Depends(chosen_period(services))]

    @made.get("/office/accuracy")
    async def shown(user: editor, period: asked) -> HTMLResponse:
        weeks = [await asyncio.to_thread(of_week, database, week) for week in period.weeks]
        left = await asyncio.to_thread(judgements.drawn, database, period.week.span, SAMPLE)
        known: dict[str, Any] = {
            "by_id": services.ready().index.corpus.by_id,
            "where": services.views().where,
            "sample": SAMPLE,
        }
        return pages.render("office_accuracy.html", user, None, period=period, weeks=weeks, left=left, **known)

    @made.post("/office/accuracy")
    async def judge(
        user: editor,
        period: asked,
        answer: Annotated[str, Form(max_length=32)],
        correct: Annotated[bool, Form()],
    ) -> Response:
        await asyncio.to_thread(judgements.keep, database, answer, correct, user.name)
        chosen = urlencode({"weeks": period.count, "week": period.week.monday})
        return RedirectResponse(f"{staff.root}office/accuracy?{chosen}#judge", status_code=303)

    @made.get("/office/accuracy.{form}")
    async def download(user: editor, period: asked, form: FileForm) -> Response:
        return await asyncio.to_thread(_file, pages, user, period, form)

    return made


def _file(pages: Pages, user: User, period: Period, form: str) -> Response:
    words = pages.words()["accuracy"]
    rows = [row for week in period.weeks for row in _rows(pages, week)]
    return exported(pages, user, pages.sheet_of("accuracy", words["columns"], period, rows), "accuracy", form)


def _rows(pages: Pages, week: Week) -> list[list[Cell]]:
    words = pages.words()
    found, name = of_week(pages.database, week), words["week_name"].format(monday=week.monday, sunday=week.sunday)
    by = {"sampled": found.sampled, "agents": found.agents}
    return [[name, words["accuracy"][key], *_cells(one)] for key, one in by.items()]


def _cells(found: Accuracy) -> list[Cell]:
    low, high = found.interval
    shares = ("", "", "") if found.share is None else (round(found.share, 4), round(low, 4), round(high, 4))
    return [found.right, found.judged, *shares]
