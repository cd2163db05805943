"""A written ticket: which of its sentences state the matter and the request, and the places it names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.guarding.guard import Verdict
from bot.guarding.privacy import mask
from bot.pipeline import Bot
from bot.understanding.acts import ERRAND
from bot.wording import read_yaml
from corpus.words import Words

LONGEST, LONGEST_SENTENCE = 4_000, 200
# How many wishes and places are shown.
MOST = 5
SENTENCE = re.compile(rf"[^。！？!?；;\n]{{1,{LONGEST_SENTENCE}}}[。！？!?；;]?")
# What place names end with, and how many words may come before that.
ENDS = re.compile("(?:[村镇乡路街巷弄区里桥]|街道|社区|小区|花园|广场|学校|[小中大]学|医院|公园|市场|车站|路口)$")
BEFORE = 2
ADDRESS = "[住址]"


@dataclass(frozen=True, slots=True)
class Ticket:
    """The ticket in its own words, personal data masked. `danger` comes before everything else."""

    matter: str
    places: tuple[str, ...]
    wishes: tuple[str, ...]
    danger: Verdict | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """What is looked up, the wishes first."""
        return tuple(dict.fromkeys(said for said in (*self.wishes, self.matter) if said))


def is_ticket(text: str, bot: Bot) -> bool:
    """Whether a text is a ticket, not a caller's question: several lines, or longer than a question may be."""
    return len(text) > bot.settings.max_question_chars or "\n" in text.strip()


def read(text: str, bot: Bot) -> Ticket:
    """Sort the sentences of a text of at most LONGEST characters."""
    limit = bot.settings.max_question_chars
    found = (sentence.strip()[:limit] for sentence in SENTENCE.findall(mask(text[:LONGEST])))
    said = [sentence for sentence in found if len(sentence) > 1]
    folded = [bot.language.fold(sentence) for sentence in said]
    wanting = _wanting(folded, bot)
    wishes = [sentence for sentence, wants in zip(said, wanting, strict=True) if wants]
    told = [place for place, wants in enumerate(wanting) if not wants] or list(range(len(said)))
    matter = max(told, key=lambda place: _weight(folded[place], bot), default=None)
    places = dict.fromkeys(name for sentence in folded for name in _places(sentence, bot.index.corpus.words))
    addresses = [ADDRESS] if any(ADDRESS in sentence for sentence in said) else []
    cards = (bot.guard.read(sentence).card for sentence in folded)
    return Ticket(
        matter="" if matter is None else said[matter],
        places=(*places, *addresses)[:MOST],
        wishes=tuple(wishes[:MOST]),
        danger=next((card for card in cards if card), None),
    )


def _wanting(folded: Sequence[str], bot: Bot) -> list[bool]:
    """Which sentences ask or wish for something; where none does, those that want a formality done."""
    says = re.compile(read_yaml(bot.settings.prompts_dir / "desk.yaml")["wish"])
    told = [bool(bot.language.cues.question.search(said) or says.search(said)) for said in folded]
    if any(told) or bot.acts is None:
        return told
    return [bot.acts.of(said) == ERRAND for said in folded]


def _weight(folded: str, bot: Bot) -> float:
    """How informative a sentence is: the weight of its topics."""
    whole = bot.reader.look_up(folded).whole
    return sum(concept.weight for concept in whole.concepts if concept.solid) if whole else 0.0


def _places(folded: str, words: Words) -> Iterator[str]:
    """The place names in a folded sentence: words that end like one, with the names right before them."""
    cut = words.cut(folded)
    for place, word in enumerate(cut):
        if not ENDS.search(word) or (place + 1 < len(cut) and ENDS.search(cut[place + 1])):
            continue
        start = place
        while start > max(place - BEFORE, 0) and len(cut[start - 1]) > 1 and words.is_name(cut[start - 1]):
            start -= 1
        name = "".join(cut[start : place + 1])
        if len(name) > 2 and (start < place or words.is_place(word) or not words.knows(word)):
            yield name
