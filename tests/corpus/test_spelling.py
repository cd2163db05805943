import pytest

from corpus.corpus import Corpus
from corpus.spelling import sound


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("长者石堂今年开几家", "长者食堂今年开几家"),
        ("充电庄今年装几个", "充电桩今年装几个"),
        ("口带公园建几个", "口袋公园建几个"),
        ("洛房整治示范村几个", "裸房整治示范村几个"),
        ("仙弓山要搞什么路游", "仙公山要搞什么旅游"),
        ("城乡低宝有多少户", "城乡低保有多少户"),
    ],
)
def test_word_that_is_none_becomes_the_known_one_that_sounds_alike(corpus: Corpus, typed: str, meant: str) -> None:
    assert corpus.spelling.mend(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("zhang zhe shi tang 几个", "长者食堂 几个"), ("今年 ting che wei 加多少", "今年 停车位 加多少")],
)
def test_syllables_become_the_words_they_spell(corpus: Corpus, typed: str, meant: str) -> None:
    assert corpus.spelling.mend(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "有几个停车位",
        "多出来多少份工",
        "楼里水压老是上不去",
        "都是哪些村的路",
        "gdp目标是8%没错吧",
        "陈三五娘传习所",
        "洛江区医院",
        "换了三任领导",
        "how many new parking spaces",
        "",
    ],
)
def test_correct_text_is_left_alone(corpus: Corpus, text: str) -> None:
    assert corpus.spelling.mend(text) == text


def test_sounds_that_southern_speakers_mix_up_are_one() -> None:
    assert sound("张") == sound("赞")
    assert sound("刘") == sound("牛")
    assert sound("路") == sound("旅")


def test_however_many_words_are_spelt_all_become_chinese(corpus: Corpus) -> None:
    assert corpus.spelling.mend("shi tang " * 3000).split() == [corpus.spelling.mend("shi tang")] * 3000


def test_longer_word_is_spelt_before_the_shorter_ones_in_it(corpus: Corpus) -> None:
    assert corpus.spelling.mend("zhang zhe shi tang he xue xiao") == "长者食堂 he 学校"
