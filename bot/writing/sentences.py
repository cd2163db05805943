"""A model's text, cut into sentences with their marks as it streams in."""

import re
from collections.abc import Iterator

from bot.answer import MARK

# A sentence ends here; marks may stand before or after its end.
END = re.compile(r"[^。！？!?\n]*[。！？!?\n]+[”」』）)\"]*(?:\s*\[\d{1,3}\])*\s*")
MARKS = re.compile(r"[\[【]\^?\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]】]")
BULLET = re.compile(r"^\s*(?:[-*•·]\s+|\d{1,2}[.、)]\s*(?!\d))")


class Sentences:
    """Takes pieces of text, gives whole sentences as soon as they are known to be whole."""

    def __init__(self) -> None:
        self._rest = ""

    def take(self, piece: str) -> Iterator[str]:
        """The sentences that this piece completes.

        One that has its mark already is whole at its end; else a mark may still follow.
        """
        self._rest += piece
        while found := END.match(self._rest):
            sentence = found.group()
            last = found.end() == len(self._rest)
            unsure = last or self._rest[found.end()] in "[【"
            if unsure and not MARKS.search(sentence):
                return
            self._rest = self._rest[found.end() :]
            yield from _tidied(sentence)

    def end(self) -> Iterator[str]:
        """What is left when the text is over."""
        rest, self._rest = self._rest, ""
        yield from _tidied(rest)

    @property
    def pending(self) -> int:
        """How many characters wait for the end of their sentence."""
        return len(self._rest)


def _tidied(sentence: str) -> Iterator[str]:
    """The sentence with marks in one form and no bullet; nothing for an empty one."""
    plain = MARKS.sub(lambda m: "".join(f"[{n}]" for n in re.findall(r"\d+", m.group(1))), sentence)
    plain = BULLET.sub("", plain).strip()
    if MARK.sub("", plain).strip(" 。！？!?"):
        yield plain
