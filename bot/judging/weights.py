"""The weights of the ranking and of the decision, made by `python -m evals.train`."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.judging.features import Features

FILE = Path(__file__).resolve().parent / "weights.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature is worth. `answers_from` is the probability from which on a question counts as answered.

    `learned` is the digest of the cases they were made from.
    """

    ranking: Mapping[str, float]
    decision: Mapping[str, float]
    bias: float
    answers_from: float
    learned: str

    @classmethod
    def load(cls, path: Path = FILE) -> "Weights":
        """Read the weights. Raises OSError, ValueError or TypeError for a broken file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def save(self, path: Path = FILE) -> None:
        """Write the weights."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def rank(self, features: Features) -> float:
        """How well a sentence answers beside the others; only differences within a question tell anything."""
        return sum(weight * features[name] for name, weight in self.ranking.items())

    def answers(self, features: Features) -> float:
        """How likely the best sentence answers the question (logistic regression)."""
        return 1 / (1 + math.exp(-self.bias - sum(weight * features[name] for name, weight in self.decision.items())))
