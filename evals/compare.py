"""What two stored runs answer differently: the status, the text, or the passages cited."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evals.case import Case, Result

COMPARED = ("status", "answer", "citations")


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that came out otherwise; `kinds` names what differs."""

    case: Case
    kinds: tuple[str, ...]
    before: str
    after: str


def differences(before: Iterable[Result], after: Iterable[Result]) -> Iterator[Difference]:
    """The cases both runs hold, in the order of the second, that differ. Ids of answers are new in every run."""
    known = {result.case.id: result for result in before}
    for new in after:
        old = known.get(new.case.id)
        kinds = tuple(kind for kind in COMPARED if old and old.answer[kind] != new.answer[kind])
        if old and kinds:
            yield Difference(new.case, kinds, _shown(old), _shown(new))


def alone(before: Iterable[Result], after: Iterable[Result]) -> tuple[int, int]:
    """How many cases only the first run holds, and only the second."""
    first, second = ({result.case.id for result in run} for run in (before, after))
    return len(first - second), len(second - first)


def lines(before: Iterable[Result], after: Iterable[Result]) -> list[str]:
    """What is printed: a paragraph a difference, then how many there are."""
    first, second = list(before), list(after)
    found = list(differences(first, second))
    gone, come = alone(first, second)
    shown = [f"{d.case.id} {'、'.join(d.kinds)}：{d.case.question}\n  - {d.before}\n  + {d.after}" for d in found]
    beside = f"，只在前一次的 {gone} 题，只在后一次的 {come} 题" if gone or come else ""
    return [*shown, f"{len(second)} 题，不同 {len(found)} 题{beside}"]


def _shown(result: Result) -> str:
    return f"[{result.answer['status']}] {result.answer['answer']}".replace("\n", " ")
