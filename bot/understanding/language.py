"""What understanding needs to know: the words of the documents, of the lexicon and of the language; what is asked."""

from dataclasses import dataclass

from bot.guarding.privacy import without_personal_data
from bot.understanding.details import Details
from bot.understanding.kinds import Cues
from bot.understanding.moves import Moves
from corpus.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Language:
    """The corpus with its words, lexicon and spelling, and what tells what is asked for. Read-only."""

    corpus: Corpus
    cues: Cues
    details: Details
    moves: Moves

    def fold(self, text: str) -> str:
        """A text as everything compares texts: without personal data, width and case."""
        return self.corpus.words.fold(without_personal_data(text)).strip()

    def mend(self, folded: str) -> str:
        """A folded text with its homophone typos put right."""
        return self.corpus.spelling.mend(folded)
