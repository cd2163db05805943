"""Puts a document up in a folder of its own, and takes it down; derives its description from its text.

A concurrent reader of the documents sees the old one, none, or the new one, never a partial one.
"""

import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pypinyin import lazy_pinyin

from corpus.folder import reason
from corpus.outline import GIVEN
from corpus.parts import YEAR
from corpus.passage import Document, Passage
from corpus.read import DESCRIPTION, DocumentError, redescribed, refuse_secret
from corpus.reading.formats import load, reader_of
from corpus.reading.lines import Line, NotText
from corpus.shelf import read_one, refuse_unknown_parts
from corpus.standing import DRAFT, IS_DRAFT, draft_of

TITLE = re.compile(
    rf"^[#\s《]*([^。；：:,，>＞]{{2,40}}?(?:报告|条例|办法|规定|规划|方案|意见|公报|纲要|通知)(?:[(\uff08](?:{DRAFT})[)\uff09])?)"
    r"[》\s]*$"
)
KIND_OF_PLACE = "(?:特别行政区|自治[区州县旗]|[省市区县旗盟]|州(?!市))"
UNIT = rf"[\u4e00-\u9fff]{{1,8}}?{KIND_OF_PLACE}"
PLACE, UNITS = re.compile(rf"(?:(?:19|20)\d\d年)?((?:{UNIT})+)"), re.compile(UNIT)
HELD_AT, SUFFIX = re.compile(rf"日在((?:{UNIT})+)"), re.compile(f"{KIND_OF_PLACE}$")
RULES, REVIEWS = re.compile("条例|办法|规定"), re.compile("总结|回顾|公报")
# How many lines at the head of a text may hold its title, and the folder for documents taken down.
HEAD, TAKEN_DOWN = 40, ".removed"
Settle = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Given:
    """The fields given for a document; the rest is derived from its text."""

    id: str | None = None
    title: str | None = None
    year: int | None = None
    kind: str | None = None
    publisher: str | None = None


def put_up(file: Path, documents: Path, given: Given, replace: bool = False) -> str:
    """Copy a file into a folder of its own with a description; returns its id. Raises DocumentError."""
    lines = _lines(file)
    fields = described(lines, given, file.name)
    name = given.id or _name(fields)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,60}", name):
        raise DocumentError(f"编号“{name}”不能用，请用 --id 写一个只有字母、数字和连字符的编号")
    if (documents / name).exists() and not replace:
        raise DocumentError(f"已经有编号为“{name}”的文件。换成这一份请加 --replace，另放一份请用 --id 换个编号")
    try:
        with _staged(documents, name, lambda trial: _fill(trial, file, fields)) as settle:
            settle()
    except DocumentError as problem:
        raise DocumentError(f"{file}: {problem}") from problem
    return name


def staged_copy(folder: Path, documents: Path) -> AbstractContextManager[Settle]:
    """A copy of a document's folder, made and validated beside the documents; deleted at the end unless settled.

    The callable given moves it among the documents by renaming, and sets one of the same name apart. Both raise
    DocumentError.
    """
    return _staged(documents, folder.name, lambda trial: shutil.copytree(folder, trial))


@contextmanager
def _staged(documents: Path, name: str, fill: Callable[[Path], object]) -> Iterator[Settle]:
    """A temporary folder; the callable given moves it into its place."""
    folder, trial = documents / name, documents / f".{name}-{time.time_ns()}"

    def settle() -> None:
        with _writing(documents):
            if folder.exists():
                _set_apart(documents, name)
            trial.rename(folder)

    try:
        with _writing(documents):
            fill(trial)
            _refuse_unreadable(trial)
        yield settle
    finally:
        shutil.rmtree(trial, ignore_errors=True)


