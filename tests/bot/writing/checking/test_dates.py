"""Dates that a sentence may name, and those it may not."""

import re

import pytest

from bot.settings import ROOT
from bot.wording import read_yaml
from bot.writing.checking.dates import Dates
from tests.bot.writing.conftest import BESIDE


@pytest.fixture(scope="module")
def dates() -> Dates:
    return Dates(re.compile(read_yaml(ROOT / "prompts" / "check.yaml")["moments"]))


@pytest.mark.parametrize("text", ["8月底前竣工", "2025年8月竣工"])
def test_date_as_the_source_or_its_year_has_it_is_known(dates: Dates, text: str) -> None:
    assert list(dates.unknown(text, ["8月底前竣工,8月招生"], BESIDE)) == []


@pytest.mark.parametrize(
    "text", ["9月底前竣工", "8月初竣工", "2026年8月竣工", "2025年起招生", "明年招生", "上半年招生"]
)
def test_other_date_is_unknown(dates: Dates, text: str) -> None:
    assert list(dates.unknown(text, ["8月底前竣工,8月招生"], BESIDE))
