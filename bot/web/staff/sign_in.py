"""The dependency that guards every route of the desk and the office, and the sign-in page."""

import asyncio
import hmac
import math
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.errors import Forbidden, SignInNeeded, SignInRefused, TooBusy
from bot.records.accounts import users
from bot.records.accounts.tries import Place
from bot.records.accounts.users import LONGEST_PASSWORD, Policy, SignedIn, User
from bot.records.database import Database
from bot.settings import Settings
from bot.web.doors.addresses import one_client
from bot.web.doors.middleware import PRIVATE, is_foreign
from bot.web.doors.plain import refuse_controls
from bot.web.services import Services
from bot.web.staff.cookies import Cookies
from bot.web.staff.passwords import Passwords
from bot.wording import read_yaml

COOKIE, MARK = "wenzheng_staff", "wenzheng_known"
MARK_SECONDS = 180 * 86_400
SAFE = ("GET", "HEAD")
OURS = re.compile(r"(?:desk|office)(?:[/?][\w/.?=&%-]*)?")
KNOWN_SECONDS, MOST_KNOWN = 3.0, 1_000
# The minimum time of a refusal, so that its timing does not reveal the database writes.
REFUSED_SECONDS = 0.5
BUSY_SECONDS = 5
Signed = Callable[[Request], Awaitable[User]]
Next = Annotated[str, Query(alias="next", max_length=500)]


class Staff:
    """Identifies the user of a request. Cached for KNOWN_SECONDS, so that typing costs no query."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.database = database
        self.root = settings.root_path + "/"
        self.text = read_yaml(settings.prompts_dir / "accounts.yaml")
        self.policy = Policy(
            idle=timedelta(minutes=settings.sign_in_idle_minutes),
            longest=timedelta(hours=settings.sign_in_hours),
            failures=settings.lockout_failures,
            lockout=timedelta(minutes=settings.lockout_minutes),
        )
        self._known: dict[str, tuple[float, User]] = {}
        self._passwords = Passwords()
        self.cookies = Cookies(self.root)

    def at_least(self, role: str) -> Signed:
        """A dependency: the user, of at least `role`. Requests that change something must come from our own pages.

        It raises SignInNeeded and Forbidden.
        """

        async def signed(request: Request) -> User:
            user = await self.user(request)
            if user is None:
                raise SignInNeeded(self.text["needed"])
            if not user.may(role):
                raise Forbidden(self.text["forbidden"].format(role=self.text["roles"][role]))
            if request.method not in SAFE and not hmac.compare_digest(await _sent(request), user.csrf):
                raise Forbidden(self.text["csrf"])
            return user

        return signed

    async def user(self, request: Request) -> User | None:
        """The user of a request's cookie; None when nobody is signed in. Raises NotKept."""
        token = self.cookies.get(request, COOKIE)
        if not token:
            return None
        at, user = self._known.get(token, (0.0, None))
        if user is None or time.monotonic() - at > KNOWN_SECONDS:
            user = await asyncio.to_thread(users.of_token, self.database, token, self.policy)
            self._remember(token, user)
        return user

    async def sign_in(self, request: Request, name: str, password: str) -> SignedIn:
        """Count the attempt, delay it if needed, check the password. Raises SignInRefused, TooBusy and NotKept."""
        host = request.client.host if request.client else ""
        place = Place(one_client(host), self.cookies.get(request, MARK))
        begun = await asyncio.to_thread(users.begin, self.database, name, place, self.policy)
        await asyncio.sleep(begun.counted.pause)
        try:
            examined = await self._passwords.run(lambda: users.examine(begun, password), begun.counted.known)
        except TooBusy:
            await asyncio.to_thread(users.give_up, self.database, begun)
            raise
        return await asyncio.to_thread(users.end, self.database, begun, examined, self.policy)

    def forget(self, token: str) -> None:
        """Drop a token from the cache."""
        self._known.pop(token, None)

    def _remember(self, token: str, user: User | None) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        if user:
            self._known[token] = (time.monotonic(), user)
        else:
            self.forget(token)


