"""The interface as a whole against its own description: schemathesis makes requests of every kind."""

import itertools
from contextlib import suppress

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.pipeline import Bot
from tests.bot.web.conftest import client_of, front_of, serving

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MADE = settings(
    max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)


def test_no_request_breaks_the_server_or_the_description(bot: Bot) -> None:
    with serving(front_of(bot)) as address:
        described = schemathesis.openapi.from_url(f"{address}/openapi.json")
        operations = [found.ok() for found in described.get_all_operations()]
        assert len(operations) >= 12
        for operation, mode in itertools.product(operations, schemathesis.GenerationMode):

            @MADE
            @given(case=operation.as_strategy(generation_mode=mode))
            def request(case: schemathesis.Case) -> None:
                case.call_and_validate(checks=CHECKS)

            with suppress(Unsatisfiable):  # what takes nothing can be given nothing wrong
                request()


def test_every_operation_is_described_in_chinese(bot: Bot) -> None:
    document = client_of(bot).get("/openapi.json").json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len(operations) >= 12
    for operation in operations:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in operation["summary"])
        assert operation["tags"]


def test_documentation_page_loads_nothing_from_elsewhere(bot: Bot) -> None:
    client = client_of(bot)
    html = client.get("/docs").text
    assert "http" not in html.replace("http-equiv", "")
    for asset in ("docs-assets/swagger-ui-bundle.js", "docs-assets/swagger-ui.css", "site/docs.js"):
        assert asset in html
        assert client.get(f"/{asset}").status_code == 200
