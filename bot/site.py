"""What another district changes: the name of the service, its place, its hotline, its example questions."""

from dataclasses import dataclass
from pathlib import Path

from bot.answer import Contact
from bot.wording import read_yaml


@dataclass(frozen=True, slots=True)
class Site:
    """The contents of `corpus/site.yaml`."""

    name: str
    place: str
    tagline: str
    hotline: Contact
    examples: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> "Site":
        """Read the file. Raises WordingError (file) or KeyError (field)."""
        fields = read_yaml(path)
        return cls(
            name=fields["name"],
            place=fields["place"],
            tagline=fields["tagline"],
            hotline=Contact(**fields["hotline"]),
            examples=tuple(fields["examples"]),
        )
