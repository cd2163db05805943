"""`/mcp`: the bot as tools for agents (Model Context Protocol, streamable HTTP). Imported when it is mounted."""

import json
import time
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import BotError
from bot.web import tables
from bot.web.api.reading import hit_dict, passage_dict
from bot.web.services import Services
from bot.workers import in_worker

MAX_FOUND = 50
INVALID_REQUEST = -32600  # JSON-RPC 2.0, section 5.1
SAID = {
    400: "请求读不懂，应是一条 JSON-RPC 2.0 的消息，Content-Type 写 application/json",
    404: "没有这个方法",
    405: "这个地址只接受 POST",
    406: "请求头 Accept 要写上 application/json",
}
OTHERWISE = "请求没有成功，请稍后再试"


def build(services: Services) -> Starlette:
    """An application that serves the tools at `/mcp`. It is stateless: every call stands alone."""
    site = services.ready().site
    # Without subscriptions no call is an endless stream.
    server = MCPServer(name=site.name, instructions=site.tagline, log_level="WARNING", subscriptions=False)

    @server.tool(title="提问", description="提问，得到只依据政府文件、附有原文出处的回答。label 要和回答一起给人看。")
    async def ask(question: str, history: list[dict[str, str]] | None = None) -> dict[str, Any]:
        begun = time.perf_counter()
        try:
            answer = await services.gatekeeper().reply(question, history or [])
        except BotError as problem:
            raise ToolError(problem.message) from problem
        services.keep("mcp", question, answer, begun)
        return answer.as_dict()

    @server.tool(title="查找段落", description="按意思和字词查找段落，最好的在前。")
    async def search(query: str, k: int = 8) -> list[dict[str, Any]]:
        bot = services.ready()
        try:
            return [hit_dict(bot, hit) for hit in await in_worker(bot.search, query, max(1, min(k, MAX_FOUND)))]
        except BotError as problem:
            raise ToolError(problem.message) from problem

    @server.tool(title="段落全文", description="按编号取一个段落的全文。")
    async def passage(passage_id: str) -> dict[str, Any]:
        bot = services.ready()
        try:
            return passage_dict(bot, bot.passage(passage_id))
        except BotError as problem:
            raise ToolError(problem.message) from problem

    @server.tool(title="数字目标", description="报告里有数量的目标，可按主题和词筛选。")
    async def targets(topic: str = "", query: str = "") -> list[dict[str, Any]]:
        bot = services.ready()
        try:
            return [tables.row(bot, target) for target in await in_worker(bot.targets, topic, query)]
        except BotError as problem:
            raise ToolError(problem.message) from problem

    # Public and without credentials, so DNS rebinding reaches nothing that is not public anyway.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(stateless_http=True, json_response=True, transport_security=security)
    app.add_middleware(Refusals)
    return app


class Refusals:
    """Turns the library's refusals into JSON-RPC errors in Chinese; the original message is in `data`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        status, body = 0, b""

        async def hold_refusal(message: Message) -> None:
            nonlocal status, body
            if message["type"] == "http.response.start" and message["status"] >= 400:
                status = message["status"]
            elif not status:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _refusal(status, body)(scope, receive, send)

        await self._app(scope, receive, hold_refusal)


def _refusal(status: int, body: bytes) -> JSONResponse:
    try:
        refused = json.loads(body)
        number, code, detail = refused.get("id"), refused["error"]["code"], refused["error"]["message"]
    except (ValueError, KeyError, TypeError, AttributeError):
        number, code, detail = None, INVALID_REQUEST, body.decode(errors="replace")
    error = {"code": code, "message": SAID.get(status, OTHERWISE), "data": detail}
    return JSONResponse({"jsonrpc": "2.0", "id": number, "error": error}, status_code=status)
