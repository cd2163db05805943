"""What agents looked up, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import LookupUnusable
from bot.records import lookups, turns
from bot.records.database import Database
from bot.records.lookups import Lookup

NOW = datetime.now(UTC)
ONE = Lookup("0" * 32, "小林", "我叫王大明，电话13812345678，食堂在哪", "p17", "计划新建5个。", "answered", NOW)


def test_look_up_is_kept_with_the_callers_data_masked(database: Database) -> None:
    lookups.keep(database, ONE)
    ((kept,),) = lookups.recent(database, "小林")
    assert "13812345678" not in kept.query
    assert "食堂在哪" in kept.query
    assert (kept.at, kept.outcome, kept.source) == (NOW, "answered", "p17")


def test_same_look_up_again_changes_its_outcome(database: Database) -> None:
    lookups.keep(database, ONE)
    lookups.keep(database, replace(ONE, outcome="wrong"))
    assert [one.outcome for (one,) in lookups.recent(database, "小林")] == ["wrong"]


def test_agents_see_their_own_the_latest_first(database: Database) -> None:
    for minute in range(25):
        lookups.keep(database, replace(ONE, id=f"{minute:032x}", at=NOW + timedelta(minutes=minute)))
    lookups.keep(database, replace(ONE, id="f" * 32, agent="小陈"))
    mine = [one for (one,) in lookups.recent(database, "小林")]
    assert [one.id for one in mine[:2]] == [f"{24:032x}", f"{23:032x}"]
    assert len(mine) == 20
    with pytest.raises(LookupUnusable):
        lookups.keep(database, replace(ONE, id="f" * 32))


def test_unknown_outcome_is_refused_and_nul_does_no_harm(database: Database) -> None:
    with pytest.raises(LookupUnusable):
        lookups.keep(database, replace(ONE, outcome="done"))
    lookups.keep(database, replace(ONE, query="食\0堂"))
    assert lookups.recent(database, "小林")[0][0].query == "食堂"


def test_old_look_ups_are_purged_with_the_turns(database: Database) -> None:
    lookups.keep(database, replace(ONE, at=NOW - timedelta(days=31)))
    lookups.keep(database, replace(ONE, id="1" * 32))
    assert turns.purge(database, 30, 365, "test")["lookups"] == 1
    assert [one.id for (one,) in lookups.recent(database, "小林")] == ["1" * 32]
