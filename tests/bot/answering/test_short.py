import pytest

from bot.pipeline import Bot


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("今年新增多少充电桩?", "200个以上"),
        ("今年新增多少停车位?", "300个以上"),
        ("专精特新企业今年想培育多少家?", "15家以上"),
        ("十一中塘西校区什么时候开学?", "2025年秋季"),
        ("今年地区生产总值增长多少?", "增长6.2%"),
        ("“三医”是什么意思?", "医疗、医保、医药"),
    ],
)
def test_words_of_the_quote_that_answer_the_detail(bot: Bot, question: str, told: str) -> None:
    answer = bot.answer(question)
    assert answer.short == told
    assert told in answer.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "公共充换电设施和停车位哪个新增多?",  # two things are asked of
        "塘西那个新学校啥时候能进去读?",  # two dates are told, of which stage is not said
        "老人食堂今年建几个?新增多少停车位?",
        "今年要办哪些教育方面的事?",
        "长者食堂几点开饭?",
    ],
)
def test_nothing_where_it_is_unsure(bot: Bot, question: str) -> None:
    assert bot.answer(question).short == ""


def test_claim_is_confirmed_only_in_its_own_figure(bot: Bot) -> None:
    assert bot.answer("今年新建5个长者食堂,对吗?").short == "是的"
    assert bot.answer("裸房整治是两千栋对吧").short == ""
    assert bot.answer("充电桩要建300个,对吗?").short != "是的"
    assert bot.answer("一般公共预算总收入要增2.5%没记错吧").short != "是的"
