"""The quantified promises of a plan: action, object, amount, deadline and clause.

A clause is split after each figure, so that 新开工项目50个、竣工40个以上 gives two targets. The text before the
figure is its object; where that is only a verb (招引10个以上…大项目), the object follows.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus import tuning
from corpus.figures import TIMES, Figure, dimension, figures
from corpus.outline import clauses
from corpus.passage import Clause, Part, Passage
from corpus.words import Words

DEADLINE = re.compile(r"(?:20\d\d年)?(?:1?\d月(?:底|初|中旬)?前?|年底前?|[春夏秋冬]季|上半年|下半年)")
LEAD_IN = re.compile(r"^(?:力争|确保|争取|全年|今年|年内|\d{4}年|其中|预期目标是|.{0,14}目标是[:\uff1a])+")
EDGES = " 、,\uff0c;\uff1b。:\uff1a"
# Words for a change rather than an amount; and phrases that state only this, or nothing, about the preceding object.
CHANGES = re.compile("增长|增加(?!值)|增速|增幅|提高|提升|上升|下降|降低|减少|压减")
OF_THE_SAME = re.compile(rf"(?:(?:同比|比上年|较上年|年均|累计|分别)*(?:{CHANGES.pattern}))?")
# Units that are no amounts, unlike days. A term of years is a policy rule (延长30年), no promise.
NO_AMOUNTS = TIMES - {"天"} | {"", "周年"}


@dataclass(frozen=True, slots=True)
class Target:
    """One quantified promise. `number` is in single units of `unit` (62亿元 -> 6.2e9 元); `upper` ends a range.

    `start` and `end` place `clause` in the passage's text. `deadline` is what the clause says, else the plan's year.
    """

    id: str
    document_id: str
    passage_id: str
    topic: str
    action: str
    object: str
    comparator: str
    number: float
    upper: float | None
    unit: str
    amount: str
    deadline: str
    clause: str
    start: int
    end: int


def targets(passages: Iterable[Passage], part_of: Callable[[Passage], Part], words: Words) -> list[Target]:
    """Every quantified promise in plans; reviews and regulations have none."""
    return _quantified(passages, lambda passage: part_of(passage) if part_of(passage).promises else None, words, "t")


def results(passages: Iterable[Passage], part_of: Callable[[Passage], Part], words: Words) -> list[Target]:
    """Every quantified statement in a one-year review, in the shape of targets."""

    def reviewed(passage: Passage) -> Part | None:
        part = part_of(passage)
        return part if part.kind == "review" and part.since == part.until else None

    return _quantified(passages, reviewed, words, "r")


def _quantified(
    passages: Iterable[Passage], wanted: Callable[[Passage], Part | None], words: Words, letter: str
) -> list[Target]:
    found: list[Target] = []
    counts: Counter[str] = Counter()
    for passage in passages:
        if part := wanted(passage):
            prefix, made, sentence = f"{passage.document_id}-{letter}", list[Target](), 0
            for clause in clauses(passage):
                above = made[-1] if made and sentence == clause.sentence else None
                sentence = clause.sentence
                made = list(_of_clause(part, passage, clause, words, prefix, counts[passage.document_id], above))
                counts[passage.document_id] += len(made)
                found += made
    return found


def answered_by(
    promised: Iterable[tuple[Target, int]], told: Iterable[tuple[Target, int]], words: Words
) -> dict[str, Target]:
    """The result of each promise, by its id: the one of the same year with the most similar object.

    Both come with their year. Ambiguous matches, on either side, are dropped.
    """
    of_year: dict[int, list[Target]] = {}
    for result, year in told:
        of_year.setdefault(year, []).append(result)
    found = {}
    for target, year in promised:
        near = [(alike(target, r, words), r) for r in of_year.get(year, ()) if r.document_id != target.document_id]
        best = max((share for share, _ in near), default=0.0)
        nearest = [result for share, result in near if share == best]
        if best and len(nearest) == 1:
            found[target.id] = nearest[0]
    times = Counter(result.id for result in found.values())
    return {target: result for target, result in found.items() if times[result.id] == 1}


def alike(one: Target, other: Target, words: Words) -> float:
    """The similarity of two statements about the same thing, counted in the same way (0 to 1; 0 where they differ).

    They match when all characters of one object occur in the other's and are most of it: urban and rural incomes are
    two things. A change is never compared with an amount.
    """
    if dimension(one.unit) != dimension(other.unit) or _tells_a_change(one) != _tells_a_change(other):
        return 0.0
    pairs = zip(_readings(one, words), _readings(other, words), strict=True)
    shares = (len(a & b) / len(a | b) for a, b in pairs if a and b and (a <= b or b <= a))
    return max((share for share in shares if share >= tuning.SAME_THING), default=0.0)


def _tells_a_change(target: Target) -> bool:
    return bool(CHANGES.search(target.action + target.object))


def _readings(target: Target, words: Words) -> tuple[frozenset[str], frozenset[str]]:
    """The characters of an object, whole and without the words before the figure (收入按可比口径增长, 生产总值完成)."""
    cut = words.cut(words.fold(target.object))
    noun = next((at for at, word in enumerate(cut) if at and words.is_preposition(word)), len(cut))
    ends = next((end for end in range(noun, 0, -1) if not words.is_action(cut[end - 1])), noun)
    return frozenset("".join(cut)), frozenset("".join(cut[:ends]))


def _of_clause(
    part: Part, passage: Passage, clause: Clause, words: Words, prefix: str, before: int, above: Target | None
) -> Iterator[Target]:
    """The statements of a clause; one that only states a change takes the object of the clause before (`above`)."""
    text = clause.text.rstrip(EDGES)
    counted = [f for f in figures(text) if _is_amount(f)]
    deadline = DEADLINE.search(text)
    start, end = clause.start, clause.start + len(text)
    action, thing, used = "", "", 0
    for index, figure in enumerate(counted):
        left = LEAD_IN.sub("", text[used : figure.start].strip(EDGES))
        until = counted[index + 1].start if index + 1 < len(counted) else len(text)
        # After a share or a punctuation mark comes something else: the object is before the figure.
        ends = figure.unit == "%" or text[figure.end : figure.end + 1] in EDGES
        right = "" if ends else text[figure.end : until].strip(EDGES)
        if above and not (used or right) and OF_THE_SAME.fullmatch(left):
            start, thing = above.start, above.object
        verb, named, follows = _counted(left, right, thing, words)
        action, thing = verb or action, named or thing
        used = until if follows else figure.end
        yield Target(
            id=f"{prefix}{before + index + 1:02d}",
            document_id=passage.document_id,
            passage_id=passage.id,
            topic=passage.heading,
            action=action,
            object=thing,
            comparator=figure.comparator,
            number=figure.value,
            upper=figure.upper,
            unit=figure.unit,
            amount=figure.text,
            deadline=deadline.group() if deadline else f"{part.until}年",
            clause=passage.text[start:end],
            start=start,
            end=end,
        )


def _counted(left: str, right: str, before: str, words: Words) -> tuple[str, str, bool]:
    """As `_verb_and_object`; for a bare change, with the preceding object."""
    if before and not right and OF_THE_SAME.fullmatch(left):
        return left, before, False
    return _verb_and_object(left, right, words)


def _is_amount(figure: Figure) -> bool:
    """Whether a figure has a unit that counts or measures."""
    return figure.unit not in NO_AMOUNTS


def _asks_for_object(cut: Sequence[str], words: Words) -> bool:
    """Whether the text before a figure does not end in a noun; one long word (努力完成) is judged by its end."""
    ends = (cut[-1], cut[-1][-2:]) if len(cut) == 1 else (cut[-1],)
    return not all(words.is_noun(end) for end in ends)


def _verb_and_object(left: str, right: str, words: Words) -> tuple[str, str, bool]:
    """The leading verbs of a phrase (引进和培育), its object, and whether that follows the figure."""
    cut = words.cut(left)
    if right and (not cut or _asks_for_object(cut, words)):
        return left, right, True
    verb = ""
    for word in cut:
        joins = word in ("和", "并", "及") and bool(verb)
        if not left.startswith(verb + word) or not (joins or words.is_action(word)):
            break
        verb += word
    return (verb, left[len(verb) :], False) if len(verb) < len(left) else ("", left, False)
