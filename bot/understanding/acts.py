"""The kind of a turn: a question, an errand (a formality to be done), or a statement (complaint, plea, suggestion).

Weights of the same shape as the intent model's, in `acts.npz`, made by `python -m evals.train` from the ordinary
messages of `evals/messages/` and the questions of the cases.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.guarding.intents import IntentModel
from corpus.encoder import Encoder

WEIGHTS = Path(__file__).resolve().parent / "acts.npz"
QUESTION, ERRAND, STATEMENT = "question", "errand", "statement"


@dataclass(frozen=True)
class Acts:
    """Tells questions from statements and errands."""

    model: IntentModel
    encoder: Encoder

    @classmethod
    def load(cls, encoder: Encoder | None) -> "Acts | None":
        """The weights, when there is an encoder they were made for. Raises as IntentModel.load."""
        model = IntentModel.load(WEIGHTS) if encoder else None
        return cls(model, encoder) if model and encoder and model.encoder == encoder.name else None

    def asking(self, folded: str) -> float:
        """How likely a folded turn asks something (0 to 1)."""
        return float(self.model.odds([folded], self.encoder)[0][self.model.labels.index(QUESTION)])

    def of(self, folded: str) -> str:
        """The likeliest label of a folded text: QUESTION, ERRAND or STATEMENT."""
        return str(self.model.labels[int(self.model.odds([folded], self.encoder)[0].argmax())])
