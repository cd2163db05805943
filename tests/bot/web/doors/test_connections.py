"""Real sockets against the product's way of serving."""

import logging
import socket
import time

import pytest

from bot.settings import Settings
from bot.web.doors.connections import Room
from tests.bot.web.conftest import serving
from tests.bot.web.sockets import (
    ENDLESS,
    PATIENCE,
    Shop,
    connected,
    get,
    refused,
    reply,
    send_until_closed,
    until_closed,
)

NOT_EXEMPT = {"rate_exempt": (), "trusted_proxies": ""}


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_replies_come_one_after_the_other_on_one_connection(shop: Shop) -> None:
    with serving(shop.app) as address, connected(address) as connection:
        for _ in range(3):
            connection.sendall(get())
            assert reply(connection).endswith(b"\r\n\r\n0")


def test_head_that_is_too_large_is_refused_in_one_piece_and_in_many(shop: Shop) -> None:
    with serving(shop.app, max_head_bytes=2000) as address:
        with connected(address) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 3000 + b"\r\n\r\n")
            assert refused(until_closed(connection)) == (431, "headers_too_large")
        with connected(address) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n")
            offered = send_until_closed(connection, lambda at: f"A{at}: {'a' * 900}\r\n".encode())
            assert offered < 10_000_000


def test_long_address_counts_as_head(shop: Shop) -> None:
    with serving(shop.app, max_head_bytes=2000) as address, connected(address) as connection:
        connection.sendall(get("?" + "q" * 3000))
        assert refused(until_closed(connection))[0] == 431


def test_body_beside_its_head_does_not_count_as_head(shop: Shop) -> None:
    with serving(shop.app, max_head_bytes=2000) as address, connected(address) as connection:
        connection.sendall(b"POST /short HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n" + b"b" * 50_000)
        assert reply(connection).endswith(b"50000")


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_head_that_does_not_come_is_not_waited_for(shop: Shop, begun: bytes) -> None:
    with serving(shop.app, head_seconds=0.3) as address, connected(address) as connection:
        connection.sendall(begun)
        assert refused(until_closed(connection)) == (408, "request_timeout")


def test_head_that_comes_letter_by_letter_gets_no_more_time(shop: Shop) -> None:
    with serving(shop.app, head_seconds=0.3) as address, connected(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")

        def letter(at: int) -> bytes:
            time.sleep(0.02)
            return b"a"

        assert send_until_closed(connection, letter) < 1000


def test_line_breaks_without_a_request_keep_no_connection(shop: Shop) -> None:
    with serving(shop.app, head_seconds=0.3) as address, connected(address) as connection:

        def nothing(at: int) -> bytes:
            time.sleep(0.02)
            return b"\r\n"

        assert send_until_closed(connection, nothing) < 2000


def test_answer_may_take_longer_than_a_head(shop: Shop) -> None:
    with serving(shop.app, head_seconds=0.2) as address, connected(address) as connection:
        connection.sendall(get("slow"))
        assert reply(connection).endswith(b"late")


def test_client_that_reads_nothing_is_left(shop: Shop) -> None:
    with serving(shop.app, reader_seconds=0.5) as address, connected(address, received=4096) as connection:
        connection.sendall(get("endless"))
        assert shop.left.wait(PATIENCE)


def test_client_that_reads_nothing_of_a_whole_reply_is_left(shop: Shop) -> None:
    with serving(shop.app, reader_seconds=0.5) as address, connected(address, received=4096) as connection:
        connection.sendall(get("large"))
        # Nothing is read until the server has gone: what it had left to say is then missing.
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not _reset(connection):
            time.sleep(0.05)
        assert len(until_closed(connection)) < len(ENDLESS) * 100


def _reset(connection: socket.socket) -> bool:
    """Whether the other end has gone, found without reading."""
    try:
        connection.send(b"\r\n")
    except ConnectionError:
        return True
    return False


def test_client_that_reads_slowly_gets_everything(shop: Shop) -> None:
    with serving(shop.app, reader_seconds=2.0) as address, connected(address, received=65536) as connection:
        connection.sendall(get("large"))
        assert len(reply(connection)) > len(ENDLESS) * 100


def test_client_has_so_many_connections_and_no_more(shop: Shop) -> None:
    with (
        serving(shop.app, connections_per_address=2, **NOT_EXEMPT) as address,
        connected(address) as first,
        connected(address) as second,
    ):
        for connection in (first, second):
            connection.sendall(get())
            assert b" 200 " in reply(connection)
        with connected(address) as third:
            assert refused(until_closed(third)) == (429, "too_many_connections")
        second.shutdown(socket.SHUT_RDWR)
        assert _served_again(address)


def _served_again(address: str) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with connected(address) as connection:
            connection.sendall(get())
            if b" 200 " in connection.recv(65536):
                return True
    return False


def test_proxy_has_more_connections_than_a_client(shop: Shop) -> None:
    trusted = {"rate_exempt": (), "trusted_proxies": "127.0.0.0/8"}
    with (
        serving(shop.app, connections_per_address=1, connections_per_proxy=2, **trusted) as address,
        connected(address),
        connected(address) as second,
        connected(address) as third,
    ):
        assert refused(until_closed(third))[0] == 429
        second.sendall(get())
        assert b" 200 " in reply(second)


def test_requests_that_do_not_wait_for_their_replies_are_few(shop: Shop) -> None:
    with serving(shop.app) as address, connected(address) as connection:
        connection.sendall(get() * 5000)
        assert until_closed(connection).count(b"HTTP/1.1 200") < 100


def test_nonsense_is_refused_in_chinese(shop: Shop) -> None:
    with serving(shop.app) as address, connected(address) as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert refused(until_closed(connection)) == (400, "bad_request")


def test_no_other_protocol_is_spoken(shop: Shop) -> None:
    upgrade = b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n"
    with serving(shop.app) as address, connected(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + upgrade + b"\r\n")
        assert b" 200 " in reply(connection)


def test_refusals_stand_in_the_access_log(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.INFO, "bot.web.doors.access"),
        serving(shop.app, head_seconds=0.2) as address,
        connected(address) as connection,
    ):
        until_closed(connection)
    assert "127.0.0.0 - - 408 " in caplog.text


class Clock:
    """A loop that only notes when it should call."""

    def __init__(self) -> None:
        self.due: list[float] = []

    def call_later(self, seconds: float, *_: object) -> None:
        self.due.append(seconds)

    def time(self) -> float:
        return 0.0


class Guest:
    """A connection as the room sees it."""

    host = "203.0.113.1"

    def __init__(self, loop: Clock) -> None:
        self.loop = loop

    def hurry(self, now: float) -> None:
        pass


def test_one_look_after_all_is_due_at_a_time_however_often_the_last_one_leaves() -> None:
    clock, room = Clock(), Room(Settings(_env_file=None))
    for _ in range(3):
        guest = Guest(clock)
        assert room.enter(guest)
        room.leave(guest)
    assert len(clock.due) == 1
    room.enter(guest)
    room._look_after(clock)
    assert len(clock.due) == 2
