import json
import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from bot.web.api.schema import MAX_TURNS
from bot.web.residents.lite import MAX_HISTORY_CHARS

HISTORY = re.compile(r'name="history" value="([^"]*)"')


def ask(client: TestClient, question: str, history: str = "[]") -> str:
    return client.post("/lite", data={"question": question, "history": history}).text


def test_form_is_answered_with_a_whole_page(client: TestClient) -> None:
    html = ask(client, "老人食堂今年建几个?")
    assert "报告原文摘录" in html
    assert "<mark>新建“长者食堂”5个</mark>" in html
    assert 'class="mark" href="#c-' in html
    assert "<noscript>" not in html


def test_conversation_goes_on_without_scripts(client: TestClient) -> None:
    first = ask(client, "今年新增多少充电桩?")
    carried = unescape(HISTORY.search(first).group(1))  # type: ignore[union-attr]
    assert json.loads(carried)[0] == {"role": "user", "content": "今年新增多少充电桩?"}
    assert "300个以上" in ask(client, "那停车位呢?", carried)


@pytest.mark.parametrize("history", ["", "x", '{"a": 1}', '[{"role": "system", "content": "x"}]'])
def test_carried_turns_that_were_tampered_with_are_left_out(client: TestClient, history: str) -> None:
    assert "5个" in ask(client, "老人食堂今年建几个?", history)


@pytest.mark.parametrize(("question", "words"), [("", "请先输入"), ("路" * 301, "太长")])
def test_unusable_question_is_told_on_the_page_and_kept(client: TestClient, question: str, words: str) -> None:
    reply = client.post("/lite", data={"question": question})
    assert reply.status_code == 422
    assert words in reply.text
    assert f">{question}</textarea>" in reply.text


def test_question_in_the_address_is_answered_for_who_has_no_scripts(client: TestClient) -> None:
    html = client.get("/lite", params={"q": "老人食堂今年建几个?"}).text
    assert "5个" in html.split("<noscript>")[1].split("</noscript>")[0]


def test_what_a_resident_types_is_never_markup(client: TestClient) -> None:
    html = ask(client, '"><script>alert(1)</script>长者食堂新建几个')
    assert "<script>alert" not in html


def test_long_conversation_stays_within_what_the_form_may_carry(client: TestClient) -> None:
    carried = "[]"
    for _ in range(25):
        html = ask(client, "今年那些增长的指标给我列个清单" + "啊" * 270, carried)
        carried = unescape(HISTORY.search(html).group(1))  # type: ignore[union-attr]
    assert 0 < len(carried) < MAX_HISTORY_CHARS
    assert len(json.loads(carried)) == MAX_TURNS
