import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from bot.pipeline import Bot
from bot.settings import Settings, settings
from bot.web.server import Front


def test_hosts_are_given_with_commas() -> None:
    assert Settings(_env_file=None, allowed_hosts="a.cn, b.cn,").allowed_hosts == ("a.cn", "b.cn")
    assert Settings(_env_file=None).allowed_hosts == ()


def test_model_needs_all_three() -> None:
    given = {"model_base_url": "http://127.0.0.1/v1", "model_name": "m", "model_api_key": "k"}
    assert Settings(_env_file=None, **given).writes
    for name in given:
        assert not Settings(_env_file=None, **{**given, name: ""}).writes


def test_limits_must_be_positive() -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, model_deadline_seconds=0)


def test_key_is_never_printed() -> None:
    assert "secret-key" not in repr(Settings(_env_file=None, model_api_key="secret-key"))


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_ALLOWED_HOSTS", "a.cn,b.cn")
    monkeypatch.setenv("BOT_MODEL_NAME", "m")
    settings = Settings(_env_file=None)
    assert (settings.allowed_hosts, settings.model_name) == (("a.cn", "b.cn"), "m")


def test_keys_are_kept_by_their_digest() -> None:
    told = "a" * 64
    assert Settings(_env_file=None, api_keys=f"portal:{told}, other:{'b' * 64}").api_keys[told] == "portal"


NONSENSE = (
    "often", "-1", "0", "9" * 30, "1e400", "nan", "3.5", "a b", "http://", "1.2.3.4.5", "10.0.0.1/8", "/dev/null",
    "/no/such/place", "mysql://x/y", "redis://h:99999999", "汉字", "x" * 5_000, "60/fortnight", "*,*", "tab\there",
    "a:b", "https://a/b",
)  # fmt: skip
TAKE_ANYTHING = {"embedding_model", "model_name", "model_title", "model_filing", "model_api_key", "embedding_api_key"}


def name_of(field: str) -> str:
    return field.upper() if field in ("host", "port") else f"BOT_{field.upper()}"


