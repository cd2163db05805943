"""Looking at passwords: one at a time, giving way, and with a short line before it."""

import asyncio
import os
import sys
import threading

import pytest

from bot.errors import TooBusy
from bot.pipeline import Bot
from bot.records.accounts import users
from bot.records.database import Database
from bot.web.staff import sign_in as staff_module
from bot.web.staff.passwords import Passwords
from tests.bot.web.conftest import client_of
from tests.bot.web.signed_in import PASSWORD, made


async def _full(passwords: Passwords, release: threading.Event, count: int) -> list["asyncio.Task[bool]"]:
    """So many pieces of work that end when they are released."""
    tasks = [asyncio.create_task(passwords.run(release.wait, known=False)) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks


def test_full_line_lets_in_only_who_is_known() -> None:
    async def crowd() -> None:
        passwords, release = Passwords(waiting=3), threading.Event()
        tasks = await _full(passwords, release, 3)
        with pytest.raises(TooBusy):
            await passwords.run(lambda: True, known=False)
        known = asyncio.create_task(passwords.run(lambda: True, known=True))
        release.set()
        assert all(await asyncio.gather(*tasks, known))
        assert await passwords.run(lambda: True, known=False)

    asyncio.run(crowd())


def test_one_is_looked_at_at_a_time_and_gives_way_to_everything_else() -> None:
    inside, most = 0, 0

    def work() -> int:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        threading.Event().wait(0.005)
        inside -= 1
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) if sys.platform == "linux" else 1

    async def crowd() -> list[int]:
        passwords = Passwords(waiting=20)
        return await asyncio.gather(*(passwords.run(work, known=False) for _ in range(20)))

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert min(asyncio.run(crowd())) > (before if sys.platform == "linux" else 0)
    assert most == 1
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def test_who_is_turned_away_for_want_of_time_is_told_when_to_come_back_and_has_not_failed(
    own: Bot, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, name = client_of(own), made(database, "administrator")
    given = {"name": name, "password": PASSWORD}
    monkeypatch.setattr(staff_module, "Passwords", lambda: Passwords(waiting=0))
    full = client_of(own)
    for _ in range(own.settings.lockout_failures + 1):
        busy = full.post("/sign-in", data=given, follow_redirects=False)
        assert (busy.status_code, busy.headers["retry-after"]) == (429, str(staff_module.BUSY_SECONDS))
        assert "现在登录的人太多，请过5秒再试" in busy.text
    assert client.post("/sign-in", data=given, follow_redirects=False).status_code == 303


def test_passwords_are_looked_at_in_the_thread_for_it(
    own: Bot, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    examine = users.examine

    def watched(begun: users.Begun, password: str) -> users.Examined:
        names.append(threading.current_thread().name)
        return examine(begun, password)

    monkeypatch.setattr(users, "examine", watched)
    given = {"name": made(database, "agent"), "password": PASSWORD}
    assert client_of(own).post("/sign-in", data=given, follow_redirects=False).status_code == 303
    assert [name.split("_")[0] for name in names] == ["passwords"]
