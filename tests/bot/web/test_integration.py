"""What docs/integration.md shows is what comes."""

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from langchain_core.language_models import FakeListChatModel
from langchain_core.prompts import ChatPromptTemplate

from bot.pipeline import Bot
from bot.web.api.outcomes import ERRORS
from tests.conftest import ROOT

PAPER = (ROOT / "docs" / "integration.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
REQUEST = re.compile(r"请求 `(\{.*?\})`，返回：\n\n```json\n(.*?)```", re.DOTALL)
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
LEFT_OUT = ("…", "整段原文")
ADDRESS = re.compile(r"`(?:GET|POST|DELETE)?(?:`、`DELETE)? ?(/[\w/.{}会话号]*)")


def same(shown: Any, real: Any) -> bool:
    """Whether an example is what came, but for what it leaves out; a key called … stands for any others."""
    if isinstance(shown, dict):
        others = set(real) - set(shown)
        return (not others or "…" in shown) and all(same(shown[k], real[k]) for k in shown if k != "…")
    if isinstance(shown, list):
        return len(shown) == len(real) and all(same(*pair) for pair in zip(shown, real, strict=True))
    return shown in LEFT_OUT or bool(shown == real)


@pytest.mark.parametrize("paper", [PAPER, README], ids=["integration", "readme"])
def test_question_of_the_example_gets_its_answer(client: TestClient, paper: str) -> None:
    found = REQUEST.search(paper)
    assert found
    request, shown = (json.loads(text) for text in found.groups())
    real = client.post("/api/ask", json=request).json()
    assert same(shown, real), real


def test_code_for_the_client_of_openai_prints_the_answer(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = next(code for code in CODE.findall(PAPER) if "OpenAI" in code)
    local = "http://127.0.0.1:7860"
    assert local in code
    exec(code.replace(local, address), {})
    assert "新建“长者食堂”5个" in capsys.readouterr().out


def test_code_for_langchain_makes_a_chain(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    code = next(code for code in CODE.findall(PAPER) if "langchain" in code)
    monkeypatch.setattr("bot.settings.settings", lambda: bot.settings)
    monkeypatch.setattr(Bot, "open", lambda settings: bot)
    names: dict[str, Any] = {
        "prompt": ChatPromptTemplate.from_template("{context}\n{question}"),
        "model": FakeListChatModel(responses=["好"]),
    }
    exec(code, names)
    assert names["chain"].invoke("老人食堂今年建几个？").content == "好"
    assert 0 < len(names["retriever"].invoke("老人食堂今年建几个？")) <= 5


def test_rating_of_the_example_is_taken(client: TestClient) -> None:
    shown = re.search(r"/api/feedback` \| [^`]*`(\{.*?\})`", PAPER)
    assert shown
    body = json.loads(shown.group(1))
    assert client.post("/api/feedback", json={**body, "answer_id": "0" * 32}).status_code == 201


def test_typing_of_the_example_is_answered_with_questions(client: TestClient) -> None:
    shown = re.search(r"POST /api/suggest`，请求 `(\{.*?\})`", PAPER)
    assert shown
    assert client.post("/api/suggest", json=json.loads(shown.group(1))).json()["questions"]


def test_every_error_that_may_come_is_told() -> None:
    told = {int(status) for status in re.findall(r"^\| (\d{3}) \|", PAPER, re.MULTILINE)}
    assert told == set(ERRORS)


def test_every_address_is_served(client: TestClient) -> None:
    described = {re.sub(r"\{.*?\}", "{}", path) for path in client.get("/openapi.json").json()["paths"]}
    shown = {re.sub(r"\{.*?\}", "{}", path).rstrip(".") for path in ADDRESS.findall(PAPER)}
    assert {"/api/ask", "/api/passages/{}", "/mcp"} <= shown
    assert [path for path in shown - described - {"/mcp", "/ai"} if client.get(path).status_code != 200] == []
