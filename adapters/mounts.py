"""Whether a directory is in memory or on a disk, by what is mounted there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MOUNTS: Final = Path("/proc/self/mounts")
IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})


def is_in_memory(directory: Path, mounts: Path = MOUNTS) -> bool | None:
    """Whether what is written to a directory stays in memory; None where nobody can tell.

    The directory needn't exist yet. Memory may still be swapped out: that is another question.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    places = [directory.resolve(), *directory.resolve().parents]
    kinds = dict(_mount(line) for line in lines)
    return next((kinds[place] in IN_MEMORY for place in places if place in kinds), None)


def _mount(line: str) -> tuple[Path, str]:
    """Where something is mounted, and its kind of file system. The last one in a place counts."""
    _device, place, kind, *_options = line.split(" ")
    return Path(place.encode("latin-1", "surrogateescape").decode("unicode_escape")), kind
