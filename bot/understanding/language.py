"""What understanding rests on: the words of the documents, the lexicon and the language, and the detail classifier."""

from dataclasses import dataclass
from functools import cached_property

from bot.guarding.privacy import without_personal_data
from bot.understanding.details import Details
from bot.understanding.kinds import Cues
from bot.understanding.moves import Moves
from bot.understanding.terms import TermNames
from corpus.corpus import Corpus


@dataclass(frozen=True)
class Language:
    """The corpus with its words, lexicon and spelling, and the detail classifier. Read-only."""

    corpus: Corpus
    cues: Cues
    details: Details
    moves: Moves

    @cached_property
    def terms(self) -> TermNames:
        """The terms of the annotations, by the ways people name them."""
        return TermNames(self.corpus.terms, self.corpus.words.fold)

    def fold(self, text: str) -> str:
        """A text in the canonical form for comparison: personal data masked, width and case unified."""
        return self.corpus.words.fold(without_personal_data(text)).strip()

    def mend(self, folded: str) -> str:
        """A folded text with its homophone typos put right."""
        return self.corpus.spelling.mend(folded)
