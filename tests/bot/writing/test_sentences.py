import pytest

from bot.writing.sentences import Sentences


def cut(*pieces: str) -> list[str]:
    sentences = Sentences()
    return [s for piece in pieces for s in sentences.take(piece)] + list(sentences.end())


def test_sentence_comes_as_soon_as_it_is_whole() -> None:
    sentences = Sentences()
    assert list(sentences.take("新建食堂5个[1]")) == []
    assert list(sentences.take("。")) == ["新建食堂5个[1]。"]


def test_mark_after_the_stop_belongs_to_the_sentence() -> None:
    assert cut("新建食堂5个。", "[1]", "停车位300个。[2]") == ["新建食堂5个。[1]", "停车位300个。[2]"]


@pytest.mark.parametrize("mark", ["[1]", "【1】", "[^1]", "[ 1 ]"])
def test_marks_are_brought_to_one_form(mark: str) -> None:
    assert cut(f"新建食堂5个{mark}。") == ["新建食堂5个[1]。"]


def test_several_marks_in_one_bracket_are_parted() -> None:
    assert cut("新建食堂5个[1、2]。") == ["新建食堂5个[1][2]。"]


def test_bullets_are_taken_away_and_empty_lines_left_out() -> None:
    assert cut("- 新建食堂5个[1]。\n\n2. 停车位300个[2]。\n") == ["新建食堂5个[1]。", "停车位300个[2]。"]


def test_decimal_at_the_beginning_is_no_bullet() -> None:
    assert cut("6.2%是增长目标[1]。") == ["6.2%是增长目标[1]。"]


def test_rest_without_a_stop_comes_at_the_end() -> None:
    assert cut("新建食堂5个[1]") == ["新建食堂5个[1]"]
