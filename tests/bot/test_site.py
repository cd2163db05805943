import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.pipeline import Bot
from bot.settings import ROOT
from bot.site import Site, host_of
from bot.wording import WordingError

ROW = {
    "topic": "燃气",
    "purpose": "管道燃气报修",
    "name": "某某公司",
    "phone": "0000-00000000",
    "checked": "2025-03-01",
}


def written(folder: Path, **changed: Any) -> Path:
    """The site's file with some fields changed."""
    fields = yaml.safe_load((ROOT / "corpus" / "site.yaml").read_text(encoding="utf-8"))
    path = folder / "site.yaml"
    path.write_text(yaml.safe_dump({**fields, **changed}, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def test_another_district_changes_one_file(tmp_path: Path) -> None:
    assert Site.load(written(tmp_path, place="某区")).place == "某区"


def test_departments_are_read_and_are_ways_on(tmp_path: Path) -> None:
    site = Site.load(written(tmp_path, departments=[{**ROW, "url": "https://a.example.gov.cn/x"}]))
    assert site.departments[0].contact.name == "某某公司"
    assert [office.phone for office in site.offices] == ["12345", "0000-00000000"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"phone": ""}, "缺少 phone"),
        ({"phone": 12345}, "加引号"),
        ({"phone": "见官网"}, "电话号码"),
        ({"checked": "去年"}, "checked"),
        ({"url": "https://example.com/"}, "domains"),
        ({"address": "某路"}, "没有“address”这一栏"),
    ],
)
def test_wrong_department_is_told_with_file_and_line(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    path = written(tmp_path, departments=[ROW, {**ROW, **change}])
    with pytest.raises(WordingError, match=said) as problem:
        Site.load(path)
    line = re.search(r"第(\d+)行", str(problem.value))
    assert line
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[int(line.group(1)) - 1].startswith("- topic")
    assert sum(row.startswith("- topic: 燃气") for row in lines[: int(line.group(1))]) == 2


@pytest.mark.parametrize("domains", ["gov.cn", [""], ["."], [None]])
def test_domains_that_would_let_every_address_through_are_refused(tmp_path: Path, domains: Any) -> None:
    with pytest.raises(WordingError, match="domains"):
        Site.load(written(tmp_path, domains=domains))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "https://", "data:text/html,x"])
def test_what_is_no_web_address_is_never_official(tmp_path: Path, url: str) -> None:
    assert not Site.load(written(tmp_path)).is_official(url)


def test_blank_fields_are_as_if_they_were_not_there(tmp_path: Path) -> None:
    blank = {"hours": None, "checked": None, "url": None}
    site = Site.load(written(tmp_path, departments=[{**ROW, **blank}], complaint_days=None))
    assert site.departments[0].contact.hours == ""
    assert site.complaint_days > 0


def test_zone_of_the_clock_is_told_or_refused(tmp_path: Path) -> None:
    assert str(Site.load(written(tmp_path)).zone) == "Asia/Shanghai"
    assert str(Site.load(written(tmp_path, timezone="Asia/Urumqi")).zone) == "Asia/Urumqi"
    with pytest.raises(WordingError, match="timezone"):
        Site.load(written(tmp_path, timezone="北京"))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.gov.cn/a?b=1", "www.example.gov.cn"),
        ("HTTPS://gov.cn/", ""),
        ("https://a.gov.cn:8443/", "a.gov.cn"),
        ("https://evil.example\\@gov.cn/", ""),
        ("https://a.gov.cn/ b", ""),
        ("//gov.cn", ""),
        ("ftp://gov.cn/", ""),
    ],
)
def test_host_is_told_of_plain_addresses_alone(url: str, host: str) -> None:
    assert host_of(url) == host


def test_every_example_question_is_answered(bot: Bot) -> None:
    assert {bot.answer(example.question).status.value for example in bot.site.examples} == {"answered"}


def test_nothing_about_one_place_is_in_code() -> None:
    for floor in ("corpus", "bot"):
        for path in (ROOT / floor).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not any(name in text for name in ("洛江", "泉州", "luojiang")), path
