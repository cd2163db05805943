"""All document folders: the readable documents, and the reasons for skipping others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.folder import reason
from corpus.outline import outline, terms
from corpus.passage import Document, Passage, Term
from corpus.read import DESCRIPTION, DocumentError, read_document
from corpus.standing import spare


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents with their passages and terms; `skipped` are the unused folders, each with the reason."""

    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    terms: tuple[Term, ...]
    skipped: dict[str, str]


def read_shelf(documents_dir: Path) -> Shelf:
    """Read every folder. Raises DocumentError when no document is left, with all reasons."""
    read: dict[str, tuple[Document, list[Passage]]] = {}
    skipped: dict[str, str] = {}
    for folder in _folders(documents_dir):
        try:
            read[folder.name] = read_one(folder)
        except DocumentError as problem:
            skipped[folder.name] = str(problem)
    for name, why in spare(read).items():
        skipped[name] = f"{documents_dir / name}: {why}"
        del read[name]
    if not read:
        raise DocumentError("\n".join([f"{documents_dir} 里没有一份能用的文件", *skipped.values()]))
    passages = tuple(passage for _, inside in read.values() for passage in inside)
    found = tuple(term for _, inside in read.values() for term in terms(inside))
    return Shelf({name: document for name, (document, _) in read.items()}, passages, found, skipped)


def _folders(documents_dir: Path) -> Sequence[Path]:
    try:
        return folders(documents_dir)
    except OSError as problem:
        raise DocumentError(f"{documents_dir} 读不了（{reason(problem)}）") from problem


def folders(documents_dir: Path) -> Sequence[Path]:
    """The folders, except those whose names show that they hold no document (.git, __MACOSX). Raises OSError."""
    found = sorted(path for path in documents_dir.iterdir() if path.is_dir())
    return [path for path in found if not path.name.startswith((".", "_"))]


def read_one(folder: Path) -> tuple[Document, list[Passage]]:
    """A document and its passages. Raises DocumentError, also without passages, or for a duplicate number."""
    document, lines = read_document(folder)
    inside = outline(document.id, lines)
    if not inside:
        raise DocumentError(f"{folder}: 没有读出一个段落，请检查 {DESCRIPTION} 里的 file 和它的内容")
    refuse_unknown_parts(folder, document, inside)
    twice = [number for number, times in Counter(p.id for p in inside).items() if times > 1]
    if twice:
        numbers = "、".join(str(p.number) for p in inside if p.id in twice[:1])
        raise DocumentError(f"{folder}: 有两条附注的编号一样（{numbers}），请改正原文里的编号")
    return document, inside


def refuse_unknown_parts(folder: Path, document: Document, passages: Sequence[Passage]) -> None:
    """Raise DocumentError when the description states a part that the text lacks."""
    titles = {p.section[0] for p in passages if p.section}
    unknown = [part.title for part in document.parts if part.title not in titles]
    if unknown:
        known = "、".join(sorted(titles)) or "（没有标题）"
        raise DocumentError(f"{folder / DESCRIPTION}: 原文里没有“{unknown[0]}”这个标题，现有的是：{known}")
