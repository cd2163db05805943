"""A district's own files, databases that are closed at the end, and a backup of one of everything that is kept."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.records import lookups, turns
from bot.records.accounts import users
from bot.records.database import Database
from bot.records.feedback import Feedback, keep_feedback
from bot.records.lookups import Lookup
from bot.records.office import approved, complaints, documents, judgements, switches
from bot.records.office.approved import Cited, Draft, OfficialSource
from bot.records.office.documents import Proposal
from bot.records.office.switches import Switch
from bot.records.turns import Kept
from bot.running.backup import back_up
from bot.settings import Settings
from tests.bot.records.conftest import FAILED
from tests.conftest import ROOT

HOUR = timedelta(hours=1)
POLICY = users.Policy(HOUR, HOUR, 5, HOUR)
PASSWORD, SECRET = "correct horse battery", "a-key-that-nobody-sees"
TODAY = date(2026, 3, 1)
SOURCE = OfficialSource("办法", "某局", TODAY, "https://example.gov.cn/1", TODAY)
CITED = [{"mark": 1, "passage_id": "p", "quote": "修到村口"}]
Opened = Callable[[str], Database]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens databases that are closed at the end."""
    made: list[Database] = []

    def at(address: str) -> Database:
        made.append(Database(address, FAILED, tmp_path))
        return made[-1]

    yield at
    for database in made:
        database.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with documents, lexicon and site of their own."""
    place = tmp_path / "district"
    for name in ("documents", "lexicon"):
        shutil.copytree(ROOT / "corpus" / name, place / name)
    shutil.copy(ROOT / "corpus" / "site.yaml", place / "site.yaml")
    return Settings(
        data_dir=tmp_path, documents_dir=place / "documents", lexicon_dir=place / "lexicon",
        site_file=place / "site.yaml", retention_days=60, model_api_key=SECRET, _env_file=None,
    )  # fmt: skip


def kept(number: int) -> Kept:
    return Kept(
        f"{number:032x}", datetime(2026, 3, 1, tzinfo=UTC), "s" * 32, "page", f"第{number}问：路修到哪里？", "answered",
        "excerpt", "摘录", "修到村口。[1]", CITED, [], None, {"index": "i"}, 0.01,
    )  # fmt: skip


def fill(database: Database, count: int = 5) -> None:
    """One of everything that is kept."""
    turns.write(database, [kept(number) for number in range(count)])
    keep_feedback(database, Feedback(kept(0).answer_id, False, "wrong", "不对"), "key")
    users.add(database, "chief", "administrator", PASSWORD, "command")
    written = Draft(
        "路修到哪里？", "修到村口。", (Cited("p", "修到村口"),), TODAY, variants=("路通到哪里？",), year=2026
    )
    approved.draft(database, written, "chief")
    approved.draft(database, replace(written, citations=(), source=SOURCE), "chief")
    switches.set_switch(database, Switch("announcement", "演练", "chief", datetime.now(UTC), text="今天演练"))
    lookups.keep(
        database, Lookup("l", "chief", "路修到哪里？", "p", "修到村口。", "answered", datetime.now(UTC), "call")
    )
    complaints.lodge(database, "回答把路名写错了", "12345")
    documents.propose(database, Proposal("take_down", "report-2026", "报告", "chief", reason="过时"))
    judgements.keep(database, kept(0).answer_id, True, "chief")


@pytest.fixture
def backed_up(settings: Settings, opened: Opened, tmp_path: Path) -> Path:
    source = opened(f"sqlite:///{tmp_path / 'source.db'}")
    fill(source)
    back_up(settings, source, tmp_path / "backup.zip")
    return tmp_path / "backup.zip"
