"""Each cue is said by people, and none of them by people who mean nothing of the kind."""

import re
from collections import Counter

import pytest

from bot.guarding.guard import clauses
from bot.settings import ROOT
from bot.wording import read_yaml
from corpus.words import Words
from evals.messages import messages

CUES = [
    (label, pattern)
    for label, patterns in read_yaml(ROOT / "prompts" / "guard.yaml")["cues"].items()
    for pattern in patterns
]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, list[str]]]:
    words = Words(tmp_path_factory.mktemp("jieba"))
    return [(m.family, clauses(words.fold(m.text))) for m in messages() if m.half == "learned"]


@pytest.mark.parametrize(("label", "pattern"), CUES)
def test_cue_is_said_and_harms_nobody(label: str, pattern: str, said: list[tuple[str, list[str]]]) -> None:
    cue = re.compile(pattern)
    hits = Counter(family for family, parts in said if any(cue.search(part) for part in parts))
    assert hits[label.split(".")[0]] >= 2
    assert hits["ordinary"] * 20 <= hits[label.split(".")[0]]
