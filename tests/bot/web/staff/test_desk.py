"""The desk through its routes: what an agent gets, and that nobody else gets anything."""

import re
import threading

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.records import lookups
from bot.records.database import Database
from bot.web.staff.desk import Screen, SearchRequest
from tests.bot.web.conftest import client_of
from tests.bot.web.signed_in import signed_in

KEPT = {"id": "a" * 32, "query": "食堂几个", "source": "p17", "script": "计划新建5个。", "outcome": "answered"}


@pytest.fixture
def client(own: Bot) -> TestClient:
    return client_of(own)


@pytest.fixture
def agent(client: TestClient, database: Database) -> TestClient:
    client.headers["X-CSRF-Token"] = signed_in(client, database, "agent")
    return client


def test_nobody_else_is_answered(client: TestClient) -> None:
    assert client.get("/desk").status_code == 401
    assert client.get("/desk", headers={"accept": "text/html"}, follow_redirects=False).status_code == 303
    assert client.get("/desk/begin").status_code == 401
    assert client.post("/desk/search", json={"query": "食堂"}).status_code == 401
    assert client.post("/desk/outcome", json=KEPT).status_code == 401


def test_what_is_sent_must_come_from_the_page(agent: TestClient) -> None:
    del agent.headers["X-CSRF-Token"]
    assert agent.post("/desk/search", json={"query": "食堂"}).status_code == 403
    assert agent.post("/desk/outcome", json=KEPT).status_code == 403


def test_page_that_is_not_drawn_yet_says_so(agent: TestClient) -> None:
    assert agent.get("/desk").status_code == 503


def test_beginning_tells_who_one_is(agent: TestClient) -> None:
    mine = agent.get("/desk/begin").json()
    assert mine["csrf"] == agent.headers["X-CSRF-Token"]
    assert "someone-agent" in mine["head"]
    assert "office/switches" not in mine["head"]
    assert "还没有查询记录" in mine["recent"]


def test_search_gives_the_direct_answer_first_and_then_what_was_found(agent: TestClient) -> None:
    found = agent.post("/desk/search", json={"query": "老人食堂今年建几个"}).json()
    tags = re.findall(r'<span class="tag">(.+?)</span>', found["html"])
    assert tags[0] == "直接回答"
    assert "目标" in tags
    assert len(re.findall("<article", found["html"])) == len(tags)
    assert "<mark>新建“长者食堂”5个</mark>" in found["html"]
    assert found["told"] == f"查到{len(tags) - 1}条。"
    assert "出现1次" in agent.post("/desk/search", json={"query": "食堂"}).json()["told"]


def first_of(html: str) -> str:
    """The first result, as the agent sees it opened."""
    return html.split("<article")[1].split("</article>")[0]


def test_what_does_not_surely_answer_is_shown_as_near_and_has_no_words_to_read_out(agent: TestClient) -> None:
    for query in ("老人食堂几点开饭", "长者食堂一顿饭要多少钱", "我妈被骗了钱，你们快管管"):
        html = agent.post("/desk/search", json={"query": query}).json()["html"]
        assert re.findall(r'<span class="tag">(.+?)</span>', html)[0] == "相关原文"
        shown = first_of(html)
        assert 'data-script=""' in shown
        assert 'data-copied=""' in shown
        assert 'data-act="copy"' not in shown
        assert 'class="script"' not in shown


def test_question_leans_on_what_was_asked_before_in_the_call(agent: TestClient) -> None:
    alone = agent.post("/desk/search", json={"query": "第四个是啥"}).json()["html"]
    asked = {"query": "第四个是啥", "history": ["农业五新是哪五样东西"]}
    leaning = agent.post("/desk/search", json=asked).json()["html"]
    assert "新农药" in first_of(leaning)
    assert "新农药" not in first_of(alone)


TICKET = """市民王女士来电反映，电话13812345678。
其家住双阳街道朝阳小区，附近的老人越来越多，吃饭不方便。
请问今年长者食堂要新建几个？希望在朝阳小区也建一个。"""


def test_ticket_is_read_into_matter_place_and_wish_and_gets_a_reply_from_cited_clauses(agent: TestClient) -> None:
    found = agent.post("/desk/search", json={"query": TICKET}).json()
    ticket = found["html"].split('class="ticket"')[1]
    assert "13812345678" not in found["html"]
    matter, places, wishes = (
        re.search(f"{name}</dt><dd>(.*?)</dd>", ticket, re.DOTALL) for name in ("反映的事", "地点", "诉求")
    )
    assert matter
    assert "老人越来越多" in matter.group(1)
    assert places
    assert "双阳街道" in places.group(1)
    assert "朝阳小区" in places.group(1)
    assert wishes
    assert re.findall("<p>(.*?)</p>", wishes.group(1)) == ["请问今年长者食堂要新建几个？", "希望在朝阳小区也建一个。"]
    reply = re.search(r'id="reply">(.*?)</p>', ticket, re.DOTALL)
    assert reply
    assert "新建“长者食堂”5个" in reply.group(1)
    assert "正文第17段" in reply.group(1)
    assert "双阳" not in reply.group(1)


