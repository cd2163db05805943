"""Bodies over real sockets: what is read of one that is too large or too slow."""

import time
from collections.abc import Callable

import pytest

from bot.settings import Settings
from bot.web.doors.middleware import BodyLimit
from tests.bot.web.conftest import serving
from tests.bot.web.sockets import ENDLESS, Shop, connected, get, reply, send_until_closed, until_closed


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_body_that_stops_is_not_waited_for(shop: Shop) -> None:
    bounded = BodyLimit(shop.app, Settings(_env_file=None, body_stall_seconds=0.3))
    with serving(bounded) as address, connected(address) as connection:
        connection.sendall(b"POST /short HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        assert b" 408 " in reply(connection)
        assert until_closed(connection) == b""


def test_body_that_trickles_is_cut_off(shop: Shop) -> None:
    bounded = BodyLimit(shop.app, Settings(_env_file=None, body_seconds=0.5))
    with serving(bounded) as address, connected(address) as connection:
        connection.sendall(b"POST /short HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")

        def letter(at: int) -> bytes:
            time.sleep(0.02)
            return b"a"

        assert send_until_closed(connection, letter) < 5000


@pytest.mark.parametrize(
    "framing",
    [
        (b"Content-Length: 200000000", lambda at: ENDLESS),
        (b"Transfer-Encoding: chunked", lambda at: b"10000\r\n" + ENDLESS + b"\r\n"),
        (b"Transfer-Encoding: chunked", lambda at: b"1" if at == 0 else b";" + b"e" * 60_000),
        (b"Transfer-Encoding: chunked", lambda at: b"0\r\n" if at == 0 else b"t: " + b"t" * 60_000 + b"\r\n"),
    ],
    ids=["announced", "chunked", "chunk extension", "trailers"],
)
def test_body_without_end_is_not_read_for_long(shop: Shop, framing: tuple[bytes, Callable[[int], bytes]]) -> None:
    how, piece = framing
    with serving(BodyLimit(shop.app, Settings(_env_file=None))) as address, connected(address) as connection:
        connection.sendall(b"POST /short HTTP/1.1\r\nHost: x\r\n" + how + b"\r\n\r\n")
        assert send_until_closed(connection, piece) < 30_000_000


def test_little_too_much_is_read_so_that_its_refusal_is(shop: Shop) -> None:
    with serving(BodyLimit(shop.app, Settings(_env_file=None))) as address, connected(address) as connection:
        connection.sendall(b"POST /short HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n" + b"b" * 300_000)
        assert b" 413 " in reply(connection)
        connection.sendall(get())
        assert b" 200 " in reply(connection)
