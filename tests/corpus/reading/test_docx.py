import zipfile
from io import BytesIO

import pytest
from docx import Document
from docx.oxml import parse_xml

from corpus.reading import docx
from corpus.reading.docx import WORD, read_docx
from corpus.reading.lines import NotText

NAMESPACES = (
    f'xmlns:w="{WORD[1:-1]}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def saved(document: Document) -> bytes:
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def texts(document: Document) -> list[str]:
    return [line.text for line in read_docx(saved(document)) if line.text]


def with_xml(inner: str) -> Document:
    """A document with one paragraph, written as it stands in the file."""
    document = Document()
    document.element.body.insert(0, parse_xml(f"<w:p {NAMESPACES}>{inner}</w:p>"))
    return document


def test_paragraphs_and_tables_are_read_in_their_order() -> None:
    document = Document()
    document.add_heading("一、人口", 1)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["指标", "2015年", "常住人口", "48.2万人"], strict=True):
        cell.text = text
    document.add_paragraph("人口稳定。")
    assert texts(document) == ["一、人口", "指标:常住人口,2015年:48.2万人", "人口稳定。"]


def test_merged_cells_are_read_once_a_row() -> None:
    document = Document()
    table = document.add_table(3, 3)
    rows = [["学校", "专业", "层次"], ["师大", "化学", "本科"], ["", "物理", "本科"]]
    for row, said in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, said, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    assert texts(document)[1] == "学校:师大,专业:物理,层次:本科"


def test_runs_are_one_text_with_what_was_added_and_without_what_was_struck_out() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    inserted, deleted = run.format("5个"), "<w:r><w:delText>3个</w:delText></w:r>"
    inner = f"{run.format('（一）就业。新建')}<w:ins>{inserted}</w:ins><w:del>{deleted}</w:del>{run.format('站点。')}"
    assert texts(with_xml(inner)) == ["（一）就业。新建5个站点。"]


def test_line_broken_by_hand_is_two_lines() -> None:
    assert texts(with_xml("<w:r><w:t>上</w:t><w:br/><w:t>下</w:t></w:r>")) == ["上", "下"]


def test_content_control_is_read() -> None:
    document = Document()
    content = "<w:sdtContent><w:p><w:r><w:t>控件里的话。</w:t></w:r></w:p></w:sdtContent>"
    document.element.body.insert(0, parse_xml(f"<w:sdt {NAMESPACES}>{content}</w:sdt>"))
    assert texts(document) == ["控件里的话。"]


def test_text_box_that_is_kept_in_two_forms_is_read_once() -> None:
    inner = "<w:txbxContent><w:p><w:r><w:t>框里的话。</w:t></w:r></w:p></w:txbxContent>"
    box = f"<w:pict><v:textbox>{inner}</v:textbox></w:pict>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert texts(with_xml(f"<w:r>{both}</w:r><w:r><w:t>正文。</w:t></w:r>")) == ["正文。", "框里的话。"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0" + b"WordDocument", "旧版 Word"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("<html>报告</html>".encode(), "不是真正的 .docx"),
        (b"PK\x03\x04 half a file", "不完整"),
    ],
)
def test_what_is_no_word_file_is_told_for_what_it_is(data: bytes, said: str) -> None:
    with pytest.raises(NotText, match=said):
        read_docx(data)


def test_archive_without_a_document_is_refused() -> None:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("a.txt", "甲")
    with pytest.raises(NotText, match="是坏的"):
        read_docx(held.getvalue())


def test_file_that_is_too_large_when_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "MOST_UNPACKED", 1 << 20)
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", bytes(2 << 20))
    assert len(held.getvalue()) < 1 << 14
    with pytest.raises(NotText, match="解开后有 2 MB"):
        read_docx(held.getvalue())


def test_broken_xml_is_refused() -> None:
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(saved(Document()))) as whole, zipfile.ZipFile(held, "w") as packed:
        for name in whole.namelist():
            packed.writestr(name, b"<w:document" if name == "word/document.xml" else whole.read(name))
    with pytest.raises(NotText, match="是坏的"):
        read_docx(held.getvalue())


def test_empty_document_is_refused() -> None:
    with pytest.raises(NotText, match="没有文字"):
        read_docx(saved(Document()))
