"""Refuses control characters in what staff and residents send: records cannot store them, and nobody means them."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from fastapi import Request

from bot.errors import TextUnusable

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]")
SAID = "填写的内容里有看不见的控制字符，请删去以后再提交"


async def refuse_controls(request: Request) -> None:
    """A dependency for every route of a router. Raises TextUnusable; tabs and line breaks are no fault."""
    if any(CONTROL.search(text) for text in await _texts(request)):
        raise TextUnusable(SAID)


async def _texts(request: Request) -> list[str]:
    """Every text in the address and the body of a request."""
    found: list[Any] = [*request.path_params.values()]
    found += [part for pair in request.query_params.multi_items() for part in pair]
    kind = request.headers.get("content-type", "")
    if kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        found += [part for pair in (await request.form()).multi_items() for part in pair]
    elif await request.body():
        with suppress(ValueError, RecursionError):  # invalid JSON is refused by the route that reads it
            found += _within(await request.json())
    return [text for text in found if isinstance(text, str)]


def _within(content: Any) -> Iterator[str]:
    """The texts of a JSON value, at any depth."""
    waiting = [content]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, Iterable):
            waiting += one
