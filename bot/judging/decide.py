"""Do these clauses answer this question? The topic must be covered, and the thing asked for must be there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import accumulate

from bot import tuning
from bot.finding.evidence import Evidence, concept_strength, joined, lead_of, whole_list
from bot.finding.listing import define, find_amounts, find_mentions, find_stage, find_within, using, whole_passage
from bot.finding.slots import NUMERIC
from bot.judging.claims import claimed_topic, is_confirmed, is_denied
from bot.judging.features import is_rules, of_decision, of_sentences, stranger
from bot.judging.weights import Weights
from bot.understanding.kinds import Kind
from bot.understanding.period import Period
from bot.understanding.question import Question
from bot.understanding.topics import Concept
from corpus.corpus import Corpus
from corpus.passage import Part, Passage

# Details of which a text shows whether it tells them.
TELLTALE = (*NUMERIC, Kind.TIME, Kind.PLACE, Kind.PRICE, Kind.CONTACT, Kind.REASON, Kind.WHO, Kind.PROCEDURE)
# Who asks for one of these of a term does not ask what it means.
NOT_MEANING = (*NUMERIC, Kind.TIME, Kind.PRICE, Kind.PROCEDURE)


class Outcome(Enum):
    """What a judgement can be."""

    ANSWERED = auto()
    CORRECTED = auto()
    UNCONFIRMED = auto()
    DETAIL_MISSING = auto()
    NAME_MISSING = auto()
    YEAR_MISSING = auto()
    TOPIC_MISSING = auto()
    UNCLEAR = auto()
    STATEMENT = auto()
    NOTHING_MORE = auto()


# What is quoted for an answer.
ANSWERS = frozenset({Outcome.ANSWERED, Outcome.CORRECTED, Outcome.UNCONFIRMED})


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome and the evidence it rests on, best first; `asked` is the label of what is missing, `total` how many
    there are of a list that is not quoted whole, `probability` how likely it is answered (1 where structure does).
    """

    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    asked: str = ""
    total: int = 0
    probability: float = 1.0


def judge(
    question: Question, evidence: Sequence[Evidence], corpus: Corpus, weights: Weights, asking: float = 1.0
) -> Judgement:
    """Decide on the evidence found; `asking` is how likely the turn asks at all."""
    found = ranked(question, evidence, weights, corpus)
    direct = _structural(question, found, corpus)
    if direct:
        return _listed(question, direct, corpus)
    if not question.concepts and question.year is None:
        return Judgement(Outcome.UNCLEAR)
    if not found:
        return Judgement(Outcome.YEAR_MISSING if _is_past(question, corpus) else Outcome.TOPIC_MISSING)
    best = claimed_topic(question, found, corpus) if question.is_claim else _of_the_name(question, found, corpus)
    if _is_of_another_year(question, best, corpus):
        return Judgement(Outcome.YEAR_MISSING, (best,))
    found = [best, *(e for e in found if e is not best)]
    likely = weights.answers(of_decision(question, found, asking, corpus))
    if not _lacks(question, best) and likely >= weights.answers_from:
        return _told(question, found, corpus, likely)
    if asking >= tuning.TURN_ASKS or is_rules(best, corpus):
        return _missing(question, best, corpus)
    same = weights.answers(of_decision(question, found, 1.0, corpus)) >= tuning.STATEMENT_ANSWERED
    return Judgement(Outcome.STATEMENT, (best,) if same else ())


def _of_the_name(question: Question, found: Sequence[Evidence], corpus: Corpus) -> Evidence:
    """The best evidence; of several about as good, one that holds the name most asked about."""
    most = next((concept for concept in question.concepts if concept.solid), None)
    if most is None or not most.name:
        return found[0]
    as_good = (e for e in found if e.rank >= found[0].rank - tuning.RANK_EQUAL)
    holds = (e for e in as_good if concept_strength(most, corpus.words.fold(e.quote)) >= tuning.SPOKEN_OF)
    return next(holds, found[0])


def _listed(question: Question, direct: Sequence[Evidence], corpus: Corpus) -> Judgement:
    """The judgement on what the structure of the documents answers."""
    if question.is_structural:
        direct = _of_its_time(question, list(direct), corpus)
        if _is_of_another_year(question, direct[0], corpus):
            return Judgement(Outcome.YEAR_MISSING)
    shown = tuple(direct[: _fitting(direct, tuning.LIST_CHARS if question.wants_amounts else tuning.MENTIONS_CHARS)])
    outcome = Outcome.CORRECTED if question.is_claim and is_denied(question, direct, corpus) else Outcome.ANSWERED
    return Judgement(outcome, shown, total=len(direct) if len(shown) < len(direct) else 0)


