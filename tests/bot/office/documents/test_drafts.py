"""Releasing what was handed in: what stands on the disk counts, and nothing half made is left."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import DocumentUnusable
from bot.office.documents.drafts import DRAFTS, Drafts
from bot.pipeline import Bot
from bot.records.database import Database
from bot.records.office import documents
from bot.records.office.documents import Proposal
from corpus.corpus import Corpus
from corpus.shelf import folders, read_one
from corpus.shelving import Given, put_up

TEXT = "一、{year}年工作安排\n今年新建社区食堂12个。"


@pytest.fixture
def drafts(bot: Bot, database: Database, tmp_path: Path) -> Drafts:
    places = {"data_dir": tmp_path, "documents_dir": tmp_path / "documents"}
    return Drafts(bot.settings.model_copy(update=places), database)


@pytest.fixture
def held(corpus: Corpus, tmp_path: Path) -> Corpus:
    """Two documents, held and on the disk."""
    for year in (2029, 2030):
        (tmp_path / "text.txt").write_text(TEXT.format(year=year), encoding="utf-8")
        given = Given(f"report-{year}", f"某区{year}年政府工作报告", year, publisher="某区")
        put_up(tmp_path / "text.txt", tmp_path / "documents", given)
    read = (read_one(folder)[0] for folder in folders(tmp_path / "documents"))
    return replace(corpus, documents={document.id: document for document in read})


def test_of_two_documents_taken_down_one_after_the_other_the_last_stays(
    drafts: Drafts, database: Database, held: Corpus, tmp_path: Path
) -> None:
    first, last = (
        documents.propose(database, Proposal("take_down", name, name, "小林", reason="过时")) for name in held.documents
    )
    drafts.release(first.id, "小陈", held)
    with pytest.raises(DocumentUnusable, match="唯一的一份"):
        drafts.release(last.id, "小陈", held)
    assert [folder.name for folder in folders(tmp_path / "documents")] == [last.document]
    assert documents.one(database, last.id).state == "handed_in"


def test_what_may_not_be_released_leaves_no_copy_among_the_documents(
    drafts: Drafts, database: Database, held: Corpus, tmp_path: Path
) -> None:
    given = Given("new", "某区2031年政府工作报告", 2031, publisher="某区")
    made = drafts.take("a.txt", TEXT.format(year=2031).encode(), given, held, "小林")
    before = sorted((tmp_path / "documents").iterdir())
    with pytest.raises(DocumentUnusable, match="已经有人做过"):
        drafts.release(made.id, "小陈", held)
    documents.move(database, made.id, "handed_in", "小林")
    with pytest.raises(DocumentUnusable, match="另一个人"):
        drafts.release(made.id, "小林", held)
    assert sorted((tmp_path / "documents").iterdir()) == before
    drafts.release(made.id, "小陈", held)
    assert (tmp_path / "documents" / "new").is_dir()
    assert not (tmp_path / "documents" / DRAFTS / made.id).exists()


def test_file_that_is_not_taken_leaves_no_draft(
    drafts: Drafts, database: Database, corpus: Corpus, tmp_path: Path
) -> None:
    given, content = Given("new", "某区2031年政府工作报告", 2031, publisher="某区"), TEXT.format(year=2031).encode()
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / DRAFTS).write_text("in the way")
    with pytest.raises(DocumentUnusable, match="写不进去") as refused:
        drafts.take("a.txt", content, given, corpus, "小林")
    assert str(tmp_path) not in refused.value.message
    assert documents.latest(database) == []
    (tmp_path / "documents" / DRAFTS).unlink()
    made = drafts.take("a.txt", content, given, corpus, "小林")
    assert [one.name for one in (tmp_path / "documents" / DRAFTS / made.id).iterdir()] == ["new"]
    for text, given_of_it in ((content, given), (b"", replace(given, id="other"))):
        with pytest.raises(DocumentUnusable):
            drafts.take("b.txt", text, given_of_it, corpus, "小林")
    assert [one.name for one in (tmp_path / "documents" / DRAFTS).iterdir()] == [made.id]


def test_draft_of_one_process_is_corrected_and_released_by_another(
    drafts: Drafts, bot: Bot, database: Database, held: Corpus, tmp_path: Path
) -> None:
    places = {"data_dir": tmp_path / "another", "documents_dir": tmp_path / "documents"}
    another = Drafts(bot.settings.model_copy(update=places), database)
    given = Given("new", "某区2031年政府工作报告", 2031, publisher="某区")
    made = drafts.take("a.txt", TEXT.format(year=2031).encode(), given, held, "小林")
    another.correct(made, {"title": "某区2031年政府工作报告（修订）"}, (), "小林")
    documents.move(database, made.id, "handed_in", "小林")
    another.release(made.id, "小陈", held)
    assert read_one(tmp_path / "documents" / "new")[0].title == "某区2031年政府工作报告（修订）"
