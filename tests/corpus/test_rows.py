from corpus import tuning
from corpus.corpus import Corpus
from corpus.rows import passage_of


def test_every_character_of_a_passage_below_its_heading_is_in_its_sentences(corpus: Corpus) -> None:
    held: dict[str, str] = {}
    for row in corpus.rows:
        if row.level == "sentence":
            held[row.passage.id] = held.get(row.passage.id, "") + row.passage.text[row.start : row.end]
    assert held == {p.id: p.text[p.opening :] for p in corpus.passages}


def test_clauses_are_rows_but_for_those_too_short_to_mean_anything(corpus: Corpus) -> None:
    rows = {(row.passage.id, row.start) for row in corpus.rows if row.level == "clause"}
    clauses = [c for p in corpus.passages for c in corpus.clauses[p.id] if c.end > p.opening]
    assert rows == {(c.passage_id, c.start) for c in clauses if len(c.text) >= tuning.SHORTEST_ROW}


def test_sentence_stands_under_its_heading(corpus: Corpus) -> None:
    row = next(r for r in corpus.rows if r.level == "sentence" and "长者食堂" in r.text)
    assert "健全完善社会保障" in row.text.partition("：")[0]


def test_ids_are_unique_and_tell_the_passage(corpus: Corpus) -> None:
    assert len({row.id for row in corpus.rows}) == len(corpus.rows)
    assert all(passage_of(row.id) == row.passage.id for row in corpus.rows)
