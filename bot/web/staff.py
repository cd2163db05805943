"""Who is signed in: the dependency every route of the desk and the office stands behind, and the page to sign in."""

import asyncio
import hmac
import re
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.errors import Forbidden, SignInNeeded, SignInRefused
from bot.records import users
from bot.records.database import Database
from bot.records.users import LONGEST_PASSWORD, Policy, User
from bot.settings import Settings
from bot.web.opened import Opened
from bot.wording import read_yaml

COOKIE = "wenzheng_staff"
SAFE = ("GET", "HEAD")
OURS = re.compile(r"(?:desk|office)(?:[/?][\w/.?=&%-]*)?")
KNOWN_SECONDS, MOST_KNOWN = 3.0, 1_000
Signed = Callable[[Request], Awaitable[User]]


class Staff:
    """Tells who sends a request. What the database said is believed for KNOWN_SECONDS: typing costs no query."""

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

    def at_least(self, role: str) -> Signed:
        """A dependency: the user, who may do what `role` may. What changes something must come from a page of ours.

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
        """Who holds the cookie of a request; None when nobody is signed in. Raises NotKept."""
        token = request.cookies.get(COOKIE, "")
        if not token:
            return None
        at, user = self._known.get(token, (0.0, None))
        if user is None or time.monotonic() - at > KNOWN_SECONDS:
            user = await asyncio.to_thread(users.of_token, self.database, token, self.policy)
            self._remember(token, user)
        return user

    def forget(self, token: str) -> None:
        """Believe nothing about a token."""
        self._known.pop(token, None)

    def _remember(self, token: str, user: User | None) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        if user:
            self._known[token] = (time.monotonic(), user)
        else:
            self.forget(token)


def router(opened: Opened, staff: Staff) -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False)

    def page(name: str = "", problem: str = "", following: str = "desk", status: int = 200) -> HTMLResponse:
        known = {"user": None, "page": "sign-in", "typed": name, "problem": problem, "following": following}
        html = opened.views().render("sign_in.html", words=staff.text, **known)
        return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})

    @made.get("/sign-in")
    async def form(following: Annotated[str, Query(alias="next", max_length=500)] = "desk") -> HTMLResponse:
        return page(following=_within(following))

    @made.post("/sign-in")
    async def begin(
        request: Request,
        name: Annotated[str, Form(max_length=64)] = "",
        password: Annotated[str, Form(max_length=LONGEST_PASSWORD)] = "",
        following: Annotated[str, Form(alias="next", max_length=500)] = "desk",
    ) -> Response:
        refuse_foreign(request, staff)
        try:
            token = await asyncio.to_thread(users.sign_in, staff.database, name.strip(), password, staff.policy)
        except SignInRefused as problem:
            return page(name, problem.message, _within(following), problem.http_status)
        moved = RedirectResponse(staff.root + _within(following), status_code=303)
        secure = request.url.scheme == "https"
        moved.set_cookie(COOKIE, token, path=staff.root, secure=secure, httponly=True, samesite="lax")
        return moved

    @made.post("/sign-out")
    async def end(request: Request) -> Response:
        await staff.at_least("agent")(request)
        token = request.cookies[COOKIE]
        staff.forget(token)
        await asyncio.to_thread(users.sign_out, staff.database, token)
        moved = RedirectResponse(staff.root + "sign-in", status_code=303)
        moved.delete_cookie(COOKIE, path=staff.root)
        return moved

    @made.get("/office/users")
    async def accounts(user: Annotated[User, Depends(staff.at_least("administrator"))]) -> HTMLResponse:
        everybody = await asyncio.to_thread(users.every, staff.database)
        known = {"user": user, "page": "users", "words": staff.text, "everybody": everybody}
        return HTMLResponse(opened.views().render("users.html", **known))

    return made


def refuse_foreign(request: Request, staff: Staff) -> None:
    """A form of another site must not sign anybody in (Fetch Metadata, `Sec-Fetch-Site`). Raises Forbidden."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden(staff.text["csrf"])


def _within(following: str) -> str:
    """An address of the desk or the office, and of nobody else."""
    return following if OURS.fullmatch(following) and "//" not in following else "desk"


async def _sent(request: Request) -> str:
    """The proof that came with a request: a header of scripts, or a field of forms."""
    header = request.headers.get("x-csrf-token")
    if header is not None or not request.headers.get("content-type", "").startswith(("application/x-www", "multipart")):
        return header or ""
    return str((await request.form()).get("csrf", ""))
