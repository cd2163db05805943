"""Whether the telling words of a clause come from one clause of a source, not from here and there in a passage."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from bot.writing.checking.clauses import Clause, without_figures
from bot.writing.checking.conditions import sets_condition
from bot.writing.checking.scope import Scope
from bot.writing.checking.vocabulary import Vocabulary

# What a sentence is about to speak of (充电方面) is no statement.
TOPIC = re.compile(r"(?:^|[;,])[^,;]{1,8}方面(?:,|$)")
# What a passage begins with before a colon: what all of it is about.
HEAD = re.compile(r"[^,:。;]{1,30}:")
# What a clause lists: each of it may come from another clause.
LISTED = re.compile("、|以及|[和与及]")


@dataclass(frozen=True)
class Origin:
    """All texts are in plain form."""

    vocabulary: Vocabulary
    scope: Scope

    def is_mixed(self, clause: str, sources: Sequence[Clause], known: Sequence[str], allowed: Collection[str]) -> bool:
        """Whether something that a clause lists has words of more than one of the clauses that it draws on.

        `known` is what else may be said: headings and heads of passages; `allowed` are words that stand for others.
        """
        either = [[one] for one in sources] or [[]]
        parts = LISTED.split(TOPIC.sub("", clause))
        return any(all(any(self.added(part, one, known, allowed)) for one in either) for part in parts)

    def added(
        self, stretch: str, sources: Sequence[Clause], known: Sequence[str], allowed: Collection[str]
    ) -> Iterator[str]:
        """The telling words of a stretch that the clauses do not say.

        Of a clause that names no subject, what stands before it in its sentence may be the subject.
        """
        told = "\n".join(source.text for source in sources)
        said = "\n".join([told, *known])
        subjects = "\n".join(clause for source in sources for clause in self._governing(source))
        cut = self.vocabulary.words.cut(without_figures(stretch))
        narrowing = {
            word for word, thing in pairwise(cut) if thing in told and self.scope.narrows(word, thing, stretch)
        }
        for word in cut:
            free = word in allowed or self.vocabulary.is_plain_speech(word)
            is_subject = word in subjects and word not in narrowing
            if not free and not is_subject and self.vocabulary.is_foreign(word, said):
                yield word

    def _governing(self, source: Clause) -> Iterator[str]:
        """What stands before a clause and may be said with it: its subject, and conditions that are set for it."""
        lacks = self._lacks_subject(source.text)
        yield from source.before if lacks else takewhile(sets_condition, reversed(source.before))

    def _lacks_subject(self, clause: str) -> bool:
        first = next(iter(self.vocabulary.words.cut(clause)), "")
        words = self.vocabulary.words
        return words.is_action(first) or first[:1] == "每" or first in self.vocabulary.neutral


def heads_of(texts: Sequence[str]) -> list[str]:
    """What each passage names before a colon as what it is about."""
    return [head.group() for text in texts if (head := HEAD.match(text))]
