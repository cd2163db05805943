import pytest

from corpus.reading.lines import NotText
from corpus.reading.text import decode, read_text

SIMPLIFIED = "一、新建“长者食堂”5个，为老人提供助餐服务。\n二、在全区新增停车位200个。"
TRADITIONAL = "一、新建長者食堂5個，為老人提供助餐服務。\n二、在全區新增停車位200個。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312", "big5", "utf-16-be with mark"]
)
def test_text_is_read_in_the_encodings_of_chinese_offices(encoding: str) -> None:
    text = TRADITIONAL if encoding == "big5" else SIMPLIFIED
    data = b"\xfe\xff" + text.encode("utf-16-be") if "mark" in encoding else text.encode(encoding)
    assert decode(data) == text


def test_traditional_text_in_an_encoding_of_the_mainland_is_not_taken_for_big5() -> None:
    assert decode(TRADITIONAL.encode("gbk")) == TRADITIONAL


@pytest.mark.parametrize("data", [b"\xff\xff\xff", SIMPLIFIED.encode("utf-16-le")])
def test_other_encodings_are_refused_with_a_remedy(data: bytes) -> None:
    with pytest.raises(NotText, match="另存为 UTF-8"):
        decode(data)


@pytest.mark.parametrize(("data", "name"), [(b"%PDF-1.7\n", "PDF"), (b"PK\x03\x04\x14", "压缩包")])
def test_other_files_that_are_named_as_text_are_told_for_what_they_are(data: bytes, name: str) -> None:
    with pytest.raises(NotText, match=name):
        decode(data)


def test_lines_of_any_ends_are_placed_in_the_text_without_them() -> None:
    lines = read_text("甲\r\n乙\r丙\r\n".encode())
    assert [(line.text, line.start) for line in lines] == [("甲", 0), ("乙", 2), ("丙", 4), ("", 6)]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("空气优良，PM\n2.5\n年平均浓度下降。", "空气优良，PM2.5年平均浓度下降。"),
        ("A\n3\n新增学位", "A\n3\n新增学位"),
        ("今年经济社会发展的\n主要目标\n是：增长5%。", "今年经济社会发展的主要目标是：增长5%。"),
        ("新建学校2所\n3\n新增学位", "新建学校2所\n3\n新增学位"),
    ],
)
def test_a_sentence_that_mark_up_broke_is_whole(broken: str, whole: str) -> None:
    assert "\n".join(line.text for line in read_text(broken.encode())) == whole
