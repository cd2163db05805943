import asyncio

import pytest

from bot.pipeline import Bot
from bot.settings import Settings
from bot.web.page import Page, Turns, ask, history_of


@pytest.fixture(scope="module")
def page(bot: Bot) -> Page:
    return Page.of(bot)


def last(bot: Bot, page: Page, question: str, turns: Turns) -> tuple[str, Turns, str]:
    """What the page shows when the answer is whole."""

    async def shown() -> list[tuple[str, Turns, str]]:
        return [state async for state in ask(bot, page, question, turns)]

    return asyncio.run(shown())[-1]


def test_answer_shows_label_mark_and_highlighted_quote(bot: Bot, page: Page) -> None:
    html, _, box = last(bot, page, "长者食堂新建几个?", [])
    assert "报告原文摘录" in html
    assert 'href="#t1-c1"' in html
    assert "<mark>新建“长者食堂”5个</mark>" in html
    assert box == ""


def test_refusal_offers_the_hotline(bot: Bot, page: Page) -> None:
    html, _, _ = last(bot, page, "长者食堂几点开饭?", [])
    assert 'href="tel:12345"' in html


def test_what_a_resident_types_is_never_markup(bot: Bot, page: Page) -> None:
    html, _, _ = last(bot, page, "<img src=x onerror=alert(1)>长者食堂新建几个", [])
    assert "<img" not in html
    assert "&lt;img" in html


def test_turns_grow_and_serve_as_history(bot: Bot, page: Page) -> None:
    _, turns, _ = last(bot, page, "长者食堂新建几个?", [])
    _, turns, _ = last(bot, page, "停车位新增多少?", turns)
    assert [t["role"] for t in history_of(turns)] == ["user", "assistant"] * 2
    assert history_of(turns)[2]["content"] == "停车位新增多少?"


def test_too_long_a_question_stays_in_the_box_with_a_word_on_what_to_do(bot: Bot, page: Page) -> None:
    html, turns, box = last(bot, page, "路" * 301, [])
    assert "太长" in html
    assert (turns, box) == ([], "路" * 301)


def test_empty_page_says_how_to_begin(page: Page) -> None:
    assert page.text["empty"] in page.conversation([])


def test_starting_page_reloads_itself_and_names_the_hotline() -> None:
    html = Page.starting(Settings(_env_file=None))
    assert 'http-equiv="refresh"' in html
    assert "tel:12345" in html


def test_sentences_are_shown_as_they_pass_then_the_whole_answer(writing, page: Page) -> None:  # type: ignore[no-untyped-def]
    bot = writing("good")

    async def shown() -> list[str]:
        return [html async for html, _, _ in ask(bot, page, "长者食堂新建几个?", [])]

    states = asyncio.run(shown())
    assert page.text["writing"] in states[0]
    assert "人工智能生成" in states[-1]
    assert page.text["writing"] not in states[-1]


def test_model_and_its_filing_number_are_told(writing) -> None:  # type: ignore[no-untyped-def]
    page = Page.of(writing("good", model_title="某某大模型", model_filing="备0001"))
    assert "某某大模型" in page.render("hotline")
    assert "备0001" in page.render("hotline")
    assert "人工智能" in page.render("header")


def test_without_a_model_none_is_named(page: Page) -> None:
    assert "生成" not in page.render("hotline")
