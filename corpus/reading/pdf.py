"""PDF files with text in them: the printed lines joined to paragraphs, without page numbers and running heads."""

import math
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from corpus import tuning
from corpus.reading.columns import Piece, Tables
from corpus.reading.lines import BROKEN, Line, NotText, placed
from corpus.reading.paragraphs import Printed, paragraphs

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MOST_PAGES, MOST_SECONDS = 2000, 120
UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")
MARK = re.compile(r"[\[［(（]?\d{1,3}[\]］)）]?$|[①-⑳*]$")


def read_pdf(data: bytes) -> list[Line]:
    """The lines of a PDF file. Raises NotText."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if b"%PDF" not in data[:1024]:
        raise NotText("文件不是真正的 PDF，请检查是不是改了后缀，或没有下载完")
    try:
        reader = PdfReader(BytesIO(data))
        _unlock(reader)
        pages = list(_pages(reader))
    except (*BROKEN, PyPdfError) as broken:
        raise NotText("PDF 文件是坏的，打不开；请重新下载，或用 WPS 打开后另存为 .docx") from broken
    _refuse_pictures(pages)
    return placed(paragraphs(pages))


def _unlock(reader: "PdfReader") -> None:
    """Open a file that only forbids printing and the like. Raises NotText where a password is needed."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise NotText("PDF 文件有打开密码，请先去掉密码再保存")
    if len(reader.pages) > MOST_PAGES:
        raise NotText(f"PDF 文件有 {len(reader.pages)} 页，超过 {MOST_PAGES} 页，请拆成几份")


def _pages(reader: "PdfReader") -> Iterator[list[Printed]]:
    until, tables = time.monotonic() + MOST_SECONDS, Tables()
    for page in reader.pages:
        if time.monotonic() > until:
            raise NotText(f"PDF 文件 {MOST_SECONDS} 秒还没有读完，请用 WPS 打开后另存为 .docx")
        yield _lines(_pieces(page), tables)


def _refuse_pictures(pages: list[list[Printed]]) -> None:
    """Raise NotText where the pages were scanned, or their fonts do not tell the characters."""
    text = "".join("".join(line.text.split()) for page in pages for line in page)
    if len(text) < tuning.SCANNED_BELOW * len(pages):
        raise NotText("PDF 里是扫描的图片，没有文字；请先用文字识别（OCR）转成文本，核对后再放进来")
    if len(UNKNOWN.findall(text)) > tuning.UNKNOWN_SHARE * len(text):
        raise NotText("PDF 里的字体认不出文字；请先用文字识别（OCR）转成文本，核对后再放进来")


def _pieces(page: "PageObject") -> list[list[Piece]]:
    """The pieces of each line as they are printed."""
    lines: list[list[Piece]] = [[]]

    def seen(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        for at, part in enumerate(text.split("\n")):
            if at:
                lines.append([])
            if part.strip():
                lines[-1].append(_piece(part, cm, tm, size))

    page.extract_text(visitor_text=seen)
    return [line for line in lines if line]


def _piece(text: str, cm: list[float], tm: list[float], size: float) -> Piece:
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    scale = math.sqrt(abs((tm[0] * tm[3] - tm[1] * tm[2]) * (cm[0] * cm[3] - cm[1] * cm[2])))
    return Piece(text, x, y, size * scale)


def _lines(lines: list[list[Piece]], tables: Tables) -> list[Printed]:
    """The lines of a page without marks of notes, rows of tables with the names of their columns."""
    found = tables.read(_without_marks(lines))
    return [Printed(one, 0.0, 0.0, whole=True) if isinstance(one, str) else _printed(one) for one in found]


def _without_marks(lines: list[list[Piece]]) -> list[list[Piece]]:
    """The lines of a page without marks of notes; what a mark had cut in two is one again."""
    pieces = [(at, piece) for at, line in enumerate(lines) for piece in line]
    joined: list[list[Piece]] = []
    before = -1
    for place, (at, piece) in enumerate(pieces):
        if _is_mark(piece, [other for _, other in pieces[max(place - 1, 0) : place + 2]]):
            continue
        if joined and (at == before or _level(joined[-1][-1], piece)):
            joined[-1].append(piece)
        else:
            joined.append([piece])
        before = at
    return joined


def _is_mark(piece: Piece, around: list[Piece]) -> bool:
    return bool(MARK.match(piece.text.strip())) and any(
        piece.size < tuning.NOTE_SMALLER * other.size
        and tuning.NOTE_HIGHER * other.size < piece.y - other.y < other.size
        for other in around
    )


def _level(left: Piece, right: Piece) -> bool:
    """Whether two pieces stand on one line, the second to the right of the first."""
    return abs(left.y - right.y) < tuning.NOTE_HIGHER * right.size and right.x > left.x


def _printed(pieces: Sequence[Piece]) -> Printed:
    sizes = Counter[float]()
    for piece in pieces:
        sizes[round(piece.size, 1)] += len(piece.text)
    return Printed("".join(piece.text for piece in pieces).strip(), pieces[0].x, sizes.most_common(1)[0][0])
