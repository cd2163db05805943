"""Which questions a report tells the answer of, by the words of the question alone: `bot/understanding/told.npz`."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.guarding.intents import IntentModel
from bot.understanding.details import TOLD, UNTOLD
from corpus.encoder import Encoder
from evals.case import Case
from evals.intents import Example, fit
from evals.run import TASKS

FOLDS = 3
Asked = tuple[str, bool]  # a folded question, and whether its report answers it


def known(cases: Iterable[Case], fold: Callable[[str], str]) -> list[Asked]:
    """The questions to learn from: none that the guard stops, none of pairs that the words alone do not tell apart, and
    none that leans on what was said before."""
    usable = (c for c in cases if c.category not in TASKS["guard"] and not c.is_of_a_pair and not c.history)
    return [(fold(case.question), case.answerable) for case in usable]


def train(asked: Sequence[Asked], encoder: Encoder) -> IntentModel:
    """The weights for these questions."""
    model = fit([Example(text, TOLD if answered else UNTOLD, text) for text, answered in asked], encoder)
    return replace(model, learned=digest(asked))


def digest(asked: Sequence[Asked]) -> str:
    """What tells whether the weights were made from these questions."""
    return hashlib.sha256("\n".join(f"{answered}\t{text}" for text, answered in asked).encode()).hexdigest()


def likelihoods(texts: Sequence[str], model: IntentModel, encoder: Encoder) -> NDArray[np.float32]:
    """How likely each is told."""
    return model.odds(texts, encoder)[:, model.labels.index(TOLD)]


def crossed(asked: Sequence[Asked], encoder: Encoder) -> NDArray[np.float32]:
    """How likely each is told, by a model that has not seen it: what the decision is learned from."""
    found = np.zeros(len(asked), dtype=np.float32)
    for inside, outside in _folds(len(asked)):
        model = train([asked[i] for i in inside], encoder)
        found[outside] = likelihoods([asked[i][0] for i in outside], model, encoder)
    return found


def _folds(count: int) -> Iterator[tuple[list[int], list[int]]]:
    for fold in range(FOLDS):
        yield [i for i in range(count) if i % FOLDS != fold], [i for i in range(count) if i % FOLDS == fold]
