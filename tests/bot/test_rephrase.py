import pytest

from bot.pipeline import Bot


def ask(bot: Bot, *turns: str) -> str:
    return bot.answer(turns[-1], [{"role": "user", "content": t} for t in turns[:-1]]).answer


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        (("老人食堂今年建几个", "那幸福院呢"), "3个"),
        (("口袋公园建几个", "绿地多少亩"), "90亩以上"),
        (("今年重点项目多少个", "要完成多少投资"), "159亿元以上"),
        (("三医是什么", "那五化呢"), "照明化"),
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
