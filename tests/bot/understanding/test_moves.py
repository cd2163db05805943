from pathlib import Path

import pytest

from bot import tuning
from bot.pipeline import Bot
from bot.understanding.moves import Move, Moves, place_of, recent
from corpus.encoder import E5Encoder
from corpus.words import Words
from evals import moves


def ask(bot: Bot, *turns: str) -> str:
    return bot.answer(turns[-1], said(*turns[:-1])).answer


def said(*turns: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": turn} for turn in turns]


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        (("老人食堂今年建几个", "那幸福院呢"), "3个"),
        (("口袋公园建几个", "绿地多少亩"), "90亩以上"),
        (("今年重点项目多少个", "要完成多少投资"), "159亿元以上"),
        (("三医是什么", "那五化呢"), "照明化"),
        (("四名是哪四名", "这里头的名山是哪座"), "仙公山"),
        (("省级的数字农业基地建几个", "市级的有几个"), "4个"),
        (("GDP今年增长多少", "那工业呢"), "7.5%"),
        (("区医院新院区今年能用吗", "肿瘤医院呢"), "建成投用"),
    ],
)
def test_what_is_left_out_comes_from_the_turn_before(bot: Bot, turns: tuple[str, ...], told: str) -> None:
    assert told in ask(bot, *turns)


def test_new_topic_is_not_bent_to_the_old_one(bot: Bot) -> None:
    assert ask(bot, "停车位加多少个", "区里看病方面有什么安排") == ask(bot, "区里看病方面有什么安排")


def test_turns_of_the_assistant_are_not_taken_for_the_resident_s(bot: Bot) -> None:
    history = [{"role": "assistant", "content": "停车位300个以上"}]
    assert bot.answer("老人食堂建几个", history).answer == bot.answer("老人食堂建几个").answer


def test_only_the_last_turns_of_the_person_are_heard_in_their_order() -> None:
    talk = [turn for i in range(20) for turn in (*said(f"第{i}句"), {"role": "assistant", "content": "答"})]
    assert recent(talk) == tuple(f"第{i}句" for i in range(20 - tuning.TURNS_HEARD, 20))


def test_long_turns_are_cut_to_what_was_said_last() -> None:
    heard = recent(said("早" * 4000, "晚" * 500))
    assert heard == ("早" * (tuning.CHARACTERS_HEARD - 500), "晚" * 500)
    assert sum(map(len, recent(said(*["话" * 4000] * 20)))) == tuning.CHARACTERS_HEARD


def test_characters_that_stand_for_many_are_counted_as_many() -> None:
    assert sum(map(len, recent(said("㍿" * 4000)))) == tuning.CHARACTERS_HEARD


def test_turn_without_content_is_heard_as_nothing(bot: Bot) -> None:
    assert recent([{"role": "user"}]) == ("",)
    assert bot.answer("那停车位呢新增多少", [{"role": "user"}]).status.value == "answered"


def test_long_conversation_is_taken_and_its_end_is_heard(bot: Bot) -> None:
    earlier = ["区里有什么安排" * 500] * 19
    assert "300个以上" in ask(bot, *earlier, "今年新增多少充电桩?", "那停车位呢?")


@pytest.mark.parametrize(
    ("said", "items"),
    [
        ("第二个是啥", [2]),
        ("最后一个呢", [5]),
        ("倒数第二条", [4]),
        ("从下往上数第3项", [3]),
        ("前两项归谁管", [1, 2]),
        ("末尾那两个", [4, 5]),
        ("头一个在哪", [1]),
        ("中间那条", [3]),
        ("第九个", []),
        ("倒数第九个", []),
        ("第二十二十个", []),
        ("第99999999999999999999个", []),
    ],
)
def test_place_in_a_list_is_read(said: str, items: list[int]) -> None:
    place = place_of(said, 5)
    assert place is not None
    assert [1, 2, 3, 4, 5][place] == items


def test_no_place_is_none() -> None:
    assert place_of("说说看", 5) is None


def test_weights_are_those_of_the_labelled_turns(tmp_path: Path) -> None:
    held = Moves.load(E5Encoder()).model
    assert held.learned == moves.digest(moves.known(Words(tmp_path)))
    assert set(held.labels) == set(Move)


def test_who_asks_for_a_person_in_a_conversation_is_told_where_one_is(bot: Bot) -> None:
    answer = bot.answer("找个真人跟我说清楚点", said("今年新增多少停车位"))
    assert answer.contacts
    assert answer.citations == ()


@pytest.mark.parametrize("asked", ["帮我写一首诗", "给我讲个笑话"])
def test_what_is_beside_the_point_stays_so_in_a_conversation(bot: Bot, asked: str) -> None:
    assert bot.answer(asked, said("今年新增多少停车位")).status.value == "unanswerable_out_of_scope"
