from pathlib import Path

import numpy as np
import pytest

from bot.guarding.intents import IntentModel, grams
from corpus.encoder import E5Encoder
from evals.intents import digest, learned


def test_grams_are_one_to_three_characters() -> None:
    assert sorted(grams("着火了")) == sorted(["着", "火", "了", "着火", "火了", "着火了"])


def test_weights_were_made_from_the_learned_messages() -> None:
    assert IntentModel.load().learned == digest(learned())


def test_weights_survive_being_written(tmp_path: Path) -> None:
    model = IntentModel.load()
    model.save(tmp_path / "weights.npz")
    again = IntentModel.load(tmp_path / "weights.npz")
    assert again.labels == model.labels
    assert again.sure == model.sure
    assert np.array_equal(again.meaning, model.meaning)


@pytest.mark.parametrize(
    ("text", "family"), [("着火了", "emergency"), ("转人工", "person"), ("今年建几个公园", "ordinary")]
)
def test_clause_is_told_by_what_it_wants(text: str, family: str) -> None:
    intent = IntentModel.load().intents([text], E5Encoder())[0]
    assert intent.family == family
    assert (intent.danger > 0.5) == (family == "emergency")
