"""`python -m evals.train [intents acts details moves told judging] --documents FOLDER`: make all weights, or some.

Deterministic on one machine. Prints from which probability on each family of messages is believed, what five-fold
cross-validation says of that, and what the ranking and the decision make of each report that they have not seen.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.guarding import intents as guarding
from bot.settings import Settings, settings
from bot.understanding import acts as understanding
from bot.understanding import details as asking
from bot.understanding import moves as moving
from corpus.encoder import E5Encoder
from corpus.words import Words
from evals import intents, judging, moves, told
from evals.intents import Encoded
from evals.sources import sources

NAMES = ("intents", "acts", "details", "moves", "told", "judging")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, report, write. 2 when the ranking is to be learned and no other report is there."""
    parser = argparse.ArgumentParser(prog="python -m evals.train", description="由样本和评测题训练权重")
    parser.add_argument("parts", nargs="*", metavar="部分", help=f"{'、'.join(NAMES)}；不写就是全部")
    parser.add_argument("--documents", type=Path, help="别的报告的原文所在目录，训练 judging 要用")
    options = parser.parse_args(arguments)
    parts = options.parts or list(NAMES)
    if unknown := [part for part in parts if part not in NAMES]:
        parser.error(f"没有“{unknown[0]}”，可选：{'、'.join(NAMES)}")
    if "judging" in parts and not options.documents:
        parser.error("训练 judging 请用 --documents 指出别的报告的原文在哪里")
    for part in parts:
        print("\n".join(TRAINERS[part](settings(), options.documents)))
    return 0


def _intents(chosen: Settings, _: Path | None) -> list[str]:
    words, encoder = Words(chosen.data_dir / "jieba"), E5Encoder()
    model, lines = intents.train(intents.learned(), words, encoder)
    model.save(guarding.WEIGHTS)
    return lines


def _acts(chosen: Settings, _: Path | None) -> list[str]:
    words, encoder = Words(chosen.data_dir / "jieba"), E5Encoder()
    known = intents.acted()
    intents.acts(known, words, encoder).save(understanding.WEIGHTS)
    return [f"问与不问：{len(known)} 句"]


def _details(chosen: Settings, _: Path | None) -> list[str]:
    words, encoder = Words(chosen.data_dir / "jieba"), E5Encoder()
    known = intents.asked()
    model = intents.details(known, words, encoder)
    model.save(asking.WEIGHTS)
    return [f"问的是哪一样：{len(known)} 句", intents.told_of(model, words, encoder)]


def _moves(chosen: Settings, _: Path | None) -> list[str]:
    model, line = moves.train(moves.known(Words(chosen.data_dir / "jieba")), E5Encoder())
    model.save(moving.WEIGHTS)
    return [line]


def _told(chosen: Settings, _: Path | None) -> list[str]:
    cases = [case for source in sources() for case in source.cases() if case.half == "dev"]
    known = told.known(cases, Words(chosen.data_dir / "jieba").fold)
    told.train(known, Encoded(E5Encoder(), (text for text, _ in known))).save(asking.TOLD_WEIGHTS)
    return [f"报告里有没有：{len(known)} 题"]


def _judging(chosen: Settings, documents: Path | None) -> list[str]:
    cases = judging.seen(documents, chosen)
    encoder = Encoded(E5Encoder(), (one.question.meant for one in cases))
    lines = judging.shown_of_others(cases, encoder)
    known = [one for one in cases if one.case.half == "dev"]
    weights = judging.learn(judging.with_told(known, known, encoder))
    weights.save()
    return [*lines, *judging.shown(weights)]


TRAINERS = {
    "intents": _intents,
    "acts": _acts,
    "details": _details,
    "moves": _moves,
    "told": _told,
    "judging": _judging,
}


if __name__ == "__main__":
    sys.exit(main())
