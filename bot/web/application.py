"""The application: all routers, the error handlers, and the middleware."""

from collections.abc import Sequence
from functools import partial

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.settings import Settings
from bot.site import Site
from bot.web import frame
from bot.web.api import asking, completions, feedback, health, reading, session, suggesting
from bot.web.doors.access import Access
from bot.web.doors.gate import Gate
from bot.web.doors.middleware import OWN, BodyLimit, Origins, SecurityHeaders
from bot.web.errors import add_handlers
from bot.web.limits import RateLimit
from bot.web.rendering import starting_page, templates
from bot.web.residents import complaints, lite, pages, transparency, turns
from bot.web.services import OneEdition, Services
from bot.web.staff import accuracy, desk, documents, handling, office, status, switches
from bot.web.staff.answers import approved
from bot.web.staff.sign_in import Staff
from bot.web.staff.sign_in import router as accounts
from bot.wording import read_yaml

STATIC: list[str | tuple[str, str]] = [(f"bot.web{face}", "static") for face in ("", ".residents", ".api", ".staff")]
TAGS = ["提问", "查阅", "我的记录", "OpenAI 兼容", "运行"]
WIDGET_AGE = {"Cache-Control": "public, max-age=300"}


def build(settings: Settings, services: Services, staff: Staff) -> FastAPI:
    """The application; the bot that it serves opens later."""
    site = Site.load(settings.site_file)
    app = FastAPI(
        title=site.name,
        summary=site.tagline,
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_tags=[{"name": name} for name in TAGS],
    )
    for router in _routers(settings, services, staff, site):
        app.include_router(router)
    app.router.routes.append(Route("/mcp", _Tools(services), methods=["POST"]))
    app.mount("/site", StaticFiles(packages=STATIC))
    app.mount("/docs-assets", StaticFiles(packages=[("fastapi_offline", "static")]))
    add_handlers(app, services)
    return app


def behind_doors(app: ASGIApp, settings: Settings, services: Services, staff: Staff) -> ASGIApp:
    """Wrap an application in the middleware, the innermost first."""
    app = OneEdition(app, services)
    app = GZipMiddleware(app, minimum_size=1000, compresslevel=5)
    app = BodyLimit(app, settings, documents.UploadLimit(settings, staff))
    app = RateLimit(app, settings, services)
    app = Origins(app, settings.allowed_origins)
    app = SecurityHeaders(app, OWN, settings)
    return Access(app)


class _Tools:
    """The tools as one of our routes, behind the same middleware."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        await self._services.use_tools(scope, receive, send)


def _routers(settings: Settings, services: Services, staff: Staff, site: Site) -> Sequence[APIRouter]:
    gate = Gate(settings.answers_at_once, settings.answers_waiting)
    database = staff.database
    figures = office.Pages(services, database)
    return (
        asking.router(services),
        reading.router(services),
        suggesting.router(services),
        feedback.router(services, database),
        session.router(database, services.recorder, site.operator),
        completions.router(services),
        health.router(services),
        frame.router(services, starting_page(settings), partial(lite.meanwhile, services)),
        pages.router(services),
        transparency.router(services),
        complaints.router(services, database),
        lite.router(services),
        turns.router(services, gate),
        accounts(services, staff),
        desk.router(services, database, staff),
        approved.router(services, database, staff),
        office.router(figures, staff),
        accuracy.router(figures, staff),
        documents.router(settings, services, staff),
        switches.router(services, database, staff),
        status.router(services, database, staff),
        handling.router(services, database, staff),
        _scripts(settings, site),
    )


def _scripts(settings: Settings, site: Site) -> APIRouter:
    """The widget's script with this site's texts, and the API documentation page."""
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
