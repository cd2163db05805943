"""What an answer depends on besides the question: index, prompts and model, so that it can be replayed."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path

from bot.pipeline import Bot
from bot.settings import ROOT


def versions(bot: Bot) -> dict[str, str]:
    """Short digests of the documents and of `prompts/`, and the model's name (empty without one)."""
    documents = sorted(document.sha256 for document in bot.index.corpus.documents.values())
    model = bot.composer.model.name if bot.composer else ""
    return {
        "index": _short("".join(documents).encode()),
        "prompts": _of_folder(bot.settings.prompts_dir),
        "model": model,
    }


@cache
def program() -> str:
    """The version of this program."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def _of_folder(folder: Path) -> str:
    return _short(b"".join(path.read_bytes() for path in sorted(folder.glob("*.yaml"))))


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
