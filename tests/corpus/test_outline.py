import re
from collections import Counter
from random import Random

import pytest

from corpus.corpus import Corpus
from corpus.outline import _aliases, bare, clauses, outline, remainder, terms
from corpus.passage import Passage
from corpus.reading.text import read_text
from tests.conftest import ROOT

HEADING = re.compile("一、目标|（一）改善|附注|第二章")
LINES = [
    "一、目标",
    "（一）改善民生",
    "二是修路。",
    "新建学校2所；扩建1所。",
    "第一条\u3000为了安全。",
    "（二）其他；",
    "附注",
    "1.名词：解释。",
    "2.名词：",
    "解释在这里。",
    "首页",
    "来源：某报",
    "<!--",
    "—2020年1月1日在会上",
    "第二章\u3000附则",
    "教育。新建学校。",
]
REPORT = ROOT / "corpus" / "documents" / "luojiang-2025" / "report.txt"


def read(text: str) -> list[Passage]:
    return outline("d", read_text(text.encode()))


def test_the_report_has_27_paragraphs_and_19_annotations(corpus: Corpus) -> None:
    kinds = [p.kind for p in corpus.passages]
    assert (kinds.count("body"), kinds.count("annotation")) == (27, 19)
    assert [p.number for p in corpus.passages if p.kind == "annotation"] == list(range(1, 20))


def test_ids_are_unique(corpus: Corpus) -> None:
    assert len({p.id for p in corpus.passages}) == 46


def test_offsets_lead_back_to_the_file(corpus: Corpus) -> None:
    source = REPORT.read_text(encoding="utf-8")
    assert all(source[p.start : p.end] == p.text for p in corpus.passages)


def test_nothing_of_the_file_is_lost_but_headings(corpus: Corpus) -> None:
    held = {p.text for p in corpus.passages}
    left = [line for line in REPORT.read_text(encoding="utf-8").split("\n") if line not in held]
    assert len(left) == 8
    assert all(len(line) < 20 and "。" not in line for line in left)


@pytest.mark.parametrize(
    ("number", "section"),
    [
        (17, ("二、2025年政府工作目标任务", "(五)聚力提高人民生活品质", "健全完善社会保障")),
        (22, ("三、建设人民满意的政府", "(一)依法行政,提升公信力")),
        (1, ("二、2025年政府工作目标任务",)),
    ],
)
def test_heading_path_ends_with_the_run_in_heading(corpus: Corpus, number: int, section: tuple[str, ...]) -> None:
    assert corpus.by_id[f"luojiang-2025-p{number:02d}"].section == section


def test_clauses_together_are_the_passage(corpus: Corpus) -> None:
    for passage in corpus.passages:
        pieces = clauses(passage)
        assert "".join(c.text for c in pieces) == passage.text
        assert all(passage.text[c.start : c.end] == c.text for c in pieces)


def test_sentences_are_counted_across_clauses() -> None:
    (passage,) = read("一、目标\n新建食堂5个,提升站点3个;修路。")
    assert [(c.text, c.sentence) for c in clauses(passage)] == [("新建食堂5个,", 0), ("提升站点3个;", 0), ("修路。", 1)]


def test_full_width_punctuation_is_read_alike() -> None:
    (passage,) = read("一、目标\n（一）民生\n办好教育。新建学校2所，扩建1所；招聘教师。")
    assert passage.section == ("一、目标", "（一）民生", "办好教育")
    assert [c.text for c in clauses(passage)] == ["办好教育。", "新建学校2所，", "扩建1所；", "招聘教师。"]


def test_articles_of_a_regulation_are_passages_with_their_number() -> None:
    passages = read("第一条 为了妥善处理事故,制定本条例。\n第二条 本市学校适用本条例。")
    assert [p.section for p in passages] == [("第一条",), ("第二条",)]


def test_page_furniture_is_not_a_passage() -> None:
    assert read("首页\n政府工作报告\n2020-01-01\n一、目标\n做好工作。")[0].text == "做好工作。"


