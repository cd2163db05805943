import pytest

from bot.understanding.acts import Acts
from corpus.encoder import E5Encoder
from evals.intents import acted, digest


@pytest.fixture(scope="module")
def acts() -> Acts:
    found = Acts.load(E5Encoder())
    assert found is not None
    return found


@pytest.mark.parametrize("text", ["今年新建几所学校", "老人食堂在哪里", "停车位", "三医是什么意思", "那幸福院呢"])
def test_what_asks_is_a_question(acts: Acts, text: str) -> None:
    assert acts.asking(text) > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "楼下烧烤摊天天半夜吵得睡不着,打电话也没人来",
        "工资拖了三个月要不回来",
        "社保卡丢了怎么补办",
        "建议路口装个红绿灯,早高峰太乱",
        "求求你们给我们村通个自来水吧",
    ],
)
def test_complaints_pleas_suggestions_and_errands_are_none(acts: Acts, text: str) -> None:
    assert acts.asking(text) < 0.5


def test_without_an_encoder_there_is_nobody_to_tell() -> None:
    assert Acts.load(None) is None


def test_weights_are_those_of_the_messages() -> None:
    found = Acts.load(E5Encoder())
    assert found is not None
    assert found.model.learned == digest(acted())
