from pathlib import Path

import pytest

from corpus.lexicon import Lexicon, LexiconError

HEADER = "日常说法\t报告用语\n"


def load(folder: Path, table: str) -> Lexicon:
    (folder / "everyday").mkdir()
    (folder / "everyday" / "a.tsv").write_text(table, encoding="utf-8")
    (folder / "stopwords.txt").write_text("# 说明\n的 了\n", encoding="utf-8")
    (folder / "words.txt").write_text("山围塘\n", encoding="utf-8")
    return Lexicon.load(folder, str.lower)


def test_saying_leads_to_the_official_words_in_order(tmp_path: Path) -> None:
    lexicon = load(tmp_path, HEADER + "老人饭堂、EV Charging\t长者食堂、养老服务\n")
    assert lexicon.match("老人饭堂在哪")[0].official == ("长者食堂", "养老服务")
    assert lexicon.match("where is ev charging")


def test_joined_saying_needs_all_its_parts(tmp_path: Path) -> None:
    lexicon = load(tmp_path, HEADER + "老人+吃饭\t长者食堂\n")
    assert lexicon.match("老人在哪里吃饭")[0].parts == ("老人", "吃饭")
    assert not lexicon.match("老人在哪里")


def test_any_word_of_a_class_may_stand_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "classes.tsv").write_text("类\t词\n长辈\t老人、老娘\n", encoding="utf-8")
    lexicon = load(tmp_path, HEADER + "{长辈}+吃饭\t长者食堂\n")
    assert lexicon.match("老娘中午吃饭")[0].parts == ("老娘", "吃饭")
    assert not lexicon.match("老板中午吃饭")


def test_longer_saying_comes_first(tmp_path: Path) -> None:
    lexicon = load(tmp_path, HEADER + "充电\t充电设施\n电动车充电\t公共充换电设施\n")
    assert [m.official[0] for m in lexicon.match("电动车充电难")] == ["公共充换电设施", "充电设施"]


def test_stop_words_and_kept_words_are_read_without_remarks(tmp_path: Path) -> None:
    lexicon = load(tmp_path, HEADER)
    assert lexicon.stopwords == {"的", "了"}
    assert lexicon.words == {"山围塘"}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("甲\t乙\n", "第1行"),
        (HEADER + "只有一列\n", "第2行"),
        (HEADER + "路灯\t\n", "第2行"),
        (HEADER + "路\t道路\n", "只有一个字"),
        (HEADER + "{长辈}+路\t道路\n", "长辈"),
    ],
)
def test_wrong_table_is_told_with_its_line(tmp_path: Path, table: str, told: str) -> None:
    with pytest.raises(LexiconError, match=told):
        load(tmp_path, table)


def test_digest_changes_with_any_table(tmp_path: Path) -> None:
    before = load(tmp_path, HEADER)
    (tmp_path / "words.txt").write_text("裸房\n", encoding="utf-8")
    assert Lexicon.load(tmp_path, str.lower).digest != before.digest


def test_particle_between_verb_and_object_does_not_matter(tmp_path: Path) -> None:
    lexicon = load(tmp_path, HEADER + "摆摊\t流动摊贩\n")
    assert lexicon.match("在路边摆个摊")
    assert not lexicon.match("摆一张摊床")