def test_annotation_without_number_keeps_its_place() -> None:
    passages = read("一、目标\n做好工作。\n名词解释\n说明文字。")
    assert (passages[1].kind, passages[1].number) == ("annotation", 1)


@pytest.mark.parametrize(
    ("name", "users"),
    [
        ("三医", ["p19"]),
        ("农业五新", ["p11"]),
        ("乡村振兴五好", ["p13"]),
        ("小区管理十件实事", ["p10"]),
        ("十大行动", []),
    ],
)
def test_terms_are_linked_to_the_passages_that_use_them(corpus: Corpus, name: str, users: list[str]) -> None:
    (term,) = [t for t in corpus.terms if t.name == name]
    assert [m.passage_id.rsplit("-", 1)[1] for m in term.mentions] == users


def test_mention_marks_the_words_of_the_term(corpus: Corpus) -> None:
    for term in corpus.terms:
        for mention in term.mentions:
            text = corpus.by_id[mention.passage_id].text[mention.start : mention.end]
            assert bare(text) in (term.name, *term.aliases)


def test_short_name_needs_quotes_in_the_body() -> None:
    passages = read("一、目标\n排名第四名。\n做好“四名”文章。\n附注\n1.四名:名山、名桥。")
    (term,) = terms(passages)
    assert [m.passage_id for m in term.mentions] == [passages[1].id]


def test_parts_that_share_a_character_are_also_counted() -> None:
    assert "三争" in _aliases("深化“深学争优、敢为争先、实干争效”行动")
    assert _aliases("绿化、美化") == ("绿化", "美化")


def test_explanation_on_the_line_after_its_term_is_read_with_it() -> None:
    passages = read("一、目标\n发展“四新”产业。\n名词解释\n1.“四新”产业：\n指新技术、新产业。\n2.双一流：一流大学。")
    notes = [p for p in passages if p.kind == "annotation"]
    assert [(p.number, p.heading) for p in notes] == [(1, "“四新”产业"), (2, "双一流")]
    assert [t.explanation for t in terms(passages)] == ["指新技术、新产业。", "一流大学。"]
    assert terms(passages)[0].mentions


def test_term_that_nothing_explains_is_kept_and_takes_nothing_from_the_next() -> None:
    passages = read("一、目标\n做好工作。\n附注\n1.“四新”：\n2.双一流：一流大学。\n3.“三争”：")
    assert [p.text for p in passages[1:]] == ["1.“四新”：", "2.双一流：一流大学。", "3.“三争”："]


def test_numbered_line_of_the_body_is_not_read_with_the_next() -> None:
    passages = read("一、目标\n1.重点任务：\n（一）改善民生\n新建学校2所；扩建1所。")
    assert [p.text for p in passages] == ["1.重点任务：", "新建学校2所；扩建1所。"]
    assert passages[1].section == ("一、目标", "（一）改善民生")


@pytest.mark.parametrize("mark", ["1.", "1、", "［1］", "[1]", "【1】", "注1：", "（1）"])
def test_annotations_are_numbered_in_many_ways(mark: str) -> None:
    passages = read(f"一、目标\n做好工作。\n注释\n{mark}双一流：一流大学。")
    assert [(t.name, t.explanation) for t in terms(passages)] == [("双一流", "一流大学。")]


def test_point_on_a_line_of_its_own_heads_what_follows_until_the_next() -> None:
    lines = [
        "一、回顾",
        "一是稳增长。",
        "经济增长，好于预期；稳住了。",
        "二是保民生。",
        "新建学校2所；扩建1所。",
        "这一年不平凡。",
        "谢谢大家。",
    ]
    passages = read("\n".join(lines))
    assert [p.heading for p in passages] == ["一是稳增长", "二是保民生", "一、回顾", "一、回顾"]


