"""What a text wants: help in danger, a person to speak to, control of the bot, a greeting, or simply an answer.

A network of one hidden layer over the encoder's vector of the text (what it means) and its character n-grams weighted
by tf-idf (how it is put). The weights are in `intents.npz`, made by `python -m evals.train` from `evals/messages/`.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.encoder import Encoder

WEIGHTS = Path(__file__).resolve().parent / "intents.npz"
ORDINARY, EMERGENCY, HAZARD = "ordinary", "emergency", "hazard"
LONGEST_GRAM = 3
PARTING = ",;:。 \n"
NUMBERS = ("centre", "meaning", "idf", "shape", "bias", "output", "output_bias")
Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Intent:
    """The likely family of a text (emergency, person …) and its kind within it; the probability that somebody is in
    danger, and the kind of that danger.
    """

    family: str
    kind: str = ""
    danger: float = 0.0
    danger_kind: str = ""


def bare(text: str) -> str:
    """A text without trailing separators: a comma at its end says nothing of its intent."""
    return text.rstrip(PARTING) or text


def grams(text: str) -> list[str]:
    """The character n-grams of a folded text, from one character to LONGEST_GRAM."""
    return [text[i : i + n] for n in range(1, LONGEST_GRAM + 1) for i in range(len(text) - n + 1)]


@dataclass(frozen=True)
class IntentModel:
    """A label is a family or family.kind. Shapes: `centre` (size), `meaning` (size, hidden), `idf` (grams), `shape`
    (grams, hidden), `bias` (hidden), `output` (hidden, labels), `output_bias` (labels).

    `sure` holds the share from which each family is accepted; `learned` is the digest of the training data.
    """

    encoder: str
    learned: str
    labels: tuple[str, ...]
    sure: dict[str, float]
    vocabulary: tuple[str, ...]
    centre: Numbers
    meaning: Numbers
    idf: Numbers
    shape: Numbers
    bias: Numbers
    output: Numbers
    output_bias: Numbers

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> "IntentModel":
        """Read the weights. Raises OSError, ValueError or KeyError for a broken file."""
        with np.load(path, allow_pickle=False) as held:
            return cls(
                encoder=str(held["encoder"]),
                learned=str(held["learned"]),
                labels=tuple(held["labels"].tolist()),
                sure=dict(zip(held["families"].tolist(), held["sure"].tolist(), strict=True)),
                vocabulary=tuple(held["vocabulary"].tolist()),
                **{name: held[name].astype(np.float32) for name in NUMBERS},
            )

    def save(self, path: Path = WEIGHTS) -> None:
        """Write the weights, in half precision."""
        held: dict[str, Any] = {name: getattr(self, name).astype(np.float16) for name in NUMBERS}
        held |= {name: np.asarray(getattr(self, name)) for name in ("encoder", "learned", "labels", "vocabulary")}
        held |= {"families": np.asarray(list(self.sure)), "sure": np.asarray(list(self.sure.values()))}
        np.savez_compressed(path, **held)

    def intents(self, texts: Sequence[str], encoder: Encoder) -> list[Intent]:
        """The intent of each folded text; ordinary where no other family is accepted."""
        return [self._intent(row) for row in self.odds(texts, encoder)]

    def odds(self, texts: Sequence[str], encoder: Encoder) -> Numbers:
        """The probability of each label for each text. Shape: (texts, labels)."""
        texts = [bare(text) for text in texts]
        meant = (encoder.queries(texts) - self.centre) @ self.meaning
        hidden = np.maximum(meant + np.stack([self._shaped(text) for text in texts]) + self.bias, 0)
        logits = hidden @ self.output + self.output_bias
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Numbers = weights / weights.sum(axis=1, keepdims=True)
        return shares

    def shares(self, odds: Numbers) -> dict[str, float]:
        """The probability of an emergency, of a hazard, and of any other message that is not ordinary.

        The last goes to its likeliest family as a whole: whether to answer matters more than why not.
        """
        shares = {family: float(odds[rows].sum()) for family, rows in self._families.items()}
        beside = [family for family in shares if family not in (ORDINARY, EMERGENCY, HAZARD)]
        likeliest = max(beside, key=shares.__getitem__)
        together = sum(shares[family] for family in beside)
        return {EMERGENCY: shares[EMERGENCY], HAZARD: shares[HAZARD], likeliest: together}

    def _shaped(self, text: str) -> Numbers:
        """What the n-grams of a text add to the hidden layer: sublinear tf-idf of length 1 times the weights."""
        counts = Counter(row for gram in grams(text) if (row := self._rows.get(gram)) is not None)
        if not counts:
            return np.zeros_like(self.bias)
        rows = list(counts)
        weights = np.asarray([1 + math.log(count) for count in counts.values()], dtype=np.float32) * self.idf[rows]
        shaped: Numbers = (weights / np.linalg.norm(weights)) @ self.shape[rows]
        return shaped

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {gram: row for row, gram in enumerate(self.vocabulary)}

    @cached_property
    def _families(self) -> dict[str, list[int]]:
        names = [label.split(".")[0] for label in self.labels]
        return {name: [i for i, other in enumerate(names) if other == name] for name in dict.fromkeys(names)}

    def _intent(self, odds: Numbers) -> Intent:
        shares = self.shares(odds)
        family = next((family for family, share in shares.items() if share >= self.sure[family]), ORDINARY)
        return Intent(family, self._kind(family, odds), shares[EMERGENCY], self._kind(EMERGENCY, odds))

    def _kind(self, family: str, odds: Numbers) -> str:
        likeliest = max(self._families[family], key=lambda row: float(odds[row]))
        return self.labels[likeliest].partition(".")[2]
