"""`/complaints`: how to complain, a form that needs no script, and the outcome of a complaint by its receipt number."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.errors import BotError, ComplaintUnusable, Forbidden, NotFound
from bot.records.database import Database
from bot.records.office import complaints
from bot.records.office.complaints import LONGEST, LONGEST_CONTACT, MOST_SENT, SHORTEST, Complaint
from bot.web.doors.middleware import PRIVATE, is_foreign
from bot.web.doors.plain import refuse_controls
from bot.web.residents.pages import trust_page
from bot.web.services import Services

PAGE = "complaints"
LIMITS = {"shortest": SHORTEST, "longest": LONGEST, "longest_contact": LONGEST_CONTACT}


@dataclass(frozen=True, slots=True)
class Shown:
    """The state of the form: the problem and its field, what was typed, and the complaint looked up."""

    problem: str = ""
    field: str = ""
    text: str = ""
    contact: str = ""
    receipt: str = ""
    found: Complaint | None = None


def router(services: Services, database: Database) -> APIRouter:
    """The routes."""
    made = APIRouter(
        include_in_schema=False, default_response_class=HTMLResponse, dependencies=[Depends(refuse_controls)]
    )

    @made.get("/complaints")
    async def page(receipt: Annotated[str, Query(max_length=40)] = "") -> HTMLResponse:
        if not receipt.strip():
            return _page(services, Shown())
        try:
            found = await asyncio.to_thread(complaints.find, database, receipt)
        except NotFound as problem:
            return _page(services, Shown(problem.message, "receipt", receipt=receipt), problem)
        return _page(services, Shown(receipt=receipt, found=found))

    @made.post("/complaints")
    async def lodged(
        request: Request,
        text: Annotated[str, Form(max_length=MOST_SENT)] = "",
        contact: Annotated[str, Form(max_length=MOST_SENT)] = "",
    ) -> Response:
        if is_foreign(request.headers):
            raise Forbidden(services.views().trust[PAGE]["form"]["foreign"])
        text, contact = text.strip(), contact.strip()
        try:
            receipt = await asyncio.to_thread(complaints.lodge, database, text, contact)
        except ComplaintUnusable as problem:
            field = "contact" if len(contact) > LONGEST_CONTACT else "text"
            return _page(services, Shown(problem.message, field, text, contact), problem)
        # A redirect, so that reloading the page sends nothing twice.
        return RedirectResponse(f"{PAGE}?{urlencode({'receipt': receipt})}", status_code=303, headers=PRIVATE)

    return made


def _page(services: Services, shown: Shown, problem: BotError | None = None) -> HTMLResponse:
    views = services.views()
    told: dict[str, Any] = {**trust_page(views, PAGE), "form": views.trust[PAGE]["form"], "texts": {}}
    days = {"days": views.bot.site.complaint_days, "kept": views.bot.settings.retention_days}
    html = views.render("complaints.html", page=PAGE, shown=shown, limits=LIMITS, **days, **told)
    return HTMLResponse(html, status_code=problem.http_status if problem else 200, headers=PRIVATE)
