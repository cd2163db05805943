"""What is decided before anything is searched: danger first, then instructions, abuse, small talk and scope.

A turn is judged clause by clause, so that one clause never hides another: somebody in danger is told whom to call
whatever else is said, and an instruction or insult beside a real question is dropped. The intent model classifies
clauses; the cues of `prompts/guard.yaml` replace it where the encoder cannot be loaded.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import tuning
from bot.answer import Status
from bot.guarding.intents import EMERGENCY, HAZARD, ORDINARY, Intent, IntentModel
from bot.wording import any_of, read_yaml
from corpus.encoder import Encoder

# Scripts the bot cannot read: kana, hangul, Cyrillic, Arabic, Thai, Devanagari.
FOREIGN = re.compile(r"[\u3041-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f\u0900-\u097f]{2,}")
READABLE = re.compile(r"[\u3400-\u9fffa-z0-9]")
HAN = re.compile(r"[\u3400-\u9fff]+")
REPEATED = re.compile(r"(.)\1{2,}")
MARKUP = re.compile(r"<[^<>]{0,300}>|[\[【](?=[^\]】]{0,20}(?:系统|system))[^\]】]{0,60}[\]】]|```")
ENDS = ",。!?;…~ \n"
CLAUSE = re.compile(r"(?:[^,。!?;…\n ]|(?<![\u4e00-\u9fff]) (?! )| (?![\u4e00-\u9fff ]))+[,。!?;…\n ]*")
# Families that are answered like any question, a danger too when the whole turn shows none.
LEFT = (ORDINARY, HAZARD, EMERGENCY)
# Families that are dropped even beside a question.
SENSITIVE, INJECTION, PERSON = "sensitive", "injection", "person"
DROPPED = frozenset({INJECTION, "abuse"})
STOPS = {
    SENSITIVE: Status.UNSAFE,
    INJECTION: Status.INJECTION,
    PERSON: Status.SMALLTALK,
    "abuse": Status.UNSAFE,
    "out_of_scope": Status.OUT_OF_SCOPE,
    "smalltalk": Status.SMALLTALK,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a question goes no further. `key` names the text of the status; `advice` is an emergency's."""

    status: Status
    key: str = "text"
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A turn as the guard reads it: what comes first (`card`), why it ends here (`stop`), what is left to answer.

    `unless_asked` is why it ends here when the rest asks nothing.
    """

    card: Verdict | None
    stop: Verdict | None
    text: str
    unless_asked: Verdict | None = None

    @property
    def verdict(self) -> Verdict | None:
        """Why the turn is not an ordinary one; None when it is."""
        return self.card or self.stop

    def stopped(self, asks: bool) -> Verdict | None:
        """Why the turn ends here; `asks` tells whether what is left asks something."""
        return self.stop or (None if asks else self.unless_asked)


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern that marks a clause as of a family and kind."""

    family: str
    kind: str
    says: re.Pattern[str]


