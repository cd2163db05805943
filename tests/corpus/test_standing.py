"""One of two documents wins: of one text twice, a draft and the final one, versions of rules, rules that repeal."""

from pathlib import Path

import pytest
import yaml

from corpus.__main__ import main
from corpus.corpus import Corpus, read_corpus
from corpus.shelf import read_shelf
from corpus.shelving import Given, put_up
from tests.conftest import ROOT

REPORT = "一、2029年工作回顾\n过去一年，建成学校3所。\n二、2030年工作安排\n今年新建社区食堂12个，改造老旧小区20个。\n"
RULES = "第一条 犬只登记费每只每年500元。\n第二条 遛犬应当牵绳。\n"


def put(
    documents: Path, name: str, title: str, text: str = REPORT, year: int = 2030, kind: str = "annual_plan"
) -> None:
    folder = documents / name
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(text, encoding="utf-8")
    fields = {"title": title, "year": year, "kind": kind, "publisher": "某区人民政府", "file": "a.txt"}
    (folder / "document.yaml").write_text(yaml.safe_dump(fields, allow_unicode=True), encoding="utf-8")


def corpus_of(tmp_path: Path) -> Corpus:
    return read_corpus(tmp_path, ROOT / "corpus" / "lexicon", tmp_path / ".data")


@pytest.mark.parametrize("mark", ["（征求意见稿）", "(讨论稿)", "（草案）", " 送审稿", "（修订草案征求意见稿）"])
def test_draft_gives_way_to_the_final_one(tmp_path: Path, mark: str) -> None:
    put(tmp_path, "a-draft", f"某区2030年政府工作报告{mark}", REPORT.replace("12个", "10个"))
    assert list(read_shelf(tmp_path).documents) == ["a-draft"]
    put(tmp_path, "final", "某区2030年政府工作报告")
    shelf = read_shelf(tmp_path)
    assert list(shelf.documents) == ["final"]
    assert "已有定稿 final" in shelf.skipped["a-draft"]


def test_same_text_in_another_file_is_used_once_and_the_longer_copy_wins(tmp_path: Path) -> None:
    whole = REPORT + "让我们奋力谱写新篇章，建设美好家园。\n"
    put(tmp_path, "a-part", "某区2030年政府工作报告", REPORT.replace("，", " ，"))
    put(tmp_path, "whole", "某区2030年政府工作报告", whole)
    shelf = read_shelf(tmp_path)
    assert list(shelf.documents) == ["whole"]
    assert "和 whole 的文字相同" in shelf.skipped["a-part"]


@pytest.mark.parametrize(
    "other", [{"year": 2031, "text": f"{REPORT} "}, {"text": REPORT.replace("12", "15").replace("20个", "30个")}]
)
def test_another_report_of_the_same_name_is_no_copy(tmp_path: Path, other: dict[str, object]) -> None:
    put(tmp_path, "one", "政府工作报告")
    put(tmp_path, "other", "政府工作报告", **other)  # type: ignore[arg-type]
    assert list(read_shelf(tmp_path).documents) == ["one", "other"]


def test_later_version_of_rules_stands_in_place_of_the_earlier_and_a_later_draft_does_not(tmp_path: Path) -> None:
    put(tmp_path, "dogs-2028", "某区养犬办法", RULES, 2028, "regulation")
    put(tmp_path, "dogs-2029", "某区养犬办法", RULES.replace("500", "300"), 2029, "regulation")
    put(tmp_path, "dogs-2033", "某区养犬办法（修订草案）", RULES.replace("500", "200"), 2033, "regulation")
    corpus = corpus_of(tmp_path)
    assert corpus.current == {"dogs-2029"}
    assert corpus.superseded["dogs-2028"] == "已有2029年的《某区养犬办法》（dogs-2029）"
    assert "dogs-2029" in corpus.superseded["dogs-2033"]


@pytest.mark.parametrize(
    ("clause", "gone"),
    [
        ("《某区犬只登记办法》（某政〔2027〕3号）同时废止。", True),
        ("《某区养猫办法》、《某区犬只登记办法》自本办法施行之日起废止。", True),
        ("登记依照《某区犬只登记办法》办理；《某区养猫办法》同时废止。", False),
        ("依照《某区关于废止犬只登记办法的决定》和《某区犬只登记办法》办理。", False),
    ],
)
def test_rules_that_others_repeal_are_in_force_no_longer(tmp_path: Path, clause: str, gone: bool) -> None:
    put(tmp_path, "old", "某区犬只登记办法", RULES, 2027, "regulation")
    put(tmp_path, "new", "某区养犬条例", f"{RULES}第三条 本条例自2030年3月1日起施行。{clause}\n", 2030, "regulation")
    corpus = corpus_of(tmp_path)
    assert ("old" not in corpus.current) is gone
    assert "new" in corpus.current
    assert corpus.superseded == ({"old": "《某区养犬条例》（new）写明把它废止"} if gone else {})


def test_commands_say_which_document_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, "dogs-2028", "某区养犬办法", RULES, 2028, "regulation")
    put(tmp_path, "dogs-2029", "某区养犬办法", RULES.replace("500", "300"), 2029, "regulation")
    put(tmp_path, "draft", "某区养犬办法（征求意见稿）", RULES.replace("500", "400"), 2029, "regulation")
    where = ("--documents", str(tmp_path), "--data", str(tmp_path / ".data"))
    assert main(["list", *where]) == 0
    listed = capsys.readouterr().out
    assert "某区养犬办法\t不再现行：已有2029年的《某区养犬办法》（dogs-2029）" in listed
    assert "没有用\t" in listed
    assert "已有定稿 dogs-2029" in listed
    main(["check", *where, "dogs-2028"])
    assert "  不再现行：已有2029年的" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("某市养犬管理条例（征求意见稿）", "某市养犬管理条例（征求意见稿）"),
        ("某市养犬管理条例\n（修订草案）", "某市养犬管理条例（修订草案）"),
        ("某市养犬管理条例", "某市养犬管理条例"),
    ],
)
def test_title_tells_that_a_document_is_a_draft(tmp_path: Path, head: str, title: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"{head}\n2030年5月1日公布\n{RULES}", encoding="utf-8")
    name = put_up(file, tmp_path / "documents", Given())
    fields = yaml.safe_load((tmp_path / "documents" / name / "document.yaml").read_text(encoding="utf-8"))
    assert fields["title"] == title
