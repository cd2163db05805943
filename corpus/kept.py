"""A cache on disk for words computed from all texts, which is slow as every text is segmented."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.folder import write_whole

log = logging.getLogger(__name__)
# To be raised when the rules change by which words are folded, segmented and combined.
RULES = "1"


@dataclass(frozen=True, slots=True)
class KeptWords:
    """A folder of word files, each used only when it is intact and was made from the same input."""

    folder: Path

    def get(self, name: str, made_of: Iterable[str], make: Callable[[], Iterable[str]]) -> frozenset[str]:
        """The words cached under a name; computed if missing, and cached if possible."""
        file, source = self.folder / f"{name}.json", _digest(made_of)
        words = _read(file, source)
        if words is None:
            words = frozenset(make())
            listed = sorted(words)
            content = {"made_of": source, "digest": _digest(listed), "words": listed}
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                write_whole(file, json.dumps(content, ensure_ascii=False))
            except OSError as problem:
                log.warning("words not kept: %s", problem)
        return words


def _read(file: Path, source: str) -> frozenset[str] | None:
    """The words of a file; None where it is missing, damaged, or made from other input."""
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        whole = held["made_of"] == source and held["digest"] == _digest(held["words"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return frozenset(held["words"]) if whole else None


def _digest(texts: Iterable[str]) -> str:
    digest = hashlib.sha256(RULES.encode())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
