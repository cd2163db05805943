from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from corpus.reading import pdf
from corpus.reading.lines import NotText
from corpus.reading.pdf import read_pdf

Said = tuple[float, float, float, str]  # where a text begins, the size of its letters, and the text


def name(text: str) -> NameObject:
    return NameObject(f"/{text}")


def font() -> DictionaryObject:
    """A font that every reader has: its letters are written as UTF-16."""
    inner = {name("Type"): name("Font"), name("Subtype"): name("CIDFontType0"), name("BaseFont"): name("STSong-Light")}
    below = DictionaryObject({**inner, name("DW"): NumberObject(1000)})
    outer = {**inner, name("Subtype"): name("Type0"), name("Encoding"): name("UniGB-UTF16-H")}
    return DictionaryObject({**outer, name("DescendantFonts"): ArrayObject([below])})


def printed(*pages: list[Said], password: str | None = None, owner: str | None = None) -> bytes:
    writer = PdfWriter()
    for said in pages:
        page = writer.add_blank_page(595, 842)
        page[name("Resources")] = DictionaryObject({name("Font"): DictionaryObject({name("F"): font()})})
        content = DecodedStreamObject()
        content.set_data(
            "\n".join(f"BT /F {z} Tf {x} {y} Td <{t.encode('utf-16-be').hex()}> Tj ET" for x, y, z, t in said).encode()
        )
        page[name("Contents")] = writer._add_object(content)
    if password is not None:
        writer.encrypt(password, owner, algorithm="RC4-128")
    held = BytesIO()
    writer.write(held)
    return held.getvalue()


def texts(*pages: list[Said]) -> list[str]:
    return [line.text for line in read_pdf(printed(*pages))]


LONG = "全市新建长者食堂五个为老年人提供助餐服务新增"
PAGE: list[Said] = [(90, 700, 16, LONG), (90, 670, 16, "停车位二百个。"), (122, 640, 16, "加快学校建设。")]


def test_lines_of_a_paragraph_are_one() -> None:
    assert texts(PAGE) == [f"{LONG}停车位二百个。", "加快学校建设。"]


def test_mark_of_a_note_is_no_part_of_the_figure_beside_it() -> None:
    marked: list[Said] = [(90, 700, 16, "全市常住人口"), (186, 708, 8, "1"), (194, 700, 16, "1761.48万人。")]
    assert texts([*marked, *PAGE[1:]])[0] == "全市常住人口1761.48万人。"


def test_small_figures_of_a_table_are_kept() -> None:
    row: list[Said] = [(90, 700, 9, "福田"), (150, 700, 9, "12"), (200, 700, 9, "15")]
    assert texts([*row, *PAGE[1:]])[0].split() == ["福田", "12", "15"]


def test_file_that_only_forbids_printing_is_read() -> None:
    assert read_pdf(printed(PAGE, password="", owner="secret"))[-1].text == "加快学校建设。"


def test_file_with_a_password_is_refused() -> None:
    with pytest.raises(NotText, match="打开密码"):
        read_pdf(printed(PAGE, password="secret"))


def test_scanned_file_is_refused_with_a_remedy() -> None:
    with pytest.raises(NotText, match="先用文字识别"):
        read_pdf(printed([], []))


def test_file_whose_fonts_hide_the_characters_is_refused() -> None:
    with pytest.raises(NotText, match="认不出文字"):
        read_pdf(printed([(90, 700, 16, "\ue123" * 20)]))


@pytest.mark.parametrize(
    "data", [b"<html>", b"%PDF-1.7 and nothing more", printed(PAGE)[:300], printed(PAGE).replace(b"/Pages", b"/Nages")]
)
def test_broken_file_is_refused(data: bytes) -> None:
    with pytest.raises(NotText, match="PDF"):
        read_pdf(data)


def test_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_SECONDS", -1)
    with pytest.raises(NotText, match="没有读完"):
        read_pdf(printed(PAGE))


def test_file_with_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 1)
    with pytest.raises(NotText, match="有 2 页"):
        read_pdf(printed(PAGE, PAGE))
