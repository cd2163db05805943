import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.pipeline import Bot
from bot.records import turns
from bot.records.database import Database
from bot.records.feedback import Feedback, all_feedback, keep_feedback
from bot.records.schema import audit
from bot.records.schema import turns as table
from bot.records.turns import Kept, Recorder
from bot.records.waiting import Waiting
from bot.running.versions import versions
from tests.bot.records.conftest import FAILED

SESSION = "s" * 32


@pytest.fixture
def kept(bot: Bot) -> Kept:
    question = "长者食堂新建几个?我电话13805951234"
    return Kept.of("page", SESSION, question, bot.answer(question), 0.01, versions(bot))


def wait_for(condition: object, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not condition():  # type: ignore[operator]
        time.sleep(0.02)
    assert condition()  # type: ignore[operator]


def test_turn_is_kept_with_what_replays_it_and_without_personal_data(database: Database, kept: Kept) -> None:
    recorder = Recorder(database, 30, 365)
    recorder.keep(kept)
    recorder.close()
    (row,) = turns.of_session(database, SESSION)
    assert row["question"] == "长者食堂新建几个?我电话[电话号码]"
    assert row["citations"][0]["passage_id"] == "luojiang-2025-p17"
    assert set(row["versions"]) == {"index", "prompts", "model"}
    assert row["status"] == "answered"


def test_many_turns_are_written_in_order(database: Database, kept: Kept) -> None:
    recorder = Recorder(database, 30, 365)
    for number in range(500):
        recorder.keep(replace(kept, answer_id=f"{number:032d}", at=kept.at + timedelta(seconds=number)))
    recorder.close()
    rows = turns.of_session(database, SESSION)
    assert [int(row["answer_id"]) for row in rows] == list(range(500))


def test_dead_database_neither_blocks_nor_fails_and_is_told(tmp_path: Path, kept: Kept) -> None:
    database = Database(f"sqlite:///{tmp_path / 'later' / 'records.db'}", FAILED)
    recorder = Recorder(database, 30, 365)
    begun = time.perf_counter()
    recorder.keep(kept)
    assert time.perf_counter() - begun < 0.5
    wait_for(lambda: not recorder.healthy)
    (tmp_path / "later").mkdir()
    wait_for(lambda: recorder.healthy)
    recorder.close()
    assert len(turns.of_session(database, SESSION)) == 1
    assert recorder.lost == 0


def test_what_waits_is_tried_once_more_when_the_service_ends(tmp_path: Path, kept: Kept) -> None:
    database = Database(f"sqlite:///{tmp_path / 'later' / 'records.db'}", FAILED)
    recorder = Recorder(database, 30, 365)
    recorder.keep(kept)
    wait_for(lambda: not recorder.healthy)
    recorder.keep(replace(kept, answer_id="b" * 32))
    (tmp_path / "later").mkdir()
    recorder.close()
    assert len(turns.of_session(database, SESSION)) == 2
    assert recorder.lost == 0


def test_what_a_killed_process_left_is_written_by_the_next_and_nothing_twice(
    database: Database, kept: Kept, tmp_path: Path
) -> None:
    waiting = Waiting(tmp_path / "waiting")
    turns.write(database, [kept])
    for answer_id in (kept.answer_id, "b" * 32):
        waiting.add(answer_id, replace(kept, answer_id=answer_id).fields())
    (tmp_path / "waiting" / "half.json").write_text('{"answer_id": "c')
    recorder = Recorder(database, 30, 365, waiting)
    recorder.keep(replace(kept, answer_id="d" * 32))
    recorder.close()
    rows = turns.of_session(database, SESSION)
    assert sorted(row["answer_id"] for row in rows) == sorted([kept.answer_id, "b" * 32, "d" * 32])
    assert len({row["at"] for row in rows}) == 1
    assert [file.name for file in (tmp_path / "waiting").iterdir()] == ["half.json"]
    assert recorder.lost == 0


def test_what_waits_stands_on_the_disk_until_it_is_written(tmp_path: Path, kept: Kept) -> None:
    database = Database(f"sqlite:///{tmp_path / 'later' / 'records.db'}", FAILED)
    recorder = Recorder(database, 30, 365, Waiting(tmp_path / "waiting"))
    recorder.keep(kept)
    wait_for(lambda: not recorder.healthy)
    assert [file.stem for file in (tmp_path / "waiting").iterdir()] == [kept.answer_id]
    assert "13805951234" not in (tmp_path / "waiting" / f"{kept.answer_id}.json").read_text(encoding="utf-8")
    (tmp_path / "later").mkdir()
    wait_for(lambda: not list((tmp_path / "waiting").iterdir()))
    recorder.close()
    assert len(turns.of_session(database, SESSION)) == 1


def test_disk_that_takes_nothing_keeps_no_turn_from_the_database(
    database: Database, kept: Kept, tmp_path: Path
) -> None:
    (tmp_path / "waiting").write_text("in the way")
    recorder = Recorder(database, 30, 365, Waiting(tmp_path / "waiting"))
    recorder.keep(kept)
    recorder.close()
    assert len(turns.of_session(database, SESSION)) == 1


def test_what_does_not_fit_is_counted_as_lost(tmp_path: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "CAPACITY", 2)
    recorder = Recorder(Database(f"sqlite:///{tmp_path / 'none' / 'records.db'}", FAILED), 30, 365)
    for number in range(400):
        recorder.keep(replace(kept, answer_id=f"{number:032d}"))
    assert recorder.lost > 0


def test_turn_the_database_refuses_holds_up_no_other(database: Database, kept: Kept) -> None:
    recorder = Recorder(database, 30, 365)
    for turn in (kept, kept, replace(kept, answer_id="b" * 32)):
        recorder.keep(turn)
    recorder.close()
    assert {row["answer_id"] for row in turns.of_session(database, SESSION)} == {kept.answer_id, "b" * 32}
    assert (recorder.lost, recorder.healthy) == (1, True)


def test_letter_that_no_text_may_hold_is_left_out(bot: Bot, database: Database) -> None:
    question = "长者食堂\0新建几个"
    recorder = Recorder(database, 30, 365)
    recorder.keep(Kept.of("api", SESSION, question, bot.answer(question), 0.01, {}))
    recorder.close()
    assert [row["question"] for row in turns.of_session(database, SESSION)] == ["长者食堂新建几个"]


def test_session_is_deleted_with_its_opinions(database: Database, kept: Kept) -> None:
    recorder = Recorder(database, 30, 365)
    recorder.keep(kept)
    recorder.keep(replace(kept, answer_id="b" * 32, session="other" * 4))
    recorder.close()
    for answer_id in (kept.answer_id, "b" * 32):
        keep_feedback(database, Feedback(answer_id, True))
    assert turns.delete_session(database, SESSION) == 1
    assert turns.of_session(database, SESSION) == []
    assert [opinion.answer_id for opinion in all_feedback(database)] == ["b" * 32]


def test_purge_takes_what_is_too_old_and_leaves_a_trace(database: Database, kept: Kept) -> None:
    recorder = Recorder(database, 30, 365)
    recorder.keep(replace(kept, at=datetime.now(UTC) - timedelta(days=31)))
    recorder.keep(replace(kept, answer_id="b" * 32, at=datetime.now(UTC) - timedelta(days=29)))
    recorder.close()
    assert turns.purge(database, 30, 365, "test")["turns"] == 1
    with database.begin() as connection:
        assert connection.execute(select(func.count()).select_from(table)).scalar() == 1
        assert connection.execute(select(audit.c.actor, audit.c.action)).all() == [("test", "purge")]


def test_recorder_purges_by_itself_when_it_begins(database: Database, kept: Kept) -> None:
    first = Recorder(database, 30, 365)
    first.keep(replace(kept, at=datetime.now(UTC) - timedelta(days=31)))
    first.close()
    second = Recorder(database, 30, 365)
    second.keep(replace(kept, answer_id="b" * 32))
    second.close()
    assert [row["answer_id"] for row in turns.of_session(database, SESSION)] == ["b" * 32]
