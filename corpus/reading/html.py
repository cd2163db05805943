"""Saved web pages (.html): the main text with its tables, without navigation, footers and scripts."""

import re
from collections.abc import Iterator
from typing import Any

from corpus import tuning
from corpus.reading.lines import BROKEN, Line, NotText, placed
from corpus.reading.tables import Cell, table_lines
from corpus.reading.text import decode, refuse_other_files

CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
# Pages say gb2312 and use all of GB18030.
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
LEFT_OUT = re.compile(
    "script|style|noscript|template|head|header|nav|footer|aside|button|select|iframe|svg|object", re.IGNORECASE
)
BLOCKS = re.compile(
    "address|article|blockquote|body|br|caption|center|dd|div|dl|dt|figcaption|figure|h[1-6]|header|hr|li|main|ol|p|pre|"
    "section|table|tbody|td|tfoot|th|thead|tr|ul"
)
NAMED = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|foot|footer|breadcrumb|crumbs?|crumb-nav|share|copyright|sidebar|related|dqwz|toolbar)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
PROSE = re.compile("[，。；：、！？,;]")
MOST_ACROSS, MOST_DOWN = 100, 200


def read_html(data: bytes) -> list[Line]:
    """The lines of the main text of a page. Raises NotText."""
    from lxml import etree, html

    refuse_other_files(data)
    try:
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        page = html.document_fromstring(_decoded(data).encode(), parser=parser)
        return placed(_blocks(_main(_bare(page))))
    except (*BROKEN, etree.LxmlError) as broken:
        raise NotText("网页读不出来，请用浏览器打开后把正文另存为文本") from broken


def _decoded(data: bytes) -> str:
    """The page by its bytes where these tell, by what it says of itself where they do not."""
    said = CHARSET.search(data[:4096])
    return decode(data, WIDER.get(said.group(1).decode("ascii").lower(), "") if said else "")


def _bare(page: Any) -> Any:
    """The page without what is no text, is not seen, or is the frame around every page of a site."""
    _dropped([one for one in page.iter() if LEFT_OUT.fullmatch(one.tag)])
    weights = _weights(page)
    _dropped([one for one in page.iter() if _is_frame(one) and weights[one] <= tuning.FRAME_SHARE * weights[page]])
    for element in page.iter("pre"):
        for one in element.iter():
            one.text, one.tail = _kept(one.text), _kept(one.tail)
    return page


def _dropped(elements: list[Any]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _kept(text: str | None) -> str | None:
    """Text whose line ends are meant."""
    return text and text.replace("\n", "\u2028")


def _is_frame(element: Any) -> bool:
    if element.get("hidden") is not None or HIDDEN.search(element.get("style", "")):
        return True
    return bool(NAMED.search(f"{element.get('class', '')} {element.get('id', '')}"))


def _main(page: Any) -> Any:
    """The innermost element that holds nearly all of the prose."""
    weights = _weights(page)
    main = page.find("body") if page.find("body") is not None else page
    whole = weights[main]
    while inner := [one for one in main if weights[one] >= tuning.MAIN_SHARE * whole > 0 and _holds_blocks(one)]:
        main = inner[0]
    return main


def _weights(page: Any) -> dict[Any, int]:
    """How much prose is in each element: the text that is no link and has marks as sentences have."""
    weights: dict[Any, int] = {}
    for element in reversed(list(page.iter())):
        texts = [element.text, *(child.tail for child in element)]
        own = sum(len(text.strip()) for text in texts if text and PROSE.search(text))
        weights[element] = 0 if element.tag == "a" else own + sum(weights[child] for child in element)
    return weights


def _holds_blocks(element: Any) -> bool:
    """Whether it is a frame around paragraphs, no paragraph itself and no table of data."""
    if element.tag in ("p", "ul", "ol") or (element.tag == "table" and not _is_layout(element)):
        return False
    return sum(bool(BLOCKS.fullmatch(one.tag)) for one in element.iterdescendants()) > 1


def _is_layout(table: Any) -> bool:
    """Whether a table only puts things in their places: a cell holds another table or many paragraphs."""
    most, cells = tuning.LAYOUT_PARAGRAPHS, table.iter("td")
    return any(cell.find(".//table") is not None or len(cell.findall(".//p")) > most for cell in cells)


def _blocks(element: Any) -> Iterator[str]:
    """The blocks of text below an element, one after the other."""
    for text in "".join(_pieces(element)).split("\n"):
        if text.strip():
            yield text.strip()


def _pieces(element: Any) -> Iterator[str]:
    """The text with a line feed wherever a block begins or ends."""
    if element.tag == "table" and not _is_layout(element):
        yield "\n" + "\n".join(table_lines(_grid(element))) + "\n"
        return
    edge = "\n" if BLOCKS.fullmatch(element.tag) else ""
    yield edge + _spaced(element.text)
    for child in element:
        yield from _pieces(child)
        yield _spaced(child.tail)
    yield edge


def _spaced(text: str | None) -> str:
    """Text as a page shows it: a line end within Chinese is nothing, any other stretch of blanks one space."""
    joined = re.sub(r"(?<=[^\x00-\x7f])[ \t]*[\r\n]\s*(?=[^\x00-\x7f])", "", text or "")
    return re.sub(r"[ \t\r\n\f]+", " ", joined)


def _grid(table: Any) -> list[list[Cell]]:
    """The cells of a table, a merged one at every place it covers."""
    rows = list(table.iter("tr"))
    places: list[dict[int, Cell]] = [{} for _ in rows]
    for row, element in enumerate(rows):
        column = 0
        for one in element.iterchildren("td", "th"):
            while column in places[row]:
                column += 1
            cell = Cell(" ".join(_blocks(one)), _heads(one))
            for below in places[row : row + _span(one, "rowspan", min(len(rows), MOST_DOWN))]:
                below |= dict.fromkeys(range(column, column + _span(one, "colspan", MOST_ACROSS)), cell)
    return [[inside[at] for at in sorted(inside)] for inside in places]


def _heads(cell: Any) -> bool:
    return cell.tag == "th" or any(one.tag == "thead" for one in cell.iterancestors("thead"))


def _span(cell: Any, name: str, most: int) -> int:
    said = cell.get(name, "1").strip()
    return min(max(int(said), 1), most) if said.isdecimal() else 1
