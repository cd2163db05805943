"""Plain text and Markdown, in every encoding that Chinese offices use."""

import codecs
import re

from corpus.reading.lines import Line, NotText, cleaned, placed

# By the mark at the beginning; that of UTF-32 begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SIMPLIFIED, TRADITIONAL = "gb18030", "big5hkscs"
# Most bytes of Big5 are good GB18030 too: of both readings, that with more of the commonest characters is right.
COMMONEST = frozenset("的一是在不了有和人中大上為以及或於之年月日區市，。、；：")
# Line ends within a sentence, where a copied page had mark-up: about the figure of PM2.5, and about words set in bold.
SUBSCRIPT = re.compile(r"^(.*[\uff0c。；、].*[A-Za-z])\n(\d[\d.]*)\n(?=\S)", re.MULTILINE)
BOLD = re.compile(r"(?<=的)\n(?=[^\n]{2,12}\n是[:\uff1a])|\n(?=是[:\uff1a])")
OTHER_FILES = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "Word、Excel 或压缩包",
    b"\xd0\xcf\x11\xe0": "旧版 Word 或 Excel",
    b"{\\rtf": "RTF",
}


def read_text(data: bytes) -> list[Line]:
    """The lines of a plain text file, those that a copied page broke whole again. Raises NotText."""
    return placed([BOLD.sub("", SUBSCRIPT.sub(r"\1\2", cleaned(decode(data))))])


def decode(data: bytes, said: str = "") -> str:
    """The text in its encoding: as marked, UTF-8, as `said`, GB18030 (with GBK and GB2312) or Big5. Raises NotText."""
    refuse_other_files(data)
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)
    if marked is None and b"\0" in data:
        raise NotText("文件不是纯文本，或是没有标记的 UTF-16 编码，请另存为 UTF-8")
    found = _tried(data, marked or "utf-8")
    if found is None and marked is None:
        found = (_tried(data, said) if said else None) or _chinese(data)
    if found is None:
        raise NotText("认不出文件的编码（试过 UTF-8、UTF-16、GB18030、Big5），请另存为 UTF-8")
    return found


def refuse_other_files(data: bytes) -> None:
    """Raise NotText for a file that by its first bytes is of another format than its name tells."""
    other = next((name for mark, name in OTHER_FILES.items() if data.startswith(mark)), None)
    if other:
        raise NotText(f"文件的内容是{other}，和文件名的后缀不符；请改正后缀，或另存为 UTF-8 纯文本")


def _chinese(data: bytes) -> str | None:
    simplified, traditional = _tried(data, SIMPLIFIED), _tried(data, TRADITIONAL)
    if simplified is None or traditional is None:
        return simplified if traditional is None else traditional
    return max(simplified, traditional, key=_commonness)


def _commonness(text: str) -> int:
    return sum(character in COMMONEST for character in text)


def _tried(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
