"""The only user of OpenTelemetry: where a request spends its time, sent to a collector when one is set.

A span holds a route, a step, a status or a number, never anybody's words, address or error message.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.trace import NoOpTracer, Span, SpanKind, Tracer

SERVICE, REQUEST = "wenzheng-youju", SpanKind.SERVER
# How many seconds a collector may take: shutdown waits for the last export.
PATIENCE_SECONDS = 2
__all__ = ["REQUEST", "Span", "span", "tracing", "using"]
_tracer: Tracer = NoOpTracer()


@contextmanager
def tracing(url: str) -> Iterator[None]:
    """Meanwhile send the spans of this process to a collector (OTLP over gRPC, http://host:4317); none where blank."""
    if not url:
        yield
        return
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    exporter = OTLPSpanExporter(url, insecure=url.startswith("http://"), timeout=PATIENCE_SECONDS)
    provider = TracerProvider(resource=Resource({"service.name": SERVICE}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        with using(provider.get_tracer(SERVICE)):
            yield
    finally:
        provider.shutdown()


@contextmanager
def using(tracer: Tracer) -> Iterator[None]:
    """Meanwhile begin spans with this tracer."""
    global _tracer
    before, _tracer = _tracer, tracer
    try:
        yield
    finally:
        _tracer = before


@contextmanager
def span(name: str, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[Span]:
    """Time what is done inside. Its exceptions are not recorded: they may quote a question."""
    with _tracer.start_as_current_span(name, kind=kind, record_exception=False, set_status_on_exception=False) as begun:
        yield begun
