"""A turn, read once: masked, folded, guarded, spell-checked, split into questions, each understood in context."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.answer import Status
from bot.guarding.guard import PERSON, Guard, Verdict
from bot.guarding.privacy import without_personal_data
from bot.understanding.acts import Acts
from bot.understanding.kinds import Kind
from bot.understanding.language import Language
from bot.understanding.moves import AGAIN, Move, recent
from bot.understanding.period import periods
from bot.understanding.question import Question, by_years, following, is_elliptic, names_something, parts, understand
from corpus.words import UNBROKEN

# What a request to repeat the last answer may be mistaken for.
BESIDE_THE_POINT = (Status.SMALLTALK, Status.OUT_OF_SCOPE)
# A question for one of these about an item of a list wants more than its name.
NOT_OF_A_LIST = (Kind.MONEY, Kind.TIME, Kind.PRICE, Kind.CONTACT, Kind.PROCEDURE, Kind.PLACE)
# How many turns are cached as read, and how many texts as understood by themselves.
REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a person. `card` comes first, whatever else is said; `stop` is why nothing more is answered.

    `masked` is without personal data, `folded` in canonical form; `text` is what is left to answer, typos corrected:
    `questions` are the things asked in it, each able to stand alone; `whole` is all of it as one question. `asks` says
    whether it has an explicit question, `asking` how likely it asks at all, `untouched` whether nothing was dropped.
    """

    masked: str
    folded: str
    card: Verdict | None = None
    stop: Verdict | None = None
    text: str = ""
    questions: tuple[Question, ...] = ()
    whole: Question | None = None
    asks: bool = False
    asking: float = 1.0
    untouched: bool = True

    @property
    def verdict(self) -> Verdict | None:
        """Why the turn is not an ordinary one; None when it is."""
        return self.card or self.stop


class Reader:
    """Reads turns, cached by their text and history. Safe to use from several threads."""

    def __init__(self, guard: Guard, language: Language, acts: Acts | None = None) -> None:
        self._guard, self._language, self._acts = guard, language, acts
        self._understand = lru_cache(maxsize=REMEMBERED)(lambda text: understand(text, language))
        self._read = lru_cache(maxsize=REMEMBERED)(self._turn)
        self._alone = lru_cache(maxsize=REMEMBERED)(self._looked_up)

    def read(self, said: str, history: Sequence[Mapping[str, str]] = ()) -> Turn:
        """A turn in its conversation."""
        return self._read(without_personal_data(said), tuple(map(without_personal_data, recent(history))))

    def look_up(self, query: str, history: Sequence[Mapping[str, str]] = ()) -> Turn:
        """A search by staff or a program: nothing of it is stopped or dropped."""
        return self._alone(without_personal_data(query), tuple(map(without_personal_data, recent(history))))

    def _looked_up(self, masked: str, earlier: tuple[str, ...]) -> Turn:
        folded = self._folded(masked)
        if not folded:
            return Turn("", "")
        return self._understood(Turn(masked, folded, text=self._language.mend(folded)), earlier)

    def _turn(self, masked: str, earlier: tuple[str, ...]) -> Turn:
        folded = self._folded(masked)
        reading = self._guard.read(folded)
        asks = bool(self._language.cues.question.search(reading.text))
        stop = reading.stopped(asks)
        again = self._asks_again(folded, earlier)
        beside = stop and stop.status in BESIDE_THE_POINT and stop.key != PERSON
        if stop and not (again and beside) and not self._is_of_the_documents(stop, folded):
            return Turn(masked, folded, stop=stop)
        left = reading.text if reading.card else reading.text or folded
        left = self._language.cues.dismissal.sub("", left)
        made = Turn(masked, folded, reading.card, text=self._language.mend(left), asks=asks, untouched=left == folded)
        if not left:
            return made
        asking = 1.0 if again else self._asking(left)
        return self._understood(replace(made, asking=asking), earlier)

    def _asking(self, text: str) -> float:
        """How likely a text asks something; 1 without a classifier."""
        return self._acts.asking(text) if self._acts else 1.0

    def _asks_again(self, folded: str, earlier: tuple[str, ...]) -> bool:
        """Whether a turn asks for the answer to an earlier one again, and there is one."""
        return bool(earlier) and self._language.moves.is_again(folded) and self._before(earlier, back=False) is not None

    def _understood(self, turn: Turn, earlier: tuple[str, ...]) -> Turn:
        """The turn with its questions: each in the context of the one before it, the first in that of earlier turns."""
        found: list[Question] = []
        for part in self._parts(turn.text):
            one = self._in_context(part, found[-1] if found else None, earlier)
            found += by_years(one, self._language.corpus)
        whole = found[0] if len(found) == 1 else self._in_context(turn.text, None, earlier)
        asking = max(turn.asking, self._asking(whole.meant)) if whole.meant != whole.text else turn.asking
        return replace(turn, questions=tuple(found), whole=whole, asking=asking)

    def _parts(self, text: str) -> list[str]:
        """The things asked in a turn; those of several years are not split where one depends on another."""
        cut, corpus = parts(text, self._language), self._language.corpus
        several = len(cut) > 1 and len(periods(text, corpus.newest.year)) > 1
        leaning = several and any(self._move(self._understand(part)) is not Move.NEW for part in cut)
        return [text] if leaning else cut

    def _in_context(self, text: str, before: Question | None, earlier: tuple[str, ...]) -> Question:
        """The question in the context of the one before it, or else of an earlier turn, as far as it depends on it."""
        alone = self._understand(text)
        move = self._move(alone) if before or earlier else Move.NEW
        context = None if move is Move.NEW else before or self._before(earlier, move is Move.BACK)
        if context is None:
            return alone
        if move in AGAIN and not (move is Move.ITEM and alone.asks(*NOT_OF_A_LIST)):
            return replace(context, move=move, wish=text)
        return following(alone, context, self._language)

    def _move(self, alone: Question) -> Move:
        """The move of a turn; one that names nothing known cannot stand alone, one that names a term can.

        One that only names a thing (那停车位呢) asks what was asked before.
        """
        if alone.terms:
            return Move.NEW
        move = self._language.moves.of(alone.text, names_something(alone, self._language.corpus))
        return Move.LEAN if move is Move.NEW and is_elliptic(alone.text, self._language.cues) else move

    def _before(self, earlier: tuple[str, ...], back: bool) -> Question | None:
        """The last turn of the context; the first when the turn goes back."""
        places = range(len(earlier)) if back else reversed(range(len(earlier)))
        heard = (self._read(earlier[place], earlier[:place]) for place in places)
        return next((turn.whole for turn in heard if turn.whole and not turn.verdict), None)

    def _is_of_the_documents(self, stop: Verdict, folded: str) -> bool:
        """Whether a turn is a phrase of the documents and nothing else: such a turn is never out of scope."""
        runs, corpus = UNBROKEN.findall(folded), self._language.corpus
        return stop.key != PERSON and bool(runs) and all(len(run) > 1 and corpus.frequency(run) for run in runs)

    def _folded(self, masked: str) -> str:
        return self._language.corpus.words.fold(masked).strip()
