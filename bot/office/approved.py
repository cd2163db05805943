"""Approved answers: written by an editor, released by a second person, served before anything else is searched."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from bot.answer import Answer, Citation, Status
from bot.answering import excerpt
from bot.answering.citations import MARK, CheckFailed, check
from bot.errors import AnswerUnusable
from bot.guarding.privacy import without_personal_data
from bot.pipeline import Bot
from bot.understanding.question import Question, parts
from bot.understanding.topics import Concept
from bot.wording import read_yaml
from bot.writing.faithfulness import Source, Support
from bot.writing.sentences import Sentences
from corpus.build import Corpus
from corpus.figures import dimension
from corpus.passage import Passage

State = Literal["draft", "approved", "replaced", "withdrawn", "suspended"]
NEGATED = re.compile(r"(.)[不没]\1|(?P<not>[不没别未无]|取消|停止|停用|撤销)")
OTHER_YEAR = re.compile(r"[明后来前往]年|下一?年|历年")
# How much of each question must be held by the other. Measured: docs/decisions/0009-approved-answers.md
THRESHOLD = 0.8
# What a verb or a lone character counts for beside a thing.
LOOSE = 0.4
REMEMBERED = 2_000
LONGEST_QUESTION, LONGEST_ANSWER = 300, 2_000


@dataclass(frozen=True, slots=True)
class Cited:
    """What an approved answer rests on: words of a passage."""

    passage_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor writes. `origin` is the answer it corrects; `valid_until` None is for good."""

    question: str
    answer: str
    citations: tuple[Cited, ...]
    valid_from: date
    valid_until: date | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ApprovedAnswer(Draft):
    """One version of an answer to a question, and what became of it."""

    id: str = ""
    version: int = 1
    state: State = "draft"
    author: str = ""
    approver: str = ""
    reason: str = ""
    at: datetime = field(default_factory=datetime.now)


def stands(written: Draft, corpus: Corpus) -> bool:
    """Whether every passage it cites is still there and still holds the quote."""
    held = (corpus.by_id.get(cited.passage_id) for cited in written.citations)
    return all(p is not None and c.quote in p.text for p, c in zip(held, written.citations, strict=True))


def answer_of(approved: Draft, bot: Bot) -> Answer:
    """The Answer that is shown: its marks, its citations, its label. It must stand."""
    citations = _citations(approved, bot.index.corpus)
    text = approved.answer
    if not MARK.search(text):
        text += "".join(f"[{citation.mark}]" for citation in citations)
    return Answer(
        id=uuid.uuid4().hex,
        status=Status.ANSWERED,
        mode="approved",
        label=bot.speaker.text(Status.ANSWERED, "approved_label"),
        answer=text,
        citations=citations,
        terms=excerpt.explain(citations, bot.index.corpus),
    )


def refuse_unusable(written: Draft, bot: Bot) -> None:
    """Raise AnswerUnusable, with what is wrong in Chinese, unless the draft says only what its quotes' passages say."""
    say = read_yaml(bot.settings.prompts_dir / "approved.yaml")["refused"]
    if not written.question.strip() or len(written.question) > LONGEST_QUESTION:
        raise AnswerUnusable(say["question"].format(limit=LONGEST_QUESTION))
    if not written.answer.strip() or len(written.answer) > LONGEST_ANSWER:
        raise AnswerUnusable(say["answer"].format(limit=LONGEST_ANSWER))
    for text in (written.question, written.answer):
        if without_personal_data(text) != text:
            raise AnswerUnusable(say["personal"])
    if written.valid_until and written.valid_until < written.valid_from:
        raise AnswerUnusable(say["period"])
    if not written.citations:
        raise AnswerUnusable(say["uncited"])
    if not stands(written, bot.index.corpus) or not all(cited.quote.strip() for cited in written.citations):
        raise AnswerUnusable(say["moved"])
    shown = answer_of(written, bot)
    try:
        check(shown.answer, shown.citations, said=_known_beside(shown.citations))
    except CheckFailed:
        raise AnswerUnusable(say["figures"]) from None
    _refuse_unsupported(shown, bot, say)


