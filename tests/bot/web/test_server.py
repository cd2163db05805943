import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import yaml

import app
from bot import wording
from bot.pipeline import Bot
from bot.records import turns
from bot.records.database import Database
from bot.settings import Settings
from bot.web import server
from bot.web.server import Front, listening
from tests.conftest import ROOT, Indexed


def request(front: Front, method: str, path: str, body: dict[str, str] | None = None) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(front)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, json=body)

    return asyncio.run(send())


@pytest.fixture
def front() -> Front:
    return Front(Settings(_env_file=None), stop=lambda: None)


def test_address_that_is_taken_is_told_in_chinese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        chosen = Settings(port=taken.getsockname()[1], _env_file=None)
        monkeypatch.setattr(app, "settings", lambda: chosen)
        assert app.main() == 1
    assert "已经被别的程序占用" in capsys.readouterr().err


def test_before_anything_is_open_the_page_says_so_and_reloads(front: Front) -> None:
    reply = request(front, "GET", "/")
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "2")
    assert "正在启动" in reply.text
    assert request(front, "GET", "/healthz").status_code == 200


def test_light_page_stands_in_while_the_full_one_is_still_being_made(front: Front, bot: Bot) -> None:
    front.services.serve(bot)
    assert request(front, "POST", "/api/ask", {"question": "停车位加多少"}).json()["status"] == "answered"
    assert request(front, "GET", "/readyz").json()["page"] is False
    reply = request(front, "GET", "/?q=停车位加多少<b>")
    assert reply.status_code == 200
    assert '<form id="composer" class="dock" action="lite" method="post"' in reply.text
    assert ">停车位加多少&lt;b&gt;</textarea>" in reply.text
    assert "完整页面还在准备" in reply.text
    assert "完整页面还在准备" not in request(front, "GET", "/lite").text
    assert request(front, "HEAD", "/").status_code == 200


def test_no_request_parses_a_text(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    wording._parsed.cache_clear()
    front = Front(bot.settings, stop=lambda: None, bot=bot)

    def refuse(_: str) -> None:
        raise yaml.YAMLError("parsed while somebody waits")

    monkeypatch.setattr(yaml, "safe_load", refuse)
    pages = ("/lite?q=停车位加多少", "/report", "/targets", "/how", "/privacy", "/complaints", "/sign-in", "/api/terms")
    assert {path: request(front, "GET", path).status_code for path in pages} == dict.fromkeys(pages, 200)
    assert wording.read_yaml(bot.settings.prompts_dir / "office.yaml")


def test_broken_text_is_told_when_the_server_starts(tmp_path: Path) -> None:
    prompts = shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    (prompts / "office.yaml").write_text("office: [", encoding="utf-8")
    with pytest.raises(wording.WordingError, match=r"office\.yaml"):
        Front(Settings(prompts_dir=prompts, data_dir=tmp_path, _env_file=None), stop=lambda: None)


def test_look_at_the_documents_that_goes_wrong_ends_nothing(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[str] = []

    async def run() -> None:
        front = Front(bot.settings, stop=lambda: None, bot=bot)

        async def opened() -> None:
            """It is open."""

        async def look() -> None:
            looks.append("look")
            if len(looks) > 1:
                front._closing.set()
            raise OSError("gone")

        monkeypatch.setattr(front, "_open", opened)
        monkeypatch.setattr(front, "look", look)
        await front._run()

    monkeypatch.setattr(server, "LOOK_SECONDS", 0.0)
    asyncio.run(run())
    assert looks == ["look", "look"]
    assert "looking at the documents" in caplog.text


def start(data: Path, port: int) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BOT_DATA_DIR": str(data), "PORT": str(port)}
    return subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def test_service_that_is_told_to_end_keeps_the_last_turn_and_closes_what_it_holds(indexed: Indexed) -> None:
    data, port = indexed("ended"), free_port()
    environment = {**os.environ, "BOT_DATA_DIR": str(data), "PORT": str(port)}
    command = [sys.executable, "app.py"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=-1, stderr=-1, text=True) as process:
        assert process.stdout
        until_told(process.stdout, "网页就绪")
        said = {"question": "停车位加多少", "session": "0123456789abcdef"}
        answered = httpx.post(f"http://127.0.0.1:{port}/api/ask", json=said).json()["id"]
        process.terminate()
        _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    with closing(Database(f"sqlite:///{data}/records.db", "none", data)) as database:
        assert [row["answer_id"] for row in turns.of_session(database, said["session"])] == [answered]


def until_told(lines: Iterable[str], words: str) -> None:
    assert any(words in line for line in lines)


def test_taken_port_ends_the_start_with_a_remedy(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = start(tmp_path, taken.getsockname()[1])
    assert done.returncode == 1
    assert "make run PORT=" in done.stderr


def test_index_held_by_another_process_ends_the_start_with_its_name(bot: Bot) -> None:
    done = start(bot.settings.data_dir, free_port())
    assert done.returncode == 1
    assert str(os.getpid()) in done.stderr


def test_page_is_ours_before_any_script_runs(bot: Bot) -> None:
    async def get() -> str:
        front = Front(bot.settings, stop=lambda: None, bot=bot)
        await front.mount()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://test") as client:
            html = (await client.get("/")).text
        await front.unmount()
        return html

    html = asyncio.run(get())
    head = html.split("</head>")[0]
    assert 'lang="zh-CN"' in html.split("<head>")[0]
    assert 'href="site/style.css"' in head
    assert "url=lite" in head
    assert head.count('property="og:title"') == 1
    assert "twitter:" not in head


def test_every_address_is_that_of_both_families() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    opened = listening("::", port)
    try:
        for host in ("127.0.0.1", "::1"):
            with socket.create_connection((host, port), timeout=5):
                pass
        with pytest.raises(OSError, match="in use"):
            listening("::", port)
    finally:
        for one in opened:
            one.close()
