"""Documents that the office puts up and takes down: drafts beside the documents, corrected, released, withdrawn.

Processes that share the documents share the drafts.
"""

import hashlib
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, get_args

import yaml

from bot.errors import BotError, DocumentUnusable
from bot.records.database import Database
from bot.records.office import documents
from bot.records.office.documents import LATE, Proposal
from bot.settings import Settings
from corpus.corpus import Corpus
from corpus.folder import reason, write_whole
from corpus.parts import parts_of
from corpus.passage import Document, Part, PartKind, Passage
from corpus.read import DESCRIPTION, DocumentError
from corpus.shelf import folders, read_one
from corpus.shelving import Given, Settle, corrected, put_up, staged_copy, take_down

DRAFTS = ".drafts"  # a name that the corpus skips (corpus/shelf.py)
YEARS = range(1900, 2200)
# How much of a file's name is kept, in characters; one may take four bytes.
LONGEST_STEM = 30


@dataclass(frozen=True, slots=True)
class StatedPart:
    """A part as in the form: years as typed."""

    title: str
    kind: str
    since: str
    until: str


class Drafts:
    """The drafts of one documents folder, each in a folder named after its proposal. Its methods block."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._drafts, self._documents = settings.documents_dir / DRAFTS, settings.documents_dir
        self._database = database

    def folder(self, proposal: Proposal) -> Path:
        """The folder of a draft. Raises DocumentUnusable when it is missing."""
        folder = self._drafts / proposal.id / proposal.document
        if not (folder / DESCRIPTION).is_file():
            raise DocumentUnusable("草稿的文件不见了，请撤下这份草稿，重新上传")
        return folder

    def take(self, name: str, content: bytes, given: Given, held: Corpus, actor: str) -> Proposal:
        """Make a draft of an uploaded file. Raises DocumentUnusable when it cannot be taken or is held; NotKept."""
        digest = hashlib.sha256(content).hexdigest()
        twin = next((document for document in held.documents.values() if document.sha256 == digest), None)
        if twin:
            raise DocumentUnusable(f"和已经收录的《{twin.title}》是同一份文件")
        draft = self._drafts / uuid.uuid4().hex
        try:
            document = _read(draft, name, content, given)
            proposal = Proposal("put_up", document.id, document.title, actor, sha256=digest, id=draft.name)
            return documents.propose(self._database, proposal)
        except BotError:
            shutil.rmtree(draft, ignore_errors=True)
            raise

    def correct(self, proposal: Proposal, fields: Mapping[str, Any], parts: Sequence[StatedPart], actor: str) -> None:
        """Change the description of a draft to what was typed. Raises DocumentUnusable, NotFound and NotKept."""
        folder = self.folder(proposal)
        with _as_document_unusable(folder.parent):
            document, passages = read_one(folder)
            stated = _stated(folder, document, passages, parts)
            described = corrected(folder, {**fields, "parts": stated}, document, passages)

        def act() -> None:
            with _as_document_unusable(folder.parent):
                write_whole(folder / DESCRIPTION, described)

        documents.correct(self._database, proposal.id, str(fields["title"]), actor, act)

    def drop(self, proposal: Proposal, actor: str, reason: str) -> None:
        """Drop a proposal and delete its draft. Raises DocumentUnusable, NotFound and NotKept."""
        documents.move(self._database, proposal.id, "dropped", actor, reason)
        self._delete(proposal)

    def release(self, proposal_id: str, actor: str, held: Corpus) -> None:
        """Put up or take down what was handed in. Raises DocumentUnusable, NotFound and NotKept."""
        proposal = documents.releasable(self._database, proposal_id, actor)
        with self._ready(proposal, held) as act:
            documents.release(self._database, proposal_id, actor, act)
        self._delete(proposal)

    @contextmanager
    def _ready(self, proposal: Proposal, held: Corpus) -> Iterator[Settle]:
        """Do the slow part of a release; the callable given does the rest, which is quick."""
        if proposal.act == "take_down":
            yield lambda: self._take_down(proposal.document, held)
            return
        folder = self.folder(proposal)
        description = folder / DESCRIPTION
        with _as_document_unusable(folder.parent, self._documents), staged_copy(folder, self._documents) as settle:
            copied = description.read_bytes()

            def act() -> None:
                with _as_document_unusable(folder.parent, self._documents):
                    if description.read_bytes() != copied:
                        raise DocumentUnusable(LATE)
                    settle()

            yield act

    def _take_down(self, name: str, held: Corpus) -> None:
        """A document may have been taken down since: one must stay that is both in use and on disk."""
        with _as_document_unusable(self._documents):
            standing = {folder.name for folder in folders(self._documents)}
            if not (held.documents.keys() & standing) - {name}:
                raise DocumentUnusable("这是唯一的一份文件，下架以后就没有可以回答的了；请先放上另一份")
            take_down(self._documents, name)

    def _delete(self, proposal: Proposal) -> None:
        shutil.rmtree(self._drafts / proposal.id, ignore_errors=True)


def _read(draft: Path, name: str, content: bytes, given: Given) -> Document:
    """Put a file up in the folder of a draft, and read it. Raises DocumentUnusable."""
    with _as_document_unusable(draft):
        file = draft / _usable(name)
        draft.mkdir(parents=True)
        file.write_bytes(content)
        made = put_up(file, draft, given)
        file.unlink()
        return read_one(draft / made)[0]


def _usable(name: str) -> str:
    """A name valid for a file on this machine, with the same suffix."""
    plain = Path(re.sub(r"[\x00-\x1f\x7f\\/]", "", name))
    return f"{plain.stem[:LONGEST_STEM]}{plain.suffix[:LONGEST_STEM]}"


@contextmanager
def _as_document_unusable(*folders: Path) -> Iterator[None]:
    """Turn errors of reading and writing into DocumentUnusable, without the folders of this machine."""
    try:
        yield
    except DocumentError as problem:
        names = "|".join(re.escape(str(folder)) for folder in folders)
        raise DocumentUnusable(re.sub(f"(?:{names})(?:/|: )", "", str(problem))) from problem
    except OSError as problem:
        raise DocumentUnusable(f"写不进去（{reason(problem)}），请检查文件目录的权限和剩余空间") from problem


def parts_in(document: Document, passages: Sequence[Passage]) -> list[tuple[Part, int]]:
    """The parts of a document in order, each with its number of passages."""
    part_of = parts_of(document, passages)
    return [(part, len(list(inside))) for part, inside in groupby(passages, key=lambda p: part_of[p.id])]


def whole_parts(document: Document, passages: Sequence[Passage]) -> dict[str, Part]:
    """Each whole part by its heading: as the description states it, or else as its first passage is read."""
    read = {part.title: part for part, _ in reversed(parts_in(document, passages))}
    return read | {part.title: part for part in document.parts}


def _stated(
    folder: Path, document: Document, passages: Sequence[Passage], parts: Sequence[StatedPart]
) -> list[dict[str, Any]]:
    """The stated parts for the description: those already stated, and those typed differently from what was shown."""
    shown = whole_parts(document, passages)
    described = yaml.safe_load((folder / DESCRIPTION).read_text(encoding="utf-8")).get("parts") or []
    stated = {one["title"]: one for one in described}
    for typed in parts:
        known = shown.get(typed.title)
        if known and (typed.kind, typed.since, typed.until) != (known.kind, str(known.since), str(known.until)):
            stated[typed.title] = _in_description(typed)
    return list(stated.values())


def _in_description(typed: StatedPart) -> dict[str, Any]:
    years = [typed.since.strip(), typed.until.strip()]
    if typed.kind not in get_args(PartKind) or not all(y.isdecimal() and int(y) in YEARS for y in years):
        raise DocumentUnusable(f"“{typed.title}”的类别或年份不对，年份应是四位数字，例如 2025")
    since, until = map(int, years)
    if since > until:
        raise DocumentUnusable(f"“{typed.title}”的起始年份不能晚于结束年份")
    return {"title": typed.title, "kind": typed.kind, "since": since, "year": until}
