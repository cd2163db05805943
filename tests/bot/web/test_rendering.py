import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.pipeline import Bot
from bot.settings import Settings
from bot.web.rendering import Views, starting_page

PLAIN = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def views(bot: Bot) -> Views:
    return Views(bot, today=date(2026, 5, 1))


def turn(views: Views, question: str, linked: bool = False) -> str:
    return views.turn(question, views.bot.answer(question), linked)


def test_answer_shows_label_mark_source_and_the_way_to_the_report(views: Views) -> None:
    html = turn(views, "长者食堂新建几个?")
    assert "报告原文摘录" in html
    assert '<button type="button" class="mark"' in html
    assert 'tabindex="-1">新建“长者食堂”5个</mark>' in html
    assert "正文第17段" in html
    assert 'href="report?p=luojiang-2025-p17&amp;from=' in html


def test_what_was_asked_stands_first_and_nothing_is_printed_twice(views: Views) -> None:
    html = turn(views, "今年新增多少充电桩?")
    shown = PLAIN.sub("", html[html.index('<div class="text">') :])
    assert shown.split()[0] == "2025年的计划200个以上"
    assert shown.count("新增公共充换电设施200个以上") == 1
    assert shown.count("《2025年洛江区政府工作报告》") == 1


def test_context_is_shown_and_the_rest_of_the_paragraph_folded(views: Views) -> None:
    html = turn(views, "今年新增多少充电桩?")
    assert '<span class="rest">完善城市功能配套。' in html
    assert "完善城市公共停车和充换电设施,</span>" in html
    assert views.text["whole"] in html


def test_list_is_counted_and_long_ones_are_folded(views: Views) -> None:
    html = turn(views, "经济方面今年有哪些预期目标")
    assert views.text["counted"].format(count=11) in html
    first, folded = html.split('<details class="more">')
    assert (first.count("<li><mark"), folded.count("<li><mark")) == (6, 5)


def test_several_quotes_are_no_list(views: Views) -> None:
    answer = views.bot.answer("经济方面今年有哪些预期目标")
    (listed,) = answer.citations
    twice = replace(
        answer, answer=answer.answer + f"\n{listed.quote}。[2]", citations=(listed, replace(listed, mark=2))
    )
    html = views.turn("经济方面今年有哪些预期目标", twice)
    assert html.count('<blockquote class="paragraph">') == 2
    assert 'class="counted"' not in html


def test_question_is_shown_without_personal_data(views: Views) -> None:
    html = turn(views, "长者食堂新建几个?我电话13805951234")
    assert "13805951234" not in html
    assert views.text["masked"] in html


def test_hotline_is_named_once_in_a_refusal(views: Views) -> None:
    shown = turn(views, "长者食堂几点开饭?").split('class="answer')[1]
    assert PLAIN.sub("", shown).count("12345") == 1


def test_page_without_scripts_gets_links_for_marks_and_no_buttons(views: Views) -> None:
    html = turn(views, "长者食堂新建几个?", linked=True)
    assert '<a class="mark" href="#q-' in html
    assert "<button" not in html


def test_refusal_offers_the_hotline_the_nearest_passages_and_a_summary(views: Views) -> None:
    html = turn(views, "长者食堂几点开饭?")
    assert 'href="tel:12345"' in html
    assert "报告里与此有关的是" in html
    assert views.text["handoff"] in html


def test_refusal_quotes_nothing_that_is_of_another_matter(views: Views) -> None:
    answer = views.bot.answer("去年GDP是多少亿?")
    assert answer.citations == ()
    answer = views.bot.answer("公积金提取要啥材料?")
    assert answer.citations == ()


def test_summary_for_the_hotline_masks_personal_data(views: Views) -> None:
    question = "长者食堂几点开饭?我电话13805951234"
    summary = views.handoff(question, views.bot.answer(question))
    assert "13805951234" not in summary
    assert "健全完善社会保障" in summary


def test_what_a_resident_types_is_never_markup(views: Views) -> None:
    html = turn(views, '<img src=x onerror=alert(1)>"长者食堂新建几个')
    assert "<img" not in html
    assert "&lt;img" in html


def test_copied_text_holds_question_label_answer_and_sources(views: Views) -> None:
    question = "长者食堂新建几个?"
    lines = views.copied(question, views.bot.answer(question)).split("\n")
    assert lines[0].endswith(question)
    assert lines[1] == "\u3010报告原文摘录\u3011"
    assert lines[3].startswith("[1] ")
    assert "新建“长者食堂”5个" in lines[3]


def test_spoken_text_begins_with_the_label_and_has_no_marks(views: Views) -> None:
    spoken = views.spoken(views.bot.answer("长者食堂新建几个?"))
    assert spoken.startswith("报告原文摘录。")
    assert "[" not in spoken


def test_plan_of_a_year_gone_by_is_told_as_such(bot: Bot) -> None:
    document = bot.document("luojiang-2025")
    assert "今年是2026年" in Views(bot, date(2026, 5, 1)).dated(document)
    assert "今年是" not in Views(bot, date(2025, 5, 1)).dated(document)
    assert Views(bot, date(2026, 5, 1)).dated(replace(document, kind="regulation")) == ""


def test_model_and_its_filing_number_are_told(writing: Callable[..., Bot]) -> None:
    views = Views(writing("good", model_title="某某大模型", model_filing="备0001"))
    footer = views.render("footer.html", page="ask")
    assert "某某大模型" in footer
    assert "备0001" in footer


def test_without_a_model_none_is_named(views: Views) -> None:
    assert "生成" not in views.render("footer.html", page="ask")


def test_starting_page_reloads_itself_and_names_the_hotline() -> None:
    html = starting_page(Settings(_env_file=None))
    assert 'http-equiv="refresh"' in html
    assert "tel:12345" in html
