"""`python app.py`: read the settings, serve the interface and the pages."""

import sys

import uvicorn
from pydantic import ValidationError

from bot.settable import error_lines
from bot.settings import Settings, settings
from bot.watching.tracing import tracing
from bot.web.doors.logs import logging_as
from bot.web.server import Front, listening, served
from bot.wording import WordingError
from corpus.folder import reason


def main() -> int:
    """Serve until stopped; 1 when the address cannot be bound."""
    try:
        chosen = settings()
    except ValidationError as wrong:
        print(error_lines(wrong), file=sys.stderr)
        return 1
    try:
        sockets = listening(chosen.host, chosen.port)
    except OSError as problem:
        print(_taken(chosen, problem), file=sys.stderr)
        return 1
    print("正在打开索引……", flush=True)
    try:
        front = Front(chosen, stop=lambda: setattr(server, "should_exit", True))
    except WordingError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    server = uvicorn.Server(served(front, chosen))
    with logging_as(chosen), tracing(chosen.otlp_url):
        server.run(sockets=sockets)
    return int(front.failed)


def _taken(chosen: Settings, problem: OSError) -> str:
    why = reason(problem)
    return f"不能使用 {chosen.host}:{chosen.port}（{why}）。请换一个地址或端口，例如：make run PORT=7861"


if __name__ == "__main__":
    sys.exit(main())
