from bot.writing.checking.clauses import Likeness, clauses_of, drawn_on
from corpus.corpus import Corpus

TEXT = "推动第五小学扩建工程、第五中学新校区开工建设,做好职业大学新校区前期工作。新增停车位300个。"


def test_clause_knows_its_sentence() -> None:
    begun, early, parking = clauses_of(TEXT)
    assert (begun.before, begun.after) == ((), (early.text,))
    assert parking.sentence == "新增停车位300个"


def test_clause_draws_on_what_is_most_like_it(corpus: Corpus) -> None:
    alike = Likeness(corpus.words, frozenset(), frozenset())
    drawn = drawn_on("职业大学的新校区还早", clauses_of(TEXT), alike)
    assert [[clause.text for clause in group] for group in drawn] == [["做好职业大学新校区前期工作"]]


def test_clause_that_joins_two_draws_on_both(corpus: Corpus) -> None:
    alike = Likeness(corpus.words, frozenset(), frozenset())
    drawn = drawn_on("职业大学做前期工作和停车位增加300个", clauses_of(TEXT), alike)
    assert {clause.text for group in drawn for clause in group} == {"做好职业大学新校区前期工作", "新增停车位300个"}


def test_clause_like_none_draws_on_none(corpus: Corpus) -> None:
    alike = Likeness(corpus.words, frozenset(), frozenset())
    assert not drawn_on("天气晴朗", clauses_of(TEXT), alike)
