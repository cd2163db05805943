"""Personal data of a question reaches neither the database, nor the logs, nor the model."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.pipeline import Bot
from tests.bot.personal import messages
from tests.bot.web.conftest import front_of
from tests.endpoint import ScriptedEndpoint

COUNT = 300


def test_no_raw_value_is_left_anywhere(
    writing: Callable[..., Bot], endpoint: ScriptedEndpoint, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from fastapi.testclient import TestClient

    caplog.set_level(logging.DEBUG)
    front = front_of(writing("good", database_url=f"sqlite:///{tmp_path / 'records.db'}"))
    client, told, before = TestClient(front), messages(COUNT, seed=7), len(endpoint.requests)
    for message in told:
        reply = client.post("/api/ask", json={"question": message.text, "session": "s" * 32})
        assert reply.status_code == 200
    client.post("/api/feedback", json={"answer_id": "a" * 32, "useful": False, "comment": told[1].text})
    front.services.recorder.close()
    front._database.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("records.db*")).decode("utf-8", "ignore")
    sent = json.dumps(endpoint.requests[before:], ensure_ascii=False)
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert len(endpoint.requests) > before
    assert stored.count("长者食堂") > 10
    left = {place: [m.raw for m in told if m.raw in text] for place, text in
            (("database", stored), ("model", sent), ("logs", logged))}  # fmt: skip
    assert left == {"database": [], "model": [], "logs": []}
