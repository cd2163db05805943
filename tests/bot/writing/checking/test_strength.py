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
        ("五年内不能再申请", "5年内不得再次申请"),
        ("力争医院建成", "力争医院建成"),
        ("没有电梯的小区加装电梯", "没有电梯的小区加装电梯"),
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
        ("可以燃放", "禁止燃放烟花", "strength"),
        ("不建食堂", "新建食堂", "negation"),
        ("不公布结果", "公布结果", "negation"),
        ("资金不到位", "资金到位", "negation"),
        ("收费标准不变", "调整收费标准", "negation"),
        ("无法办理", "可以办理", "negation"),
        ("业主不同意", "业主同意", "negation"),
        ("没有电梯的小区不加装电梯", "没有电梯的小区加装电梯", "negation"),
        ("没有电梯的小区加装电梯", "没有电梯的小区不加装电梯", "negation"),
        ("未参保的人不能报名", "未参保的人可以报名", "negation"),
        ("不得参加比赛", "参加比赛不收门票", "strength"),
        ("不能参加比赛", "参加比赛不收门票", "negation"),
        ("必须要求赔偿", "可以要求赔偿", "strength"),
        ("改造体育馆", "新建体育馆", "strength"),
        ("新增床位", "拥有床位", "strength"),
        ("完成体育馆改造", "加快体育馆改造", "strength"),
        ("鼓励投机性需求", "坚决抑制投机性需求", "strength"),
        ("超过国家下达的目标", "达到国家下达的目标", "strength"),
        ("目前处理能力为8万吨", "处理能力将由5万吨提高到8万吨", "strength"),
        ("社会各界将今年完工", "力争年内完工", "strength"),
        ("医院会建成投用", "推动医院建成投用", "strength"),
        ("医院主要建成投用", "推动医院建成投用", "strength"),
        ("协会建成投用", "推动协会建成投用", "strength"),
        ("只培育儿科", "培育儿科、眼科", "strength"),
        ("支持医疗卫生机构拓展功能", "支持有条件的医疗卫生机构拓展功能", "condition"),
    ],
)
def test_clause_stronger_or_otherwise_than_its_source_is_caught(
    strength: Strength, said: str, source: str, fault: str
) -> None:
    assert strength.fault(said, said, clauses_of(source), source) == fault


def test_negation_of_what_no_clause_speaks_of_is_caught(strength: Strength) -> None:
    assert strength.fault("不收钱", "不收钱", [], "新建食堂") == "negation"
    assert not strength.fault("不收钱", "不收钱", [], "免费开放")


@pytest.mark.parametrize(
    "text", ["不公布", "不到位", "保持不变", "无法", "不同意", "无机构办理", "非本地户籍", "未办结"]
)
def test_negation_is_not_excused_by_the_character_behind_it(text: str) -> None:
    assert is_negated(text)


@pytest.mark.parametrize(
    "text", ["不低于60%", "不仅如此", "非物质文化遗产", "不动产登记", "无废城市", "未来社区", "非公有制企业", "不锈钢"]
)
def test_phrase_with_a_negating_character_denies_nothing(text: str) -> None:
    assert not is_negated(text)
