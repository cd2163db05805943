"""From the words of a resident to a Question: what it speaks of, what it asks for, which figures it claims."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot import tuning
from bot.understanding.details import MEANING, YES_OR_NO, Shares, asked
from bot.understanding.kinds import Asked, Cues, Kind
from bot.understanding.language import Language
from bot.understanding.moves import Move
from bot.understanding.names import strangers, unheard
from bot.understanding.period import Period, asks_course, periods, ranges
from bot.understanding.topics import SEGMENT, Concept, concepts_of, main_part
from corpus.corpus import Corpus
from corpus.figures import DATES, NUMERALS, TIMES, UNITS, Figure, arabic, figures
from corpus.passage import Term

YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|\b|[^\d])")
ASKED_UNIT = re.compile(rf"(?:多少|(?<![十这那好前])几)(万|亿|百|千)?({UNITS})")
ORDINAL = re.compile(rf"第[\d{NUMERALS}]+.?")
WHAT = re.compile(r"什么|啥|怎么|咋|如何")
ELLIPSIS = re.compile(r"呢|[?？]")


@dataclass(frozen=True, slots=True)
class Bound:
    """What the figures of an answer must reach (or stay below) to be asked for: 200个以上的."""

    figure: Figure
    below: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One turn, understood. `text` is masked and folded; `meant` is the same, preceded by what it leaves out.

    `shares` is the probability of each kind of detail, `asked` those taken to be asked for, `likely` those that may
    be; `told` is the probability that a report tells such a thing at all.
    `wants_amounts` is by which words amounts are asked for, `period` the time asked about. Where `move` is one of
    AGAIN, it is the question before, and `wish` tells how it is to be answered again.
    """

    text: str
    concepts: tuple[Concept, ...]
    shares: Shares
    asked: tuple[Asked, ...]
    likely: tuple[Asked, ...]
    told: float
    stages: frozenset[str]
    figures: tuple[Figure, ...]
    terms: tuple[Term, ...]
    units: frozenset[str]
    period: Period | None
    unheard: tuple[str, ...]
    strangers: tuple[str, ...]
    is_claim: bool
    wants_list: bool
    wants_definition: bool
    wants_mentions: bool
    wants_amounts: str
    bound: Bound | None
    wants_stage: re.Pattern[str] | None
    meant: str
    move: Move = Move.NEW
    wish: str = ""

    @property
    def is_structural(self) -> bool:
        """Whether the answer is a complete list from the structure of the documents, which no model need phrase."""
        return self.wants_mentions or bool(self.bound or self.wants_stage or (self.wants_amounts and self.wants_list))

    @property
    def year(self) -> int | None:
        """The year asked about, when stated and a single one."""
        return self.period.until if self.period and self.period.stated and self.period.is_year else None

    @property
    def things(self) -> tuple[Concept, ...]:
        """What it is about: the things that weigh nearly as much as the heaviest one."""
        least = tuning.NEARLY_HEAVIEST * max((c.weight for c in self.concepts[:1]), default=0.0)
        return tuple(c for c in self.concepts if c.solid and c.weight >= least)

    def asks(self, *kinds: Kind) -> bool:
        """Whether one of these things is asked for."""
        return any(item.kind in kinds for item in self.asked)


def understand(text: str, language: Language) -> Question:
    """Read a folded question as if nothing had been said before."""
    corpus, cues = language.corpus, language.cues
    main = main_part(text, cues)
    named = language.terms.named(text)
    claimed, period = _claimed(text, named), _period(main, corpus)
    shares = language.details.shares(main)
    claims = bool(cues.claim.search(text))
    told = asked(cues.items, shares) or (_claim_asks(period, claimed, cues) if claims else ())
    return Question(
        text=text,
        concepts=tuple(_spelled_out(c, named, corpus) for c in concepts_of(text, language)),
        shares=shares,
        asked=told,
        likely=asked(cues.items, shares, tuning.DETAIL_LIKELY),
        told=language.details.told(text),
        stages=cues.stages_of(main),
        figures=claimed,
        terms=named,
        units=frozenset(m.group(2) for m in ASKED_UNIT.finditer(main)),
        period=period,
        unheard=unheard(text, corpus) if claims else (),
        strangers=strangers(text, corpus),
        is_claim=claims,
        wants_list=bool(cues.list.search(main)),
        wants_definition=shares.get(MEANING, 0.0) >= tuning.MEANING_ASKED,
        wants_mentions=bool(cues.mentions.search(main)),
        wants_amounts=found.group() if (found := cues.amounts.search(main)) else "",
        bound=_bound(main, claims, cues),
        wants_stage=_stage(main, told, cues),
        meant=text,
    )


