import pytest

from bot.web.highlight import Piece, Run, at_quotes, of_answer, of_paragraph, of_quote
from corpus.passage import Mention, Term

MEDICAL = Term("三医", ("“三医”",), "n18", "医疗、医保、医药")
NEW = Term("专精特新", (), "n02", "专业化")


def test_marks_become_pieces_of_their_own() -> None:
    assert list(of_answer("新建5个。[1]还有[12]", [])) == [
        Piece("新建5个。"),
        Piece("[1]", mark=1),
        Piece("还有"),
        Piece("[12]", mark=12),
    ]


def test_annotated_word_is_cut_out_at_its_first_use() -> None:
    pieces = list(of_answer("推动三医联动,三医协同", [MEDICAL]))
    assert [(p.text, p.term is not None) for p in pieces] == [("推动", False), ("三医", True), ("联动,三医协同", False)]


def test_longer_name_wins_over_the_shorter_at_the_same_place() -> None:
    pieces = list(of_answer("推动“三医”联动", [MEDICAL]))
    assert [p.text for p in pieces] == ["推动", "“三医”", "联动"]


def test_pieces_of_an_answer_join_to_the_answer() -> None:
    text = "一是三医联动[1];二是专精特新[2]。\n三"
    assert "".join(p.text for p in of_answer(text, [MEDICAL, NEW])) == text


def test_paragraph_is_cut_at_its_quote_and_its_annotated_words() -> None:
    text = "推动三医联动,培育专精特新企业。"
    mentions = [(Mention("p", 9, 13), NEW), (Mention("p", 2, 4), MEDICAL)]
    runs = of_paragraph(text, mentions, (7, 15))
    assert runs == [
        Run(False, (Piece("推动"), Piece("三医", term=MEDICAL), Piece("联动,"))),
        Run(True, (Piece("培育"), Piece("专精特新", term=NEW), Piece("企业"))),
        Run(False, (Piece("。"),)),
    ]


def test_mention_across_an_end_of_the_quote_stays_plain() -> None:
    runs = of_paragraph("推动三医联动", [(Mention("p", 2, 4), MEDICAL)], (0, 3))
    assert [p.text for run in runs for p in run.pieces] == ["推动三", "医联动"]


def test_paragraph_without_quote_is_one_run() -> None:
    assert of_paragraph("推动", []) == [Run(False, (Piece("推动"),))]


@pytest.mark.parametrize("before", ["", "计划是\uff1a", "有的。", "是吗\uff1f", "两项\n"])
def test_answer_is_cut_where_it_quotes_whole_sentences(before: str) -> None:
    assert list(at_quotes(f"{before}新建5个。[1]", {1: "新建5个"})) == [before, 1, ""]


@pytest.mark.parametrize("before", ["今年准备", "一是\uff0c", "“"])
def test_quote_within_a_sentence_stays_in_it(before: str) -> None:
    text = f"{before}新建5个。[1]"
    assert list(at_quotes(text, {1: "新建5个"})) == [text]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("建桥一座\uff1b修路两条\uff1b种树三百棵", ["建桥一座\uff1b", "修路两条\uff1b", "种树三百棵"]),
        ("建桥一座;修路两条;种树三百棵", ["建桥一座;", "修路两条;", "种树三百棵"]),
        ("建桥一座。修路两条。种树三百棵", ["建桥一座。修路两条。种树三百棵"]),
        ("建桥一座\uff1b修路两条", ["建桥一座\uff1b修路两条"]),
    ],
)
def test_things_between_semicolons_are_a_list_and_sentences_are_none(text: str, items: list[str]) -> None:
    shown = of_quote(text, [], (0, len(text)))
    assert ["".join(piece.text for piece in item.pieces) for item in shown.items] == items
