import pytest

from bot.understanding.terms import TermNames
from corpus.corpus import Corpus


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("三医是什么", "三医"),
        ("三个医到底哪三个", "三医"),
        ("农业五新", "农业五新"),
        ("五新是啥", "农业五新"),
        ("3366是什么", "3366生态警务新模式"),
        ("小区十件实事", "小区管理十件实事"),
        ("千村示范那个", "千村示范引领、万村共富共美"),
        ("四个下", "四下基层"),
        ("三经济", "三种经济"),
    ],
)
def test_term_is_known_by_the_ways_people_say_it(corpus: Corpus, said: str, name: str) -> None:
    assert name in [t.name for t in TermNames(corpus.terms, corpus.words.fold).named(said)]


@pytest.mark.parametrize("said", ["停车位新增多少", "第四名是谁", "长者食堂"])
def test_other_words_name_no_term(corpus: Corpus, said: str) -> None:
    assert not TermNames(corpus.terms, corpus.words.fold).named(said)
