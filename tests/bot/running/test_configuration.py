from pathlib import Path

import pytest

from bot.running.configuration import example, table
from bot.settings import Settings
from bot.wording import WordingError
from tests.conftest import ROOT

PROMPTS = ROOT / "prompts"


@pytest.mark.parametrize(("file", "made"), [("docs/configuration.md", table), (".env.example", example)])
def test_papers_are_what_the_settings_are(file: str, made: object) -> None:
    assert (ROOT / file).read_text(encoding="utf-8") == made(PROMPTS)  # type: ignore[operator]


def test_example_filled_in_as_it_is_changes_nothing() -> None:
    chosen, plain = Settings(_env_file=ROOT / ".env.example"), Settings(_env_file=None)
    folders = {"data_dir", "documents_dir", "lexicon_dir", "site_file", "prompts_dir"}
    assert chosen.model_dump(exclude=folders) == plain.model_dump(exclude=folders)
    assert all((ROOT / getattr(chosen, name)).resolve() == getattr(plain, name) for name in folders)


def test_setting_that_nobody_explains_is_named(tmp_path: Path) -> None:
    text = (PROMPTS / "settings.yaml").read_text(encoding="utf-8")
    (tmp_path / "settings.yaml").write_text(text.replace("  port: 端口\n", ""), encoding="utf-8")
    with pytest.raises(WordingError, match="port"):
        table(tmp_path)
