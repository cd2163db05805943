"""Words that are long in the making, for every text of the documents is cut: made once, and kept in the data folder."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.folder import write_whole


@dataclass(frozen=True, slots=True)
class KeptWords:
    """A folder with files of words, each believed only when it is whole and was made of the same."""

    folder: Path

    def get(self, name: str, made_of: Iterable[str], make: Callable[[], Iterable[str]]) -> frozenset[str]:
        """The words kept under a name, or made and kept. Raises OSError when they cannot be written."""
        file, source = self.folder / f"{name}.json", _digest(made_of)
        words = _read(file, source)
        if words is None:
            words = frozenset(make())
            listed = sorted(words)
            self.folder.mkdir(parents=True, exist_ok=True)
            content = {"made_of": source, "digest": _digest(listed), "words": listed}
            write_whole(file, json.dumps(content, ensure_ascii=False))
        return words


def _read(file: Path, source: str) -> frozenset[str] | None:
    """The words of a file; None where there is none, it is damaged, or its words are of something else."""
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        whole = held["made_of"] == source and held["digest"] == _digest(held["words"])
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return frozenset(held["words"]) if whole else None


def _digest(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
