import pytest

from bot import tuning
from bot.pipeline import Bot
from bot.understanding.topics import Concept, concepts_of, main_part


def concepts(bot: Bot, text: str) -> dict[str, Concept]:
    corpus = bot.index.corpus
    folded = corpus.words.fold(text)
    found = concepts_of(folded, bot.language)
    return {said: c for c in found for said in c.said}


def test_joined_saying_is_one_concept_of_its_words(bot: Bot) -> None:
    found = concepts(bot, "老人在哪里吃饭")
    assert found["老人"] is found["吃饭"]
    assert "长者食堂" in dict(found["老人"].names)


def test_likelier_official_name_weighs_more(bot: Bot) -> None:
    names = dict(concepts(bot, "充电桩")["充电桩"].names)
    assert names["公共充换电设施"] > names["充电设施"]


def test_word_no_document_holds_counts_less_than_one_it_holds(bot: Bot) -> None:
    found = concepts(bot, "口袋公园和火箭发射架")
    assert found["口袋公园"].weight > found["火箭"].weight


def test_name_in_the_documents_counts_as_a_name(bot: Bot) -> None:
    assert concepts(bot, "宝璋医院")["宝璋"].name
    assert not concepts(bot, "停车位")["停车位"].name


def test_verb_alone_is_no_topic(bot: Bot) -> None:
    assert not concepts(bot, "海水浴场开放")["开放"].solid


@pytest.mark.parametrize("text", ["今年还要再建多少", "我家门口怎么样", "这样可以吗", "里头要多出来多少"])
def test_words_of_grammar_are_no_topic(bot: Bot, text: str) -> None:
    assert not [said for said, concept in concepts(bot, text).items() if concept.solid]


def test_date_of_the_question_is_looked_for(bot: Bot) -> None:
    assert concepts(bot, "8月底前要完成的")["8月底前"].solid


def test_own_names_of_the_documents_hide_what_they_contain(bot: Bot) -> None:
    assert "溪水" not in concepts(bot, "罗溪水厂")


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("停车位加多少", "停车位加多少"),
        ("我家在三楼,水压老是不够,洗澡都洗不了,物业也不管,请问二次供水今年改几个小区", "请问二次供水今年改几个小区"),
    ],
)
def test_long_text_is_taken_by_the_part_that_asks(bot: Bot, text: str, asking: str) -> None:
    assert main_part(text, bot.language.cues) == asking


def test_text_of_nothing_but_words_speaks_of_so_much_at_most(bot: Bot) -> None:
    said = [part for entry in bot.index.corpus.lexicon.entries for parts in entry.sayings for part in parts]
    assert len(concepts_of(",".join(said)[:3000], bot.language)) == tuning.MOST_CONCEPTS
