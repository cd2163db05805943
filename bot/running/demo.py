"""`python -m bot demo`: some weeks of questions, really answered, with the work of agents and editors.

All of it is marked: sessions and accounts begin with DEMONSTRATION. A database with other records is refused.
"""

import random
import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.answer import Answer, Status
from bot.errors import Conflict
from bot.office.drafts import refuse_unusable
from bot.pipeline import Bot
from bot.records import feedback, lookups, statistics, turns
from bot.records.accounts import users
from bot.records.database import Database
from bot.records.feedback import Feedback
from bot.records.lookups import Lookup
from bot.records.office import approved, switches
from bot.records.office.approved import Cited, Draft
from bot.records.office.switches import Switch
from bot.records.statistics import DEMONSTRATION
from bot.records.turns import Channel, Kept
from bot.running.versions import versions
from bot.settings import ROOT
from bot.wording import read_yaml

QUESTIONS = ROOT / "corpus" / "demo.yaml"
AGENT, EDITOR, ADMINISTRATOR = (DEMONSTRATION + role for role in ("agent", "editor", "administrator"))
ACCOUNTS = {AGENT: "agent", EDITOR: "editor", ADMINISTRATOR: "administrator"}
SEED, FEWEST_A_DAY, MOST_A_DAY, RATED, LOOKED_UP = 20, 4, 30, 0.3, 40
LIKED, LIKED_REFUSAL = 0.9, 0.35
CHANNELS: tuple[Channel, ...] = ("page", "page", "page", "lite", "api")


@dataclass(frozen=True, slots=True)
class Demo:
    """Makes the records of `corpus/demo.yaml` with an open bot."""

    bot: Bot
    database: Database

    def fill(self) -> dict[str, str]:
        """Fill an empty database; returns the passwords of its accounts, by name. Raises Conflict and NotKept.

        A database filled before keeps its records and only gets new passwords.
        """
        known = {one["name"] for one in users.every(self.database)}
        is_filled = statistics.is_demonstration(self.database)
        if not is_filled and (known - set(ACCOUNTS) or turns.sessions(self.database)):
            raise Conflict("这个数据库里有真实的账号或记录，不能放演示数据。请换一个 BOT_DATABASE_URL")
        made = self._accounts(known)
        if not is_filled:
            self._fill(read_yaml(QUESTIONS))
        return made

    def _fill(self, told: Mapping[str, Any]) -> None:
        chance = random.Random(SEED)  # the same demonstration every time
        answers = {question: self.bot.answer(question) for question in told["questions"]}
        kept = list(self._turns(answers, int(told["weeks"]), chance))
        turns.write(self.database, kept)
        for opinion in _opinions(kept, told["reasons"], chance):
            feedback.keep_feedback(self.database, opinion)
        self._look_up(kept, chance)
        for question in [*told["approved"], told["drafted"]]:
            self._approve(question, answers[question], release=question != told["drafted"])
        switches.set_switch(
            self.database,
            Switch("announcement", told["announcement"], ADMINISTRATOR, datetime.now(UTC), text=told["announcement"]),
        )

    def _turns(self, answers: Mapping[str, Answer], weeks: int, chance: random.Random) -> Iterator[Kept]:
        """Questions at the head of the list are asked most (Zipf's law); the number grows from day to day."""
        made = versions(self.bot)
        shares = [1 / rank for rank in range(2, len(answers) + 2)]
        now, days = datetime.now(UTC), weeks * 7
        for day in range(days):
            for _ in range(chance.randint(FEWEST_A_DAY, FEWEST_A_DAY + MOST_A_DAY * (day + 1) // days)):
                question = chance.choices(list(answers), shares)[0]
                ago = timedelta(days=days - 1 - day, minutes=chance.randint(1, 9 * 60))
                own = replace(answers[question], id=uuid.UUID(int=chance.getrandbits(128)).hex)
                session = f"{DEMONSTRATION}{chance.getrandbits(64):016x}"
                kept = Kept.of(chance.choice(CHANNELS), session, question, own, chance.uniform(0.004, 0.02), made)
                yield replace(kept, at=now - ago)

    def _look_up(self, kept: Sequence[Kept], chance: random.Random) -> None:
        for turn in chance.sample(list(kept), min(LOOKED_UP, len(kept))):
            answered = turn.status == Status.ANSWERED
            outcome = chance.choice(["answered"] * 9 + ["wrong"]) if answered else "transferred"
            source = turn.citations[0]["passage_id"] if turn.citations else ""
            lookups.keep(
                self.database, Lookup(turn.answer_id, AGENT, turn.question, source, turn.answer, outcome, turn.at)
            )

    def _approve(self, question: str, answer: Answer, release: bool) -> None:
        """An approved answer in the words of the excerpt; `release` False leaves it waiting for a second person."""
        cited = tuple(Cited(c.passage_id, c.quote) for c in answer.citations)
        newest, today = self.bot.index.corpus.newest.year, datetime.now(self.bot.site.zone).date()
        draft = Draft(question, answer.answer, cited, today, year=newest)
        refuse_unusable(draft, self.bot, today)
        written = approved.draft(self.database, draft, EDITOR)
        if release:
            approved.approve(self.database, written.id, written.version, ADMINISTRATOR)

    def _accounts(self, known: set[str]) -> dict[str, str]:
        made = {name: secrets.token_urlsafe(9) for name in ACCOUNTS}
        for name, role in ACCOUNTS.items():
            if name in known:
                users.reset(self.database, name, made[name], "command")
            else:
                users.add(self.database, name, role, made[name], "command")
        return made


def _opinions(kept: Sequence[Kept], reasons: Sequence[str], chance: random.Random) -> Iterator[Feedback]:
    """Opinions on some answers; refusals are liked less often."""
    for turn in kept:
        if chance.random() < RATED:
            useful = chance.random() < (LIKED if turn.status == Status.ANSWERED else LIKED_REFUSAL)
            yield Feedback(turn.answer_id, useful, "" if useful else chance.choice(list(reasons)))
