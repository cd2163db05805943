import pytest

from bot.answering.onward import Onward
from bot.office.suggestions import MOST, Suggestions
from bot.pipeline import Bot
from bot.wording import read_yaml


@pytest.fixture(scope="module")
def suggestions(bot: Bot) -> Suggestions:
    wording = read_yaml(bot.settings.prompts_dir / "page.yaml")["onward"]
    onward = Onward(bot.index.corpus, wording, lambda question: bot.prepared(question, ()).answer)
    made = Suggestions(bot.index.corpus, onward, lambda: ["今年新增多少充电桩?"])
    made.try_all()
    return made


def test_known_questions_are_suggested_before_any_was_tried(bot: Bot) -> None:
    untried = Suggestions(bot.index.corpus, Onward(bot.index.corpus, {}, bot.answer), lambda: ["今年新增多少充电桩?"])
    assert untried.find("充电") == ("今年新增多少充电桩?",)


def test_questions_of_the_documents_are_suggested_and_answered(suggestions: Suggestions, bot: Bot) -> None:
    found = suggestions.find("停车")
    assert found
    assert all("停车" in question and bot.answer(question).short for question in found)


def test_words_of_residents_find_questions_in_words_of_the_report(suggestions: Suggestions) -> None:
    assert any("长者食堂" in question for question in suggestions.find("老人饭堂"))


@pytest.mark.parametrize("typed", ["", "充", "  ", "qqqqqq"])
def test_too_little_and_nothing_alike_suggest_nothing(suggestions: Suggestions, typed: str) -> None:
    assert suggestions.find(typed) == ()


def test_no_more_are_suggested_than_are_read(suggestions: Suggestions) -> None:
    assert len(suggestions.find("2025年")) == MOST
