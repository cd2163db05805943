from pathlib import Path

import pytest

from corpus.words import Words


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    return Words(tmp_path_factory.mktemp("jieba"))


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("長者食堂", "长者食堂"),
        ("ＧＤＰ　６．２％", "gdp 6.2%"),
        ("新建“长者食堂”5个", "新建长者食堂5个"),
        ("长者\u200b食堂\ufeff", "长者食堂"),
        ("在哪?", "在哪?"),
        ("二〇三五年", "2035年"),
        ("二零二六年", "2026年"),
        ("一九一九", "一九一九"),
    ],
)
def test_fold_brings_spellings_together(words: Words, typed: str, folded: str) -> None:
    assert words.fold(typed) == folded


def test_fold_is_idempotent(words: Words) -> None:
    once = words.fold("番仔樓「老房子」ＡＢ１２")
    assert words.fold(once) == once


def test_cut_leaves_punctuation_out(words: Words) -> None:
    assert words.cut("充电桩,在哪?") == ["充电", "桩", "在", "哪"]


def test_kept_words_stay_whole(tmp_path: Path) -> None:
    words = Words(tmp_path)
    words.keep(["山围塘"])
    assert "山围塘" in words.cut("除险加固山围塘5座")


def test_tokens_are_words_and_pairs(words: Words) -> None:
    assert words.tokens("长者食堂5个") == ["长者", "食堂", "5", "个", "长者", "者食", "食堂"]


def test_rare_words_tell_more_than_common_ones(words: Words) -> None:
    assert words.information("的") < words.information("建设") < words.information("托育") <= 1


def test_dictionary_cache_stays_in_our_folder(tmp_path: Path) -> None:
    Words(tmp_path)
    assert (tmp_path / "jieba.cache").exists()


def test_run_without_end_is_cut_whole(words: Words) -> None:
    assert "".join(words.cut("长者食堂囧" * 500)) == "长者食堂囧" * 500


def test_word_kept_later_is_cut_whole_where_it_was_not(tmp_path: Path) -> None:
    words = Words(tmp_path)
    assert "甲乙丙丁戊" not in words.cut("去甲乙丙丁戊")
    words.keep(["甲乙丙丁戊"], before_others=True)
    assert words.cut("去甲乙丙丁戊") == ["去", "甲乙丙丁戊"]


def test_halves_of_characters_are_folded_away(words: Words) -> None:
    assert words.fold("长者\ud800食堂\0") == "长者食堂"


def test_letters_and_digits_that_stand_together_are_one_word(words: Words) -> None:
    assert {"5a", "g324", "pm2.5"} <= set(words.cut("新评上5a的景区,g324线和pm2.5"))