def _told(question: Question, found: Sequence[Evidence], corpus: Corpus, likely: float) -> Judgement:
    """The judgement on a question that the best evidence answers: a claim is held against it."""
    chosen = _choose(question, found, corpus)
    outcome = Outcome.ANSWERED
    if question.is_claim and is_denied(question, chosen, corpus):
        outcome = Outcome.CORRECTED
    elif question.is_claim and not is_confirmed(question, chosen, corpus):
        outcome = Outcome.UNCONFIRMED
    return Judgement(outcome, chosen, probability=likely)


def ranked(question: Question, evidence: Sequence[Evidence], weights: Weights, corpus: Corpus) -> list[Evidence]:
    """The evidence of the time asked about, best first, each with its rank."""
    scored = zip(evidence, of_sentences(question, evidence), strict=True)
    order = sorted((replace(e, rank=weights.rank(features)) for e, features in scored), key=lambda e: -e.rank)
    return _of_its_time(question, _of_its_place(question, order, corpus), corpus)


def _of_its_place(question: Question, found: list[Evidence], corpus: Corpus) -> list[Evidence]:
    """The evidence without that of documents of other places than those a question names; all where it names none."""
    if not any(name in question.meant for name in corpus.place_names):
        return found
    named = {one for one, names in corpus.places.items() if any(name in question.meant for name in names)}
    return [e for e in found if e.passage.document_id in named or not corpus.places[e.passage.document_id]]


def _structural(question: Question, found: Sequence[Evidence], corpus: Corpus) -> list[Evidence]:
    """What the structure of the document answers: all mentions of a word, the meaning of a term."""
    if question.wants_mentions:
        return find_mentions(question, corpus)
    if question.bound and (within := find_within(question, corpus)):
        return within
    if question.wants_stage and (staged := find_stage(question, corpus)):
        return staged
    if question.wants_amounts and question.wants_list:
        return find_amounts(question, corpus)
    if question.terms and (_asks_meaning(question) or (question.is_claim and not question.figures)):
        return define(question, corpus) + (_users(question, found, corpus) if _others(question) else [])
    return []


def _fitting(listed: Sequence[Evidence], limit: int) -> int:
    """How many of a list fit in so many characters; one at least."""
    lengths = accumulate(len(evidence.quote) for evidence in listed)
    return max(sum(length <= limit for length in lengths), 1)


def _lacks(question: Question, best: Evidence) -> bool:
    """Whether a detail that is surely asked for is not in the quote: whatever the weights say, that is no answer."""
    sure = (kind for kind in TELLTALE if question.shares.get(kind, 0.0) >= tuning.DETAIL_SURE)
    return not question.is_claim and any(kind not in best.proves for kind in sure)


def _missing(question: Question, best: Evidence, corpus: Corpus) -> Judgement:
    """Why the best evidence is no answer."""
    if question.asked and not best.proven:
        return Judgement(Outcome.DETAIL_MISSING, (best,), question.asked[0].label)
    absent = stranger(question, best, corpus)
    return Judgement(Outcome.NAME_MISSING if absent else Outcome.TOPIC_MISSING, (best,), absent)


def _is_past(question: Question, corpus: Corpus) -> bool:
    """Whether a year is asked about of which no document is."""
    return question.year is not None and question.year not in corpus.years


def _asks_meaning(question: Question) -> bool:
    """Whether a term that is named is asked for itself: by a word for meaning, or by nothing else being said."""
    if question.asks(*NOT_MEANING):
        return False
    return not _others(question) or question.wants_definition or question.wants_list


def _others(question: Question) -> list[Concept]:
    """The concepts of a question beside the terms it names."""
    names = "".join(n for t in question.terms for n in (t.name, *t.aliases))
    return [c for c in question.concepts if not all(said in names for said in c.said)]


def _users(question: Question, found: Sequence[Evidence], corpus: Corpus) -> list[Evidence]:
    """The clause of the body that uses the first term a question names, when more than the meaning was asked."""
    uses = [m for t in question.terms for m in t.mentions]
    matched = [e for e in found for m in uses if e.passage.id == m.passage_id and e.start <= m.start < e.end]
    return matched[:1] or using(uses[:1], corpus)


def _of_its_time(question: Question, found: list[Evidence], corpus: Corpus) -> list[Evidence]:
    """The evidence of the years asked about, or all of it where a claim is far better told of another year: then the
    year is what is wrong with it.
    """
    timed = _timed(question, found, corpus)
    apart = question.is_claim and found and timed[0].rank < found[0].rank - tuning.RANK_FAR
    return found if apart else timed


