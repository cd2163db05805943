"""Whether a sentence that a model wrote says only what the passages it cites hold, as strongly as they do.

Every figure with its unit and comparator, every date, quoted term, name and telling word must stand in a cited
passage, or a word that it stands for; a figure must stand there with the thing it is said of. What a clause denies,
demands or calls done, the clause it draws on must too; the condition on which that hangs must not be left out. The
rules' words are `prompts/check.yaml`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from bot import tuning
from bot.answer import MARK
from bot.wording import any_of, read_yaml
from bot.writing.checking.amounts import Amounts, Comparator, bare
from bot.writing.checking.clauses import Clause, Likeness, clauses_of, drawn_on, without_figures
from bot.writing.checking.conditions import Conditions, sets_condition
from bot.writing.checking.dates import Dates
from bot.writing.checking.kinship import Kinship
from bot.writing.checking.origin import TOPIC, Origin, heads_of
from bot.writing.checking.plain import Synonyms, plain
from bot.writing.checking.scope import Scope
from bot.writing.checking.strength import Strength
from bot.writing.checking.translation import Translation
from bot.writing.checking.vocabulary import Vocabulary
from corpus.corpus import Corpus
from corpus.encoder import Encoder
from corpus.figures import NUMERALS, figures
from corpus.words import HAN

QUOTED = re.compile(r"[\u201c\u300c\u300a\"]([^\u201d\u300d\u300b\"]{1,60})[\u201d\u300d\u300b\"]")
ORDINAL = re.compile(rf"第[{NUMERALS}百\d]+(?![,、:是年])|\d+/\d+|每[\u4e00-\u9fff]")
LATIN = re.compile(r"[a-z][a-z0-9.+-]*")
LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as the model saw it: its number, its folded text, and what is known beside it (title, headings).

    `past` tells whether it says what was done.
    """

    mark: int
    folded: str
    beside: str
    past: bool = False


@dataclass(frozen=True)
class Held:
    """A sentence against what it is held against, all in plain form; `bare` is the sentence as written, unmarked.

    `kin` has the words that its own stand for, `drawn` what each of its clauses draws on.
    """

    bare: str
    text: str
    texts: Sequence[str]
    beside: str
    kin: Mapping[str, str]
    drawn: Mapping[Clause, list[list[Clause]]]
    sources: Sequence[Source]

    @property
    def said(self) -> str:
        """Everything that the sources say."""
        return "\n".join([*self.texts, self.beside])

    @property
    def known(self) -> Sequence[str]:
        """What a sentence may say beside the clauses it draws on."""
        return [self.beside, *heads_of(self.texts), *self.kin.values()]

    @property
    def expanded(self) -> str:
        """The sentence with the words of the sources that its own stand for."""
        return self.text + "".join(self.kin.values())


