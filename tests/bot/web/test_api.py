import json

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.settings import Settings
from bot.web.server import Front
from tests.bot.web.conftest import client_of

CONTRACT = {"id", "status", "mode", "label", "answer", "citations", "terms", "related", "contacts"}
CITATION = {"mark", "passage_id", "document", "year", "kind", "section", "text", "quote", "start", "end"}


def test_answer_has_exactly_the_fields_of_the_contract(client: TestClient) -> None:
    reply = client.post("/api/ask", json={"question": "长者食堂新建几个?"})
    body = reply.json()
    assert reply.status_code == 200
    assert set(body) == CONTRACT
    assert set(body["citations"][0]) == CITATION


def test_quote_is_the_exact_substring_its_offsets_say(client: TestClient) -> None:
    citation = client.post("/api/ask", json={"question": "长者食堂新建几个?"}).json()["citations"][0]
    assert citation["text"][citation["start"] : citation["end"]] == citation["quote"] == "新建“长者食堂”5个"


def test_history_is_heard(client: TestClient) -> None:
    history = [
        {"role": "user", "content": "今年新增多少公共充换电设施?"},
        {"role": "assistant", "content": "200个以上"},
    ]
    body = client.post("/api/ask", json={"question": "那停车位呢?", "history": history}).json()
    assert "300个以上" in body["answer"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"question": ""}, 422, "question_empty"),
        ({"question": "  \n "}, 422, "question_empty"),
        ({"question": "路" * 301}, 422, "question_too_long"),
        ({"question": "路" * 4001}, 422, "invalid_request"),
        ({}, 422, "invalid_request"),
        ({"question": 5}, 422, "invalid_request"),
        ({"question": "路", "history": "昨天"}, 422, "invalid_request"),
        ({"question": "路", "history": [{"role": "system", "content": "x"}]}, 422, "invalid_request"),
        ({"question": "路", "history": [{"role": "user", "content": "x"}] * 21}, 422, "invalid_request"),
    ],
)
def test_unusable_question_gets_a_chinese_sentence(
    client: TestClient, body: dict[str, object], status: int, code: str
) -> None:
    reply = client.post("/api/ask", json=body)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (status, code)
    assert any("\u4e00" <= character <= "\u9fff" for character in error["message"])


def test_300_characters_are_taken(client: TestClient) -> None:
    assert client.post("/api/ask", json={"question": "长者食堂" * 75}).status_code == 200


def test_broken_json_is_told(client: TestClient) -> None:
    reply = client.post("/api/ask", content=b"{", headers={"Content-Type": "application/json"})
    assert reply.status_code == 422
    assert "JSON" in reply.json()["error"]["message"]


@pytest.mark.parametrize("announced", [True, False])
def test_large_body_is_refused_whether_or_not_its_length_is_announced(client: TestClient, announced: bool) -> None:
    body = json.dumps({"question": "路" * 30000}).encode()
    reply = client.post("/api/ask", content=body if announced else iter([body[:100], body[100:]]))
    assert reply.status_code == 413
    assert "太大" in reply.json()["error"]["message"]


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/api/ask", 405), ("GET", "/api/nowhere", 404)])
def test_wrong_address_or_method_is_told_in_chinese(client: TestClient, method: str, path: str, status: int) -> None:
    reply = client.request(method, path)
    assert reply.status_code == status
    assert "地址" in reply.json()["error"]["message"]


def test_search_gives_passages_best_first(client: TestClient) -> None:
    found = client.get("/api/search", params={"q": "停车位", "k": 3}).json()["passages"]
    assert 1 <= len(found) <= 3
    assert "停车位" in found[0]["text"]
    assert [p["score"] for p in found] == sorted((p["score"] for p in found), reverse=True)


@pytest.mark.parametrize("k", ["0", "51", "x"])
def test_search_refuses_an_impossible_count(client: TestClient, k: str) -> None:
    assert client.get("/api/search", params={"q": "路", "k": k}).status_code == 422


def test_passage_is_found_by_its_id(client: TestClient) -> None:
    body = client.get("/api/passages/luojiang-2025-n18").json()
    assert (body["kind"], body["number"], body["text"]) == ("annotation", 18, "18.三医:医疗、医保、医药。")


def test_unknown_passage_is_404_and_named(client: TestClient) -> None:
    reply = client.get("/api/passages/nowhere")
    assert reply.status_code == 404
    assert "nowhere" in reply.json()["error"]["message"]


def test_readiness_tells_of_index_and_page(bot: Bot) -> None:
    assert client_of(bot).get("/readyz").json() == {
        "status": "ready",
        "page": False,
        "passages": 46,
        "vectors": True,
        "model": "off",
        "records": "ok",
        "records_lost": 0,
        "suspended_answers": 0,
    }


def test_before_the_index_is_open_it_lives_but_is_not_ready() -> None:
    client = TestClient(Front(Settings(_env_file=None), stop=lambda: None))
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    reply = client.post("/api/ask", json={"question": "长者食堂"})
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "3")


@pytest.mark.parametrize("path", ["/healthz", "/api/search?q=路", "/api/nowhere"])
def test_every_route_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"


def test_targets_are_filtered_by_topic_and_words(client: TestClient) -> None:
    found = client.get("/api/targets", params={"q": "停车位"}).json()["targets"]
    assert [(t["object"], t["amount"], t["year"]) for t in found] == [
        ("公共充换电设施", "200个以上", 2025),
        ("停车位", "300个以上", 2025),
    ]
    assert len(client.get("/api/targets", params={"topic": "社会保障"}).json()["targets"]) == 3
    assert len(client.get("/api/targets").json()["targets"]) == 63


def test_targets_are_a_table_with_source_and_year(client: TestClient) -> None:
    reply = client.get("/api/targets.csv")
    lines = reply.content.decode("utf-8-sig").splitlines()
    assert "attachment" in reply.headers["Content-Disposition"]
    assert lines[0].endswith("出处,年份")
    assert len(lines) == 64
    assert lines[1].endswith("2025年洛江区政府工作报告,2025")


def test_terms_name_the_passages_that_use_them(client: TestClient) -> None:
    terms = {t["name"]: t for t in client.get("/api/terms").json()["terms"]}
    assert terms["三医"]["mentions"] == ["luojiang-2025-p19"]
    assert len(terms) == 19
