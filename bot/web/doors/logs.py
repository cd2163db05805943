"""Logging: warnings to the console, a line per request to a file. Set up once, by app.py."""

import json
import logging
import queue
import re
import time
import traceback
from collections import deque
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
WAITING, GATHER_SECONDS, KEPT = 10_000, 0.5, 20
DAY = re.compile(r"\.(\d{4}-\d{2}-\d{2})$")
SECRETIVE = "asyncio"  # its messages end with the repr of a task and its exception
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


@contextmanager
def logging_as(settings: Settings) -> Iterator[None]:
    """Set up logging from the settings; third-party modules log warnings only, whatever our level is."""
    console = logging.StreamHandler()
    as_json = settings.log_format == "json"
    console.setFormatter(Structured() if as_json else Discreet(LINE, CLOCK))
    console.addFilter(_marked)
    logging.basicConfig(level=logging.WARNING, handlers=[console, Recent()], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level.upper())
    with _access_to(settings.data_dir / "logs" / "access.log", settings.access_log_days, as_json):
        yield


class Discreet(logging.Formatter):
    """Formats exceptions by location and type, never their message, which may quote what was typed."""

    def formatException(self, ei: Raised) -> str:
        """The frames and the type, causes first."""
        return "".join(_places(ei[1], set())).rstrip() if ei[1] else ""


class Structured(Discreet):
    """A line as JSON, for log platforms."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger and request, then the message; for a request its fields by name."""
        told: dict[str, object] = {"time": self.formatTime(record, CLOCK), "level": record.levelname.lower()}
        if record.name == access.log.name and isinstance(record.args, tuple):
            told |= dict(zip(access.FIELDS, record.args, strict=True))
        else:
            told |= {"logger": record.name, "request_id": request_id.get(), "message": record.getMessage()}
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


class Recent(logging.Handler):
    """Keeps the last warnings and errors, for the office's page."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s %(message)s", CLOCK))
        self.lines: deque[str] = deque(maxlen=KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line; of a traceback its last line, which has the type."""
        first, *rest = self.format(record).split("\n")
        self.lines.append(" ".join([first, *rest[-1:]]))


def recent() -> list[str]:
    """The last warnings and errors, the newest first; none before logging is set up."""
    found = [handler for handler in logging.getLogger().handlers if isinstance(handler, Recent)]
    return [line for handler in found for line in reversed(handler.lines)]


class AccessFile(TimedRotatingFileHandler):
    """One file per day, kept for some days. What cannot be written is lost, and reported once: no request waits."""

    def __init__(self, path: Path, days: int, as_json: bool = False) -> None:
        super().__init__(path, when="midnight", backupCount=days, encoding="utf-8", delay=True)
        self.setFormatter(Structured() if as_json else logging.Formatter("%(asctime)s %(message)s", CLOCK))
        self._told = False

    def getFilesToDelete(self) -> list[str]:
        """The expired files, whether or not one was written every day since."""
        oldest = (date.today() - timedelta(days=self.backupCount)).isoformat()
        path = Path(self.baseFilename)
        dated = [(DAY.search(found.name), found) for found in path.parent.glob(f"{path.name}.*")]
        return [str(found) for day, found in dated if day and day[1] < oldest]

    def handleError(self, record: logging.LogRecord) -> None:
        """Reopen the file for the next line, so that nothing piles up behind a failed write."""
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
    """Passes lines to the writing thread; when too many wait, the newest are lost."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """The record unchanged: its arguments are immutable, and its fields are used by name."""
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        with suppress(queue.Full):
            self.queue.put_nowait(record)


class _Gathered(QueueListener):
    """Writes twice a second: waking a thread for each line would cost more than the request."""

    def dequeue(self, block: bool) -> logging.LogRecord:
        """The next line, when it is time."""
        while True:
            try:
                return super().dequeue(False)
            except queue.Empty:
                time.sleep(GATHER_SECONDS)


@contextmanager
def _access_to(path: Path, days: int, as_json: bool) -> Iterator[None]:
    access.log.propagate = False
    if not days:
        access.log.setLevel(logging.CRITICAL)
        yield
        return
    waiting: queue.Queue[logging.LogRecord] = queue.Queue(WAITING)
    listener = _Gathered(waiting, AccessFile(path, days, as_json))
    access.log.setLevel(logging.INFO)
    access.log.addHandler(_Behind(waiting))
    listener.start()
    yield
    with suppress(queue.Full):
        listener.stop()


def _marked(record: logging.LogRecord) -> bool:
    """Mark a line with its request; returns whether it is logged at all, as some modules set their own level."""
    record.request_id = request_id.get()
    if record.name == SECRETIVE:
        record.msg, record.args = record.getMessage().split("\n", 1)[0], ()
    return record.levelno >= logging.WARNING or record.name.split(".")[0] in OURS


def _places(error: BaseException, seen: set[int]) -> Iterator[str]:
    """The frames and type of an exception, after those of its cause."""
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    inside = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in filter(None, (cause, *inside)):
        if id(other) not in seen:
            yield from _places(other, seen)
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"
