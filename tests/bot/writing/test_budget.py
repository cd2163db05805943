from datetime import date

from bot.writing.budget import Budget


def test_spent_budget_is_there_again_the_next_day() -> None:
    days = [date(2026, 1, 1)]
    budget = Budget(1000, lambda: days[0])
    budget.spend(900, 200)
    assert not budget.left
    days[0] = date(2026, 1, 2)
    assert budget.left


def test_no_limit_is_never_spent() -> None:
    budget = Budget(0)
    budget.spend(10**9, 10**9)
    assert budget.left
