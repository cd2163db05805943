"""A running service takes up what is put into the documents folder and taken out of it, and answers meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.office.documents.renewal import Renewal
from bot.records.office import approved
from bot.records.office.approved import Cited, Draft
from bot.running.doctor import Doctor
from bot.web.server import Front
from corpus.__main__ import main
from corpus.build import INDEXES
from tests.bot.web.conftest import changing, taken_up

OLD, NEW = "今年新建社区食堂多少个？", "今年改造公厕多少座？"
FIELDS = "title: 某区2030年政府工作报告\nyear: 2030"
TEXT = "一、2030年工作安排\n今年新建社区食堂12个。"
REPORT = "某市青山区2030年政府工作报告\n一、2030年工作安排\n今年改造公厕21座。"
Ask = Callable[[str], Awaitable[dict[str, Any]]]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with changing(tmp_path_factory.mktemp("changing"), mou=(FIELDS, TEXT)) as made:
        yield made


@pytest.fixture
def text(front: Front) -> Iterator[Path]:
    """The text of the report, put back afterwards."""
    file = front.settings.documents_dir / "mou" / "text.txt"
    yield file
    file.write_text(TEXT, encoding="utf-8")
    asyncio.run(taken_up(front))


def corpus_command(front: Front, *arguments: str) -> None:
    settings = front.settings
    named = ["--documents", str(settings.documents_dir), "--data", str(settings.data_dir)]
    assert main([arguments[0], *named, *arguments[1:]]) == 0


async def lived(front: Front, story: Callable[[Ask, httpx.AsyncClient], Awaitable[None]]) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://test") as client:

        async def ask(question: str) -> dict[str, Any]:
            told: dict[str, Any] = (await client.post("/api/ask", json={"question": question})).json()
            return told

        await story(ask, client)


def test_document_is_answered_from_once_it_is_put_up_until_it_is_taken_down(front: Front, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text(REPORT, encoding="utf-8")

    async def story(ask: Ask, client: httpx.AsyncClient) -> None:
        statuses: list[str] = []

        async def resident() -> None:
            while True:
                statuses.append((await ask(OLD))["status"])

        asking = asyncio.create_task(resident())
        assert (await ask(NEW))["status"] != "answered"
        await asyncio.to_thread(corpus_command, front, "add", str(file), "--id", "gongce")
        await taken_up(front)
        told = await ask(NEW)
        assert [c["passage_id"] for c in told["citations"]] == ["gongce-p01"]
        assert "改造公厕" in (await client.get("/report?document=gongce")).text
        await asyncio.to_thread(corpus_command, front, "remove", "gongce")
        await taken_up(front)
        assert (await ask(NEW))["status"] != "answered"
        assert (await client.get("/api/passages/gongce-p01")).status_code == 404
        asking.cancel()
        assert set(statuses) == {"answered"}

    asyncio.run(lived(front, story))


def test_what_cannot_be_taken_up_leaves_the_old_answers_and_is_told(front: Front, text: Path) -> None:
    doctor = Doctor(front.settings)

    async def story(ask: Ask, client: httpx.AsyncClient) -> None:
        text.write_text("", encoding="utf-8")
        await taken_up(front)
        assert (await ask(OLD))["status"] == "answered"
        state = (await client.get("/readyz")).json()
        assert (state["status"], "没有一份能用的文件" in state["documents_problem"]) == ("ready", True)
        text.write_text(TEXT.replace("12", "14"), encoding="utf-8")
        assert "没有用上" in doctor._found("documents", doctor._documents).remedy
        await taken_up(front)
        assert "14个" in (await ask(OLD))["answer"]
        assert (await client.get("/readyz")).json()["documents_problem"] == ""
        assert not doctor._found("documents", doctor._documents).remedy

    asyncio.run(lived(front, story))


def test_document_that_cannot_be_read_is_named_and_the_others_serve(front: Front) -> None:
    broken = front.settings.documents_dir / "broken"

    async def story(ask: Ask, client: httpx.AsyncClient) -> None:
        broken.mkdir()
        await taken_up(front)
        assert (await client.get("/readyz")).json()["documents_skipped"] == ["broken"]
        assert (await ask(OLD))["status"] == "answered"
        broken.rmdir()
        await taken_up(front)
        assert (await client.get("/readyz")).json()["documents_skipped"] == []

    asyncio.run(lived(front, story))


def test_approved_answer_whose_quote_is_gone_is_suspended(front: Front, text: Path) -> None:
    database = front._database
    (passage,) = front.services.ready().index.corpus.passages
    written = Draft(OLD, "新建12个。", (Cited(passage.id, "新建社区食堂12个"),), date(2025, 1, 1))
    made = approved.draft(database, written, "小林")
    approved.approve(database, made.id, made.version, "小陈")
    front.services.board.refresh()

    async def story(ask: Ask, client: httpx.AsyncClient) -> None:
        assert (await ask(OLD))["mode"] == "approved"
        text.write_text(TEXT.replace("12", "14"), encoding="utf-8")
        await taken_up(front)
        told = await ask(OLD)
        assert (told["mode"], "14个" in told["answer"]) == ("excerpt", True)
        assert (await client.get("/readyz")).json()["suspended_answers"] == 1

    asyncio.run(lived(front, story))


def test_what_failed_is_tried_again_though_nothing_changed(
    front: Front, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.office.documents.renewal.AGAIN_SECONDS", 0.0)
    renewal, bot = Renewal(front.settings), front.services.ready()
    text.write_text(TEXT + "另建球场3个。", encoding="utf-8")
    assert renewal.next(bot) is None
    with monkeypatch.context() as broken:
        broken.setattr("bot.office.documents.renewal.open_index", lambda *_, **__: 1 / 0)
        assert renewal.next(bot) is None
    assert renewal.problem
    made = renewal.next(bot)
    assert made
    assert renewal.problem == ""
    assert len(list((front.settings.data_dir / INDEXES).iterdir())) == 2
    made.close()
