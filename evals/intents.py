"""The weights of `bot/guarding/intents.npz`, `bot/understanding/acts.npz` and `details.npz`, from labelled texts.

Deterministic on one machine. Prints from which probability on each family is believed, and what five-fold
cross-validation says of that.
"""

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neural_network import MLPClassifier
from tqdm import tqdm

from bot import tuning
from bot.guarding.guard import clauses
from bot.guarding.intents import EMERGENCY, HAZARD, ORDINARY, IntentModel, bare, grams
from bot.understanding.acts import ERRAND, QUESTION, STATEMENT
from bot.understanding.kinds import Kind
from corpus.encoder import Encoder
from corpus.words import Words
from evals.case import CASES, load
from evals.messages import Message, messages, questions
from evals.run import TASKS

# The hidden layer, how often the texts are gone over, the penalty on large weights, by how much vectors and n-grams
# are stretched before it, how many n-grams count, and in how many texts one must stand.
HIDDEN, ROUNDS, PENALTY, MEANING, SHAPE, MOST_GRAMS, FEWEST_TEXTS = 64, 12, 1e-3, 5.0, 3.0, 6_000, 3
FOLDS = 5
# How often the questions are gone over, of which there are fewer than of the messages.
QUESTION_ROUNDS = 30
UNDECIDED = "ordinary.report"
# What people do with an ordinary message, by its kind; the other kinds are statements.
ACTS = {"question": QUESTION, "errand": ERRAND}
# What the cases of these categories are examples of; nothing of those that are of no one family.
LABELS = dict.fromkeys(("injection", "emergency", "smalltalk", "far", "pii"), "") | {"sensitive": "sensitive"}
# How large a share of the ordinary messages may be taken for something else: that decides from where on it is believed.
ALLOWED = {EMERGENCY: 0.012, HAZARD: 0.012, "person": 0.006}
ALLOWED_ELSE = 0.004
LEAST = 0.3
KINDS = frozenset(kind.value for kind in Kind)
Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """A folded text, its label, and the message it is or was cut from."""

    text: str
    label: str
    origin: str


class Encoded:
    """An encoder that forgets nothing: every text is asked for again in each fold."""

    def __init__(self, encoder: Encoder, texts: Iterable[str]) -> None:
        self.name, self.size = encoder.name, encoder.size
        shown = tqdm(dict.fromkeys(map(bare, texts)), desc="编码", unit="句", file=sys.stderr, mininterval=2)
        self._vectors = {text: encoder.queries([text])[0] for text in shown}

    def queries(self, texts: Sequence[str]) -> Numbers:
        """As the protocol says, of the texts it was made with."""
        return np.stack([self._vectors[bare(text)] for text in texts])


def learned() -> list[Message]:
    """The messages to learn from, and the questions of the development cases.

    Reports of what is broken are left out: many tell of a hazard, and none of them says which.
    """
    asked = [case for path in sorted(CASES.glob("*/dev-*.jsonl")) for case in load(path)]
    labelled = [(LABELS.get(case.category, ORDINARY), case.question) for case in asked]
    told = [Message(label, question, "learned", "cases") for label, question in labelled if label]
    return [*(m for m in messages() if m.half == "learned" and m.label != UNDECIDED), *told]


def digest(known: Iterable[Message]) -> str:
    """What tells whether the weights were made from these messages."""
    return hashlib.sha256("\n".join(f"{m.label}\t{m.text}" for m in known).encode()).hexdigest()


def train(known: Sequence[Message], words: Words, encoder: Encoder) -> tuple[IntentModel, list[str]]:
    """The model, and what cross-validation says of it, a line a family."""
    made = examples(known, words)
    texts = (text for example in made for text in (example.text, *clauses(example.text)))
    encoder = Encoded(encoder, texts)
    sure, lines = thresholds(list(held_out(made, encoder)))
    return replace(fit(made, encoder), learned=digest(known), sure=sure), lines


def examples(known: Iterable[Message], words: Words) -> list[Example]:
    """What is learned from: each message, each clause of an ordinary one, each noun that only ordinary ones have."""
    whole = {words.fold(m.text): ORDINARY if m.family == ORDINARY else m.label for m in known}
    made = {text: Example(text, label, text) for text, label in whole.items()}
    for text in [text for text, label in whole.items() if label == ORDINARY]:
        made |= {part: Example(part, ORDINARY, text) for part in clauses(text) if part not in made}
    made |= {noun: Example(noun, ORDINARY, noun) for noun in _plain_nouns(whole, words) if noun not in made}
    return list(made.values())


def _plain_nouns(whole: Mapping[str, str], words: Words) -> list[str]:
    """The nouns of the dictionary in ordinary texts that stand in no other: who types one alone asks about it."""
    nouns: dict[bool, set[str]] = {True: set(), False: set()}
    for text, label in whole.items():
        nouns[label == ORDINARY] |= {w for w in words.cut(text) if len(w) > 1 and words.knows(w) and words.is_noun(w)}
    return sorted(nouns[True] - nouns[False])


