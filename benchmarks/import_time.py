"""How long ``import greenspace`` takes beside ``import geopandas``, in one run.

Each import happens in a fresh interpreter; the two take turns, so that a slow moment of the
machine meets both. The time of starting the interpreter is not counted.
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from benchmarks.table import Table

GOAL = 0.3
REPEATS = 7
MODULES = ("geopandas", "greenspace")
CODE = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"


def seconds(module: str) -> float:
    """Return the seconds that importing a module takes in a fresh interpreter."""
    command = [sys.executable, "-c", CODE.format(module)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    return float(done.stdout)


def run(*, quick: bool = False) -> Table:
    """Print both medians and their ratio; no smaller run is needed, so `quick` changes nothing."""
    del quick
    for module in MODULES:  # once unmeasured: byte code is written and files are cached
        seconds(module)
    times: dict[str, list[float]] = {module: [] for module in MODULES}
    for _ in range(REPEATS):
        for module in MODULES:
            times[module].append(seconds(module))
    medians = {module: median(values) for module, values in times.items()}
    table = Table()
    for module, value in medians.items():
        table.line(f"import {module}", f"{value:.4f} s, median of {REPEATS}")
    theirs, ours = medians["geopandas"], medians["greenspace"]
    table.line(
        "greenspace, of geopandas",
        f"{ours / theirs:.4f} x",
        goal=f"<= {GOAL}",
        reached=ours / theirs <= GOAL,
        ours=ours,
        theirs=theirs,
        unit="s",
        peer="geopandas",
        ratio=ours / theirs,
    )
    return table


if __name__ == "__main__":
    sys.exit(1 if run().missed else 0)
