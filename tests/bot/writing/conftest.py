"""The check of what a model writes, over the served documents, and what stands beside its sources."""

import pytest

from bot.settings import ROOT
from bot.writing.faithfulness import Support
from corpus.corpus import Corpus

# What a source of a made-up document is headed by.
BESIDE = "某区2025年政府工作报告2025年"


@pytest.fixture(scope="session")
def support(corpus: Corpus) -> Support:
    return Support.load(ROOT / "prompts", corpus)
