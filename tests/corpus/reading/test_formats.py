from pathlib import Path

import pytest

from corpus.reading.formats import READERS, load, reader_of
from corpus.reading.lines import NotText


@pytest.mark.parametrize("name", ["a.doc", "a.xlsx", "a.wps", "报告"])
def test_other_formats_are_refused_with_those_that_can_be_used(name: str) -> None:
    with pytest.raises(NotText, match=r"\.txt、\.md、\.docx、\.pdf、\.html、\.htm"):
        reader_of(name)


def test_large_letters_in_the_end_of_a_name_say_the_same() -> None:
    assert reader_of("公报.DOCX") is READERS[".docx"]


@pytest.mark.parametrize("data", [b"", b" \r\n"])
def test_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(NotText, match="是空的"):
        load(tmp_path / "a.txt")


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\x03", b"PK\x03\x04", b"\x1f\x8b\x08", b"\xff\xfe\xfa", b"\x89PNG\r\n\x1a\n\0"]
)
def test_bytes_that_are_no_document_are_refused_in_every_format(suffix: str, data: bytes) -> None:
    with pytest.raises(NotText):
        READERS[suffix](data)
