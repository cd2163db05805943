import yaml

from bot.pipeline import Bot
from bot.settings import ROOT
from bot.site import Site


def test_another_district_changes_one_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    fields = yaml.safe_load((ROOT / "corpus" / "site.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "site.yaml"
    path.write_text(yaml.safe_dump({**fields, "place": "某区"}, allow_unicode=True), encoding="utf-8")
    assert Site.load(path).place == "某区"


def test_every_example_question_is_answered(bot: Bot) -> None:
    assert {bot.answer(example.question).status.value for example in bot.site.examples} == {"answered"}


def test_nothing_about_one_place_is_in_code() -> None:
    for floor in ("corpus", "bot"):
        for path in (ROOT / floor).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not any(name in text for name in ("洛江", "泉州", "luojiang")), path