class Guard:
    """Reads turns. Safe to use from several threads."""

    def __init__(
        self,
        cues: Sequence[Cue],
        advice: dict[str, str],
        planted: re.Pattern[str],
        model: IntentModel | None,
        encoder: Encoder | None,
    ) -> None:
        self._cues, self._advice, self._planted = tuple(cues), advice, planted
        self._model, self._encoder = model, encoder

    @classmethod
    def load(cls, prompts_dir: Path, encoder: Encoder | None = None) -> "Guard":
        """Read the cues, and the weights when there is an encoder they were made for.

        Raises WordingError, KeyError or re.error for a broken file.
        """
        content = read_yaml(prompts_dir / "guard.yaml")
        advice = {kind: card["advice"] for card in content["cards"] for kind in card["kinds"]}
        cues = [Cue(*_split(label), any_of(patterns)) for label, patterns in content["cues"].items()]
        model = IntentModel.load() if encoder else None
        fits = model is not None and encoder is not None and model.encoder == encoder.name
        return cls(cues, advice, any_of(content["planted"]), model if fits else None, encoder)

    @property
    def reads_meaning(self) -> bool:
        """Whether the intent model judges; False where cues stand in for it."""
        return self._model is not None

    def read(self, folded: str) -> Reading:
        """What to do with a folded turn."""
        unreadable, said = _unreadable(folded), FOREIGN.sub(" ", folded).strip()
        if unreadable and not HAN.search(said):
            return Reading(None, unreadable, "")
        clean = MARKUP.sub(" ", said).strip() or said
        parts, inside = clauses(clean), [run for mark in MARKUP.findall(said) for run in HAN.findall(mark)]
        texts = list(dict.fromkeys([clean, *parts, *inside]))
        intents = dict(zip(texts, self._intents(texts), strict=True))
        whole, found = intents[clean], [intents[part] for part in parts]
        card, told = self._danger(whole, [*found, *(intents[text] for text in inside)], parts)
        if whole.family == PERSON:
            told |= {i for i, intent in enumerate(found) if intent.family == PERSON}
        left = _left(parts, found, told)
        if card:
            return Reading(card, None, "" if unreadable else left)
        if unreadable:
            return Reading(None, unreadable, "")
        if not left or whole.family == SENSITIVE:
            return Reading(None, _stop([whole] if left else found), "")
        return Reading(None, None, left, _stop([whole]) if whole.family in STOPS else None)

    def is_injection(self, folded: str) -> bool:
        """Whether a sentence of a document is an instruction to the model that reads it."""
        parts = clauses(folded)
        told = any(intent.family == INJECTION for intent in self._intents([folded, *parts]))
        return told or bool(self._planted.search(folded))

    def _danger(self, whole: Intent, found: Sequence[Intent], parts: Sequence[str]) -> tuple[Verdict | None, set[int]]:
        """Whom to call, for an emergency or else a hazard, and which clauses tell of the emergency.

        A danger shows in a clause and in the whole turn: its probability is the mean of both. In a long turn the whole
        says little: there a clause counts together with its neighbours.
        """
        worst = max(range(len(found)), key=lambda i: found[i].danger)
        likely = (whole.danger + found[worst].danger) / 2
        if likely >= self._sure or self._shows_nearby(worst, found[worst].danger, parts):
            told = {i for i, intent in enumerate(found) if intent.family == EMERGENCY}
            return Verdict(Status.EMERGENCY, "text", self._advice[found[worst].danger_kind]), told | {worst}
        if HAZARD in {whole.family, *(intent.family for intent in found)}:
            return Verdict(Status.EMERGENCY, HAZARD, self._advice[HAZARD]), set()
        return None, set()

    def _shows_nearby(self, at: int, danger: float, parts: Sequence[str]) -> bool:
        """Whether a clause of some danger and its neighbours tell of one rather than not."""
        if danger < tuning.DANGER_POSSIBLE or len(parts) <= 2 or at >= len(parts):
            return False
        (around,) = self._intents(["".join(parts[max(0, at - 1) : at + 2])])
        return (danger + around.danger) / 2 >= tuning.DANGER_NEARBY

    @property
    def _sure(self) -> float:
        """The probability a danger must reach."""
        return self._model.sure[EMERGENCY] if self._model else tuning.DANGER_BY_CUES

    def _intents(self, texts: Sequence[str]) -> list[Intent]:
        """By the model; by the cues where there is none."""
        if self._model is not None and self._encoder is not None:
            return self._model.intents(texts, self._encoder)
        return [self._cued(text) for text in texts]

    def _cued(self, text: str) -> Intent:
        bare = text.strip(ENDS)
        cue = next((cue for cue in self._cues if cue.says.search(bare)), None)
        return Intent(cue.family, cue.kind, float(cue.family == EMERGENCY), cue.kind) if cue else Intent(ORDINARY)


def clauses(text: str) -> list[str]:
    """A folded text cut at its punctuation, and at blanks between Chinese characters; joined they are the text."""
    found: list[str] = []
    for piece in CLAUSE.findall(text):
        if found and len(found[-1]) < tuning.SHORT_CLAUSE:
            found[-1] += piece
        else:
            found.append(piece)
    if len(found) > 1 and len(found[-1]) < tuning.SHORT_CLAUSE:
        found[-2:] = ["".join(found[-2:])]
    return found or [text]


def _unreadable(folded: str) -> Verdict | None:
    """Why a turn says nothing that can be answered: most of it is in another script, or it is noise."""
    if len("".join(FOREIGN.findall(folded))) > len(READABLE.findall(folded)):
        return Verdict(Status.CLARIFY, "language")
    bare = re.sub(r"[\s,。!?~、.…]+", "", folded)
    if not READABLE.search(folded) or REPEATED.fullmatch(bare):
        return Verdict(Status.CLARIFY)
    return None


def _left(parts: Sequence[str], found: Sequence[Intent], told: set[int]) -> str:
    """The clauses of a turn that are to be answered, without those that told of a danger."""
    if not any(intent.family in LEFT for intent in found):
        return ""
    clear = {i for i, part in enumerate(parts) if len(part) >= tuning.CLEAR_CLAUSE and found[i].family in DROPPED}
    return "".join(part for i, part in enumerate(parts) if i not in told | clear).strip()


def _stop(found: Sequence[Intent]) -> Verdict:
    """Why a turn of which nothing is left goes no further: for the first family of STOPS."""
    worst = min(found, key=lambda intent: list(STOPS).index(intent.family))
    key = worst.kind if worst.family == "smalltalk" else PERSON if worst.family == PERSON else "text"
    return Verdict(STOPS[worst.family], key)


def _split(label: str) -> tuple[str, str]:
    family, _, kind = label.partition(".")
    return family, kind
