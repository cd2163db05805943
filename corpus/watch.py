"""Whether the documents folder has changed, by the names, sizes and times of its files, without reading them."""

from collections.abc import Iterator
from pathlib import Path

from corpus.folder import reason
from corpus.shelf import folders

# The path of each file below the folder, its size in bytes, and when it was changed (nanoseconds).
State = tuple[tuple[str, int, int], ...]


def state_of(documents_dir: Path) -> State | str:
    """The state of the document folders; the error where it cannot be read (a state like any other)."""
    try:
        return tuple(sorted(_files(documents_dir)))
    except OSError as problem:
        return reason(problem)


def _files(documents_dir: Path) -> Iterator[tuple[str, int, int]]:
    for folder in folders(documents_dir):
        for path in (folder, *folder.rglob("*")):
            found = path.lstat()  # a dangling link, such as an editor's lock, is a state too
            size = found.st_size if path.is_file() else 0
            yield path.relative_to(documents_dir).as_posix(), size, found.st_mtime_ns


class Watch:
    """Watches the documents folder, and reports a change once it is stable: a file may be half copied."""

    def __init__(self, documents_dir: Path) -> None:
        """The present state is the baseline."""
        self._folder = documents_dir
        self._seen = self._taken = state_of(documents_dir)

    def changed(self) -> bool:
        """Check: whether the folder is unchanged since the last check, and differs from what was last taken."""
        now = state_of(self._folder)
        rests, self._seen = now == self._seen, now
        return rests and now != self._taken

    def take(self) -> None:
        """Take the last state seen as the new baseline: it is about to be read."""
        self._taken = self._seen
