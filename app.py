"""`python app.py`: read the settings, serve the interface and the pages."""

import socket
import sys

import uvicorn
from pydantic import ValidationError

from bot.settable import told
from bot.settings import Settings, settings
from bot.web.doors.logs import logging_as
from bot.web.server import Front, served


def main() -> int:
    """Serve until stopped; 1 when the address cannot be had."""
    try:
        chosen = settings()
    except ValidationError as wrong:
        print(told(wrong), file=sys.stderr)
        return 1
    taken = _taken(chosen)
    if taken:
        print(taken, file=sys.stderr)
        return 1
    print("正在打开索引……", flush=True)
    front = Front(chosen, stop=lambda: setattr(server, "should_exit", True))
    server = uvicorn.Server(served(front, chosen))
    with logging_as(chosen):
        server.run()
    return int(front.failed)


def _taken(chosen: Settings) -> str:
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((chosen.host, chosen.port))
        except OSError as problem:
            return f"不能使用 {chosen.host}:{chosen.port}（{problem.strerror}）。请换一个端口，例如：make run PORT=7861"
    return ""


if __name__ == "__main__":
    sys.exit(main())
