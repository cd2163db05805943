"""`/mcp`: the bot as tools for agents (Model Context Protocol, streamable HTTP). Imported when it is mounted."""

import time
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette

from bot.errors import BotError
from bot.web import tables
from bot.web.api.reading import hit_dict, passage_dict
from bot.web.services import Services
from bot.workers import in_worker

MAX_FOUND = 50


def build(services: Services) -> Starlette:
    """An application that serves the tools at `/mcp`. It holds no session: every call stands alone."""
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

    # Public and without credentials: a rebound name reaches nothing that everybody may not read anyway.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return server.streamable_http_app(stateless_http=True, json_response=True, transport_security=security)
