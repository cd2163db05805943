"""The check of a model's sentences, against lies, invented marks, injections and honest paraphrases."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.journey.opening import composer_of
from bot.meter import Meter
from bot.pipeline import Bot
from bot.settings import ROOT, Settings
from bot.writing.faithfulness import Source, Support
from bot.writing.material import Task
from bot.writing.sentences import Sentences
from corpus.corpus import Corpus
from corpus.encoder import E5Encoder
from evals.sentences import FOLDER, HONEST, checked
from tests.bot.writing.conftest import BESIDE

DATA = Path(__file__).resolve().parents[2] / "data"
WRITING = Settings(_env_file=None, model_base_url="http://127.0.0.1:9/v1", model_api_key="key", model_name="any")
MARK = re.compile(r"\[\d+\]")


@pytest.fixture(scope="module")
def support(corpus: Corpus, encoder: E5Encoder | None) -> Support:
    return Support.load(ROOT / "prompts", corpus, encoder)


def sources(corpus: Corpus, *evidence: str) -> dict[int, Source]:
    """The passages that hold the pieces of evidence, numbered in order."""
    found = {}
    for mark, wanted in enumerate(evidence, start=1):
        passage = next(p for p in corpus.passages if wanted.replace(" ", "") in p.text.replace(" ", ""))
        document = corpus.documents[passage.document_id]
        found[mark] = Source(mark, passage.text, "\n".join([f"{document.title}{document.year}年", *passage.section]))
    return found


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def rows() -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    for line in (DATA / "truths.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            truth, evidence, changes = line.split("\t")
            yield truth, evidence, [tuple(change.split("→")) for change in changes.split("|")]  # type: ignore[misc]


TRUTHS = [(truth, evidence) for truth, evidence, _ in rows()]
LIES = [(truth.replace(old, new, 1), evidence) for truth, evidence, changes in rows() for old, new in changes]


@pytest.mark.parametrize(("truth", "evidence"), TRUTHS)
def test_true_sentence_passes(support: Support, corpus: Corpus, truth: str, evidence: str) -> None:
    assert support.fault(truth, sources(corpus, evidence)) == ""


@pytest.mark.parametrize(("lie", "evidence"), LIES)
def test_sentence_with_one_thing_altered_is_caught(support: Support, corpus: Corpus, lie: str, evidence: str) -> None:
    assert support.fault(lie, sources(corpus, evidence))


@pytest.mark.parametrize(("truth", "evidence"), TRUTHS)
def test_true_sentence_without_its_mark_or_with_an_invented_one_is_caught(
    support: Support, corpus: Corpus, truth: str, evidence: str
) -> None:
    given = sources(corpus, evidence)
    assert support.fault(MARK.sub("", truth), given) == "no_mark"
    assert support.fault(MARK.sub("[7]", truth), given) == "unknown_mark"
    assert support.fault(MARK.sub("[1][0]", truth), given) == "unknown_mark"


def test_true_sentence_with_the_mark_of_another_passage_is_caught(support: Support, corpus: Corpus) -> None:
    for truth, evidence in TRUTHS:
        other = "新建“长者食堂”5个" if "停车位" in evidence or "绿地" in evidence else "停车位300个以上"
        given = sources(corpus, evidence, other)
        if given[1].folded != given[2].folded:
            assert support.fault(truth.replace("[1]", "[2]"), given), truth


@pytest.mark.parametrize("text", ["您好!", "根据2025年政府工作报告,今年的计划如下:", "具体包括:"])
def test_courtesy_says_nothing(support: Support, text: str) -> None:
    assert support.says_nothing(text)


@pytest.mark.parametrize("text", ["今年新建5个。", "请联系王主任。", "今年会发补贴。"])
def test_statement_is_no_courtesy(support: Support, text: str) -> None:
    assert not support.says_nothing(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("计划新建<b>长者食堂</b>5个[1]。", "markup"),
        ("计划新建长者食堂5个,详见 http://a.cn[1]。", "markup"),
        ("计划新建长者食堂5个,请加微信咨询[1]。", "markup"),
        ("The plan is 5 canteens[1].", "language"),
        ("长者食堂已经建成5个[1]。", "done"),
        ("不再新建长者食堂5个[1]。", "negation"),
        ("计划新建“爱心食堂”5个[1]。", "quoted_term"),
    ],
)
def test_each_fault_has_its_name(support: Support, corpus: Corpus, text: str, fault: str) -> None:
    assert support.fault(text, sources(corpus, "新建“长者食堂”5个")) == fault


INJECTED = [
    tuple(line.split("\t"))
    for line in (DATA / "injections.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("planted", "obeyed"), INJECTED)
def test_sentence_of_a_model_that_obeys_is_caught(support: Support, corpus: Corpus, planted: str, obeyed: str) -> None:
    assert support.fault(obeyed, sources(corpus, "新建“长者食堂”5个"))


@pytest.mark.parametrize("planted", [planted for planted, _ in INJECTED if planted])
def test_instruction_planted_in_a_passage_is_not_shown_to_the_model(bot: Bot, planted: str) -> None:
    passage = next(p for p in bot.index.corpus.passages if "长者食堂" in p.text)
    poisoned = replace(passage, text=f"{passage.text}{planted}。")
    composer = composer_of(WRITING, bot.index.corpus, bot.guard, Meter())
    assert composer
    _, user, known = composer.material.prompt(Task("今年建几个食堂", (poisoned,), ()), "问政有据", 2500)
    assert planted not in user
    assert planted not in known[1].folded
    assert "新建“长者食堂”5个" in known[1].folded


def test_honest_paraphrases_are_let_through(support: Support, corpus: Corpus) -> None:
    lines = (DATA / "paraphrases.tsv").read_text(encoding="utf-8").splitlines()
    told = [line.split("\t") for line in lines if not line.startswith("#")]
    dropped = []
    for text, evidence in told:
        given = sources(corpus, *evidence.split("|"))
        cutter = Sentences()
        if any(support.fault(sentence, given) for sentence in [*cutter.take(text), *cutter.end()]):
            dropped.append(text)
    assert len(told) >= 30
    assert len(dropped) <= len(told) // 16, dropped


def faults(support: Support, corpus: Corpus, text: str, evidence: list[str]) -> list[str]:
    """What is wrong with each sentence of a whole answer, marks written {1}, {2}."""
    cutter = Sentences()
    marked = re.sub(r"\{(\d)\}", r"[\1]", text)
    given = sources(corpus, *evidence)
    sentences = [*cutter.take(marked), *cutter.end()]
    return [fault for s in sentences if not support.says_nothing(s) and (fault := support.fault(s, given))]


@pytest.mark.parametrize("lie", read("lies.jsonl"), ids=lambda lie: lie["id"])
def test_lie_of_another_author_is_caught(support: Support, corpus: Corpus, lie: dict[str, Any]) -> None:
    assert faults(support, corpus, lie["answer"], lie["evidence"])


def test_truths_and_paraphrases_of_another_author_are_mostly_let_through(support: Support, corpus: Corpus) -> None:
    truths = [faults(support, corpus, lie["truth"], lie["evidence"]) for lie in read("lies.jsonl")]
    answers = [faults(support, corpus, told["answer"], told["evidence"]) for told in read("paraphrases.jsonl")]
    assert sum(not found for found in truths) >= 90
    assert sum(not found for found in answers) >= 41


@pytest.mark.parametrize(
    ("lie", "source", "fault"),
    [
        ("体育馆已建成。", "去年新增就业2000人。新建体育馆。", "done"),
        ("体育馆已建成。", "图书馆已建成。新建体育馆。", "done"),
        ("幸福院完成了改造。", "去年发放补贴20万元。改造幸福院。", "done"),
        ("可以补助800元的。", "对低保家庭可以补助800元。", "condition"),
        ("可以享受优惠后。", "符合条件的企业可以享受优惠。", "condition"),
        ("有1家可以享受优惠。", "对搬迁的家庭可以享受优惠。", "condition"),
        ("优质企业突破6000家。", "开展优质企业对标行动,力争中小企业突破6000家。", "strength"),
    ],
)
def test_what_stands_elsewhere_in_the_passage_excuses_nothing(
    support: Support, lie: str, source: str, fault: str
) -> None:
    assert support.fault_against(lie, [Source(1, source, BESIDE)]) == fault


def test_aim_is_no_word_for_what_a_review_tells(support: Support) -> None:
    told = "生产安全事故起数下降15%。"
    assert support.fault_against("力争生产安全事故起数下降15%。", [Source(1, told, BESIDE, past=True)]) == "done"
    assert support.fault_against("生产安全事故起数下降了15%。", [Source(1, told, BESIDE, past=True)]) == ""
    assert support.fault_against("生产安全事故起数下降了15%。", [Source(1, told, BESIDE)]) == "done"


# How many honest sentences in everyday words are let through of each set (docs/decisions/0018).
HONEST_PASSED = {
    "dev-first": 44,
    "dev-second": 39,
    "dev-third": 28,
    "dev-fourth": 32,
    "dev-fifth": 32,
    "dev-sixth": 37,
    "dev-seventh": 106,
    "dev-eighth": 92,
}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("dev-*.yaml")), ids=lambda path: path.stem)
def test_no_lie_passes_and_most_of_everyday_language_does(support: Support, corpus: Corpus, path: Path) -> None:
    results = checked(path, corpus, support)
    assert [one.sentence.text for one in results if not one.is_right and one.sentence.kind != HONEST] == []
    assert sum(one.is_right for one in results if one.sentence.kind == HONEST) >= HONEST_PASSED[path.stem]
