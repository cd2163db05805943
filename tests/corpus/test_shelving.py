from pathlib import Path

import pytest
import yaml

from corpus.__main__ import main
from corpus.read import DocumentError
from corpus.shelving import Given, put_up, take_down

REPORT = """首页>>政府信息公开
临江市青山区2027年政府工作报告
——2027年1月12日在青山区第五届人民代表大会第二次会议上
一、2026年工作回顾
过去一年，新建学校3所。
二、2027年工作安排
今年新建学校5所。
附注
1.新质学校：办得好的学校。
打印本页
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "报告 终稿.txt"
    path.write_text(REPORT, encoding="gb18030")
    return path


def run(tmp_path: Path, *arguments: str) -> int:
    return main(
        [arguments[0], "--documents", str(tmp_path / "documents"), "--data", str(tmp_path / "data"), *arguments[1:]]
    )


def test_commands_go_by_the_settings_of_the_service(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BOT_DATA_DIR", raising=False)
    (tmp_path / ".env").write_text("BOT_DOCUMENTS_DIR=held\nBOT_DATA_DIR=data\n", encoding="utf-8")
    assert main(["add", str(file)]) == 0
    assert [path.name for path in (tmp_path / "held").iterdir()] == ["linjiangshiqingshanquzhengfugongzuobaoga-2027"]
    (tmp_path / ".env").write_bytes("BOT_DATA_DIR=数据".encode("gb18030"))
    assert main(["list"]) == 1


def test_description_is_read_from_the_text(tmp_path: Path, file: Path) -> None:
    name = put_up(file, tmp_path, Given())
    fields = yaml.safe_load((tmp_path / name / "document.yaml").read_text(encoding="utf-8"))
    assert fields == {
        "title": "临江市青山区2027年政府工作报告",
        "year": 2027,
        "kind": "annual_plan",
        "publisher": "临江市青山区人民政府",
        "place_names": ["临江市青山区", "青山区", "临江市", "青山", "临江"],
        "file": "text.txt",
    }
    assert name == "linjiangshiqingshanquzhengfugongzuobaoga-2027"


@pytest.mark.parametrize(
    ("title", "kind", "publisher"),
    [
        ("某市2030年国民经济和社会发展统计公报", "review", "某市人民政府"),
        ("某市2030年养犬管理条例", "regulation", "某市人民政府"),
        ("2030年某某自治县政府工作报告", "annual_plan", "某某自治县人民政府"),
        ("广州市2030年政府工作报告", "annual_plan", "广州市人民政府"),
    ],
)
def test_kind_and_publisher_are_read_from_the_title(tmp_path: Path, title: str, kind: str, publisher: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"{title}\n新建学校3所。", encoding="utf-8")
    fields = yaml.safe_load((tmp_path / put_up(file, tmp_path, Given()) / "document.yaml").read_text(encoding="utf-8"))
    assert (fields["kind"], fields["publisher"], fields["year"]) == (kind, publisher, 2030)


def test_what_is_given_goes_before_what_is_read(tmp_path: Path, file: Path) -> None:
    put_up(file, tmp_path, Given("qs", "青山报告", 2028, "review", "区政府办"))
    fields = yaml.safe_load((tmp_path / "qs" / "document.yaml").read_text(encoding="utf-8"))
    assert [fields[key] for key in ("title", "year", "kind", "publisher")] == ["青山报告", 2028, "review", "区政府办"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("新建学校。", "没有找到标题"),
        ("某区工作报告\n新建学校。", "没有找到年份"),
        ("2027年工作报告\n新建学校。", "没有看出是哪里发布的"),
        ("机密★一年\n某区2027年工作报告\n新建学校。", "不能收录"),
        ("内部资料，注意保存\n某区2027年工作报告\n新建学校。", "不能收录"),
        ("密级：机密\n某区2027年工作报告\n新建学校。", "不能收录"),
        ("【内部文件】\n某区2027年工作报告\n新建学校。", "不能收录"),
        ("", "文件是空的"),
    ],
)
def test_what_cannot_be_put_up_is_told(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=said):
        put_up(file, tmp_path / "documents", Given())
    assert not (tmp_path / "documents").exists()


def test_text_that_only_speaks_of_secrets_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("某区2027年工作报告\n内部管理更加规范。\n秘密选举产生新一届班子。", encoding="utf-8")
    assert put_up(file, tmp_path / "documents", Given())


def test_document_is_not_put_up_twice_by_mistake(tmp_path: Path, file: Path) -> None:
    put_up(file, tmp_path, Given("qs"))
    with pytest.raises(DocumentError, match="--replace"):
        put_up(file, tmp_path, Given("qs"))
    put_up(file, tmp_path, Given("qs"), replace=True)
    assert len(list((tmp_path / ".removed").iterdir())) == 1


def test_what_is_taken_down_is_kept_apart(tmp_path: Path, file: Path) -> None:
    put_up(file, tmp_path, Given("qs"))
    apart = take_down(tmp_path, "qs")
    assert (apart / "document.yaml").is_file()
    assert not (tmp_path / "qs").exists()
    with pytest.raises(DocumentError, match="没有编号"):
        take_down(tmp_path, "qs")


def test_commands_put_up_show_list_and_take_down(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "add", str(file), "--id", "qs") == 0
    told = capsys.readouterr().out
    for line in (
        "2026年 回顾\t1段\t一、2026年工作回顾",
        "2027年 计划\t1段",
        "名词 1 个，有数量的目标 1 条",
        "首页>>政府",
    ):
        assert line in told
    assert run(tmp_path, "list") == 0
    assert capsys.readouterr().out.startswith("qs\t2027\t")
    assert run(tmp_path, "check", "other") == 1
    assert "没有编号为“other”的文件" in capsys.readouterr().err
    assert run(tmp_path, "remove", "qs") == 0
    assert run(tmp_path, "list") == 1


def test_check_tells_of_every_document_and_fails_for_one_that_cannot_be_read(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "add", str(file), "--id", "qs")
    broken = tmp_path / "documents" / "broken"
    broken.mkdir()
    (broken / "document.yaml").write_text("title: 报告\nyear: 2025年\n", encoding="utf-8")
    assert run(tmp_path, "check") == 1
    done = capsys.readouterr()
    assert "qs：《临江市青山区2027年政府工作报告》" in done.out
    assert "缺少字段 file" in done.err


def test_place_of_the_meeting_is_taken_where_the_title_names_none(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(
        "首页 > 政府工作报告\n政府工作报告\n——2026年1月20日在临江市青山区人大会议上\n新建学校。", encoding="utf-8"
    )
    fields = yaml.safe_load((tmp_path / put_up(file, tmp_path, Given()) / "document.yaml").read_text(encoding="utf-8"))
    assert (fields["title"], fields["publisher"], fields["year"]) == ("政府工作报告", "临江市青山区人民政府", 2026)


def test_what_cannot_be_read_takes_the_place_of_nothing(tmp_path: Path, file: Path) -> None:
    put_up(file, tmp_path, Given("qs"))
    broken = tmp_path / "broken.txt"
    broken.write_text("某区2027年工作报告\n新建学校", encoding="utf-8")
    with pytest.raises(DocumentError, match="没有读出一个段落"):
        put_up(broken, tmp_path, Given("qs"), replace=True)
    assert (tmp_path / "qs" / "text.txt").read_bytes() == file.read_bytes()
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"qs"}


def test_file_that_is_there_already_is_not_put_up_under_another_name(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "add", str(file), "--id", "qs") == 0
    assert run(tmp_path, "add", str(file), "--id", "qs2") == 1
    assert "同一份文件" in capsys.readouterr().err
    assert run(tmp_path, "list") == 0
    assert "qs2" not in capsys.readouterr().out


def test_folder_that_cannot_be_written_is_told(tmp_path: Path, file: Path) -> None:
    (tmp_path / "documents").write_text("no folder")
    with pytest.raises(DocumentError, match="写不进去"):
        put_up(file, tmp_path / "documents", Given("qs"))
