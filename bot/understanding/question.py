"""From the words of a resident to a Question: what it speaks of, what it asks for, which figures it claims."""

import re
from dataclasses import dataclass, replace

from bot.understanding.kinds import Asked, Cues
from bot.understanding.terms import NUMERALS, named_terms
from bot.understanding.topics import CALENDAR, SEGMENT, Concept, concepts_of, main_part
from corpus.build import Corpus
from corpus.figures import UNITS, Figure, arabic, dimension, figures
from corpus.passage import Term

YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|\b|[^\d])")
PAST_YEAR = re.compile(r"工作回顾|第一部分|(?<![比较跟和同])(?:去年|上年|上一年|前一年|旧年)")
OFFICIAL_NAME = re.compile(r"[\u4e00-\u9fff]{2,12}(?:医院|大学|学院|中学|小学|公司|集团|银行|研究院)")
SMALL_PLACE = re.compile(r"[\u4e00-\u9fff]{2}(街道|社区|小区|花园|镇)")
ASKED_UNIT = re.compile(rf"(?:多少|(?<![十这那好前])几)(万|亿|百|千)?({UNITS})")
# Characters that are no part of a place's name.
FUNCTION = re.compile(r"[这那哪整全各每本我你他她咱俺们在到从去来是有和跟几个些的了把给对向一二两三四五六七八九十]")
PARTICLE = re.compile(r"[着了过点不没嘛啊呀吧下起上得地会多先再能要可就还也都很太真看装来去成做搞弄快好少]")
WHAT = re.compile(r"什么|啥|怎么|咋|如何")
ELLIPSIS = re.compile(r"呢|[?？]")
# What the concepts of the turn before count for.
CONTEXT = 0.5
# Longer turns are stories with one question; shorter ones have so many at most, the rest goes with the last; longer
# yes-or-no questions are not taken by their predicate.
SEVERAL, MOST, YES_OR_NO = 60, 6, 24


@dataclass(frozen=True, slots=True)
class Bound:
    """What the figures of an answer must reach (or stay below) to be asked for: 200个以上的."""

    figure: Figure
    below: bool

    def holds(self, number: float, unit: str) -> bool:
        """Whether an amount of the same dimension is within."""
        alike = dimension(unit) == self.figure.dimension
        return alike and (number <= self.figure.value if self.below else number >= self.figure.value)


@dataclass(frozen=True, slots=True)
class Question:
    """One turn, understood. `text` is masked and folded; `year` is the year asked about when it was named."""

    text: str
    concepts: tuple[Concept, ...]
    asked: tuple[Asked, ...]
    stages: frozenset[str]
    figures: tuple[Figure, ...]
    terms: tuple[Term, ...]
    units: frozenset[str]
    year: int | None
    unheard: tuple[str, ...]
    strangers: tuple[str, ...]
    predicate: tuple[str, ...]
    head: str
    alternatives: tuple[str, ...]
    scopes: tuple[str, ...]
    is_claim: bool
    wants_list: bool
    wants_definition: bool
    wants_mentions: bool
    wants_amounts: bool
    bound: Bound | None
    wants_stage: re.Pattern[str] | None

    @property
    def is_structural(self) -> bool:
        """Whether the answer is a complete list from the structure of the documents, which nobody need phrase."""
        return self.wants_mentions or bool(self.bound or self.wants_stage or (self.wants_amounts and self.wants_list))

    def asks(self, *names: str) -> bool:
        """Whether one of these things is asked for."""
        return any(item.name in names for item in self.asked)


