"""How one figure went over the years: in each year asked about what was planned and what came of it, of one thing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.finding.evidence import concept_strength
from bot.finding.slots import NUMERIC, fits
from bot.judging.decide import ANSWERS, Judgement
from bot.judging.progress import is_of, is_within
from bot.tuning import ALMOST_ALL
from bot.understanding.kinds import Kind
from bot.understanding.language import Language
from bot.understanding.question import Question
from corpus.corpus import Corpus
from corpus.figures import figures
from corpus.passage import Part
from corpus.targets import Target, alike

# What is told of a year by itself.
TOLD = ("review", "plan")
Asked = tuple[Question, Judgement]


@dataclass(frozen=True, slots=True)
class Said:
    """What plans or reviews of a year say of it: the figures, and the statement that has them; `part` has no title."""

    part: Part
    figure: str
    statement: Target


@dataclass(frozen=True, slots=True)
class Course:
    """What is said, the earliest year first and its plan before what came of it; years of which nothing is said
    of the thing (`unsaid`), and years that no document of the publisher tells of (`unheld`)."""

    said: tuple[Said, ...]
    unsaid: tuple[int, ...]
    unheld: tuple[int, ...]


def course(asked: Sequence[Asked], language: Language) -> Course | None:
    """The course of the figure that one question asks of several years; None where it asks nothing of the kind, or
    figures of one thing that answer it are not told twice."""
    if not _compares([question for question, _ in asked]):
        return None
    corpus, years = language.corpus, [question.period.until for question, _ in asked if question.period]
    courses = (_followed(anchor, years, corpus) for anchor in _nearest_asked(asked, language))
    best = max(courses, key=lambda one: len(one.said), default=None)
    return best if best and len(best.said) > 1 else None


def _compares(questions: Sequence[Question]) -> bool:
    """Whether these are one question of several years, and for figures."""
    first = questions[0]
    if len(questions) < 2 or any(one.text != first.text or one.period is None for one in questions):
        return False
    return first.asks(*NUMERIC) or bool(first.units) or not (first.asked or first.wants_list)


def _nearest_asked(asked: Sequence[Asked], language: Language) -> list[Target]:
    """Those statements in what answers that speak of most of what is asked about, of the surest answer first."""
    answered = [one for one in asked if one[1].outcome in ANSWERS]
    found: list[tuple[float, Target]] = []
    for question, judgement in sorted(answered, key=lambda one: -one[1].probability):
        for evidence in judgement.evidence:
            for statement in language.corpus.stated.get(evidence.passage.id, ()):
                if is_within(statement, evidence) and _answers(question, statement, language):
                    found.append((_spoken(question, statement, language), statement))
    most = max((spoken for spoken, _ in found), default=0.0)
    return [statement for spoken, statement in found if spoken >= ALMOST_ALL * most]


def _spoken(question: Question, statement: Target, language: Language) -> float:
    """How much of a question a statement speaks of, and how likely its kind of figure and its unit are asked for."""
    counted = language.fold(statement.action + statement.object)
    spoken = sum(c.weight * concept_strength(c, counted) for c in question.concepts if c.solid)
    likely = max((question.shares.get(kind, 0.0) for kind in _told(question, statement, language)), default=0.0)
    return spoken + likely + float(statement.unit in question.units)


def _answers(question: Question, statement: Target, language: Language) -> bool:
    """Whether a statement counts what a question asks about, in a way it asks for."""
    return bool(_told(question, statement, language)) and is_of(question, statement, language)


def _told(question: Question, statement: Target, language: Language) -> list[Kind]:
    """The kinds of figure that may be asked for and that a statement tells."""
    figure = next(iter(figures(language.fold(statement.amount))), None)
    kinds = [item.kind for item in question.likely if item.kind in NUMERIC]
    return [kind for kind in kinds if figure and fits(question, kind, figure)]


def _followed(anchor: Target, years: Sequence[int], corpus: Corpus) -> Course:
    """What the documents of one publisher say of the same thing in each year and kind of part."""
    publisher = corpus.documents[anchor.document_id].publisher
    own = (d.id for d in corpus.documents.values() if d.publisher == publisher)
    held: set[int] = set()
    cells: dict[Part, list[Target]] = {}
    for passage in (passage for document in own for passage in corpus.inside[document]):
        part = corpus.part_of(passage)
        if part.kind not in TOLD or part.since != part.until or part.until not in years:
            continue
        held.add(part.until)
        near = [one for one in corpus.stated.get(passage.id, ()) if alike(anchor, one, corpus.words)]
        cells.setdefault(replace(part, title=""), []).extend(near)
    said = [one for cell, near in cells.items() if near and (one := _nearest(cell, anchor, near, corpus))]
    said.sort(key=lambda one: (one.part.until, one.part.kind == "review"))
    missing = sorted(set(years) - {one.part.until for one in said})
    return Course(tuple(said), tuple(y for y in missing if y in held), tuple(y for y in missing if y not in held))


def _nearest(part: Part, anchor: Target, statements: Sequence[Target], corpus: Corpus) -> Said | None:
    """The clause that is most nearly of the same thing; None where several that say other figures are as near."""
    shares = [alike(anchor, statement, corpus.words) for statement in statements]
    best = [s for s, share in zip(statements, shares, strict=True) if share == max(shares)]
    first = anchor if anchor in best else best[0]
    clause = [s.amount for s in best if (s.passage_id, s.start) == (first.passage_id, first.start)]
    if first is not anchor and not {s.amount for s in best} <= set(clause):
        return None
    return Said(part, "、".join(clause), first)
