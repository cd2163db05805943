"""The transparency record, as a page and for programs."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.web.residents import transparency
from tests.bot.web.conftest import client_of


def test_page_and_record_tell_the_same(client: TestClient, bot: Bot) -> None:
    told, html = client.get("/api/transparency").json(), client.get("/transparency").text
    assert told["owner"] == bot.site.operator
    assert [one["id"] for one in told["documents"]] == list(bot.index.corpus.documents)
    for said in (told["owner"], told["purpose"], told["influence"], told["oversight"], told["versions"]["index"]):
        assert said in html
    assert told["model"] is None
    assert "不用会写字的模型" in html
    assert 'href="transparency"' in client.get("/how").text


def test_score_is_that_of_the_last_run_that_was_kept(client: TestClient, bot: Bot) -> None:
    kept = json.loads(transparency.SCORES.read_text())
    (document,) = bot.index.corpus.documents
    assert client.get("/api/transparency").json()["tests"] == [{"document": document, "score": kept[document]}]
    assert f"{kept[document]:.1f}分" in client.get("/transparency").text


def test_document_that_was_never_tested_is_said_to_be_so(bot: Bot) -> None:
    (document,) = bot.index.corpus.documents.values()
    corpus = replace(bot.index.corpus, documents={"other-2030": replace(document, id="other-2030")})
    client = client_of(replace(bot, index=replace(bot.index, corpus=corpus)))
    assert client.get("/api/transparency").json()["tests"] == [{"document": "other-2030", "score": None}]
    assert "还没有评测过" in client.get("/transparency").text


def test_nothing_is_read_again_for_each_request(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get("/api/transparency").json()
    monkeypatch.setattr(Path, "read_bytes", None)
    monkeypatch.setattr(Path, "read_text", None)
    assert client.get("/api/transparency").json() == first


def test_model_is_named_with_its_filing(writing: Callable[..., Bot]) -> None:
    client = client_of(writing("good", model_title="某模型", model_filing="X-1"))
    assert client.get("/api/transparency").json()["model"] == {"name": "某模型", "filing": "X-1"}
    assert "某模型，备案号：X-1" in client.get("/transparency").text
