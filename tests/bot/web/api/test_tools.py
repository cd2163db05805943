"""The tools for agents, used by the official client over HTTP."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from mcp.client import Client

from bot.pipeline import Bot
from tests.bot.web.conftest import client_of, front_of, opening, serving


def with_client(bot: Bot, use: Callable[[Client], Awaitable[Any]]) -> Any:
    """What `use` returns, given a client connected to a served bot."""
    front = front_of(bot)

    async def run(address: str) -> Any:
        async with Client(f"{address}/mcp") as client:
            return await use(client)

    with serving(opening(front, front.mount_tools), lifespan="on") as address:
        return asyncio.run(run(address))


def test_tools_are_listed_with_what_they_take(bot: Bot) -> None:
    tools = with_client(bot, lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == {"ask", "search", "passage", "targets"}
    assert all(tool.description for tool in tools)


def test_ask_returns_the_answer_with_its_citations(bot: Bot) -> None:
    result = with_client(bot, lambda client: client.call_tool("ask", {"question": "老人食堂今年建几个?"}))
    answer = result.structured_content
    assert answer["status"] == "answered"
    assert answer["citations"][0]["quote"] == "新建“长者食堂”5个"
    assert answer["label"] == "报告原文摘录"


def test_search_passage_and_targets_read_the_report(bot: Bot) -> None:
    async def use(client: Client) -> tuple[Any, Any, Any]:
        found = await client.call_tool("search", {"query": "老人食堂", "k": 3})
        passage = await client.call_tool("passage", {"passage_id": "luojiang-2025-p17"})
        targets = await client.call_tool("targets", {"query": "停车位"})
        return found.structured_content, passage.structured_content, targets.structured_content

    found, passage, targets = with_client(bot, use)
    assert found["result"][0]["passage_id"] == "luojiang-2025-p17"
    assert "长者食堂" in passage["text"]
    assert "300个以上" in {row["amount"] for row in targets["result"]}


def test_errors_are_chinese_sentences(bot: Bot) -> None:
    result = with_client(bot, lambda client: client.call_tool("passage", {"passage_id": "none"}))
    assert result.is_error
    assert "没有编号为" in result.content[0].text


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        ("[[", {}, 400, -32700),
        ("{}", {}, 400, -32602),
        ("{}", {"Content-Type": "text/plain"}, 400, -32600),
        ("{}", {"Accept": "text/plain"}, 406, -32600),
    ],
)
def test_what_the_protocol_refuses_is_told_in_chinese(
    bot: Bot, body: str, headers: dict[str, str], status: int, code: int
) -> None:
    front = front_of(bot)
    usual = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    with serving(opening(front, front.mount_tools), lifespan="on") as address:
        reply = httpx.post(f"{address}/mcp", content=body, headers={**usual, **headers})
    told = reply.json()
    assert (reply.status_code, told["jsonrpc"], told["error"]["code"]) == (status, "2.0", code)
    assert re.search("[\u4e00-\u9fff]", told["error"]["message"])
    assert told["error"]["data"]


def test_tools_that_are_not_ready_yet_say_so(bot: Bot) -> None:
    assert client_of(bot).post("/mcp", json={}).status_code == 503


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD"])
def test_tools_are_called_and_not_listened_to(bot: Bot, method: str) -> None:
    reply = client_of(bot).request(method, "/mcp", headers={"Accept": "text/event-stream"})
    assert (reply.status_code, reply.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28"])
def test_no_call_is_a_stream_without_end(bot: Bot, version: str) -> None:
    meta = {f"io.modelcontextprotocol/{key}": value for key, value in _envelope(version).items()}
    method = "subscriptions/listen"
    listen = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": meta, "notifications": {}}}
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": version, "Mcp-Method": method}
    front = front_of(bot)
    with serving(opening(front, front.mount_tools), lifespan="on") as address:
        reply = httpx.post(f"{address}/mcp", json=listen, headers=headers, timeout=10)
    assert reply.headers["content-type"].startswith("application/json")
    assert reply.json()["error"]["code"] == -32601


def _envelope(version: str) -> dict[str, object]:
    return {"protocolVersion": version, "clientCapabilities": {}}
