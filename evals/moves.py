"""What tells the moves of a conversation apart: `bot/understanding/moves.npz`, from the turns of `evals/moves/`.

A line holds the move, the turn, and the turn before it, which only shows what is meant.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.guarding.intents import IntentModel
from bot.understanding.moves import Move
from corpus.encoder import Encoder
from corpus.words import Words
from evals.intents import QUESTION_ROUNDS, Encoded, Example, fit
from evals.messages import MessageError

MOVES = Path(__file__).resolve().parent / "moves"


def known(words: Words, folder: Path = MOVES) -> list[Example]:
    """The labelled turns, each with the file of its author as its origin. Raises MessageError."""
    return [
        Example(words.fold(text).strip(), Move(move).value, path.stem)
        for path in sorted(folder.glob("*.tsv"))
        for move, text, _ in map(_fields, path.read_text(encoding="utf-8").splitlines())
    ]


def _fields(line: str) -> list[str]:
    fields = line.split("\t")
    if len(fields) != 3 or fields[0] not in set(Move):
        raise MessageError(f"应是“动作、制表符、这一句、制表符、上一句”：{line}")
    return fields


def train(turns: Sequence[Example], encoder: Encoder) -> tuple[IntentModel, str]:
    """The weights, and how well turns of each author are told by weights that have seen none of that author's."""
    encoder = Encoded(encoder, (turn.text for turn in turns))
    right = asked = 0
    for author in sorted({turn.origin for turn in turns}):
        own = [turn for turn in turns if turn.origin == author]
        model = fit([turn for turn in turns if turn.origin != author], encoder, QUESTION_ROUNDS)
        odds = model.odds([turn.text for turn in own], encoder)
        right += sum(model.labels[int(row.argmax())] == turn.label for row, turn in zip(odds, own, strict=True))
        asked += len(own)
    model = replace(fit(turns, encoder, QUESTION_ROUNDS), learned=digest(turns))
    return model, f"这一句做什么：{len(turns)} 句；没有见过的作者的句子认对 {right / asked:.1%}"


def digest(turns: Sequence[Example]) -> str:
    """What tells whether the weights were made from these turns."""
    return hashlib.sha256("\n".join(f"{turn.label}\t{turn.text}" for turn in turns).encode()).hexdigest()
