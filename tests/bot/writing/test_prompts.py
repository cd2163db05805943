from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.wording import WordingError
from bot.writing.prompts import VARIABLES, Prompts


@pytest.fixture(scope="module")
def prompts() -> Prompts:
    return Prompts.load(ROOT / "prompts")


@pytest.mark.parametrize("key", VARIABLES)
def test_every_template_is_filled_in(prompts: Prompts, key: str) -> None:
    said = prompts.say(key, **dict.fromkeys(VARIABLES[key], "〈x〉"))
    assert "{" not in said
    assert said.count("〈x〉") >= len(VARIABLES[key])


def test_missing_variable_is_named(prompts: Prompts) -> None:
    with pytest.raises(WordingError, match="period"):
        prompts.say("time_plan")


def test_surplus_variable_is_named(prompts: Prompts) -> None:
    with pytest.raises(WordingError, match="mood"):
        prompts.say("system", name="x", mood="cheerful")


def test_template_with_another_variable_is_refused_when_loaded(tmp_path: Path) -> None:
    text = (ROOT / "prompts" / "compose.yaml").read_text(encoding="utf-8")
    (tmp_path / "compose.yaml").write_text(text.replace("{question}", "{query}"), encoding="utf-8")
    with pytest.raises(WordingError, match="query"):
        Prompts.load(tmp_path)
