"""Somebody who signs in with a keyboard."""

from playwright.sync_api import Locator, Page, expect

from bot.records.accounts import users
from bot.records.database import Database
from tests.bot.web.signed_in import PASSWORD


def account(url: str, role: str, name: str = "") -> str:
    """An account in the database at `url`: its name. Its password is PASSWORD."""
    database = Database(url, "暂时记不下")
    chosen = name or f"someone-{role}"
    if chosen not in {one["name"] for one in users.every(database)}:
        users.add(database, chosen, role, PASSWORD, "test")
    database.close()
    return chosen


def sign_in(page: Page, address: str, name: str, path: str = "desk") -> None:
    """Sign in through the page, with the keyboard, on the way to a path of the desk or the office."""
    page.goto(f"{address}/{path}")
    expect(page.get_by_label("名字")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{path}")


def tab_to(page: Page, wanted: Locator, most: int = 150) -> None:
    """Go on with the keyboard until something has the focus."""
    wanted.wait_for()
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {wanted}")
