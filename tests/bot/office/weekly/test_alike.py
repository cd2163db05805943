"""Questions that mean the same are proposed and grouped, whatever their words."""

from bot.office.weekly.alike import MOST, encoder_of, grouped, near
from bot.pipeline import Bot
from bot.records.statistics import Asked


def asked(**times: int) -> list[Asked]:
    return [Asked("", question, count, question) for question, count in times.items()]


def test_other_words_for_a_question_are_proposed_and_other_questions_are_not(bot: Bot) -> None:
    others = asked(公租房在哪里申请=3, 申请公租房去哪儿=1, 低保多少钱一个月=9, 公租房去哪里申请=2)
    found = [one.question for one in near("公租房去哪里申请", others, encoder_of(bot))]
    assert set(found) == {"公租房在哪里申请", "申请公租房去哪儿"}
    assert near("", others, encoder_of(bot)) == []


def test_groups_are_of_one_meaning_and_the_commonest_stands_first(bot: Bot) -> None:
    others = asked(公交车老人免费吗=2, 老人坐公交车免费吗=3, 低保多少钱一个月=4)
    found = grouped(others, [one.question for one in others], encoder_of(bot))
    assert [(group.times, group.members[0].question) for group in found] == [
        (5, "老人坐公交车免费吗"),
        (4, "低保多少钱一个月"),
    ]


def test_same_words_that_mean_different_things_in_their_conversations_are_apart(bot: Bot) -> None:
    others = [Asked("", "多少钱", 2, "a"), Asked("", "多少钱", 1, "b")]
    meant = ["低保多少钱一个月", "幼儿园学费多少钱"]
    assert len(grouped(others, meant, encoder_of(bot))) == 2


def test_without_an_encoder_only_the_same_words_are_one_group() -> None:
    others = [Asked("甲", "多少钱", 2, "a"), Asked("乙", "多少钱", 1, "b"), Asked("甲", "几个", 1, "c")]
    found = grouped(others, [one.question for one in others], None)
    assert [group.times for group in found] == [3, 1]
    assert near("多少钱", others, None) == []


def test_same_words_are_one_group_beyond_those_that_are_compared(bot: Bot) -> None:
    rare = [Asked(topic, "公租房怎么申请", 1, topic) for topic in ("住房", "民政")]
    others = [Asked("", "低保多少钱一个月", 2, "") for _ in range(MOST)] + rare
    found = grouped(others, [one.question for one in others], encoder_of(bot))
    assert [group.times for group in found] == [2 * MOST, 2]
