"""`/office/approved`: answers that an editor writes, a second person releases, and the service then serves first."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.answer import MARK
from bot.errors import AnswerUnusable, QuestionError
from bot.office.approved import LONGEST_ANSWER, LONGEST_QUESTION, refuse_unusable
from bot.pipeline import Bot
from bot.records import approved, turns
from bot.records.accounts.users import User
from bot.records.approved import Cited, Draft
from bot.records.database import Database
from bot.web.doors.plain import refuse_controls
from bot.web.services import Services
from bot.web.staff.sign_in import Staff
from bot.wording import read_yaml
from corpus.outline import SENTENCE
from corpus.passage import Passage

QUOTES = 4
STATES = ("suspended", "draft", "approved", "withdrawn")
NEAR = 6


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: as it was typed, so that nothing is lost when it cannot be taken."""

    question: str = ""
    answer: str = ""
    quotes: tuple[str, ...] = ("",) * QUOTES
    valid_from: str = ""
    valid_until: str = ""
    origin: str = ""
    answer_id: str = ""

    def quoting(self, sentence: str) -> "Typed":
        """With one quote more, where there is room for it and it is not there yet."""
        if not sentence or sentence in self.quotes or "" not in self.quotes:
            return self
        place = self.quotes.index("")
        return replace(self, quotes=(*self.quotes[:place], sentence, *self.quotes[place + 1 :]))


async def typed_form(
    question: Annotated[str, Form(max_length=2 * LONGEST_QUESTION)] = "",
    answer: Annotated[str, Form(max_length=2 * LONGEST_ANSWER)] = "",
    quote: Annotated[Sequence[str], Form(max_length=QUOTES)] = (),
    valid_from: Annotated[str, Form(max_length=20)] = "",
    valid_until: Annotated[str, Form(max_length=20)] = "",
    origin: Annotated[str, Form(max_length=32)] = "",
    answer_id: Annotated[str, Form(max_length=32)] = "",
) -> Typed:
    """A dependency: the form as it was sent."""
    quotes = (*quote, *("",) * QUOTES)[:QUOTES]
    return Typed(question, answer, quotes, valid_from, valid_until, origin, answer_id)


class Pages:
    """What the routes show."""

    def __init__(self, services: Services, database: Database) -> None:
        self.services, self.database = services, database

    def render(self, name: str, user: User, status: int = 200, **more: Any) -> HTMLResponse:
        """A template with what all of them know."""
        views = self.services.views()
        words = read_yaml(views.bot.settings.prompts_dir / "office.yaml")["approved"]
        known = {"user": user, "page": "approved", "words": words, "problem": "", "where": views.where, **more}
        known["by_id"] = views.corpus.by_id
        return HTMLResponse(views.render(name, **known), status_code=status, headers={"Cache-Control": "no-store"})

    async def every(self, user: User, problem: str = "", status: int = 200) -> HTMLResponse:
        """All answers by state; what needs somebody first."""
        found = await asyncio.to_thread(approved.every, self.database)
        groups = [(state, [one for one in found if one.state == state]) for state in STATES]
        return self.render("approved.html", user, status, groups=[g for g in groups if g[1]], problem=problem)

    def form(self, user: User, typed: Typed, problem: str = "", status: int = 200, find: str = "") -> HTMLResponse:
        """The form, with passages to quote from."""
        bot = self.services.ready()
        found = [_holding(bot, quote) for quote in typed.quotes]
        more = {"typed": typed, "problem": problem, "near": _near(bot, find or typed.question)}
        more["sentences"] = SENTENCE.findall
        return self.render("approved_form.html", user, status, found=found, find=find, **more)


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
        return pages.render("approved_versions.html", user, versions=found)

    @made.post("/office/approved/{answer_id}/{act}")
    async def decide(
        user: Annotated[User, editor],
        answer_id: str,
        act: str,
        version: Annotated[int, Form()] = 0,
        reason: Annotated[str, Form(max_length=LONGEST_QUESTION)] = "",
    ) -> Response:
        bot = pages.services.ready()
        try:
            await asyncio.to_thread(_decide, bot, pages.database, answer_id, act, version, user.name, reason)
        except AnswerUnusable as problem:
            return await pages.every(user, problem.message, problem.http_status)
        await asyncio.to_thread(pages.services.board.refresh)
        return RedirectResponse(staff.root + "office/approved", status_code=303)


