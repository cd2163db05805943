"""Spans tell where the time went, and nothing of who asked or what."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.pipeline import Bot
from bot.settings import Settings
from bot.watching import tracing
from tests.bot.web.conftest import client_of

QUESTION = "老人食堂今年建几个?我电话13805951234"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def named(exported: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {one.name: one for one in exported.get_finished_spans()}


def test_request_and_its_steps_are_one_trace_without_a_word_of_who_asked(bot: Bot, spans: InMemorySpanExporter) -> None:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    client: TestClient = client_of(bot)
    with tracing.using(provider.get_tracer("test")):
        reply = client.post("/api/ask?from=somebody", json={"question": QUESTION})
    client.post("/api/ask", json={"question": QUESTION})
    found = named(spans)
    assert found.keys() == {"POST /api/ask", "read", "find", "judge", "say"}
    whole = found["POST /api/ask"]
    assert whole.attributes
    assert whole.attributes["http.response.status_code"] == 200
    assert whole.attributes["wenzheng.answer_id"] == reply.json()["id"]
    for name in ("read", "find", "judge", "say"):
        assert found[name].parent
        assert found[name].parent.span_id == whole.context.span_id
    told = "".join(one.to_json() for one in found.values())
    assert not [word for word in ("食堂", "1380595", "somebody", "testclient") if word in told]


def test_what_went_wrong_is_not_told(spans: InMemorySpanExporter) -> None:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    with tracing.using(provider.get_tracer("test")), pytest.raises(ValueError, match="typed"), tracing.span("read"):
        raise ValueError("typed by somebody")
    assert "typed" not in spans.get_finished_spans()[0].to_json()


class Collector(TraceServiceServicer):
    """A collector of OpenTelemetry that remembers the names of the spans that it was sent."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def Export(self, request: Any, context: Any) -> ExportTraceServiceResponse:
        self.names += [one.name for of in request.resource_spans for scope in of.scope_spans for one in scope.spans]
        return ExportTraceServiceResponse()


def test_spans_reach_a_collector_before_the_end() -> None:
    collector, server = Collector(), grpc.server(ThreadPoolExecutor(1))
    add_TraceServiceServicer_to_server(collector, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with tracing.tracing(f"http://127.0.0.1:{port}"), tracing.span("read"):
        assert collector.names == []
    server.stop(None)
    assert collector.names == ["read"]
    with tracing.tracing(""), tracing.span("find"):
        pass
    assert collector.names == ["read"]


def test_collector_that_is_away_keeps_nobody_from_an_answer(bot: Bot) -> None:
    client = client_of(bot)
    with tracing.tracing("http://127.0.0.1:1"):
        assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200


def test_collector_that_is_not_among_the_allowed_hosts_is_refused() -> None:
    with pytest.raises(ValueError, match="BOT_OTLP_URL"):
        Settings(_env_file=None, otlp_url="http://collector:4317", allowed_hosts="model.example")
