import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.answer import Status
from bot.settings import ROOT
from bot.wording import Wording, WordingError

PROMPTS = ROOT / "prompts"


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording.load(PROMPTS)


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_label_and_words(wording: Wording, status: Status) -> None:
    texts = yaml.safe_load((PROMPTS / "statuses.yaml").read_text(encoding="utf-8"))[status.value]
    assert wording.label(status)
    assert len(texts) >= 2


def test_no_wording_belongs_to_no_status() -> None:
    texts = yaml.safe_load((PROMPTS / "statuses.yaml").read_text(encoding="utf-8"))
    assert set(texts) == {s.value for s in Status}


def test_refusals_name_the_way_on() -> None:
    texts = yaml.safe_load((PROMPTS / "statuses.yaml").read_text(encoding="utf-8"))
    for status in ("unanswerable_not_in_report", "unanswerable_out_of_scope", "refused_unsafe", "error_internal"):
        assert all("{phone}" in text for key, text in texts[status].items() if key != "label")


def test_who_wrote_so_much_that_nothing_is_read_is_told_whom_to_call_in_danger(wording: Wording) -> None:
    told = wording.say(Status.ERROR_TOO_LONG, limit=300)
    assert all(number in told for number in ("110", "119", "120"))


def test_variables_are_filled(wording: Wording) -> None:
    assert "300" in wording.say(Status.ERROR_TOO_LONG, limit=300)


def test_missing_variable_is_named(wording: Wording) -> None:
    with pytest.raises(WordingError, match="limit"):
        wording.say(Status.ERROR_TOO_LONG)


def test_missing_status_is_named(tmp_path: Path) -> None:
    (tmp_path / "statuses.yaml").write_text("answered: {label: a}\n", encoding="utf-8")
    with pytest.raises(WordingError, match="smalltalk"):
        Wording.load(tmp_path)


def texts(value: object) -> Iterator[str]:
    """Every text in a YAML value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


@pytest.mark.parametrize("name", ["statuses", "page", "trust", "accounts", "approved", "desk", "office"])
def test_chinese_wording_uses_chinese_punctuation(name: str) -> None:
    for text in texts(yaml.safe_load((PROMPTS / f"{name}.yaml").read_text(encoding="utf-8"))):
        assert not re.search(r"[\u4e00-\u9fff][,;:!?]", text), text


def repeated(node: yaml.Node) -> Iterator[str]:
    """The keys that stand twice in a mapping: the latter silently takes the place of the former."""
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        yield from (key for key in keys if keys.count(key) > 1)
        yield from (key for _, inner in node.value for key in repeated(inner))
    elif isinstance(node, yaml.SequenceNode):
        yield from (key for inner in node.value for key in repeated(inner))


@pytest.mark.parametrize("file", sorted(PROMPTS.glob("*.yaml")), ids=lambda file: file.stem)
def test_no_wording_takes_the_place_of_another(file: Path) -> None:
    node = yaml.compose(file.read_text(encoding="utf-8"))
    assert node is not None
    assert list(repeated(node)) == []