def _add_writing(made: APIRouter, pages: Pages, staff: Staff) -> None:
    editor = Depends(staff.at_least("editor"))

    @made.get("/office/approved/new")
    async def new(
        user: Annotated[User, editor],
        origin: Annotated[str, Query(alias="from", max_length=32)] = "",
        question: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "",
        correct: Annotated[str, Query(max_length=32)] = "",
    ) -> HTMLResponse:
        return pages.form(user, await asyncio.to_thread(_begun, pages.database, origin, question, correct))

    @made.post("/office/approved/find")
    async def find(
        user: Annotated[User, editor],
        typed: Annotated[Typed, Depends(typed_form)],
        find: Annotated[str, Form(max_length=LONGEST_QUESTION)] = "",
        add: Annotated[str, Form(max_length=LONGEST_ANSWER)] = "",
    ) -> HTMLResponse:
        return pages.form(user, typed.quoting(add), find=find)

    @made.post("/office/approved")
    async def save(user: Annotated[User, editor], typed: Annotated[Typed, Depends(typed_form)]) -> Response:
        bot = pages.services.ready()
        try:
            written = _draft(typed, bot)
            refuse_unusable(written, bot)
            await asyncio.to_thread(approved.draft, pages.database, written, user.name, typed.answer_id)
        except AnswerUnusable as problem:
            return pages.form(user, typed, problem.message, problem.http_status)
        return RedirectResponse(staff.root + "office/approved", status_code=303)


def _begun(database: Database, origin: str, question: str, correct: str) -> Typed:
    """The form to begin with: from a conversation, from an answer to be corrected, or from a question."""
    today = date.today().isoformat()
    if correct:
        one = approved.history(database, correct)[0]
        quotes = (*(cited.quote for cited in one.citations), *("",) * QUOTES)[:QUOTES]
        until = one.valid_until.isoformat() if one.valid_until else ""
        return Typed(one.question, one.answer, quotes, today, until, one.origin, one.id)
    turn = turns.of_answer(database, origin) if origin else None
    if turn is None:
        return Typed(question=question, valid_from=today)
    quotes = (*(cited["quote"] for cited in turn["citations"]), *("",) * QUOTES)[:QUOTES]
    answer = turn["answer"] if turn["citations"] else ""
    return Typed(turn["question"], answer, quotes, today, origin=origin)


def _draft(typed: Typed, bot: Bot) -> Draft:
    """What was typed, as a draft. Raises AnswerUnusable for days that cannot be read and quotes nobody holds."""
    say = read_yaml(bot.settings.prompts_dir / "approved.yaml")["refused"]
    try:
        begins = date.fromisoformat(typed.valid_from)
        ends = date.fromisoformat(typed.valid_until) if typed.valid_until else None
    except ValueError:
        raise AnswerUnusable(say["period"]) from None
    quotes = [quote.strip() for quote in typed.quotes if quote.strip()]
    holding = [_holding(bot, quote) for quote in quotes]
    if not all(holding):
        raise AnswerUnusable(say["moved"])
    citations = tuple(Cited(p.id, quote) for p, quote in zip(holding, quotes, strict=True) if p)
    return Draft(typed.question.strip(), typed.answer.strip(), citations, begins, ends, typed.origin)


def _decide(bot: Bot, database: Database, answer_id: str, act: str, version: int, actor: str, reason: str) -> None:
    """Release a version, once more held against the documents, or take the answer back."""
    say = read_yaml(bot.settings.prompts_dir / "approved.yaml")["refused"]
    if act == "approve":
        for one in approved.history(database, answer_id):
            if one.version == version:
                refuse_unusable(one, bot)
        approved.approve(database, answer_id, version, actor)
    elif act == "withdraw" and reason.strip():
        approved.withdraw(database, answer_id, actor, reason.strip())
    else:
        raise AnswerUnusable(say["reason"])


def _holding(bot: Bot, quote: str) -> Passage | None:
    """The passage that holds a quote word for word; the body before the annotations."""
    wanted = quote.strip()
    return next((p for p in bot.index.corpus.passages if wanted and wanted in p.text), None)


def _near(bot: Bot, words: str) -> list[Passage]:
    """Passages to quote from."""
    try:
        return [hit.passage for hit in bot.search(MARK.sub("", words)[:LONGEST_QUESTION], NEAR)]
    except QuestionError:
        return []
