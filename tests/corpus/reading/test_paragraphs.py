from corpus.reading.paragraphs import Printed, paragraphs

LEFT, SIZE = 90.0, 16.0
FULL = "各级各部门要把这项工作放在心上抓在手上落到实处"


def page(*texts: str) -> list[Printed]:
    """A page of lines; one that begins with two wide blanks is set in."""
    return [Printed(text.strip("\u3000"), LEFT + (32 if text[0] == "\u3000" else 0), SIZE) for text in texts]


def read(*pages: list[Printed]) -> list[str]:
    return list(paragraphs(pages))


def test_full_line_without_a_stop_goes_on_over_the_page() -> None:
    assert read(page(FULL, "完成。"), page(FULL), page("见效。")) == [f"{FULL}完成。", f"{FULL}见效。"]


def test_short_line_and_line_after_a_stop_do_not() -> None:
    stopped = FULL[:-1] + "。"
    assert read(page("工作安排", FULL, "完成。", stopped, "另起一段。")) == [
        "工作安排",
        f"{FULL}完成。",
        stopped,
        "另起一段。",
    ]


def test_sentence_within_an_indented_paragraph_may_end_with_the_line() -> None:
    stopped = FULL[:-1] + "。"
    set_in = "\u3000\u3000" + FULL[2:-1] + "。"
    assert read(page(set_in, stopped, "接着说。", FULL, "\u3000\u3000另起。")) == [
        f"{set_in.strip()}{stopped}接着说。",
        FULL,
        "另起。",
    ]


def test_short_lines_of_one_length_are_a_list() -> None:
    assert read(page("某某区发展和改革局", "某某区教育和体育局")) == ["某某区发展和改革局", "某某区教育和体育局"]


def test_numbered_line_is_a_paragraph_of_its_own() -> None:
    assert read(page(FULL, "（二）保障民生", FULL, "二、工作安排")) == [FULL, "（二）保障民生", FULL, "二、工作安排"]


def test_rows_of_a_table_are_not_joined() -> None:
    rows = ["罗湖区全部街道和各个社区 73.40 35.61 37.79", "盐田区全部街道和各个社区 10.28 5.02 5.26"]
    assert read(page(*rows)) == rows


def test_page_numbers_and_running_lines_are_dropped() -> None:
    pages = [page(f"某市统计公报 {n}", f"第{n}段话。", "再说一句。", "又说一句。", f"- {n} -") for n in range(1, 5)]
    assert read(*pages)[:4] == ["第1段话。", "再说一句。", "又说一句。", "第2段话。"]
    bare = [page(f"第{n}段话。", f"{n}") for n in range(3, 6)]
    assert read(*bare) == ["第3段话。", "第4段话。", "第5段话。"]


def test_figures_that_stand_at_the_edge_of_every_page_are_kept() -> None:
    pages = [page("常住人口如下。", "甲。", "乙。", f"12.{n} 45.{n}", f"78.{n} 96.{n}") for n in range(4)]
    assert [text for text in read(*pages) if text[0].isdigit()][:2] == ["12.0 45.0", "78.0 96.0"]


def test_figure_at_the_end_of_a_page_is_kept() -> None:
    assert read(page("人口如下。", "48"), page("另一页。", "7"))[1] == "48"


def test_blanks_that_only_set_the_text_are_closed_in_prose_but_not_in_a_table() -> None:
    assert read(page("2021 年，男性 969.57 万人，占 55.0% 以上。", "作家协会 1972 656")) == [
        "2021年，男性969.57万人，占55.0%以上。",
        "作家协会 1972 656",
    ]
    assert read(page("深 圳 市 已 建 工 会")) == ["深圳市已建工会"]


def test_words_of_latin_letters_stay_apart() -> None:
    assert read(page("The plan of the city for the year to come, as told", "by its mayor.")) == [
        "The plan of the city for the year to come, as told by its mayor."
    ]
