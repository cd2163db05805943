import pytest

from corpus.reading.html import read_html
from corpus.reading.lines import NotText

BODY = "<h1>某县公报</h1><p>一、综合</p><p>全年生产总值110亿元，增长9.3%，财政收入23亿元。</p>"
FRAME = (
    "<html><head><title>某县政府网</title><meta charset='{}'><script>var a = 1;</script></head><body>"
    "<div class='nav'><a href='/'>首页</a></div><ul><li><a href='1'>县长信箱</a></li></ul>"
    "<div><div class='content'>{}</div></div><div class='footer'>主办：某县政府，电话123，邮编456。</div></body></html>"
)


def texts(inner: str, encoding: str = "utf-8", said: str = "") -> list[str]:
    return [line.text for line in read_html(FRAME.format(said or encoding, inner).encode(encoding))]


def test_main_text_is_read_without_the_frame_of_the_site() -> None:
    assert texts(BODY) == ["某县公报", "一、综合", "全年生产总值110亿元，增长9.3%，财政收入23亿元。"]


@pytest.mark.parametrize(
    ("encoding", "said"), [("gb18030", "gb2312"), ("big5", "big5"), ("utf-8", "gb2312"), ("gbk", "")]
)
def test_page_is_read_in_its_encoding_whatever_it_says(encoding: str, said: str) -> None:
    text = "全年總值110億元，增長9.3%。" if encoding == "big5" else "全年总值110亿元，増长9.3%。"
    frame = f"<meta charset={said}><body><p>{text}</p></body>"
    assert read_html(frame.encode(encoding))[0].text == text


def test_table_rows_are_lines_with_the_names_of_their_columns() -> None:
    table = "<table><tr><th>指标</th><th>2015年</th></tr><tr><td>人口</td><td><p>48.2\n万人</p></td></tr></table>"
    assert texts(BODY + table)[-1] == "指标:人口,2015年:48.2 万人"


def test_merged_cells_are_read_once_a_row() -> None:
    table = (
        "<table><tr><td rowspan=2>地区</td><td colspan=2>人口</td></tr><tr><td>男</td><td>女</td></tr>"
        "<tr><td>福田</td><td>62.5</td><td>59.6</td></tr></table>"
    )
    assert texts(BODY + table)[-1] == "地区:福田,人口男:62.5,人口女:59.6"


def test_page_laid_out_in_a_table_is_read_as_text() -> None:
    inner = "".join(f"<p>第{n}段，说第{n}件事，办好第{n}件。</p>" for n in range(6))
    assert texts(f"<table><tr><td>{inner}</td></tr></table>")[1] == "第1段，说第1件事，办好第1件。"


def test_short_paragraph_beside_a_long_one_is_kept() -> None:
    assert texts(f"<div>{'说得很长，' * 50}完。</div><div>很短。</div>")[-1] == "很短。"


def test_page_within_a_form_is_read() -> None:
    assert texts(f"<form>{BODY}</form>")[0] == "某县公报"


def test_line_ends_are_those_that_are_seen() -> None:
    assert texts("<p>上一\n   行，<b>接着</b>说。<br>下一行。</p><pre>甲，乙\n丙。</pre>") == [
        "上一行，接着说。",
        "下一行。",
        "甲，乙",
        "丙。",
    ]


def test_what_is_hidden_is_left_out() -> None:
    assert texts(f"{BODY}<p style='display:none'>看不见的话，不算。</p>") == texts(BODY)


@pytest.mark.parametrize("data", [b"<html><body><script>1</script></body></html>", b"<!-- -->"])
def test_page_without_text_is_refused(data: bytes) -> None:
    with pytest.raises(NotText):
        read_html(data)


def test_other_file_is_refused() -> None:
    with pytest.raises(NotText, match="PDF"):
        read_html(b"%PDF-1.4")
