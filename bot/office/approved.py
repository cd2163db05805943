"""Approved answers: written by an editor, released by a second person, served before anything else is searched."""

import uuid
from collections.abc import Mapping, Sequence

from bot.answer import MARK, Answer, Citation, Status
from bot.answering import excerpt
from bot.answering.citations import CheckFailed, check
from bot.errors import AnswerUnusable
from bot.guarding.privacy import without_personal_data
from bot.pipeline import Bot
from bot.records.approved import Cited, Draft
from bot.wording import read_yaml
from bot.writing.faithfulness import Source, Support
from bot.writing.sentences import Sentences
from corpus.corpus import Corpus
from corpus.passage import Passage

LONGEST_QUESTION, LONGEST_ANSWER = 300, 2_000


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
    return "\n".join(f"{c.document}{c.part.period}\n" + "\n".join(c.section) for c in citations)


def _citations(written: Draft, corpus: Corpus) -> tuple[Citation, ...]:
    return tuple(_citation(mark, c, corpus.by_id[c.passage_id], corpus) for mark, c in enumerate(written.citations, 1))


def _citation(mark: int, cited: Cited, passage: Passage, corpus: Corpus) -> Citation:
    start = passage.text.index(cited.quote)
    return excerpt.citation(mark, passage, (start, start + len(cited.quote)), corpus)
