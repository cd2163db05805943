import pytest
from pydantic import ValidationError

from bot.settings import ROOT, Settings


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


def test_example_names_every_setting_of_the_model() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = [n for n in Settings.model_fields if n.startswith(("model_", "embedding_")) or n == "allowed_hosts"]
    assert not [name for name in names if f"BOT_{name.upper()}=" not in example]


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_ALLOWED_HOSTS", "a.cn,b.cn")
    monkeypatch.setenv("BOT_MODEL_NAME", "m")
    settings = Settings(_env_file=None)
    assert (settings.allowed_hosts, settings.model_name) == (("a.cn", "b.cn"), "m")
