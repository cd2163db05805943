"""Words of a sentence that stand in a passage, but not where the sentence has its statement from."""

import pytest

from bot.writing.faithfulness import Source, Support
from tests.bot.writing.conftest import BESIDE


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("引入5家医疗机构。", "引入5家法律、金融等服务机构,完善园区医疗配套。"),
        ("药品安全考核结果为优秀。", "药品抽检合格,食品安全考核结果为优秀。"),
        ("力争优质企业突破6000家。", "开展优质企业对标行动,力争中小企业突破6000家。"),
        ("对火车站等区域实施整治。", "修复火车站两侧的立面,对三角地等区域实施整治。"),
    ],
)
def test_word_from_another_clause_is_caught(support: Support, sentence: str, source: str) -> None:
    assert support.fault_against(sentence, [Source(1, source, BESIDE)]) == "word"


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("推进图书馆建设、文化馆改造。", "推进图书馆建设,推进文化馆改造。"),
        ("幼儿园要新增学位3600个。", "优化幼儿园布局,新增学位3600个。"),
    ],
)
def test_thing_of_a_list_and_subject_from_before_pass(support: Support, sentence: str, source: str) -> None:
    assert support.fault_against(sentence, [Source(1, source, BESIDE)]) == ""


def test_heading_of_a_passage_may_be_the_subject_of_its_clauses(support: Support) -> None:
    told = "养老服务:新建食堂5个。"
    assert support.fault_against("养老服务要新建食堂5个。", [Source(1, told, BESIDE)]) == ""
