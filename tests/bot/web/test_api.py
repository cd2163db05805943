import json

import pytest
from fastapi.testclient import TestClient

from bot.errors import QuestionTooLong
from bot.pipeline import Bot
from bot.settings import Settings
from bot.web.server import Front
from tests.bot.web.conftest import client_of

CONTRACT = {"id", "status", "mode", "label", "answer", "citations", "terms", "related", "contacts", "short", "sources"}
CONTRACT |= {"compared"}
CITATION = {"mark", "passage_id", "document", "year", "part", "kind", "section", "text", "quote", "start", "end"}


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


@pytest.mark.parametrize("k", ["0", "51", "x", "1" * 5000])
def test_search_refuses_an_impossible_count(client: TestClient, k: str) -> None:
    assert client.get("/api/search", params={"q": "路", "k": k}).status_code == 422


@pytest.mark.parametrize("q", ["路" * 301, "路" * 4001, "㍿" * 300, ""])
def test_search_refuses_what_is_no_query(client: TestClient, q: str) -> None:
    assert client.get("/api/search", params={"q": q}).status_code == 422


def test_targets_refuse_what_is_too_long(client: TestClient) -> None:
    assert client.get("/api/targets", params={"q": "路" * 101}).status_code == 422
    with pytest.raises(QuestionTooLong):
        client.app.services.bot.targets("路" * 301)  # type: ignore[attr-defined]


HALVES = (r"\ud800", r"\udfff长者食堂", r"长者\ud83d食堂")


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/ask", '{"question": "%s"}'),
        ("/api/ask", '{"question": "那它呢", "history": [{"role": "user", "content": "%s"}]}'),
        ("/api/ask/stream", '{"question": "%s"}'),
        ("/turn", '{"question": "%s"}'),
        ("/v1/chat/completions", '{"messages": [{"role": "user", "content": "%s"}]}'),
        ("/v1/chat/completions", '{"messages": [{"role": "user", "content": [{"text": "%s"}]}]}'),
        (
            "/v1/chat/completions",
            '{"messages": [{"role": "user", "content": "%s"}, {"role": "user", "content": "路"}]}',
        ),
    ],
)
def test_half_a_character_is_refused(client: TestClient, path: str, body: str, half: str) -> None:
    reply = client.post(path, content=(body % half).encode(), headers={"Content-Type": "application/json"})
    assert reply.status_code == 422


@pytest.mark.parametrize(
    "odd", ["\0", "\1\2\x1f", "\x1b[31m", "\x7f\x85", "\u2028", "\u202e\u2066", "\uffff\ufffe", "\u200b"]
)
def test_characters_that_stand_for_nothing_are_not_heard(client: TestClient, odd: str) -> None:
    body = {"question": f"长者{odd}食堂新建几个?", "history": [{"role": "user", "content": odd}]}
    assert client.post("/api/ask", json=body).status_code == 200
    assert client.post("/api/ask", json={"question": odd}).status_code in (200, 422)
    assert client.get("/api/search", params={"q": odd + "食堂"}).status_code == 200
    assert client.post("/lite", data={"question": f"长者{odd}食堂新建几个?"}).status_code == 200


def test_control_characters_within_words_are_left_out(client: TestClient) -> None:
    body = client.post("/api/ask", json={"question": "长者\0食堂新建\x07几个?"}).json()
    assert "5个" in body["answer"]


@pytest.mark.parametrize(
    "body",
    [
        "[" * 60_000,
        '{"question":' * 5_000,
        '{"question": "路", "history": ' + "[" * 30_000,
        '{"question": ' + "9" * 60_000,
    ],
)
def test_json_of_any_shape_is_no_error_of_ours(client: TestClient, body: str) -> None:
    reply = client.post("/api/ask", content=body.encode(), headers={"Content-Type": "application/json"})
    assert reply.status_code in (400, 422)


def test_passage_is_found_by_its_id(client: TestClient) -> None:
    body = client.get("/api/passages/luojiang-2025-n18").json()
    assert (body["kind"], body["number"], body["text"]) == ("annotation", 18, "18.三医:医疗、医保、医药。")


def test_unknown_passage_is_404_and_named(client: TestClient) -> None:
    reply = client.get("/api/passages/nowhere")
    assert reply.status_code == 404
    assert "nowhere" in reply.json()["error"]["message"]


def test_readiness_tells_of_index_and_page(bot: Bot) -> None:
    state = client_of(bot).get("/readyz").json()
    assert state.pop("disk_free_bytes") > 0
    assert state == {
        "status": "ready",
        "page": False,
        "degraded": [],
        "passages": 46,
        "documents": 1,
        "documents_skipped": [],
        "documents_superseded": [],
        "documents_problem": "",
        "encoder": True,
        "vectors": True,
        "chroma": "off",
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
    assert len(client.get("/api/targets").json()["targets"]) == 62


def test_targets_are_a_table_with_source_and_year(client: TestClient) -> None:
    reply = client.get("/api/targets.csv")
    lines = reply.content.decode("utf-8-sig").splitlines()
    assert "attachment" in reply.headers["Content-Disposition"]
    assert lines[0].endswith("出处,年份")
    assert len(lines) == 63
    assert lines[1].endswith("2025年洛江区政府工作报告,2025")


def test_terms_name_the_passages_that_use_them(client: TestClient) -> None:
    terms = {t["name"]: t for t in client.get("/api/terms").json()["terms"]}
    assert terms["三医"]["mentions"] == ["luojiang-2025-p19"]
    assert len(terms) == 19
