"""Lines of an official Chinese text to passages with heading paths, clauses, and terms.

Official texts number their headings in a fixed order: 一、 then (一) then 1. (GB/T 9704-2012, 7.3.3);
regulations number articles 第一条. Annotations stand at the end under a heading such as 附注 or 名词解释,
`12.名词:解释`, with the explanation on the same line or on the next one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import zip_longest

from corpus import tuning
from corpus.figures import NUMERALS
from corpus.passage import Clause, Mention, Passage, Term
from corpus.reading.lines import Line

NUMERAL = f"[{NUMERALS}百零〇]+"
# Half-width and full-width forms of a mark are equivalent.
OPEN, CLOSE, COMMA, COLON = "[(\uff08]", "[)\uff09]", ",\uff0c", ":\uff1a"
STOP = "。;\uff1b!\uff01?\uff1f"
PART = re.compile(rf"^(?:{NUMERAL}、|第{NUMERAL}[编章部分]{{1,2}}(?:\s|(?<=[编章])))\s*\S{{1,39}}[^\s{STOP}]$")
SECTION = re.compile(rf"^{OPEN}{NUMERAL}{CLOSE}\s*[^{STOP}]{{1,60}}$")
ANNOTATIONS = re.compile(r"^\S{0,20}(?:附注|名词解释|名词注释|注释|用语说明)\S{0,4}$")
# The number before a term, 12. or ［12］ or 注12：, and the term up to its colon.
NOTE = rf"(?:注?\s*(\d{{1,3}})\s*[.\uff0e、{COLON}]|[\[\uff3b【(\uff08](\d{{1,3}})[\]\uff3d】)\uff09])\s*"
NUMBERED = rf"{NOTE}([^{COLON}。\n]{{1,60}})[{COLON}]"
ANNOTATION = re.compile(rf"^{NUMBERED}\s*(.+)$", re.DOTALL)
ANOTHER, TERM_ALONE = re.compile(rf"^{NUMBERED}"), re.compile(rf"^{NUMBERED}$")
ATTACHED = re.compile(rf"^附件?\s*(?:\d{{1,2}}|{NUMERAL})?\s*[{COLON}]?$")
RUN_IN = re.compile(rf"^({OPEN}{NUMERAL}{CLOSE}[^。]{{2,45}}|[^{STOP}{COMMA}{COLON}]{{4,20}})。(?=.)")
# A list item as a heading on its own line, any other sentence on one line, and the date and place of a report.
POINT = re.compile(rf"^(?:{OPEN}{NUMERAL}{CLOSE}|{NUMERAL}[是、])[^{STOP}\d]{{2,45}}。$")
ALONE = re.compile(rf"^[^{STOP}]{{2,45}}。$")
GIVEN = re.compile(r"^[—–\-\s]*\d{4}年\d{1,2}月\d{1,2}日在")
ARTICLE = re.compile(rf"^(第{NUMERAL}条)\s+")
MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+")
SENTENCE = re.compile(rf"[^{STOP}]+[{STOP}]*[”’」』]*")
CLAUSE = re.compile(rf"[^{COMMA}]+[{COMMA}]?")
QUOTED = re.compile(r"[“\"]([^”\"]{2,20})[”\"]")
QUOTATION_MARKS = "“”\"'‘’《》〈〉「」『』"
SENTENCE_END, STOPPED = re.compile(f"[{STOP}{COLON}]"), re.compile(f"[{STOP}]")
# An item of an article, on a line of its own.
ITEM, ONE_LINE = re.compile(rf"{OPEN}{NUMERAL}{CLOSE}|\d+[.\uff0e、]"), re.compile(r"[^\n]+")
# Not text: a comment, a tag alone on its line.
MARKUP = re.compile(r"<!--|-->|<[^>]*>$")


class Left(Enum):
    """The kind of a line that is in no passage."""

    HEADING = auto()
    OVER = auto()


@dataclass
class _Path:
    """The headings above the line being read."""

    title: str = ""
    part: str = ""
    section: str = ""
    point: str = ""
    in_annotations: bool = False
    attached: bool = False
    counts: dict[str, int] = field(default_factory=lambda: {"body": 0, "annotation": 0})

    def headings(self, *inner: str) -> tuple[str, ...]:
        return tuple(h for h in (self.part, self.section, self.point, *inner) if h)

    def enter(self, part: str, in_annotations: bool = False) -> None:
        """Begin a new part."""
        self.part, self.section, self.point, self.in_annotations = part, "", "", in_annotations


def outline(document_id: str, lines: Iterable[Line]) -> list[Passage]:
    """The passages of a document, in order."""
    return [found for _, found in _classified(document_id, lines) if isinstance(found, Passage)]


def remainder(lines: Iterable[Line]) -> list[Line]:
    """The lines in no passage that are no headings: titles, names, web page boilerplate."""
    return [line for line, found in _classified("", lines) if found is Left.OVER]


def _classified(document_id: str, lines: Iterable[Line]) -> Iterator[tuple[Line, "Passage | Left"]]:
    """Every non-blank line, with its kind."""
    whole = list(_whole(map(_stripped, lines)))
    first = next((place for place, line in enumerate(whole) if PART.match(line.text) or ARTICLE.match(line.text)), 0)
    path = _Path()
    for place, (line, following) in enumerate(zip_longest(whole, whole[1:])):
        heads = following is not None and place >= first and _can_be_headed(following.text)
        yield line, _read_line(document_id, line, path, opening=place < first, heads=heads)


def _can_be_headed(text: str) -> bool:
    """Whether a line can be the text under a list heading: of some length, neither a list item nor a heading."""
    others = (POINT, ALONE, PART, SECTION, ARTICLE, MARKUP)
    return bool(SENTENCE_END.search(text)) and not any(other.match(text) for other in others)


def _stripped(line: Line) -> Line:
    text = line.text.strip()
    return Line(text, line.start + line.text.index(text))


def _whole(lines: Iterable[Line]) -> Iterator[Line]:
    """The non-blank lines, with those that belong together joined.

    Below 附注, a term alone on a line joins the explanation on the next; an article of a regulation its items; the
    date and place of a report the speaker.
    """
    held: list[Line] = []
    noted = False
    for line in (line for line in lines if line.text):
        noted = noted or _opens_annotations(line.text)
        if held and not _goes_on(held, line.text, noted):
            yield _one(held)
            held = []
        held.append(line)
    if held:
        yield _one(held)


def _one(held: list[Line]) -> Line:
    return Line("\n".join(line.text for line in held), held[0].start)


def _goes_on(held: list[Line], text: str, noted: bool) -> bool:
    """Whether a line continues the lines before it."""
    first = held[0].text
    if PART.match(text) or _opens_annotations(text) or MARKUP.match(text):
        return False
    if ARTICLE.match(first):
        told = ITEM.match(text) or STOPPED.search(text) or text.endswith(("\uff1a", ":"))
        return bool(told) and not ARTICLE.match(text) and len(held) < tuning.MOST_LINES
    if len(held) > 1:
        return False
    if GIVEN.match(first):
        return len(text) <= tuning.SPEAKER and not SENTENCE_END.search(text)
    return noted and bool(TERM_ALONE.match(first)) and not ANOTHER.match(text)


def _read_line(document_id: str, line: Line, path: _Path, opening: bool, heads: bool) -> "Passage | Left":
    """The kind of a line; `opening` before the first numbered part or article, `heads` when a text follows."""
    text = line.text
    given = GIVEN.match(text)
    titled, path.attached = path.attached and not SENTENCE_END.search(text), bool(ATTACHED.match(text))
    if titled and not _opens_annotations(text):
        path.enter(text)
        return Left.HEADING
    if MARKUP.match(text) or (opening and not (STOPPED.search(text) or given)):
        path.title = path.title or (text if "报告" in text else "")
        return Left.OVER
    if _is_heading(text, path, heads):
        return Left.HEADING
    if not (path.in_annotations or SENTENCE_END.search(text) or given):
        path.title = path.title or (text if "报告" in text else "")
        return Left.OVER
    if path.in_annotations:
        return _annotation(document_id, line, path)
    path.counts["body"] += 1
    run_in = ARTICLE.match(text) or RUN_IN.match(text)
    heading = run_in.group(1) if run_in else path.title if given else ""
    number = path.counts["body"]
    return Passage(
        id=f"{document_id}-p{number:02d}",
        document_id=document_id,
        kind="body",
        number=number,
        section=path.headings(heading),
        text=text,
        start=line.start,
        end=line.start + len(text),
    )


def _is_heading(text: str, path: _Path, heads: bool) -> bool:
    bare = MARKDOWN_HEADING.sub("", text)
    if _opens_annotations(bare):
        path.enter(bare, in_annotations=True)
    elif PART.match(bare):
        path.enter(bare)
    elif SECTION.match(bare) and not path.in_annotations:
        path.section, path.point = bare, ""
    elif heads and POINT.match(bare) and not path.in_annotations:
        path.point = bare.rstrip("。")
    elif ALONE.match(bare):
        path.point = ""
        return False
    else:
        return False
    return True


def _opens_annotations(text: str) -> bool:
    bare = MARKDOWN_HEADING.sub("", text)
    return bool(ANNOTATIONS.match(bare)) and not ANNOTATION.match(bare)


def _annotation(document_id: str, line: Line, path: _Path) -> Passage:
    path.counts["annotation"] += 1
    found = ANNOTATION.match(line.text)
    number = int(found.group(1) or found.group(2)) if found else path.counts["annotation"]
    name = found.group(3).strip() if found else ""
    return Passage(
        id=f"{document_id}-n{number:02d}",
        document_id=document_id,
        kind="annotation",
        number=number,
        section=path.headings(name),
        text=line.text,
        start=line.start,
        end=line.start + len(line.text),
    )


def clauses(passage: Passage) -> list[Clause]:
    """The clauses of a passage, which together are its whole text; the run-in heading is one."""
    return [
        Clause(
            passage.id,
            piece.group(),
            sentence.start() + piece.start(),
            sentence.start() + piece.end(),
            index,
        )
        for index, sentence in enumerate(SENTENCE.finditer(passage.text))
        for piece in CLAUSE.finditer(sentence.group())
    ]


def terms(passages: Iterable[Passage]) -> list[Term]:
    """The terms that the annotations explain, each linked to the body passages that use its words."""
    everything = list(passages)
    bodies = [p for p in everything if p.kind == "body"]
    found = []
    for passage in everything:
        match = ANNOTATION.match(passage.text) if passage.kind == "annotation" else None
        if match:
            name = match.group(3).strip()
            term = Term(bare(name), _aliases(name), passage.id, match.group(4).strip())
            mentions = tuple(m for body in bodies for m in _mentions(term, body))
            found.append(replace(term, mentions=mentions))
    return found


def lead_span(text: str, at: int) -> tuple[int, int] | None:
    """The span of the lead-in of an article's item, without its colon (有下列情形之一的，学校承担责任：).

    `at` is an offset in the item's line. None for a line that is no item, or has no lead-in.
    """
    if not ITEM.match(text, text.rfind("\n", 0, at) + 1):
        return None
    above = [line for line in ONE_LINE.finditer(text, 0, at) if not ITEM.match(line.group())]
    leads = above and above[-1].group().endswith(("\uff1a", ":"))
    return (above[-1].start(), above[-1].end() - 1) if leads else None


def bare(text: str) -> str:
    """The text without quotation marks."""
    return text.translate({ord(mark): None for mark in QUOTATION_MARKS})


def _aliases(name: str) -> tuple[str, ...]:
    """The spellings of a term's name: each quoted part, each part of a name joined by 、 outside quotes, and the short
    form that counts its parts."""
    quoted = QUOTED.findall(name)
    unquoted = [] if quoted else name.split("、")
    counted = [short for whole in quoted or [name] for short in _counted(whole.split("、"))]
    return tuple(dict.fromkeys(a for a in [*quoted, *unquoted, *counted] if a != bare(name) and len(a) >= 2))


def _counted(parts: list[str]) -> list[str]:
    """The short form officials make of parts that share a character: 深学争优、敢为争先、实干争效 -> 三争."""
    if not 3 <= len(parts) <= len(NUMERALS):
        return []
    return [NUMERALS[len(parts) - 1] + shared for shared in parts[0] if all(shared in part for part in parts)]


def _mentions(term: Term, passage: Passage) -> Iterator[Mention]:
    """Where the passage uses the term: its whole name, or (quoted in the passage too) one of its aliases."""
    kept = [i for i, c in enumerate(passage.text) if c not in QUOTATION_MARKS]
    folded = "".join(passage.text[i] for i in kept)
    at = folded.find(term.name)
    if at >= 0 and (len(term.name) > 2 or f"“{term.name}”" in passage.text):
        yield Mention(passage.id, kept[at], kept[at + len(term.name) - 1] + 1)
        return
    for alias in term.aliases:
        at = passage.text.find(f"“{alias}”")
        if at >= 0:
            yield Mention(passage.id, at + 1, at + 1 + len(alias))
            return