@pytest.mark.parametrize("field", sorted(set(Settings.model_fields) - TAKE_ANYTHING))
def test_nonsense_is_refused_by_name_in_chinese_or_can_be_served_with(
    bot: Bot, field: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refused, records = 0, f"sqlite:///{tmp_path}/records.db"
    beside = {"database_url": records, "embedding_model": "m", "embedding_api_key": "k"}
    for nonsense in NONSENSE:
        monkeypatch.setenv(name_of(field), nonsense)
        try:
            chosen = Settings(_env_file=None, **{name: value for name, value in beside.items() if name != field})
        except ValidationError as wrong:
            refused += 1
            for error in wrong.errors():
                assert error["loc"] == (name_of(field),)
                assert re.search("[\u4e00-\u9fff]", error["msg"])
                assert not re.search("Input|should|Value error|invalid", error["msg"])
        else:
            front = Front(chosen, stop=lambda: None, bot=bot)
            client = TestClient(front, raise_server_exceptions=False)
            assert client.get("/healthz").status_code == 200, nonsense
            assert client.post("/api/ask", json={"question": "你好"}).status_code in (200, 413, 422), nonsense
    assert refused >= 2


@pytest.mark.parametrize(
    ("field", "wrong", "form"),
    [
        ("api_keys", "portal", "python -m bot key"),
        ("api_keys", "portal:abc", "python -m bot key"),
        ("allowed_origins", "https://portal.example/path", "https://主机"),
        ("allowed_origins", "*", "https://主机"),
        ("public_url", "portal.example/ai", "https://主机/前缀"),
        ("public_url", "https://portal.example/ai?from=1", "居民打开本站的网址"),
        ("public_url", "https://user:hush@portal.example", "https://主机"),
        ("allowed_hosts", "https://model.example.cn/v1", "model.example.cn"),
        ("rate_public", "often", "60/minute"),
        ("rate_key", "0/minute", "60/minute"),
        ("rate_sign_in", "1/second;5/minute", "60/minute"),
        ("rate_exempt", "10.0.0.0/8,intranet", "10.0.0.0/8"),
        ("rate_exempt", "10.0.0.1/8", "10.0.0.0/8"),
        ("rate_storage", "mongodb://h", "redis://主机:6379"),
        ("rate_storage", "redis", "redis://主机:6379"),
        ("trusted_proxies", "nginx", "127.0.0.1"),
        ("database_url", "postgres://u:p@h/d", "postgresql://"),
        ("database_url", "postgresql://u:p@h:port/d", "postgresql://"),
        ("database_url", "sqlite://", "sqlite:///"),
        ("database_url", "sqlite:////tmp", "sqlite:///"),
        ("host", "0.0.0.0:80", "0.0.0.0"),
        ("port", "70000", "65535"),
        ("port", "http", "整数"),
        ("data_dir", "/dev/null/data", "/dev/null"),
        ("documents_dir", "/no/such/place", "/no/such/place"),
        ("site_file", "/tmp", "/tmp"),
        ("model_base_url", "127.0.0.1:8000/v1", "http://"),
        ("model_base_url", "http://h:70000/v1", "http://"),
        ("embedding_base_url", "ftp://h/v1", "http://"),
        ("model_api_key", "换成真的密钥", "密钥"),
        ("retention_days", "36501", "36500"),
        ("model_deadline_seconds", "inf", "数字|不大于"),
        ("model_deadline_seconds", "soon", "数字"),
        ("root_path", "/a b", "/ai"),
        ("log_level", "loud", "debug、info、warning、error"),
        ("log_format", "xml", "text、json"),
    ],
)
def test_refusal_tells_the_right_form(field: str, wrong: str, form: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, **{field: wrong})
    assert [(e["loc"], bool(re.search(form, e["msg"]))) for e in refused.value.errors()] == [((name_of(field),), True)]


@pytest.mark.parametrize(
    ("field", "secret"),
    [
        ("database_url", "mysql://bot:hush-hush@host/db"),
        ("api_keys", "portal:wz-hush-hush"),
        ("model_api_key", "hush-hush 换"),
        ("rate_storage", "redis://:hush-hush@:0/x"),
    ],
)
def test_refusal_repeats_no_secret(field: str, secret: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, **{field: secret})
    assert "hush" not in str(refused.value) + str(refused.value.errors())


def test_several_wrong_settings_are_told_together() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, rate_exempt="x y", port="x")
    assert {e["loc"][0] for e in refused.value.errors()} == {"PORT", "BOT_RATE_EXEMPT"}


def test_setting_left_blank_is_as_if_it_were_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.setenv(name_of(field), "")
    blank = {"rate_exempt": (), "trusted_proxies": ""}
    for name in blank:
        monkeypatch.setenv(name_of(name), "")
    assert Settings(_env_file=None).model_dump() == {**default().model_dump(), **blank}


def default() -> Settings:
    return Settings.model_construct()


def test_vectors_from_elsewhere_need_a_model_and_a_key() -> None:
    for missing in ("embedding_model", "embedding_api_key"):
        given = {"embedding_base_url": "http://h/v1", "embedding_model": "m", "embedding_api_key": "k", missing: ""}
        with pytest.raises(ValidationError, match=name_of(missing)):
            Settings(_env_file=None, **given)


def test_file_in_another_encoding_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_bytes("BOT_MODEL_TITLE=通义".encode("gb18030"))
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    with pytest.raises(ValidationError, match="UTF-8"):
        settings()
    settings.cache_clear()


def test_prefix_is_written_with_or_without_slashes() -> None:
    assert {Settings(_env_file=None, root_path=p).root_path for p in ("ai", "/ai", "/ai/", "ai/")} == {"/ai"}
    assert Settings(_env_file=None, root_path="/").root_path == ""
    assert {Settings(_env_file=None, public_url=f"https://a.cn/ai{end}").public_url for end in ("", "/")} == {
        "https://a.cn/ai"
    }
