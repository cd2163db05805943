"""What a clause of a source hangs on: for whom, when, where, under which condition; and whether a sentence keeps it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from bot import tuning
from bot.writing.checking.clauses import Clause
from corpus.words import Words

# A clause that sets a condition for those behind it, and one that adds a condition to those before it.
SETS = re.compile(
    r"^(?:对|经(?!济|营|验)|除|凡|如|若|因|当(?!年|地|前)|在.+(?:内|时|期间|中)$)|(?:的|外|时|期间|[^之]前|后)$"
)
STATES_ONE = re.compile(r"(?:的|外|时|期间|[^之]前|后)$")
ADDS = re.compile(r"^(?:且|并且|但|但是|不过)")
# A condition within a clause, before what it governs.
WITHIN = re.compile(
    r"(?:对|为(?!民|主|重|了|进|落|期|每)|向|经(?!济|营|验|常)|除)(?P<whom>[\u4e00-\u9fff\d]{2,14}?)"
    r"(?=给予|予以|提供|送|按|实行|免|减|每|可以|发放|进行|开展|外|不予|补)"
    r"|^(?P<where>(?:(?!在|禁止)[\u4e00-\u9fff]){2,8}?(?:区|期|范围))内(?=.{2})"
)
# The number of an article before its first words.
NUMBERED = re.compile(r"^第\d+条")
# What a list only exemplifies stands behind it.
EXAMPLES = re.compile(r"[^,]*、[^,]*等(?=[\u4e00-\u9fff]{2})")
OF = re.compile(r"的(?=[\u4e00-\u9fff])")

Held = Callable[[str], float]


def sets_condition(clause: str) -> bool:
    """Whether a clause states no fact of its own, but the condition of what follows it."""
    return bool(STATES_ONE.search(clause))


@dataclass(frozen=True)
class Conditions:
    """`entitles` are the words by which a clause gives, allows, asks or forbids: what stands before them counts."""

    entitles: re.Pattern[str]
    words: Words

    def dropped(self, source: Clause, held: Held) -> str:
        """A condition of a source's clause that a sentence leaves out, or an empty string.

        `held` tells which share of a stretch, from 0 to 1, the sentence says.
        """
        found = (EXAMPLES.sub("", one) for one in self._conditions(source, held))
        return next((one for one in found if held(one) < tuning.CONDITION_KEPT), "")

    def _conditions(self, source: Clause, held: Held) -> Iterator[str]:
        goes_on = source.text[0] == "并" and self.entitles.search(source.sentence)
        entitled = self.entitles.search(source.text) or (re.match("并", source.text) if goes_on else None)
        within = [found["whom"] or found["where"] for found in WITHIN.finditer(source.text)]
        if entitled:
            *which, who = OF.split(self._entitled(source.text, held) or source.text[: entitled.start()])
            within += [*which, *self._placed(source.text), *([who] if len(self.words.cut(who)) > 1 else [])]
            before = (NUMBERED.sub("", clause) for clause in _before(source, bool(within)))
            yield from (part for clause in before for part in OF.split(clause))
            yield from (clause for clause in source.after[:1] if ADDS.match(clause))
        yield from within

    def _entitled(self, text: str, held: Held) -> str:
        """Of several things that are given, the one of whom the sentence says most: each has what stands before it."""
        found = [(item, self.entitles.search(item)) for item in text.split("、")]
        before = [item[: given.start()] for item, given in found if given]
        return max(before, key=held) if len(before) > 1 else ""

    def _placed(self, text: str) -> Iterator[str]:
        """Where or when a thing may be done: what stands between 在 and the next verb."""
        words = self.words.cut(text)
        for at in (i for i, word in enumerate(words) if word == "在"):
            behind = list(dropwhile(self.words.is_action, words[at + 1 :]))
            place = "".join(takewhile(lambda word: not self.words.is_action(word), behind))
            if place and not any(c.isdigit() for c in place):
                yield place


def _before(source: Clause, has_own: bool) -> Iterator[str]:
    """The clauses before that set conditions; of a clause with one of its own, only those right before it."""
    behind = source.before[::-1]
    behind = behind if has_own else tuple(dropwhile(lambda clause: not SETS.search(clause), behind))
    yield from takewhile(lambda clause: bool(SETS.search(clause)), behind)