@contextmanager
def _writing(documents: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise DocumentError(f"{documents}: 写不进去（{reason(problem)}）") from problem


def _refuse_unreadable(trial: Path) -> None:
    try:
        read_one(trial)
    except DocumentError as problem:
        raise DocumentError(str(problem).removeprefix(f"{trial}: ")) from problem


def corrected(folder: Path, changed: Mapping[str, Any], document: Document, passages: Sequence[Passage]) -> str:
    """The description of a document with fields changed. Raises DocumentError when that is invalid."""
    fields = {**yaml.safe_load((folder / DESCRIPTION).read_text(encoding="utf-8")), **changed}
    refuse_unknown_parts(folder, redescribed(folder, fields, document), passages)
    return _in_yaml(fields)


def _fill(folder: Path, file: Path, fields: dict[str, Any]) -> None:
    name = f"text{file.suffix.lower()}"
    folder.mkdir(parents=True)
    shutil.copyfile(file, folder / name)
    (folder / DESCRIPTION).write_text(_in_yaml({**fields, "file": name}), encoding="utf-8")


def _in_yaml(fields: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False))


def take_down(documents: Path, name: str) -> Path:
    """Set a document's folder apart, where it is not read; returns its place. Raises DocumentError if missing."""
    if not (documents / name / DESCRIPTION).is_file():
        raise DocumentError(f"没有编号为“{name}”的文件")
    with _writing(documents):
        return _set_apart(documents, name)


def _set_apart(documents: Path, name: str) -> Path:
    apart = documents / TAKEN_DOWN / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1_000_000:06}"
    apart.parent.mkdir(exist_ok=True)
    (documents / name).rename(apart)
    return apart


def _lines(file: Path) -> list[Line]:
    try:
        lines = reader_of(file.name)(load(file))
        refuse_secret(lines)
        return lines
    except OSError as problem:
        raise DocumentError(f"{file}: 读不了（{reason(problem)}）") from problem
    except NotText as problem:
        raise DocumentError(f"{file}: {problem}") from problem


def described(lines: Sequence[Line], given: Given, name: str) -> dict[str, Any]:
    """The fields of the description. Raises DocumentError naming those that could not be derived."""
    head = [line.text.strip() for line in lines if line.text.strip()][:HEAD]
    titles = [found.group(1).strip() for text in head if (found := TITLE.match(text))]
    title = given.title or next(iter(titles), "")
    if not title:
        raise DocumentError(f"{name}: 没有找到标题，请写明标题（用命令时是 --title）")
    drafts = (draft_of(text) for text in head if IS_DRAFT.fullmatch(text))
    if not given.title and not draft_of(title) and (draft := next(drafts, "")):
        title = f"{title}（{draft}）"
    year = given.year or _year(title, head)
    if not year:
        raise DocumentError(f"{name}: 没有找到年份，请写明年份（用命令时是 --year）")
    place = PLACE.match(title) or next((found for text in head if (found := HELD_AT.search(text))), None)
    publisher = given.publisher or (f"{place.group(1)}人民政府" if place else "")
    if not publisher:
        raise DocumentError(f"{name}: 没有看出是哪里发布的，请写明发布单位（用命令时是 --publisher）")
    kind = given.kind or ("regulation" if RULES.search(title) else "review" if REVIEWS.search(title) else "annual_plan")
    places = _names_of(place.group(1)) if place else []
    return {"title": title, "year": year, "kind": kind, "publisher": publisher, "place_names": places}


def _names_of(place: str) -> list[str]:
    """The names of a place, the longest first: 临江市青山区, 青山区, 临江市, 青山, 临江."""
    units = UNITS.findall(place)
    stems = [SUFFIX.sub("", unit) for unit in reversed(units)]
    return list(dict.fromkeys([place, *reversed(units), *(stem for stem in stems if len(stem) > 1)]))


def _year(title: str, head: Sequence[str]) -> int | None:
    """The year in the title, or of the day it was given, or else the latest one named at its head."""
    named = YEAR.search(title) or next((YEAR.search(text) for text in head if GIVEN.match(text)), None)
    years = [int(year) for text in head for year in YEAR.findall(text)]
    return int(named.group(1)) if named else max(years, default=None)


def _name(fields: dict[str, Any]) -> str:
    """The folder name for a document: its title in Latin letters and its year."""
    bare = YEAR.sub("", fields["title"])
    letters = re.sub("[^a-z0-9]", "", "".join(lazy_pinyin(bare)).lower())
    return f"{letters[:40]}-{fields['year']}"
