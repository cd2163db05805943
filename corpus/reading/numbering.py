"""The numbers that Word counts by itself: headings such as 一、 are then no text, and are made text here."""

import re
from collections.abc import Callable
from typing import Any

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
VALUE = f"{WORD}val"
CHINESE = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "ideographDigital")
)
WRITTEN: dict[str, Callable[[int], str]] = {
    "bullet": lambda number: "",
    "none": lambda number: "",
    "decimalEnclosedCircle": lambda number: chr(0x245F + number) if number <= 20 else str(number),
    "decimalEnclosedCircleChinese": lambda number: chr(0x245F + number) if number <= 20 else str(number),
    "decimalZero": lambda number: f"{number:02d}",
    "lowerLetter": lambda number: chr(ord("a") + (number - 1) % 26),
    "upperLetter": lambda number: chr(ord("A") + (number - 1) % 26),
}


def write_numbers(document: Any) -> None:
    """Put the number that Word shows before a paragraph into its text; `document` is one of python-docx."""
    part = next((one.target_part for one in document.part.rels.values() if one.reltype.endswith("/numbering")), None)
    if part is None:
        return
    lists = _Lists(part.element, document.styles.element)
    for paragraph in list(document.element.body.iter(f"{WORD}p")):
        number = "" if any(True for _ in paragraph.iterancestors(FALLBACK)) else lists.next(paragraph)
        if number:
            run = paragraph.makeelement(f"{WORD}r", {})
            text = run.makeelement(f"{WORD}t", {})
            text.text = number
            run.append(text)
            paragraph.insert(0, run)


class _Lists:
    """The lists of a document, each with how far it has counted at every level."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._kinds = {one.get(f"{WORD}abstractNumId"): one for one in numbering.iter(f"{WORD}abstractNum")}
        self._lists = {one.get(f"{WORD}numId"): one for one in numbering.iter(f"{WORD}num")}
        self._styles = {one.get(f"{WORD}styleId"): one for one in styles.iter(f"{WORD}style")}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def next(self, paragraph: Any) -> str:
        """The number of a paragraph, counted on; empty where it has none."""
        name, level = self._place(paragraph)
        found = self._lists.get(name)
        kind = _value(found, "abstractNumId") if found is not None else ""
        levels = _levels(self._kinds.get(kind))
        if level not in levels:
            return ""
        counts = self._counts.setdefault(kind, {})
        self._count(counts, name, level, levels)
        shown = re.sub(r"%(\d)", lambda at: _written(int(at.group(1)) - 1, counts, levels), _text(levels[level]))
        return shown if not shown or shown[-1] in "、.．)）:：" else f"{shown} "

    def _count(self, counts: dict[int, int], name: str, level: int, levels: dict[int, Any]) -> None:
        anew = self._lists[name].find(f"{WORD}lvlOverride[@{WORD}ilvl='{level}']/{WORD}startOverride")
        if anew is not None and (name, level) not in self._begun:
            counts[level] = int(anew.get(VALUE)) - 1
        self._begun.add((name, level))
        counts[level] = counts.get(level, _start(levels[level]) - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """The list and the level of a paragraph, by itself or by its style."""
        seen, element = set[str](), paragraph
        while element is not None:
            numbered = element.find(f"{WORD}pPr/{WORD}numPr")
            if numbered is not None:
                return _value(numbered, "numId"), int(_value(numbered, "ilvl") or 0)
            style = _value(element.find(f"{WORD}pPr"), "pStyle") or _value(element, "basedOn")
            element = None if style in seen else self._styles.get(style)
            seen.add(style)
        return "", 0


def _value(above: Any, name: str) -> str:
    found = above.find(f"{WORD}{name}") if above is not None else None
    return "" if found is None else str(found.get(VALUE, ""))


def _levels(kind: Any) -> dict[int, Any]:
    return {} if kind is None else {int(one.get(f"{WORD}ilvl")): one for one in kind.iterchildren(f"{WORD}lvl")}


def _start(level: Any) -> int:
    return int(_value(level, "start") or 1)


def _text(level: Any) -> str:
    return "" if _value(level, "numFmt") == "bullet" else _value(level, "lvlText")


def _written(at: int, counts: dict[int, int], levels: dict[int, Any]) -> str:
    """The number of a level in the numerals it is shown in."""
    import cn2an

    if at not in levels:
        return ""
    number, numerals = counts.get(at, _start(levels[at])), _value(levels[at], "numFmt")
    if numerals in CHINESE:
        return str(cn2an.an2cn(number, "low"))
    return WRITTEN.get(numerals, str)(number)
