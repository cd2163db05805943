import pytest

from bot.finding.listing import whole_passage
from bot.pipeline import Bot


def told(bot: Bot, question: str) -> str:
    return bot.answer(question).answer


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("五化是哪五化", ("绿化", "美化", "照明化", "净化", "智化")),
        ("千村示范引领万村共富共美是什么意思", ("2023年12月", "25.6亿元", "1000个以上")),
        ("3366是什么", ("3个支撑", "3大特色", "6维赋能", "6项机制")),
    ],
)
def test_definition_is_the_whole_annotation(bot: Bot, question: str, parts: tuple[str, ...]) -> None:
    assert all(part in told(bot, question) for part in parts)


def test_body_and_annotation_are_given_together_when_both_are_asked_for(bot: Bot) -> None:
    answer = bot.answer("正文里三医怎么写的,三医又是什么意思")
    assert {c.kind for c in answer.citations} == {"body", "annotation"}


def test_question_about_the_body_is_not_answered_from_an_annotation(bot: Bot) -> None:
    assert {c.kind for c in bot.answer("农村道路今年硬化多少公里").citations} == {"body"}


def test_paragraph_under_a_heading_answers_what_is_asked_of_its_topic(bot: Bot) -> None:
    answer = told(bot, "教育方面有哪些安排")
    assert all(part in answer for part in ("十一中塘西校区", "第五实验小学", "马甲中学"))


def test_long_paragraph_is_cut_at_a_sentence(bot: Bot) -> None:
    passage = bot.index.corpus.by_id["luojiang-2025-p06"]
    quote = whole_passage(passage, 120).quote
    assert 0 < len(quote) <= 120
    assert passage.text[passage.text.index(quote) + len(quote)] in "。;"
    assert not quote.startswith(passage.heading)


def test_amount_picks_out_the_targets_that_reach_it(bot: Bot) -> None:
    answer = told(bot, "增长目标10%及以上的有哪些")
    assert "出口商品总值增长10%" in answer
    assert "研发经费增长20%以上" in answer
    assert "地区生产总值增长6.2%" not in answer


def test_amount_below_picks_out_the_smaller_targets(bot: Bot) -> None:
    answer = told(bot, "增长目标5%以下的有哪些")
    assert "一般公共预算收入增长2.5%" in answer
    assert "出口商品总值增长10%" not in answer


def test_stage_picks_out_every_project_in_it(bot: Bot) -> None:
    answer = told(bot, "还在前期工作阶段的项目有哪些")
    assert "洛丰高速" in answer
    assert "黎明职业大学洛江校区前期工作" in answer


def test_mentions_are_of_the_whole_phrase_and_complete(bot: Bot) -> None:
    answer = bot.answer("“三年行动” 全部提及")
    quotes = [c.quote for c in answer.citations]
    assert all("三年行动" in quote for quote in quotes)
    assert len(quotes) == sum(p.text.count("三年行动") for p in bot.index.corpus.passages)


def test_term_and_its_use_are_both_told(bot: Bot) -> None:
    answer = bot.answer("乡村振兴五好 今年任务 含义")
    assert {c.kind for c in answer.citations} == {"body", "annotation"}
    assert "整镇推进" in answer.answer
    assert "富民产业发展好" in answer.answer


def test_longest_words_of_the_report_are_what_is_looked_for(bot: Bot) -> None:
    cited = bot.answer("三年行动在哪几处提到").citations
    assert cited
    assert all("三年行动" in c.text for c in cited)
