"""A request keeps to the documents it began with; what nobody keeps to is closed."""

from dataclasses import replace

import pytest

from bot.pipeline import Bot
from bot.web.services import Services
from corpus.build import Index
from tests.bot.web.conftest import front_of


def other(bot: Bot) -> Bot:
    """A bot over other files."""
    index: Index = replace(bot.index, vectors=object())  # type: ignore[arg-type]
    return replace(bot, index=index)


@pytest.fixture
def services(bot: Bot) -> Services:
    return front_of(bot).services


def test_request_keeps_to_its_documents_while_others_are_served(services: Services, bot: Bot) -> None:
    new = other(bot)
    with services.one_edition():
        services.serve(new)
        assert services.ready() is bot
        assert services.views().bot is bot
        assert services.idle() == []
        assert services.changing
    assert services.ready() is new
    assert services.idle() == [bot]
    assert not services.changing


def test_files_that_still_serve_are_not_closed(services: Services, bot: Bot) -> None:
    services.serve(replace(bot))
    assert services.idle() == []
    assert not services.changing


def test_everything_is_closed_once_at_the_end(services: Services, bot: Bot) -> None:
    new = other(bot)
    services.serve(replace(bot))
    services.serve(new)
    assert len(services.end()) == 2
    assert services.end() == []
