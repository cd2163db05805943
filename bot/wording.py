"""What is said to people, from the text files in `prompts/`. Variables are strict."""

import re
import string
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.answer import Status


class WordingError(Exception):
    """A text is missing, or its variables are not those given; the message names them."""


class Wording:
    """The texts of `statuses.yaml` (one section a Status)."""

    def __init__(self, texts: dict[str, dict[str, str]]) -> None:
        self._texts = texts

    @classmethod
    def load(cls, folder: Path) -> "Wording":
        """Read the folder's texts. Raises WordingError when a Status has none."""
        texts = read_yaml(folder / "statuses.yaml")
        missing = [s.value for s in Status if s.value not in texts]
        if missing:
            raise WordingError(f"{folder / 'statuses.yaml'} 缺少 {'、'.join(missing)}")
        return cls(texts)

    def label(self, status: Status) -> str:
        """The label shown beside an answer."""
        return self._texts[status.value]["label"]

    def say(self, status: Status, key: str = "text", **variables: object) -> str:
        """The text `key` of a status. `variables` may hold more than it uses, never less: WordingError."""
        try:
            text = self._texts[status.value][key]
            return text.format(**{name: variables[name] for name in names(text)})
        except KeyError as absent:
            raise WordingError(f"{status.value}.{key} 缺少文字或变量 {absent}") from absent


def names(template: str) -> list[str]:
    """The variables of a template."""
    return [name for _, name, _, _ in string.Formatter().parse(template) if name]


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file of ours, read-only, parsed once a version. Raises WordingError with its path."""
    try:
        content = _parsed(path, path.stat().st_mtime_ns)
    except (OSError, yaml.YAMLError) as problem:
        raise WordingError(f"读不了 {path}：{problem}") from problem
    if not isinstance(content, dict):
        raise WordingError(f"{path} 应是“名称: 内容”的形式")
    return content


def parse_all(folder: Path) -> None:
    """Parse every text now: no request waits for one, and a broken one is reported at startup. Raises as read_yaml."""
    for path in sorted(folder.glob("*.yaml")):
        read_yaml(path)


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """A list of patterns as one alternation. Raises re.error."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


@lru_cache(maxsize=64)
def _parsed(path: Path, changed_ns: int) -> Any:
    """The content of a file; `changed_ns` is part of the cache key, so that a changed file is read again."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))
