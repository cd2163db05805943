"""What a hotline agent finds while a caller waits: approved answers, terms, targets, passages, each with a 口径."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

from bot import tuning
from bot.answer import MARK, Answer, Status
from bot.desk.found import NO_FILTERS, Filters, Found, Result, Spans
from bot.finding.evidence import NUMBERED, speaking
from bot.finding.search import retrieve
from bot.office.approved import answer_of
from bot.office.gatekeeper import LookedUp
from bot.pipeline import Bot
from bot.records.office.approved import ApprovedAnswer
from bot.understanding.question import Question
from bot.wording import read_yaml
from corpus.outline import SENTENCE
from corpus.passage import Passage, Term
from corpus.substrings import Substrings
from corpus.targets import DEADLINE, Target

# How many approved answers are remembered folded.
REMEMBERED = 2_000
EDGES = "，。；,;"
COMMA = re.compile("[，,]")


class Desk:
    """Searches over an open bot. No model takes part."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._corpus = bot.index.corpus
        self._words: Mapping[str, str] = read_yaml(bot.settings.prompts_dir / "desk.yaml")["script"]
        self._label = bot.speaker.wording.label(Status.ANSWERED)
        self._targets = {target.id: target for target in bot.targets()}
        fold = self._corpus.words.fold
        self._fold = lru_cache(maxsize=REMEMBERED)(fold)
        self._folded = Substrings(fold(p.text) for p in self._corpus.passages)
        self._names = [(term, fold(name)) for term in self._corpus.terms for name in (term.name, *term.aliases)]
        self._written = Substrings(name for _, name in self._names)
        self._longest = max((len(name) for _, name in self._names), default=0)
        self._spelt: dict[str, list[int]] = {}
        for place, (_, name) in enumerate(self._names):
            self._spelt.setdefault(name, []).append(place)

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """The headings to filter by, in the order of the documents."""
        return tuple(dict.fromkeys(p.heading for p in self._corpus.passages if p.heading and p.kind == "body"))

    @cached_property
    def deadlines(self) -> tuple[str, ...]:
        """The deadlines to filter by."""
        plans = [p.text for p in self._corpus.passages if self._is_plan(p)]
        said = [found.group() for text in plans for found in DEADLINE.finditer(text)]
        return tuple(dict.fromkeys([*(target.deadline for target in self._targets.values()), *said]))

    def search(
        self,
        query: str,
        approved: Sequence[ApprovedAnswer] = (),
        filters: Filters = NO_FILTERS,
        history: Sequence[Mapping[str, str]] = (),
    ) -> Found:
        """What there is on some words or a caller's whole question; with filters alone, everything that passes them.

        `history` are the turns of the call before.

        Raises QuestionTooLong, and QuestionEmpty when there are no filters either.
        """
        if query.strip() or filters == NO_FILTERS:
            self._bot.refuse_unusable(query)
        turn = self._bot.reader.look_up(query, history)
        folded = turn.folded
        times = self._times(folded)
        found = self._asked(turn.whole, folded, times, approved) if turn.whole else self._everything(approved)
        return Found(tuple(r for r in found if self._passes(r, filters)), sum(times.values()))

    def first_of(self, found: LookedUp) -> Result:
        """The first results: an answer to read out when it surely answers, what the office or the guard says, or else
        the nearest passages, which are for the agent's eyes alone.
        """
        answer = found.answer
        if answer.mode == "approved":
            return replace(self.script_of(answer), kind="approved")
        if answer.status is Status.ANSWERED and found.probability >= tuning.DESK_ANSWER_SURE:
            return self.script_of(answer)
        if answer.status in (Status.ANSWERED, Status.NOT_IN_REPORT):
            return self._near(answer)
        return replace(self.script_of(answer), kind="notice")

    def _times(self, folded: str) -> dict[str, int]:
        """How often the exact words occur in each passage that has them, by its id."""
        places = self._folded.holding(folded).tolist() if folded else []
        return {self._corpus.passages[i].id: self._folded.texts[i].count(folded) for i in places}

    def _named(self, folded: str) -> list[Term]:
        """The terms with a name that holds the words or that they hold, in the order of the documents."""
        said = {folded[a:b] for a in range(len(folded)) for b in range(a + 1, min(len(folded), a + self._longest) + 1)}
        spelt = {place for words in said for place in self._spelt.get(words, ())}
        places = sorted(spelt | set(self._written.holding(folded).tolist()))
        return list({id(term): term for term, _ in (self._names[i] for i in places)}.values())

    def script_of(self, answer: Answer) -> Result:
        """An answer as it is read out: without marks, with its source and its label."""
        first = answer.citations[0] if answer.citations else None
        passage = self._corpus.by_id[first.passage_id] if first else None
        said = MARK.sub("", answer.answer).strip()
        named = (self._words["named"].format(publisher=s.publisher, title=s.title, date=s.date) for s in answer.sources)
        return Result(
            id="answer",
            kind="answer",
            title=said,
            where=self._where(passage) if passage else "",
            text=passage.text if passage else "",
            spans=((first.start, first.end),) if first else (),
            script=said,
            source="；".join(
                [*dict.fromkeys(self._source(self._corpus.by_id[c.passage_id]) for c in answer.citations), *named]
            ),
            label=answer.label,
            passage_id=passage.id if passage else "",
            quote=(first.start, first.end) if first else (0, 0),
            ways=answer.contacts,
            sources=answer.sources,
        )

    def _near(self, answer: Answer) -> Result:
        """The passages that an answer cites or else lists as related, without words to read out."""
        cited = replace(self.script_of(answer), kind="near", script="", label=self._words["near_label"])
        if cited.text:
            return replace(cited, title=self._words["near"])
        if not answer.related:
            return replace(cited, title=self._words["nothing_near"])
        passage = self._corpus.by_id[answer.related[0].passage_id]
        shown = self._made(cited.id, "near", self._words["near"], passage, (), "")
        return replace(shown, label=cited.label, ways=cited.ways)

    def _asked(
        self, question: Question, folded: str, times: Mapping[str, int], approved: Sequence[ApprovedAnswer]
    ) -> Iterator[Result]:
        words = self._telling(folded, question)
        for one in approved:
            told = self._fold("\n".join((*one.asked, one.answer)))
            if any(word in told for word in words):
                yield self._of_approved(one)
        yield from map(self._of_term, self._named(folded))
        promises = self._corpus.promises
        spoken = [promises.targets[i] for i in speaking(question.concepts, promises.clauses, tuning.SPOKEN_OF)]
        spoken.sort(key=lambda target: not any(word in target.object for word in words))
        yield from (self._of_target(target) for target in spoken[: tuning.DESK_TARGETS])
        hits = [hit.passage for hit in retrieve(question, self._bot.index, tuning.DESK_PASSAGES) if hit.kept]
        for passage in dict.fromkeys([*hits, *(self._corpus.by_id[i] for i in times)]):
            yield replace(self._of_passage(passage, words), times=times.get(passage.id, 0))

    def _everything(self, approved: Sequence[ApprovedAnswer]) -> Iterator[Result]:
        yield from (self._of_approved(one) for one in approved)
        yield from (self._of_term(t) for t in self._corpus.terms)
        yield from (self._of_target(t) for t in self._targets.values())
        yield from (self._of_passage(p, ()) for p in self._corpus.passages)

    def _telling(self, folded: str, question: Question) -> list[str]:
        """The words to highlight: the query itself, its content words, and their official names."""
        stop = self._corpus.lexicon.stopwords
        said = [word for word in self._corpus.words.cut(folded) if word not in stop]
        official = [name for c in question.concepts for name, value in c.names if value >= tuning.SURE_NAME]
        return [w for w in dict.fromkeys([folded, *said, *official]) if len(w) > 1 or w == folded]

    def _passes(self, result: Result, chosen: Filters) -> bool:
        passage = self._corpus.by_id.get(result.passage_id)
        return (
            (not chosen.kind or result.kind == chosen.kind)
            and (not chosen.section or (passage is not None and chosen.section in passage.section))
            and (not chosen.deadline or self._is_due(result, chosen.deadline))
            and (not chosen.quantity or result.kind == "target")
        )

    def _is_due(self, result: Result, deadline: str) -> bool:
        """Whether a target is due by then, or a paragraph of a plan speaks of that time."""
        if result.kind == "target":
            return self._targets[result.id].deadline == deadline
        return result.kind == "body" and deadline in result.text

    def _of_approved(self, one: ApprovedAnswer) -> Result:
        return replace(self.script_of(answer_of(one, self._bot)), id=one.id, kind="approved", title=one.question)

    def _of_term(self, term: Term) -> Result:
        passage = self._corpus.by_id[term.annotation_id]
        said = self._said(passage, term.explanation.strip(EDGES))
        return self._made(f"{passage.id}-{term.name}", "term", term.name, passage, (), said)

    def _of_target(self, target: Target) -> Result:
        passage = self._corpus.by_id[target.passage_id]
        said = self._said(passage, target.clause.strip(EDGES))
        title = f"{target.action}{target.object} {target.amount}".strip()
        return self._made(target.id, "target", title, passage, ((target.start, target.end),), said)

    def _of_passage(self, passage: Passage, words: Sequence[str]) -> Result:
        spans = _spans(passage.text, words)
        quote = NUMBERED.sub("", _sentence_at(passage.text, spans[0][0] if spans else 0))
        said = self._said(passage, quote)
        title = passage.heading or self._corpus.documents[passage.document_id].title
        return self._made(passage.id, passage.kind, title, passage, spans, said)

    def _made(self, result_id: str, kind: str, title: str, passage: Passage, spans: Spans, said: str) -> Result:
        where, source = self._where(passage), self._source(passage)
        quote = spans[0] if spans else (0, 0)
        return Result(result_id, kind, title, where, passage.text, spans, said, source, self._label, passage.id, quote)

    def _is_plan(self, passage: Passage) -> bool:
        return self._corpus.part_of(passage).promises

    def _said(self, passage: Passage, quote: str) -> str:
        """What is read out of a passage, with a lead-in that names its kind and time."""
        return self._words[self._corpus.part_of(passage).kind].format(quote=quote, **self._known(passage))

    def _known(self, passage: Passage) -> dict[str, object]:
        document = self._corpus.documents[passage.document_id]
        return {"title": document.title, "period": self._corpus.part_of(passage).period}

    def _where(self, passage: Passage) -> str:
        return " · ".join([*passage.section, self._words[passage.kind].format(number=passage.number)])

    def _source(self, passage: Passage) -> str:
        return self._words["source"].format(where=self._where(passage), **self._known(passage))


def _spans(text: str, words: Sequence[str]) -> Spans:
    """Where the words occur, in either case, longer ones first, without overlaps."""
    taken: list[tuple[int, int]] = []
    for word in sorted(words, key=len, reverse=True):
        for found in re.finditer(re.escape(word), text, re.IGNORECASE):
            if all(found.end() <= start or found.start() >= end for start, end in taken):
                taken.append(found.span())
    return tuple(sorted(taken))


def _sentence_at(text: str, at: int) -> str:
    """The sentence at an offset; of a long one the clauses around it."""
    whole = next((m for m in SENTENCE.finditer(text) if m.start() <= at < m.end()), None)
    if whole is None:
        return text[: tuning.DESK_QUOTE]
    sentence = whole.group().strip(EDGES)
    if len(sentence) <= tuning.DESK_QUOTE:
        return sentence
    commas = [found.start() for found in COMMA.finditer(sentence)]
    start = max((c + 1 for c in commas if c < at - whole.start()), default=0)
    end = next((c for c in commas if c > start + tuning.DESK_QUOTE // 2), len(sentence))
    return sentence[start:end]
