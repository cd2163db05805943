"""The page that tells administrators what the service is like now."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.records.database import Database, newest
from bot.running.versions import program
from bot.web.doors.logs import logging_as
from tests.bot.web.conftest import client_of
from tests.bot.web.signed_in import signed_in


@pytest.fixture
def chief(own: Bot, database: Database) -> TestClient:
    client = client_of(own)
    signed_in(client, database, "administrator")
    return client


def test_page_tells_versions_documents_records_and_disk(chief: TestClient, own: Bot) -> None:
    html = chief.get("/office/status").text
    titles = [document.title for document in own.index.corpus.documents.values()]
    for told in (program(), *titles, f"数据库第 {newest()} 版", "GB", "只摘录原文"):
        assert told in html
    assert 'class="problem"' not in html


def test_what_is_wrong_stands_out(own: Bot, database: Database) -> None:
    corpus = replace(own.index.corpus, skipped={"wrong-2025": "year 应是四位数字"})
    client = client_of(replace(own, index=replace(own.index, corpus=corpus)))
    signed_in(client, database, "administrator")
    html = client.get("/office/status").text
    assert "wrong-2025：year 应是四位数字" in html
    assert html.count('class="problem"') == 1


def test_last_warnings_are_shown_without_what_was_typed(chief: TestClient, own: Bot, tmp_path: Path) -> None:
    with logging_as(own.settings.model_copy(update={"data_dir": tmp_path})):
        assert "启动以来没有" in chief.get("/office/status").text
        try:
            raise ValueError("typed by somebody")
        except ValueError:
            logging.getLogger("bot.test").exception("went wrong")
        html = chief.get("/office/status").text
    assert "went wrong builtins.ValueError" in html
    assert "typed by somebody" not in html
    logging.basicConfig(force=True)


def test_others_than_administrators_do_not_see_it(own: Bot, database: Database) -> None:
    client = client_of(own)
    assert client.get("/office/status", follow_redirects=False).status_code in (303, 401)
    signed_in(client, database, "editor")
    assert client.get("/office/status").status_code == 403
