"""What is said to a model, from `prompts/compose.yaml`. Variables are strict: none missing, none too many."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from bot.wording import WordingError, names, read_yaml
from corpus.passage import PartKind

VARIABLES = {
    "system": {"name"},
    "user": {"today", "title", "passages", "question", "wishes"},
    "passage": {"mark", "section", "time", "text", "focus"},
    **{f"time_{kind}": {"period"} for kind in get_args(PartKind)},
    "rephrase_system": set(),
    "rephrase_user": {"history", "question"},
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """How an answer is wished for: what the model is told of it, and whether in another language."""

    told: str = ""
    translated: bool = False


class Prompts:
    """The templates, checked when loaded."""

    def __init__(self, templates: Mapping[str, str], wishes: Mapping[str, Mapping[str, Any]]) -> None:
        self._templates = templates
        self._wishes = [(re.compile(wish["asked"], re.I), wish) for wish in wishes.values()]

    @classmethod
    def load(cls, folder: Path) -> "Prompts":
        """Read the templates. Raises WordingError that names a missing template or variable."""
        path = folder / "compose.yaml"
        templates = read_yaml(path)
        for key, wanted in VARIABLES.items():
            if key not in templates:
                raise WordingError(f"{path} 缺少 {key}")
            found = set(names(str(templates[key])))
            if found != wanted:
                raise WordingError(f"{path} 的 {key} 应有变量 {sorted(wanted)}，现有 {sorted(found)}")
        return cls(templates, templates.get("wishes", {}))

    def wishes(self, question: str) -> Wishes:
        """How a question wishes to be answered (simply, in English)."""
        asked = [wish for pattern, wish in self._wishes if pattern.search(question)]
        return Wishes("".join(wish["told"] for wish in asked), any(wish.get("translated") for wish in asked))

    def say(self, key: str, **variables: object) -> str:
        """The template filled in. Raises WordingError naming a missing or surplus variable."""
        wanted = VARIABLES[key]
        odd = sorted(wanted ^ set(variables))
        if odd:
            raise WordingError(f"提示词 {key} 缺少或多出变量 {odd}")
        return self._templates[key].format(**variables).strip()
