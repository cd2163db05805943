"""The corpus: all documents, with their indexes for matching; read from a folder of documents."""

import logging
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from pathlib import Path

from corpus import tuning
from corpus.kept import KeptWords
from corpus.lexicon import Lexicon
from corpus.outline import clauses
from corpus.parts import parts_of
from corpus.passage import Clause, Document, Mention, Parsed, Part, Passage, Stated, Term
from corpus.promises import Promises
from corpus.rows import Row, indexed_text, row_id, rows_of
from corpus.shelf import read_shelf
from corpus.spelling import Spelling
from corpus.standing import current, superseded
from corpus.substrings import Substrings
from corpus.targets import Target, answered_by, results, targets
from corpus.vocabulary import open_words, own_words
from corpus.words import Words

log = logging.getLogger(__name__)
# How many words are cached with their frequency: bounded, since residents may say anything.
REMEMBERED = 65_536
# How many parsed passages are cached.
PARSED = 4_096
# How many patterns are cached with their passages.
PATTERNS = 16


@dataclass(frozen=True)
class Corpus:
    """All documents with their passages and terms, and the words for matching. In memory, read-only."""

    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    terms: tuple[Term, ...]
    lexicon: Lexicon
    words: Words
    own_words: frozenset[str]
    skipped: Mapping[str, str] = field(default_factory=dict)  # the skipped folders, each with the reason
    kept: KeptWords | None = None  # where slowly computed words are cached

    @cached_property
    def by_id(self) -> dict[str, Passage]:
        """The passages by id."""
        return {p.id: p for p in self.passages}

    @cached_property
    def inside(self) -> dict[str, list[Passage]]:
        """The passages of every document, by its id."""
        found: dict[str, list[Passage]] = {document: [] for document in self.documents}
        for passage in self.passages:
            found[passage.document_id].append(passage)
        return found

    @cached_property
    def clauses(self) -> dict[str, list[Clause]]:
        """The clauses of every passage, by its id."""
        return {p.id: clauses(p) for p in self.passages}

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the vector index."""
        return tuple(rows_of(self.passages, self.clauses))

    def part_of(self, passage: Passage) -> Part:
        """The part of its document that a passage belongs to."""
        return self._parts[passage.id]

    def year_of(self, passage: Passage) -> int:
        """The year that the part of a passage covers."""
        return self.part_of(passage).year

    @cached_property
    def _parts(self) -> dict[str, Part]:
        read = (parts_of(document, self.inside[document.id]) for document in self.documents.values())
        return {passage: part for parts in read for passage, part in parts.items()}

    @cached_property
    def years(self) -> frozenset[int]:
        """The years covered by a part of a single year; rules have none."""
        return frozenset(part.year for part in self._parts.values() if part.kind != "rules")

    @cached_property
    def told_years(self) -> frozenset[int]:
        """The years covered by a review or a plan of a single year."""
        parts = self._parts.values()
        return frozenset(p.year for p in parts if p.kind in ("review", "plan") and p.since == p.until)

    @cached_property
    def superseded(self) -> dict[str, str]:
        """The rules replaced or repealed by later ones, by id, with the reason."""
        return superseded(self.documents, self.inside)

    @cached_property
    def current(self) -> frozenset[str]:
        """The documents that no later one replaces: a publisher's latest plan or review, rules in force."""
        return current(self.documents, self.superseded)

    @cached_property
    def reports(self) -> tuple[Document, ...]:
        """The documents that cover years, that is, all but rules."""
        return tuple(document for document in self.documents.values() if document.kind != "regulation")

    @cached_property
    def newest(self) -> Document:
        """The latest report; the latest document where there is none."""
        return max(self.documents.values(), key=lambda document: (document.kind != "regulation", document.year))

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The quantified promises of all plans, in document order."""
        return tuple(targets(self.passages, self.part_of, self.words))

    @cached_property
    def results(self) -> tuple[Target, ...]:
        """The quantified statements of all single-year reviews, in document order."""
        return tuple(results(self.passages, self.part_of, self.words))

    @cached_property
    def stated(self) -> dict[str, list[Target]]:
        """The promises and results of every passage that has any, by its id."""
        found: dict[str, list[Target]] = {}
        for one in (*self.targets, *self.results):
            found.setdefault(one.passage_id, []).append(one)
        return found

    @cached_property
    def promises(self) -> Promises:
        """The targets by what they promise."""
        return Promises(self.targets, self.by_id, self.words)

    @cached_property
    def uses(self) -> dict[str, list[tuple[int, Mention]]]:
        """Where each passage mentions terms, by its id: the index of the term in `terms`, and the mention."""
        found: dict[str, list[tuple[int, Mention]]] = {}
        for place, term in enumerate(self.terms):
            for mention in term.mentions:
                found.setdefault(mention.passage_id, []).append((place, mention))
        return found

    @cached_property
    def explained(self) -> dict[str, list[int]]:
        """The indexes in `terms` of those that each annotation explains, by its id."""
        found: dict[str, list[int]] = {}
        for place, term in enumerate(self.terms):
            found.setdefault(term.annotation_id, []).append(place)
        return found

    @cached_property
    def progress(self) -> dict[str, Target]:
        """The result of a target in a later report, by the target's id."""
        promised = [t for t in self.targets if self.part_of(self.by_id[t.passage_id]).kind == "plan"]
        return answered_by(map(self._dated, promised), map(self._dated, self.results), self.words)

    @cached_property
    def counterparts(self) -> dict[str, Target]:
        """The result of each promise, and the promise of each result, by id."""
        return {**self.progress, **{self.progress[t.id].id: t for t in self.targets if t.id in self.progress}}

    def _dated(self, target: Target) -> tuple[Target, int]:
        return target, self.part_of(self.by_id[target.passage_id]).until

    @cached_property
    def folded(self) -> dict[str, str]:
        """The folded text of every passage with its headings, by its id."""
        return {p.id: self.words.fold(indexed_text(p)) for p in self.passages}

    def _compounds(self, cut: list[str]) -> list[str]:
        """The words of a text, and each single character joined to the next word (仙 + 公山)."""
        stopwords = self.lexicon.stopwords
        joined = [a + b for a, b in pairwise(cut) if len(a) == 1 and a not in stopwords and b not in stopwords]
        return cut + joined

    def fold_clause(self, clause: Clause) -> str:
        """The folded text of a clause, cached."""
        key = (clause.passage_id, clause.start)
        if key not in self._folded_clauses:
            self._folded_clauses[key] = self.words.fold(clause.text)
        return self._folded_clauses[key]

    @cached_property
    def parsed(self) -> Callable[[Passage], Parsed]:
        """A passage parsed for matching with questions; the latest are cached."""
        return lru_cache(maxsize=PARSED)(self._parse)

    def _parse(self, passage: Passage) -> Parsed:
        groups = (tuple(group) for _, group in groupby(self.clauses[passage.id], key=lambda clause: clause.sentence))
        return Parsed(
            self.words.fold(" ".join(passage.section[-tuning.HEADINGS_ABOVE :])),
            tuple(self._state(passage, group) for group in groups if group[-1].end > passage.opening),
        )

    def _state(self, passage: Passage, clauses: tuple[Clause, ...]) -> Stated:
        parts = (row_id(passage.id, "clause", clause.start) for clause in clauses)
        rows = (row_id(passage.id, "sentence", clauses[0].start), *parts)
        return Stated(clauses, tuple(map(self.fold_clause, clauses)), rows)

    def frequency(self, word: str) -> int:
        """The number of passages that contain a folded word."""
        return self._frequency(word)

    @cached_property
    def _frequency(self) -> Callable[[str], int]:
        return lru_cache(maxsize=REMEMBERED)(lambda word: len(self._substrings.holding(word)))

    def holds(self, words: str) -> bool:
        """Whether a folded string occurs anywhere verbatim."""
        return self._substrings.holds(words)

    def holding(self, word: str) -> list[int]:
        """The indexes in `passages` of those that contain a folded word, in order."""
        places: list[int] = self._substrings.holding(word).tolist()
        return places

    @cached_property
    def telling(self) -> Callable[[re.Pattern[str]], tuple[str, ...]]:
        """The ids of the passages with a folded clause that matches a pattern; cached for few patterns."""
        return lru_cache(maxsize=PATTERNS)(
            lambda pattern: tuple(
                passage.id
                for passage in self.passages
                if any(pattern.search(self.fold_clause(clause)) for clause in self.clauses[passage.id])
            )
        )

    @cached_property
    def _substrings(self) -> Substrings:
        return Substrings(self.folded.values())

    def rarity(self, word: str) -> float:
        """From 0 (in every passage) to 1 (in one, or in none)."""
        total = len(self.passages)
        found = max(self.frequency(word), 1)
        return math.log(total / found) / math.log(total) if total > 1 else 1.0

    @cached_property
    def spelling(self) -> Spelling:
        """The corrector of homophone typos, which knows the words of the documents and of the lexicon."""
        held = self.kept.get("held", self._made_of(), self._held) if self.kept else self._held()
        said = {p for e in self.lexicon.entries for parts in e.sayings for p in parts}
        names = {self.words.fold(n) for t in self.terms for n in (t.name, *t.aliases)}
        never = frozenset(w for w in self.lexicon.stopwords if len(w) == 1)
        return Spelling(self.words, held | said | self.lexicon.official | names | self.place_names, never)

    def _held(self) -> frozenset[str]:
        """The words of all texts."""
        return frozenset(w for text in self.folded.values() for w in self._compounds(self.words.cut(text)))

    def _made_of(self) -> Iterator[str]:
        """What the words of all texts are computed from."""
        yield from (self.words.version, self.lexicon.digest, *sorted(self.own_words))
        yield from self.folded.values()

    @cached_property
    def place_names(self) -> frozenset[str]:
        """The names of the documents' own places, which are uninformative in a question."""
        return frozenset(name for names in self.places.values() for name in names)

    @cached_property
    def places(self) -> dict[str, tuple[str, ...]]:
        """The folded names of each document's place, by its id."""
        return {d.id: tuple(map(self.words.fold, d.place_names)) for d in self.documents.values()}

    @cached_property
    def _folded_clauses(self) -> dict[tuple[str, int], str]:
        return {}


