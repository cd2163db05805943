"""Questions that mean nearly the same: other ways to put one, and groups of them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.pipeline import Bot
from bot.records.statistics import Asked
from corpus.encoder import Encoder, Matrix

# From how near in meaning on (cosine) a question is shown as another way to put one, and two are of one group.
# Measured: docs/decisions/0009-approved-answers.md, docs/decisions/0011-the-office.md
NEAR, SAME = 0.93, 0.945
# How many ways are proposed; how many questions are compared, the commonest ones.
PROPOSED, MOST = 8, 500
# Who opens a form waits no longer than so for ways to be compared (seconds); so many are compared at a time.
PATIENCE, AT_ONCE = 1.0, 25


@dataclass(frozen=True, slots=True)
class Grouped:
    """Questions that mean the same, the commonest first; it gives the group its name."""

    members: tuple[Asked, ...]

    @property
    def times(self) -> int:
        """How often any of them was asked."""
        return sum(one.times for one in self.members)


def encoder_of(bot: Bot) -> Encoder | None:
    """What tells meanings apart; None where the encoder could not be loaded."""
    return bot.language.details.encoder if bot.guard.reads_meaning else None


def near(question: str, asked: Sequence[Asked], encoder: Encoder | None) -> list[Asked]:
    """Those that put a question in other words, the nearest first; none without an encoder."""
    others = [one for one in asked[:MOST] if one.question.strip() and one.question != question]
    if encoder is None or not others or not question.strip():
        return []
    likeness = _compared(question, others, encoder)
    order = [int(place) for place in np.argsort(-likeness) if likeness[place] >= NEAR]
    return list({others[place].question: others[place] for place in order}.values())[:PROPOSED]


def _compared(question: str, others: Sequence[Asked], encoder: Encoder) -> Matrix:
    """How near the first of some questions are, as many as the time is enough for. Vectors are remembered: the next
    time it is enough for more.
    """
    deadline = time.monotonic() + PATIENCE
    wanted = encoder.queries([question])[0]
    found: list[Matrix] = []
    for start in range(0, len(others), AT_ONCE):
        if found and time.monotonic() > deadline:
            break
        found.append(encoder.queries([one.question for one in others[start : start + AT_ONCE]]) @ wanted)
    return np.concatenate(found)


def grouped(asked: Sequence[Asked], meant: Sequence[str], encoder: Encoder | None) -> list[Grouped]:
    """The questions by meaning, the commonest group first; `meant` is what each means in its conversation.

    Each joins the nearest group whose first question is near enough, or begins one. Without an encoder those in the
    same words are a group.
    """
    order = sorted(range(len(asked)), key=lambda place: -asked[place].times)
    vectors = encoder.queries(meant[:MOST]) if encoder and meant else None
    groups: list[list[int]] = []
    for place in order:
        home = None
        if vectors is not None and place < MOST and groups:
            likeness = [float(vectors[group[0]] @ vectors[place]) if group[0] < MOST else 0.0 for group in groups]
            best = int(np.argmax(likeness))
            home = groups[best] if likeness[best] >= SAME else None
        home = home or next((g for g in groups if meant[g[0]] == meant[place]), None)
        if home is None:
            groups.append([place])
        else:
            home.append(place)
    made = [Grouped(tuple(asked[place] for place in group)) for group in groups]
    return sorted(made, key=lambda group: -group.times)
