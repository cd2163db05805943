import dataclasses

import pytest

from bot.finding.search import retrieve
from bot.pipeline import Bot
from bot.understanding.question import Question, understand
from corpus.embed import EmbeddingFailed


class Dead:
    """Vectors whose endpoint is down."""

    def search(self, text: str, k: int) -> dict[str, float]:
        raise EmbeddingFailed("down")


def question(bot: Bot, text: str) -> Question:
    return understand(bot.index.corpus.words.fold(text), bot.language)


@pytest.mark.parametrize(
    ("text", "passage"),
    [("老人饭堂", "p17"), ("停车位", "p09"), ("番仔楼修几栋", "p16"), ("反腐倡廉", "p26"), ("三医", "n18")],
)
def test_passage_that_answers_is_among_the_first_three(bot: Bot, text: str, passage: str) -> None:
    hits = retrieve(question(bot, text), bot.index)
    assert f"luojiang-2025-{passage}" in [h.passage.id for h in hits[:3]]


def test_hits_below_the_threshold_are_kept_beside_the_others_as_rejected(bot: Bot) -> None:
    hits = retrieve(question(bot, "长者食堂"), bot.index, 46)
    assert {h.kept for h in hits} == {True, False}
    assert min(h.score for h in hits if h.kept) > max(h.score for h in hits if not h.kept)


def test_passage_that_shares_no_word_is_found_by_its_meaning(bot: Bot) -> None:
    asked = dataclasses.replace(question(bot, "上岁数的人去哪吃饭"), concepts=())
    assert "luojiang-2025-p17" in [h.passage.id for h in retrieve(asked, bot.index, 5)]


def test_keywords_go_on_alone_while_the_vectors_endpoint_is_down(bot: Bot) -> None:
    lame = dataclasses.replace(bot.index, vectors=Dead())  # type: ignore[arg-type]
    assert retrieve(question(bot, "停车位"), lame)[0].passage.id == "luojiang-2025-p09"
