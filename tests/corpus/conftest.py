"""Indexes that are built to be counted, broken and mended need no meaning: hashed words are quicker."""

import pytest

from corpus import build


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, bot: object) -> None:
    """The bot's own index is opened first, with the sentence encoder."""
    monkeypatch.setattr(build, "builtin_embedder", lambda corpus, encoder=None: build.hashing_embedder(corpus))
