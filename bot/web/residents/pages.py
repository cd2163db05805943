"""The pages without scripts: the report to read, its targets, privacy, how answers are made."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse

from bot.answer import Status
from bot.web import tables
from bot.web.rendering import Views
from bot.web.residents.reader import Reader, Reading
from bot.web.services import Services
from corpus.passage import Hit

MAX_QUERY = 60
TRUST = ("privacy", "how")


def router(services: Services) -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _add_report(made, services)
    _add_targets(made, services)

    @made.get("/manifest.json", response_class=JSONResponse)
    async def manifest() -> dict[str, Any]:
        site = services.ready().site
        icon = {"src": "site/icon.svg", "sizes": "any", "type": "image/svg+xml"}
        return {"name": site.name, "start_url": "./", "display": "browser", "lang": "zh-CN", "icons": [icon]}

    for name in TRUST:
        _add_trust(made, services, name)
    return made


def _add_report(made: APIRouter, services: Services) -> None:
    @made.get("/report")
    async def report(
        q: Annotated[str, Query(max_length=MAX_QUERY)] = "",
        document: str = "",
        p: str = "",
        start: Annotated[int, Query(alias="from", ge=0)] = 0,
        end: Annotated[int, Query(alias="to", ge=0)] = 0,
    ) -> str:
        shown = services.views()
        wanted = document or (shown.bot.passage(p).document_id if p else shown.documents[0].id)
        chosen = shown.bot.document(wanted)
        sections = Reader(shown, chosen, Reading(q.strip(), p, (start, end))).sections()
        found = [read for section in sections for read in section.all_passages() if read.found]
        similar: Sequence[Hit] = shown.bot.search(q, 5) if q.strip() and not found else ()
        return shown.render(
            "report.html", page="report", chosen=chosen, documents=shown.documents, sections=sections, query=q.strip(),
            found=found, similar=similar, where=shown.where, dated_chosen=shown.dated(chosen), wanted=p,
        )  # fmt: skip


def _add_targets(made: APIRouter, services: Services) -> None:
    @made.get("/targets")
    async def targets(
        topic: Annotated[str, Query(max_length=MAX_QUERY)] = "",
        q: Annotated[str, Query(max_length=MAX_QUERY)] = "",
        sort: str = "",
        order: str = "",
    ) -> str:
        shown = services.views()
        everything = shown.bot.targets()
        chosen = tables.ordered(shown.bot.targets(topic, q), sort, order == "desc")
        return shown.render(
            "targets.html", page="targets", all=len(everything), topics=dict.fromkeys(t.topic for t in everything),
            topic=topic, query=q, sort=sort, order=order, targets=chosen, chart=tables.chart(chosen),
            progress={t.id: told for t in chosen if (told := tables.result(shown.bot, t))},
            chosen_by=urlencode({"topic": topic, "q": q}),
        )  # fmt: skip


def _add_trust(made: APIRouter, services: Services, name: str) -> None:
    @made.get(f"/{name}")
    async def trust() -> str:
        shown = services.views()
        return shown.render("trust.html", page=name, texts=shown.browser_texts(), **trust_page(shown, name))


def trust_page(shown: Views, name: str, **more: object) -> dict[str, Any]:
    """A page of `prompts/trust.yaml` with its variables, without the sections for the other mode (model or none)."""
    page = shown.trust[name]
    newest, site, speaker = shown.documents[0], shown.bot.site, shown.bot.speaker
    known = {
        "operator": site.operator,
        "title": newest.title,
        "publisher": newest.publisher,
        "year": newest.year,
        "phone": site.hotline.phone,
        "days": shown.bot.settings.retention_days,
        "log_days": shown.bot.settings.access_log_days,
        "complaint_days": site.complaint_days,
        "hotline": site.hotline.name.removeprefix(site.hotline.phone),
        "model": shown.model_name,
        "excerpt_label": speaker.wording.label(Status.ANSWERED),
        "approved_label": speaker.text(Status.ANSWERED, "approved_label"),
        "generated_label": speaker.text(Status.ANSWERED, "generated_label"),
    }
    known |= more
    way = "model" if shown.bot.composer else "excerpt"
    sections = [
        {**section, "points": [point.format(**known) for point in section["points"]]}
        for section in page["sections"]
        if section.get("when", way) == way
    ]
    return {"heading": page["title"], "lead": page["lead"], "sections": sections}
