from pathlib import Path

from bot.answering.excerpt import citation, quote_text
from bot.wording import Wording
from corpus.corpus import read_corpus
from tests.conftest import ROOT


def test_quotes_of_two_years_are_each_led_in_by_theirs(tmp_path: Path) -> None:
    folder = tmp_path / "documents" / "two-2025"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(
        "一、2024年工作回顾\n新增停车位200个。\n二、2025年工作安排\n新增停车位300个。\n另增100个。"
    )
    (folder / "document.yaml").write_text("title: 报告\nyear: 2025\npublisher: 某区\nfile: a.txt\n")
    corpus = read_corpus(folder.parent, ROOT / "corpus" / "lexicon", tmp_path / "data")
    cited = [citation(n, p, (0, len(p.text) - 1), corpus) for n, p in enumerate(corpus.passages, start=1)]
    told = quote_text(cited, corpus, Wording.load(ROOT / "prompts"))
    assert told.splitlines() == [
        "据《报告》，2024年的情况是：新增停车位200个。[1]",
        "据《报告》，2025年的计划是：",
        "新增停车位300个。[2]",
        "另增100个。[3]",
    ]
