"""Word files (.docx): paragraphs, tables and text boxes in the order of the document, then its notes."""

import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from corpus.reading.lines import BROKEN, Line, NotText, placed
from corpus.reading.numbering import FALLBACK, WORD, write_numbers
from corpus.reading.tables import Cell, table_lines

MOST_UNPACKED = 200 * 1024 * 1024
OLD, ENCRYPTED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
PARAGRAPH, TABLE, BOX = f"{WORD}p", f"{WORD}tbl", f"{WORD}txbxContent"
# What is struck out, said twice, or no text of the document.
LEFT_OUT = {f"{WORD}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sectPr", "rt")} | {FALLBACK}
MARKS = {f"{WORD}tab": " ", f"{WORD}br": "\n", f"{WORD}cr": "\n", f"{WORD}noBreakHyphen": "-"}
NOTES = ("/footnotes", "/endnotes")


def read_docx(data: bytes) -> list[Line]:
    """The lines of a Word file. Raises NotText."""
    from docx import Document
    from docx.opc.exceptions import OpcError

    _refuse(data)
    try:
        document = Document(BytesIO(data))
        write_numbers(document)
        return placed([*_blocks(document.element.body), *_notes(document.part)])
    except (*BROKEN, OpcError, zipfile.BadZipFile) as broken:
        raise NotText("Word 文件是坏的，打不开；请用 Word 或 WPS 打开后另存为 .docx") from broken


def _refuse(data: bytes) -> None:
    """Raise NotText for what only has the name of a Word file, and for what is too large when unpacked."""
    if data.startswith(OLD):
        raise NotText(
            "文件有打开密码，请先去掉密码再保存"
            if ENCRYPTED in data
            else "文件其实是旧版 Word（.doc），请用 Word 或 WPS 另存为 .docx"
        )
    if not data.startswith(b"PK"):
        raise NotText("文件不是真正的 .docx（可能是改了后缀的网页或文本），请用 Word 或 WPS 另存为 .docx")
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            unpacked = sum(inside.file_size for inside in packed.infolist())
    except (*BROKEN, zipfile.BadZipFile) as broken:
        raise NotText("Word 文件不完整（可能没有下载完），请重新下载或另存一份") from broken
    if unpacked > MOST_UNPACKED:
        raise NotText(f"文件解开后有 {unpacked >> 20} MB，超过 {MOST_UNPACKED >> 20} MB，请拆成几份或去掉图片")


def _blocks(above: Any) -> Iterator[str]:
    """The paragraphs and tables below an element, whatever they are wrapped in."""
    for element in above:
        if element.tag == PARAGRAPH:
            yield _text(element)
            yield from _boxes(element)
        elif element.tag == TABLE:
            yield from table_lines(_grid(element))
        elif element.tag not in LEFT_OUT:
            yield from _blocks(element)


def _text(paragraph: Any) -> str:
    return "".join(_pieces(paragraph))


def _pieces(above: Any) -> Iterator[str]:
    for element in above:
        if element.tag == f"{WORD}t":
            yield element.text or ""
        elif element.tag in MARKS:
            yield MARKS[element.tag]
        elif element.tag != BOX and element.tag not in LEFT_OUT:
            yield from _pieces(element)


def _boxes(paragraph: Any) -> Iterator[str]:
    """What stands in the text boxes of a paragraph; a box that is there twice is read once."""
    boxes = [box for box in paragraph.iter(BOX) if not any(one.tag in {FALLBACK, BOX} for one in box.iterancestors())]
    yield from dict.fromkeys(text for box in boxes if (text := "\n".join(_blocks(box))))


def _grid(table: Any) -> list[list[Cell]]:
    """The cells of a table, a merged one at every place it covers."""
    grid: list[list[Cell]] = []
    for row in _inside(table, "tr"):
        above, cells = grid[-1] if grid else [], list[Cell]()
        heads = row.find(f"{WORD}trPr/{WORD}tblHeader") is not None
        for cell in _inside(row, "tc"):
            at = len(cells)
            merged = _goes_on(cell) and at < len(above)
            cells += [above[at] if merged else Cell(_joined(_blocks(cell)), heads)] * _width(cell)
        grid.append(cells)
    return grid


def _inside(above: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, whatever they are wrapped in."""
    for element in above:
        if element.tag == f"{WORD}{name}":
            yield element
        elif element.tag not in LEFT_OUT and not element.tag.endswith("Pr"):
            yield from _inside(element, name)


def _goes_on(cell: Any) -> bool:
    """Whether a cell is the lower part of the one above it."""
    merge = cell.find(f"{WORD}tcPr/{WORD}vMerge")
    return merge is not None and merge.get(f"{WORD}val", "continue") == "continue"


def _width(cell: Any) -> int:
    span = cell.find(f"{WORD}tcPr/{WORD}gridSpan")
    return 1 if span is None else min(max(int(span.get(f"{WORD}val", 1)), 1), 100)


def _joined(texts: Iterable[str]) -> str:
    return " ".join(" ".join(texts).split())


def _notes(part: Any) -> Iterator[str]:
    """What stands in footnotes and endnotes."""
    from docx.oxml import parse_xml

    for relation in part.rels.values():
        if relation.reltype.endswith(NOTES):
            yield from (text for text in _blocks(parse_xml(relation.target_part.blob)) if text.strip())
