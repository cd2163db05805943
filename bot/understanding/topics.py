"""The topics of a question: its informative words, joined into concepts with their official names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot import tuning
from bot.understanding.kinds import Cues
from bot.understanding.language import Language
from corpus.corpus import Corpus
from corpus.figures import COUNTERS, TIMES, figures
from corpus.lexicon import Match

SEGMENT = re.compile(r"(?:[^。!?;,\n ]|(?<![\u4e00-\u9fff]) | (?![\u4e00-\u9fff]))+[。!?;,\n ]*")
DATE = re.compile(r"(?<!\d)(1?\d月|[春夏秋冬]季)(?:底|初|中旬|份)?前?")
ASKS = re.compile(r"[哪啥谁]|什么|多少")
PHRASE = re.compile(r"[怎吗呢吧呀么]|^[要会能想没有在把被给帮让叫去来还也都就又再很太好不几]|[要会能想]$")
YEAR = re.compile(r"(?:19|20)\d\d")
# Durations and frequencies are no topic: 一年, 每个月, 整年.
SPAN = re.compile("[一半几整全每]{1,2}个?[年天月周季]")
# The residents' own place, which every question is about: 咱省, 我们区里.
OURS = re.compile(r"[咱我俺你本全这]们?[这那]?[省市区县旗州镇乡村地里边儿]{1,2}")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing the question is about: the words used, and the names that texts may have for it, with weights (0 to 1).

    A `solid` one is a thing; the others (a verb, a lone character) do not make a topic by themselves. A `name` is
    one that a document holds: an answer about another name is no answer. A `proper` one is a name in the dictionary.
    """

    said: tuple[str, ...]
    names: tuple[tuple[str, float], ...]
    weight: float
    solid: bool = True
    name: bool = False
    proper: bool = False


def concepts_of(text: str, language: Language) -> tuple[Concept, ...]:
    """The concepts of a folded question, heaviest first."""
    corpus, cues = language.corpus, language.cues
    words = _weighted_words(text, language)
    everything = "\n".join(words)
    topics: list[Concept] = []
    taken: set[str] = set()
    heard: list[str] = []
    for match in corpus.lexicon.match(_without(corpus.own_words, words, text))[: tuning.MOST_CONCEPTS]:
        parts = match.parts
        whole, held = "\n".join(parts), [part for part in parts if part in everything]
        own = [w for w in words if w in whole or any(part in w for part in held)]
        if topics and all(any(part in other for other in heard) for part in parts):
            nearest = _nearest(topics, parts)
            topics[nearest] = _renamed(topics[nearest], match)
        else:
            topics.append(_topic(match, {w: words[w] for w in own}, shared=bool(own) and taken.issuperset(own)))
        taken |= set(own)
        heard += match.sayings[0]
    said = [_word(w, weight, corpus) for w, weight in words.items() if w not in taken]
    claims = bool(cues.claim.search(text))
    said += [] if claims else _quantities(text)
    weighed = (replace(c, weight=c.weight * _credence(c, text, corpus, claims)) for c in [*topics, *said])
    return tuple(sorted(weighed, key=lambda c: -c.weight)[: tuning.MOST_CONCEPTS])


def _word(word: str, weight: float, corpus: Corpus) -> Concept:
    solid = len(word) > 1 and not corpus.words.is_verb(word)
    name = len(word) > 1 and corpus.words.is_name(word) and corpus.frequency(word) > 0
    return Concept((word,), ((word, 1.0),), weight, solid, name, len(word) > 1 and corpus.words.is_proper(word))


def _quantities(text: str) -> list[Concept]:
    """Dates and amounts by which a question picks out what it means: 8月底前, 200个以上."""
    dates = [(m.group(), m.group(1), True) for m in DATE.finditer(text)]
    amounts = [(f.text, f"{f.value:g}", False) for f in figures(text) if f.unit and f.unit not in TIMES and f.value > 1]
    return [
        Concept((said,), ((said, 1.0), (bare, tuning.BARE_QUANTITY)), tuning.QUANTITY_WEIGHT, solid)
        for said, bare, solid in dates + amounts
    ]


def _without(own: frozenset[str], words: Iterable[str], text: str) -> str:
    """The text with the documents' own names blanked out: 溪水 is not said in 罗溪水厂."""
    for word in words:
        if word in own:
            text = text.replace(word, " " * len(word))
    return text


def _topic(match: Match, own: dict[str, float], shared: bool) -> Concept:
    """The concept of a row of the lexicon: its official names, what was said of it, and the words it is made of."""
    names = {name: tuning.NAME_DECAY**rank for rank, name in enumerate(match.official)}
    alone = 1.0 if len(own) <= 1 else tuning.PART_OF_SAYING
    for name, value in [
        *((part, 1.0 if len(saying) == 1 else tuning.PART_OF_SAYING) for saying in match.sayings for part in saying),
        *((word, alone) for word in own),
    ]:
        if len(name) > 1 or not match.official:
            names[name] = max(names.get(name, 0.0), value)
    weight = min(max(own.values(), default=tuning.TOPIC_WEIGHT) * tuning.TOPIC_GAIN, tuning.HEAVIEST_TOPIC)
    said = tuple(dict.fromkeys([*own, *match.parts]))
    return Concept(said, tuple(names.items()), weight * (tuning.SHARED_SAYING if shared else 1.0))


