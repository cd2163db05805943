"""`python -m evals.guarding`: what the guard makes of the messages, half by half, and of dangers beside other talk."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import product

from tqdm import tqdm

from bot.guarding.guard import PERSON, Guard, Reading
from bot.guarding.intents import EMERGENCY, HAZARD, ORDINARY
from bot.settings import settings
from bot.understanding.kinds import Cues
from corpus.encoder import E5Encoder
from corpus.words import Words
from evals.messages import MESSAGES, Message, messages

HARMLESS = MESSAGES / "harmless.txt"
# How many dangers are paired with each of the harmless clauses.
PAIRED = 20
Row = tuple[Message, str]


def main() -> int:
    """Print, for each half and file, what the messages of each family were taken for; then the pairs that failed."""
    words = Words(settings().data_dir / "jieba")
    guard, question = Guard.load(settings().prompts_dir, E5Encoder()), Cues.load(settings().lexicon_dir).question
    known = list(messages())

    def taken(text: str) -> str:
        reading = guard.read(words.fold(text))
        return taken_for(reading, bool(question.search(reading.text)))

    rows = [(m, taken(m.text)) for m in tqdm(known, desc="把关", unit="句", mininterval=2)]
    print("\n".join(table(rows)))
    dangers = [m.text for m in known if m.half == "blind" and m.family == EMERGENCY]
    chosen = dangers[:: max(len(dangers) // PAIRED, 1)][:PAIRED]
    silenced, total = unheard(chosen, harmless(), taken)
    print(f"\n险情与平常话成对（前后各一次）{total} 对，没有先给电话的 {len(silenced)} 对")
    print("\n".join(silenced[:PAIRED]))
    return 0


def taken_for(reading: Reading, asks: bool = True) -> str:
    """The family a reading stands for; `asks` tells whether what it leaves asks something."""
    if reading.card:
        return EMERGENCY if reading.card.key == "text" else HAZARD
    if stop := reading.stopped(asks):
        return PERSON if stop.key == PERSON else stop.status.value
    return ORDINARY


def harmless() -> list[str]:
    """The clauses that people put beside a danger."""
    return HARMLESS.read_text(encoding="utf-8").split("\n")[:-1]


def table(rows: Sequence[Row]) -> list[str]:
    """A line for each file and family: how many there are, and what they were taken for."""
    groups: dict[tuple[str, str], Counter[str]] = {}
    for message, taken in rows:
        groups.setdefault((message.source, message.family), Counter())[taken] += 1
    return [
        f"{source:18} {family:14} {counts.total():5}  "
        + "，".join(f"{taken} {count / counts.total():.1%}" for taken, count in counts.most_common())
        for (source, family), counts in sorted(groups.items())
    ]


def unheard(dangers: Iterable[str], beside: Iterable[str], read: Callable[[str], str]) -> tuple[list[str], int]:
    """The pairs of a danger and a harmless clause, either way round, in which the danger is not served; and of how
    many."""
    pairs = [text for a, b in product(dangers, beside) for text in (f"{a}，{b}", f"{b}，{a}")]
    return [text for text in tqdm(pairs, desc="成对", unit="对", mininterval=2) if read(text) != EMERGENCY], len(pairs)


if __name__ == "__main__":
    sys.exit(main())
