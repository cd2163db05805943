"""Which document replaces which: duplicates, drafts and final texts, versions, repeals."""

import re
from collections.abc import Collection, Mapping, Sequence

from corpus import tuning
from corpus.outline import bare
from corpus.passage import Document, Passage

DRAFT = r"(?:公开)?(?:征求意见|讨论|送审|审议|初)稿|(?:修订)?草案(?:(?:修改|审议|征求意见|表决)?稿)?"
IS_DRAFT = re.compile(rf"[(\uff08\s]*({DRAFT})[)\uff09\s]*$")
# A sentence that repeals the documents it names: 《某市养犬办法》（某政〔2010〕3号）同时废止。
TITLES, REPEALS = re.compile("《([^》]+)》"), re.compile("废止|停止执行")
SENTENCE, UNWRITTEN = re.compile("[^。；;\n]+"), re.compile(r"\W")
Read = tuple[Document, Sequence[Passage]]


def spare(read: Mapping[str, Read]) -> dict[str, str]:
    """The documents fully replaced by another one, by id, with the reason.

    Of duplicates the longer is kept, of a draft and its final text the latter.
    """
    kept: list[Read] = []
    found = {}
    for one in sorted(read.values(), key=lambda one: (_is_draft(one[0]), -_length(one[1]), one[0].id)):
        why = next((why for other in kept if (why := _why(one, other))), "")
        if why:
            found[one[0].id] = why
        else:
            kept.append(one)
    return found


def _why(one: Read, other: Read) -> str:
    (document, inside), (better, whole) = one, other
    if document.sha256 == better.sha256:
        return f"和 {better.id} 是同一份文件，只用那一份"
    if (document.publisher, document.kind) != (better.publisher, better.kind):
        return ""
    same_year, drafts = document.year == better.year, (_is_draft(document), _is_draft(better))
    before = document.kind == "regulation" and document.year < better.year
    if drafts == (True, False) and (same_year or before) and _name(document.title) == _name(better.title):
        return f"是《{document.title}》，已有定稿 {better.id}，只用定稿"
    if same_year and drafts[0] == drafts[1] and _same_text(inside, whole, document.kind):
        return f"和 {better.id} 的文字相同，只用那一份"
    return ""


def _same_text(one: Sequence[Passage], other: Sequence[Passage], kind: str) -> bool:
    """Whether another text contains nearly all of a shorter one; versions of rules may differ by a word."""
    left, right = ({UNWRITTEN.sub("", passage.text) for passage in passages} for passages in (one, other))
    if kind == "regulation":
        return left == right
    return sum(map(len, left & right)) >= tuning.SAME_TEXT * sum(map(len, left))


def superseded(documents: Mapping[str, Document], inside: Mapping[str, Sequence[Passage]]) -> dict[str, str]:
    """The rules no longer, or not yet, in force, as far as the documents tell, by id, with the reason."""
    rules = [document for document in documents.values() if document.kind == "regulation"]
    rising = sorted(rules, key=lambda one: (not _is_draft(one), one.year))
    latest = {(one.publisher, _name(one.title)): one for one in rising}
    found = {}
    for one in rules:
        newer = latest[one.publisher, _name(one.title)]
        if newer is not one:
            found[one.id] = f"已有{newer.year}年的《{newer.title}》（{newer.id}）"
    for later in rules:
        for title in _repealed(inside[later.id]):
            gone = (one for one in rules if _name(one.title) == title and one.year <= later.year and one is not later)
            found |= {one.id: f"《{later.title}》（{later.id}）写明把它废止" for one in gone if one.id not in found}
    return found


def current(documents: Mapping[str, Document], gone: Collection[str]) -> frozenset[str]:
    """The ids of each publisher's latest plan and review, and of all rules not superseded."""
    rising = sorted(documents.values(), key=lambda one: one.year)
    latest = {(one.publisher, one.kind): one.id for one in rising if one.kind != "regulation"}
    rules = {one.id for one in rising if one.kind == "regulation"}
    return frozenset((rules - set(gone)).union(latest.values()))


def _repealed(passages: Sequence[Passage]) -> set[str]:
    """The names of the documents that a text repeals."""
    sentences = (sentence for passage in passages for sentence in SENTENCE.findall(passage.text))
    repealing = (sentence for sentence in sentences if REPEALS.search(TITLES.sub("", sentence)))
    return {_name(title) for sentence in repealing for title in TITLES.findall(sentence)}


def draft_of(title: str) -> str:
    """The mark in a title that its document is a draft (征求意见稿), or empty."""
    found = IS_DRAFT.search(title)
    return found.group(1) if found else ""


def _is_draft(document: Document) -> bool:
    return bool(draft_of(document.title))


def _name(title: str) -> str:
    """A title without punctuation, blanks and draft marks."""
    return UNWRITTEN.sub("", IS_DRAFT.sub("", bare(title)))


def _length(passages: Sequence[Passage]) -> int:
    return sum(len(passage.text) for passage in passages)