def fit(made: Sequence[Example], encoder: Encoder, rounds: int = ROUNDS) -> IntentModel:
    """The weights for these examples; nothing is believed yet."""
    texts = [bare(example.text) for example in made]
    vectors = encoder.queries(texts)
    centre = vectors.mean(axis=0)
    counted = TfidfVectorizer(analyzer=grams, min_df=FEWEST_TEXTS, max_features=MOST_GRAMS, sublinear_tf=True)
    both = hstack([csr_matrix((vectors - centre) * MEANING), counted.fit_transform(texts) * SHAPE]).tocsr()
    net = MLPClassifier((HIDDEN,), alpha=PENALTY, max_iter=rounds, batch_size=256, random_state=0)
    net.fit(both, [example.label for example in made])
    (hidden, output), (bias, output_bias) = net.coefs_, net.intercepts_
    if len(net.classes_) == 2:  # one logit z: a softmax over -z/2 and z/2
        output, output_bias = np.hstack([-output, output]) / 2, np.hstack([-output_bias, output_bias]) / 2
    labels = tuple(str(name) for name in net.classes_)
    return IntentModel(
        encoder=encoder.name,
        learned="",
        labels=labels,
        sure=dict.fromkeys((label.split(".")[0] for label in labels), 1.0),
        vocabulary=tuple(counted.get_feature_names_out().tolist()),
        centre=centre,
        meaning=hidden[: encoder.size] * MEANING,
        idf=counted.idf_,
        shape=hidden[encoder.size :] * SHAPE,
        bias=bias,
        output=output,
        output_bias=output_bias,
    )


def held_out(made: Sequence[Example], encoder: Encoder) -> Iterator[tuple[str, dict[str, float]]]:
    """For each message its family and how likely each family is, by a model that has seen nothing of it.

    A danger is as likely as in the guard: the mean of the whole message and of its worst clause.
    """
    fold = {text: i % FOLDS for i, text in enumerate(dict.fromkeys(example.origin for example in made))}
    for held in range(FOLDS):
        model = fit([example for example in made if fold[example.origin] != held], encoder)
        for example in made:
            if example.text == example.origin and fold[example.origin] == held:
                whole, *parts = model.odds([example.text, *clauses(example.text)], encoder)
                shares = model.shares(whole)
                worst = max(model.shares(part)[EMERGENCY] for part in parts)
                yield example.label.split(".")[0], shares | {EMERGENCY: (shares[EMERGENCY] + worst) / 2}


def thresholds(rows: Sequence[tuple[str, dict[str, float]]]) -> tuple[dict[str, float], list[str]]:
    """From which probability on few enough ordinary messages are wronged, and how many others are told by it."""
    sure, lines = {}, []
    for family in sorted({family for family, _ in rows} - {ORDINARY}):
        ordinary = np.asarray([shares.get(family, 0.0) for of, shares in rows if of == ORDINARY])
        own = np.asarray([shares.get(family, 0.0) for of, shares in rows if of == family])
        allowed = ALLOWED.get(family, ALLOWED_ELSE)
        sure[family] = round(max(float(np.quantile(ordinary, 1 - allowed)), LEAST), 4)
        told, wrong = ((those >= sure[family]).mean() for those in (own, ordinary))
        lines.append(f"{family:12} 从 {sure[family]:.2f} 起：认出 {told:.1%}，普通的话误认 {wrong:.2%}")
    return sure, lines


def acts(known: Sequence[Message], words: Words, encoder: Encoder) -> IntentModel:
    """What tells questions from statements and errands."""
    texts = {words.fold(m.text): m.label for m in known}
    made = [Example(text, label, text) for text, label in texts.items()]
    model = fit(made, Encoded(encoder, texts))
    return replace(model, learned=digest(known))


def acted() -> list[Message]:
    """The ordinary messages by what people do with them, and the questions of the development cases."""
    told = [
        Message(ACTS.get(m.label.partition(".")[2], STATEMENT), m.text, m.half, m.source)
        for m in messages()
        if m.half == "learned" and m.label.startswith(f"{ORDINARY}.")
    ]
    asked = [case for path in sorted(CASES.glob("*/dev-*.jsonl")) for case in load(path)]
    open_ones = [case for case in asked if case.category not in TASKS["guard"]]
    kinds = ((STATEMENT if case.category == "statement" else QUESTION, case.question) for case in open_ones)
    return told + [Message(label, text, "learned", "cases") for label, text in kinds]


def details(known: Sequence[Message], words: Words, encoder: Encoder) -> IntentModel:
    """What tells which detail a question asks for; one that asks for two is an example of each."""
    made = [Example(text, label, text) for m in known for text in [words.fold(m.text)] for label in m.label.split("+")]
    model = fit(made, Encoded(encoder, (example.text for example in made)), QUESTION_ROUNDS)
    return replace(model, learned=digest(known))


def asked() -> list[Message]:
    """The labelled questions, and those of the development cases."""
    cases = [case for path in sorted(CASES.glob("*/dev-*.jsonl")) for case in load(path) if case.asks]
    return [*questions(), *(Message("+".join(case.asks), case.question, "learned", "cases") for case in cases)]


def told_of(model: IntentModel, words: Words, encoder: Encoder) -> str:
    """How well a model tells what is asked for in the blind cases: what it hears, and what of that is right."""
    blind = [case for path in sorted(CASES.glob("*/blind-*.jsonl")) for case in load(path) if case.asks]
    odds = model.odds([words.fold(case.question) for case in blind], encoder)
    heard = [
        {label for label, share in zip(model.labels, row, strict=True) if share >= tuning.DETAIL_ASKED} & KINDS
        for row in odds
    ]
    wanted = [set(case.asks) & KINDS for case in blind]
    right = sum(len(h & w) for h, w in zip(heard, wanted, strict=True))
    exact = sum(h == w for h, w in zip(heard, wanted, strict=True))
    return (
        f"盲测 {len(blind)} 题：问的是哪一样全对 {exact / len(blind):.1%}，"
        f"听出 {right / sum(map(len, wanted)):.1%}，听出的里面对的 {right / sum(map(len, heard)):.1%}"
    )
