from dataclasses import replace

import pytest

from evals.case import Case
from evals.score import score

CASE = Case(
    "1", "number", "几个", True, evidence=("新建食堂5个",), must_include=(("5个", "五个"),), must_not_include=("6个",)
)
TEXT = "优化服务,新建食堂5个。"
GOOD = {
    "status": "answered",
    "answer": "新建食堂5个。[1]",
    "citations": [
        {"text": TEXT, "quote": "新建食堂5个", "start": 5, "end": 11, "document": "报告", "part": {"period": "2025年"}}
    ],
}


def verdicts(case: Case = CASE, **changes: object) -> dict[str, bool]:
    return score(case, {**GOOD, **changes}, str.lower)


def test_right_answer_passes_every_verdict() -> None:
    assert all(verdicts().values())


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({"status": "clarify"}, "status"),
        ({"answer": "新建食堂若干。[1]"}, "facts"),
        ({"answer": "新建食堂5个,不是6个。[1]"}, "forbidden"),
        ({"answer": "新建食堂5个,另有9家。[1]"}, "supported"),
        ({"answer": "新建食堂5个。[1]" + "啊" * 200}, "short"),
        ({"citations": [{**GOOD["citations"][0], "quote": "新建食堂6个"}]}, "verbatim"),  # type: ignore[dict-item]
        ({"citations": []}, "evidence"),
    ],
)
def test_each_fault_fails_its_verdict(changes: dict[str, object], failed: str) -> None:
    assert verdicts(**changes)[failed] is False


def test_quotation_marks_and_spaces_are_ignored() -> None:
    assert verdicts(answer="新建“食堂” 5 个。[1]")["facts"]


@pytest.mark.parametrize(
    ("behaviour", "status", "right"),
    [
        ("refuse", "unanswerable_not_in_report", True),
        ("refuse", "answered", False),
        ("emergency", "emergency", True),
        ("emergency", "refused_unsafe", False),
        ("greet", "smalltalk", True),
    ],
)
def test_case_that_must_not_be_answered_is_right_when_declined_rightly(
    behaviour: str, status: str, right: bool
) -> None:
    case = replace(
        CASE, answerable=False, expected_behavior=behaviour, evidence=(), must_include=(), must_not_include=()
    )
    assert verdicts(case, status=status)["status"] is right
