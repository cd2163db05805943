from corpus.corpus import Corpus


def promised(corpus: Corpus, amount: float, measured: str, below: bool) -> set[str]:
    return {corpus.promises.targets[place].id for place in corpus.promises.within(amount, measured, below)}


def test_bound_picks_out_what_reaches_it_and_what_stays_below(corpus: Corpus) -> None:
    percents = {t.id: t.upper or t.number for t in corpus.targets if t.unit == "%"}
    assert promised(corpus, 10, "%", below=False) == {i for i, amount in percents.items() if amount >= 10}
    assert promised(corpus, 10, "%", below=True) == {i for i, amount in percents.items() if amount <= 10}


def test_counters_are_one_dimension_and_what_nothing_is_measured_in_picks_out_nothing(corpus: Corpus) -> None:
    assert promised(corpus, 1, "count", below=False) > {t.id for t in corpus.targets if t.unit == "所"}
    assert not promised(corpus, 1, "光年", below=False)


def test_promises_are_in_the_order_of_the_documents(corpus: Corpus) -> None:
    places = corpus.promises.within(1, "count", below=False)
    assert places == sorted(places)


def test_words_find_the_promises_under_a_heading(corpus: Corpus) -> None:
    topic = corpus.targets[0].topic
    headed = [corpus.promises.targets[place] for place in corpus.promises.headed(corpus.words.fold(topic))]
    assert headed == [t for t in corpus.targets if topic in t.topic]
