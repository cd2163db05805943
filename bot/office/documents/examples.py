"""Example questions: those of the site that the documents answer, and generated ones for documents without any."""

from dataclasses import replace
from itertools import islice

from bot import tuning
from bot.answer import Answer, Status
from bot.answering.onward import Onward
from bot.pipeline import Bot
from bot.site import Example, Site
from bot.wording import read_yaml


def onward_of(bot: Bot) -> Onward:
    """The maker of questions from the structure of a bot's documents, which tries them on the bot."""
    texts = read_yaml(bot.settings.prompts_dir / "page.yaml")["onward"]
    return Onward(bot.index.corpus, texts, lambda question: bot.prepared(question, ()).answer)


def fitting(bot: Bot) -> Bot:
    """The bot with examples that its documents answer."""
    site = Site.load(bot.settings.site_file)
    found = {one: bot.prepared(one.question, ()).answer for one in site.examples}
    fit = [one for one, answer in found.items() if answer.status is Status.ANSWERED]
    told = {document for one in fit for document in _told_of(bot, found[one])}
    own: list[Example] = []
    for document in sorted(bot.index.corpus.current - told, key=lambda one: -bot.document(one).year):
        own += _own(bot, document)
    own = own[: tuning.EXAMPLES_SHOWN - tuning.EXAMPLES_EACH]
    site = replace(site, examples=(*fit[: tuning.EXAMPLES_SHOWN - len(own)], *own))
    return replace(bot, site=site, speaker=replace(bot.speaker, site=site))


def _own(bot: Bot, document_id: str) -> list[Example]:
    """Examples for a document that has none: generated questions that are answered as meant."""
    topic: str = read_yaml(bot.settings.prompts_dir / "page.yaml")["example_of"].format(
        year=bot.document(document_id).year
    )
    onward = onward_of(bot)
    tried = islice(onward.of_document(document_id), tuning.EXAMPLES_TRIED)
    answered = (offer.question for offer in tried if onward.is_answered(offer))
    return [Example(topic, question) for question in islice(answered, tuning.EXAMPLES_EACH)]


def _told_of(bot: Bot, answer: Answer) -> set[str]:
    """The documents that an answer is from."""
    return {bot.passage(citation.passage_id).document_id for citation in answer.citations}
