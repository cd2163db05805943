"""Questions with nearly the same meaning: other wordings of one, and groups."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot import tuning
from bot.pipeline import Bot
from bot.records.statistics import Asked
from corpus.encoder import Encoder, Matrix

# How many questions are compared: the most frequent ones.
MOST = 500
# How long opening a form waits for comparisons (seconds), and how many are made at a time.
PATIENCE, AT_ONCE = 1.0, 25


@dataclass(frozen=True, slots=True)
class Grouped:
    """Questions of the same meaning, the most frequent first; it names the group."""

    members: tuple[Asked, ...]

    @property
    def times(self) -> int:
        """How often any of them was asked."""
        return sum(one.times for one in self.members)


def encoder_of(bot: Bot) -> Encoder | None:
    """The encoder of a bot; None where it could not be loaded."""
    return bot.language.details.encoder if bot.guard.reads_meaning else None


def near(question: str, asked: Sequence[Asked], encoder: Encoder | None) -> list[Asked]:
    """Other wordings of a question, the nearest first; none without an encoder."""
    others = [one for one in asked[:MOST] if one.question.strip() and one.question != question]
    if encoder is None or not others or not question.strip():
        return []
    likeness = _compared(question, others, encoder)
    order = [int(place) for place in np.argsort(-likeness) if likeness[place] >= tuning.ALIKE_SHOWN]
    return list({others[place].question: others[place] for place in order}.values())[: tuning.ALIKE_PROPOSED]


def _compared(question: str, others: Sequence[Asked], encoder: Encoder) -> Matrix:
    """The cosines of the first questions, as many as time allows. Vectors are cached, so the next call gets further."""
    deadline = time.monotonic() + PATIENCE
    wanted = encoder.queries([question])[0]
    found: list[Matrix] = []
    for start in range(0, len(others), AT_ONCE):
        if found and time.monotonic() > deadline:
            break
        found.append(encoder.queries([one.question for one in others[start : start + AT_ONCE]]) @ wanted)
    return np.concatenate(found)


def grouped(asked: Sequence[Asked], meant: Sequence[str], encoder: Encoder | None) -> list[Grouped]:
    """The questions by meaning, the most frequent group first; `meant` is what each means in its conversation.

    Equal wordings form one group. Any other joins the nearest group whose first question is near enough, or begins
    its own; without an encoder, and beyond the first MOST, it always begins its own.
    """
    likeness = _each_with_each(meant[:MOST], encoder)
    homes: dict[str, int] = {}  # what is meant, and the first question of its group
    groups: dict[int, list[Asked]] = {}
    for place in sorted(range(len(asked)), key=lambda place: -asked[place].times):
        if meant[place] not in homes:
            homes[meant[place]] = _home(place, groups, likeness)
        groups.setdefault(homes[meant[place]], []).append(asked[place])
    return sorted((Grouped(tuple(group)) for group in groups.values()), key=lambda group: -group.times)


def _each_with_each(meant: Sequence[str], encoder: Encoder | None) -> Matrix:
    """The cosine of each pair; empty without an encoder."""
    vectors = encoder.queries(meant) if encoder and meant else np.zeros((0, 0), np.float32)
    return vectors @ vectors.T


def _home(place: int, firsts: Iterable[int], likeness: Matrix) -> int:
    """The nearest of the groups' first questions where one is near enough, else the question itself."""
    compared = [first for first in firsts if first < len(likeness)] if place < len(likeness) else []
    near = likeness[place, compared] if compared else np.zeros(0)
    return compared[int(near.argmax())] if near.size and near.max() >= tuning.ALIKE_SAME else place
