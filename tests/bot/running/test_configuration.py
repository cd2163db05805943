import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.running.configuration import example, table
from bot.settable import variable
from bot.settings import Settings
from bot.wording import WordingError
from tests.conftest import ROOT

PROMPTS = ROOT / "prompts"


@pytest.mark.parametrize(("file", "made"), [("docs/configuration.md", table), (".env.example", example)])
def test_papers_are_what_the_settings_are(file: str, made: object) -> None:
    assert (ROOT / file).read_text(encoding="utf-8") == made(PROMPTS)  # type: ignore[operator]


def test_example_sets_nothing_as_it_is() -> None:
    assert dotenv_values(ROOT / ".env.example") == {}


def test_every_line_of_the_example_put_in_force_is_a_good_setting_and_the_default(tmp_path: Path) -> None:
    text = re.sub(r"^#(?=[A-Z])", "", (ROOT / ".env.example").read_text(encoding="utf-8"), flags=re.MULTILINE)
    (tmp_path / "env").write_text(text, encoding="utf-8")
    assert set(dotenv_values(tmp_path / "env")) == {variable(name) for name in Settings.model_fields}
    assert Settings(_env_file=tmp_path / "env") == Settings(_env_file=None)


def test_setting_that_nobody_explains_is_named(tmp_path: Path) -> None:
    text = (PROMPTS / "settings.yaml").read_text(encoding="utf-8")
    (tmp_path / "settings.yaml").write_text(text.replace("  port: 端口\n", ""), encoding="utf-8")
    with pytest.raises(WordingError, match="port"):
        table(tmp_path)
