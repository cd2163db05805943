from pathlib import Path

import pytest

from bot.judging.weights import Weights
from bot.pipeline import Bot
from bot.understanding.question import understand
from evals import judging


def test_weights_are_those_of_the_development_cases() -> None:
    assert Weights.load().learned == judging.digest()


def test_every_feature_has_its_weight_and_no_weight_is_without_one(bot: Bot) -> None:
    question = understand("长者食堂今年新建几个", bot.language)
    evidence = judging.find_evidence(question, judging.find(question, bot.index), bot.language)
    weights = Weights.load()
    ranked = judging.ranked(question, evidence, weights, bot.index.corpus)
    features = judging.of_decision(question, ranked, 1.0, bot.index.corpus)
    assert set(judging.of_sentences(question, evidence)[0]) == set(weights.ranking)
    assert set(features) == set(weights.decision)


def test_kept_weights_are_the_same_again(tmp_path: Path) -> None:
    weights = Weights({"words": 1.5}, {"rank": 2.0}, -1.0, 0.4, "x")
    weights.save(tmp_path / "w.json")
    assert Weights.load(tmp_path / "w.json") == weights


def test_more_of_what_counts_for_it_is_likelier() -> None:
    weights = Weights({"words": 1.5}, {"rank": 2.0}, -1.0, 0.4, "x")
    assert weights.rank({"words": 2.0}) == pytest.approx(3.0)
    assert weights.answers({"rank": 0.0}) < 0.5 < weights.answers({"rank": 1.0})
