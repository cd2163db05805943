"""What the office switched, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import NotFound, SwitchUnusable
from bot.records.database import Database
from bot.records.office import switches
from bot.records.office.switches import Switch
from tests.bot.chain import broken_at

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
SERVICE = Switch("service", "检修", "小林", NOW, text="正在检修")


def test_switch_is_known_until_it_is_lifted(database: Database) -> None:
    made = switches.set_switch(database, SERVICE)
    assert switches.pending(database, NOW) == (made,)
    switches.lift(database, made.id, "小陈", "修好了")
    assert switches.pending(database, NOW) == ()
    assert switches.history(database)[0].lifted is not None
    with pytest.raises(NotFound):
        switches.lift(database, made.id, "小陈", "修好了")
    assert broken_at(database) is None


def test_switch_holds_from_its_beginning_to_its_end(database: Database) -> None:
    made = switches.set_switch(database, replace(SERVICE, begins=NOW + HOUR, ends=NOW + 2 * HOUR))
    assert [made.holds(NOW + at * HOUR) for at in (0, 1, 2)] == [False, True, False]
    assert switches.pending(database, NOW) == (made,)
    assert switches.pending(database, NOW + 2 * HOUR) == ()


def test_second_pause_takes_the_place_of_the_first_but_topics_stand_side_by_side(database: Database) -> None:
    for text in ("一", "二"):
        switches.set_switch(database, replace(SERVICE, text=text))
        switches.set_switch(database, replace(SERVICE, kind="topic", topic="食堂、供餐", text=text))
    told = [(switch.kind, switch.text) for switch in switches.pending(database, NOW)]
    assert sorted(told) == [("service", "二"), ("topic", "一"), ("topic", "二")]
    assert switches.pending(database, NOW)[0].words in ((), ("食堂", "供餐"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": " "}, "原因"),
        ({"text": ""}, "给居民看的话"),
        ({"text": "长" * 501}, "500"),
        ({"kind": "topic", "topic": "、 "}, "主题词"),
        ({"kind": "topic", "topic": "食堂 的"}, "主题词"),
        ({"ends": NOW}, "晚于"),
        ({"kind": "weather"}, "没有这种"),
    ],
)
def test_unusable_switch_is_refused_with_a_reason(database: Database, change: dict[str, object], said: str) -> None:
    with pytest.raises(SwitchUnusable, match=said):
        switches.set_switch(database, replace(SERVICE, **change))  # type: ignore[arg-type]
    assert switches.history(database) == []
