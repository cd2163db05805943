"""What may be served: known marks, exact quotes, every figure of the text found in a passage it cites."""

from collections.abc import Sequence

from bot.answer import MARK, Citation
from corpus.figures import figures


class CheckFailed(Exception):
    """A text must not be served; the message says what is wrong with it."""


def check(text: str, citations: Sequence[Citation], said: str = "") -> None:
    """Raise CheckFailed when the text says anything that its citations do not support.

    `said` is wording of our own (lead-in, title and year), whose figures need no passage.
    """
    known = {c.mark for c in citations}
    unknown = {int(mark) for mark in MARK.findall(text)} - known
    if unknown:
        raise CheckFailed(f"mark without a citation: {sorted(unknown)}")
    for citation in citations:
        if citation.text[citation.start : citation.end] != citation.quote or not citation.quote:
            raise CheckFailed(f"quote [{citation.mark}] is not in its passage")
    sources = "\n".join([said, *(c.text for c in citations)])
    for figure in figures(MARK.sub("", text)):
        if figure.text not in sources:
            raise CheckFailed(f"figure {figure.text} stands in no cited passage")