def _nearest(topics: list[Concept], parts: Sequence[str]) -> int:
    """Which topic was said with most of these parts."""
    shared = [sum(any(part in said for said in topic.said) for part in parts) for topic in topics]
    return shared.index(max(shared))


def _renamed(topic: Concept, match: Match) -> Concept:
    """A topic with the names of a row found within it (老人 within 老人+吃饭) added at a lower weight."""
    names = {name: tuning.PART_OF_SAYING * tuning.NAME_DECAY**rank for rank, name in enumerate(match.official)}
    return replace(topic, names=tuple({**names, **dict(topic.names)}.items()))


def _credence(concept: Concept, text: str, corpus: Corpus, claims: bool) -> float:
    """The factor of a concept's weight: 1 when a document holds it; less for likely small talk, or in a claim."""
    if any(corpus.frequency(name) for name, _ in concept.names):
        return 1.0
    if claims:
        return tuning.UNKNOWN_CLAIM
    if len(concept.names) > len(concept.said):
        return 1.0 if len(text) <= tuning.SHORT_QUESTION else tuning.UNKNOWN_TOPIC
    noun = not any(corpus.words.is_verb(said) for said in concept.said)
    return tuning.UNKNOWN_NOUN if noun and len(text) <= tuning.SHORT_QUESTION else tuning.UNKNOWN_WORD


def main_part(text: str, cues: Cues) -> str:
    """The segments of a long text that ask something; all of it when it is short or none asks."""
    asking = [s for s in SEGMENT.findall(text) if cues.question.search(s)]
    return "".join(asking) if asking and len(text) > tuning.SHORT_QUESTION else text


def _weighted_words(text: str, language: Language) -> dict[str, float]:
    """The informative words of a question with their weights; words of side remarks weigh less."""
    corpus, cues = language.corpus, language.cues
    spans = [m.span() for m in cues.question.finditer(text)]
    over = _over([*spans, *((f.start, f.end) for f in figures(text) if f.unit)])
    main = main_part(text, cues)
    weights: dict[str, float] = {}
    for segment in SEGMENT.finditer(text):
        share = 1.0 if segment.group() in main else tuning.SIDE_REMARK
        at = segment.start()
        for word in corpus.words.cut(segment.group()):
            at = text.index(word, at)
            span = (at, at + len(word))
            at += len(word)
            if _tells(word, corpus) and not any(_mostly_within(span, s) for i in range(*span) for s in over.get(i, ())):
                weights[word] = max(weights.get(word, 0.0), _weight(word, corpus) * share)
    return weights


def _over(spans: list[tuple[int, int]]) -> dict[int, list[tuple[int, int]]]:
    """The spans over each place of a text."""
    over: dict[int, list[tuple[int, int]]] = {}
    for span in spans:
        for place in range(*span):
            over.setdefault(place, []).append(span)
    return over


def _mostly_within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    shared = min(span[1], other[1]) - max(span[0], other[0])
    return shared * 2 >= span[1] - span[0]


def _is_phrase(word: str, corpus: Corpus) -> bool:
    """Whether a token is no single word: segmentation left a question word or particle in it (哪些项目, 要建)."""
    unknown = not corpus.words.knows(word) and not corpus.frequency(word)
    return bool(ASKS.search(word)) or (unknown and bool(PHRASE.search(word)))


def _tells(word: str, corpus: Corpus) -> bool:
    if word in corpus.lexicon.stopwords or word in corpus.place_names or word in COUNTERS or OURS.fullmatch(word):
        return False
    if SPAN.fullmatch(word) or _is_phrase(word, corpus) or corpus.words.is_function(word):
        return False
    return not re.fullmatch(r"[\d.%]+", word) or (len(word) >= 3 and not YEAR.fullmatch(word))


def _weight(word: str, corpus: Corpus) -> float:
    """How informative a word is: rare in general Chinese and in the corpus, a name rather than a verb."""
    rare = tuning.RARE_IN_CHINESE * corpus.words.information(word)
    weight = tuning.WORD_WEIGHT + rare + tuning.RARE_IN_DOCUMENTS * corpus.rarity(word)
    if len(word) == 1:
        return weight * tuning.LONE_CHARACTER
    if corpus.words.is_name(word) and corpus.frequency(word):
        return weight * tuning.NAME_WEIGHT
    return weight * tuning.VERB_WEIGHT if corpus.words.is_verb(word) else weight
