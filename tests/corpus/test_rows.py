from corpus.corpus import Corpus
from corpus.rows import passage_of


def test_every_character_of_a_passage_is_in_its_sentences_and_in_its_clauses(corpus: Corpus) -> None:
    for level in ("sentence", "clause"):
        held: dict[str, str] = {}
        for row in corpus.rows:
            if row.level == level:
                held[row.passage.id] = held.get(row.passage.id, "") + row.passage.text[row.start : row.end]
        assert held == {p.id: p.text for p in corpus.passages}


def test_sentence_stands_under_its_heading(corpus: Corpus) -> None:
    row = next(r for r in corpus.rows if r.level == "sentence" and "长者食堂" in r.text)
    assert "健全完善社会保障" in row.text.partition("：")[0]


def test_ids_are_unique_and_tell_the_passage(corpus: Corpus) -> None:
    assert len({row.id for row in corpus.rows}) == len(corpus.rows)
    assert all(passage_of(row.id) == row.passage.id for row in corpus.rows)
