"""Spoilt requests against the served product, and the judge of what comes back."""

import asyncio

import pytest

from bot.pipeline import Bot
from evals.fuzz import Reply, Spoilt, faults, fuzz
from tests.bot.web.conftest import front_of, opening, serving


def reply(status: int, body: str, kind: str = "application/json") -> Reply:
    made = Reply()
    made.status, made.body, made.headers = status, body.encode(), {"content-type": kind}
    return made


def test_spoilt_requests_are_refused_in_chinese_and_break_nothing(bot: Bot) -> None:
    front = front_of(bot)
    with serving(opening(front, front.mount_tools), lifespan="on") as address:
        told, wrong = asyncio.run(fuzz(address, 250))
    assert wrong == {}
    assert sum(told.values()) == 250
    assert {200, 400, 404, 422} <= set(told)


@pytest.mark.parametrize(
    "bad",
    [
        reply(0, ""),
        reply(500, '{"error": {"code": "x", "message": "错"}}'),
        reply(404, "Not Found", "text/plain"),
        reply(404, '{"detail": "Not Found"}'),
        reply(422, '{"error": {"code": "x", "message": "wrong"}}'),
        reply(404, "<p>Not Found</p>", "text/html; charset=utf-8"),
        reply(200, '{"status": "error_internal"}'),
    ],
)
def test_judge_sees_what_is_wrong(bad: Reply) -> None:
    assert faults(Spoilt("GET", "/"), bad)


def test_judge_lets_good_refusals_pass() -> None:
    good = reply(404, '{"error": {"code": "not_found", "message": "没有这个地址"}}')
    assert faults(Spoilt("GET", "/"), good) == []
    assert faults(Spoilt("GET", "/"), reply(404, "<p>没有这个地址</p>", "text/html")) == []
