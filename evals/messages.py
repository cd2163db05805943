"""What people write, labelled with what they want, and questions, with what they ask for: what models learn from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MESSAGES = Path(__file__).resolve().parent / "messages"
QUESTIONS = Path(__file__).resolve().parent / "questions"


class MessageError(Exception):
    """A line of a message file is not a label, a tab and a text; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text and its label: a family (ordinary, emergency …) with a kind behind a dot where it has kinds.

    `half` is `learned` or `blind`; `source` is the file it stands in.
    """

    label: str
    text: str
    half: str
    source: str

    @property
    def family(self) -> str:
        """The label without its kind."""
        return self.label.split(".")[0]


def messages(folder: Path = MESSAGES) -> Iterator[Message]:
    """The lines of every `learned-*.tsv` and `blind-*.tsv`. Raises MessageError."""
    for path in sorted(folder.glob("*.tsv")):
        yield from _lines(path, path.stem.split("-")[0])


def questions(folder: Path = QUESTIONS) -> Iterator[Message]:
    """Questions on anything a government does, labelled with what they ask for. Raises MessageError."""
    for path in sorted(folder.glob("*.tsv")):
        yield from _lines(path, "learned")


def _lines(path: Path, half: str) -> Iterator[Message]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        label, tab, text = line.partition("\t")
        if not (label and tab and text.strip()):
            raise MessageError(f"{path}:{number}: 应是“标签、制表符、原话”")
        yield Message(label, text.strip(), half, path.stem)
