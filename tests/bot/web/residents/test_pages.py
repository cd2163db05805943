import asyncio
import re
from collections.abc import Callable
from html import unescape

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.settings import Settings
from bot.web.rendering import Views
from bot.web.residents.reader import Reader, Reading
from bot.web.server import Front
from corpus.corpus import Corpus
from tests.bot.web.conftest import client_of

PLAIN = re.compile(r"<[^>]+>")


def text_of(html: str) -> str:
    return unescape(PLAIN.sub("", html))


def test_reader_shows_every_passage_verbatim_under_its_anchor(client: TestClient, corpus: Corpus) -> None:
    html = client.get("/report").text
    text = text_of(html)
    for passage in corpus.passages:
        assert passage.text in text, passage.id
        assert html.count(f'id="p-{passage.id}"') == 1


def test_reader_lists_every_heading_in_its_contents(client: TestClient, corpus: Corpus) -> None:
    contents = client.get("/report").text.split('<nav class="contents"')[1].split("</nav>")[0]
    for passage in corpus.passages:
        headings = passage.section[:2] if passage.kind == "body" else passage.section[:1]
        assert all(heading in text_of(contents) for heading in headings)


def test_annotations_are_linked_both_ways(client: TestClient, corpus: Corpus) -> None:
    html = client.get("/report").text
    for term in corpus.terms:
        for mention in term.mentions:
            paragraph = html.split(f'id="p-{mention.passage_id}"')[1].split("</div>")[0]
            annotation = html.split(f'id="p-{term.annotation_id}"')[1].split("</div>")[0]
            assert f'href="#p-{mention.passage_id}"' in annotation
            assert f'href="#p-{term.annotation_id}"' in paragraph or len(term.name) > 6


def test_question_offered_for_a_passage_is_answered_from_it(bot: Bot) -> None:
    sections = Reader(Views(bot), bot.document("luojiang-2025"), Reading()).sections()
    missed = []
    asking = [read for section in sections for read in section.all_passages() if read.asks]
    assert len(asking) >= len(bot.index.corpus.passages) - 2
    for read in asking:
        answer = bot.answer(read.asks)
        if read.passage.id not in {c.passage_id for c in answer.citations}:
            missed.append((read.passage.id, read.asks, answer.status.value))
    assert missed == []


def test_head_tells_what_the_site_file_gives_and_nothing_else(client: TestClient) -> None:
    head = client.get("/report").text.split("</head>")[0]
    assert '<meta name="SiteName" content="问政有据">' in head
    assert '<meta property="og:image" content="site/share.png">' in head
    assert "SiteIDCode" not in head
    assert "SiteDomain" not in head


def test_words_searched_for_are_marked_and_counted(client: TestClient) -> None:
    html = client.get("/report", params={"q": "食堂"}).text
    assert html.count("<mark>食堂</mark>") == 1
    assert "在 1 段里出现 1 次" in html


def test_word_the_report_does_not_hold_leads_to_the_passages_that_mean_it(client: TestClient) -> None:
    html = client.get("/report", params={"q": "老人饭堂"}).text
    assert "报告里没有“老人饭堂”" in html
    assert 'href="#p-luojiang-2025-p17"' in html


def test_quote_of_an_answer_is_marked_in_the_report(client: TestClient, bot: Bot) -> None:
    citation = bot.answer("长者食堂新建几个?").citations[0]
    where = {"p": citation.passage_id, "from": citation.start, "to": citation.end}
    assert f"<mark>{citation.quote}</mark>" in client.get("/report", params=where).text


@pytest.mark.parametrize("query", ["?p=none", "?document=none"])
def test_unknown_passage_or_document_is_told(client: TestClient, query: str) -> None:
    reply = client.get(f"/report{query}")
    assert reply.status_code == 404
    assert "没有编号为" in reply.text


@pytest.mark.parametrize("query", ["?from=-1", "?q=" + "路" * 61, "?p=luojiang-2025-p17&from=999&to=99999999"])
def test_odd_addresses_never_break_the_reader(client: TestClient, query: str) -> None:
    assert client.get(f"/report{query}").status_code in (200, 422)


def test_targets_are_filtered_sorted_and_downloaded_as_shown(client: TestClient) -> None:
    html = client.get("/targets", params={"q": "停车位", "sort": "amount", "order": "desc"}).text
    assert "300个以上" in html
    assert "现在显示 2 项" in html
    rows = html.split("<tbody>")[1]
    assert rows.index("300个以上") < rows.index("200个以上")
    assert 'aria-sort="descending"' in html
    link = unescape(re.search(r'href="(api/targets\.xlsx[^"]*)"', html).group(1))  # type: ignore[union-attr]
    assert client.get("/" + link).status_code == 200


def test_no_target_found_says_what_to_do(client: TestClient) -> None:
    html = client.get("/targets", params={"q": "火星"}).text
    assert "没有符合的目标" in html
    assert "<table" not in html


@pytest.mark.parametrize("name", ["privacy", "how", "complaints"])
def test_pages_on_trust_are_filled_in_from_settings(client: TestClient, bot: Bot, name: str) -> None:
    html = client.get(f"/{name}").text
    assert bot.site.operator in html
    assert "{" not in text_of(html)


def test_what_makes_the_pages_accessible_is_told_with_the_clauses_of_the_standard(client: TestClient) -> None:
    html = client.get("/how").text
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>', html)
    assert {name.partition("：")[0] for name, _ in rows} == {"可感知", "可操作", "可理解", "兼容"}
    assert all(how for _, how in rows)
    clauses = re.findall(r"\d\.\d\.\d+", text_of("".join(name for name, _ in rows)))
    assert len(clauses) == len(set(clauses)) > 20


def test_privacy_tells_what_each_button_keeps_and_deletes(client: TestClient, bot: Bot) -> None:
    html, text = client.get("/privacy").text, Views(bot).text
    for name in ("save", "fresh"):
        assert f"“{text[name]}”" in html


def test_privacy_tells_of_the_model_only_where_one_writes(client: TestClient, writing: Callable[..., Bot]) -> None:
    assert "不交给人工智能模型" in client.get("/privacy").text
    bot = writing("good", model_title="某某大模型")
    html = client_of(bot).get("/privacy").text
    assert "某某大模型" in html
    assert "不交给人工智能模型" not in html


def test_nothing_is_read_before_the_index_is_open() -> None:
    front = Front(Settings(_env_file=None), stop=lambda: None)

    async def get() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://test") as client:
            return await client.get("/report")

    reply = asyncio.run(get())
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "3")
