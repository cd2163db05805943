"""However long the reading of a question takes, the server answers everybody else meanwhile."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from bot.pipeline import Bot
from bot.understanding import language, turn
from tests.bot.web.conftest import front_of, serving

SECONDS = 5.0
SLOW = "慢慢读长者食堂建几个"
HISTORY = [{"role": "user", "content": SLOW}]
Asking = Callable[[httpx.Client], httpx.Response]
FACES: dict[str, Asking] = {
    "ask": lambda c: c.post("/api/ask", json={"question": SLOW}),
    "history": lambda c: c.post("/api/ask", json={"question": "那它呢", "history": HISTORY}),
    "stream": lambda c: c.post("/api/ask/stream", json={"question": SLOW}),
    "turn": lambda c: c.post("/turn", json={"question": SLOW}),
    "completions": lambda c: c.post("/v1/chat/completions", json={"messages": HISTORY}),
    "completions-stream": lambda c: c.post("/v1/chat/completions", json={"messages": HISTORY, "stream": True}),
    "lite": lambda c: c.post("/lite", data={"question": SLOW}),
    "search": lambda c: c.get("/api/search", params={"q": SLOW}),
    "targets": lambda c: c.get("/api/targets", params={"q": SLOW}),
    "table": lambda c: c.get("/api/targets.csv", params={"topic": SLOW}),
}


class Reading:
    """Masking that takes as long as the test likes."""

    def __init__(self, mask: Callable[[str], str]) -> None:
        self._mask = mask
        self.begun, self.ended = threading.Event(), threading.Event()

    def __call__(self, text: str) -> str:
        if SLOW in text:
            self.begun.set()
            self.ended.wait(SECONDS)
        return self._mask(text)


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reading]:
    slow = Reading(language.without_personal_data)
    for module in (language, turn):
        monkeypatch.setattr(module, "without_personal_data", slow)
    yield slow
    slow.ended.set()


@pytest.fixture(scope="module")
def address(bot: Bot) -> Iterator[str]:
    with serving(front_of(bot)) as url:
        yield url


@pytest.mark.parametrize("face", FACES)
def test_others_are_answered_while_a_question_is_read(address: str, reading: Reading, face: str) -> None:
    replies: list[Any] = []

    def ask() -> None:
        with httpx.Client(base_url=address, timeout=4 * SECONDS) as client:
            replies.append(FACES[face](client).status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    assert reading.begun.wait(SECONDS)
    health = httpx.get(f"{address}/healthz", timeout=SECONDS / 2)
    still_reading = not reading.ended.is_set() and not replies
    reading.ended.set()
    asking.join()
    assert (health.status_code, still_reading, replies) == (200, True, [200])
