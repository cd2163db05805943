"""A folder that cannot be read is left out and told of; the others are served."""

from pathlib import Path

import pytest

from corpus.corpus import read_corpus
from corpus.read import DocumentError
from corpus.shelf import read_shelf
from tests.conftest import ROOT

FIELDS = {"title": "某区报告", "year": "2020", "publisher": "某区", "file": "a.txt"}
TEXT = "一、目标\n做好工作。\n附注\n1.甲：乙。\n2.丙：丁。\n"


def put(documents: Path, name: str, text: str | bytes = TEXT, description: str = "", **fields: str) -> Path:
    folder = documents / name
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    lines = [f"{field}: {value}" for field, value in {**FIELDS, **fields}.items() if value]
    (folder / "document.yaml").write_text(description or "\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    put(tmp_path / "documents", "good")
    return tmp_path / "documents"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "a.txt.*是空的"),
        ({"text": "工作安排"}, "没有读出一个段落"),
        ({"text": b"\xff\xff\xff"}, "a.txt.*另存为 UTF-8"),
        ({"text": "做好 3 件事。".encode("utf-16-le")}, "UTF-16"),
        ({"text": TEXT.replace("2.丙", "1.丙")}, "编号一样"),
        ({"year": "2025年"}, "year 应是四位数字.*2025年"),
        ({"year": "[2025]"}, "year 应是四位数字"),
        ({"year": "20255"}, "year 应是四位数字"),
        ({"year": ""}, "缺少字段 year"),
        ({"title": "2025"}, "title 应是文字"),
        ({"title": "[a]"}, "title 应是文字"),
        ({"publisher": ""}, "缺少字段 publisher"),
        ({"kind": "novel"}, "kind 应是 annual_plan"),
        ({"file": "a.exe"}, "不支持 .exe"),
        ({"file": "b.txt"}, "缺少文件.*b.txt"),
        ({"file": "../good/a.txt"}, "同一个文件夹"),
        ({"file": "/etc/hosts.txt"}, "同一个文件夹"),
        ({"file": "a.txt/b.txt"}, "读不了"),
        ({"place_names": "某区"}, "place_names 应是一个列表"),
        ({"place_names": "[1]"}, "place_names 的每一项应是文字"),
        ({"parts_missing": "[回顾]"}, "字段: 内容"),
        ({"parts_missing": "[{title: 回顾, year: 去年}]"}, "year 应是四位数字"),
        ({"description": "- 一\n- 二"}, "字段: 内容"),
        ({"description": "title: ["}, "不是有效的 YAML"),
        ({"description": "只有一句话"}, "字段: 内容"),
        ({"description": "\n"}, "字段: 内容"),
    ],
)
def test_what_cannot_be_read_is_skipped_and_told(documents: Path, wrong: dict[str, str], said: str) -> None:
    folder = put(documents, "wrong", **wrong)  # type: ignore[arg-type]
    shelf = read_shelf(documents)
    assert list(shelf.documents) == ["good"]
    assert list(shelf.skipped) == ["wrong"]
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(shelf.skipped["wrong"].replace("\n", " "))
    assert str(folder) in shelf.skipped["wrong"]


def test_folder_without_a_description_is_told_and_one_that_is_none_is_not(documents: Path) -> None:
    for name in ("undescribed", ".git", "__MACOSX"):
        (documents / name).mkdir()
    (documents / "readme.txt").write_text("x")
    (documents / "gbk").mkdir()
    (documents / "gbk" / "document.yaml").write_bytes("title: 某区".encode("gb18030"))
    skipped = read_shelf(documents).skipped
    assert list(skipped) == ["gbk", "undescribed"]
    assert "document.yaml" in skipped["undescribed"]
    assert "UTF-8" in skipped["gbk"]


def test_only_when_no_document_is_left_nothing_is_opened(tmp_path: Path) -> None:
    put(tmp_path / "documents", "first", year="2025年")
    put(tmp_path / "documents", "second", text="")
    with pytest.raises(DocumentError) as refused:
        read_shelf(tmp_path / "documents")
    for said in ("没有一份能用的文件", "2025年", "是空的"):
        assert said in str(refused.value)
    with pytest.raises(DocumentError, match="路径不存在"):
        read_shelf(tmp_path / "nowhere")


def test_corpus_knows_what_was_skipped_and_the_log_tells(
    documents: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(documents, "wrong", text="")
    corpus = read_corpus(documents, ROOT / "corpus" / "lexicon", tmp_path / "data")
    assert list(corpus.skipped) == ["wrong"]
    assert {p.document_id for p in corpus.passages} == {"good"}
    assert "跳过一份文件" in caplog.text