def understand(
    text: str, corpus: Corpus, cues: Cues, context: Question | None = None, said: tuple[Concept, ...] = ()
) -> Question:
    """Read a folded question. `context` is the turn it follows up on: its concepts count half.

    `said` are the question's own concepts, when they are known already.
    """
    main = main_part(text, cues)
    asked = cues.asked(main)
    stages = cues.stages_of(main)
    concepts = said or concepts_of(text, asked, corpus, cues)
    if context:
        known = {s for c in concepts for s in c.said}
        inherited = [c for c in context.concepts if not known & set(c.said)]
        concepts += tuple(replace(c, weight=c.weight * CONTEXT) for c in inherited)
        if not (asked or _asks_itself(main, cues)):
            asked, stages = context.asked, stages | context.stages
    units = frozenset(m.group(2) for m in ASKED_UNIT.finditer(main))
    claims = bool(cues.claim.search(text))
    named = named_terms(text, corpus.terms, corpus.words.fold) or (context.terms if context else ())
    concepts = tuple(_spelled_out(c, named, corpus) for c in concepts)
    claimed = tuple(f for f in figures(arabic(text)) if not _is_year(f) and not _is_of_a_term(f, named))
    year = _year(main, corpus)
    if claims and not asked:
        asked = cues.asked_by("年" if year and not claimed else _dimension(claimed))
    return Question(
        text=text,
        concepts=concepts,
        asked=asked,
        stages=stages,
        figures=claimed,
        terms=named,
        units=units,
        year=year,
        unheard=unheard(text, corpus) if claims else (),
        strangers=strangers(text, corpus),
        predicate=_predicate(text, corpus, cues),
        head=_head(main, corpus, cues),
        alternatives=_alternatives(main, corpus, cues),
        scopes=tuple(scope for scope in cues.scopes if scope in main),
        is_claim=claims,
        wants_list=bool(cues.list.search(main)),
        wants_definition=bool(cues.definition.search(main)),
        wants_mentions=bool(cues.mentions.search(main)),
        wants_amounts=bool(cues.amounts.search(main)),
        bound=_bound(main, claims, cues),
        wants_stage=_stage(main, asked, cues),
    )


def _bound(text: str, claims: bool, cues: Cues) -> Bound | None:
    """The amount by which a question picks out targets, or None."""
    amounts = [f for f in figures(arabic(text)) if f.unit not in CALENDAR]
    if claims or len(amounts) != 1 or not cues.filter.search(text):
        return None
    return Bound(amounts[0], bool(cues.below.search(text)))


def _stage(text: str, asked: tuple[Asked, ...], cues: Cues) -> re.Pattern[str] | None:
    """The stage by which a question picks out projects (those still being prepared), or None."""
    found = cues.stage_list.search(text)
    if not found or asked:
        return None
    return next((pattern for _, pattern in cues.stages if pattern.search(found.group())), None)


def _spelled_out(concept: Concept, named: tuple[Term, ...], corpus: Corpus) -> Concept:
    """A concept that is the short form of a term, under the term's whole name too (三争)."""
    whole = [corpus.words.fold(t.name) for t in named if any(said in t.aliases for said in concept.said)]
    return replace(concept, names=tuple({**dict(concept.names), **dict.fromkeys(whole, 1.0)}.items()))


def _asks_itself(text: str, cues: Cues) -> bool:
    """Whether a follow-up says what it asks for (那怎么帮企业), rather than only of what (那停车位呢)."""
    said = ELLIPSIS.sub("", text)
    return any(cue.search(said) for cue in (cues.definition, cues.list, cues.question))


def _is_of_a_term(figure: Figure, named: tuple[Term, ...]) -> bool:
    """Whether a figure is the numeral of a term's name (四名 is not four people)."""
    return figure.value <= 10 and any(_number_in(term) == figure.value for term in named)


def _number_in(term: Term) -> int:
    found = [NUMERALS.index(c) + 1 for name in (term.name, *term.aliases) for c in name if c in NUMERALS]
    return found[0] if found else 0


def _dimension(claimed: tuple[Figure, ...]) -> str:
    """What kind of figure a claim is about: rather an amount than a span of years."""
    kinds = [f.dimension for f in claimed]
    return next((kind for kind in kinds if kind != "年"), "")


def _is_year(figure: Figure) -> bool:
    return figure.unit in ("年", "月", "日", "号") and figure.value > 31


def _year(text: str, corpus: Corpus) -> int | None:
    named = YEAR.search(text)
    if named:
        return int(named.group(1))
    newest = max((d.year for d in corpus.documents.values()), default=0)
    return newest - 1 if PAST_YEAR.search(text) and newest else None


def unheard(text: str, corpus: Corpus) -> tuple[str, ...]:
    """Names in a claim that no document holds: what is claimed of them cannot be confirmed."""
    names = (_name_at_the_end(found, corpus) for found in OFFICIAL_NAME.findall(text))
    return tuple(name for name in names if not corpus.frequency(name) and not _is_paraphrase(name, corpus))


