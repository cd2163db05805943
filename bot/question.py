"""From the words of a resident to a Question: what it speaks of, what it asks for, which figures it claims."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.asked import Asked, Cues
from bot.naming import named_terms
from corpus.build import Corpus
from corpus.figures import COUNTERS, UNITS, Figure, arabic, figures
from corpus.lexicon import Match
from corpus.passage import Term

SEGMENT = re.compile(r"[^。!?;,\n]+[。!?;,\n]*")
YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|\b|[^\d])")
PAST_YEAR = re.compile(r"去年|上年|上一年|前一年|去年底|旧年")
OFFICIAL_NAME = re.compile(r"[\u4e00-\u9fff]{2,12}(?:医院|大学|学院|中学|小学|公司|集团|银行|研究院)")
ASKED_UNIT = re.compile(rf"(?:多少|(?<![十这那好前])几)(万|亿|百|千)?({UNITS})")
# How much a name counts by its rank among those of a lexicon row, and words of a saying taken singly.
RANK_DECAY, SINGLE, SIDE_SEGMENT, CONTEXT = 0.93, 0.55, 0.45, 0.5
# Names tell more, verbs less, and words that no document holds are mostly talk.
NAME, VERB, UNKNOWN, UNKNOWN_NOUN, UNKNOWN_CLAIM = 1.6, 0.6, 0.35, 0.8, 0.1
SHORT = 28


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing the question speaks of: what was said, and the names under which a text may hold it (0 to 1)."""

    said: tuple[str, ...]
    names: tuple[tuple[str, float], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Question:
    """One turn, understood. `text` is masked and folded; `year` is the year asked about when it was named."""

    text: str
    concepts: tuple[Concept, ...]
    asked: tuple[Asked, ...]
    stages: frozenset[str]
    figures: tuple[Figure, ...]
    terms: tuple[Term, ...]
    unit: str
    year: int | None
    unheard: tuple[str, ...]
    is_claim: bool
    wants_list: bool
    wants_definition: bool
    wants_mentions: bool

    def asks(self, *names: str) -> bool:
        """Whether one of these things is asked for."""
        return any(item.name in names for item in self.asked)


def understand(text: str, corpus: Corpus, cues: Cues, context: Question | None = None) -> Question:
    """Read a folded question. `context` is the turn it follows up on: its concepts count half."""
    main = main_part(text, cues)
    asked = cues.asked(main)
    stages = cues.stages_of(main)
    concepts = concepts_of(text, asked, corpus, cues)
    if context:
        known = {s for c in concepts for s in c.said}
        inherited = [c for c in context.concepts if not known & set(c.said)]
        concepts += tuple(replace(c, weight=c.weight * CONTEXT) for c in inherited)
        asked, stages = (asked, stages) if asked else (context.asked, stages | context.stages)
    unit = ASKED_UNIT.search(main)
    claims = bool(cues.claim.search(text))
    claimed = tuple(f for f in figures(arabic(text)) if not _is_year(f))
    if claims and claimed and not asked:
        asked = cues.asked_by(claimed[0].dimension)
    return Question(
        text=text,
        concepts=concepts,
        asked=asked,
        stages=stages,
        figures=claimed,
        terms=named_terms(text, corpus.terms, corpus.words.fold) or (context.terms if context else ()),
        unit=unit.group(2) if unit else "",
        year=_year(text, corpus),
        unheard=unheard(text, corpus) if claims else (),
        is_claim=claims,
        wants_list=bool(cues.list.search(main)),
        wants_definition=bool(cues.definition.search(main)),
        wants_mentions=bool(cues.mentions.search(main)),
    )


def main_part(text: str, cues: Cues) -> str:
    """The segments of a long text that ask something; all of it when it is short or none of them asks."""
    asking = [s for s in SEGMENT.findall(text) if cues.question.search(s)]
    return "".join(asking) if asking and len(text) > SHORT else text


def _is_year(figure: Figure) -> bool:
    return figure.unit in ("年", "月", "日", "号") and figure.value > 31


def _year(text: str, corpus: Corpus) -> int | None:
    named = YEAR.search(text)
    if named:
        return int(named.group(1))
    newest = max((d.year for d in corpus.documents.values()), default=0)
    return newest - 1 if PAST_YEAR.search(text) and newest else None


def concepts_of(text: str, asked: Iterable[Asked], corpus: Corpus, cues: Cues) -> tuple[Concept, ...]:
    """The concepts of a folded question, heaviest first."""
    words = _weighted_words(text, list(asked), corpus, cues)
    groups: list[Concept] = [Concept((word,), ((word, 1.0),), weight) for word, weight in words.items()]
    heard: list[str] = []
    for match in corpus.lexicon.match(text):
        groups = _merge(groups, match, heard)
        heard += match.sayings[0]
    weighed = (replace(c, weight=c.weight * _credence(c, text, corpus, cues)) for c in groups)
    return tuple(sorted(weighed, key=lambda c: -c.weight))


def _credence(concept: Concept, text: str, corpus: Corpus, cues: Cues) -> float:
    """How far a concept counts: in full when a document holds it; less when it is likely talk, or a claim."""
    if any(corpus.frequency(name) for name, _ in concept.names):
        return 1.0
    if cues.claim.search(text):
        return UNKNOWN_CLAIM
    noun = not any(corpus.words.is_verb(said) for said in concept.said)
    return UNKNOWN_NOUN if noun and len(text) <= SHORT else UNKNOWN


def unheard(text: str, corpus: Corpus) -> tuple[str, ...]:
    """Names in a claim that no document holds: what is claimed of them cannot be confirmed."""
    found = OFFICIAL_NAME.findall(text)
    return tuple(name for name in found if not corpus.frequency(name) and not _is_paraphrase(name, corpus))


def _is_paraphrase(name: str, corpus: Corpus) -> bool:
    return all(corpus.frequency(word) or word in corpus.place_names for word in corpus.words.cut(name))


def _merge(groups: list[Concept], match: Match, heard: list[str]) -> list[Concept]:
    """Join the concepts that an entry's sayings are made of into one that also goes by the official names.

    An entry all of whose parts were heard within a longer saying (老人 within 老人+吃饭) counts for less.
    """
    parts = match.parts
    joined = [c for c in groups if any(_overlap(said, part) for said in c.said for part in parts)]
    share = SINGLE if all(any(part in other for other in heard) for part in parts) else 1.0
    alone = 1.0 if len(joined) <= 1 else SINGLE
    names: dict[str, float] = {}
    for name, value in [
        *((name, share * RANK_DECAY**i) for i, name in enumerate(match.official)),
        *((part, 1.0 if len(saying) == 1 else SINGLE) for saying in match.sayings for part in saying),
        *((name, value * (alone if name in c.said else 1.0)) for c in joined for name, value in c.names),
    ]:
        names[name] = max(names.get(name, 0.0), value)
    said = tuple(dict.fromkeys([*(s for c in joined for s in c.said), *parts]))
    weight = max((c.weight for c in joined), default=0.6)
    merged = Concept(said, tuple(names.items()), min(weight * 1.25, 1.2))
    return [merged, *(c for c in groups if c not in joined)]


def _overlap(word: str, part: str) -> bool:
    return word in part or part in word


def _weighted_words(text: str, asked: list[Asked], corpus: Corpus, cues: Cues) -> dict[str, float]:
    """The telling words of a question with their weights; words of side remarks weigh less."""
    spans = [m.span() for item in asked for m in item.asks.finditer(text)]
    segments = list(SEGMENT.finditer(text))
    main = [bool(cues.question.search(s.group())) for s in segments]
    flat = len(text) <= SHORT or not any(main)
    weights: dict[str, float] = {}
    for segment, is_main in zip(segments, main, strict=True):
        at = segment.start()
        for word in corpus.words.cut(segment.group()):
            at = text.index(word, at)
            span = (at, at + len(word))
            at += len(word)
            if not _tells(word, corpus) or any(_mostly_within(span, s) for s in spans):
                continue
            weight = _weight(word, corpus) * (1.0 if is_main or flat else SIDE_SEGMENT)
            weights[word] = max(weights.get(word, 0.0), weight)
    return weights


def _mostly_within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    shared = min(span[1], other[1]) - max(span[0], other[0])
    return shared * 2 >= span[1] - span[0]


def _tells(word: str, corpus: Corpus) -> bool:
    if word in corpus.lexicon.stopwords or word in corpus.place_names or word in COUNTERS:
        return False
    return not re.fullmatch(r"[\d.%]+", word) or len(word) >= 3


def _weight(word: str, corpus: Corpus) -> float:
    """How telling a word is: rare in general Chinese and in the corpus, a name rather than a verb."""
    weight = 0.15 + 0.5 * corpus.words.information(word) + 0.5 * corpus.rarity(word)
    if corpus.words.is_name(word) and corpus.frequency(word):
        return weight * NAME
    return weight * VERB if corpus.words.is_verb(word) else weight
