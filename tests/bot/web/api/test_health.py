"""What `/readyz` tells of the documents and the encoder."""

from dataclasses import replace

from fastapi.testclient import TestClient

from bot.guarding.guard import Guard
from bot.pipeline import Bot
from tests.bot.web.conftest import client_of


def test_documents_that_were_left_out_are_named(bot: Bot) -> None:
    assert client_of(bot).get("/readyz").json()["documents_skipped"] == []
    corpus = replace(bot.index.corpus, skipped={"wrong-2025": "year 应是四位数字", "a-2024": "缺少文件"})
    client: TestClient = client_of(replace(bot, index=replace(bot.index, corpus=corpus)))
    state = client.get("/readyz").json()
    assert (state["status"], state["documents"]) == ("ready", 1)
    assert state["documents_skipped"] == ["a-2024", "wrong-2025"]


def test_missing_encoder_is_told_and_does_not_stop_the_service(bot: Bot) -> None:
    client = client_of(replace(bot, guard=Guard.load(bot.settings.prompts_dir)))
    state = client.get("/readyz").json()
    assert (state["status"], state["encoder"]) == ("ready", False)
