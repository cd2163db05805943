"""Things said without the words that narrow them."""

import pytest

from bot.writing.faithfulness import Source, Support
from tests.bot.writing.conftest import BESIDE


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("完成全区12条背街小巷改造。", "完成老城区12条背街小巷改造。"),
        ("抽调1000名医师进入社区。", "抽调1000名高级职称医师进入社区。"),
        ("为失能人员提供照料。", "为重度失能人员提供照料。"),
        ("老年人医养结合服务率达到40%。", "65岁及以上老年人医养结合服务率达到40%。"),
        ("力争省级集群取得突破。", "力争国家级集群取得突破。"),
    ],
)
def test_thing_said_without_what_narrows_it_is_caught(support: Support, sentence: str, source: str) -> None:
    assert support.fault_against(sentence, [Source(1, source, BESIDE)]) == "scope"
