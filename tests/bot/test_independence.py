"""A question that can stand alone is answered as if nothing had been said before it, whatever was."""

import pytest

from bot.pipeline import Bot

QUESTIONS = (
    "长者食堂今年新建几个",
    "十一中塘西校区什么时候招生",
    "今年要新增多少停车位",
    "口袋公园打算建多少个",
    "三医是什么意思",
    "GDP今年的增长目标是多少",
    "农村公路今年要改造多少公里",
    "区医院新院区今年能用吗",
    "招商引资今年要签约多少个项目",
    "四名文化指的是哪四名",
    "华侨建筑今年要修缮几栋",
    "老旧小区今年改造多少个",
    "十大行动是哪十个",
    "今年举办多少场文化活动",
    "裸房整治有什么安排",
    "公园门票多少钱",
    "城中村的污水接不接管",
    "小区管理十件实事包括哪些",
)


@pytest.mark.parametrize("asked", QUESTIONS)
def test_answer_is_the_same_after_any_other_question(bot: Bot, asked: str) -> None:
    alone = bot.answer(asked).answer
    others = (other for other in QUESTIONS if other != asked)
    changed = [other for other in others if bot.answer(asked, [{"role": "user", "content": other}]).answer != alone]
    assert not changed
