import pytest

from corpus.reading.lines import NotText, cleaned, placed


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("甲\r\n乙\r丙\n丁", "甲\n乙\n丙\n丁"),
        ("一、\u00a0目标<U+00A0>任务\u2003其他", "一、 目标 任务 其他"),
        ("\ufeff新\u200b建\u00ad食堂\u2060", "新建食堂"),
        ("上页\n\f下页", "上页\n 下页"),
        ("第一条\u3000宗旨", "第一条\u3000宗旨"),
    ],
)
def test_blanks_and_line_ends_are_told_in_one_way(raw: str, clean: str) -> None:
    assert cleaned(raw) == clean


def test_every_line_stands_where_it_says() -> None:
    lines = placed(["甲\r\n乙", "", "\u200b丙"])
    text = "\n".join(line.text for line in lines)
    assert [(line.text, line.start) for line in lines] == [("甲", 0), ("乙", 2), ("", 4), ("丙", 5)]
    assert all(text[line.start :].startswith(line.text) for line in lines)


def test_nothing_but_blanks_is_no_text() -> None:
    with pytest.raises(NotText, match="没有文字"):
        placed([" \u00a0", "\u3000\n"])
