"""Questions left unanswered, or with a disliked answer: by meaning, week by week."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answer import Status
from bot.office.weekly.alike import MOST, Grouped, encoder_of, grouped
from bot.office.weekly.weeks import Period
from bot.pipeline import Bot
from bot.records import statistics
from bot.records.database import Database
from bot.records.statistics import APPROVED, Asked, Counted, Span, Wanted
from bot.understanding.turn import Reader
from corpus.encoder import Encoder

EXAMPLES = 5
UNANSWERED = (Status.NOT_IN_REPORT.value, Status.OUT_OF_SCOPE.value, Status.CLARIFY.value)
Words = tuple[str, str]  # topic and question


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions of one meaning: `times` in the week chosen, `share` of all its gaps (0 to 1), `trend` week by week.

    `examples` are the most frequent wordings; `earlier` is what was asked before the first of them in its conversation.
    """

    topic: str
    times: int
    share: float
    trend: tuple[int, ...]
    examples: tuple[Asked, ...]
    wordings: int
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """The encoder, and the reader that puts a question in its context; without them only wording counts."""

    encoder: Encoder | None = None
    reader: Reader | None = None

    @classmethod
    def of(cls, bot: Bot) -> "Meaning":
        """That of an open bot."""
        return cls(encoder_of(bot), bot.reader)

    def meant(self, question: str, earlier: Sequence[str]) -> str:
        """A question completed from those before it."""
        if self.reader is None or not earlier:
            return question
        whole = self.reader.look_up(question, [{"role": "user", "content": said} for said in earlier]).whole
        return whole.meant if whole else question


def unanswered(span: Span) -> Wanted:
    """The questions left unanswered, except those for which the office itself says so."""
    return Wanted(span, UNANSWERED, unapproved=True)


def is_unanswered(counted: Counted) -> bool:
    """Whether these are of `unanswered`."""
    return counted.status in UNANSWERED and counted.mode != APPROVED


def gaps(database: Database, period: Period, wanted: Wanted, meaning: Meaning) -> tuple[Gap, ...]:
    """The gaps of the period's chosen week, the most asked first. Raises NotKept."""
    weeks = [statistics.asked(database, replace(wanted, span=week.span)) for week in period.weeks]
    chosen = period.weeks.index(period.week)
    counts = [Counter({(one.topic, one.question): one.times for one in asked}) for asked in weeks]
    latest = {(one.topic, one.question): one for asked in weeks for one in asked}
    latest |= {(one.topic, one.question): one for one in weeks[chosen]}
    whole = [replace(one, times=sum(c[words] for c in counts)) for words, one in latest.items()]
    whole.sort(key=lambda one: -one.times)
    earlier = statistics.earlier(database, [one.answer_id for one in whole[:MOST]])
    meant = [meaning.meant(one.question, earlier.get(one.answer_id, ())) for one in whole]
    total = counts[chosen].total()
    made = (_gap(group, counts, chosen, total, earlier) for group in grouped(whole, meant, meaning.encoder))
    return tuple(sorted((gap for gap in made if gap.times), key=lambda gap: (-gap.times, gap.topic)))


def _gap(
    group: Grouped, counts: Sequence[Counter[Words]], chosen: int, total: int, earlier: Mapping[str, Sequence[str]]
) -> Gap:
    words = [(one.topic, one.question) for one in group.members]
    trend = tuple(sum(of_week[said] for said in words) for of_week in counts)
    inside = [replace(one, times=counts[chosen][said]) for one, said in zip(group.members, words, strict=True)]
    shown = sorted((one for one in inside if one.times), key=lambda one: -one.times)
    first = shown[0] if shown else group.members[0]
    return Gap(
        topic=first.topic,
        times=trend[chosen],
        share=trend[chosen] / total if total else 0.0,
        trend=trend,
        examples=tuple(shown[:EXAMPLES]),
        wordings=len(shown),
        earlier=tuple(earlier.get(first.answer_id, ())),
    )
