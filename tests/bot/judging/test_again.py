"""What was answered, answered again: in fewer words, one thing of the list, what else there is."""

from dataclasses import replace

import pytest

from bot.answer import Status
from bot.finding.evidence import Evidence
from bot.judging.again import items
from bot.pipeline import Bot
from corpus.corpus import Corpus


def said(*turns: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": turn} for turn in turns]


def quoted(corpus: Corpus, text: str) -> Evidence:
    passage = replace(corpus.passages[0], text=text)
    return Evidence(passage, 0, len(text), 1.0, 1.0, 1.0, True, frozenset())


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("三医:医疗、医保、医药", ["医疗", "医保", "医药"]),
        ("建好学校、医院以及公园,修三条路", ["学校", "医院", "公园"]),
        ("一是建学校；二是修路；三是种树", ["一是建学校", "二是修路", "三是种树"]),
        ("1.建学校，2.修路，3.种树", ["1.建学校", "2.修路", "3.种树"]),
        ("(1)建学校(2)修路", ["(1)建学校", "(2)修路"]),
        ("建一所学校。修两条路。", ["建一所学校", "修两条路"]),
        ("三件实事：办学校，修两条路，种树", ["办学校", "修两条路", "种树"]),
    ],
)
def test_things_of_a_list_are_told_by_their_numbers_or_what_stands_between(
    corpus: Corpus, text: str, things: list[str]
) -> None:
    found = [item.quote.removeprefix("建好") for item in items(quoted(corpus, text))]
    assert found == things


@pytest.mark.parametrize("asked", ["说简单点", "太长了看不懂", "啥意思啊,没听明白"])
def test_plainer_words_are_wanted_of_the_same_matter(bot: Bot, asked: str) -> None:
    answer = bot.answer(asked, said("今年新增多少停车位"))
    assert "停车位300个以上" in answer.answer
    assert len(answer.citations) == 1


@pytest.mark.parametrize(
    ("asked", "told"), [("第二个是啥", "在建一批"), ("最后一个呢", "投用一批"), ("头一个是什么", "谋划一批")]
)
def test_thing_of_the_list_is_picked_by_its_place(bot: Bot, asked: str, told: str) -> None:
    answer = bot.answer(asked, said("四个一批是哪四批"))
    assert [c.quote.removeprefix("“四个一批”项目:") for c in answer.citations] == [told]


def test_place_beyond_the_end_of_the_list_is_told(bot: Bot) -> None:
    assert bot.answer("第九个呢", said("三医是哪三医")).status is Status.NOT_IN_REPORT


def test_what_else_there_is_repeats_nothing(bot: Bot) -> None:
    first = bot.answer("招商今年有什么安排")
    more = bot.answer("还有别的吗", said("招商今年有什么安排"))
    assert more.citations
    assert not {c.quote for c in first.citations} & {c.quote for c in more.citations}


def test_nothing_is_answered_again_that_was_not_answered(bot: Bot) -> None:
    assert bot.answer("说简单点", said("今年门票多少钱")).status is Status.NOT_IN_REPORT


@pytest.mark.parametrize("first", ["三医是什么意思", "有数字的目标都有哪些"])
def test_what_else_there_is_of_a_term_or_a_list_repeats_nothing(bot: Bot, first: str) -> None:
    shown = {c.quote for c in bot.answer(first).citations}
    assert not shown & {c.quote for c in bot.answer("还有别的吗", said(first)).citations}


def test_what_else_there_is_is_of_the_same_matter(bot: Bot) -> None:
    assert bot.answer("还有吗", said("今年新增多少停车位")).status is Status.NOT_IN_REPORT
