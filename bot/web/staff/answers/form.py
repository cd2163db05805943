"""The form of an approved answer: its fields, its initial values, and the draft made from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Form

from bot.errors import AnswerUnusable
from bot.office.drafts import LONGEST_ANSWER, LONGEST_NAME, LONGEST_QUESTION, MOST_VARIANTS
from bot.pipeline import Bot
from bot.records import turns
from bot.records.database import Database
from bot.records.office import approved
from bot.records.office.approved import Cited, Draft, OfficialSource, Referral
from bot.wording import read_yaml
from corpus.passage import Passage

QUOTES = 4
LONGEST_DAY, LONGEST_URL = 20, 2_000
Ground = Literal["passages", "source", "nothing"]
Day = Annotated[str, Form(max_length=LONGEST_DAY)]
Name = Annotated[str, Form(max_length=2 * LONGEST_NAME)]


@dataclass(frozen=True, slots=True)
class TypedSource:
    """The fields of a named source."""

    title: str = ""
    publisher: str = ""
    date: str = ""
    url: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """The form's content as typed, so that nothing is lost when it is refused."""

    question: str = ""
    answer: str = ""
    quotes: tuple[str, ...] = ("",) * QUOTES
    valid_from: str = ""
    valid_until: str = ""
    origin: str = ""
    answer_id: str = ""
    ground: Ground = "passages"
    source: TypedSource = field(default_factory=TypedSource)
    referral: str = ""
    variants: str = ""
    year: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        """The other wordings, one per line."""
        return tuple(dict.fromkeys(line.strip() for line in self.variants.splitlines() if line.strip()))

    def quoting(self, sentence: str) -> "Typed":
        """The form with one more quote, where there is room and it is new."""
        if not sentence or sentence in self.quotes or "" not in self.quotes:
            return self
        place = self.quotes.index("")
        return replace(self, quotes=(*self.quotes[:place], sentence, *self.quotes[place + 1 :]))

    def asking(self, way: str) -> "Typed":
        """The form with one more wording, where it is new."""
        return replace(self, variants="\n".join([*self.ways, way])) if way and way not in self.ways else self


async def typed_source(
    source_title: Name = "",
    source_publisher: Name = "",
    source_date: Day = "",
    source_url: Annotated[str, Form(max_length=LONGEST_URL)] = "",
    source_until: Day = "",
) -> TypedSource:
    """A dependency: the fields of the source as they were sent."""
    return TypedSource(source_title, source_publisher, source_date, source_url, source_until)


async def typed_words(
    question: Annotated[str, Form(max_length=2 * LONGEST_QUESTION)] = "",
    answer: Annotated[str, Form(max_length=2 * LONGEST_ANSWER)] = "",
    variants: Annotated[str, Form(max_length=MOST_VARIANTS * LONGEST_QUESTION)] = "",
    quote: Annotated[Sequence[str], Form(max_length=QUOTES)] = (),
    year: Day = "",
) -> Typed:
    """A dependency: the text fields of the form as they were sent."""
    quotes = (*quote, *("",) * QUOTES)[:QUOTES]
    return Typed(question, answer, quotes, variants=variants, year=year)


async def typed_form(
    words: Annotated[Typed, Depends(typed_words)],
    source: Annotated[TypedSource, Depends(typed_source)],
    ground: Annotated[Ground, Form()] = "passages",
    referral: Annotated[str, Form(max_length=LONGEST_NAME)] = "",
    valid_from: Day = "",
    valid_until: Day = "",
    origin: Annotated[str, Form(max_length=32)] = "",
    answer_id: Annotated[str, Form(max_length=32)] = "",
) -> Typed:
    """A dependency: the form as it was sent."""
    dated = replace(words, valid_from=valid_from, valid_until=valid_until, origin=origin, answer_id=answer_id)
    return replace(dated, source=source, ground=ground, referral=referral)


def begun(database: Database, origin: str, question: str, correct: str, today: date) -> Typed:
    """The initial form: from a conversation, from an answer to correct, or from a question."""
    if correct:
        return _corrected(approved.history(database, correct)[0], today)
    turn = turns.of_answer(database, origin) if origin else None
    if turn is None:
        return Typed(question=question, valid_from=today.isoformat())
    quotes = (*(cited["quote"] for cited in turn["citations"]), *("",) * QUOTES)[:QUOTES]
    answer = turn["answer"] if turn["citations"] else ""
    return Typed(turn["question"], answer, quotes, today.isoformat(), origin=origin)


def _corrected(one: approved.ApprovedAnswer, today: date) -> Typed:
    quotes = (*(cited.quote for cited in one.citations), *("",) * QUOTES)[:QUOTES]
    until = one.valid_until.isoformat() if one.valid_until else ""
    made = Typed(one.question, one.answer, quotes, today.isoformat(), until, one.origin, one.id)
    made = replace(made, variants="\n".join(one.variants), year=str(one.year or ""))
    if one.source:
        row = one.source.as_row()
        source = TypedSource(row["title"], row["publisher"], row["published"], row["url"], row["valid_until"])
        return replace(made, ground="source", source=source)
    return replace(made, ground="nothing", referral=one.referral.name) if one.referral else made


def draft_of(typed: Typed, bot: Bot) -> Draft:
    """The form as a draft. Raises AnswerUnusable for malformed days and quotes that no passage holds."""
    say = read_yaml(bot.settings.prompts_dir / "approved.yaml")["refused"]
    begins = _day(typed.valid_from, say["bad_day"])
    ends = _day(typed.valid_until, say["bad_day"]) if typed.valid_until.strip() else None
    year = typed.year.strip()
    if year and not (year.isascii() and year.isdigit()):
        raise AnswerUnusable(say["bad_year"])
    made = Draft(typed.question.strip(), typed.answer.strip(), (), begins, ends, typed.origin, typed.ways)
    made = replace(made, year=int(year[:6]) if year else None)
    if typed.ground == "source":
        return replace(made, source=_source(typed.source, say["bad_day"]))
    if typed.ground == "nothing":
        return replace(made, referral=_referral(typed.referral, bot))
    return replace(made, citations=_cited(typed, bot, say["moved"]))


def holding(bot: Bot, quote: str) -> Passage | None:
    """The passage that holds a quote verbatim; the body before the annotations."""
    wanted = quote.strip()
    return next((p for p in bot.index.corpus.passages if wanted and wanted in p.text), None)


def _cited(typed: Typed, bot: Bot, moved: str) -> tuple[Cited, ...]:
    quotes = [quote.strip() for quote in typed.quotes if quote.strip()]
    found = [holding(bot, quote) for quote in quotes]
    if not all(found):
        raise AnswerUnusable(moved)
    return tuple(Cited(p.id, quote) for p, quote in zip(found, quotes, strict=True) if p)


def _source(typed: TypedSource, bad_day: str) -> OfficialSource:
    days = [_day(day, bad_day) for day in (typed.date, typed.until)]
    return OfficialSource(typed.title.strip(), typed.publisher.strip(), days[0], typed.url.strip(), days[1])


def _referral(name: str, bot: Bot) -> Referral:
    """The referral of the form; an unknown contact is refused with the draft."""
    phone = next((office.phone for office in bot.site.offices if office.name == name), "")
    return Referral(name, phone, tuple(sorted(bot.index.corpus.documents)))


def _day(typed: str, bad_day: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise AnswerUnusable(bad_day.format(day=typed.strip())) from None
