from pathlib import Path

import pytest

from corpus.corpus import Corpus
from corpus.outline import outline
from corpus.parts import looks_back, parts_of
from corpus.passage import Document, Part
from corpus.read import DocumentError
from corpus.reading.text import read_text
from corpus.shelf import read_shelf

REPORT = """某区2026年政府工作报告
各位代表：我代表区政府报告工作。
一、2025年工作和“十四五”时期回顾
2025年是很不平凡的一年。
新增学位两千个。
五年来，全区经济总量翻番。
新建公园三十个。
一年来，我们坚持为民服务。
二、“十五五”时期的主要目标
主要目标是经济年均增长百分之五。
三、2026年工作安排
新增学位三千个。
名词解释
1.学位：学生的座位。
"""


def read(text: str, kind: str = "annual_plan", year: int = 2026) -> list[tuple[str, str]]:
    document = Document("d", "报告", year, kind, "某区", (), "", "", "")  # type: ignore[arg-type]
    passages = outline("d", read_text(text.encode()))
    parts = parts_of(document, passages)
    return [(parts[p.id].kind, parts[p.id].period) for p in passages]


def test_every_part_has_its_kind_and_its_years() -> None:
    assert read(REPORT) == [
        ("opening", "2026年"),
        ("review", "2025年"),
        ("review", "2025年"),
        ("review", "2021至2025年"),
        ("review", "2021至2025年"),
        ("review", "2025年"),
        ("outlook", "2026至2030年"),
        ("plan", "2026年"),
        ("annotations", "2026年"),
    ]


@pytest.mark.parametrize(
    ("heading", "opening"),
    [
        ("一、2024年工作回顾", "全年生产总值增长百分之五。"),
        ("一、不忘初心，取得新成效", "2024年是很不平凡的一年。"),
        ("一、稳中求进", "过去的一年，我们坚持稳字当头。"),
        ("", "一年来，全区上下同心。"),
    ],
)
def test_part_that_looks_back_is_known_by_its_heading_or_opening(heading: str, opening: str) -> None:
    assert looks_back(heading, opening, 2025)


@pytest.mark.parametrize(
    ("heading", "opening"),
    [("二、2025年工作安排", "2025年是收官之年。"), ("三、建设人民满意的政府", "坚持为民服务。"), ("", "各位代表：")],
)
def test_part_that_plans_is_of_the_reports_own_year(heading: str, opening: str) -> None:
    assert not looks_back(heading, opening, 2025)


def test_review_is_of_the_year_its_heading_names() -> None:
    assert read("一、2025年工作回顾\n新增学位两千个。", year=2025) == [("review", "2025年")]
    assert read("一、过去五年工作回顾\n新增学位两千个。") == [("review", "2021至2025年")]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("一、2025年工作回顾\n2025年，新建学校，增幅为近五年来最高。\n修建道路。", ["2025年", "2025年"]),
        ("一、回顾\n（一）过去五年工作\n新建学校。\n（二）2025年工作\n新建学校。", ["2021至2025年", "2025年"]),
        ("一、过去五年工作回顾\n新建学校。\n2025年，新建学校。", ["2021至2025年", "2025年"]),
        ("一、主要目标\n“十五五”时期，巩固“十四五”成果，新建学校。", ["2026至2030年"]),
        ("一、奋斗目标和远景目标\n在“十四五”成就的基础上，“十五五”时期新建学校。", ["2026至2030年"]),
    ],
)
def test_years_follow_headings_and_openings(text: str, periods: list[str]) -> None:
    assert [period for _, period in read(text)] == periods


def test_other_kinds_of_documents_are_of_one_kind() -> None:
    assert read("第一条 学校应当保护学生。", "regulation") == [("rules", "2026年")]
    assert read("一、工作情况\n新增学位两千个。", "review") == [("review", "2026年")]


def test_description_goes_before_what_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "a.txt").write_text("一、总体情况\n新增学位两千个。")
    fields = "title: 报告\nyear: 2026\npublisher: 某区\nfile: a.txt\nparts:\n"
    description = folder / "document.yaml"
    description.write_text(f"{fields}- {{title: 一、总体情况, kind: review, since: 2024, year: 2025}}\n")
    shelf = read_shelf(tmp_path)
    assert set(parts_of(shelf.documents["d"], shelf.passages).values()) == {Part("一、总体情况", "review", 2024, 2025)}
    description.write_text(f"{fields}- {{title: 二、别的, kind: review, year: 2025}}\n")
    with pytest.raises(DocumentError, match="一、总体情况"):
        read_shelf(tmp_path)
    description.write_text(f"{fields}- {{title: 一、总体情况, kind: 总结, year: 2025}}\n")
    with pytest.raises(DocumentError, match="kind 应是"):
        read_shelf(tmp_path)


def test_every_passage_has_its_year(corpus: Corpus) -> None:
    assert {corpus.year_of(passage) for passage in corpus.passages} == {2025}
    assert all(one.since <= one.until for one in map(corpus.part_of, corpus.passages))
