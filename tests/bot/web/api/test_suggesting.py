from fastapi.testclient import TestClient


def test_typing_is_answered_with_questions(client: TestClient) -> None:
    assert "今年新增多少充电桩\uff1f" in client.post("/api/suggest", json={"typed": "充电"}).json()["questions"]


def test_what_was_shown_leads_on(client: TestClient) -> None:
    shown = {"p": ["luojiang-2025-p09", "no-such"], "from": [0, 0], "to": [10, 0]}
    assert len(client.get("/api/next", params=shown).json()["questions"]) == 3


def test_too_long_a_text_is_refused(client: TestClient) -> None:
    assert client.post("/api/suggest", json={"typed": "路" * 61}).status_code == 422


def test_what_is_typed_is_taken_from_no_address(client: TestClient) -> None:
    assert client.get("/api/suggest", params={"q": "充电", "typed": "充电"}).status_code == 405
    assert client.post("/api/suggest", params={"q": "充电", "typed": "充电"}).status_code == 422
