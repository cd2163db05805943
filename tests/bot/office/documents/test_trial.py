"""A trial that went wrong is told to who asked, and tried again for the next one."""

from pathlib import Path

import pytest

from bot.errors import DocumentUnusable, NotReady
from bot.office.documents import trial
from bot.office.documents.trial import Trials
from bot.pipeline import Bot
from corpus.read import DESCRIPTION

PATIENCE = 10.0


@pytest.mark.parametrize(
    ("wrong", "told"), [(NotReady("读不了"), DocumentUnusable), (TimeoutError(), TimeoutError), (KeyError(), KeyError)]
)
def test_trial_that_went_wrong_is_told_and_tried_again(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: Exception, told: type[Exception]
) -> None:
    tried: list[Path] = []

    def attempt(_: Bot, folder: Path) -> None:
        tried.append(folder)
        raise wrong

    monkeypatch.setattr(trial, "attempt", attempt)
    (tmp_path / DESCRIPTION).write_text("")
    trials = Trials()
    for _ in range(2):
        with pytest.raises(told):
            trials.of(bot, tmp_path, PATIENCE)
    assert tried == [tmp_path, tmp_path]


def test_index_of_a_draft_is_of_one_process_and_goes_after_the_draft(tmp_path: Path) -> None:
    drafts, trials = tmp_path / "drafts", tmp_path / "trials"
    for name in ("one", "two"):
        (drafts / name).mkdir(parents=True)
        trial._place(trials, drafts / name).mkdir(parents=True)
    (drafts / "one").rmdir()
    assert trial._place(trials, drafts / "two") == trials / "two"
    assert [path.name for path in trials.iterdir()] == ["two"]
