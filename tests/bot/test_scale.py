"""How much of the documents a question looks at does not grow with them: what it needs is looked up."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bot.pipeline import Bot
from corpus.build import hashing_embedder
from tests.conftest import bot_over

FIELDS = "title: 2025年某区政府工作报告\nyear: 2025\nkind: annual_plan"
OWN = (
    "新建长者食堂5个，投资2亿元。",
    "推进环湖绿道项目前期工作。",
    "新增停车位9000个。",
    "开展千企入园行动，完善千企入园机制。",
)
QUESTIONS = (
    "长者食堂今年建几个",
    "停车位新增多少个，在哪里",
    "8000个以上的有哪些",
    "还在前期的项目有哪些",
    "长者食堂有哪些数字目标",
    "报告哪几处提到千企入园",
    "三横五纵是什么意思",
    "飞船什么时候发射",
)


class Counted:
    """Counts what is taken out of the sequences and mappings it stands in for."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    def sequence(self, name: str, items: tuple[Any, ...]) -> tuple[Any, ...]:
        counted = self

        class Sequence(tuple):  # type: ignore[type-arg]
            def __iter__(self) -> Iterator[Any]:
                for item in super().__iter__():
                    counted.taken[name] += 1
                    yield item

            def __getitem__(self, place: Any) -> Any:
                counted.taken[name] += 1
                return super().__getitem__(place)

        return Sequence(items)

    def mapping(self, name: str, items: dict[str, Any]) -> dict[str, Any]:
        counted = self

        class Mapping(dict):  # type: ignore[type-arg]
            def __getitem__(self, key: str) -> Any:
                counted.taken[name] += 1
                return super().__getitem__(key)

            def values(self) -> Any:
                counted.taken[name] += len(self)
                return super().values()

            def items(self) -> Any:
                counted.taken[name] += len(self)
                return super().items()

            def __iter__(self) -> Iterator[str]:
                counted.taken[name] += len(self)
                return super().__iter__()

        return Mapping(items)


def report(others: int) -> str:
    """A report with the sentences asked about, and so many others of which each has words and figures of its own."""
    filler = [
        f"修缮{chr(0x5000 + i)}{chr(0x5001 + i)}村道路{i % 37 + 1}公里，带动{chr(0x6000 + i)}{chr(0x6100 + i)}产业。"
        for i in range(others)
    ]
    terms = [f"{i + 1}.{chr(0x5000 + i)}{chr(0x6000 + i)}工程：即修缮道路的工程。" for i in range(others // 10)]
    return "\n".join(["2025年某区政府工作报告", "一、2025年工作安排", *OWN, *filler, "附注", *terms])


def looked_at(bot: Bot) -> dict[str, Counter[str]]:
    """What of the documents each question looks at once everything that is built once is built."""
    corpus, counted = bot.index.corpus, Counted()
    for question in QUESTIONS:
        bot.answer(question)
    for name in ("passages", "terms", "targets"):
        corpus.__dict__[name] = counted.sequence(name, getattr(corpus, name))
    corpus.promises.targets = counted.sequence("promises", corpus.promises.targets)
    names = bot.language.terms
    names._terms, names._names = (counted.sequence("names", held) for held in (names._terms, names._names))
    for held in (corpus.promises.clauses, corpus.promises.around):
        held.texts = counted.sequence("clauses of promises", held.texts)
    for name in ("folded", "clauses", "by_id"):
        corpus.__dict__[name] = counted.mapping(name, getattr(corpus, name))
    found = {}
    for question in QUESTIONS:
        counted.taken.clear()
        bot.answer(question + "？")
        found[question] = Counter(counted.taken)
    return found


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Counter[str]]]:
    """The same of a small and of a large report."""
    found = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.journey.opening.builtin_embedder", lambda corpus, encoder=None: hashing_embedder(corpus))
        for others in (60, 600):
            with bot_over(tmp_path_factory.mktemp("scale"), some=(FIELDS, report(others))) as bot:
                assert len(bot.index.corpus.passages) > others
                found.append(looked_at(bot))
    return found


@pytest.mark.parametrize("question", QUESTIONS)
def test_question_looks_at_no_more_of_a_report_ten_times_as_long(
    looked: list[dict[str, Counter[str]]], question: str
) -> None:
    small, large = (sum(of[question].values()) for of in looked)
    assert small > 0
    assert large <= small + 30
