"""The formats that can be read, by what a file's name ends with."""

from collections.abc import Callable
from pathlib import Path

from corpus.reading.docx import read_docx
from corpus.reading.html import read_html
from corpus.reading.lines import Line, NotText
from corpus.reading.pdf import read_pdf
from corpus.reading.text import read_text

MOST_BYTES = 50 * 1024 * 1024
READERS: dict[str, Callable[[bytes], list[Line]]] = {
    ".txt": read_text,
    ".md": read_text,
    ".docx": read_docx,
    ".pdf": read_pdf,
    ".html": read_html,
    ".htm": read_html,
}


def reader_of(name: str) -> Callable[[bytes], list[Line]]:
    """What reads a file of this name. Raises NotText, with the formats that can be used."""
    suffix = Path(name).suffix.lower()
    if suffix not in READERS:
        raise NotText(f"不支持 {suffix or name} 这种文件，可以用 {'、'.join(READERS)}")
    return READERS[suffix]


def load(path: Path) -> bytes:
    """The bytes of a file. Raises NotText where there are none, or too many; OSError where it cannot be read."""
    if path.stat().st_size > MOST_BYTES:
        raise NotText(f"文件有 {path.stat().st_size >> 20} MB，超过 {MOST_BYTES >> 20} MB，请拆成几份或去掉图片")
    data = path.read_bytes()
    if not data.strip():
        raise NotText("文件是空的，请放入有内容的文件")
    return data
