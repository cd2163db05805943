import pytest

from bot.pipeline import Bot
from bot.understanding.moves import CHARACTERS, TURNS, recent


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
    assert recent(talk) == tuple(f"第{i}句" for i in range(20 - TURNS, 20))


def test_long_turns_are_cut_to_what_was_said_last() -> None:
    heard = recent(said("早" * 4000, "晚" * 500))
    assert heard == ("早" * (CHARACTERS - 500), "晚" * 500)
    assert sum(map(len, recent(said(*["话" * 4000] * 20)))) == CHARACTERS


def test_characters_that_stand_for_many_are_counted_as_many() -> None:
    assert sum(map(len, recent(said("㍿" * 4000)))) == CHARACTERS


def test_turn_without_content_is_heard_as_nothing(bot: Bot) -> None:
    assert recent([{"role": "user"}]) == ("",)
    assert bot.answer("那停车位呢新增多少", [{"role": "user"}]).status.value == "answered"


def test_long_conversation_is_taken_and_its_end_is_heard(bot: Bot) -> None:
    earlier = ["区里有什么安排" * 500] * 19
    assert "300个以上" in ask(bot, *earlier, "今年新增多少充电桩?", "那停车位呢?")
