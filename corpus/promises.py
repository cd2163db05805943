"""The targets of all plans, indexed by amount and by words."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from corpus import tuning
from corpus.figures import dimension
from corpus.passage import Passage
from corpus.substrings import Substrings
from corpus.targets import Target
from corpus.words import Words


class Promises:
    """Targets, numbered in document order. Read-only."""

    def __init__(self, targets: Iterable[Target], passages: dict[str, Passage], words: Words) -> None:
        self.targets = tuple(targets)
        self._passages, self._fold = passages, words.fold

    @cached_property
    def clauses(self) -> Substrings:
        """The clause of each, folded."""
        return Substrings(self._fold(target.clause) for target in self.targets)

    @cached_property
    def around(self) -> Substrings:
        """The clause of each, preceded by its heading and the section above, folded."""
        return Substrings(self._fold(" ".join([*self._above(target), target.clause])) for target in self.targets)

    def _above(self, target: Target) -> Sequence[str]:
        return self._passages[target.passage_id].section[-tuning.HEADINGS_ABOVE :]

    @cached_property
    def _by_amount(self) -> dict[str, tuple[list[float], list[int]]]:
        """The amounts of each dimension, lowest first, with their targets."""
        held: dict[str, list[tuple[float, int]]] = {}
        for place, target in enumerate(self.targets):
            held.setdefault(dimension(target.unit), []).append((target.upper or target.number, place))
        found = {}
        for name, amounts in held.items():
            amounts.sort()
            found[name] = ([amount for amount, _ in amounts], [place for _, place in amounts])
        return found

    @cached_property
    def of(self) -> dict[str, list[Target]]:
        """The targets of every passage that has any, by its id."""
        found: dict[str, list[Target]] = {}
        for target in self.targets:
            found.setdefault(target.passage_id, []).append(target)
        return found

    @cached_property
    def _topics(self) -> Substrings:
        return Substrings(self._fold(target.topic) for target in self.targets)

    def headed(self, words: str) -> Sequence[int]:
        """The numbers of those whose heading contains a folded string, in order."""
        found: list[int] = self._topics.holding(words).tolist()
        return found

    def within(self, amount: float, measured: str, below: bool) -> list[int]:
        """The numbers of those that promise at least (or at most) an amount of a dimension, in order."""
        amounts, places = self._by_amount.get(measured, ([], []))
        cut = bisect_right(amounts, amount) if below else bisect_left(amounts, amount)
        return sorted(places[:cut] if below else places[cut:])
