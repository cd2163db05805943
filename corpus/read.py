"""Files to documents and lines. One small function a format; plain text and Markdown for now."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from corpus.passage import Document, MissingPart

ENCODINGS = ("utf-8-sig", "gb18030")


class DocumentError(Exception):
    """A document folder cannot be read; the message names the folder, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file without its line end; `start` is its offset in the decoded file."""

    text: str
    start: int


def read_document(folder: Path) -> tuple[Document, list[Line]]:
    """The document described by `folder/document.yaml` and the lines of its file. Raises DocumentError."""
    description = folder / "document.yaml"
    try:
        fields: dict[str, Any] = yaml.safe_load(description.read_text(encoding="utf-8"))
        path = folder / fields["file"]
        data = path.read_bytes()
        lines = READERS[path.suffix.lower()](data)
        return _document(folder.name, fields, data), lines
    except FileNotFoundError as missing:
        raise DocumentError(f"{folder}: 缺少文件 {missing.filename}，请补上后重建索引") from missing
    except yaml.YAMLError as broken:
        raise DocumentError(f"{description}: 不是有效的 YAML:{broken}") from broken
    except KeyError as absent:
        raise DocumentError(f"{description}: 缺少字段或不支持的文件格式 {absent}") from absent


def _document(folder_name: str, fields: dict[str, Any], data: bytes) -> Document:
    return Document(
        id=folder_name,
        title=fields["title"],
        year=int(fields["year"]),
        kind=fields.get("kind", "annual_plan"),
        publisher=fields["publisher"],
        place_names=tuple(fields.get("place_names", ())),
        source=fields.get("source", ""),
        licence=fields.get("licence", ""),
        sha256=hashlib.sha256(data).hexdigest(),
        parts_held=tuple(fields.get("parts_held", ())),
        parts_missing=tuple(MissingPart(p["title"], int(p["year"])) for p in fields.get("parts_missing", ())),
    )


def decode(data: bytes) -> str:
    """Text of a Chinese file in UTF-8 or GB18030. Raises DocumentError for anything else."""
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError("文件既不是 UTF-8 也不是 GB18030 编码，请另存为 UTF-8")


def read_text(data: bytes) -> list[Line]:
    """Lines of a plain text file; carriage returns are left out of the text and counted in the offsets."""
    lines, start = [], 0
    for raw in decode(data).split("\n"):
        lines.append(Line(raw.rstrip("\r"), start))
        start += len(raw) + 1
    return lines


READERS: dict[str, Callable[[bytes], list[Line]]] = {".txt": read_text, ".md": read_text}
