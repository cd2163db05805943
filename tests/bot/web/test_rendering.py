from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.pipeline import Bot
from bot.settings import Settings
from bot.web.rendering import Views, starting_page


@pytest.fixture(scope="module")
def views(bot: Bot) -> Views:
    return Views(bot, today=date(2026, 5, 1))


def turn(views: Views, question: str, linked: bool = False) -> str:
    return views.turn(question, views.bot.answer(question), linked)


def test_answer_shows_label_mark_source_and_the_way_to_the_report(views: Views) -> None:
    html = turn(views, "长者食堂新建几个?")
    assert "报告原文摘录" in html
    assert '<button type="button" class="mark"' in html
    assert "<mark>新建“长者食堂”5个</mark>" in html
    assert "正文第17段" in html
    assert 'href="report?p=luojiang-2025-p17&amp;from=' in html
    assert '<details class="source"' in html
    assert " open>" in html


def test_page_without_scripts_gets_links_for_marks_and_no_buttons(views: Views) -> None:
    html = turn(views, "长者食堂新建几个?", linked=True)
    assert '<a class="mark" href="#c-' in html
    assert "<button" not in html


def test_refusal_offers_the_hotline_the_nearest_passages_and_a_summary(views: Views) -> None:
    html = turn(views, "长者食堂几点开饭?")
    assert 'href="tel:12345"' in html
    assert views.text["related"] in html
    assert views.text["handoff"] in html


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
