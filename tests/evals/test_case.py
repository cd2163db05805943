import json
from collections import Counter
from pathlib import Path

import pytest

from evals.case import CASES, Case, CaseError, load
from evals.score import BEHAVIOURS
from tests.conftest import ROOT

REPORT = (ROOT / "corpus" / "documents" / "luojiang-2025" / "report.txt").read_text(encoding="utf-8").replace(" ", "")


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [case for path in sorted(CASES.glob("*/*.jsonl")) for case in load(path)]


def served(cases: list[Case]) -> list[Case]:
    return [case for case in cases if case.document == "luojiang-2025"]


def test_ids_are_unique(cases: list[Case]) -> None:
    assert not [i for i, n in Counter(c.id for c in cases).items() if n > 1]


def test_evidence_stands_in_the_report(cases: list[Case]) -> None:
    assert not [(c.id, e) for c in served(cases) for e in c.evidence if e.replace(" ", "") not in REPORT]


def test_case_that_must_not_be_answered_has_no_evidence_and_a_known_behaviour(cases: list[Case]) -> None:
    closed = [c for c in cases if not c.answerable]
    assert closed
    assert all(not c.evidence and c.expected_behavior in BEHAVIOURS for c in closed)


def test_every_paragraph_is_asked_about_at_least_three_ways(cases: list[Case]) -> None:
    paragraphs = [line for line in REPORT.split("\n") if len(line) > 20 or line[:1].isdigit()]
    counts = [sum(any(e.replace(" ", "") in p for e in c.evidence) for c in served(cases)) for p in paragraphs]
    assert len(paragraphs) == 46
    assert min(counts) >= 3


def test_broken_line_is_told_with_file_and_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps({"id": "1", "category": "far", "question": "?", "answerable": False})
    path.write_text(f"{good}\n{{\n", encoding="utf-8")
    with pytest.raises(CaseError, match=r"a\.jsonl:2"):
        list(load(path))
