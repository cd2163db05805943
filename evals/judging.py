"""The weights of `bot/judging/weights.json`: which sentence answers, and whether it does, learned from the cases.

Each document's cases are judged by weights that have seen none of them (leave one report out), so that the figures
tell what to expect of a report that nobody wrote questions on.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bot.finding.evidence import Evidence
from bot.finding.search import find
from bot.finding.sentences import find_evidence
from bot.judging.decide import ranked
from bot.judging.features import Features, of_decision, of_sentences
from bot.judging.weights import Weights
from bot.pipeline import Bot
from bot.settings import Settings
from bot.understanding.question import Question
from corpus.corpus import Corpus
from corpus.encoder import Encoder
from evals import told
from evals.case import Case
from evals.run import TASKS
from evals.score import IGNORED
from evals.sources import opened, sources

Numbers = NDArray[np.float64]
# The penalties of the two regressions, and what an unanswered question costs beside a wrongly answered one.
RANKING_PENALTY, PENALTY, DECLINED = 1.0, 0.3, 1.4
# What the cost of a cut may lie above the least for it to be as good.
FLAT = 0.005
# What a question of a pair counts for: half of them are not answered, which is so of no others.
PAIR = 0.3
GUARD = TASKS["guard"]
SHORTEST_SHARED = 8


@dataclass(frozen=True)
class Seen:
    """One question of a case with the evidence found for it, and which of it is right."""

    case: Case
    question: Question
    evidence: tuple[Evidence, ...]
    right: NDArray[np.bool_]
    asking: float
    corpus: Corpus

    @property
    def features(self) -> list[Features]:
        """Of each candidate."""
        return of_sentences(self.question, self.evidence)


def seen(documents: Path | None, base: Settings) -> list[Seen]:
    """Every case that asks one thing, over every document whose file is there."""
    return [one for source, bot in opened(documents, base) for one in _of(bot, source.cases())]


def _of(bot: Bot, cases: Iterable[Case]) -> Iterator[Seen]:
    corpus = bot.index.corpus
    for case in cases:
        turn = bot.reader.read(case.question, [{"role": "user", "content": said} for said in case.history])
        if case.category in GUARD or len(turn.questions) != 1:
            continue
        question = turn.questions[0]
        evidence = tuple(find_evidence(question, find(question, bot.index), bot.language))
        right = np.array([_is_right(e, case, corpus) for e in evidence], dtype=bool)
        yield Seen(case, question, evidence, right, turn.asking, corpus)


def _is_right(evidence: Evidence, case: Case, corpus: Corpus) -> bool:
    """Whether the sentence of some evidence holds, or is part of, what answers the case."""
    sentence = _plain(_sentence(evidence, corpus), corpus)
    wanted = [_plain(text, corpus) for text in case.evidence]
    return any(text in sentence or (len(sentence) > SHORTEST_SHARED and sentence in text) for text in wanted)


def _sentence(evidence: Evidence, corpus: Corpus) -> str:
    clauses = corpus.clauses[evidence.passage.id]
    at = next(clause.sentence for clause in clauses if clause.start <= evidence.start < clause.end)
    return "".join(clause.text for clause in clauses if clause.sentence == at)


def _plain(text: str, corpus: Corpus) -> str:
    return re.sub(r"\s", "", IGNORED.sub("", corpus.words.fold(text)))


def with_told(cases: Sequence[Seen], known: Sequence[Seen], encoder: Encoder) -> list[Seen]:
    """The cases with how likely each is told: by a model of the known ones, by one that has not seen it for those."""
    usual = [one for one in known if not one.case.is_of_a_pair]
    learned = {id(one): share for one, share in zip(usual, told.crossed(_asked(usual), encoder), strict=True)}
    model = told.train(_asked(usual), encoder)
    shares = told.likelihoods([one.question.meant for one in cases], model, encoder)
    both = ((one, learned.get(id(one), share)) for one, share in zip(cases, shares, strict=True))
    return [replace(one, question=replace(one.question, told=float(share))) for one, share in both]


def _asked(cases: Sequence[Seen]) -> list[tuple[str, bool]]:
    return [(one.question.meant, one.case.answerable) for one in cases]


def learn(cases: Sequence[Seen]) -> Weights:
    """The weights for these questions."""
    ranking = _ranking(cases)
    half = Weights(ranking, {}, 0.0, 0.5, "")
    rows = [row for one in cases if (row := decision_of(one, half))]
    names = list(rows[0][0])
    matrix = np.array([[features[name] for name in names] for features, _, _ in rows])
    answered = np.array([right for _, right, _ in rows])
    weights = np.array([weight for _, _, weight in rows])
    coefficients, bias = _logistic(matrix, answered, weights)
    made = Weights(ranking, _rounded(names, coefficients), round(bias, 4), 0.5, "")
    return Weights(made.ranking, made.decision, made.bias, _cut(cases, made), digest())


def _ranking(cases: Sequence[Seen]) -> dict[str, float]:
    """Conditional logit (McFadden 1974): how likely one of the right sentences is the best of those found."""
    known = [one for one in cases if one.right.any()]
    names = list(known[0].features[0])
    matrix = np.concatenate([[[f[name] for name in names] for f in one.features] for one in known])
    centre, spread = matrix.mean(axis=0), matrix.std(axis=0) + 1e-6
    scaled, right = (matrix - centre) / spread, np.concatenate([one.right for one in known])
    sizes = np.array([len(one.right) for one in known])
    starts, of = np.cumsum(sizes) - sizes, np.repeat(np.arange(len(known)), sizes)
    counts = np.array([_weight(one) for one in known])

    def unlikely(weights: Numbers) -> tuple[float, Numbers]:
        """The penalised negative log-likelihood, and its gradient."""
        score = scaled @ weights
        odds = np.exp(score - np.maximum.reduceat(score, starts)[of])
        all_of, right_of = np.add.reduceat(odds, starts), np.add.reduceat(odds * right, starts)
        slopes = counts[of] * odds * (1 / all_of[of] - right / right_of[of])
        penalty = RANKING_PENALTY * weights
        return float(-counts @ np.log(right_of / all_of) + weights @ penalty / 2), scaled.T @ slopes + penalty

    found = minimize(unlikely, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return _rounded(names, found.x / spread)


def decision_of(one: Seen, weights: Weights) -> tuple[Features, bool, float] | None:
    """The features of the decision on a question, whether it is right to answer, and what it counts for."""
    found = ranked(one.question, one.evidence, weights, one.corpus)
    if not found:
        return None
    place = one.evidence.index(_unranked(found[0], one.evidence))
    features = of_decision(one.question, found, one.asking, one.corpus)
    return features, bool(one.case.answerable and (one.right[place] or not one.case.evidence)), _weight(one)


def _unranked(best: Evidence, evidence: Sequence[Evidence]) -> Evidence:
    return next(e for e in evidence if (e.passage.id, e.start, e.end) == (best.passage.id, best.start, best.end))


def _weight(one: Seen) -> float:
    return PAIR if one.case.is_of_a_pair else 1.0


def _logistic(matrix: Numbers, right: NDArray[np.bool_], weights: Numbers) -> tuple[Numbers, float]:
    """The weights and the bias of a logistic regression, for features as they are."""
    centre, spread = matrix.mean(axis=0), matrix.std(axis=0) + 1e-6
    fitted = LogisticRegression(C=PENALTY, max_iter=5_000).fit((matrix - centre) / spread, right, sample_weight=weights)
    coefficients: Numbers = fitted.coef_[0] / spread
    return coefficients, float(fitted.intercept_[0] - coefficients @ centre)


def _rounded(names: Sequence[str], coefficients: Numbers) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, coefficients, strict=True)}


def _cut(cases: Sequence[Seen], weights: Weights) -> float:
    """From which probability on to answer: where unanswered and wrongly answered questions cost least together.

    The lowest of where they nearly do: a few questions more would move the very least.
    """
    usual = (one for one in cases if not one.case.is_of_a_pair)
    rows = [(weights.answers(row[0]), one) for one in usual if (row := decision_of(one, weights))]
    open_ones = sum(_weight(one) for _, one in rows if one.case.answerable)
    closed = sum(_weight(one) for _, one in rows if not one.case.answerable)

    def cost(cut: float) -> float:
        declined = sum(_weight(one) for share, one in rows if one.case.answerable and share < cut)
        answered = sum(_weight(one) for share, one in rows if not one.case.answerable and share >= cut)
        return DECLINED * declined / (open_ones or 1) + answered / (closed or 1)

    costs = {float(cut.round(2)): cost(cut) for cut in np.arange(0.1, 0.9, 0.01)}
    return min(cut for cut, paid in costs.items() if paid <= min(costs.values()) + FLAT)


def shown_of_others(cases: Sequence[Seen], encoder: Encoder) -> list[str]:
    """What weights make of each document that have seen nothing of it, half by half."""
    lines = []
    for document in dict.fromkeys(one.case.document for one in cases):
        known = [one for one in cases if one.case.document != document and one.case.half == "dev"]
        own = [one for one in cases if one.case.document == document]
        made = with_told([*known, *own], known, encoder)
        weights = learn(made[: len(known)])
        for half in ("dev", "blind"):
            part = [one for one in made[len(known) :] if one.case.half == half]
            if part:
                lines.append(f"{document:14} {half:5} {_line(part, weights)}")
    return lines


def _line(cases: Sequence[Seen], weights: Weights) -> str:
    known = [one for one in cases if one.right.any()]
    places = np.array([_place(one, weights) for one in known])
    rows = [
        (weights.answers(row[0]) >= weights.answers_from, one) for one in cases if (row := decision_of(one, weights))
    ]
    declined = np.mean([not answered for answered, one in rows if one.case.answerable])
    wrong = {
        name: np.mean([answered for answered, one in rows if one.case.category == name] or [False])
        for name in ("near_miss", "far", "statement")
    }
    shares = "，".join(f"前{k} {(places <= k).mean():.2f}" for k in (1, 3))
    return f"{len(known)} 题：{shares}；可答而未答 {declined:.2f}；误答 " + "，".join(
        f"{name} {share:.2f}" for name, share in wrong.items()
    )


def _place(one: Seen, weights: Weights) -> int:
    """At which place of the ranking the first right sentence stands, from 1."""
    scores = np.array([weights.rank(features) for features in one.features])
    return int(np.flatnonzero(one.right[np.argsort(-scores, kind="stable")])[0]) + 1


def shown(weights: Weights) -> list[str]:
    """Every feature with its weight, the heaviest first."""
    by_weight = {
        "排序": sorted(weights.ranking.items(), key=lambda item: -abs(item[1])),
        "判断": sorted(weights.decision.items(), key=lambda item: -abs(item[1])),
    }
    lines = [
        f"{name}：" + "，".join(f"{feature} {weight:+.2f}" for feature, weight in row)
        for name, row in by_weight.items()
    ]
    return [*lines, f"从 {weights.answers_from:.2f} 起作答"]


def digest() -> str:
    """What tells whether the weights were made from the development cases as they are."""
    cases = (case for source in sources() for case in source.cases() if case.half == "dev")
    return hashlib.sha256("\n".join(f"{case.document}\t{case}" for case in cases).encode()).hexdigest()
