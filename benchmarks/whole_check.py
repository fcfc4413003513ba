"""A whole check of the sample city, stage by stage: from the manifest to maps and report.

Each run is a fresh process, as ``greenspace check city.toml -o out`` is: libraries are loaded and
kernels compiled or found compiled in it. In full size one run goes before, unmeasured, so that
the measured one finds what numba and fonts keep between runs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from benchmarks.table import Table
from greenspace.sample import write_sample

GOAL_S, MEMORY_GOAL_MB = 60.0, 1500.0
CODE = """
import json, sys, time
from pathlib import Path
begun = time.perf_counter()
import greenspace as gs
from benchmarks.processes import peak_mb
marks = []
def say(done, steps, step):
    marks.append((step.en, time.process_time(), time.perf_counter() - begun))
check = gs.check(sys.argv[1], progress=say)
marks.append(("writing", time.process_time(), time.perf_counter() - begun))
check.write(Path(sys.argv[2]))
marks.append(("", time.process_time(), time.perf_counter() - begun))
print(json.dumps({"marks": marks, "peak_mb": peak_mb()}))
"""


def check(manifest: Path, output: Path) -> dict[str, object]:
    """Check a city in a fresh process; return when each stage began, and the peak of memory."""
    command = [sys.executable, "-c", CODE, str(manifest), str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(*, quick: bool = False) -> Table:
    """Check the sample city, or its small brother."""
    table = Table(1 if quick else 2, full=2)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        manifest = write_sample(place / "city", size="small" if quick else "full")
        if not quick:
            check(manifest, place / "before")
        found = check(manifest, place / "out")
        written = sum(path.stat().st_size for path in (place / "out").rglob("*") if path.is_file())
    stages(table, found, written)
    return table.ended("the sample city in full size")


def stages(table: Table, found: dict[str, object], written: int) -> None:
    """Print a line a stage, and what all of it takes."""
    marks: list[tuple[str, float, float]] = found["marks"]  # type: ignore[assignment]
    first = (0.0, 0.0)
    table.line("starting: Python and libraries", _spent(first, marks[0][1:]))
    ends: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {}
    for (name, *begun), (_, *ended) in pairwise(marks):
        start = ends.get(name, (tuple(begun), ()))[0]
        ends[name] = (start, tuple(ended))
    for name, (begun, ended) in ends.items():
        table.line(name, _spent(begun, ended))
    cpu, wall = marks[-1][1:]
    table.line(
        "whole check, start and files written included",
        f"CPU {cpu:.1f} s, wall {wall:.1f} s",
        goal=f"<= {GOAL_S:g} CPU s",
        reached=cpu <= GOAL_S,
        ours=cpu,
        unit="CPU s",
    )
    peak = found["peak_mb"]
    table.line(
        "peak memory",
        f"{peak:.0f} MB",
        goal=f"< {MEMORY_GOAL_MB:g} MB",
        reached=peak < MEMORY_GOAL_MB,
        ours=peak,
        unit="MB",
    )
    table.line("files written", f"{written / 1e6:.1f} MB", ours=written / 1e6, unit="MB")
    table.figures |= {"cpu_s": cpu, "wall_s": wall, "peak_mb": peak}


def _spent(begun: tuple[float, ...], ended: tuple[float, ...]) -> str:
    return f"CPU {ended[0] - begun[0]:.1f} s, wall {ended[1] - begun[1]:.1f} s"


if __name__ == "__main__":
    sys.exit(1 if run().missed else 0)
