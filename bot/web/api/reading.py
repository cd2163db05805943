"""Reading the corpus through the interface: search, passages, targets, terms."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from bot.pipeline import Bot
from bot.web import tables
from bot.web.api.outcomes import answers
from bot.web.api.schema import MAX_TURN_CHARS, PassageBody, SearchBody, TargetsBody, TermsBody
from bot.web.export import XLSX, download
from bot.web.services import Services
from bot.workers import in_worker
from corpus.passage import Hit, Passage, Term

MAX_FILTER = 100
Topic = Annotated[str, Query(max_length=MAX_FILTER, description="标题里有这几个字的主题", examples=["教育"])]
Words = Annotated[str, Query(max_length=MAX_FILTER, description="说到这件事的目标", examples=["停车位"])]


def router(services: Services) -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/api", tags=["查阅"])

    @made.get("/search", summary="查找段落", responses=answers(SearchBody, 401, 422, 429, 431, 503))
    async def search(
        q: Annotated[
            str, Query(max_length=MAX_TURN_CHARS, description="要找的话，最长和问题一样", examples=["老人食堂"])
        ],
        k: Annotated[int, Query(ge=1, le=50, description="最多几段")] = 8,
    ) -> dict[str, Any]:
        bot = services.ready()
        return {"query": q, "passages": [hit_dict(bot, hit) for hit in await in_worker(bot.search, q, k)]}

    @made.get("/passages/{passage_id}", summary="一个段落的全文", responses=answers(PassageBody, 404, 422, 503))
    async def passage(passage_id: Annotated[str, Path(description="段落编号")]) -> dict[str, Any]:
        bot = services.ready()
        return passage_dict(bot, bot.passage(passage_id))

    @made.get("/targets", summary="报告里有数量的目标", responses=answers(TargetsBody, 422, 503))
    async def targets(topic: Topic = "", q: Words = "") -> dict[str, Any]:
        return {"targets": await in_worker(_rows, services.ready(), topic, q)}

    @made.get(
        "/targets.csv",
        summary="有数量的目标，表格下载（CSV）",
        response_class=Response,
        responses={**answers(None, 422, 503), 200: {"content": {"text/csv": {}}}},
    )
    async def targets_csv(topic: Topic = "", q: Words = "") -> Response:
        return download(tables.sheet(await in_worker(_rows, services.ready(), topic, q)), "targets", "csv")

    @made.get(
        "/targets.xlsx",
        summary="有数量的目标，表格下载（Excel）",
        response_class=Response,
        responses={**answers(None, 422, 503), 200: {"content": {XLSX: {}}}},
    )
    async def targets_xlsx(topic: Topic = "", q: Words = "") -> Response:
        return download(tables.sheet(await in_worker(_rows, services.ready(), topic, q)), "targets", "xlsx")

    @made.get("/terms", summary="附注解释的名词", responses=answers(TermsBody, 503))
    async def terms() -> dict[str, Any]:
        return {"terms": [_term(term) for term in services.ready().index.corpus.terms]}

    return made


def passage_dict(bot: Bot, passage: Passage) -> dict[str, Any]:
    """A passage as the contract has it."""
    document = bot.document(passage.document_id)
    return {
        "passage_id": passage.id,
        "document": document.title,
        "year": bot.index.corpus.year_of(passage),
        "kind": passage.kind,
        "number": passage.number,
        "section": list(passage.section),
        "text": passage.text,
    }


def hit_dict(bot: Bot, hit: Hit) -> dict[str, Any]:
    """A passage that was found, with its score."""
    return {**passage_dict(bot, hit.passage), "score": hit.score}


def _rows(bot: Bot, topic: str, words: str) -> list[dict[str, Any]]:
    return [tables.row(bot, target) for target in bot.targets(topic, words)]


def _term(term: Term) -> dict[str, Any]:
    return {
        "name": term.name,
        "explanation": term.explanation,
        "passage_id": term.annotation_id,
        "mentions": [m.passage_id for m in term.mentions],
    }
