"""The implicit label of generated content, as files carry it (人工智能生成合成内容标识办法, article 5).

Its shape is that of GB 45438-2025, annex E. Excerpts and what people wrote are not generated: they carry none.
"""

from collections.abc import Iterable
from typing import Any

GENERATED = "generated"
IS_GENERATED = "1"  # annex E: 1 it is, 2 it may be, 3 it is suspected to be


def implicit_label(producer: str, number: str) -> dict[str, str]:
    """The value of the field `AIGC` for one content: who produced it, and its number there.

    The fields for platforms that redistribute it (ContentPropagator, PropagateID) and the reserved codes are empty.
    """
    return {
        "Label": IS_GENERATED,
        "ContentProducer": producer,
        "ProduceID": number,
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }


def labelled(turns: Iterable[dict[str, Any]], producer: str) -> list[dict[str, Any]]:
    """Recorded turns as they are exported: generated answers carry their label."""
    return [
        {**turn, "AIGC": implicit_label(producer, turn["answer_id"])} if turn["mode"] == GENERATED else turn
        for turn in turns
    ]
