"""What is settled before the report is searched: emergencies, injection, abuse, provocation, small talk, scope.

The cues are text (`prompts/guard.yaml`), so that an office can read and mend them. Emergencies come first:
a wrong refusal there costs most.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answer import Status
from bot.wording import read_yaml

# Scripts the bot cannot read: kana, hangul, Cyrillic, Arabic, Thai, Devanagari.
FOREIGN = re.compile(r"[\u3041-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f\u0900-\u097f]{2}")

READABLE = re.compile(r"[\u3400-\u9fffa-z0-9]")
NAME = re.compile(r"\{([a-z_]+)\}")
REPEATED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a question goes no further. `key` names the text of the status; `advice` is an emergency's."""

    status: Status
    key: str = "text"
    advice: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    verdict: Verdict
    cues: re.Pattern[str]
    unless: re.Pattern[str] | None

    def holds(self, text: str) -> bool:
        return bool(self.cues.search(text)) and not (self.unless and self.unless.search(text))


class Guard:
    """The rules of `guard.yaml`, in the order in which they are asked."""

    def __init__(self, rules: tuple[_Rule, ...], planted: _Rule) -> None:
        self._rules, self._planted = rules, planted

    @classmethod
    def load(cls, prompts_dir: Path) -> "Guard":
        """Read and compile the rules. Raises WordingError, KeyError or re.error for a broken file."""
        content = _spelled_out(read_yaml(prompts_dir / "guard.yaml"))
        emergencies = [
            _rule(
                Verdict(Status.EMERGENCY, advice=entry["advice"]),
                {"cues": entry["cues"], "unless": [*entry.get("unless", ()), *content["not_emergency"]]},
            )
            for entry in content["emergency"]
        ]
        refusals = [
            _rule(Verdict(status), content[section])
            for section, status in (
                ("injection", Status.INJECTION),
                ("provocation", Status.UNSAFE),
                ("abuse", Status.UNSAFE),
            )
        ]
        talk = [_rule(Verdict(Status.SMALLTALK, key), {"cues": cues}) for key, cues in content["smalltalk"].items()]
        scope = [_rule(Verdict(Status.OUT_OF_SCOPE), content["out_of_scope"])]
        planted = _rule(Verdict(Status.INJECTION), content["planted"])
        return cls((*emergencies, *refusals, *talk, *scope), planted)

    def is_injection(self, folded: str) -> bool:
        """Whether a sentence of a document would rule the model that reads it."""
        rules = [rule for rule in self._rules if rule.verdict.status is Status.INJECTION]
        return any(rule.holds(folded) for rule in (*rules, self._planted))

    def check(self, folded: str) -> Verdict | None:
        """The first rule that holds for a folded question, or None: then it may be searched."""
        bare = re.sub(r"[\s,。!?~、.…]+", "", folded)
        if FOREIGN.search(folded):
            return Verdict(Status.CLARIFY, "language")
        if not READABLE.search(folded) or REPEATED.fullmatch(bare):
            return Verdict(Status.CLARIFY)
        for rule in self._rules:
            text = bare if rule.verdict.status is Status.SMALLTALK else folded
            if rule.holds(text):
                return rule.verdict
        return None


def _spelled_out(content: dict[str, Any]) -> dict[str, Any]:
    """The content with every {name} of its patterns replaced by the words of its vocabulary."""
    vocabulary = content.get("vocabulary", {})

    def spell(value: Any) -> Any:
        if isinstance(value, str):
            return NAME.sub(lambda m: vocabulary[m.group(1)], value)
        if isinstance(value, list):
            return [spell(item) for item in value]
        return {key: spell(item) for key, item in value.items()} if isinstance(value, dict) else value

    return {key: spell(value) for key, value in content.items() if key != "vocabulary"}


def _rule(verdict: Verdict, entry: dict[str, Any]) -> _Rule:
    return _Rule(verdict, _any(entry["cues"]), _any(entry["unless"]) if entry.get("unless") else None)


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))
