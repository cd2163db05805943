"""What a question asks for, and its form: a number, a place, a price …, the meaning of a word, a claim, a plan.

Weights of the same shape as the intent model's, made by `python -m evals.train`: `details.npz` from the labelled
questions of `evals/questions/` and of the cases, `told.npz` from which questions of the cases a report answers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from bot import tuning
from bot.guarding.intents import IntentModel, Numbers
from bot.understanding.kinds import Asked
from corpus.encoder import Encoder

WEIGHTS = Path(__file__).resolve().parent / "details.npz"
TOLD_WEIGHTS = WEIGHTS.with_name("told.npz")
TOLD, UNTOLD = "told", "untold"
MEANING, CLAIM, YES_OR_NO, WHAT, STATEMENT = "meaning", "claim", "yesno", "what", "statement"
# How many questions are cached with their shares: a turn is classified before it is split, and after.
REMEMBERED = 2_000

Shares = Mapping[str, float]


@dataclass(frozen=True)
class Details:
    """Classifies what is asked for, and whether reports tell it. Without an encoder by the characters alone."""

    model: IntentModel
    telling: IntentModel
    encoder: Encoder

    @classmethod
    def load(cls, encoder: Encoder | None) -> "Details":
        """The weights. Raises as IntentModel.load."""
        model, telling = IntentModel.load(WEIGHTS), IntentModel.load(TOLD_WEIGHTS)
        return cls(model, telling, encoder if encoder and encoder.name == model.encoder else Meaningless(model))

    def shares(self, folded: str) -> Shares:
        """The probability of each label of a folded question: a Kind, or a form. They sum to 1. Cached."""
        return self._shares(folded)

    @cached_property
    def _shares(self) -> Callable[[str], Shares]:
        return lru_cache(maxsize=REMEMBERED)(self._told_apart)

    def _told_apart(self, folded: str) -> Shares:
        odds = self.model.odds([folded], self.encoder)[0]
        return dict(zip(self.model.labels, map(float, odds), strict=True))

    def told(self, folded: str) -> float:
        """How likely a report tells what is asked, by the question alone (0 to 1)."""
        return float(self.telling.odds([folded], self.encoder)[0][self.telling.labels.index(TOLD)])


def asked(items: Sequence[Asked], shares: Shares, least: float = tuning.DETAIL_ASKED) -> tuple[Asked, ...]:
    """The details whose probability is high enough, the likeliest first."""
    found = [item for item in items if shares.get(item.kind, 0.0) >= least]
    return tuple(sorted(found, key=lambda item: -shares[item.kind]))


class Meaningless:
    """Replaces a missing encoder: every text has the same vector."""

    def __init__(self, model: IntentModel) -> None:
        self.name, self.size, self._same = model.encoder, len(model.centre), model.centre

    def queries(self, texts: Sequence[str]) -> Numbers:
        """The mean of all that was learned from, for each text."""
        return np.repeat(self._same[None, :], len(texts), axis=0)
