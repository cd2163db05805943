"""Evidence: a run of clauses that speaks of what was asked; and how surely a text holds a concept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from bot import tuning
from bot.understanding.kinds import Kind
from bot.understanding.topics import Concept
from corpus.outline import NOTE, lead_span
from corpus.passage import Clause, Passage, Stated
from corpus.substrings import Substrings

ENDINGS = ",\uff0c;\uff1b。"
SEMICOLONS = ";\uff1b"
# The number before an annotation.
NUMBERED = re.compile(f"^{NOTE}")
# How many names are cached with their character pairs: bounded, since residents may say anything.
REMEMBERED = 16_384

Names = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A run of clauses of one sentence.

    `coverage`: how much of the question it speaks of (0 to 1); `relevance`: that and what retrieval thinks of its
    passage; `score`: that and whether it is `proven`, holds the thing asked for; `proves`: which of the details that
    may be asked for it holds. `sentence` and `clause` are how near
    in meaning its sentence under its heading, and the nearest of its clauses, are (cosines); `retrieval` is its
    passage's score against the best one's; `rank` is what all of this comes to, higher is better.
    """

    passage: Passage
    start: int
    end: int
    coverage: float
    relevance: float
    score: float
    proven: bool
    concepts: frozenset[tuple[str, ...]]
    proves: frozenset[Kind] = frozenset()
    sentence: float = 0.0
    clause: float = 0.0
    retrieval: float = 0.0
    length: int = 0
    rank: float = 0.0

    @property
    def quote(self) -> str:
        """The exact words, without a comma or stop at the end."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a hit, and how strongly each concept of the question stands in each of its clauses.

    `near` and `nearness` are how near in meaning it is under its heading, and each clause.
    """

    passage: Passage
    stated: Stated
    strengths: tuple[tuple[float, ...], ...]  # [concept][clause]
    near: float = 0.0
    nearness: tuple[float, ...] = ()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Its clauses."""
        return self.stated.clauses

    @property
    def folded(self) -> tuple[str, ...]:
        """Its clauses, folded."""
        return self.stated.folded

    @cached_property
    def best(self) -> tuple[float, ...]:
        """How strongly the sentence holds each concept."""
        return tuple(map(max, self.strengths))

    @cached_property
    def meant(self) -> tuple[float, ...]:
        """For each clause 1 if it is as near in meaning as the nearest, else 0."""
        least = max(self.nearness) - tuning.AS_NEAR
        return tuple([float(near >= least) for near in self.nearness])


def strength(name: str, text: str) -> float:
    """How surely a folded text holds a name: 1 verbatim, less when only most of a long name's pairs are there."""
    if name in text:
        return 1.0
    if len(name) < 3 or name.isascii():
        return 0.0
    if len(name) >= 4 and name[-2:] not in text:
        return 0.0  # the last pair names the thing, the others qualify it
    pairs = _pairs(name)
    found = sum([pair in text for pair in pairs]) / len(pairs)
    return found * tuning.PARTIAL_NAME_COUNTS if found >= tuning.PARTIAL_NAME else 0.0


@lru_cache(maxsize=REMEMBERED)
def _pairs(name: str) -> frozenset[str]:
    return frozenset(name[i : i + 2] for i in range(len(name) - 1))


def concept_strength(concept: Concept, text: str) -> float:
    """The best of the concept's names in a folded text, each by its own weight."""
    return strongest(concept.names, text)


def strongest(names: Names, text: str) -> float:
    """The best of some names in a folded text, each by its own weight."""
    return max([weight * strength(name, text) for name, weight in names if weight], default=0.0)


def speaking(concepts: Sequence[Concept], texts: Substrings, least: float) -> list[int]:
    """The indices of the folded texts that hold one of the concepts at least this strongly (above 0), in order."""
    names = {name for concept in concepts for name, weight in concept.names if weight >= least}
    near = {place for name in names for pair in _telling(name) for place in texts.holding(pair).tolist()}
    return sorted(i for i in near if any(concept_strength(concept, texts.texts[i]) >= least for concept in concepts))


def _telling(name: str) -> Sequence[str]:
    """Strings of which every text that may hold the name contains at least one."""
    if len(name) < 3 or name.isascii():
        return (name,)
    return (name[-2:],) if len(name) >= 4 else (name[:2], name[1:])


def spoken(concept: Concept, text: str) -> Names:
    """The concept's names that a folded text, or any part of it, may hold."""
    return tuple([(name, weight) for name, weight in concept.names if strength(name, text)])


def joined(chosen: list[Evidence]) -> list[Evidence]:
    """The evidence with neighbouring sentences of a passage merged into one quote; the best stays first."""
    result: list[Evidence] = []
    places: dict[str, list[int]] = {}
    for evidence in chosen:
        beside = places.setdefault(evidence.passage.id, [])
        for index in beside:
            other = result[index]
            if _touch(other, evidence):
                start, end = min(other.start, evidence.start), max(other.end, evidence.end)
                result[index] = replace(other, start=start, end=end)
                break
        else:
            beside.append(len(result))
            result.append(evidence)
    return joined(result) if len(result) < len(chosen) else result


def _touch(one: Evidence, other: Evidence) -> bool:
    return one.start <= other.end + 1 and other.start <= one.end + 1


def whole_list(evidence: Evidence) -> Evidence:
    """The evidence stretched over the list it stands in, so that it is quoted complete: the semicolons of a sentence,
    or the whole of an annotation."""
    text = evidence.passage.text
    if evidence.passage.kind == "annotation":
        numbered = NUMBERED.match(text)
        return replace(evidence, start=numbered.end() if numbered else 0, end=trimmed(text, len(text)))
    start = text.rfind("。", 0, evidence.start) + 1
    end = text.find("。", evidence.end - 1)
    if end < 0 or not any(mark in text[start:end] for mark in SEMICOLONS):
        return evidence
    return replace(evidence, start=start, end=end)


def lead_of(evidence: Evidence) -> Evidence | None:
    """The lead-in that an item of an article depends on; None for anything else."""
    span = lead_span(evidence.passage.text, evidence.start)
    return replace(evidence, start=span[0], end=span[1]) if span else None


def whole_line(text: str, start: int, end: int) -> tuple[int, int]:
    """A span widened to its line, unless that is long: a rule must be quoted with its conditions."""
    first, last = text.rfind("\n", 0, start + 1) + 1, text.find("\n", end)
    last = len(text) if last < 0 else last
    return (first, last) if last - first <= tuning.LONG_LINE else (start, end)


def begun(text: str, start: int) -> int:
    """The start, moved past blanks and line ends."""
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def trimmed(text: str, end: int) -> int:
    """The end, moved back over commas and stops."""
    while end and text[end - 1] in ENDINGS:
        end -= 1
    return end