def test_line_that_tells_when_a_report_was_given_is_kept_under_its_title() -> None:
    passages = read("政府工作报告\n——2020年1月9日在某区人民代表大会上\n一、目标\n做好工作。")
    assert (passages[0].heading, passages[0].text) == ("政府工作报告", "——2020年1月9日在某区人民代表大会上")


@pytest.mark.parametrize(
    ("text", "opening"), [("办好教育。新建学校。", 5), ("新建学校2所。另有安排。", 0), ("新建学校。", 0)]
)
def test_run_in_heading_is_no_statement_unless_it_tells_a_figure(text: str, opening: int) -> None:
    assert read(f"一、目标\n{text}")[0].opening == opening


def test_article_is_one_passage_with_its_paragraphs_and_items() -> None:
    text = (
        "# 某条例\n第一章 总则\n第一条 为了安全。制定本条例。\n\n第二条 有下列情形的，学校负责：\n"
        "（一）设备不合格的；\n（二）其他。\n学校应当公开。\n第二章 附则\n第三条 自公布之日起施行。"
    )
    first, second, third = read(text)
    assert first.section == ("第一章 总则", "第一条")
    assert second.text.splitlines()[1:] == ["（一）设备不合格的；", "（二）其他。", "学校应当公开。"]
    assert third.section == ("第二章 附则", "第三条")


def test_what_is_no_text_is_left_over_and_listed() -> None:
    around = ["首页>>新闻", "来源：某报", "<!-- 广告 -->", "某区政府工作报告", "区长 某某"]
    text = "\n".join([*around, "各位代表：现在报告工作，请审议。", "一、回顾", "新建学校。", "分享到"])
    assert [line.text for line in remainder(read_text(text.encode()))] == [*around, "分享到"]
    assert [p.text for p in read(text)] == ["各位代表：现在报告工作，请审议。", "新建学校。"]


@pytest.mark.parametrize("seed", range(50))
def test_every_line_is_in_a_passage_or_heads_one_or_is_left_over(seed: int) -> None:
    chosen = Random(seed).choices(LINES, k=12)
    lines = read_text("\n".join(chosen).encode())
    passages = outline("d", lines)
    held = [line for found in (*passages, *remainder(lines)) for line in found.text.splitlines()]
    heading = {part for passage in passages for part in passage.section}
    unheld = Counter(chosen) - Counter(held)
    assert not [line for line in unheld if not HEADING.match(line) and line.rstrip("。") not in heading]


@pytest.mark.parametrize(
    "text",
    [
        "一、民生实事\n一、新增停车位300个。\n二、建设口袋公园5个。",
        "一、民生实事\n（一）新增停车位300个；\n（二）建设口袋公园5个。",
        "一、民生实事\n一是修好道路。\n二是建好公园。",
    ],
)
def test_points_that_head_nothing_are_told_themselves(text: str) -> None:
    assert [p.text for p in read(text)] == text.splitlines()[1:]


def test_what_follows_the_last_article_is_no_part_of_it() -> None:
    text = "第一条 学校应当开放。\n（一）操场；\n责任编辑：某某\n第二章附则\n第二条 自公布之日起施行。\n打印本页"
    told = ["第一条 学校应当开放。\n（一）操场；", "责任编辑：某某", "第二条 自公布之日起施行。"]
    assert [p.text for p in read(text)] == told


def test_the_title_behind_the_word_annex_begins_a_part() -> None:
    told = read(
        "一、2030年工作安排\n新建学校2所。\n附件1\n2030年十件实事\n新建食堂3个。\n附件2\n名词解释\n1.名词：解释。\n"
    )
    assert [p.section[0] for p in told] == ["一、2030年工作安排", "2030年十件实事", "名词解释"]


def test_a_long_section_heading_is_one() -> None:
    heading = "（一）全力打造国际化的草原音乐名城、冰雪运动名城、文化旅游名城，带动产业转型升级、融合发展"
    assert read(f"一、工作安排\n{heading}\n新建学校2所。\n")[0].section == ("一、工作安排", heading)
