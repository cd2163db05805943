import pytest

from bot.settings import ROOT
from bot.wording import read_yaml
from bot.writing.checking.clauses import clauses_of
from bot.writing.checking.strength import Strength, is_negated
from bot.writing.faithfulness import compiled


@pytest.fixture(scope="module")
def strength() -> Strength:
    content = read_yaml(ROOT / "prompts" / "check.yaml")
    return Strength(compiled(content["strengths"]), compiled(content["stages"]))


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("争取今年完工", "力争年内完工"),
        ("必须有许可", "须取得食品经营许可"),
        ("推动医院建成投用", "推动医院新院区建成投用"),
        ("计划新增300个", "新增停车位300个以上"),
        ("化肥用量减少", "化肥用量减少15%"),
        ("不少于300个", "停车位300个以上"),
        ("不断完善服务", "完善服务"),
        ("不要钱", "免缴费用"),
    ],
)
def test_clause_as_strong_as_its_source_passes(strength: Strength, said: str, source: str) -> None:
    assert not strength.fault(said, said, clauses_of(source), source)


@pytest.mark.parametrize(
    ("said", "source", "fault"),
    [
        ("确保今年完工", "力争年内完工", "strength"),
        ("今年完工", "力争年内完工", "strength"),
        ("医院建成投用", "推动医院新院区建成投用", "strength"),
        ("要求企业参加", "鼓励企业参加", "strength"),
        ("所有街道都覆盖", "覆盖两个街道", "strength"),
        ("化肥用量增加", "化肥用量减少15%", "strength"),
        ("取消补贴", "发放补贴", "strength"),
        ("开工建设", "做好前期工作", "stage"),
        ("可以燃放", "禁止燃放烟花", "negation"),
        ("不建食堂", "新建食堂", "negation"),
    ],
)
def test_clause_stronger_or_otherwise_than_its_source_is_caught(
    strength: Strength, said: str, source: str, fault: str
) -> None:
    assert strength.fault(said, said, clauses_of(source), source) == fault


def test_negation_of_what_no_clause_speaks_of_is_caught(strength: Strength) -> None:
    assert strength.fault("不收钱", "不收钱", [], "新建食堂") == "negation"
    assert not strength.fault("不收钱", "不收钱", [], "免费开放")


@pytest.mark.parametrize("text", ["不低于60%", "不仅如此", "非物质文化遗产", "不动产登记", "无废城市"])
def test_phrase_with_a_negating_character_denies_nothing(text: str) -> None:
    assert not is_negated(text)
