import pytest

from bot import tuning
from bot.answering.onward import Onward
from bot.office.documents.examples import onward_of
from bot.office.suggestions import Suggestions
from bot.pipeline import Bot


@pytest.fixture(scope="module")
def suggestions(bot: Bot) -> Suggestions:
    made = Suggestions(bot.index.corpus, onward_of(bot), lambda: ["今年新增多少充电桩?"])
    made.try_all()
    return made


def test_questions_known_by_now_are_suggested_before_any_was_tried(bot: Bot) -> None:
    offered = ["今年新增多少充电桩?"]
    untried = Suggestions(bot.index.corpus, Onward(bot.index.corpus, {}, bot.answer), lambda: offered)
    assert untried.find("充电") == ("今年新增多少充电桩?",)
    offered[:] = ["充电桩在哪里?"]
    assert untried.find("充电") == ("充电桩在哪里?",)


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
    assert len(suggestions.find("2025年")) == tuning.SUGGESTED
