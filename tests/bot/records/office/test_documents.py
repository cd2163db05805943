"""What becomes of a document that is to be put up or taken down, on both databases."""

import threading

import pytest

from bot.errors import DocumentUnusable, NotFound
from bot.records.database import Database
from bot.records.office import documents
from bot.records.office.documents import Proposal
from tests.bot.chain import broken_at

REPORT = Proposal("put_up", "report-2030", "某区报告", "小林", sha256="a" * 64)
GONE = Proposal("take_down", "report-2030", "某区报告", "小林", reason="过时")


def handed_in(database: Database) -> Proposal:
    made = documents.propose(database, REPORT)
    documents.move(database, made.id, "handed_in", "小林")
    return made


def test_what_was_handed_in_is_done_once_by_a_second_person(database: Database) -> None:
    made, done = handed_in(database), list[str]()

    def act() -> None:
        done.append(made.document)

    with pytest.raises(DocumentUnusable, match="另一个人"):
        documents.release(database, made.id, "小林", act)
    documents.release(database, made.id, "小陈", act)
    with pytest.raises(DocumentUnusable, match="已经有人做过"):
        documents.release(database, made.id, "小王", act)
    assert done == ["report-2030"]
    kept = documents.one(database, made.id)
    assert (kept.state, kept.handed_in_by, kept.decided_by) == ("released", "小林", "小陈")
    assert broken_at(database) is None


def test_of_two_persons_who_release_at_once_one_does_it(database: Database) -> None:
    made, done, refused = handed_in(database), list[str](), list[str]()

    def release(actor: str) -> None:
        try:
            documents.release(database, made.id, actor, lambda: done.append(actor))
        except DocumentUnusable as problem:
            refused.append(problem.message)

    threads = [threading.Thread(target=release, args=(name,)) for name in ("小陈", "小王")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(refused)) == (1, 1)


def test_what_could_not_be_done_is_as_if_it_had_not_been_tried(database: Database) -> None:
    made = handed_in(database)

    def fails() -> None:
        raise DocumentUnusable("写不进去")

    with pytest.raises(DocumentUnusable, match="写不进去"):
        documents.release(database, made.id, "小陈", fails)
    assert documents.one(database, made.id).state == "handed_in"


def test_draft_that_is_not_handed_in_is_not_released_and_one_that_is_not_corrected(database: Database) -> None:
    made = documents.propose(database, REPORT)
    with pytest.raises(DocumentUnusable):
        documents.release(database, made.id, "小陈", lambda: None)
    documents.correct(database, made.id, "新的标题", "小王", lambda: None)
    documents.move(database, made.id, "handed_in", "小王")
    with pytest.raises(DocumentUnusable):
        documents.correct(database, made.id, "又一个", "小王", lambda: pytest.fail("corrected"))
    assert documents.one(database, made.id).title == "新的标题"
    documents.move(database, made.id, "draft", "小林")
    assert documents.one(database, made.id).handed_in_by == ""


def test_same_file_is_no_second_draft_until_the_first_is_dropped(database: Database) -> None:
    made = documents.propose(database, REPORT)
    with pytest.raises(DocumentUnusable, match="小林"):
        documents.propose(database, REPORT)
    documents.move(database, made.id, "dropped", "小陈", "传错了")
    assert documents.propose(database, REPORT).id != made.id
    assert [p.state for p in documents.latest(database)] == ["draft", "dropped"]


def test_taking_down_needs_a_reason_and_a_second_person(database: Database) -> None:
    with pytest.raises(DocumentUnusable, match="原因"):
        documents.propose(database, Proposal("take_down", "report-2030", "某区报告", "小林"))
    made = documents.propose(database, GONE)
    with pytest.raises(DocumentUnusable):
        documents.propose(database, GONE)
    with pytest.raises(DocumentUnusable):
        documents.move(database, made.id, "draft", "小林")
    with pytest.raises(DocumentUnusable, match="另一个人"):
        documents.release(database, made.id, "小林", lambda: None)
    documents.release(database, made.id, "小陈", lambda: None)
    assert documents.latest(database)[0].state == "released"


def test_unknown_proposal_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        documents.move(database, "x", "handed_in", "小林")
