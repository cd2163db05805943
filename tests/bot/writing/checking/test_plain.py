import pytest

from bot.writing.checking.plain import Synonyms, plain
from corpus.corpus import Corpus


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("新建五个", "新建5个"),
        ("一共七十一个项目", "一共71个项目"),
        ("三千六百个学位", "3600个学位"),
        ("一万元补贴", "1万元补贴"),
        ("增长两成以上", "增长20%以上"),
        ("增长百分之二十", "增长20%"),
        ("三分之二以上业主", "2/3以上业主"),
        ("满半年", "满6个月"),
        ("六十天之内", "60日以内"),
        ("三月一日起", "3月1日起"),
        ("八月底以前", "8月底之前"),
        ("第三季度", "三季度"),
        ("秋天", "秋季"),
        ("二〇二五年开始", "2025年起"),
        ("18摄氏度。", "18℃。"),
        ("除夕晚上六点", "除夕18时"),
    ],
)
def test_two_writings_of_the_same_are_one(corpus: Corpus, one: str, other: str) -> None:
    assert plain(one, corpus.words) == plain(other, corpus.words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("十五个", "五十个"),
        ("三分之二", "二分之三"),
        ("8月底", "8月初"),
        ("上半年完工", "下半年完工"),
        ("上半年完工", "上6个月完工"),
        ("前半年完工", "后半年完工"),
        ("15个工作日", "15天"),
        ("1年半", "1年"),
        ("2个半小时", "2个小时"),
        ("知名度", "知名℃"),
    ],
)
def test_two_different_things_stay_two(corpus: Corpus, one: str, other: str) -> None:
    assert plain(one, corpus.words) != plain(other, corpus.words)


@pytest.mark.parametrize(
    ("sentence", "source", "told"),
    [
        ("学校应当马上报告", "学校应当立即报告", "学校应当立即报告"),
        ("学校应当马上报告", "学校应当马上报告", "学校应当马上报告"),
        ("学校应当马上报告", "学校应当报告", "学校应当马上报告"),
        ("部分开放", "分治", "部分开放"),
    ],
)
def test_word_that_its_sources_have_not_is_written_as_they_have_it(
    corpus: Corpus, sentence: str, source: str, told: str
) -> None:
    synonyms = Synonyms.of(corpus.words, ("立即 马上 立刻", "分治 分开"))
    assert synonyms(sentence, source) == told
