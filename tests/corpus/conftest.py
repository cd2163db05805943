"""Indexes that are built to be counted, broken and mended need no meaning: hashed words are quicker."""

from pathlib import Path

import pytest

from corpus import build


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, bot: object) -> None:
    """The bot's own index is opened first, with the sentence encoder."""
    monkeypatch.setattr(build, "builtin_embedder", lambda corpus, encoder=None: build.hashing_embedder(corpus))


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents" / "some-2020"
    folder.mkdir(parents=True)
    body = "一、目标\n" + "\n".join(f"办好第{n}件事。投入{n}万元。" for n in range(1, 131))
    (folder / "a.txt").write_text(body, encoding="utf-8")
    (folder / "document.yaml").write_text(
        "title: 某区报告\nyear: 2020\npublisher: 某区\nfile: a.txt\n", encoding="utf-8"
    )
    return folder.parent