def test_ticket_that_the_documents_say_nothing_of_is_not_answered(agent: TestClient) -> None:
    text = "小区楼下的烧烤摊每天吵到半夜。\n希望马上派人来管。\n" + "已经反映过很多次了。" * 200
    ticket = agent.post("/desk/search", json={"query": text[:4000]}).json()["html"].split('class="ticket"')[1]
    reply = re.search(r'id="reply">(.*?)</p>', ticket, re.DOTALL)
    assert reply
    assert "没有写到这件事" in reply.group(1)
    assert "出处" not in reply.group(1)


def test_danger_in_a_ticket_is_told_before_everything(agent: TestClient) -> None:
    text = "反映路灯不亮。\n还有，楼上有人要跳楼，快来人。"
    ticket = agent.post("/desk/search", json={"query": text}).json()["html"].split('class="ticket"')[1]
    alert = re.search(r'role="alert">(.*?)<', ticket)
    assert alert
    assert "110" in alert.group(1)


def test_look_ups_of_one_call_stand_together(agent: TestClient, database: Database) -> None:
    for number, call in enumerate(("c" * 32, "d" * 32, "c" * 32)):
        kept = {**KEPT, "id": f"{number:032x}", "call": call, "query": f"第{number}问"}
        assert agent.post("/desk/outcome", json=kept).status_code == 200
    calls = lookups.recent(database, "someone-agent")
    assert [[one.query for one in call] for call in calls] == [["第2问", "第0问"], ["第1问"]]


def test_filters_need_no_words(agent: TestClient) -> None:
    found = agent.post("/desk/search", json={"quantity": True}).json()
    assert "符合筛选的有62条" in found["told"]
    assert "直接回答" not in found["html"]


def test_what_was_typed_is_escaped(agent: TestClient) -> None:
    asked = {"query": "<img src=x>食堂"}
    assert "<img" not in agent.post("/desk/search", json=asked).json()["html"]
    agent.post("/desk/outcome", json={**KEPT, **asked})
    assert "<img" not in agent.get("/desk/begin").json()["recent"]


def test_unusable_words_get_a_sentence(agent: TestClient) -> None:
    for body in ({"query": ""}, {"query": "食" * 4001}, {"query": "食堂", "history": ["食"] * 21}):
        refused = agent.post("/desk/search", json=body)
        assert refused.status_code == 422
        assert re.search("[\u4e00-\u9fff]", refused.json()["error"]["message"])


def test_look_ups_are_no_residents_questions(agent: TestClient, own: Bot) -> None:
    before = answers_counted(own)
    agent.post("/desk/search", json={"query": "老人食堂今年建几个"})
    assert answers_counted(own) == before


def answers_counted(bot: Bot) -> list[str]:
    return [line for line in bot.meter.text("closed").decode().splitlines() if line.startswith("bot_answer")]


def test_outcome_is_kept_once_and_only_for_oneself(agent: TestClient, own: Bot, database: Database) -> None:
    assert "已答复" in agent.post("/desk/outcome", json=KEPT).json()["recent"]
    again = agent.post("/desk/outcome", json={**KEPT, "outcome": "transferred"}).json()["recent"]
    assert again.count("<li>") == 1
    assert "报告未涉及（转办）" in again
    assert agent.post("/desk/outcome", json={**KEPT, "outcome": "unheard"}).status_code == 422
    other = client_of(own)
    other.headers["X-CSRF-Token"] = signed_in(other, database, "agent", "other")
    assert "食堂几个" not in other.get("/desk/begin").json()["recent"]
    assert other.post("/desk/outcome", json=KEPT).status_code == 422
    assert [one.outcome for call in lookups.recent(database, "someone-agent") for one in call] == ["transferred"]


def test_paused_topic_is_told_at_the_desk_too(own: Bot, database: Database) -> None:
    chief = client_of(own)
    chief.headers["X-CSRF-Token"] = signed_in(chief, database, "administrator")
    chief.post("/office/switches", data={"kind": "topic", "topic": "食堂", "text": "正在核对", "reason": "试"})
    assert "正在核对" in chief.post("/desk/search", json={"query": "老人食堂今年建几个"}).json()["html"]


def test_search_does_not_hold_up_the_event_loop(agent: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []
    found = Screen.found

    def recorded(screen: Screen, wanted: SearchRequest) -> dict[str, object]:
        threads.append(threading.current_thread().name)
        return found(screen, wanted)

    monkeypatch.setattr(Screen, "found", recorded)
    assert agent.post("/desk/search", json={"query": "食堂"}).status_code == 200
    assert threads[0].startswith("reading")
