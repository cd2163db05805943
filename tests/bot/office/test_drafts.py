"""What a draft may rest on besides passages: a named official source, or that the documents say nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.answer import Status
from bot.errors import AnswerUnusable
from bot.office.approved import answer_of, counted_years, weakness, with_years
from bot.office.drafts import dialled, refuse_unusable
from bot.office.matching import Matcher
from bot.pipeline import Bot
from bot.records.office.approved import ApprovedAnswer, Cited, Draft, OfficialSource, Referral

TODAY = date(2025, 6, 1)
SOURCE = OfficialSource(
    "长者食堂运营公告", "某某局", date(2025, 3, 1), "https://www.example.gov.cn/a.html", date(2025, 12, 31)
)


@pytest.fixture
def sourced() -> Draft:
    return Draft("长者食堂几点开饭？", "长者食堂上午11点开饭。", (), TODAY, source=SOURCE)


@pytest.fixture
def referring(bot: Bot) -> Draft:
    hotline = bot.site.hotline
    referral = Referral(hotline.name, hotline.phone, tuple(bot.index.corpus.documents))
    return Draft("长者食堂几点开饭？", "报告没有写这件事。请拨打12345咨询。", (), TODAY, referral=referral)


def refused(draft: Draft, bot: Bot) -> str:
    with pytest.raises(AnswerUnusable) as problem:
        refuse_unusable(draft, bot, TODAY)
    return problem.value.message


def test_named_source_is_shown_with_the_answer_and_no_passage(bot: Bot, sourced: Draft) -> None:
    refuse_unusable(sourced, bot, TODAY)
    shown = answer_of(sourced, bot)
    assert (shown.status, shown.mode, shown.label) == (Status.ANSWERED, "approved", "人工审定")
    assert shown.answer == sourced.answer
    assert shown.citations == ()
    assert shown.as_dict()["sources"] == (
        {
            "title": "长者食堂运营公告",
            "publisher": "某某局",
            "date": "2025-03-01",
            "url": "https://www.example.gov.cn/a.html",
        },
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": " "}, "名称"),
        ({"publisher": ""}, "发布单位"),
        ({"url": "www.example.gov.cn"}, "完整网址"),
        ({"url": "javascript:alert(1)//gov.cn"}, "完整网址"),
        ({"url": "https://gov.cn@example.com/"}, "完整网址"),
        ({"url": "https://example.com\\.gov.cn/"}, "完整网址"),
        ({"url": "https://www.example.com/gov.cn"}, "不是政府网站"),
        ({"url": "https://gov.cn.example.com/"}, "不是政府网站"),
        ({"url": "https://examplegov.cn/"}, "不是政府网站"),
        ({"published": TODAY + timedelta(days=1)}, "发布日期"),
        ({"valid_until": TODAY - timedelta(days=1)}, "有效期"),
    ],
)
def test_source_that_is_not_wholly_named_or_not_the_governments_is_refused(
    bot: Bot, sourced: Draft, change: dict[str, object], said: str
) -> None:
    wrong = replace(sourced, source=replace(SOURCE, **change))  # type: ignore[arg-type]
    assert said in refused(wrong, bot)


def test_source_that_is_over_takes_its_answer_with_it(bot: Bot, sourced: Draft) -> None:
    corpus = bot.index.corpus
    assert weakness(sourced, corpus, SOURCE.valid_until) == ""
    assert weakness(sourced, corpus, SOURCE.valid_until + timedelta(days=1)) == "expired"


def test_referral_says_that_nothing_is_there_and_whom_to_ask(bot: Bot, referring: Draft) -> None:
    refuse_unusable(referring, bot, TODAY)
    shown = answer_of(referring, bot)
    assert (shown.status, shown.mode) == (Status.NOT_IN_REPORT, "approved")
    assert shown.contacts == (bot.site.hotline,)
    assert "数字" in refused(replace(referring, answer="报告没有写，听说有5个。请拨打12345。"), bot)
    assert "标记" in refused(replace(referring, answer="报告没有写。[1]"), bot)
    assert referring.referral
    stranger = replace(referring.referral, name="某某公司", phone="12300")
    assert "向谁" in refused(replace(referring, referral=stranger), bot)


def test_referral_ends_when_a_document_comes_or_goes(bot: Bot, referring: Draft) -> None:
    corpus = bot.index.corpus
    assert weakness(referring, corpus, TODAY) == ""
    assert referring.referral
    fewer = replace(referring.referral, documents=("gone",))
    assert weakness(replace(referring, referral=fewer), corpus, TODAY) == "documents"


def test_number_to_dial_is_no_unsupported_figure_but_any_other_is(bot: Bot) -> None:
    quoted = bot.answer("老人食堂今年建几个？")
    cited = tuple(Cited(c.passage_id, c.quote) for c in quoted.citations)
    said = Draft("建几个老人食堂", "计划新建“长者食堂”5个。其他情况请拨打12345咨询。", cited, TODAY)
    refuse_unusable(said, bot, TODAY)
    refuse_unusable(replace(said, answer="计划新建“长者食堂”5个。也可以拨打12333热线咨询。"), bot, TODAY)
    for wrong in ("计划新建“长者食堂”5个，共12345个。", "计划新建“长者食堂”5个，花费12333元。"):
        assert refused(replace(said, answer=wrong), bot)
    assert dialled("请拨打12333，编号12333", bot.site) == ("12333",)
    assert dialled("花了12333", bot.site) == ()


def test_year_is_asked_for_where_the_text_counts_from_this_one(bot: Bot, sourced: Draft) -> None:
    counting = replace(sourced, question="今年长者食堂几点开饭")
    assert "哪一年" in refused(counting, bot)
    assert "哪一年" in refused(replace(sourced, variants=("去年长者食堂几点开饭",)), bot)
    refuse_unusable(replace(counting, year=2025), bot, TODAY)
    assert counted_years("今年和去年，年龄") == (0, -1)
    shown = answer_of(replace(sourced, answer="今年上午11点，去年没有。", year=2025), bot).answer
    assert shown == "今年（2025年）上午11点，去年（2024年）没有。"
    assert with_years(shown, 2025) == shown


def test_other_way_to_ask_finds_the_answer_too(bot: Bot) -> None:
    matcher = Matcher(bot)
    one = ApprovedAnswer("公租房怎么申请", "", (), date.min)
    asked = "廉租住房要去哪儿登记"
    assert matcher.find(asked, [one]) is None
    assert matcher.find(asked, [replace(one, variants=("廉租住房要到哪儿登记",))])


def test_answer_of_another_year_is_not_found(bot: Bot) -> None:
    matcher = Matcher(bot)
    newest = bot.index.corpus.newest.year
    one = ApprovedAnswer("今年新增多少充电桩？", "", (), date.min, year=newest)
    assert matcher.find("今年新增多少充电桩", [one])
    assert matcher.find(f"{newest}年新增多少充电桩", [one])
    assert matcher.find("今年新增多少充电桩", [replace(one, year=newest - 5)]) is None
    assert matcher.find(f"{newest}年新增多少充电桩", [replace(one, year=newest - 1)]) is None
