import json
import os
from pathlib import Path

import pytest

from bot.settings import Settings
from evals.outlines import OUTLINES, Reading, readings

# Where the texts that are not kept here stand, if they do.
ELSEWHERE = os.environ.get("EVALS_DOCUMENTS_DIR")


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    base = Settings(data_dir=tmp_path_factory.mktemp("outlines"), _env_file=None)
    elsewhere = Path(ELSEWHERE) if ELSEWHERE else None
    return {reading.document: reading for reading in readings(elsewhere, base)}


def test_the_served_report_is_read_as_it_was_by_hand(read: dict[str, Reading]) -> None:
    own = read["luojiang-2025"]
    assert (own.parts, own.terms, own.lost, own.no_promises) == ((), (), (), ())
    assert own.promises == own.listed == own.named == 36


@pytest.mark.skipif(not ELSEWHERE, reason="the texts of other documents are not kept here")
def test_other_documents_lose_no_part_term_article_or_line(read: dict[str, Reading]) -> None:
    assert len(read) == len(list(OUTLINES.iterdir()))
    assert [(one.parts, one.terms, one.lost, one.articles) for one in read.values()] == [((), (), (), 0)] * len(read)


@pytest.mark.skipif(not ELSEWHERE, reason="the texts of other documents are not kept here")
def test_targets_of_other_documents_are_promises_rightly_named(read: dict[str, Reading]) -> None:
    promises = sum(one.promises for one in read.values())
    assert sum(one.listed for one in read.values()) >= 0.95 * promises
    assert sum(one.named for one in read.values()) >= 0.9 * promises
    assert sum(len(one.no_promises) for one in read.values()) <= 0.05 * promises


def test_outlines_are_of_reports_with_reviews_plans_outlooks_and_of_rules() -> None:
    parts = [part for path in OUTLINES.iterdir() for part in json.loads(path.read_text(encoding="utf-8"))["parts"]]
    assert {part["kind"] for part in parts} == {"opening", "review", "plan", "outlook", "rules", "annotations"}
