"""The transparency record: who is responsible, the purpose, the method, the data, the tests."""

import json
from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse

from bot.running.versions import program
from bot.settings import ROOT
from bot.web.rendering import Views
from bot.web.residents.pages import trust_page
from bot.web.services import Services

NAME = "transparency"
SCORES = ROOT / "evals" / "baseline.json"


def router(services: Services) -> APIRouter:
    """The page, and the same for programs."""
    made = APIRouter()

    @made.get("/transparency", include_in_schema=False)
    async def page() -> HTMLResponse:
        shown = services.views()
        told = trust_page(shown, NAME, **_said(shown, record(services)))
        return HTMLResponse(shown.render("trust.html", page=NAME, texts=shown.browser_texts(), **told))

    @made.get("/api/transparency", tags=["查阅"], summary="算法公示：谁负责、做什么、怎样做、用什么数据、测得怎样")
    async def as_json() -> JSONResponse:
        return JSONResponse(record(services))

    return made


def record(services: Services) -> dict[str, Any]:
    """The record as JSON values; `score` is out of 100, or null for an untested document."""
    shown = services.views()
    bot, texts, site = shown.bot, shown.trust[NAME], shown.bot.site
    scores = _scores()
    return {
        "name": site.name,
        "owner": site.operator,
        "contacts": [{"name": c.name, "phone": c.phone} for c in (site.hotline, *site.contacts)],
        "purpose": texts["purpose"],
        "influence": texts["influence"],
        "method": texts["method_model" if bot.composer else "method"],
        "model": {"name": shown.model_name, "filing": bot.settings.model_filing} if bot.composer else None,
        "documents": [
            {"id": d.id, "title": d.title, "publisher": d.publisher, "year": d.year, "sha256": d.sha256}
            for d in shown.documents
        ],
        "tests": [{"document": d.id, "score": scores.get(d.id)} for d in shown.documents],
        "retention_days": bot.settings.retention_days,
        "oversight": texts["oversight"],
        "versions": {"program": program(), **services.versions()},
    }


@cache
def _scores() -> dict[str, float]:
    """The last recorded score of each document; empty where the evaluation is not installed."""
    if not SCORES.exists():
        return {}
    found: dict[str, float] = json.loads(SCORES.read_text(encoding="utf-8"))
    return found


def _said(shown: Views, told: dict[str, Any]) -> dict[str, str]:
    """The variables of the page."""
    texts, untested = shown.trust[NAME], shown.trust[NAME]["untested"]
    titles = {one["id"]: one["title"] for one in told["documents"]}
    tests = [
        texts["unscored" if one["score"] is None else "scored"].format(
            title=titles[one["document"]], score=one["score"], untested=untested
        )
        for one in told["tests"]
    ]
    return {
        **{name: told[name] for name in ("purpose", "influence", "method", "oversight")},
        "filing": (told["model"] or {}).get("filing") or texts["unfiled"],
        "documents": "、".join(texts["document"].format(**one) for one in told["documents"]),
        "tests": "；".join(tests),
        **told["versions"],
        "model": shown.model_name,
    }
