"""How much of a stretch of a source a sentence says, and whether it says a thing without what narrows it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from bot import tuning
from bot.writing.checking.amounts import Said
from bot.writing.checking.clauses import without_figures
from bot.writing.checking.conditions import EXAMPLES
from bot.writing.checking.kinship import Kinship
from bot.writing.checking.vocabulary import Vocabulary
from corpus.words import HAN

# Places that every figure of a report may be of.
EVERYWHERE = frozenset({"全区", "全市", "全县", "全省", "全镇"})
AGE = re.compile(r"(?P<age>\d+)周?岁[及以上下]*(?:的|人群)?(?P<whose>[\u4e00-\u9fff]{2,3})")
# Between things of which a clause may speak of one.
SIBLINGS = re.compile("[、和与及]")
BRACKET = re.compile(r"\([^()]*\)")
# What sums up a list, and the last that is listed.
SUMMED = re.compile(r"(?<=(?P<last>[\u4e00-\u9fff]{2}))等[\u4e00-\u9fff]+?(?=[\u4e00-\u9fff]{2}(?:[,、]|$))")

Share = Callable[[str], float]


@dataclass(frozen=True)
class Scope:
    """All texts are in plain form."""

    vocabulary: Vocabulary
    kinship: Kinship

    def share_of(self, text: str, expanded: str, known: str) -> Share:
        """What tells which share of a stretch of a source the sentence says; 1 for a stretch that tells nothing.

        `expanded` is the sentence with the words that its own stand for, `known` all that the sources say.
        """
        words, idle, cut = self.vocabulary.words, self.vocabulary.idle, self.vocabulary.words.cut(text)
        free = [w for w in cut if w not in known and w not in self.vocabulary.neutral]
        acts = [w for w in cut if len(w) == 1 and w not in idle and words.is_action(w)]

        def says(word: str) -> bool:
            parts = {word, word[-2:], word[:2]} if len(word) > 1 else {word}
            return (
                any(part in expanded for part in parts)
                or any(act in word for act in acts)
                or self.kinship.is_said(word, free)
            )

        def share(stretch: str) -> float:
            telling = (w for w in words.cut(stretch) if w not in idle and w[0] != "每" and (len(w) > 1 or w.isdigit()))
            weights = {word: tuning.CONDITION_VERB if words.is_action(word) else 1.0 for word in telling}
            return sum(weights[w] for w in weights if says(w)) / sum(weights.values()) if weights else 1.0

        return share

    def is_widened(self, found: Sequence[Said], expanded: str, share: Share) -> bool:
        """Whether a sentence says of a figure a thing without what narrows it, in all places where it may be from."""
        return bool(found) and all(self._is_wider(one, expanded, share) for one in found)

    def _is_wider(self, found: Said, expanded: str, share: Share) -> bool:
        words = self.vocabulary.words
        everywhere = not EVERYWHERE.isdisjoint(words.cut(found.around))
        nouns = (w for w in words.cut(found.before) if len(w) > 1 and HAN.match(w) and words.is_noun(w))
        of_a_part = everywhere and any(not share(noun) for noun in nouns if noun not in EVERYWHERE)
        unnarrowed = self.is_unnarrowed(found.around, expanded, found.before)
        return of_a_part or unnarrowed or self._drops_after(found, share)

    def is_unnarrowed(self, clause: str, expanded: str, stretch: str) -> bool:
        """Whether a clause says a thing of a source's stretch without the word right before it: 企业 for 规上企业.

        `expanded` is the whole sentence with the words that its own stand for.
        """
        narrowed: dict[str, list[str]] = {}
        for word, thing in self._narrowed(_without_examples(without_figures(stretch), clause)):
            if thing in clause:
                narrowed.setdefault(thing, []).append(word)
        ages = [[found["age"]] for found in AGE.finditer(stretch) if found["whose"] in clause]
        enough = any if SIBLINGS.search(stretch) else all
        return not all(enough(_is_told(one, expanded) for one in kinds) for kinds in (*narrowed.values(), *ages))

    def _narrowed(self, stretch: str) -> Iterator[tuple[str, str]]:
        """The words that narrow a thing, each with that thing; of a list before it any, for it is said of each."""
        stretch = BRACKET.sub("", stretch)
        words = [word for word in self.vocabulary.words.cut(stretch) if word != "的"]
        for word, thing in pairwise(words):
            if self.narrows(word, thing, stretch):
                yield word, thing
                *listed, _ = SIBLINGS.split(stretch.partition(word)[0])
                yield from ((item, thing) for item in listed if item and not item.endswith(thing))

    def narrows(self, word: str, thing: str, stretch: str) -> bool:
        """Whether a word tells which things a stretch speaks of."""
        words, idle = self.vocabulary.words, self.vocabulary.idle | EVERYWHERE
        told = all(len(w) > 1 and w not in idle and HAN.match(w) for w in (word, thing))
        told = told and (words.knows(word) or (words.knows(thing) and self.vocabulary.particles.isdisjoint(word)))
        kind = words.is_noun(word) or words.is_attribute(word) or words.is_field(word)
        return (
            told
            and (words.is_noun(thing) or words.is_field(thing))
            and ((kind and word + thing in stretch) or f"{word}的{thing}" in stretch)
        )

    def _drops_after(self, said: Said, share: Share) -> bool:
        """The same for a thing that stands behind its figure: 1000名医师 for 1000名中高级职称医师."""
        words = self.vocabulary.words
        thing = next((word for word in words.cut(said.behind) if len(word) > 1), "")
        after = EXAMPLES.sub("", said.after)
        narrowing = list(takewhile(lambda word: word != thing, words.cut(after)))
        named = (w for w in narrowing if len(w) > 1 and words.knows(w) and words.is_noun(w))
        return thing in words.cut(said.after) and any(not share(w) for w in named)


def _is_told(word: str, expanded: str) -> bool:
    return any(part in expanded for part in (word, word[:2], word[-2:]))


def _without_examples(stretch: str, clause: str) -> str:
    """A stretch without what sums up a list of which the clause says something (森林防火等防灾能力)."""
    return SUMMED.sub(lambda found: "," if found["last"] in clause else found.group(), stretch)
