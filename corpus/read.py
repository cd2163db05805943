"""Folders to documents and lines: what `document.yaml` says, and the text of the file beside it."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from corpus.folder import reason
from corpus.passage import Document, DocumentKind, MissingPart, Part, PartKind
from corpus.reading.formats import load, reader_of
from corpus.reading.lines import Line, NotText

DESCRIPTION = "document.yaml"
# A security classification on its own line (GB/T 9704-2012, 7.2.2), and how many lines are the head of a text.
SECRET = re.compile(
    r"(?:密级[:：]\s*)?[【\[（(]?(?:绝密|机密|秘密|内部(?:资料|文件|材料|使用)?)[】\]）)]?(?:[\s★☆·,，].{0,20})?$"
)
HEAD = 20


class DocumentError(Exception):
    """A document folder cannot be read; the message names the folder, what is wrong and what to do."""


def read_document(folder: Path) -> tuple[Document, list[Line]]:
    """The document described by `folder/document.yaml` and the lines of its file. Raises DocumentError."""
    description = folder / DESCRIPTION
    try:
        fields = _Fields(description, yaml.safe_load(description.read_text(encoding="utf-8")))
        path = folder / fields.file()
        read, data = reader_of(path.name), load(path)
        lines = read(data)
        refuse_secret(lines)
        return _document(folder.name, fields, hashlib.sha256(data).hexdigest()), lines
    except FileNotFoundError as missing:
        raise DocumentError(f"{folder}: 缺少文件 {missing.filename}，请补上后重建索引") from missing
    except OSError as problem:
        raise DocumentError(f"{problem.filename}: 读不了（{reason(problem)}）") from problem
    except UnicodeDecodeError as problem:
        raise DocumentError(f"{description}: 不是 UTF-8 编码，请另存为 UTF-8") from problem
    except yaml.YAMLError as broken:
        raise DocumentError(f"{description}: 不是有效的 YAML:{broken}") from broken
    except NotText as problem:
        raise DocumentError(f"{path}: {problem}") from problem


def redescribed(folder: Path, fields: object, document: Document) -> Document:
    """A document with the same file and other fields. Raises DocumentError."""
    return _document(folder.name, _Fields(folder / DESCRIPTION, fields), document.sha256)


class _Fields:
    """The validated fields of a description. Raises DocumentError with the field and its form."""

    def __init__(self, description: Path, fields: object) -> None:
        self._description = description
        if not isinstance(fields, dict):
            raise self._wrong("应是一行一个“字段: 内容”")
        self._fields: dict[str, Any] = fields

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required without a default."""
        value = self._fields.get(name, default)
        if value is None:
            raise self._wrong(f"缺少字段 {name}")
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self._wrong(f"{name} 应是文字，现在是 {value!r}")
        return value

    def file(self) -> str:
        """The name of a file within the folder."""
        name = self.text("file")
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise self._wrong(f"file 应是同一个文件夹里的文件，现在是 {name}")
        return name

    def one_of(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """One of a closed list of words."""
        value = self.text(name, default)
        if value not in choices:
            raise self._wrong(f"{name} 应是 {'、'.join(choices)} 之一，现在是 {value}")
        return value

    def parts(self) -> tuple[Part, ...]:
        """The parts with a stated kind and years; `since` is the first year of several."""
        inner = [_Fields(self._description, one) for one in self._list("parts")]
        return tuple(
            Part(
                title=part.text("title"),
                kind=cast(PartKind, part.one_of("kind", get_args(PartKind))),
                since=part.year("since" if "since" in part else "year"),
                until=part.year(),
            )
            for part in inner
        )

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty where there is none."""
        found = self._list(name)
        if not all(isinstance(one, str) and one.strip() for one in found):
            raise self._wrong(f"{name} 的每一项应是文字")
        return tuple(found)

    def missing_parts(self) -> tuple[MissingPart, ...]:
        """The parts that this copy has not."""
        inner = [_Fields(self._description, one) for one in self._list("parts_missing")]
        return tuple(MissingPart(part.text("title"), part.year()) for part in inner)

    def year(self, name: str = "year") -> int:
        """A year of four digits."""
        value = self._fields.get(name)
        if value is None:
            raise self._wrong(f"缺少字段 {name}")
        if isinstance(value, bool) or not re.fullmatch("[0-9]{4}", str(value)):
            raise self._wrong(f"{name} 应是四位数字，例如 {name}: 2025；现在是 {value!r}")
        return int(value)

    def _list(self, name: str) -> list[Any]:
        value = self._fields.get(name) or []
        if not isinstance(value, list):
            raise self._wrong(f"{name} 应是一个列表，一行一个“- 内容”")
        return value

    def _wrong(self, said: str) -> DocumentError:
        return DocumentError(f"{self._description}: {said}")


def _document(folder_name: str, fields: _Fields, sha256: str) -> Document:
    return Document(
        id=folder_name,
        title=fields.text("title"),
        year=fields.year(),
        kind=cast(DocumentKind, fields.one_of("kind", get_args(DocumentKind), "annual_plan")),
        publisher=fields.text("publisher"),
        place_names=fields.texts("place_names"),
        source=fields.text("source", ""),
        licence=fields.text("licence", ""),
        sha256=sha256,
        parts_missing=fields.missing_parts(),
        parts=fields.parts(),
    )


def refuse_secret(lines: Sequence[Line]) -> None:
    """Raise NotText when the head of a text marks it as not public."""
    head = [line.text.strip() for line in lines if line.text.strip()][:HEAD]
    marked = next((text for text in head if SECRET.match(text)), "")
    if marked:
        raise NotText(f"标有“{marked}”，不是公开的文件，不能收录")
