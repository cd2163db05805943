"""What understanding needs to know: the words of the documents, of the lexicon and of the language, and their cues."""

from dataclasses import dataclass

from bot.guarding.privacy import without_personal_data
from bot.understanding.kinds import Cues
from corpus.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Language:
    """The corpus with its words, lexicon and spelling, and the cues of what is asked for. Read-only."""

    corpus: Corpus
    cues: Cues

    def fold(self, text: str) -> str:
        """A text as everything compares texts: without personal data, width and case."""
        return self.corpus.words.fold(without_personal_data(text)).strip()

    def mend(self, folded: str) -> str:
        """A folded text with its homophone typos put right."""
        return self.corpus.spelling.mend(folded)
