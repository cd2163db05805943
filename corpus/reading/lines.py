"""What every format is read to: lines, each with its place in the whole text."""

import re
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

# Errors that libraries let through where a file is broken in a way they did not expect.
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
LINE_ENDS = re.compile("\r\n|[\r\v\x85\u2028\u2029]")
SPACES = re.compile("<U\\+00A0>|[\t\f\u00a0\u1680\u2000-\u200a\u202f\u205f]")
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe]"
)


class NotText(Exception):
    """No text can be read from a file; the message (Chinese) says why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its line end; `start` is its offset in the text, which is the lines joined by line feeds."""

    text: str
    start: int


def cleaned(text: str) -> str:
    """The text with line feeds and plain spaces alone, without characters that are not seen."""
    return UNSEEN.sub("", SPACES.sub(" ", LINE_ENDS.sub("\n", text)))


def placed(texts: Iterable[str]) -> list[Line]:
    """The lines of some cleaned texts, each with its place. Raises NotText where there is nothing but blanks."""
    lines, start = [], 0
    for text in "\n".join(map(cleaned, texts)).split("\n"):
        lines.append(Line(text, start))
        start += len(text) + 1
    if not any(line.text.strip() for line in lines):
        raise NotText("文件里没有文字，请检查是不是放错了文件")
    return lines