class Support:
    """The rules, compiled; `fault` is what a sentence is held against."""

    def __init__(self, corpus: Corpus, content: Mapping[str, Any], encoder: Encoder | None = None) -> None:
        self._words = corpus.words
        self._remembered: dict[str, str] = {}
        self._neutral = frozenset(content["neutral"].split())
        self._synonyms = Synonyms.of(self._words, chain.from_iterable(content.get("alike", {}).values()))
        self._vocabulary = Vocabulary(
            self._words,
            self._neutral,
            frozenset(content["particles"]),
            corpus.place_names,
            frozenset(content["plain_speech"].split()),
        )
        self._done = any_of(content["done"])
        self._markup = any_of(content["markup"])
        self._dates = Dates(re.compile(content["moments"]))
        self._likeness = Likeness(self._words, self._neutral, corpus.place_names)
        self._kinship = Kinship(self._words, corpus.lexicon, encoder)
        self._scope = Scope(self._vocabulary, self._kinship)
        self._origin = Origin(self._vocabulary, self._scope)
        self._amounts = Amounts(_comparators(content["comparators"]), self._likeness)
        self._strength = Strength(compiled(content["strengths"]), compiled(content["stages"]))
        self._translation = Translation(self._words, encoder)
        self._conditions = Conditions(re.compile(content["entitles"]), self._words)

    @classmethod
    def load(cls, prompts_dir: Path, corpus: Corpus, encoder: Encoder | None = None) -> "Support":
        """Read `check.yaml` and `alike.yaml`. Raises WordingError, KeyError or re.error for a broken file."""
        rules = read_yaml(prompts_dir / "check.yaml")
        return cls(corpus, {**rules, "alike": read_yaml(prompts_dir / "alike.yaml")}, encoder)

    def fault(self, sentence: str, sources: Mapping[int, Source]) -> str:
        """The name of what is wrong with a sentence, or an empty string.

        `sources` are all passages the model was given, by number; only those that the sentence cites count.
        """
        marks = [int(mark) for mark in MARK.findall(sentence)]
        if not marks:
            return "no_mark"
        if any(mark not in sources for mark in marks):
            return "unknown_mark"
        return self.fault_against(MARK.sub("", sentence), [sources[mark] for mark in dict.fromkeys(marks)])

    def fault_against(self, bare_sentence: str, sources: Sequence[Source]) -> str:
        """The name of what is wrong with a sentence without marks, held against these passages; else empty."""
        held = self._held(bare_sentence, sources)
        return next((name for name, wrong in self._faults(held) if wrong), "")

    def fault_in_translation(self, bare_sentence: str, sources: Sequence[Source]) -> str:
        """The same for a sentence that may be in another language, as was wished: one that quotes the source."""
        if _is_chinese(QUOTED.sub("", bare_sentence)):
            return self.fault_against(bare_sentence, sources)
        if self._markup.search(bare_sentence.lower()) or len(bare_sentence) > 2 * tuning.LONGEST_WRITTEN:
            return "markup"
        return self._translation.fault(bare_sentence, "\n".join(source.folded for source in sources))

    def adds_nothing(self, rephrased: str, said: Iterable[str]) -> bool:
        """Whether a rephrased question has only words and figures that were said, and keeps those of the last turn."""
        turns = [self._plain(turn) for turn in said]
        before, text = "\n".join(turns), self._plain(rephrased)
        kept = [w for w in self._words.cut(turns[-1]) if len(w) > 1 and w not in self._neutral]
        figured = all(bare(f) in before for f in figures(text))
        return (
            figured
            and not any(self._vocabulary.is_foreign(w, before) for w in self._words.cut(text))
            and all(w in text for w in kept)
        )

    def says_nothing(self, sentence: str, question: str = "") -> bool:
        """Whether a sentence only greets, leads over to a list, or repeats the question: no fact of its own."""
        folded, asked = self._plain(MARK.sub("", sentence)), self._plain(question)
        if MARK.search(sentence) or any(f.unit != "年" and f.text not in asked for f in figures(folded)):
            return False
        strange = (w for w in self._words.cut(folded) if HAN.search(w) or LATIN.match(w))
        return all(w in self._vocabulary.idle or w in asked for w in strange)

    def likeness(self, sentence: str, source: Source) -> float:
        """How like a sentence the likest clauses of a passage are, each of its own against its best."""
        told = clauses_of(self._known(source.folded))
        return sum(
            max((self._likeness(clause.text, other.text) for other in told), default=0.0)
            for clause in clauses_of(self._synonyms(self._plain(sentence), self._known(source.folded)))
        )

    def _held(self, bare_sentence: str, sources: Sequence[Source]) -> Held:
        texts = [self._known(source.folded) for source in sources]
        beside = "\n".join(self._known(source.beside) for source in sources)
        text = self._synonyms(self._plain(bare_sentence), "\n".join([*texts, beside]))
        kin = self._kin(text, texts, beside)
        return Held(bare_sentence, text, texts, beside, kin, self._drawn(text, texts, kin), sources)

    def _kin(self, text: str, texts: Sequence[str], beside: str) -> dict[str, str]:
        """The words of a sentence that no source says, each with the word of a source that it stands for."""
        said = "\n".join([*texts, beside])
        words = dict.fromkeys(self._words.cut(without_figures(TOPIC.sub("", text))))
        foreign = [word for word in words if self._vocabulary.is_foreign(word, said)]
        if not foreign:
            return {}
        told = [clause for source in texts for clause in clauses_of(source)]
        drawn = (drawn_on(clause.text, told, self._likeness) for clause in clauses_of(text))
        near = {other.text for groups in drawn for group in groups for other in group}
        window = "\n".join(near) or said
        return {word: self._kinship.stands_for(word, text, window) for word in foreign}

    def _faults(self, held: Held) -> Iterator[tuple[str, bool]]:
        yield from self._formal(held)
        yield "date", any(self._dates.unknown(held.text, held.texts, held.beside))
        yield "done", self._is_done_otherwise(held)
        yield "figure", bool(self._amounts.missing(held.text, held.texts, held.beside, self._names(held)))
        yield "name", self._vocabulary.joins_names(held.text, held.said)
        yield "condition", self._is_of_another_condition(held)
        yield from self._bound(held)
        yield "word", any(not kin and not self._vocabulary.is_plain_speech(word) for word, kin in held.kin.items())

    def _is_done_otherwise(self, held: Held) -> bool:
        """Whether a clause calls done what the clauses that it draws on do not, or ahead what a review tells."""
        past = all(source.past for source in held.sources)
        pattern = self._strength.kinds["ahead"] if past else self._done
        for clause, groups in held.drawn.items():
            told = "\n".join(one.text for group in groups for one in group)
            known = "去年" in told and not past
            if not known and any(found.group() not in told for found in pattern.finditer(clause.text)):
                return True
        return False

    def _formal(self, held: Held) -> Iterator[tuple[str, bool]]:
        written = held.bare
        yield "markup", bool(self._markup.search(written.lower()))
        yield "too_long", len(written) > tuning.LONGEST_WRITTEN
        yield "language", not _is_chinese(written)
        yield "quoted_term", any(self._plain(term) not in held.said for term in QUOTED.findall(written))
        yield "latin", any(word not in held.said for word in LATIN.findall(held.text))
        yield "ordinal", any(ordinal not in held.said for ordinal in ORDINAL.findall(held.text))

    def _is_of_another_condition(self, held: Held) -> bool:
        """Whether a sentence states a condition before a figure that the source gives in another sentence."""
        drawn = [(clause, [one for group in groups for one in group]) for clause, groups in held.drawn.items()]
        for (clause, ones), (next_one, others) in pairwise(drawn):
            told = {one.sentence for one in ones if sets_condition(clause.text) and sets_condition(one.text)}
            if figures(next_one.text) and told and others and told.isdisjoint(one.sentence for one in others):
                return True
        return False

    def _bound(self, held: Held) -> Iterator[tuple[str, bool]]:
        """What each clause must share with the clauses it draws on, and each figure with what it is said of."""
        share = self._scope.share_of(held.text, held.expanded, held.said)
        for clause, groups in held.drawn.items():
            sources = [one for group in groups for one in group]
            beside = "，".join(o.text for o, theirs in held.drawn.items() if any(set(sources) & set(g) for g in theirs))
            fault = self._strength.fault(clause.text, beside or clause.text, sources, held.said)
            yield fault, bool(fault)
            lost = any(all(self._conditions.dropped(one, share) for one in group) for group in groups)
            yield "condition", lost and not (clause.after and sets_condition(clause.text))
            likest = groups[0] if groups else []
            wider = [self._scope.is_unnarrowed(clause.text, held.expanded, one.text) for one in likest]
            yield "scope", bool(likest) and all(wider)
            yield "word", self._origin.is_mixed(clause.text, sources, held.known, held.kin)
        for said in self._amounts.said_of(held.text, held.texts, self._names(held)):
            yield "scope", self._scope.is_widened(said, held.expanded, share)
            yield "stage", all(self._strength.is_other_stage(one.around, one.theirs) for one in said)
            of_these = [one.source for one in said]
            yield "word", any(self._origin.added(said[0].around, of_these, held.known, held.kin))

    def _drawn(self, text: str, texts: Sequence[str], kin: Mapping[str, str]) -> dict[Clause, list[list[Clause]]]:
        """What each clause of a sentence draws on."""
        told = [clause for source in texts for clause in clauses_of(source)]
        found: dict[Clause, list[list[Clause]]] = {}
        for clause in clauses_of(text):
            meant = "".join(other for word, other in kin.items() if word in clause.text)
            staged, unstaged = clause.text + meant, self._strength.without_stages(clause.text) + meant
            found[clause] = drawn_on(unstaged, told, self._likeness) or drawn_on(staged, told, self._likeness)
        return found

    def _names(self, held: Held) -> list[str]:
        """What stands in quotation marks: numerals there are parts of names."""
        return [self._plain(term) for term in QUOTED.findall(held.bare)]

    def _known(self, text: str) -> str:
        """A source's text in plain form, remembered: the same passages are cited again and again."""
        if text not in self._remembered:
            self._remembered[text] = self._plain(text)
        return self._remembered[text]

    def _plain(self, text: str) -> str:
        return plain(text, self._words)


def _is_chinese(text: str) -> bool:
    """Whether most of what is written in a text is Chinese; numbers are of no language."""
    return len(HAN.findall(text)) >= tuning.CHINESE_SHARE * len(LETTERS.findall(text))


def _comparators(content: Mapping[str, Mapping[str, str]]) -> tuple[Comparator, ...]:
    return tuple(Comparator(name, re.compile(p["before"]), re.compile(p["after"])) for name, p in content.items())


def compiled(patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    """The patterns of a section of `check.yaml`, by their names."""
    return {name: re.compile(pattern) for name, pattern in patterns.items()}
