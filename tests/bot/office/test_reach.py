"""What a paused topic would stop: words that name none are told, and the share of recent questions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.office import reach
from bot.office.board import Board
from bot.office.gatekeeper import Gatekeeper
from bot.office.reach import Reach, reach_of, unnaming
from bot.pipeline import Bot
from bot.records import turns
from bot.records.database import Database
from bot.records.office.switches import Switch
from tests.bot.office.weekly.test_report import TURN

NOW = datetime.now(UTC)


def topic(words: str) -> Switch:
    return Switch("topic", "试", "小林", NOW, text="暂停", topic=words)


def asked(database: Database, *questions: str, days_ago: int = 1) -> None:
    at = NOW - timedelta(days=days_ago)
    made = [replace(TURN, answer_id=f"{days_ago:02x}{n:030x}", question=q, at=at) for n, q in enumerate(questions)]
    turns.write(database, made)


@pytest.mark.parametrize(
    "word",
    [
        "的",
        "的的",
        "什么",
        "今年",
        "今天",
        "多少",
        "有没有",
        "可以",
        "我们",
        "洛江区",
        "政府",
        "2025年",
        "水",
        "“”",
        "，",
        "需要",
    ],
)
def test_word_that_names_no_topic_is_told(bot: Bot, word: str) -> None:
    assert unnaming(topic(f"食堂 {word}"), bot) == (word,)


@pytest.mark.parametrize(
    "word", ["食堂", "长者食堂", "停车位", "停水", "拆迁", "房价", "春节", "仙公山", "区长", "wifi"]
)
def test_word_that_names_a_topic_is_taken(bot: Bot, word: str) -> None:
    assert unnaming(topic(word), bot) == ()


def test_share_is_of_the_questions_of_the_last_days(bot: Bot, database: Database) -> None:
    gatekeeper = Gatekeeper(bot, Board(database))
    assert reach_of(topic("食堂"), gatekeeper, database, NOW) == Reach()
    asked(database, "长者食堂新建几个", "老人饭堂在哪", "停车位新增多少", "你好")
    asked(database, "长者食堂新建几个", days_ago=reach.DAYS + 1)
    found = reach_of(topic("长者食堂"), gatekeeper, database, NOW)
    assert (found.asked, found.looked_at, found.stopped, found.share) == (4, 4, 2, 0.5)
    assert found.is_wide
    assert not reach_of(topic("学位"), gatekeeper, database, NOW).is_wide


def test_of_very_many_questions_some_are_looked_at(
    bot: Bot, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "MOST", 10)
    asked(database, *["长者食堂新建几个"] * 20, *["停车位新增多少"] * 5)
    found = reach_of(topic("食堂"), Gatekeeper(bot, Board(database)), database, NOW)
    assert (found.asked, found.looked_at) == (25, 10)


def test_time_that_is_not_enough_leaves_a_share_of_what_was_looked_at(
    bot: Bot, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "PATIENCE", -1.0)
    asked(database, *["长者食堂新建几个"] * 3, "停车位新增多少")
    found = reach_of(topic("食堂"), Gatekeeper(bot, Board(database)), database, NOW)
    assert found == Reach(4, 3, 3)


def test_word_of_which_nothing_is_left_stops_nothing(bot: Bot, database: Database) -> None:
    assert not Gatekeeper(bot, Board(database)).is_about("长者食堂新建几个", topic("“” ‘’"))
