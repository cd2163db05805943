"""The product against a real endpoint; off unless BOT_TEST_BASE_URL, BOT_TEST_API_KEY and BOT_TEST_MODEL are set."""

import asyncio
import os
from dataclasses import replace

import pytest

from bot.answer import Answer
from bot.journey.opening import composer_of
from bot.meter import Meter
from bot.pipeline import Bot
from bot.settings import Settings

pytestmark = pytest.mark.skipif(not os.environ.get("BOT_TEST_BASE_URL"), reason="BOT_TEST_BASE_URL is not set")
QUESTIONS = ("老人食堂今年建几个", "十一中塘西校区什么时候开学", "今年教育方面有哪些项目", "四下基层是什么意思")


@pytest.fixture(scope="module")
def live(bot: Bot) -> Bot:
    settings = Settings(
        data_dir=bot.settings.data_dir,
        model_base_url=os.environ["BOT_TEST_BASE_URL"],
        model_api_key=os.environ.get("BOT_TEST_API_KEY", "none"),
        model_name=os.environ.get("BOT_TEST_MODEL", ""),
        _env_file=None,
    )
    meter = Meter()
    return replace(
        bot, settings=settings, composer=composer_of(settings, bot.index.corpus, bot.guard, meter, bot.speaker.encoder)
    )


def answered(bot: Bot, question: str) -> Answer:
    return asyncio.run(bot.reply(question))


@pytest.mark.parametrize("question", QUESTIONS)
def test_real_endpoint_is_reached_and_the_answer_stands(live: Bot, question: str) -> None:
    answer = answered(live, question)
    assert answer.status == "answered"
    assert answer.generation
    assert answer.generation.fallback in ("", "unsupported", "insufficient", "hopeless")
    assert all(c.text[c.start : c.end] == c.quote for c in answer.citations)


def test_real_model_writes_some_of_the_answers(live: Bot) -> None:
    assert any(answered(live, question).mode == "generated" for question in QUESTIONS)
