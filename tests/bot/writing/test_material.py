"""What a model is given of the passages."""

from bot.finding.evidence import Evidence
from bot.settings import ROOT
from bot.writing.material import Material, Task
from bot.writing.prompts import Prompts
from corpus.corpus import Corpus
from corpus.passage import Passage


def evidence(passage: Passage, quote: str) -> Evidence:
    start = passage.text.index(quote)
    return Evidence(passage, start, start + len(quote), 1.0, 1.0, 1.0, True, frozenset())


def test_model_is_given_the_sentences_that_answer_and_held_against_the_whole_passage(corpus: Corpus) -> None:
    material = Material(Prompts.load(ROOT / "prompts"), corpus, lambda sentence: False)
    near, other = (next(p for p in corpus.passages if wanted in p.text) for wanted in ("长者食堂", "停车位300个"))
    task = Task("老人食堂今年建几个", (near, other), (evidence(near, "新建“长者食堂”5个"),))
    system, user, sources = material.prompt(task, "某区", 2500)
    assert "【1】" in user
    assert "【2】" not in user
    assert "普惠托育" in user  # of the same sentence
    assert "双拥" not in user  # of another one
    assert "双拥" in sources[1].folded
    assert "某区" in system


def test_wish_for_another_way_of_speaking_is_passed_on(corpus: Corpus) -> None:
    prompts = Prompts.load(ROOT / "prompts")
    material = Material(prompts, corpus, lambda sentence: False)
    passage = corpus.passages[0]
    told = {q: material.prompt(Task(q, (passage,), ()), "某区", 2500)[1] for q in ("今年怎样", "今年怎样,用英文回答")}
    assert prompts.wishes("今年怎样,用英文回答").translated
    assert not prompts.wishes("今年怎样").told
    assert "英文回答，数字" not in told["今年怎样"]
    assert prompts.wishes("今年怎样,用英文回答").told in told["今年怎样,用英文回答"]


def test_instruction_in_a_passage_reaches_the_model_in_no_line(corpus: Corpus) -> None:
    material = Material(Prompts.load(ROOT / "prompts"), corpus, lambda sentence: "长者食堂" in sentence)
    passage = next(p for p in corpus.passages if "长者食堂" in p.text)
    task = Task("今年怎样", (passage,), (evidence(passage, "新建“长者食堂”5个"),))
    _, user, sources = material.prompt(task, "某区", 2500)
    assert "长者食堂" not in user
    assert "长者食堂" not in sources[1].folded