def _name_at_the_end(phrase: str, corpus: Corpus) -> str:
    """The name a phrase ends with: what stands after its last function word (孩子在马甲中学 -> 马甲中学)."""
    name = ""
    for word in reversed(corpus.words.cut(phrase)):
        if word in corpus.lexicon.stopwords:
            break
        name = word + name
    return name


def _is_paraphrase(name: str, corpus: Corpus) -> bool:
    known = corpus.place_names | corpus.lexicon.stopwords
    return all(word in known or corpus.frequency(word) for word in corpus.words.cut(name))


def _predicate(text: str, corpus: Corpus, cues: Cues) -> tuple[str, ...]:
    """The telling words of the point that a short yes-or-no question asks about."""
    if len(text) > YES_OR_NO:
        return ()
    words = [w for w in corpus.words.cut(cues.predicate(text)) if len(w) > 1 and _may_be_a_name(w, corpus)]
    known = corpus.lexicon.stopwords | corpus.place_names
    return tuple(w for w in words if w not in known and w[0] != "不" and len(cues.beyond_plans(w)) > 1)


def _head(text: str, corpus: Corpus, cues: Cues) -> str:
    """The kind of thing that is asked for (哪个品种 -> 品种), unless every plan has such things."""
    head = cues.head(text)
    if len(head) == 1:
        return head
    for word in corpus.words.cut(head)[:1]:
        known = len(word) > 1 and not FUNCTION.search(word) and corpus.words.knows(word) and corpus.words.is_noun(word)
        if known and word not in corpus.lexicon.stopwords and len(cues.beyond_plans(word)) > 1:
            return word
    return ""


def _alternatives(text: str, corpus: Corpus, cues: Cues) -> tuple[str, ...]:
    """The telling words of the two things of which a question asks which one it is; empty when one has none."""
    sides = [
        [w for w in corpus.words.cut(side) if len(w) > 1 and w not in corpus.lexicon.stopwords]
        for side in cues.alternatives(text) or ()
    ]
    return tuple(w for side in sides for w in side) if sides and all(sides) else ()


def _may_be_a_name(word: str, corpus: Corpus) -> bool:
    """Whether a word is a noun of the dictionary, or, unknown, has no particle that would make it a phrase (催着)."""
    if corpus.words.knows(word):
        return corpus.words.is_noun(word) and not FUNCTION.search(word)
    return not (FUNCTION.search(word) or PARTICLE.search(word))


def strangers(text: str, corpus: Corpus) -> tuple[str, ...]:
    """Named places (金鼎小区, 河市镇) that no document holds."""
    found = []
    for match in SMALL_PLACE.finditer(text):
        name = _name_at_the_end(match.group(), corpus)
        stem = name.removesuffix(match.group(1))
        common = corpus.words.knows(stem) and not corpus.words.is_proper(stem)
        if (
            len(stem) == 2
            and not FUNCTION.search(stem)
            and not common
            and not corpus.frequency(stem)
            and stem not in corpus.place_names
        ):
            found.append(name)
    return tuple(found)


def parts(text: str, corpus: Corpus, cues: Cues) -> list[str]:
    """A turn that asks several things, cut into them; a turn that asks one thing (or tells a story) whole."""
    pieces: list[str] = []
    pending = ""
    for segment in SEGMENT.findall(text) if len(text) <= SEVERAL else ():
        pending += segment
        if len(pieces) < MOST and cues.question.search(segment) and _stands_alone(pending, corpus, cues):
            pieces.append(pending)
            pending = ""
    if pending and pieces:
        pieces[-1] += pending
    return pieces if len(pieces) > 1 else [text]


def _stands_alone(text: str, corpus: Corpus, cues: Cues) -> bool:
    """Whether a part asks for something of something that is known."""
    asked = cues.asked(text)
    known = any(
        c.solid and any(corpus.frequency(name) for name, _ in c.names) for c in concepts_of(text, asked, corpus, cues)
    )
    return known and bool(asked or cues.list.search(text) or WHAT.search(text))
