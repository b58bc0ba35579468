"""Where programs run: in memory where there is room, as a disk is slow to forget.

A run makes ten files and folders for each program and removes them again.
"""

import os
import tempfile
from pathlib import Path

from harness.run.processes import LINUX

MEMORY = Path("/dev/shm")
ROOM = 2 << 30  # bytes; containers often have 64 MB there


def make() -> Path:
    """A new empty folder: below TMPDIR where that is set, else in memory if it fits."""
    place = MEMORY if LINUX and "TMPDIR" not in os.environ and _fits(MEMORY) else None
    return Path(tempfile.mkdtemp(prefix="snippets-", dir=place))


def _fits(place: Path) -> bool:
    """Whether there is enough room, and code can be written and loaded."""
    try:
        found = os.statvfs(place)
    except OSError:
        return False
    room = found.f_bavail * found.f_frsize
    runs = not found.f_flag & os.ST_NOEXEC
    return room >= ROOM and runs and os.access(place, os.W_OK)
