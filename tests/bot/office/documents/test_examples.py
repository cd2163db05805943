"""Examples are questions that the documents answer; a document that has none gets some of its own."""

from dataclasses import replace
from pathlib import Path

import yaml

from bot import tuning
from bot.answer import Status
from bot.office.documents.examples import fitting
from bot.pipeline import Bot
from tests.conftest import bot_over

TEXT = "一、2030年工作安排\n今年新建足球场12个。\n办好新质学校。\n附注\n1.新质学校：办得好的学校。"


def test_examples_of_the_site_stand_where_they_are_answered(bot: Bot) -> None:
    assert fitting(bot).site.examples == bot.site.examples


def site_of(bot: Bot, tmp_path: Path, *questions: str) -> Bot:
    """The bot at a site with these examples."""
    fields = yaml.safe_load(bot.settings.site_file.read_text(encoding="utf-8"))
    examples = [{"topic": "例题", "question": question} for question in questions]
    site = tmp_path / "site.yaml"
    site.write_text(yaml.safe_dump({**fields, "examples": examples}, allow_unicode=True), encoding="utf-8")
    return replace(bot, settings=bot.settings.model_copy(update={"site_file": site}))


def questions_of(bot: Bot) -> list[str]:
    return [example.question for example in fitting(bot).site.examples]


def test_examples_of_another_place_give_way_to_questions_of_the_documents_held(tmp_path: Path) -> None:
    with bot_over(tmp_path, mou=("title: 某区2030年政府工作报告\nyear: 2030", TEXT)) as opened:
        fit = fitting(site_of(opened, tmp_path, "“三医”是什么意思？"))
    asked = [example.question for example in fit.site.examples]
    assert asked == ["2030年新建足球场多少个？", "“新质学校”是什么意思？"]
    assert asked[0] in fit.speaker.say(Status.CLARIFY).answer


def test_without_a_single_example_the_document_is_named(tmp_path: Path) -> None:
    with bot_over(
        tmp_path, mou=("title: 某区养犬办法\nyear: 2030\nkind: regulation", "第一条 犬只应当登记。")
    ) as opened:
        fit = fitting(site_of(opened, tmp_path, "“三医”是什么意思？"))
    assert fit.site.examples == ()
    assert "某区养犬办法" in fit.speaker.say(Status.CLARIFY).answer


def test_new_document_gets_its_own_beside_those_of_the_site_and_there_are_never_many(tmp_path: Path) -> None:
    documents = {
        "mou": ("title: 某区2030年政府工作报告\nyear: 2030", TEXT),
        "other": (
            "title: 某区养犬办法\nyear: 2031\nkind: regulation",
            "第一条 大型犬只应当登记。\n附注\n1.大型犬只：人养的大狗。",
        ),
    }
    asked = [
        f"{before}2030年新建足球场多少个？"
        for before in ("", "请问", "问一下", "我想问", "你好", "您好", "查一下", "请教", "麻烦问下")
    ]
    with bot_over(tmp_path, **documents) as opened:
        assert questions_of(site_of(opened, tmp_path, asked[0])) == [asked[0], "“大型犬只”是什么意思？"]
        many = questions_of(site_of(opened, tmp_path, *asked))
    assert (len(many), many[0], many[-1]) == (tuning.EXAMPLES_SHOWN, asked[0], "“大型犬只”是什么意思？")
