"""The measure of approved questions: at the threshold in use no look-alike is taken for a paraphrase."""

import pytest

from bot import tuning
from bot.pipeline import Bot
from evals.approved import HALVES, scores, tried

FLOOR = 0.75


@pytest.mark.parametrize("half", HALVES)
def test_no_look_alike_matches_and_most_paraphrases_do(bot: Bot, half: str) -> None:
    found, same, wrong, other = scores(tried(bot), half, tuning.APPROVED_FROM)
    assert other > 700
    assert wrong == 0
    assert found >= FLOOR * same
