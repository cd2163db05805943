"""What another district changes: the name of the service, its place, its contacts, its example questions."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.answer import Contact
from bot.wording import read_yaml


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
    """The contents of `corpus/site.yaml`. `operator` answers for the service.

    `url` is its public address with a slash at the end, `id_code` and `column_type` what a government's site must tell
    of itself in the head of its pages; all three may be empty.
    """

    name: str
    place: str
    operator: str
    tagline: str
    hotline: Contact
    examples: tuple[Example, ...]
    contacts: tuple[Contact, ...] = ()
    footer: tuple[FooterLine, ...] = ()
    url: str = ""
    id_code: str = ""
    column_type: str = ""

    @property
    def domain(self) -> str:
        """The host of the public address; empty while that is not known."""
        return urlsplit(self.url).hostname or ""

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
            url=f"{fields['url'].rstrip('/')}/" if fields.get("url") else "",
            id_code=fields.get("id_code") or "",
            column_type=fields.get("column_type") or "",
        )
