"""What `/readyz` and `/metrics` tell of the documents, the encoder, the records and the disk."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.guarding.guard import Guard
from bot.meter import STATE
from bot.pipeline import Bot
from bot.settings import Settings
from bot.web.api import health
from bot.web.server import Front
from corpus.shared import Server, Shared
from tests.bot.web.conftest import client_of, front_of


def test_documents_that_were_left_out_are_named(bot: Bot) -> None:
    assert client_of(bot).get("/readyz").json()["documents_skipped"] == []
    corpus = replace(bot.index.corpus, skipped={"wrong-2025": "year 应是四位数字", "a-2024": "缺少文件"})
    client: TestClient = client_of(replace(bot, index=replace(bot.index, corpus=corpus)))
    state = client.get("/readyz").json()
    assert (state["status"], state["documents"]) == ("ready", 1)
    assert state["documents_skipped"] == ["a-2024", "wrong-2025"]
    assert state["degraded"] == ["documents"]
    assert "bot_documents_skipped 2.0" in client.get("/metrics").text


def test_missing_encoder_is_told_and_does_not_stop_the_service(bot: Bot) -> None:
    client = client_of(replace(bot, guard=Guard.load(bot.settings.prompts_dir)))
    state = client.get("/readyz").json()
    assert (state["status"], state["encoder"], state["degraded"]) == ("ready", False, ["encoder"])


def test_chroma_server_that_is_away_is_told_and_questions_are_answered_by_keywords(own: Bot) -> None:
    assert client_of(own).get("/readyz").json()["chroma"] == "off"
    away = Shared(
        Server("http://127.0.0.1:1", "", nullcontext), "0" * 64, own.index.corpus.rows, own.index.vectors._embedder
    )
    away.look()
    client = client_of(replace(own, index=replace(own.index, vectors=away)))
    told = client.post("/api/ask", json={"question": "老人食堂今年建几个"}).json()
    assert (told["status"], told["short"]) == ("answered", "5个")
    state = client.get("/readyz").json()
    assert (state["status"], state["chroma"], state["degraded"]) == ("ready", "down", ["vectors", "chroma"])
    metrics = client.get("/metrics").text
    assert "bot_chroma_up 0.0" in metrics
    counted = next(line for line in metrics.splitlines() if line.startswith("bot_searches_without_vectors_total "))
    assert float(counted.split()[1]) >= 1


def test_records_that_can_only_not_be_read_are_down_too(own: Bot, tmp_path: Path) -> None:
    lost = own.settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'gone' / 'records.db'}"})
    front = front_of(replace(own, settings=lost))
    client = TestClient(front)
    assert "bot_records_up 1.0" in client.get("/metrics").text
    front.services.board.refresh()
    state = client.get("/readyz").json()
    assert (state["status"], state["records"], state["degraded"]) == ("ready", "down", ["records"])
    assert "bot_records_up 0.0" in client.get("/metrics").text


def test_disk_that_is_nearly_full_is_told(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LOW_BYTES", 2**62)
    assert client_of(bot).get("/readyz").json()["degraded"] == ["disk"]


def test_metrics_have_every_name_before_and_after_the_index_is_open(bot: Bot) -> None:
    starting = TestClient(Front(Settings(_env_file=None), stop=lambda: None)).get("/metrics").text
    ready = client_of(bot).get("/metrics").text
    for name in STATE:
        assert f"\nbot_{name} " in starting
        assert f"\nbot_{name} " in ready
    assert "bot_ready 0.0" in starting
    assert "bot_ready 1.0" in ready
    assert "process_resident_memory_bytes" in ready