def router(services: Services, staff: Staff) -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False, dependencies=[Depends(refuse_controls)])
    _add_signing_in(made, services, staff)

    @made.post("/sign-out")
    async def end(request: Request) -> Response:
        await staff.at_least("agent")(request)
        token = staff.cookies.get(request, COOKIE)
        staff.forget(token)
        await asyncio.to_thread(users.sign_out, staff.database, token)
        moved = RedirectResponse(staff.root + "sign-in", status_code=303)
        staff.cookies.delete(request, moved, COOKIE)
        return moved

    @made.get("/office/users")
    async def accounts(user: Annotated[User, Depends(staff.at_least("administrator"))]) -> HTMLResponse:
        everybody = await asyncio.to_thread(users.every, staff.database)
        known = {"user": user, "page": "users", "words": staff.text, "everybody": everybody}
        return HTMLResponse(services.views().render("users.html", **known))

    return made


def _add_signing_in(made: APIRouter, services: Services, staff: Staff) -> None:
    def page(following: str, typed: str = "", problem: SignInRefused | TooBusy | None = None) -> HTMLResponse:
        said, headers = _explained(problem, staff.text) if problem else ("", {})
        known = {"user": None, "page": "sign-in", "typed": typed, "problem": said, "following": following}
        html = services.views().render("sign_in.html", words=staff.text, **known)
        headers |= PRIVATE
        return HTMLResponse(html, status_code=problem.http_status if problem else 200, headers=headers)

    @made.get("/sign-in")
    async def form(request: Request, following: Next = "desk", again: bool = False) -> Response:
        if await staff.user(request):
            return RedirectResponse(staff.root + _within(following), status_code=303)
        shown = page(_within(following))
        if not again and request.headers.get("sec-fetch-site", "cross-site") == "cross-site":
            # After a link from another site the user may be signed in; SameSite cookies come only with own requests.
            # Without TLS browsers do not send Fetch Metadata.
            address = urlencode({"next": _within(following), "again": "1"})
            shown.headers["Refresh"] = f"0; url={staff.root}sign-in?{address}"
        return shown

    @made.post("/sign-in")
    async def begin(
        request: Request,
        name: Annotated[str, Form(max_length=64)] = "",
        password: Annotated[str, Form(max_length=LONGEST_PASSWORD)] = "",
        following: Annotated[str, Form(alias="next", max_length=500)] = "desk",
    ) -> Response:
        if is_foreign(request.headers):
            raise Forbidden(staff.text["csrf"])
        earliest = time.monotonic() + REFUSED_SECONDS
        try:
            signed_in = await staff.sign_in(request, name.strip(), password)
        except (SignInRefused, TooBusy) as problem:
            await asyncio.sleep(earliest - time.monotonic() if problem.http_status == 401 else 0)
            return page(_within(following), name, problem)
        moved = RedirectResponse(staff.root + _within(following), status_code=303)
        staff.cookies.set(request, moved, COOKIE, signed_in.token)
        staff.cookies.set(request, moved, MARK, signed_in.mark, MARK_SECONDS)
        return moved


def _explained(problem: SignInRefused | TooBusy, text: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The message of a refused sign-in, and the headers that tell programs when to retry."""
    seconds = problem.seconds if isinstance(problem, SignInRefused) else BUSY_SECONDS
    if not seconds:
        return problem.message, {}
    minutes = math.ceil(seconds / 60)
    span = text["minutes"].format(count=minutes) if minutes > 1 else text["seconds"].format(count=seconds)
    return problem.message + text["wait"].format(span=span), {"Retry-After": str(seconds)}


def _within(following: str) -> str:
    """A URL of the desk or the office, nowhere else."""
    return following if OURS.fullmatch(following) and "//" not in following else "desk"


async def _sent(request: Request) -> str:
    """The CSRF token of a request: a header of scripts, or a form field."""
    header = request.headers.get("x-csrf-token")
    if header is not None or not request.headers.get("content-type", "").startswith(("application/x-www", "multipart")):
        return header or ""
    return str((await request.form()).get("csrf", ""))
