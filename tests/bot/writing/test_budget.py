from datetime import date

import pytest

from bot.writing.budget import Budget, Usage, estimated


def test_spent_budget_is_there_again_the_next_day() -> None:
    days = [date(2026, 1, 1)]
    budget = Budget(1000, lambda: days[0])
    budget.spend(Usage(counted=(900, 200)))
    assert not budget.left
    days[0] = date(2026, 1, 2)
    assert budget.left


def test_no_limit_is_never_spent() -> None:
    budget = Budget(0)
    budget.spend(Usage(counted=(10**9, 10**9)))
    assert budget.left


def test_what_the_endpoint_counts_goes_before_the_estimate() -> None:
    usage = Usage("问题")
    usage.add("今年", 0, 0)
    usage.add("计划新建5个。", 12, 7)
    assert usage.tokens == (12, 7)


def test_what_the_endpoint_does_not_count_is_estimated_from_all_that_was_written() -> None:
    usage, whole = Usage("材料" * 100), "今年计划新建长者食堂5个[1]。"
    for character in whole:
        usage.add(character, 0, 0)
    assert usage.tokens == (estimated("材料" * 100), estimated(whole))
    assert min(usage.tokens) > 0
    budget = Budget(100)
    budget.spend(usage)
    assert not budget.left


@pytest.mark.parametrize(("text", "least", "most"), [("", 0, 0), ("材料" * 100, 100, 200), ("plain words", 2, 6)])
def test_estimate_is_of_the_size_of_the_text(text: str, least: int, most: int) -> None:
    assert least <= estimated(text) <= most
