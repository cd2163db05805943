import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.read import DocumentError, read_document
from corpus.reading.formats import MOST_BYTES
from tests.conftest import ROOT

REPORT = ROOT / "corpus" / "documents" / "luojiang-2025"
FIELDS = "title: 某区报告\nyear: 2020\npublisher: 某区\nfile: a.txt\n"


def folder(path: Path, description: str = FIELDS, data: bytes = "一、目标\n做好工作。".encode()) -> Path:
    (path / "document.yaml").write_text(description, encoding="utf-8")
    (path / "a.txt").write_bytes(data)
    return path


def test_the_report_is_held_byte_for_byte() -> None:
    digest = hashlib.sha256((REPORT / "report.txt").read_bytes()).hexdigest()
    assert digest == "268faaf7bf0ef07c4f97c9136eb9bd16fee6312fa11fd82a64f20b5c89c8b29f"


def test_document_knows_its_year_publisher_and_missing_part() -> None:
    document, _ = read_document(REPORT)
    assert (document.year, document.publisher) == (2025, "泉州市洛江区人民政府")
    assert [part.year for part in document.parts_missing] == [2024]


def test_missing_file_is_named(tmp_path: Path) -> None:
    folder(tmp_path, FIELDS.replace("a.txt", "b.txt"))
    with pytest.raises(DocumentError, match=r"b\.txt"):
        read_document(tmp_path)


def test_missing_field_is_named(tmp_path: Path) -> None:
    folder(tmp_path, FIELDS.replace("publisher: 某区\n", ""))
    with pytest.raises(DocumentError, match="publisher"):
        read_document(tmp_path)


def test_broken_yaml_is_told_with_its_file(tmp_path: Path) -> None:
    folder(tmp_path, "title: [")
    with pytest.raises(DocumentError, match=r"document\.yaml"):
        read_document(tmp_path)


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    folder(tmp_path, FIELDS.replace("a.txt", "a.exe"))
    (tmp_path / "a.exe").write_bytes(b"")
    with pytest.raises(DocumentError, match=r"\.exe"):
        read_document(tmp_path)


def test_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    folder(tmp_path, data=b"\xff\xff\xff")
    with pytest.raises(DocumentError, match=r"a\.txt: .*另存为 UTF-8"):
        read_document(tmp_path)


def test_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    folder(tmp_path)
    with (tmp_path / "a.txt").open("r+b") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(DocumentError, match="超过 50 MB"):
        read_document(tmp_path)


def test_starting_needs_no_library_of_a_format() -> None:
    code = "import corpus.build, sys; print([m for m in ('docx', 'pypdf', 'lxml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
