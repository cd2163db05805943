import json
from pathlib import Path

import pytest

from bot.pipeline import Bot
from evals import report
from evals.case import Result
from evals.retrieval import compare, evidence_within, over_pairs
from evals.run import ask, scored, store, stored, task_of
from evals.sources import sources
from tests.conftest import ROOT

# Every so many cases are asked, and by how many points their score may differ from that of all.
SAMPLED, NOISE = 6, 2.5


@pytest.fixture(scope="module")
def results(bot: Bot) -> list[Result]:
    served = next(source for source in sources() if source.is_served)
    cases = [case for case in served.cases() if not case.is_of_a_pair]
    return scored(ask(bot, cases[::SAMPLED]), bot.index.corpus.words.fold)


def test_overall_score_has_not_fallen(results: list[Result]) -> None:
    baseline = json.loads((ROOT / "evals" / "baseline.json").read_text(encoding="utf-8"))["luojiang-2025"]
    assert report.overall(results) >= baseline - NOISE


def test_every_quote_is_verbatim_and_every_figure_is_cited(results: list[Result]) -> None:
    assert all(r.verdicts["verbatim"] and r.verdicts["supported"] for r in results)


def test_no_case_ends_in_an_internal_error(results: list[Result]) -> None:
    assert not [r.case.id for r in results if r.answer["status"] == "error_internal"]


def test_evidence_is_found_within_five_passages(bot: Bot, results: list[Result]) -> None:
    assert evidence_within(results, bot.index.corpus, 5) >= 0.95


def test_stored_run_scores_the_same_again(bot: Bot, results: list[Result], tmp_path: Path) -> None:
    store(results, tmp_path / "run.jsonl")
    again = scored(stored(tmp_path / "run.jsonl"), bot.index.corpus.words.fold)
    assert report.table(again) == report.table(results)


def test_report_page_shows_the_failures_escaped(results: list[Result], tmp_path: Path) -> None:
    report.write_page(results, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<article>") == sum(not report.is_right(r) for r in results)
    assert "<script" not in page


def test_chart_is_a_picture(results: list[Result], tmp_path: Path) -> None:
    report.write_chart(results, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_every_task_has_cases(results: list[Result]) -> None:
    assert {task_of(r.case) for r in results} == {"answers", "refusals", "guard", "robustness"}


def test_search_is_compared_with_the_usual_recipe_in_the_same_run(tmp_path: Path) -> None:
    paragraphs = [
        {"context": "今年新建食堂五个。", "qas": [{"question": "食堂建几个"}]},
        {"context": "道路硬化十公里。", "qas": [{"question": "道路硬化多少"}]},
        {"context": "医院建成投用。", "qas": [{"question": "医院什么时候投用"}]},
    ]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    theirs, ours = compare(path)
    assert ours.at_1 == 1
    assert "rank_bm25" in theirs.name


def test_lexicon_helps_on_clauses_of_other_places(bot: Bot) -> None:
    alone, helped = over_pairs(ROOT / "evals" / "pairs", bot.index.corpus)
    assert helped.at_10 > alone.at_10 + 0.2