def by_years(question: Question, corpus: Corpus) -> list[Question]:
    """A question about several years as one per year, the earlier first, when documents cover one of them.

    One about a course (这几年) covers the latest years that several reports tell of, one about a range of years
    (2016到2018年) those in between too.
    """
    newest, between = corpus.newest.year, {year for years in ranges(question.text) for year in years}
    named = [period for period in periods(question.text, newest) if period.is_year]
    years = [*named, *(Period(year, year) for year in sorted(between & corpus.told_years))][: tuning.MOST_QUESTIONS]
    if not years and question.period is None and asks_course(question.text) and len(corpus.reports) > 1:
        years = [Period(year, year) for year in sorted(corpus.told_years)[-tuning.MOST_QUESTIONS :]]
    if len(years) < 2 or not any(period.until in corpus.years for period in years) or question.is_claim:
        return [question]
    stated = (replace(period, stated=period.until != newest, compared=False) for period in years)
    return [replace(question, period=period) for period in sorted(stated, key=lambda period: period.until)]


def following(question: Question, before: Question, language: Language) -> Question:
    """A follow-up question: what it leaves out is taken from the one before, concepts at half their weight."""
    cues, main = language.cues, main_part(question.text, language.cues)
    known = {s for c in question.concepts for s in c.said}
    left_out = (c for c in before.concepts if not known & set(c.said))
    inherited = [replace(c, weight=c.weight * tuning.CONTEXT_WEIGHT) for c in left_out]
    named = question.terms or before.terms
    told, shares, stages = question.asked, question.shares, question.stages
    asks = told or shares.get(YES_OR_NO, 0.0) >= tuning.YES_NO_ASKED or _asks_itself(main, cues)
    if is_elliptic(main, cues) or not asks:
        told, shares, stages = before.asked, before.shares, stages | before.stages
    claimed = _claimed(question.text, named)
    if question.is_claim and not told:
        told = _claim_asks(question.period, claimed, cues)
    concepts = tuple(_spelled_out(c, named, language.corpus) for c in (*question.concepts, *inherited))
    meant = f"{before.meant[-tuning.CONTEXT_CHARACTERS :]} {question.text}"
    return replace(
        question,
        meant=meant,
        told=language.details.told(meant),
        period=question.period or before.period,
        concepts=concepts,
        shares=shares,
        asked=told,
        likely=asked(cues.items, shares, tuning.DETAIL_LIKELY),
        stages=stages,
        figures=claimed,
        terms=named,
        wants_stage=_stage(main, told, cues),
    )


def _claimed(text: str, named: tuple[Term, ...]) -> tuple[Figure, ...]:
    """The figures of a question; no years, and no numerals of a term's name."""
    return tuple(f for f in figures(arabic(text)) if not _is_year(f) and not _is_of_a_term(f, named))


def _claim_asks(period: Period | None, claimed: tuple[Figure, ...], cues: Cues) -> tuple[Asked, ...]:
    """What a claim asks to have confirmed: the kinds of its figures."""
    return cues.asked_by("年" if period and period.stated and not claimed else _dimension(claimed))


def _bound(text: str, claims: bool, cues: Cues) -> Bound | None:
    """The amount by which a question picks out targets, or None."""
    amounts = [f for f in figures(arabic(text)) if f.unit and f.unit not in TIMES]
    if claims or len(amounts) != 1 or not cues.filter.search(text):
        return None
    return Bound(amounts[0], bool(cues.below.search(text)))


def _stage(text: str, told: tuple[Asked, ...], cues: Cues) -> re.Pattern[str] | None:
    """The stage by which a question picks out projects (those still being prepared), or None."""
    found = cues.stage_list.search(text)
    if not found or any(item.kind is not Kind.NAME for item in told):
        return None
    return next((pattern for _, pattern in cues.stages if pattern.search(found.group())), None)


