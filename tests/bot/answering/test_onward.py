import pytest

from bot import tuning
from bot.answer import Answer, Status
from bot.answering.onward import Onward, Quoted
from bot.pipeline import Bot
from bot.wording import read_yaml
from corpus.corpus import Corpus


@pytest.fixture(scope="module")
def onward(bot: Bot) -> Onward:
    wording = read_yaml(bot.settings.prompts_dir / "page.yaml")["onward"]
    return Onward(bot.index.corpus, wording, lambda question: bot.prepared(question, ()).answer)


def test_what_leads_on_is_answered_and_none_of_it_was_quoted(onward: Onward, bot: Bot) -> None:
    cited = bot.answer("今年新增多少停车位?").citations[0]
    questions = onward.after([Quoted(cited.passage_id, cited.start, cited.end)])
    assert len(questions) == 3
    for question in questions:
        answer = bot.answer(question)
        assert answer.status is Status.ANSWERED
        assert cited.quote not in {c.quote for c in answer.citations}


@pytest.mark.parametrize("passage", ["luojiang-2025-p01", "luojiang-2025-p17", "luojiang-2025-n18"])
def test_paragraph_and_annotation_lead_on(onward: Onward, passage: str) -> None:
    assert onward.after([Quoted(passage)])


def test_nothing_is_offered_that_is_answered_otherwise(corpus: Corpus, bot: Bot) -> None:
    asked: list[str] = []

    def declines(question: str) -> Answer:
        asked.append(question)
        return bot.speaker.say(Status.NOT_IN_REPORT)

    wording = read_yaml(bot.settings.prompts_dir / "page.yaml")["onward"]
    onward = Onward(corpus, wording, declines)
    assert onward.after([Quoted("luojiang-2025-p09")]) == ()
    assert len(set(asked)) == len(asked) == tuning.ONWARD_TRIED
    assert list(onward.everything()) == []
    assert len(asked) > tuning.ONWARD_TRIED


def test_unknown_passage_leads_nowhere(onward: Onward) -> None:
    assert onward.after([Quoted("no-such")]) == ()
