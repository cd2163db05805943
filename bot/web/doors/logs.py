"""Where the service's words go: warnings to the console, a line for each request to a file. Set up once, by app.py."""

import logging
import queue
import re
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from io import TextIOWrapper
from logging.handlers import QueueHandler, QueueListener, TimedRotatingFileHandler
from pathlib import Path
from types import TracebackType

from bot.settings import Settings
from bot.web.doors import access
from bot.web.doors.access import request_id

log = logging.getLogger(__name__)
OURS = ("bot", "corpus")
LINE = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
CLOCK = "%Y-%m-%dT%H:%M:%S%z"
WAITING, GATHER_SECONDS = 10_000, 0.5
DAY = re.compile(r"\.(\d{4}-\d{2}-\d{2})$")
SECRETIVE = "asyncio"  # its messages end with a task and the exception in it
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


@contextmanager
def logging_as(settings: Settings) -> Iterator[None]:
    """Log as the settings say; other people's modules tell warnings only, whatever our level is."""
    console = logging.StreamHandler()
    console.setFormatter(Discreet(LINE, CLOCK))
    console.addFilter(_marked)
    logging.basicConfig(level=logging.WARNING, handlers=[console], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level.upper())
    with _access_to(settings.data_dir / "logs" / "access.log", settings.access_log_days):
        yield


class Discreet(logging.Formatter):
    """Says where an exception came from and of which kind it is, never its message: that may hold what was typed."""

    def formatException(self, ei: Raised) -> str:
        """The frames and the kind, causes first."""
        return "".join(_places(ei[1], set())).rstrip() if ei[1] else ""


class AccessFile(TimedRotatingFileHandler):
    """A file a day, each for some days. What cannot be written is lost, and told of once: no request waits for it."""

    def __init__(self, path: Path, days: int) -> None:
        super().__init__(path, when="midnight", backupCount=days, encoding="utf-8", delay=True)
        self.setFormatter(logging.Formatter("%(asctime)s %(message)s", CLOCK))
        self._told = False

    def getFilesToDelete(self) -> list[str]:
        """The files of days that are over their time, whether or not one was written on each day since."""
        oldest = (date.today() - timedelta(days=self.backupCount)).isoformat()
        path = Path(self.baseFilename)
        dated = [(DAY.search(found.name), found) for found in path.parent.glob(f"{path.name}.*")]
        return [str(found) for day, found in dated if day and day[1] < oldest]

    def handleError(self, record: logging.LogRecord) -> None:
        """Open the file anew for the next line: nothing piles up behind what could not be written."""
        stream, self.stream = self.stream, None
        if stream:
            with suppress(OSError):
                stream.close()
        if not self._told:
            log.warning("the access log cannot be written: %s", self.baseFilename)
        self._told = True

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()


class _Behind(QueueHandler):
    """Hands lines to the thread that writes; where too many wait, the newest are lost."""

    def enqueue(self, record: logging.LogRecord) -> None:
        with suppress(queue.Full):
            self.queue.put_nowait(record)


class _Gathered(QueueListener):
    """Writes what has come twice a second: a thread that woke for each line would take longer than the request."""

    def dequeue(self, block: bool) -> logging.LogRecord:
        """The next line, when it is time."""
        while True:
            try:
                return super().dequeue(False)
            except queue.Empty:
                time.sleep(GATHER_SECONDS)


@contextmanager
def _access_to(path: Path, days: int) -> Iterator[None]:
    access.log.propagate = False
    if not days:
        access.log.setLevel(logging.CRITICAL)
        yield
        return
    waiting: queue.Queue[logging.LogRecord] = queue.Queue(WAITING)
    listener = _Gathered(waiting, AccessFile(path, days))
    access.log.setLevel(logging.INFO)
    access.log.addHandler(_Behind(waiting))
    listener.start()
    yield
    with suppress(queue.Full):
        listener.stop()


def _marked(record: logging.LogRecord) -> bool:
    """Mark a line with its request; whether it is told at all: some modules set a level of their own."""
    record.request_id = request_id.get()
    if record.name == SECRETIVE:
        record.msg, record.args = record.getMessage().split("\n", 1)[0], ()
    return record.levelno >= logging.WARNING or record.name.split(".")[0] in OURS


def _places(error: BaseException, seen: set[int]) -> Iterator[str]:
    """The frames an exception came through and its kind, after those of its cause."""
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    inside = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in filter(None, (cause, *inside)):
        if id(other) not in seen:
            yield from _places(other, seen)
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"