def _spelled_out(concept: Concept, named: tuple[Term, ...], corpus: Corpus) -> Concept:
    """A concept that is the short form of a term, with the term's whole name added (三争)."""
    whole = [corpus.words.fold(t.name) for t in named if any(said in t.aliases for said in concept.said)]
    return replace(concept, names=tuple({**dict(concept.names), **dict.fromkeys(whole, 1.0)}.items()))


def is_elliptic(text: str, cues: Cues) -> bool:
    """Whether a follow-up names only a thing (那停车位呢)."""
    return text.rstrip("?").endswith("呢") and not _asks_itself(text, cues)


def _asks_itself(text: str, cues: Cues) -> bool:
    """Whether a follow-up says what it asks for (那怎么帮企业), rather than only naming a thing (那停车位呢)."""
    said = ELLIPSIS.sub("", text)
    return any(cue.search(said) for cue in (cues.list, cues.question))


def _is_of_a_term(figure: Figure, named: tuple[Term, ...]) -> bool:
    """Whether a figure is the numeral of a term's name (四名 does not count people)."""
    return figure.value <= 10 and any(_number_in(term) == figure.value for term in named)


def _number_in(term: Term) -> int:
    found = [NUMERALS.index(c) + 1 for name in (term.name, *term.aliases) for c in name if c in NUMERALS]
    return found[0] if found else 0


def _dimension(claimed: tuple[Figure, ...]) -> str:
    """What kind of figure a claim is about: an amount before a span of years."""
    kinds = [f.dimension for f in claimed]
    return next((kind for kind in kinds if kind != "年"), "")


def _is_year(figure: Figure) -> bool:
    return figure.unit in DATES and figure.value > 31


def _period(text: str, corpus: Corpus) -> Period | None:
    """The period a question is about: the first that is named and not only compared with."""
    named = [period for period in periods(text, corpus.newest.year) if not period.compared]
    return next((period for period in named if period.stated), named[0] if named else None)


def names_something(question: Question, corpus: Corpus) -> bool:
    """Whether a question names a thing that the documents know."""
    return _names_known(question.concepts, corpus)


def _names_known(concepts: Iterable[Concept], corpus: Corpus) -> bool:
    """Whether something known is named; 第二个 is a position in an earlier list, even where a document holds it."""
    things = (c for c in concepts if c.solid and not ORDINAL.fullmatch(c.said[0]))
    return any(corpus.frequency(name) for c in things for name, _ in c.names)


def parts(text: str, language: Language) -> list[str]:
    """A turn split into the several things it asks; whole when it asks one thing (or tells a story)."""
    segments = SEGMENT.findall(text) if len(text) <= tuning.SEVERAL_WITHIN else []
    asking = [bool(language.cues.question.search(segment)) for segment in segments]
    pieces: list[str] = []
    pending = ""
    for segment, asks in zip(segments, asking, strict=True) if sum(asking) > 1 else ():
        pending += segment
        before = pieces[-1] if pieces else ""
        asks_one = asks and (_stands_alone(pending, language) or _adds(pending, before, language))
        if len(pieces) < tuning.MOST_QUESTIONS and asks_one:
            pieces.append(pending)
            pending = ""
    if pending and pieces:
        pieces[-1] += pending
    return pieces if len(pieces) > 1 else [text]


def _adds(text: str, before: str, language: Language) -> bool:
    """Whether a part that names nothing known surely asks for another detail of the topic of the part before."""
    items = language.cues.items
    told, known = (asked(items, language.details.shares(part), tuning.YES_NO_ASKED) for part in (text, before))
    return bool(before and told) and not {one.kind for one in told} & {one.kind for one in known}


def _stands_alone(text: str, language: Language) -> bool:
    """Whether a part asks for something of something that is known."""
    corpus, cues = language.corpus, language.cues
    known = _names_known(concepts_of(text, language), corpus)
    told = asked(cues.items, language.details.shares(text))
    return known and bool(told or cues.list.search(text) or WHAT.search(text))
