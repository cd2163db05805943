"""What another district changes: the name of the service, its place, its contacts, its example questions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml

from bot.answer import Contact
from bot.wording import WordingError, read_yaml

ZONE = "Asia/Shanghai"
PHONE = re.compile(r"[\d\- 转()\uff08\uff09、/]{3,60}")
# Characters allowed in a URL: a browser takes a backslash for a slash, and stops at quotation marks.
ADDRESS = re.compile(r"https?://[\x21-\x7e]+")
UNSAFE = re.compile(r"[\\\"'<>`^{}|@]")
REQUIRED = ("topic", "purpose", "name", "phone")

COMPLAINT_DAYS = 15


@dataclass(frozen=True, slots=True)
class Example:
    """A question to begin with, and the topic it stands for."""

    topic: str
    question: str


@dataclass(frozen=True, slots=True)
class FooterLine:
    """A line of the footer, such as a filing number; `url` may be empty."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Department:
    """The department for a kind of matter, as the office lists it: `purpose` is what people go there for.

    `url` leads to the online service; `checked` is the day it was last verified (ISO 8601).
    """

    topic: str
    purpose: str
    name: str
    phone: str
    hours: str = ""
    url: str = ""
    checked: str = ""

    @property
    def contact(self) -> Contact:
        """The department as a contact."""
        return Contact(self.name, self.phone, self.purpose, self.hours, self.url, self.checked)


@dataclass(frozen=True, slots=True)
class Site:
    """The contents of `corpus/site.yaml`. `operator` answers for the service, complaints in so many working days.

    `id_code` and `column_type` are what a government site must state in the head of its pages; both may be
    empty. `domains` are the government's: a link leads to one of them or is none. `zone` is that of the clock on the
    wall.
    """

    name: str
    place: str
    operator: str
    tagline: str
    hotline: Contact
    examples: tuple[Example, ...]
    contacts: tuple[Contact, ...] = ()
    footer: tuple[FooterLine, ...] = ()
    id_code: str = ""
    column_type: str = ""
    complaint_days: int = COMPLAINT_DAYS
    departments: tuple[Department, ...] = ()
    domains: tuple[str, ...] = ()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(ZONE))

    @classmethod
    def load(cls, path: Path) -> "Site":
        """Read the file. Raises WordingError (file, and line where it can be told) or KeyError (field)."""
        found = read_yaml(path)
        made = cls(
            name=found["name"],
            place=found["place"],
            operator=found["operator"],
            tagline=found["tagline"],
            hotline=Contact(**found["hotline"]),
            examples=tuple(Example(**example) for example in found["examples"]),
            contacts=tuple(Contact(**contact) for contact in found.get("contacts") or ()),
            footer=tuple(FooterLine(**line) for line in found.get("footer") or ()),
            id_code=found.get("id_code") or "",
            column_type=found.get("column_type") or "",
            complaint_days=int(found.get("complaint_days") or COMPLAINT_DAYS),
            departments=tuple(_departments(found.get("departments") or (), path)),
            domains=tuple(_domains(found.get("domains") or (), path)),
            zone=_zone(found.get("timezone") or ZONE, path),
        )
        for number, department in enumerate(made.departments):
            if department.url and not made.is_official(department.url):
                raise _wrong(path, number, f"网址“{department.url}”不在 domains 列出的域名里")
        return made

    @property
    def offices(self) -> tuple[Contact, ...]:
        """Every contact a resident may be referred to, the hotline first."""
        return (self.hotline, *self.contacts, *(department.contact for department in self.departments))

    def is_official(self, url: str) -> bool:
        """Whether an address is a plain http(s) one on a domain of the government."""
        host = host_of(url)
        return bool(host) and any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


def host_of(url: str) -> str:
    """The host of a plain http(s) address, in lower case; empty for everything else."""
    if not ADDRESS.fullmatch(url) or UNSAFE.search(url):
        return ""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _domains(listed: Any, path: Path) -> Iterator[str]:
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise WordingError(f"{path} 的 domains 应是一张列表，例如 [gov.cn]")
    for domain in listed:
        bare = str(domain or "").lower().strip(".")
        if not bare:
            raise WordingError(f"{path} 的 domains 里有空的一项，请删去")
        yield bare


def _departments(rows: Any, path: Path) -> Iterator[Department]:
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise WordingError(f"{path} 的 departments 应是一张列表")
    known = {one.name for one in fields(Department)}
    for number, row in enumerate(rows):
        problem = _problem(row, known)
        if problem:
            raise _wrong(path, number, problem)
        yield Department(**{name: str(value).strip() for name, value in row.items() if value is not None})


def _problem(row: Any, known: set[str]) -> str:
    """What is wrong with a row; empty when nothing."""
    if not isinstance(row, dict):
        return "应是“名称: 内容”的形式"
    unknown = [name for name in row if name not in known]
    if unknown:
        return f"没有“{unknown[0]}”这一栏，只有 {'、'.join(sorted(known))}"
    missing = [name for name in REQUIRED if not str(row.get(name) or "").strip()]
    if missing:
        return f"缺少 {missing[0]}"
    if not isinstance(row["phone"], str) or not PHONE.fullmatch(row["phone"].strip()):
        return f"phone 应是加引号的电话号码，现在是“{row['phone']}”"
    return "" if _is_day(row.get("checked")) else f"checked 应写成 2025-03-01 这样的日期，现在是“{row['checked']}”"


def _is_day(value: Any) -> bool:
    try:
        return value is None or bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


def _wrong(path: Path, number: int, problem: str) -> WordingError:
    """An error that names the line of a department."""
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    rows = next(value for key, value in root.value if key.value == "departments")
    return WordingError(f"{path} 第{rows.value[number].start_mark.line + 1}行：departments 的这一项{problem}")


def _zone(name: str, path: Path) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as problem:
        raise WordingError(f"{path} 的 timezone 没有“{name}”这个时区，应写成 {ZONE} 这样") from problem
