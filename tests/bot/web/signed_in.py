"""Somebody signed in, for the tests of the desk and the office."""

from datetime import timedelta

from fastapi.testclient import TestClient

from bot.records.accounts import users
from bot.records.accounts.users import Policy
from bot.records.database import Database
from bot.web.staff.sign_in import COOKIE

HOUR = timedelta(hours=1)
PASSWORD = "correct horse battery"


def made(database: Database, role: str, name: str = "") -> str:
    """An account of a role: its name."""
    chosen = name or f"someone-{role}"
    if chosen not in {one["name"] for one in users.every(database)}:
        users.add(database, chosen, role, PASSWORD, "test")
    return chosen


def signed_in(client: TestClient, database: Database, role: str, name: str = "") -> str:
    """Sign a client in with an account of a role; the proof that its forms carry."""
    chosen = made(database, role, name)
    done = client.post("/sign-in", data={"name": chosen, "password": PASSWORD}, follow_redirects=False)
    assert done.status_code == 303
    user = users.of_token(database, client.cookies[COOKIE], Policy(HOUR, HOUR, 5, HOUR))
    assert user
    return user.csrf
