"""What a question asks for (a number, a date, a place, a price …) and what would prove it answered.

The cues are data: `corpus/lexicon/asked.yaml`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.wording import WordingError, read_yaml


class Kind(StrEnum):
    """Every kind of detail that can be asked for: exactly those of `asked.yaml`."""

    DURATION = "duration"
    SHARE = "share"
    ELIGIBLE = "eligible"
    RECRUIT = "recruit"
    RELOCATION = "relocation"
    LENGTH = "length"
    MINE = "mine"
    PROGRESS = "progress"
    VERSION = "version"
    HOURS = "hours"
    PRICE = "price"
    PHONE = "phone"
    PROCEDURE = "procedure"
    PERSON = "person"
    COMPANY = "company"
    REASON = "reason"
    DAY = "day"
    YEAR = "year"
    SCHEDULE = "schedule"
    PLACE = "place"
    WHICH = "which"
    CAPACITY = "capacity"
    GROWTH = "growth"
    MONEY = "money"
    COUNT = "count"
    NAMES = "names"
    TITLE = "title"


# What a claim of a figure of a dimension asks to have confirmed; of any other dimension, how many.
CLAIMED = {"元": Kind.MONEY, "%": Kind.GROWTH, "百分点": Kind.GROWTH, "年": Kind.YEAR, "月": Kind.SCHEDULE}


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that can be asked for; `label` names it in "报告没有说明…"."""

    kind: Kind
    label: str
    asks: re.Pattern[str]
    proof: re.Pattern[str]
    over: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues of `asked.yaml`, compiled. Patterns are searched in folded text."""

    items: tuple[Asked, ...]
    stages: tuple[tuple[str, re.Pattern[str]], ...]
    not_places: frozenset[str]
    place_kinds: tuple[frozenset[str], ...]
    question: re.Pattern[str]
    claim: re.Pattern[str]
    list: re.Pattern[str]
    definition: re.Pattern[str]
    mentions: re.Pattern[str]
    amounts: re.Pattern[str]
    filter: re.Pattern[str]
    below: re.Pattern[str]
    stage_list: re.Pattern[str]
    predicates: tuple[re.Pattern[str], ...]
    heads: tuple[re.Pattern[str], ...]
    either: re.Pattern[str]
    plan_words: frozenset[str]
    scopes: tuple[str, ...]

    @classmethod
    def load(cls, lexicon_dir: Path) -> "Cues":
        """Read and compile. Raises WordingError for other kinds, KeyError or re.error for a broken file."""
        content = read_yaml(lexicon_dir / "asked.yaml")
        _refuse_other_kinds({name for item in content["items"] for name in (item["name"], *item.get("over", ()))})
        items = tuple(
            Asked(
                Kind(item["name"]),
                item["label"],
                _any(item["asks"]),
                re.compile(item["proof"]),
                frozenset(map(Kind, item.get("over", ()))),
            )
            for item in content["items"]
        )
        keys = ("definitions", "mentions", "amounts", "filters", "stage_lists")
        question, claim, listing = (_any(content[key]) for key in ("cues", "claims", "lists"))
        definition, mentions, amounts, filters, stage_list = (_any(content[key]) for key in keys)
        return cls(
            items=items,
            stages=tuple((name, re.compile(pattern)) for name, pattern in content["stages"]),
            not_places=frozenset(content["not_places"]),
            place_kinds=tuple(frozenset(kinds) for kinds in content["place_kinds"]),
            question=question,
            claim=claim,
            list=listing,
            definition=definition,
            mentions=mentions,
            amounts=amounts,
            filter=filters,
            below=re.compile(content["below"]),
            stage_list=stage_list,
            predicates=tuple(re.compile(pattern) for pattern in content["predicates"]),
            heads=tuple(re.compile(pattern) for pattern in content["heads"]),
            either=re.compile(content["alternatives"]),
            plan_words=frozenset(content["plan_words"]),
            scopes=tuple(content["scopes"]),
        )

    def asked(self, folded: str) -> tuple[Asked, ...]:
        """What a folded question asks for, the more telling first; less telling readings are left out."""
        found = [item for item in self.items if item.asks.search(folded)]
        beaten = {kind for item in found for kind in item.over}
        return tuple(item for item in found if item.kind not in beaten)

    def asked_by(self, dimension: str) -> tuple[Asked, ...]:
        """What a claim of a figure of this dimension asks to have confirmed."""
        kind = CLAIMED.get(dimension, Kind.COUNT)
        return tuple(item for item in self.items if dimension and item.kind is kind)

    def predicate(self, folded: str) -> str:
        """The point that a yes-or-no question asks about, or an empty string."""
        return next((m["x"] for p in self.predicates if (m := p.search(folded))), "")

    def head(self, folded: str) -> str:
        """What follows "which" or "what kind of" in a question, or an empty string."""
        return next((m["x"] for p in self.heads if (m := p.search(folded))), "")

    def alternatives(self, folded: str) -> tuple[str, str] | None:
        """The two things of which a question asks which one it is (快充还是慢充), or None."""
        found = self.either.search(folded)
        return (found["a"], found["b"]) if found else None

    def places_asked(self, folded: str) -> frozenset[str]:
        """The kinds of places (road, village …) of which a question asks which one; empty for none."""
        asked = next((item for item in self.items if item.kind is Kind.WHICH), None)
        found = asked.asks.search(folded) if asked else None
        if not found:
            return frozenset()
        return next((k for k in self.place_kinds if any(found.group().endswith(name) for name in k)), frozenset())

    def beyond_plans(self, word: str) -> str:
        """What is left of a word without the things that every plan does (保护措施 -> nothing)."""
        for vague in self.plan_words:
            word = word.replace(vague, "")
        return word

    def stages_of(self, folded: str) -> frozenset[str]:
        """The stages of a project (开工, 投用 …) that a folded text speaks of."""
        return frozenset(name for name, pattern in self.stages if pattern.search(folded))


def _refuse_other_kinds(named: set[str]) -> None:
    """Raise WordingError unless exactly the kinds the program knows are named."""
    wrong = sorted(named ^ set(Kind))
    if wrong:
        raise WordingError(f"asked.yaml：这些名字应与程序里的 Kind 一一对应：{'、'.join(wrong)}")


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))
