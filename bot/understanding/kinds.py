"""Kinds of detail a question may ask for (a number, a date, a place, a price …) and what would prove one answered.

Which of them a question asks for is learned: `bot/understanding/details.py`. What proves them, and the words that
mark claims, lists and the like, are data: `corpus/lexicon/asked.yaml`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.wording import WordingError, any_of, read_yaml
from corpus.figures import NUMERALS


class Kind(StrEnum):
    """Every kind of detail that can be asked for: exactly those of `asked.yaml`."""

    COUNT = "count"
    MONEY = "money"
    RATE = "rate"
    TIME = "time"
    PLACE = "place"
    NAME = "name"
    WHO = "who"
    PRICE = "price"
    CONTACT = "contact"
    PROCEDURE = "procedure"
    REASON = "reason"
    PROGRESS = "progress"
    MINE = "mine"


# What a claim of a figure of a dimension asks to have confirmed; of any other dimension, how many.
CLAIMED = {"元": Kind.MONEY, "%": Kind.RATE, "百分点": Kind.RATE, "年": Kind.TIME, "月": Kind.TIME}


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that can be asked for; `label` names it in "报告没有说明…"."""

    kind: Kind
    label: str
    proof: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues of `asked.yaml`, compiled. Patterns are searched in folded text."""

    items: tuple[Asked, ...]
    stages: tuple[tuple[str, re.Pattern[str]], ...]
    not_places: frozenset[str]
    place_kinds: tuple[frozenset[str], ...]
    question: re.Pattern[str]
    claim: re.Pattern[str]
    dismissal: re.Pattern[str]
    list: re.Pattern[str]
    mentions: re.Pattern[str]
    amounts: re.Pattern[str]
    filter: re.Pattern[str]
    below: re.Pattern[str]
    stage_list: re.Pattern[str]

    @classmethod
    def load(cls, lexicon_dir: Path) -> "Cues":
        """Read and compile. Raises WordingError for other kinds, KeyError or re.error for a broken file."""
        content = read_yaml(lexicon_dir / "asked.yaml")
        _refuse_other_kinds({item["name"] for item in content["items"]})
        items = tuple(
            Asked(Kind(item["name"]), item["label"], re.compile(item["proof"]) if item["proof"] else None)
            for item in content["items"]
        )
        keys = ("cues", "claims", "lists", "mentions", "amounts", "filters", "stage_lists")
        question, claim, listing, mentions, amounts, filters, stage_list = (any_of(content[key]) for key in keys)
        return cls(
            items=items,
            stages=tuple((name, re.compile(pattern)) for name, pattern in content["stages"]),
            not_places=frozenset(content["not_places"]),
            place_kinds=tuple(frozenset(kinds) for kinds in content["place_kinds"]),
            question=question,
            claim=claim,
            dismissal=any_of(content["dismissals"]),
            list=listing,
            mentions=mentions,
            amounts=amounts,
            filter=filters,
            below=re.compile(content["below"]),
            stage_list=stage_list,
        )

    def asked_by(self, dimension: str) -> tuple[Asked, ...]:
        """What a claim of a figure of this dimension asks to have confirmed."""
        kind = CLAIMED.get(dimension, Kind.COUNT)
        return tuple(item for item in self.items if dimension and item.kind is kind)

    def places_asked(self, folded: str) -> frozenset[str]:
        """The kinds of places (road, river …) of which a question asks which one; empty for none."""
        asked = WHICH.findall(folded)
        return next((k for k in self.place_kinds if any(text.startswith(n) for text in asked for n in k)), frozenset())

    def stages_of(self, folded: str) -> frozenset[str]:
        """The stages of a project (开工, 投用 …) that a folded text speaks of."""
        return frozenset(name for name, pattern in self.stages if pattern.search(folded))


# What follows "which", with or without a count.
WHICH = re.compile(rf"哪(?:些|几|一|[\d{NUMERALS}两]+)?(?:个|条|座|处|所)?([\u4e00-\u9fff]{{1,2}})")


def _refuse_other_kinds(named: set[str]) -> None:
    """Raise WordingError unless exactly the kinds the program knows are named."""
    wrong = sorted(named ^ set(Kind))
    if wrong:
        raise WordingError(f"asked.yaml：这些名字应与程序里的 Kind 一一对应：{'、'.join(wrong)}")
