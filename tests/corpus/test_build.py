import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.__main__ import main
from corpus.build import INDEXES, IndexUnavailable, hashing_embedder, open_index
from corpus.corpus import Corpus, read_corpus
from corpus.rows import indexed_text
from corpus.seal import SEAL
from corpus.vectors import WRITTEN
from tests.conftest import ROOT

# Each paragraph has two sentences of one clause.
ROWS_EACH = 4
ROWS = 130 * ROWS_EACH
LEXICON = ROOT / "corpus" / "lexicon"


class Counting:
    """An embedder that counts the texts it embeds, and can be told to fail."""

    def __init__(self, corpus: Corpus, fail_after: int = 10**9) -> None:
        self._inner = hashing_embedder(corpus)
        self.name, self.texts, self._fail_after = self._inner.name, 0, fail_after

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if self.texts >= self._fail_after:
            raise KeyboardInterrupt
        self.texts += len(texts)
        return self._inner.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._inner.embed_query(text)


def index_in(data: Path) -> Path:
    """The folder of the only index in a data folder."""
    (found,) = (data / INDEXES).iterdir()
    return found


def corpus_of(documents: Path, data: Path) -> Corpus:
    return read_corpus(documents, LEXICON, data)


def test_second_opening_embeds_nothing(documents: Path, tmp_path: Path) -> None:
    corpus = corpus_of(documents, tmp_path)
    first, second = Counting(corpus), Counting(corpus)
    open_index(corpus, tmp_path, first).close()
    open_index(corpus, tmp_path, second).close()
    assert (first.texts, second.texts) == (ROWS, 0)


def test_changed_text_embeds_only_what_changed(documents: Path, tmp_path: Path) -> None:
    open_index(corpus_of(documents, tmp_path), tmp_path).close()
    file = documents / "some-2020" / "a.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("投入7万元", "投入8万元"), encoding="utf-8")
    corpus = corpus_of(documents, tmp_path)
    counting = Counting(corpus)
    index = open_index(corpus, tmp_path, counting)
    assert counting.texts == 2  # the sentence and its only clause
    assert index.vectors.count() == ROWS
    index.close()


def test_removed_paragraph_leaves_the_index(documents: Path, tmp_path: Path) -> None:
    open_index(corpus_of(documents, tmp_path), tmp_path).close()
    file = documents / "some-2020" / "a.txt"
    file.write_text("\n".join(file.read_text(encoding="utf-8").split("\n")[:-5]), encoding="utf-8")
    index = open_index(corpus_of(documents, tmp_path), tmp_path)
    assert index.vectors.count() == ROWS - 5 * ROWS_EACH
    index.close()