def _refuse_unsupported(shown: Answer, bot: Bot, say: Mapping[str, str]) -> None:
    """Each sentence passes what a model's sentence must pass (bot/writing/faithfulness.py)."""
    corpus = bot.index.corpus
    support = Support.load(bot.settings.prompts_dir, corpus.words, corpus.place_names)
    sources = {c.mark: Source(c.mark, c.text, _known_beside([c])) for c in shown.citations}
    marks = "".join(f"[{c.mark}]" for c in shown.citations)
    cut = Sentences()
    for sentence in [*cut.take(shown.answer), *cut.end()]:
        cited = sentence if MARK.search(sentence) else sentence + marks
        if not support.is_courtesy(MARK.sub("", sentence)) and support.fault(cited, sources):
            raise AnswerUnusable(say["unsupported"].format(sentence=MARK.sub("", sentence).strip()))


def _known_beside(citations: Sequence[Citation]) -> str:
    return "\n".join(f"{c.document}{c.year}年\n" + "\n".join(c.section) for c in citations)


def _citations(written: Draft, corpus: Corpus) -> tuple[Citation, ...]:
    return tuple(_citation(mark, c, corpus.by_id[c.passage_id], corpus) for mark, c in enumerate(written.citations, 1))


def _citation(mark: int, cited: Cited, passage: Passage, corpus: Corpus) -> Citation:
    start = passage.text.index(cited.quote)
    return excerpt.citation(mark, passage, (start, start + len(cited.quote)), corpus)


class Matcher:
    """Finds the approved answer whose question means the same. Understands each approved question once."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._of = lru_cache(maxsize=REMEMBERED)(self._understand)

    def find(self, question: str, answers: Sequence[ApprovedAnswer]) -> ApprovedAnswer | None:
        """The most alike of those at or above the threshold; None when there is none, or two things are asked."""
        ranked = [(self.alike(question, answer), -place) for place, answer in enumerate(answers)]
        best, place = max(ranked, default=(0.0, 0))
        return answers[-place] if best >= THRESHOLD else None

    def alike(self, question: str, approved: Draft) -> float:
        """How much alike a question and an approved one are, 0 to 1; 0 for a turn that asks several things."""
        asked = self._of(question)
        return self.likeness(asked, self._of(approved.question)) if asked else 0.0

    def likeness(self, one: Question, other: Question | None) -> float:
        """0 when two questions ask for different things; else how much of each the other holds (0 to 1)."""
        if other is None or _asks_for(one) != _asks_for(other) or not self._same_year(one, other):
            return 0.0
        if one.units and other.units and not {dimension(u) for u in one.units} & {dimension(u) for u in other.units}:
            return 0.0
        mine, theirs = self._telling(one), self._telling(other)
        return min(_held(mine, theirs), _held(theirs, mine))

    def _telling(self, question: Question) -> list[Concept]:
        """The concepts of a question; what every plan does (新建, 增加) tells nothing."""
        cues = self._bot.cues
        told = [c for c in question.concepts if any(cues.beyond_plans(said) for said in c.said)]
        return [c if c.solid else replace(c, weight=c.weight * LOOSE) for c in told]

    def _understand(self, question: str) -> Question | None:
        """The question as it is understood; None for several at once. The latest are remembered."""
        folded = self._bot.fold(question)
        several = len(parts(folded, self._bot.index.corpus, self._bot.cues)) > 1
        return None if several else self._bot.understand(folded, ())

    def _same_year(self, one: Question, other: Question) -> bool:
        newest = max(d.year for d in self._bot.index.corpus.documents.values())
        return (one.year or newest) == (other.year or newest)


def _asks_for(question: Question) -> tuple[object, ...]:
    """What must be the same: the kind of thing asked for, the stage, the figures, whether it is denied."""
    return (
        frozenset(item.name for item in question.asked),
        question.stages,
        frozenset((f.value, f.unit) for f in question.figures),
        question.scopes,
        question.alternatives,
        question.strangers,
        question.bound,
        question.is_claim,
        question.wants_definition,
        question.wants_mentions,
        frozenset(OTHER_YEAR.findall(question.text)),
        any(found["not"] for found in NEGATED.finditer(question.text)),
    )


def _held(concepts: Sequence[Concept], others: Sequence[Concept]) -> float:
    """How much of the weight of some concepts others hold; by the best name two concepts share."""
    total = sum(c.weight for c in concepts)
    if not total:
        return 0.0
    return sum(c.weight * max((_shared(c, o) for o in others), default=0.0) for c in concepts) / total


def _shared(one: Concept, other: Concept) -> float:
    names = dict(other.names)
    return max((value * names[name] for name, value in one.names if name in names), default=0.0)
