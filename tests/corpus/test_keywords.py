from pathlib import Path

from corpus.keywords import Keywords

ROWS = [["长者", "食堂"], ["停车", "车位"], []]


def test_row_with_the_token_scores_highest(tmp_path: Path) -> None:
    scores = Keywords.build(ROWS, tmp_path).search([(["停车"], 1.0)])
    assert scores.argmax() == 1
    assert scores[0] == scores[2] == 0


def test_groups_count_by_their_weight(tmp_path: Path) -> None:
    index = Keywords.build(ROWS, tmp_path)
    scores = index.search([(["停车"], 0.1), (["食堂"], 1.0)])
    assert scores.argmax() == 0


def test_unknown_tokens_score_nothing(tmp_path: Path) -> None:
    assert not Keywords.build(ROWS, tmp_path).search([(["飞船"], 1.0)]).any()


def test_kept_index_answers_as_the_built_one(tmp_path: Path) -> None:
    built = Keywords.build(ROWS, tmp_path).search([(["车位"], 1.0)])
    assert (Keywords.open(tmp_path).search([(["车位"], 1.0)]) == built).all()
