"""What another district changes: the name of the service, its place, its contacts, its example questions."""

from dataclasses import dataclass
from pathlib import Path

from bot.answer import Contact
from bot.wording import read_yaml

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
class Site:
    """The contents of `corpus/site.yaml`. `operator` answers for the service, complaints in so many working days.

    `id_code` and `column_type` are what a government's site must tell of itself in the head of its pages; both may be
    empty.
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

    @classmethod
    def load(cls, path: Path) -> "Site":
        """Read the file. Raises WordingError (file) or KeyError (field)."""
        fields = read_yaml(path)
        return cls(
            name=fields["name"],
            place=fields["place"],
            operator=fields["operator"],
            tagline=fields["tagline"],
            hotline=Contact(**fields["hotline"]),
            examples=tuple(Example(**example) for example in fields["examples"]),
            contacts=tuple(Contact(**contact) for contact in fields.get("contacts") or ()),
            footer=tuple(FooterLine(**line) for line in fields.get("footer") or ()),
            id_code=fields.get("id_code") or "",
            column_type=fields.get("column_type") or "",
            complaint_days=int(fields.get("complaint_days", COMPLAINT_DAYS)),
        )
