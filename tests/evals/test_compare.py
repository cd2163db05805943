from dataclasses import replace
from pathlib import Path

import pytest

from evals.__main__ import main
from evals.case import Case, Result
from evals.compare import differences, lines
from evals.run import store


def result(case_id: str, text: str, answer_id: str = "a") -> Result:
    answer = {"id": answer_id, "status": "answered", "answer": text, "citations": []}
    return Result(Case(case_id, "number", "几个", True), answer, (), 1.0)


def test_only_what_is_answered_otherwise_differs() -> None:
    before = [result("1", "五个"), result("2", "三个")]
    after = [result("1", "五个", "b"), result("2", "四个")]
    assert [(d.case.id, d.kinds) for d in differences(before, after)] == [("2", ("answer",))]
    stopped = replace(after[0], answer={**after[0].answer, "status": "clarify"})
    assert [d.kinds for d in differences(before, [stopped])] == [("status",)]


def test_cases_that_one_run_lacks_are_counted() -> None:
    told = lines([result("1", "五个")], [result("2", "五个")])
    assert told == ["1 题，不同 0 题，只在前一次的 1 题，只在后一次的 1 题"]


def test_command_fails_when_anything_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store([result("1", "五个")], tmp_path / "a")
    store([result("1", "六个")], tmp_path / "b")
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "a")]) == 0
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "b")]) == 1
    assert "六个" in capsys.readouterr().out
