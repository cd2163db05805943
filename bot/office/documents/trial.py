"""A trial of a draft: how it was read, and answers from it alone to questions made from its targets and terms."""

import shutil
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bot.answer import MARK
from bot.errors import DocumentUnusable, NotReady
from bot.office.documents.drafts import parts_in, whole_parts
from bot.office.documents.examples import onward_of
from bot.office.documents.renewal import over
from bot.pipeline import Bot
from corpus.outline import remainder
from corpus.passage import Document, Part
from corpus.read import DESCRIPTION, read_document
from corpus.targets import Target

QUESTIONS, REMEMBERED = 10, 8
# The folder for indexes of drafts in the data folder: drafts are shared, but an index belongs to one process.
TRIALS = "trials"


@dataclass(frozen=True, slots=True)
class Tried:
    """A question, the status of its answer and its words."""

    question: str
    status: str
    answer: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A document as read: its parts with the number of passages of each, the lines in no passage, its targets.

    `wholes` are the whole parts by heading, as the form can state them.
    """

    document: Document
    parts: tuple[tuple[Part, int], ...]
    wholes: dict[str, Part]
    remainder: tuple[str, ...]
    targets: tuple[Target, ...]
    terms: tuple[str, ...]
    tried: tuple[Tried, ...]


def attempt(bot: Bot, folder: Path) -> Trial:
    """Read a draft and ask it questions. Slow: embeds its sentences. Raises NotReady when it cannot be indexed."""
    with closing(over(bot, folder.parent, _place(bot.settings.data_dir / TRIALS, folder.parent))) as alone:
        corpus = alone.index.corpus
        document = corpus.documents[folder.name]
        questions = islice(onward_of(alone).of_document(document.id), QUESTIONS)
        answers = ((one.question, alone.prepared(one.question, ()).answer) for one in questions)
        return Trial(
            document=document,
            parts=tuple(parts_in(document, corpus.passages)),
            wholes=whole_parts(document, corpus.passages),
            remainder=tuple(line.text.strip() for line in remainder(read_document(folder)[1])),
            targets=corpus.targets,
            terms=tuple(term.name for term in corpus.terms),
            tried=tuple(Tried(question, a.status.value, MARK.sub("", a.answer)) for question, a in answers),
        )


def _place(trials: Path, draft: Path) -> Path:
    """The folder for the index of a draft; deletes those of drafts that are gone."""
    for older in trials.glob("*"):
        if not (draft.parent / older.name).exists():
            shutil.rmtree(older)
    return trials / draft.name


class Trials:
    """Makes trials one at a time in a thread of its own; caches the latest."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[tuple[Path, int], Future[Trial]] = OrderedDict()
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="trial")

    def of(self, bot: Bot, folder: Path, patience: float) -> Trial | None:
        """The trial of a draft as now described; None when it takes longer than `patience` seconds.

        Raises DocumentUnusable when it cannot be made, or what went wrong; the next call tries again.
        """
        key = folder, (folder / DESCRIPTION).stat().st_mtime_ns
        with self._lock:
            job = self._jobs.get(key) or self._start(bot, key)
        wait([job], patience)
        if not job.done():
            return None
        if job.exception():
            with self._lock:
                self._jobs.pop(key, None)
        try:
            return job.result()
        except NotReady as problem:
            raise DocumentUnusable(problem.message.replace(f"{folder.parent}/", "")) from problem

    def _start(self, bot: Bot, key: tuple[Path, int]) -> Future[Trial]:
        job = self._jobs[key] = self._executor.submit(attempt, bot, key[0])
        while len(self._jobs) > REMEMBERED:
            self._jobs.popitem(last=False)
        return job
