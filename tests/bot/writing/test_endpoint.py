import asyncio
from collections.abc import Callable
from typing import Any

import openai
import pytest
from pydantic import SecretStr

from bot.errors import NotReady
from bot.settings import Settings
from bot.writing.endpoint import EndpointModel, ModelFailed
from tests.endpoint import ScriptedEndpoint


@pytest.fixture
def model(endpoint: ScriptedEndpoint) -> Callable[..., EndpointModel]:
    def of(name: str, **more: Any) -> EndpointModel:
        given = {"model_base_url": endpoint.base_url, "model_first_token_seconds": 0.5, "model_stall_seconds": 0.3}
        settings = Settings(_env_file=None, model_api_key=SecretStr("key"), model_name=name, **{**given, **more})
        return EndpointModel(settings)

    return of


def said(model: EndpointModel) -> str:
    async def all_of_it() -> str:
        return "".join([piece.text async for piece in model.stream("system", "你好")])

    return asyncio.run(all_of_it())


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("status-401", "unauthorized"),
        ("status-403", "unauthorized"),
        ("status-404", "not_found"),
        ("status-429", "rate_limited"),
        ("status-500", "server_error"),
        ("status-503", "server_error"),
        ("status-400", "refused"),
        ("wrong-json", "broken"),
        ("bytes", "broken"),
        ("not-chat", "cut"),
        ("cut", "cut"),
        ("stall", "stalled"),
        ("slow-start", "slow_start"),
    ],
)
def test_each_way_to_fail_has_its_cause(model: Callable[..., EndpointModel], name: str, cause: str) -> None:
    with pytest.raises(ModelFailed) as failed:
        said(model(name))
    assert failed.value.cause == cause


def test_refused_connection_is_unreachable(model: Callable[..., EndpointModel]) -> None:
    with pytest.raises(ModelFailed, match="unreachable"):
        said(model("good", model_base_url="http://127.0.0.1:9/v1"))


def test_whole_answer_has_a_deadline(model: Callable[..., EndpointModel]) -> None:
    with pytest.raises(ModelFailed, match="deadline"):
        said(model("delay-10-200", model_deadline_seconds=0.5))


def test_endless_text_is_cut_off(model: Callable[..., EndpointModel]) -> None:
    with pytest.raises(ModelFailed, match="endless"):
        said(model("endless", model_max_tokens=50))


def test_retry_after_is_handed_on(model: Callable[..., EndpointModel]) -> None:
    with pytest.raises(ModelFailed) as failed:
        said(model("status-429-after-60"))
    assert failed.value.retry_after == 60


def test_both_names_of_the_token_limit_are_sent(
    model: Callable[..., EndpointModel], endpoint: ScriptedEndpoint
) -> None:
    said(model("good", model_max_tokens=123))
    assert {endpoint.requests[-1][name] for name in ("max_tokens", "max_completion_tokens")} == {123}


def test_host_that_is_not_allowed_is_refused(model: Callable[..., EndpointModel]) -> None:
    with pytest.raises(NotReady, match="BOT_ALLOWED_HOSTS"):
        model("good", allowed_hosts="model.example.cn,other.example.cn")


def test_official_client_takes_the_script_for_a_real_endpoint(endpoint: ScriptedEndpoint) -> None:
    client = openai.OpenAI(base_url=endpoint.base_url, api_key="key", max_retries=0)
    assert "good" in [m.id for m in client.models.list()]
    messages: Any = [{"role": "user", "content": "你好"}]
    whole = client.chat.completions.create(model="good", messages=messages)
    assert whole.choices[0].message.content
    chunks = list(client.chat.completions.create(model="good", messages=messages, stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == whole.choices[0].message.content
    vectors = client.embeddings.create(model="any", input=["甲", "乙"], encoding_format="float")
    assert len({len(v.embedding) for v in vectors.data}) == 1
    with pytest.raises(openai.RateLimitError):
        client.chat.completions.create(model="status-429", messages=messages)
