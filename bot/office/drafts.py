"""Checks of a draft of an approved answer: it may say only what its sources support."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.answer import MARK, Answer
from bot.answering.citations import CheckFailed, check
from bot.errors import AnswerUnusable
from bot.guarding.privacy import without_personal_data
from bot.office.approved import answer_of, counted_years, known_beside, stands
from bot.pipeline import Bot
from bot.records.office.approved import Draft, OfficialSource
from bot.site import Site, host_of
from bot.wording import read_yaml
from bot.writing.faithfulness import Source, Support
from bot.writing.sentences import Sentences
from corpus.figures import figures

LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_NAME, MOST_VARIANTS = 300, 2_000, 200, 20
FIRST_YEAR, LAST_YEAR = 1949, 2100
# A nationwide number: an emergency call, a hotline, a company's service line.
DIALLED = re.compile(r"(?<![\d.])(?:11[09]|12[02]|12\d{3}|9[56]\d{3,4})(?![\d.])")
LED_IN = re.compile(r"(?:拨打?|致电|电话|热线|号码)[是为\uff1a:“]{0,2}$")
Say = Mapping[str, str]


def refuse_unusable(written: Draft, bot: Bot, today: date) -> None:
    """Raise AnswerUnusable, with the fault in Chinese, unless the draft says only what its sources support."""
    words = read_yaml(bot.settings.prompts_dir / "approved.yaml")
    say: Say = words["refused"]
    _refuse_texts(written, bot, say)
    _refuse_times(written, say)
    if written.source:
        _refuse_source(written, written.source, bot.site, say, today)
    elif written.referral:
        _refuse_referral(written, bot, say)
    else:
        _refuse_citations(written, bot, words)


def dialled(text: str, site: Site) -> tuple[str, ...]:
    """The phone numbers in a text: those of the site, and numbers named as hotlines."""
    ours = [office.phone for office in site.offices if office.phone in text]
    led = [m.group() for m in DIALLED.finditer(text) if LED_IN.search(text, max(m.start() - 6, 0), m.start())]
    return tuple(dict.fromkeys([*ours, *led]))


def _refuse_texts(written: Draft, bot: Bot, say: Say) -> None:
    for question in written.asked:
        if not question.strip() or len(question) > LONGEST_QUESTION:
            raise AnswerUnusable(say["question"].format(limit=LONGEST_QUESTION))
    if len(written.variants) > MOST_VARIANTS:
        raise AnswerUnusable(say["variants"].format(limit=MOST_VARIANTS))
    if not written.answer.strip() or len(written.answer) > LONGEST_ANSWER:
        raise AnswerUnusable(say["answer"].format(limit=LONGEST_ANSWER))
    for text in (*written.asked, written.answer):
        bare = _without_numbers(text, bot.site)
        if without_personal_data(bare) != bare:
            raise AnswerUnusable(say["personal"])


def _without_numbers(text: str, site: Site) -> str:
    for number in dialled(text, site):
        text = text.replace(number, "")
    return text


def _refuse_times(written: Draft, say: Say) -> None:
    if written.valid_until and written.valid_until < written.valid_from:
        raise AnswerUnusable(say["period"])
    if any(counted_years(text) for text in (*written.asked, written.answer)) and written.year is None:
        raise AnswerUnusable(say["year"])
    if written.year is not None and not FIRST_YEAR <= written.year <= LAST_YEAR:
        raise AnswerUnusable(say["bad_year"])


def _refuse_source(written: Draft, source: OfficialSource, site: Site, say: Say, today: date) -> None:
    """Refuse an unusable source. Its words are not held here: two people read it, and its URL is the government's."""
    if written.citations or MARK.search(written.answer):
        raise AnswerUnusable(say["marks"])
    for name in (source.title, source.publisher):
        if not name.strip() or len(name) > LONGEST_NAME:
            raise AnswerUnusable(say["source"].format(limit=LONGEST_NAME))
    if not host_of(source.url):
        raise AnswerUnusable(say["link"])
    if not site.is_official(source.url):
        raise AnswerUnusable(say["foreign"].format(host=host_of(source.url), domains="、".join(site.domains)))
    if source.published > today or source.valid_until < max(today, written.valid_from):
        raise AnswerUnusable(say["source_days"])


def _refuse_referral(written: Draft, bot: Bot, say: Say) -> None:
    """Refuse a referral with figures other than phone numbers: it may only state that the documents say nothing."""
    assert written.referral
    known = {(office.name, office.phone) for office in bot.site.offices}
    if (written.referral.name, written.referral.phone) not in known:
        raise AnswerUnusable(say["referral"])
    if written.citations or MARK.search(written.answer):
        raise AnswerUnusable(say["marks"])
    titles = (f"《{document.title}》" for document in bot.index.corpus.documents.values())
    bare = _without_numbers(written.answer, bot.site)
    for title in titles:
        bare = bare.replace(title, "")
    if figures(bot.language.fold(bare)):
        raise AnswerUnusable(say["figures_of_nothing"])
    if not stands(written, bot.index.corpus):
        raise AnswerUnusable(say["documents"])


def _refuse_citations(written: Draft, bot: Bot, words: Mapping[str, Any]) -> None:
    say: Say = words["refused"]
    if not written.citations:
        raise AnswerUnusable(say["uncited"])
    if not stands(written, bot.index.corpus) or not all(cited.quote.strip() for cited in written.citations):
        raise AnswerUnusable(say["moved"])
    shown = answer_of(written, bot)
    told = "\n".join(dialled(shown.answer, bot.site))
    try:
        check(shown.answer, shown.citations, said=f"{known_beside(shown.citations)}\n{told}")
    except CheckFailed:
        raise AnswerUnusable(say["figures"]) from None
    _refuse_unsupported(shown, bot, say, f"{told}\n{words['ways']}\n{_names(bot.site)}" if told else "")


def _names(site: Site) -> str:
    return "\n".join(office.name for office in site.offices)


def _refuse_unsupported(shown: Answer, bot: Bot, say: Say, ways: str) -> None:
    """Check each sentence as a model's is (bot/writing/faithfulness.py); `ways` may be said too."""
    corpus = bot.index.corpus
    support = Support.load(bot.settings.prompts_dir, corpus, bot.speaker.encoder)
    sources = {c.mark: Source(c.mark, c.text, f"{known_beside([c])}\n{ways}") for c in shown.citations}
    marks = "".join(f"[{c.mark}]" for c in shown.citations)
    cut = Sentences()
    for sentence in [*cut.take(shown.answer), *cut.end()]:
        cited = sentence if MARK.search(sentence) else sentence + marks
        if not support.says_nothing(MARK.sub("", sentence)) and support.fault(cited, sources):
            raise AnswerUnusable(say["unsupported"].format(sentence=MARK.sub("", sentence).strip()))
