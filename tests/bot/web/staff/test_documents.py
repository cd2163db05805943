"""Putting a document up and taking it down through the pages: read, corrected, handed in, released by another."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient

from bot.office.documents.drafts import DRAFTS
from bot.pipeline import Bot
from bot.records.database import Database
from bot.records.schema import audit as log
from bot.web.server import Front
from tests.bot.chain import broken_at
from tests.bot.web.conftest import changing, client_of, taken_up
from tests.bot.web.signed_in import signed_in

FIELDS, TEXT = "title: 某区2030年政府工作报告\nyear: 2030", "一、2030年工作安排\n今年新建社区食堂12个。"
OLDER = TEXT.replace("2030", "2029")
REPORT = """首页>>政府信息公开
某市青山区2031年政府工作报告
一、2030年工作回顾
过去一年，新建学校3所。
二、2031年工作安排
今年改造公厕21座。
办好新质学校。
附注
1.新质学校：办得好的学校。
"""
NEW = "2031年改造公厕多少座？"


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    held = {"mou": (FIELDS, TEXT), "older": (FIELDS.replace("2030", "2029"), OLDER)}
    with changing(tmp_path_factory.mktemp("office"), **held) as made:
        yield made


def client_for(front: Front, name: str, role: str = "editor") -> TestClient:
    client = TestClient(front, raise_server_exceptions=False)
    client.headers["X-CSRF-Token"] = signed_in(client, front._database, role, name)
    return client


@pytest.fixture(scope="module")
def writer(front: Front) -> TestClient:
    return client_for(front, "writer")


@pytest.fixture(scope="module")
def second(front: Front) -> TestClient:
    return client_for(front, "second")


def report(number: int) -> bytes:
    """A report that no other test uploads."""
    return REPORT.replace("学校3所", f"学校{number}所").encode()


def upload(client: TestClient, content: bytes, name: str = "报告 终稿.txt", **more: str) -> str:
    """The page that an upload leads to."""
    reply = client.post("/office/documents", data=more, files={"file": (name, content)})
    assert reply.status_code in (200, 422)
    return read(client, str(reply.url.path)) if reply.url.path != "/office/documents" else reply.text


def read(client: TestClient, path: str) -> str:
    """The page of a draft once it has been tried."""
    while "正在读文件" in (page := client.get(path).text):
        pass
    return page


def path_of(page: str) -> str:
    found = re.search(r'action="(/office/documents/\w{32})/', page)
    assert found
    return found.group(1)


def asked(client: TestClient, question: str) -> list[str]:
    """The passages that an answer cites."""
    return [c["passage_id"] for c in client.post("/api/ask", json={"question": question}).json()["citations"]]


def test_document_goes_from_upload_to_answers_and_away_again_by_two_persons(
    front: Front, writer: TestClient, second: TestClient
) -> None:
    page = upload(writer, report(3))
    for told in (
        "二、2031年工作安排",
        "没有用到的2行",
        "有数量的目标1条",
        "首页",
        NEW,
        "改造公厕21座",
        "“新质学校”是什么意思？",
    ):
        assert told in page
    assert page.count("<strong>答上</strong>") == 2
    path = path_of(page)
    documents = front.settings.documents_dir
    assert {p.name for p in documents.iterdir() if p.name[0] != "."} == {"mou", "older"}
    assert writer.post(f"{path}/release").status_code == 422
    writer.post(f"{path}/hand_in")
    assert "自己提交的要由另一个人审定" in writer.post(f"{path}/release").text
    assert f"{path}/release" in second.get(path).text
    assert second.post(f"{path}/release").status_code == 200
    assert "已经有人做过" in second.post(f"{path}/release").text
    assert not (front.settings.documents_dir / DRAFTS / path.rsplit("/", 1)[1]).exists()
    asyncio.run(taken_up(front))
    (cited,) = asked(second, NEW)
    name = cited.rsplit("-", 1)[0]
    assert "请写明下架的原因" in second.post("/office/documents/withdraw", data={"document": name}).text
    page = second.post("/office/documents/withdraw", data={"document": name, "reason": "过时"}).text
    assert "自己提交的要由另一个人审定" in page
    withdrawal = path_of(page)
    assert second.post(f"{withdrawal}/release").status_code == 422
    assert writer.post(f"{withdrawal}/release").status_code == 200
    asyncio.run(taken_up(front))
    assert asked(second, NEW) == []
    assert len(list((documents / ".removed").glob(f"{name}-*"))) == 1
    ids = [one.rsplit("/", 1)[1] for one in (path, withdrawal)]
    assert [action for action, detail in entries(front._database) if any(i in detail for i in ids)] == [
        "document put_up proposed",
        "document put_up handed in",
        "document put_up released",
        "document take_down proposed",
        "document take_down released",
    ]
    assert broken_at(front._database) is None


def entries(database: Database) -> list[tuple[str, str]]:
    """What was done, and its details, in order."""
    with database.read() as connection:
        return [(row.action, row.detail) for row in connection.execute(log.select().order_by(log.c.number))]


def drafts(front: Front) -> set[Path]:
    return set((front.settings.documents_dir / DRAFTS).glob("*"))


def test_what_was_read_wrong_is_corrected_and_written_into_the_description(front: Front, writer: TestClient) -> None:
    page = upload(writer, report(4))
    path = path_of(page)
    typed = {"title": "青山报告", "year": "2031", "kind": "annual_plan", "publisher": "青山区政府办"}
    parts = {"part": ["一、2030年工作回顾", "二、2031年工作安排"], "kinds": ["review", "plan"]}
    years = {"since": ["2026", "2031"], "until": ["2030", "2031"]}
    assert writer.post(f"{path}/correct", data={**typed, **parts, **years}).status_code == 200
    page = read(writer, path)
    assert "草稿：青山报告" in page
    assert 'name="since" value="2026"' in page
    (described,) = (front.settings.documents_dir / DRAFTS / path.rsplit("/", 1)[1]).glob("*/document.yaml")
    fields = yaml.safe_load(described.read_text(encoding="utf-8"))
    assert fields["parts"] == [{"title": "一、2030年工作回顾", "kind": "review", "since": 2026, "year": 2030}]
    for wrong, said in (
        ({"year": "去年"}, "四位数字"),
        ({"since": ["2031", "2031"]}, "不能晚于"),
        ({"until": ["x", "y"]}, "年份不对"),
    ):
        refused = writer.post(f"{path}/correct", data={**typed, **parts, **years, **wrong})
        assert (refused.status_code, said in refused.text) == (422, True)
    assert yaml.safe_load(described.read_text(encoding="utf-8")) == fields
    writer.post(f"{path}/hand_in")
    assert writer.post(f"{path}/correct", data=typed).status_code == 422
    assert "保存改动" not in read(writer, path)
    assert "保存改动" in read(writer, str(writer.post(f"{path}/take_back").url.path))


def test_newer_file_takes_the_place_of_the_one_chosen_which_is_kept(
    front: Front, writer: TestClient, second: TestClient
) -> None:
    page = upload(
        writer, OLDER.replace("12", "14").encode(), title="某区2029年政府工作报告", publisher="某区", instead="older"
    )
    assert "换下现在收录的" in page
    path = path_of(page)
    writer.post(f"{path}/hand_in")
    second.post(f"{path}/release")
    asyncio.run(taken_up(front))
    answer = second.post("/api/ask", json={"question": "2029年新建社区食堂多少个？"}).json()["answer"]
    assert "14个" in answer
    documents = front.settings.documents_dir
    (kept,) = (documents / ".removed").glob("older-*")
    assert "12个" in (kept / "text.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("机密★一年\n某区2027年工作报告\n新建学校。".encode(), "a.txt", "不能收录"),
        (b"", "a.txt", "文件是空的"),
        (b"%PDF-1.4 broken", "a.pdf", "a.pdf"),
        ("新建学校。".encode(), "a.txt", "请写明标题"),
        (b"MZ", "../../报告.exe", "不支持 .exe"),
        (TEXT.encode(), "a.txt", "和已经收录的《某区2030年政府工作报告》是同一份文件"),
    ],
)
def test_what_cannot_be_taken_is_told_without_the_folders_of_this_machine(
    front: Front, writer: TestClient, content: bytes, name: str, said: str
) -> None:
    before = drafts(front)
    page = upload(writer, content, name, publisher="某区政府")
    alert = re.search(r'role="alert">(.*?)<', page)
    assert alert
    assert said in alert.group(1)
    assert "/tmp" not in alert.group(1)
    assert 'value="某区政府"' in page
    assert drafts(front) == before


def test_file_that_is_a_draft_already_is_said_so_until_the_draft_is_dropped(
    writer: TestClient, second: TestClient
) -> None:
    path = path_of(upload(writer, report(5)))
    assert "已经由writer提出" in upload(second, report(5))
    assert path not in second.post(f"{path}/drop", data={"reason": "重复"}).text
    assert second.get(path).url.path == "/office/documents"
    assert "草稿" in upload(second, report(5))


def test_only_document_is_not_taken_down(own: Bot, database: Database) -> None:
    clients = [client_of(own), client_of(own)]
    for client, name in zip(clients, ("writer", "second"), strict=True):
        client.headers["X-CSRF-Token"] = signed_in(client, database, "editor", name)
    (name,) = own.index.corpus.documents
    page = clients[0].post("/office/documents/withdraw", data={"document": name, "reason": "过时"}).text
    refused = clients[1].post(f"{path_of(page)}/release")
    assert (refused.status_code, "唯一的一份" in refused.text) == (422, True)
    assert (own.settings.documents_dir / name).is_dir()


def test_large_body_is_taken_from_an_editor_for_a_document_and_from_nobody_else(
    front: Front, writer: TestClient
) -> None:
    large = {"file": ("a.txt", ("某区2031年工作报告\n新建学校。" + "\n" * 100_000).encode())}
    assert writer.post("/office/documents", files=large, follow_redirects=False).status_code == 303
    agent = client_for(front, "somebody", "agent")
    nobody = TestClient(front)
    for client, path in ((agent, "/office/documents"), (nobody, "/office/documents"), (writer, "/office/approved")):
        assert client.post(path, files=large).status_code == 413


def test_agent_sees_no_documents_page(front: Front) -> None:
    agent = client_for(front, "somebody", "agent")
    assert agent.get("/office/documents").status_code == 403
    assert agent.post("/office/documents/withdraw", data={"document": "mou", "reason": "x"}).status_code == 403


def test_proof_that_a_form_is_ours_is_asked_of_uploads_too(writer: TestClient) -> None:
    file = {"file": ("a.txt", report(6))}
    assert writer.post("/office/documents", files=file, headers={"X-CSRF-Token": ""}).status_code == 403


def test_skipped_documents_are_listed_with_the_reason(front: Front, writer: TestClient) -> None:
    broken = front.settings.documents_dir / "broken"
    broken.mkdir()
    asyncio.run(taken_up(front))
    page = writer.get("/office/documents").text
    assert "读不了、没有用上的（1）" in page
    assert "缺少文件" in page
    broken.rmdir()
    asyncio.run(taken_up(front))
