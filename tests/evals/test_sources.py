import hashlib
from pathlib import Path

import pytest
import yaml

from bot.settings import Settings
from corpus.shelf import read_shelf
from evals.sources import SourceChanged, sources

TEXT = "一、工作安排\n新建长者食堂三个,新增停车位二百个。\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Cases about a document that is not served, and the folder with its file."""
    folder = tmp_path / "cases" / "elsewhere-2024"
    folder.mkdir(parents=True)
    fields = {"title": "别处报告", "year": 2024, "publisher": "别处", "file": "a.txt", "sha256": digest(TEXT)}
    (folder / "document.yaml").write_text(yaml.safe_dump(fields, allow_unicode=True), encoding="utf-8")
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_cases_over_at_least_five_other_reports_are_there() -> None:
    found = sources()
    assert found[0].is_served
    others = [source for source in found if not source.is_served]
    assert len(others) >= 5
    assert sum(len(source.cases()) >= 120 for source in others) >= 7
    assert all("blind" in {case.half for case in source.cases()} for source in others)
    assert sum("dev" in {case.half for case in source.cases()} for source in others) >= 5
    assert any({case.half for case in source.cases()} == {"blind"} for source in others)  # one that no weight has seen


def test_document_whose_file_is_there_is_put_up_alone(home: Path) -> None:
    (source,) = sources(home / "cases")
    chosen = source.settings(home / "texts", Settings(data_dir=home / "data", _env_file=None))
    assert chosen is not None
    shelf = read_shelf(chosen.documents_dir)
    assert [document.title for document in shelf.documents.values()] == ["别处报告"]


def test_document_whose_file_is_absent_is_left_out(home: Path) -> None:
    (source,) = sources(home / "cases")
    base = Settings(data_dir=home / "data", _env_file=None)
    assert source.settings(None, base) is None
    assert source.settings(home, base) is None


def test_other_text_than_the_questions_were_written_on_is_refused(home: Path) -> None:
    (home / "texts" / "a.txt").write_text(TEXT + "又", encoding="utf-8")
    with pytest.raises(SourceChanged):
        sources(home / "cases")[0].settings(home / "texts", Settings(data_dir=home / "data", _env_file=None))
