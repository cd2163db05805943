"""Whether the documents folder holds something else than it did: names, sizes and times of its files, nothing read."""

from collections.abc import Iterator
from pathlib import Path

from corpus.folder import reason
from corpus.shelf import folders

# The path of each file below the folder, its size in bytes, and when it was changed (nanoseconds).
State = tuple[tuple[str, int, int], ...]


def state_of(documents_dir: Path) -> State | str:
    """What the folders of documents hold now; why it cannot be told where it cannot (a state like any other)."""
    try:
        return tuple(sorted(_files(documents_dir)))
    except OSError as problem:
        return reason(problem)


def _files(documents_dir: Path) -> Iterator[tuple[str, int, int]]:
    for folder in folders(documents_dir):
        for path in (folder, *folder.rglob("*")):
            found = path.lstat()  # a link that leads nowhere, such as an editor's lock, is a state too
            size = found.st_size if path.is_file() else 0
            yield path.relative_to(documents_dir).as_posix(), size, found.st_mtime_ns


class Watch:
    """Looks at the documents folder, and tells of a change once it has come to rest: a file may be half copied."""

    def __init__(self, documents_dir: Path) -> None:
        """What stands in the folder now is what is known of it."""
        self._folder = documents_dir
        self._seen = self._taken = state_of(documents_dir)

    def changed(self) -> bool:
        """Look: whether the folder is as at the last look, and other than what was last taken up."""
        now = state_of(self._folder)
        rests, self._seen = now == self._seen, now
        return rests and now != self._taken

    def take(self) -> None:
        """What was seen last is about to be read."""
        self._taken = self._seen
