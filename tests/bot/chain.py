"""The audit's chain, as tests hold it to be whole."""

from bot.records import audit
from bot.records.database import Database


def broken_at(database: Database) -> int | None:
    """The number of the first entry that is missing or was changed; None when the chain is whole."""
    numbers = (fault.first for fault in audit.examine(database) if fault.kind in ("missing", "changed"))
    return min(numbers, default=None)