def test_interrupted_build_goes_on_where_it_stopped(documents: Path, tmp_path: Path) -> None:
    corpus = corpus_of(documents, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        open_index(corpus, tmp_path, Counting(corpus, fail_after=WRITTEN))
    assert not list(tmp_path.rglob(SEAL))
    counting = Counting(corpus)
    index = open_index(corpus, tmp_path, counting)
    assert counting.texts == ROWS - WRITTEN
    assert index.vectors.count() == ROWS
    index.close()


def test_lost_rows_are_found_and_put_back(documents: Path, tmp_path: Path) -> None:
    corpus = corpus_of(documents, tmp_path)
    open_index(corpus, tmp_path).close()
    shutil.rmtree(index_in(tmp_path) / "chroma")
    index = open_index(corpus, tmp_path)
    assert index.vectors.count() == ROWS
    index.close()


def grown(documents: Path) -> None:
    """One document more."""
    folder = documents / "other-2021"
    folder.mkdir()
    (folder / "a.txt").write_text("一、目标\n修好一座桥。", encoding="utf-8")
    (folder / "document.yaml").write_text("title: 报告\nyear: 2021\npublisher: 某区\nfile: a.txt\n", encoding="utf-8")


def test_index_of_more_documents_is_made_beside_the_one_in_use_from_its_vectors(
    documents: Path, tmp_path: Path
) -> None:
    corpus = corpus_of(documents, tmp_path)
    first = open_index(corpus, tmp_path, Counting(corpus))
    grown(documents)
    more = corpus_of(documents, tmp_path)
    counting = Counting(more)
    second = open_index(more, tmp_path, counting, beside=first)
    assert counting.texts == len(more.rows) - ROWS
    assert (first.vectors.count(), second.vectors.count()) == (ROWS, len(more.rows))
    first.close()
    with pytest.raises(IndexUnavailable):
        open_index(more, tmp_path)  # the second holds the folder still
    second.close()
    open_index(more, tmp_path).close()
    assert index_in(tmp_path) == second.folder


def test_same_documents_beside_the_ones_in_use_are_searched_as_these(documents: Path, tmp_path: Path) -> None:
    first = open_index(corpus_of(documents, tmp_path), tmp_path)
    (documents / "broken").mkdir()
    again = corpus_of(documents, tmp_path)
    second = open_index(again, tmp_path, beside=first)
    assert (second.vectors, list(second.corpus.skipped)) == (first.vectors, ["broken"])
    first.close()


def test_copy_that_was_not_finished_is_not_taken_for_an_index(documents: Path, tmp_path: Path) -> None:
    open_index(corpus_of(documents, tmp_path), tmp_path).close()
    (index_in(tmp_path).with_suffix(".part")).mkdir()
    grown(documents)
    open_index(corpus_of(documents, tmp_path), tmp_path).close()
    assert (index_in(tmp_path) / SEAL).exists()


def test_another_embedder_means_a_rebuild_never_a_mix(documents: Path, tmp_path: Path) -> None:
    corpus = corpus_of(documents, tmp_path)
    open_index(corpus, tmp_path).close()
    other = Counting(corpus)
    other.name = "other"
    open_index(corpus, tmp_path, other).close()
    assert other.texts == ROWS


def test_second_process_is_told_who_holds_the_index(documents: Path, tmp_path: Path) -> None:
    index = open_index(corpus_of(documents, tmp_path), tmp_path)
    command = [sys.executable, "-m", "corpus", "build", "--documents", str(documents), "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    index.close()
    assert done.returncode == 1
    assert "进程号" in done.stderr
    assert "BOT_DATA_DIR" in done.stderr


def test_lock_is_free_again_after_closing(documents: Path, tmp_path: Path) -> None:
    corpus = corpus_of(documents, tmp_path)
    open_index(corpus, tmp_path).close()
    open_index(corpus, tmp_path).close()


def test_failed_opening_gives_the_lock_back(documents: Path, tmp_path: Path) -> None:
    corpus = corpus_of(documents, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        open_index(corpus, tmp_path, Counting(corpus, fail_after=0))
    open_index(corpus, tmp_path).close()


def test_command_shows_progress_and_says_what_is_held(documents: Path, tmp_path: Path) -> None:
    file = documents / "some-2020" / "a.txt"
    file.write_text("一、目标\n修好一座好桥。\n附注\n1.好桥:不塌的桥。", encoding="utf-8")
    command = [sys.executable, "-m", "corpus", "build", "--documents", str(documents), "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    rows = len(corpus_of(documents, tmp_path).rows)
    assert "正文 1 段，附注 1 条" in done.stdout
    assert f"{rows}/{rows}" in done.stderr
    assert json.loads((index_in(tmp_path) / SEAL).read_text())["rows"] == rows


def test_command_tells_a_broken_document(documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (documents / "some-2020" / "a.txt").unlink()
    assert main(["build", "--documents", str(documents), "--data", str(tmp_path)]) == 1
    assert "a.txt" in capsys.readouterr().err


def test_headings_are_searched_with_the_text(corpus: Corpus) -> None:
    assert "聚力提高人民生活品质" in indexed_text(corpus.by_id["luojiang-2025-p17"])


def test_taken_lock_raises_with_the_folder(documents: Path, tmp_path: Path) -> None:
    corpus = corpus_of(documents, tmp_path)
    index = open_index(corpus, tmp_path)
    with pytest.raises(IndexUnavailable, match=str(tmp_path)):
        open_index(corpus, tmp_path)
    index.close()


def test_words_that_were_asked_for_are_not_remembered_without_end(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.corpus.REMEMBERED", 4)
    fresh = replace(corpus)
    words = ("食堂", "医院", "囧囧", "食堂", "道路", "公园", "囧")
    assert [fresh.frequency(word) for word in words] == [corpus.frequency(word) for word in words]
    assert fresh._frequency.cache_info().currsize == 4  # type: ignore[attr-defined]
