"""`/office/complaints`: residents' complaints, and the replies to them."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.errors import ComplaintUnusable
from bot.records.accounts.users import User
from bot.records.database import Database
from bot.records.office import complaints
from bot.records.office.complaints import LONGEST, MOST_SENT
from bot.web.doors.middleware import NO_STORE
from bot.web.doors.plain import refuse_controls
from bot.web.services import Services
from bot.web.staff.sign_in import Staff
from bot.wording import read_yaml


def router(services: Services, database: Database, staff: Staff) -> APIRouter:
    """The routes; for administrators alone, since contacts are personal data."""
    made = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_controls)])
    administrator = Annotated[User, Depends(staff.at_least("administrator"))]

    async def page(user: User, receipt: str = "", typed: str = "", problem: str = "") -> HTMLResponse:
        everything = await asyncio.to_thread(complaints.listed, database, user.name)
        bot = services.ready()
        known: dict[str, Any] = {
            "words": read_yaml(bot.settings.prompts_dir / "office.yaml")["complaints"],
            "waiting": [one for one in everything if one.handled is None],
            "handled": [one for one in everything if one.handled],
            "days": bot.site.complaint_days,
            "zone": bot.site.zone,
            "today": datetime.now(bot.site.zone).date(),
            "longest": LONGEST,
        }
        typed_in = {"receipt": receipt, "typed": typed, "problem": problem}
        html = services.views().render("handling.html", user=user, page="complaints", **known, **typed_in)
        return HTMLResponse(html, status_code=ComplaintUnusable.http_status if problem else 200, headers=NO_STORE)

    @made.get("/office/complaints")
    async def shown(user: administrator) -> HTMLResponse:
        return await page(user)

    @made.post("/office/complaints")
    async def answered(
        user: administrator,
        receipt: Annotated[str, Form(max_length=16)] = "",
        reply: Annotated[str, Form(max_length=MOST_SENT)] = "",
    ) -> Response:
        try:
            await asyncio.to_thread(complaints.handle, database, receipt, reply, user.name)
        except ComplaintUnusable as problem:
            return await page(user, receipt, reply, problem.message)
        return RedirectResponse(staff.root + "office/complaints", status_code=303)

    return made
