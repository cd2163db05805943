"""The application with all routes: routers, errors, and the layers that stand before every one of them."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.records.database import Database
from bot.settings import Settings
from bot.site import Site
from bot.web.api import asking, completions, feedback, health, reading, session
from bot.web.doors import frame
from bot.web.doors.access import Access
from bot.web.doors.gate import Gate
from bot.web.doors.limits import RateLimit
from bot.web.doors.middleware import OWN, BodyLimit, Origins, SecurityHeaders
from bot.web.errors import add_handlers
from bot.web.rendering import starting_page, templates
from bot.web.residents import lite, pages, turns
from bot.web.services import Opened
from bot.web.staff import approved, desk, office, switches
from bot.web.staff.sign_in import Staff
from bot.web.staff.sign_in import router as accounts
from bot.wording import read_yaml

STATIC = Path(__file__).resolve().parent / "static"
TAGS = ["提问", "查阅", "我的记录", "OpenAI 兼容", "运行"]
WIDGET_AGE = {"Cache-Control": "public, max-age=300"}


def build(settings: Settings, opened: Opened, database: Database) -> FastAPI:
    """The application; what it serves opens later."""
    site = Site.load(settings.site_file)
    app = FastAPI(
        title=site.name,
        summary=site.tagline,
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_tags=[{"name": name} for name in TAGS],
    )
    for router in _routers(settings, opened, database, site):
        app.include_router(router)
    app.router.routes.append(Route("/mcp", _Tools(opened), methods=["POST"]))
    app.mount("/site", StaticFiles(directory=STATIC))
    app.mount("/docs-assets", StaticFiles(packages=[("fastapi_offline", "static")]))
    add_handlers(app, opened)
    return app


def behind_doors(app: ASGIApp, settings: Settings, opened: Opened) -> ASGIApp:
    """The layers that stand before every route, the innermost first."""
    app = GZipMiddleware(app, minimum_size=1000, compresslevel=5)
    app = BodyLimit(app, settings)
    app = RateLimit(app, settings, opened)
    app = Origins(app, settings.allowed_origins)
    app = SecurityHeaders(app, OWN, settings)
    return Access(app)


class _Tools:
    """The tools as a route of ours, so that the same layers stand before them."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        await self._opened.use_tools(scope, receive, send)


def _routers(settings: Settings, opened: Opened, database: Database, site: Site) -> Sequence[APIRouter]:
    gate = Gate(settings.answers_at_once, settings.answers_waiting)
    staff = Staff(settings, database)
    return (
        asking.router(opened),
        reading.router(opened),
        feedback.router(opened, database),
        session.router(database),
        completions.router(opened),
        health.router(opened),
        frame.router(opened, starting_page(settings)),
        pages.router(opened),
        lite.router(opened),
        turns.router(opened, gate),
        accounts(opened, staff),
        desk.router(opened, database, staff),
        approved.router(opened, database, staff),
        office.router(opened, database, staff),
        switches.router(opened, database, staff),
        _scripts(settings, site),
    )


def _scripts(settings: Settings, site: Site) -> APIRouter:
    """The widget's script with the words of this site, and the page of the interface's documentation."""
    made = APIRouter(include_in_schema=False)
    text = read_yaml(settings.prompts_dir / "page.yaml")
    pages_of = templates(site=site, text=text)
    widget = pages_of.get_template("widget.js").render(title=text["widget_title"].format(place=site.place))

    @made.get("/widget.js")
    async def widget_js() -> Response:
        return Response(widget, media_type="text/javascript; charset=utf-8", headers=WIDGET_AGE)

    @made.get("/docs", response_class=HTMLResponse)
    async def docs() -> str:
        return pages_of.get_template("docs.html").render()

    return made
