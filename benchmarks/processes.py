"""What the system knows of a process: the peak of its memory, and how many bytes it has read."""

from __future__ import annotations

import re
import sys
from pathlib import Path

STATUS, COUNTS = Path("/proc/self/status"), Path("/proc/self/io")


def peak_mb() -> float:
    """Return the largest memory that this process held, in 2²⁰ bytes."""
    if STATUS.exists():  # ru_maxrss begins with what the process held that started this one
        found = re.search(r"VmHWM:\s+(\d+)", STATUS.read_text(encoding="ascii"))
        if found is not None:
            return int(found[1]) / 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def bytes_read() -> int | None:
    """Return the bytes that this process has asked of files, from memory or disk; Linux only."""
    if not COUNTS.exists():
        return None
    found = re.search(r"rchar:\s+(\d+)", COUNTS.read_text(encoding="ascii"))
    return None if found is None else int(found[1])
