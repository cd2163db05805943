"""The tree at the head of the errors is the family as it is."""

import re

from bot import errors
from bot.errors import BotError

NODE = re.compile(r"^([│ ]*)[├└]── (\w+)(?: \((\d+)\))?", re.MULTILINE)
STEP = 4  # characters by which a child is set in


def family(parent: type[BotError]) -> dict[str, tuple[str, int]]:
    """Every error below one: its parent and its status, by name."""
    own = {child.__name__: (parent.__name__, child.http_status) for child in parent.__subclasses__()}
    return own | {name: told for child in parent.__subclasses__() for name, told in family(child).items()}


def drawn() -> dict[str, tuple[str, int]]:
    """The same, as the tree shows it; a status that is not written is that of the parent."""
    above, found = [("BotError", 0)], dict[str, tuple[str, int]]()
    for indent, name, status in NODE.findall(errors.__doc__ or ""):
        del above[len(indent) // STEP + 1 :]
        parent, usual = above[-1]
        above.append((name, int(status or usual)))
        found[name] = parent, above[-1][1]
    return found


def test_tree_shows_every_error_below_its_parent_with_its_status() -> None:
    assert drawn() == family(BotError)
