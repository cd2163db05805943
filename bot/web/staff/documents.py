"""`/office/documents`: the documents in use; files are uploaded, read, corrected, handed in and released by another."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.requests import Request
from starlette.types import Scope

from bot.errors import DocumentUnusable, NotKept
from bot.office.documents.drafts import Drafts, StatedPart
from bot.office.documents.trial import Trials
from bot.records.accounts.users import User
from bot.records.office import documents
from bot.records.office.documents import LONGEST_REASON, OPEN, Proposal
from bot.settings import Settings
from bot.web.doors.middleware import NO_STORE, route_path
from bot.web.doors.plain import refuse_controls
from bot.web.services import Services
from bot.web.staff.sign_in import Staff
from bot.wording import read_yaml
from corpus.reading.formats import READERS
from corpus.shelving import Given

PATH = "/office/documents"
PATIENCE_SECONDS = 1.2
PAST, MOST_PARTS, LONGEST = 20, 200, 200
UNTYPED = {"title": "", "year": "", "kind": "", "publisher": "", "instead": ""}
Text = Annotated[str, Form(max_length=LONGEST)]
Texts = Annotated[Sequence[str], Form(max_length=MOST_PARTS)]


class UploadLimit:
    """The body limit of a request: larger for document uploads by editors."""

    def __init__(self, settings: Settings, staff: Staff) -> None:
        self._settings, self._staff = settings, staff

    async def __call__(self, scope: Scope) -> int:
        """The limit in bytes for a request."""
        if scope["method"] != "POST" or route_path(scope) != PATH:
            return self._settings.max_body_bytes
        try:
            user = await self._staff.user(Request(scope))
        except NotKept:
            user = None
        uploads = user is not None and user.may("editor")
        return self._settings.max_upload_bytes if uploads else self._settings.max_body_bytes


async def given_form(title: Text = "", year: Text = "", kind: Text = "", publisher: Text = "") -> dict[str, str]:
    """A dependency: the description of a document, as typed."""
    typed = {"title": title, "year": year, "kind": kind, "publisher": publisher}
    return {name: text.strip() for name, text in typed.items()}


async def parts_form(part: Texts = (), kinds: Texts = (), since: Texts = (), until: Texts = ()) -> list[StatedPart]:
    """A dependency: the parts of a document, as typed."""
    return [StatedPart(*row) for row in zip(part, kinds, since, until, strict=False)]


TypedFields = Annotated[dict[str, str], Depends(given_form)]
TypedParts = Annotated[list[StatedPart], Depends(parts_form)]


class Pages:
    """What the routes show and do."""

    def __init__(self, settings: Settings, services: Services, staff: Staff) -> None:
        self.services, self.staff, self.database = services, staff, staff.database
        self.drafts, self.trials = Drafts(settings, staff.database), Trials()
        self.most_bytes, self._prompts = settings.max_upload_bytes, settings.prompts_dir

    @property
    def words(self) -> dict[str, Any]:
        """The texts of these pages."""
        texts = read_yaml(self._prompts / "office.yaml")
        return {**texts["documents"], "statuses": texts["office"]["statuses"]}

    def render(self, name: str, user: User, status: int, headers: dict[str, str], **more: Any) -> HTMLResponse:
        """A template with what all of them know."""
        html = self.services.views().render(name, user=user, page="documents", words=self.words, **more)
        return HTMLResponse(html, status_code=status, headers={**NO_STORE, **headers})

    async def every(self, user: User, problem: str = "", status: int = 200, **typed: str) -> HTMLResponse:
        """The documents in use, the proposals, and the upload form as typed."""
        corpus = self.services.ready().index.corpus
        found = await asyncio.to_thread(documents.latest, self.database)
        counts = {
            "passages": Counter(passage.document_id for passage in corpus.passages),
            "terms": Counter(corpus.by_id[term.annotation_id].document_id for term in corpus.terms),
            "targets": Counter(target.document_id for target in corpus.targets),
        }
        return self.render(
            "documents.html", user, status, {}, problem=problem, corpus=corpus, counts=counts,
            held=self.services.views().documents, waiting=[p for p in found if p.state in OPEN],
            past=[p for p in found if p.state not in OPEN][:PAST], typed=UNTYPED | typed, stale=self.services.problem,
            formats="、".join(READERS), size=self.most_bytes >> 20,
        )  # fmt: skip

    async def draft(self, user: User, proposal: Proposal, problem: str = "", status: int = 200) -> HTMLResponse:
        """A draft as read and tried; the page reloads by itself during the trial."""
        bot = self.services.ready()
        folder = await asyncio.to_thread(self.drafts.folder, proposal)
        try:
            trial = await asyncio.to_thread(self.trials.of, bot, folder, PATIENCE_SECONDS)
        except DocumentUnusable as failed:
            return await self.every(user, failed.message, failed.http_status)
        replaced = bot.index.corpus.documents.get(proposal.document)
        headers = {} if trial or problem else {"Refresh": "1"}
        shown = {"proposal": proposal, "trial": trial, "problem": problem, "replaced": replaced}
        return self.render("document_draft.html", user, status, headers, **shown)

    def moved(self, path: str = "") -> Response:
        """Redirect to one of these pages."""
        return RedirectResponse(self.staff.root + PATH[1:] + path, status_code=303)


def router(settings: Settings, services: Services, staff: Staff) -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_controls)])
    pages = Pages(settings, services, staff)
    _add_list(made, pages)
    _add_drafts(made, pages)
    return made


def _add_list(made: APIRouter, pages: Pages) -> None:
    editor = Annotated[User, Depends(pages.staff.at_least("editor"))]

    @made.get(PATH)
    async def every(user: editor) -> HTMLResponse:
        return await pages.every(user)

    @made.post(PATH)
    async def upload(
        user: editor, typed: TypedFields, instead: Text = "", file: Annotated[UploadFile | None, File()] = None
    ) -> Response:
        corpus = pages.services.ready().index.corpus
        try:
            name, content = await _uploaded(file, pages.words["no_file"])
            given = _given(typed, instead if instead in corpus.documents else "")
            kept = await asyncio.to_thread(pages.drafts.take, name, content, given, corpus, user.name)
        except DocumentUnusable as problem:
            return await pages.every(user, problem.message, problem.http_status, **typed, instead=instead)
        return pages.moved(f"/{kept.id}")

    @made.post(f"{PATH}/withdraw")
    async def withdraw(
        user: editor, document: Text = "", reason: Annotated[str, Form(max_length=LONGEST_REASON)] = ""
    ) -> Response:
        title = pages.services.ready().document(document).title
        try:
            proposal = Proposal("take_down", document, title, user.name, reason=reason.strip())
            await asyncio.to_thread(documents.propose, pages.database, proposal)
        except DocumentUnusable as problem:
            return await pages.every(user, problem.message, problem.http_status)
        return pages.moved()


def _add_drafts(made: APIRouter, pages: Pages) -> None:
    editor = Annotated[User, Depends(pages.staff.at_least("editor"))]

    @made.get(PATH + "/{proposal_id}")
    async def draft(user: editor, proposal_id: str) -> Response:
        proposal = await asyncio.to_thread(documents.one, pages.database, proposal_id)
        if proposal.act != "put_up" or proposal.state not in OPEN:
            return pages.moved()
        try:
            return await pages.draft(user, proposal)
        except DocumentUnusable as problem:
            return await pages.every(user, problem.message, problem.http_status)

    @made.post(PATH + "/{proposal_id}/correct")
    async def correct(user: editor, proposal_id: str, typed: TypedFields, parts: TypedParts) -> Response:
        proposal = await asyncio.to_thread(documents.one, pages.database, proposal_id)
        try:
            fields = {**typed, "year": _year(typed["year"])}
            await asyncio.to_thread(pages.drafts.correct, proposal, fields, parts, user.name)
        except DocumentUnusable as problem:
            return await pages.draft(user, proposal, problem.message, problem.http_status)
        return pages.moved(f"/{proposal_id}")

    @made.post(PATH + "/{proposal_id}/{act}")
    async def step(
        user: editor, proposal_id: str, act: str, reason: Annotated[str, Form(max_length=LONGEST_REASON)] = ""
    ) -> Response:
        try:
            await asyncio.to_thread(_step, pages, proposal_id, act, user.name, reason.strip())
        except DocumentUnusable as problem:
            return await pages.every(user, problem.message, problem.http_status)
        return pages.moved(f"/{proposal_id}" if act == "take_back" else "")


def _step(pages: Pages, proposal_id: str, act: str, actor: str, reason: str) -> None:
    """Hand in, take back, drop or release. Raises DocumentUnusable, NotFound and NotKept."""
    if act == "hand_in":
        documents.move(pages.database, proposal_id, "handed_in", actor)
    elif act == "take_back":
        documents.move(pages.database, proposal_id, "draft", actor)
    elif act == "drop":
        pages.drafts.drop(documents.one(pages.database, proposal_id), actor, reason)
    elif act == "release":
        pages.drafts.release(proposal_id, actor, pages.services.ready().index.corpus)
    else:
        raise DocumentUnusable(pages.words["unknown_act"])


async def _uploaded(file: UploadFile | None, none: str) -> tuple[str, bytes]:
    """The name and content of the upload. Raises DocumentUnusable without one."""
    if file is None or not file.filename:
        raise DocumentUnusable(none)
    return file.filename, await file.read()


def _given(typed: dict[str, str], document: str) -> Given:
    year = _year(typed["year"]) if typed["year"] else None
    return Given(document or None, typed["title"] or None, year, typed["kind"] or None, typed["publisher"] or None)


def _year(text: str) -> int:
    if not (text.isdecimal() and len(text) == 4):
        raise DocumentUnusable(f"年份应是四位数字，例如 2025；现在是“{text}”")
    return int(text)