def read_corpus(documents_dir: Path, lexicon_dir: Path, data_dir: Path, kept_dir: Path | None = None) -> Corpus:
    """Read every readable document; slow computations are cached in `kept_dir`, by default the data folder.

    Raises DocumentError when none is left, LexiconError, IndexUnavailable.
    """
    plain = open_words(data_dir)
    lexicon = Lexicon.load(lexicon_dir, plain.fold)
    shelf = read_shelf(documents_dir)
    for why in shelf.skipped.values():
        log.warning("跳过一份文件：%s", why)
    names = {plain.fold(n) for t in shelf.terms for n in (t.name, *t.aliases)} | lexicon.words
    plain.keep(names)
    function_words = {w for w in lexicon.stopwords if len(w) == 1}
    places = {plain.fold(n) for d in shelf.documents.values() for n in d.place_names}
    kept, known = KeptWords((kept_dir or data_dir) / "words"), frozenset(function_words | places)
    made_of = (plain.version, lexicon.digest, *sorted(known), *(p.text for p in shelf.passages))
    own = kept.get("own", made_of, lambda: own_words(shelf.passages, plain, known))
    plain.keep(own, before_others=True)
    return Corpus(shelf.documents, shelf.passages, shelf.terms, lexicon, plain, own, shelf.skipped, kept)
