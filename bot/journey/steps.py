"""The steps from a turn to its excerpt answer, each timed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answer import Answer, Status
from bot.answering.replies import Judged, Speaker
from bot.finding.evidence import Evidence
from bot.finding.search import find
from bot.finding.sentences import find_evidence
from bot.judging.again import decide
from bot.judging.course import course
from bot.judging.decide import ANSWERS, Outcome
from bot.judging.weights import Weights
from bot.meter import Meter, Step
from bot.understanding.language import Language
from bot.understanding.question import Question
from bot.understanding.turn import Reader, Turn
from corpus.build import Index
from corpus.passage import Hit

UNREAD = Turn("", "")


@dataclass(frozen=True, slots=True)
class Prepared:
    """The excerpt answer to a turn, and the parts of the turn that the report answers and does not.

    `said` is what a model may read of the turn.
    """

    answer: Answer
    said: str = ""
    answered: tuple[Judged, ...] = ()
    missing: tuple[Judged, ...] = ()

    @property
    def can_be_phrased(self) -> bool:
        """Whether there is an answer that a model may put into words: no list or table from structure."""
        structural = self.answer.compared or any(one.question.is_structural for one in self.answered)
        return bool(self.answered) and not structural


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing asked, the passages found for it, and the evidence in them."""

    question: Question
    hits: tuple[Hit, ...]
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Way:
    """How far a turn has come: each step adds its result. The step that sets `end` is the last."""

    question: str
    history: Sequence[Mapping[str, str]]
    turn: Turn = UNREAD
    sought: tuple[Sought, ...] = ()
    judged: tuple[Judged, ...] = ()
    end: Prepared | None = None


@dataclass(frozen=True)
class Journey:
    """What the steps need. Safe to use from several threads."""

    reader: Reader
    index: Index
    language: Language
    weights: Weights
    speaker: Speaker
    meter: Meter

    @property
    def steps(self) -> Sequence[tuple[Step, Callable[[Way], Way]]]:
        """The steps, in their order."""
        return ("read", self._read), ("find", self._find), ("judge", self._judge), ("say", self._say)

    def go(self, question: str, history: Sequence[Mapping[str, str]]) -> Prepared:
        """Run the steps until one of them ends the turn."""
        way, steps = Way(question, history), iter(self.steps)
        while way.end is None:
            name, step = next(steps)
            with self.meter.step(name):
                way = step(way)
        return way.end

    def _read(self, way: Way) -> Way:
        """Read the turn once. It ends here when the guard stops it, or it tells of a danger and asks nothing else."""
        turn = self.reader.read(way.question, way.history)
        if turn.stop:
            return replace(way, end=Prepared(self.speaker.stop(turn.stop)))
        if turn.card and not turn.asks:
            return replace(way, end=Prepared(self.speaker.warn(turn.card, None)))
        return replace(way, turn=turn)

    def _find(self, way: Way) -> Way:
        """Search for each thing asked, by meaning and by words."""
        return replace(way, sought=tuple(self._seek(question) for question in way.turn.questions))

    def _seek(self, question: Question) -> Sought:
        found = find(question, self.index)
        if not self.index.vectors.healthy:
            self.meter.searched_without_vectors()
        return Sought(question, found.hits, find_evidence(question, found, self.language))

    def _judge(self, way: Way) -> Way:
        """Rank what was found for each, and decide whether it answers."""
        corpus, asking = self.index.corpus, way.turn.asking
        judged = (
            Judged(one.question, one.hits, decide(one.question, one.evidence, corpus, self.weights, asking))
            for one in way.sought
        )
        return replace(way, judged=tuple(judged))

    def _say(self, way: Way) -> Way:
        """Quote what answers, or say what is missing; a danger comes before that."""
        told, card = self._excerpt(way), way.turn.card
        return replace(way, end=Prepared(self.speaker.warn(card, told.answer)) if card else told)

    def _excerpt(self, way: Way) -> Prepared:
        """The excerpt answer to what is asked in the turn."""
        answered = tuple(one for one in way.judged if one.judgement.outcome in ANSWERS)
        missing = tuple(one for one in way.judged if one not in answered)
        if answered:
            said = way.turn.masked if way.turn.untouched else way.turn.text
            followed = course([(one.question, one.judgement) for one in way.judged], self.language)
            answer = self.speaker.compare(followed) if followed else self.speaker.quote(answered, missing)
            return Prepared(answer, said, answered, missing)
        if way.judged[0].judgement.outcome is Outcome.UNCLEAR:
            return Prepared(self.speaker.say(Status.CLARIFY))
        return Prepared(self.speaker.decline(way.judged[0]))
