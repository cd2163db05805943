"""The suggested wording of a reply to a ticket: what may be read out, each with its source, in fixed words."""

from collections.abc import Mapping, Sequence

from bot.desk.found import Result

READABLE = ("answer", "approved")


def suggested(results: Sequence[Result], words: Mapping[str, str]) -> str:
    """The reply: nothing but `words` (the desk's `reply`), the scripts that rest on a source, and who helps."""
    told = [one for one in results if one.kind in READABLE and one.source]
    lines = [words["told"].format(script=one.script, source=one.source) for one in told]
    ways = dict.fromkeys(way for one in results for way in one.ways)
    helped = [words["way"].format(name=way.name, phone=way.phone) for way in ways]
    return "\n".join([words["lead" if told else "lead_nothing"], *lines, *helped, words["end"]])
