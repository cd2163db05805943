"""What stands between a question and the bot: the order of rulings, and a database that is gone."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.answer import Answer, Status
from bot.errors import QuestionEmpty
from bot.office.board import Board
from bot.office.gatekeeper import Gatekeeper
from bot.pipeline import Bot
from bot.records.database import Database
from bot.records.office import approved, switches
from bot.records.office.approved import Cited, Draft
from bot.records.office.switches import Kind, Switch
from bot.understanding import turn
from corpus.words import Words

QUESTION = "老人食堂今年建几个？"
EMERGENCY = "我家着火了怎么办"


@pytest.fixture
def board(database: Database, bot: Bot) -> Board:
    made = Board(database)
    made.use(bot.index.corpus)
    return made


@pytest.fixture
def gatekeeper(bot: Bot, board: Board) -> Gatekeeper:
    return Gatekeeper(bot, board)


def pause(database: Database, kind: Kind, **more: str) -> Switch:
    begins = datetime.now(UTC) - timedelta(seconds=1)
    return switches.set_switch(database, Switch(kind, "试", "小林", begins, **{"text": "正在检修", **more}))


def release(database: Database, bot: Bot, quote: str = "") -> None:
    cited = bot.answer(QUESTION).citations[0]
    written = Draft(QUESTION, "计划新建5个。", (Cited(cited.passage_id, quote or cited.quote),), date(2025, 1, 1))
    made = approved.draft(database, written, "小林")
    approved.approve(database, made.id, made.version, "小陈")


def said(*turns: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": turn} for turn in turns]


def without_id(answer: Answer) -> dict[str, object]:
    return {**answer.as_dict(), "id": ""}


@pytest.mark.parametrize("question", [QUESTION, EMERGENCY, "你好", "房价会跌吗"])
def test_with_nothing_decided_it_says_what_the_bot_says(
    bot: Bot, gatekeeper: Gatekeeper, board: Board, question: str
) -> None:
    board.refresh()
    assert without_id(gatekeeper.answer(question)) == without_id(bot.answer(question))


def test_approved_answer_is_served_for_what_means_the_same(
    bot: Bot, gatekeeper: Gatekeeper, board: Board, database: Database
) -> None:
    release(database, bot)
    board.refresh()
    served = gatekeeper.answer("今年要新建多少个老年食堂")
    assert (served.mode, served.label, served.answer) == ("approved", "人工审定", "计划新建5个。[1]")
    assert gatekeeper.answer("老人食堂建在哪里").mode == "excerpt"


def test_paused_topic_is_told_in_its_words_and_in_others_of_the_lexicon(
    bot: Bot, gatekeeper: Gatekeeper, board: Board, database: Database
) -> None:
    release(database, bot)
    made = pause(database, "topic", topic="长者食堂", text="食堂的数字正在更正")
    board.refresh()
    for question in ("长者食堂今年建几个", QUESTION):
        told = gatekeeper.answer(question)
        assert told.status is Status.PAUSED
        assert told.answer.startswith("食堂的数字正在更正。")
        assert told.contacts == (bot.site.hotline,)
    assert gatekeeper.answer("今年新增多少充电桩").status is Status.ANSWERED
    switches.lift(database, made.id, "小林", "更正了")
    board.refresh()
    assert gatekeeper.answer(QUESTION).mode == "approved"


def test_paused_service_answers_nothing_but_an_emergency(
    bot: Bot, gatekeeper: Gatekeeper, board: Board, database: Database
) -> None:
    pause(database, "service")
    board.refresh()
    assert gatekeeper.answer(QUESTION).status is Status.PAUSED
    assert gatekeeper.answer("你好").status is Status.PAUSED
    assert gatekeeper.answer(EMERGENCY).status is Status.EMERGENCY
    with pytest.raises(QuestionEmpty):
        gatekeeper.answer(" ")


def test_reply_and_stream_are_ruled_alike(bot: Bot, gatekeeper: Gatekeeper, board: Board, database: Database) -> None:
    pause(database, "service")
    board.refresh()

    async def told() -> list[object]:
        return [await gatekeeper.reply(QUESTION), *[piece async for piece in gatekeeper.stream(QUESTION)]]

    assert [getattr(piece, "status", None) for piece in asyncio.run(told())] == [Status.PAUSED, Status.PAUSED]


class Later(datetime):
    """A clock that is an hour ahead."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Later":  # type: ignore[override]
        return super().now(tz) + timedelta(hours=1)


def test_ended_switch_has_no_effect(
    bot: Bot, gatekeeper: Gatekeeper, board: Board, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    soon = Switch("service", "试", "小林", now - timedelta(hours=1), text="检修", ends=now + timedelta(minutes=30))
    switches.set_switch(database, soon)
    board.refresh()
    assert gatekeeper.answer(QUESTION).status is Status.PAUSED
    monkeypatch.setattr("bot.office.board.datetime", Later)
    assert gatekeeper.answer(QUESTION).status is Status.ANSWERED


def test_answer_whose_source_changed_is_suspended_once_and_counted(
    bot: Bot, gatekeeper: Gatekeeper, board: Board, database: Database
) -> None:
    release(database, bot, quote="新建“长者食堂”6个")
    for _ in range(2):
        board.refresh()
        assert (board.approved, board.suspended) == ((), 1)
    assert gatekeeper.answer(QUESTION).mode == "excerpt"
    assert [one.state for one in approved.every(database)] == ["suspended"]


def test_dead_database_leaves_the_last_state_standing(
    bot: Bot, board: Board, database: Database, tmp_path: Path
) -> None:
    pause(database, "service")
    board.refresh()
    database.close()
    (tmp_path / "records.db").write_bytes(b"no database")
    for old in tmp_path.glob("records.db-*"):
        old.unlink()
    board.refresh()
    assert Gatekeeper(bot, board).answer(QUESTION).status is Status.PAUSED


def test_every_process_sees_a_change_within_five_seconds(bot: Bot, database: Database, tmp_path: Path) -> None:
    other = Database(f"sqlite:///{tmp_path / 'records.db'}", "暂时记不下")
    board = Board(other)
    board.use(bot.index.corpus)
    board.start()
    pause(database, "service")
    begun = time.monotonic()
    while not board.switches("service") and time.monotonic() - begun < 5:
        time.sleep(0.05)
    board.close()
    other.close()
    assert board.switches("service")


def test_follow_up_is_understood_once_for_ruling_and_answer_together(
    bot: Bot, database: Database, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(database, bot)
    pause(database, "topic", topic="地铁", text="正在核对")
    board.refresh()
    understood: list[str] = []
    real = turn.understand
    monkeypatch.setattr(turn, "understand", lambda text, language: (understood.append(text), real(text, language))[1])
    gatekeeper, talk = Gatekeeper(replace(bot), board), ("今年新增多少充电桩", "那停车位呢", "那公园呢", "那幸福院呢")
    for place, text in enumerate(talk):
        gatekeeper.answer(text, said(*talk[:place]))
    understood.clear()
    with patch.object(Words, "fold", autospec=True, side_effect=Words.fold) as fold:
        gatekeeper.answer("那口袋公园呢", said(*talk))
    assert understood == ["那口袋公园呢"]
    assert fold.call_count <= 60
