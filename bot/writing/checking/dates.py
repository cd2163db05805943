"""The dates of a sentence: each must be one that its sources name, as exactly as they do."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DATE, SINCE = re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?"), re.compile(r"\d{4}年(?:起|以来|开始)")
RELATIVE = re.compile("去年|前年|明年|后年")


@dataclass(frozen=True)
class Dates:
    """`moments` are the stretches of time that must be named alike: 8月底前, 上半年."""

    moments: re.Pattern[str]

    def unknown(self, text: str, texts: Sequence[str], beside: str) -> Iterator[str]:
        """The dates of a sentence that neither the sources nor what stands beside them have, all in plain form."""
        said, told = "\n".join([*texts, beside]), "\n".join(texts)
        yield from (moment for moment in self.moments.findall(text) if moment not in said)
        yield from (date for date in DATE.findall(text) if date not in said and not _of_the_year(date, beside, said))
        yield from (since for since in SINCE.findall(text) if since not in told)
        yield from (year for year in RELATIVE.findall(text) if year not in said)


def _of_the_year(date: str, beside: str, said: str) -> bool:
    """Whether a date is one of the document's own year, which its paragraphs leave out (2025年8月 for 8月)."""
    year, rest = date.split("年")
    return f"{year}年" in beside and bool(re.search(rf"(?<!年)(?<!\d){rest}", said))
