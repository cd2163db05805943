"""What a model is given: the sentences that were found to answer, numbered, as data; and what it is held against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot import tuning
from bot.answering.replies import Judged
from bot.finding.evidence import Evidence
from bot.writing.budget import estimated
from bot.writing.faithfulness import Source
from bot.writing.prompts import Prompts
from corpus.corpus import Corpus
from corpus.outline import SENTENCE
from corpus.passage import Passage


@dataclass(frozen=True, slots=True)
class Task:
    """What a model is to write: an answer to `question` from `passages`; `focus` are the clauses found to answer."""

    question: str
    passages: tuple[Passage, ...]
    focus: tuple[Evidence, ...]


def task_of(said: str, answered: Sequence[Judged]) -> Task:
    """What the model is to write: from the passages of the evidence, and the next best ones.

    Who wishes the last answer otherwise (说简单点) has it asked again, with the wish.
    """
    focus = [evidence for one in answered for evidence in one.judgement.evidence]
    near = [hit.passage for one in answered for hit in one.hits if hit.kept]
    passages = dict.fromkeys([*(evidence.passage for evidence in focus), *near])
    again = "".join(f"{one.question.text}。{one.question.wish}" for one in answered if one.question.wish)
    return Task(again or said, tuple(passages), tuple(focus))


class Material:
    """Makes prompts of tasks. Instructions in passages are not passed on."""

    def __init__(self, prompts: Prompts, corpus: Corpus, is_instruction: Callable[[str], bool]) -> None:
        self._prompts, self._corpus, self._is_instruction = prompts, corpus, is_instruction
        self._ruling: dict[str, bool] = {}

    def prompt(self, task: Task, name: str, room: int) -> tuple[str, str, dict[int, Source]]:
        """What the model is told (system, user), and the passages by the number it knows them by; `room`: tokens."""
        document = self._corpus.documents[task.passages[0].document_id]
        system = self._prompts.say("system", name=name)
        told: list[str] = []
        sources: dict[int, Source] = {}
        spent = estimated(system + task.question)
        for mark, passage in enumerate(_needed(task), start=1):
            text = self._told(mark, passage, task.focus)
            spent += estimated(text)
            if told and spent > room:
                break
            told.append(text)
            sources[mark] = self.source(mark, passage)
        user = self._prompts.say(
            "user",
            today=date.today().isoformat(),
            title=document.title,
            passages="\n".join(told),
            question=flat(task.question),
            wishes=self._prompts.wishes(task.question).told,
        )
        return system, user, sources

    def source(self, mark: int, passage: Passage) -> Source:
        """A passage as a sentence is held against it: whole, with its headings and the years it tells of."""
        return source_of(mark, passage, self._harmless(passage.text), self._corpus)

    def _told(self, mark: int, passage: Passage, focus: Sequence[Evidence]) -> str:
        found = [evidence for evidence in focus if evidence.passage.id == passage.id]
        part = self._corpus.part_of(passage)
        return self._prompts.say(
            "passage",
            mark=mark,
            section=" · ".join(passage.section) or self._corpus.documents[passage.document_id].title,
            time=self._prompts.say(f"time_{part.kind}", period=part.period),
            text=flat(self._harmless(_around(passage.text, found))),
            focus=flat("；".join(filter(None, (self._harmless(evidence.quote) for evidence in found)))) or "—",
        )

    def _harmless(self, text: str) -> str:
        """A text without sentences that would rule the model: they are no statements of the document."""
        return "".join(sentence for sentence in SENTENCE.findall(text) if not self._rules(sentence))

    def _rules(self, sentence: str) -> bool:
        """Whether a sentence of a passage is an instruction, remembered."""
        if sentence not in self._ruling:
            self._ruling[sentence] = self._is_instruction(sentence)
        return self._ruling[sentence]


def source_of(mark: int, passage: Passage, text: str, corpus: Corpus) -> Source:
    """What a sentence is held against: the `text` of a passage, its headings and the years that it tells of."""
    title, part = corpus.documents[passage.document_id].title, corpus.part_of(passage)
    beside = "\n".join([f"{title}{part.period}", *passage.section])
    return Source(mark, text, beside, past=part.kind == "review")


def _needed(task: Task) -> list[Passage]:
    """The passages with a clause that answers; all of them when none has."""
    found = [passage for passage in task.passages if any(e.passage.id == passage.id for e in task.focus)]
    return (found or list(task.passages))[: tuning.PASSAGES_GIVEN]


def _around(text: str, found: Sequence[Evidence]) -> str:
    """The sentences in which the evidence stands; the whole text without any."""
    spans = [(m.start(), m.end(), m.group()) for m in SENTENCE.finditer(text)]
    near = (s for start, end, s in spans if any(e.start < end and start < e.end for e in found))
    return "".join(near) or text


def flat(text: str) -> str:
    """A text as data: on one line, without the brackets that number the passages."""
    return " ".join(text.replace("【", "(").replace("】", ")").split())
