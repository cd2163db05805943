"""Case and Result: one evaluation question, and what came out of it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

CASES = Path(__file__).resolve().parent / "cases"


class CaseError(Exception):
    """A line of a case file is not a case; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question of the evaluation set; the fields are explained in `evals/cases/README.md`."""

    id: str
    category: str
    question: str
    answerable: bool
    persona: str = ""
    history: tuple[str, ...] = ()
    expected_behavior: str = "answer"
    evidence: tuple[str, ...] = ()
    related_evidence: tuple[str, ...] = ()
    must_include: tuple[tuple[str, ...], ...] = ()
    must_not_include: tuple[str, ...] = ()
    note: str = ""
    half: str = ""
    document: str = ""
    asks: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_of_a_pair(self) -> bool:
        """Whether it was written beside another that it cannot be told from: of such, half are not answered."""
        return self.source.endswith("-pairs")


@dataclass(frozen=True, slots=True)
class Result:
    """What the bot said to a case: the public contract's JSON, the passages found, and the time it took (ms)."""

    case: Case
    answer: dict[str, Any]
    found: tuple[str, ...]
    milliseconds: float
    verdicts: dict[str, bool] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """A line of the stored run."""
        return asdict(self)


def load(path: Path) -> Iterator[Case]:
    """The cases of a JSONL file. Raises CaseError."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                yield case_from({**json.loads(line), "document": path.parent.name, "source": path.stem}, path.stem)
            except (ValueError, TypeError, KeyError) as wrong:
                raise CaseError(f"{path}:{number}: {wrong}") from wrong


def case_from(fields: dict[str, Any], half: str = "") -> Case:
    """A Case from its JSON object."""
    known = {k: v for k, v in fields.items() if k in Case.__dataclass_fields__}
    known.setdefault("half", half.split("-")[0])
    for name in ("evidence", "related_evidence", "must_not_include", "asks"):
        known[name] = tuple(known.get(name, ()))
    known["history"] = tuple(h if isinstance(h, str) else h["content"] for h in known.get("history", ()))
    known["must_include"] = tuple(tuple(group) for group in known.get("must_include", ()))
    return Case(**known)