def _timed(question: Question, found: list[Evidence], corpus: Corpus) -> list[Evidence]:
    """The evidence of the years asked about, of the current documents where no time is named; all of it where there is
    none of that."""
    asked = question.period
    if asked is None:
        return [e for e in found if e.passage.document_id in corpus.current] or found
    timed = [(corpus.part_of(e.passage), e) for e in found]
    if not asked.is_year:
        return [e for part, e in timed if part.since < part.until and _overlap(part, asked)] or found
    holding = [(part, e) for part, e in timed if part.kind != "rules" or e.passage.document_id in corpus.current]
    just = [e for part, e in holding if _is_just_of(part, asked) or str(asked.until) in e.quote]
    return just or [e for part, e in timed if part.year == asked.until] or found


def _is_just_of(part: Part, asked: Period) -> bool:
    """Whether a part tells of one year alone, the one asked about; rules hold in any."""
    return part.kind == "rules" or part.since == part.until == asked.until


def _overlap(part: Part, asked: Period) -> bool:
    return part.since <= asked.until and asked.since <= part.until


def _is_of_another_year(question: Question, best: Evidence, corpus: Corpus) -> bool:
    asked, part = question.period, corpus.part_of(best.passage)
    if asked is None or not asked.stated or question.is_claim or part.kind == "rules":
        return False
    if not asked.is_year:
        return not _overlap(part, asked)
    ahead = part.kind == "outlook" and _overlap(part, asked)
    return asked.until != part.year and not ahead and str(asked.until) not in best.quote


def _topic_passage(question: Question, found: Sequence[Evidence], corpus: Corpus) -> Passage | None:
    """The paragraph whose own heading names the topic of which everything is asked (教育方面有哪些事)."""
    known = [c for c in question.concepts if any(corpus.frequency(name) for name, _ in c.names)]
    if not question.wants_list or question.asked or not known:
        return None
    least = tuning.HEADING_RELEVANT * found[0].relevance
    for passage in (e.passage for e in found[: tuning.HEADINGS_TRIED] if e.relevance >= least):
        heading = corpus.words.fold(passage.heading)
        weighty = [c for c in known if c.weight >= tuning.NEARLY_HEAVIEST * known[0].weight]
        if passage.opening and any(concept_strength(c, heading) >= tuning.HEADING_NAMES for c in weighty):
            return passage
    return None


def _choose(question: Question, found: Sequence[Evidence], corpus: Corpus) -> tuple[Evidence, ...]:
    """The paragraph of a topic; else the best sentence and those that speak of what is not yet spoken of.

    For a list, those that speak of the same are taken too.
    """
    topic = _topic_passage(question, found, corpus)
    if topic:
        return (whole_passage(topic, tuning.LIST_CHARS),)
    best = found[0]
    chosen, spoken, length = [best], set(best.concepts), len(best.quote)
    limit = tuning.LIST_CHARS if question.wants_list else tuning.FACT_CHARS
    further = tuning.FURTHER_OF_LIST if question.wants_list else tuning.FURTHER
    alike = tuning.SAME_OF_LIST if question.wants_list else tuning.SAME_ASIDE
    things, rules = {c.said for c in question.things}, is_rules(best, corpus)
    for evidence in found[1:]:
        if length + len(evidence.quote) > limit or (question.asked and not evidence.proven):
            continue
        adds = bool(evidence.concepts - spoken) and evidence.score >= further * best.score
        same = not question.wants_list or bool(evidence.concepts & things)
        near = evidence.rank >= best.rank - (tuning.RANK_FAR if adds or question.wants_list else tuning.RANK_BESIDE)
        told = question.wants_list or evidence.clause >= best.clause - tuning.CLAUSE_FAR
        also = rules and evidence.rank >= best.rank - tuning.RANK_BESIDE  # several articles may hold of one case
        if also or (near and told and (adds or (same and evidence.score >= alike * best.score))):
            chosen.append(evidence)
            spoken |= evidence.concepts
            length += len(evidence.quote)
    if question.wants_list:
        chosen = [whole_list(best), *chosen[1:]]
    return tuple(joined(_with_leads(chosen)))


def _with_leads(chosen: Sequence[Evidence]) -> list[Evidence]:
    """The evidence, each item of an article behind what it hangs on: alone it would be no condition and no duty."""
    return list(dict.fromkeys(one for e in chosen for one in (lead_of(e), e) if one))
