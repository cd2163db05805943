"""The part of a conversation that is read, and what a turn does in it: opens a new matter, follows up on the last one,
or asks to have the last answer put differently.

Weights of the same shape as the intent model's, in `moves.npz`, made by `python -m evals.train` from the labelled turns
of `evals/moves/`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from unicodedata import normalize

from cn2an import cn2an

from bot import tuning
from bot.guarding.intents import IntentModel
from bot.understanding.details import Meaningless
from corpus.encoder import Encoder
from corpus.figures import NUMERALS

WEIGHTS = Path(__file__).resolve().parent / "moves.npz"
LONGEST_NUMBER = 4
NUMBER = rf"(\d+|[{NUMERALS}两]+)"
# The ways to name a position in a list, the more exact first, each with the items it selects, given a number (1
# without one) and the length of the list.
PLACES: tuple[tuple[re.Pattern[str], Callable[[int, int], slice]], ...] = (
    (
        re.compile(rf"(?:倒着?数|从[下后][往向到]?[上前]?数)的?(?:话)?第?{NUMBER}"),
        lambda n, size: slice(size - n, size - n + 1),
    ),
    (re.compile(rf"第{NUMBER}|{NUMBER}号"), lambda n, _: slice(n - 1, n)),
    (re.compile(rf"(?:后头?面?|最后|末尾)那?{NUMBER}[个条项样点件]"), lambda n, size: slice(max(size - n, 0), size)),
    (re.compile(rf"(?:前头?面?|头|开头)那?{NUMBER}[个条项样点件]"), lambda n, _: slice(0, n)),
    (re.compile("最后|末|最?尾|最底下|后一|后面?那"), lambda _, size: slice(size - 1, size)),
    (re.compile("头一|打头|开头|[最靠]前|最先|首[个条项]|前一|前面?那"), lambda _, size: slice(0, 1)),
    (re.compile("中间|当[中间]"), lambda _, size: slice(size // 2, size // 2 + 1)),
)


class Move(StrEnum):
    """Every move: exactly the labels of `evals/moves/`."""

    NEW = "new"
    LEAN = "lean"
    PLAINER = "plainer"
    MORE = "more"
    WHY = "why"
    ITEM = "item"
    BACK = "back"


# Moves without a question of their own: the one before is answered again, in another way.
AGAIN = (Move.PLAINER, Move.MORE, Move.ITEM)


@dataclass(frozen=True)
class Moves:
    """Classifies moves. Without an encoder by the characters alone."""

    model: IntentModel
    encoder: Encoder

    @classmethod
    def load(cls, encoder: Encoder | None) -> "Moves":
        """The weights. Raises as IntentModel.load."""
        model = IntentModel.load(WEIGHTS)
        return cls(model, encoder if encoder and encoder.name == model.encoder else Meaningless(model))

    def is_again(self, folded: str) -> bool:
        """Whether a folded turn asks for the last answer again, surely enough not to be small talk."""
        odds = self.model.odds([folded], self.encoder)[0]
        return any(odds[self.model.labels.index(move)] >= tuning.SURELY_AGAIN for move in AGAIN)

    def of(self, folded: str, names_something: bool) -> Move:
        """The likeliest move of a folded turn that follows another; `names_something`: whether it could stand alone."""
        odds = dict(zip(map(Move, self.model.labels), self.model.odds([folded], self.encoder)[0], strict=True))
        move = max(odds, key=odds.__getitem__)
        if move is Move.NEW and not names_something:
            return Move.LEAN
        return Move.NEW if move is Move.LEAN and names_something and odds[Move.NEW] >= tuning.STANDS_ALONE else move


def place_of(folded: str, size: int) -> slice | None:
    """Which of `size` items of a list are meant (第二个, 最后一条, 前两项): empty for a position beyond its end.

    None when no position is named.
    """
    for pattern, chosen in PLACES:
        if found := pattern.search(folded):
            number = _number(next((group for group in found.groups() if group), "1"))
            return chosen(number, size) if 0 < number <= size else slice(0)
    return None


def _number(said: str) -> int:
    """A number in digits or Chinese numerals; 0 when malformed (第二十二十个)."""
    try:
        return int(cn2an(said, "smart")) if len(said) <= LONGEST_NUMBER else 0
    except ValueError:
        return 0


def recent(history: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The person's latest turns verbatim, oldest first; of a turn that does not fit, its end.

    Characters are counted as they are spelt out: one may stand for many (㍿).
    """
    said = [turn.get("content", "") for turn in history if turn.get("role") == "user"]
    heard: list[str] = []
    left = tuning.CHARACTERS_HEARD
    for turn in reversed(said[-tuning.TURNS_HEARD :]):
        end = turn[max(len(turn) - left, 0) :]
        spelt = normalize("NFKC", end)
        heard.append(end if len(spelt) <= left else spelt[len(spelt) - left :])
        left -= min(len(spelt), left)
    return tuple(reversed(heard))
