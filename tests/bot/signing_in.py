"""Signing in without the web, which takes the three steps apart."""

from bot.records.accounts import users
from bot.records.accounts.tries import Place
from bot.records.accounts.users import Policy
from bot.records.database import Database

NOWHERE = Place()


def sign_in(database: Database, name: str, password: str, policy: Policy, place: Place = NOWHERE) -> str:
    """The token of a new sign-in. Raises as `users.begin` and `users.end`."""
    begun = users.begin(database, name, place, policy)
    return users.end(database, begun, users.examine(begun, password), policy).token
