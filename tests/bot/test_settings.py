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


def test_example_names_every_setting() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    left_out = {"host", "port", "documents_dir", "lexicon_dir", "site_file", "prompts_dir"}
    names = set(Settings.model_fields) - left_out
    assert not [name for name in names if f"BOT_{name.upper()}=" not in example]


def test_example_is_itself_a_set_of_good_settings() -> None:
    told = Settings(_env_file=ROOT / ".env.example")
    assert told.model_dump(exclude={"data_dir"}) == Settings(_env_file=None).model_dump(exclude={"data_dir"})


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_ALLOWED_HOSTS", "a.cn,b.cn")
    monkeypatch.setenv("BOT_MODEL_NAME", "m")
    settings = Settings(_env_file=None)
    assert (settings.allowed_hosts, settings.model_name) == (("a.cn", "b.cn"), "m")


def test_keys_are_kept_by_their_digest() -> None:
    told = "a" * 64
    assert Settings(_env_file=None, api_keys=f"portal:{told}, other:{'b' * 64}").api_keys[told] == "portal"


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_keys": "portal"},
        {"api_keys": "portal:abc"},
        {"allowed_origins": "https://portal.example/path"},
        {"allowed_origins": "*"},
        {"rate_public": "often"},
    ],
)
def test_setting_that_makes_no_sense_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Settings(_env_file=None, **wrong)


def test_prefix_is_written_with_or_without_slashes() -> None:
    assert {Settings(_env_file=None, root_path=p).root_path for p in ("ai", "/ai", "/ai/", "ai/")} == {"/ai"}
    assert Settings(_env_file=None, root_path="/").root_path == ""
