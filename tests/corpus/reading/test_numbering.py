import pytest
from docx import Document
from docx.oxml import parse_xml

from corpus.reading.docx import WORD, read_docx
from tests.corpus.reading.test_docx import saved

NAMESPACE = f'xmlns:w="{WORD[1:-1]}"'


def numbered(levels: list[tuple[str, str]], paragraphs: list[tuple[str, int]]) -> list[str]:
    """The lines of a document whose paragraphs are numbered by Word, each at its level."""
    document = Document()
    kinds = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{numerals}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (numerals, text) in enumerate(levels)
    )
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {NAMESPACE} w:abstractNumId="99">{kinds}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {NAMESPACE} w:numId="99"><w:abstractNumId w:val="99"/></w:num>'))
    for text, level in paragraphs:
        found = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        found.get_or_add_ilvl().val, found.get_or_add_numId().val = level, 99
    return [line.text for line in read_docx(saved(document))]


def test_numbers_that_word_counts_are_text() -> None:
    levels = [("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
    said = [("回顾", 0), ("就业", 1), ("养老", 1), ("食堂", 2), ("安排", 0), ("教育", 1)]
    assert numbered(levels, said) == ["一、回顾", "（一）就业", "（二）养老", "1.食堂", "二、安排", "（一）教育"]


@pytest.mark.parametrize(
    ("numerals", "text", "shown"),
    [
        ("chineseCounting", "第%1条", "第一条 甲"),
        ("bullet", "\uf06c", "甲"),
        ("decimalEnclosedCircle", "%1", "① 甲"),
        ("upperLetter", "%1.", "A.甲"),
    ],
)
def test_numerals_are_those_that_are_shown(numerals: str, text: str, shown: str) -> None:
    assert numbered([(numerals, text)], [("甲", 0)]) == [shown]


def test_tens_are_written_as_officials_do() -> None:
    assert numbered([("chineseCounting", "%1、")], [("事", 0)] * 12)[9:] == ["十、事", "十一、事", "十二、事"]
