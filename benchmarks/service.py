"""Service radii beside what geopandas and an expert do, and beside the true circle.

``python -m benchmarks.service`` makes a city of 3 000 parks and 40 000 blocks with three kinds of
park outline and prints a table: seconds of all processors (CPU) and of the clock (wall), how many
times quicker than others by both, and the goals, which are held against CPU, because wall says
little on a machine that does other things too; ours uses two threads and others one. Ours is the
median of several runs after a warm-up; others run once, and share one run of their buffers and
union. The goals are for the number, the served area of each block, which ours finds without drawing what
is served; a second line draws it too, both parts of every block, where others draw one.
``--parks 300`` is quick.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from benchmarks.service_data import FULL, KINDS, TIERS, city
from benchmarks.service_peers import BESIDE, EVERYWHERE
from benchmarks.table import Table, once, timed
from greenspace.measure.service import Reach, radii, reach_of, service_coverage

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

QUICK, REPEATS = 150, 5
NAIVE = "buffer, union_all, intersection"
NUMBER, DRAWN = "area by block", "and both parts drawn"
GOALS = {
    ("noisy 3 %", NAIVE): 85.0,
    ("noisy 10 %", NAIVE): 85.0,
    ("rounded", NAIVE): 50.0,
    ("noisy 3 %", "expert, prepared"): 15.0,
    ("rounded", "expert, prepared"): 1.3,
}
BLOCK_GOAL, TOTAL_GOAL = 3e-4, 3e-5
GROWTH_GOAL = 1.3
SAMPLE = 300  # blocks partly served, held against 1 024 segments
MEMORY_CODE = """
import sys
from benchmarks.processes import peak_mb
from benchmarks.service import ours
from benchmarks.service_data import city
parks, blocks = city(int(sys.argv[1]), sys.argv[2])
ours(parks, blocks)
print("peak", peak_mb())
"""


def ours(parks: gpd.GeoSeries, blocks: gpd.GeoSeries) -> Reach:
    """Measure the share of residential land within reach."""
    reach = reach_of(parks, blocks, TIERS)
    service_coverage(reach)
    return reach


def ours_drawn(parks: gpd.GeoSeries, blocks: gpd.GeoSeries) -> Reach:
    """Measure the share, and draw the served and the unserved part of each block."""
    reach = ours(parks, blocks)
    _ = reach.served_parts, reach.unserved_parts
    return reach


def kind_of_park(table: Table, kind: str, repeats: int, *, beside: bool) -> None:
    """Compare one kind of outline with others, and with the true circle."""
    parks, blocks = city(table.size, kind)
    both = {NUMBER: lambda: ours(parks, blocks), DRAWN: lambda: ours_drawn(parks, blocks)}
    mine = timed(both, repeats)
    for what, times in mine.items():
        table.line(f"{kind}: ours, {what}", str(times))
    radius = radii(parks.area.to_numpy(), TIERS)
    buffers, first = once(lambda: parks.buffer(radius))
    union, second = once(buffers.union_all)
    table.line(f"{kind}: geopandas buffers, and their union", f"{first}; {second}")
    for peer, work in (EVERYWHERE | (BESIDE if beside else {})).items():
        _, times = once(lambda work=work: work(blocks, union))
        cpu = first.cpu[0] + second.cpu[0] + times.cpu[0]
        wall = first.wall[0] + second.wall[0] + times.wall[0]
        table.line(f"{kind}: {peer}, in all", f"CPU {cpu:.2f} s, wall {wall:.2f} s")
        for what, own in mine.items():
            if what == DRAWN and peer != NAIVE:
                continue
            own_cpu = median(own.cpu)
            quicker = cpu / own_cpu
            goal = GOALS.get((kind, peer)) if what == NUMBER else None
            table.line(
                f"{kind}: ours quicker than {peer}, {what}",
                f"CPU {quicker:.1f} x, wall {wall / median(own.wall):.1f} x",
                goal="" if goal is None else f">= {goal:g} x",
                reached=goal is None or quicker >= goal,
                ours=own_cpu,
                theirs=cpu,
                unit="CPU s",
                peer="shapely" if peer in EVERYWHERE else "geopandas",
                ratio=quicker,
            )
    errors(table, kind, ours(parks, blocks), parks, union)


def errors(table: Table, kind: str, reach: Reach, parks: gpd.GeoSeries, coarse: Any) -> None:
    """Hold blocks that are partly served against circles of 1 024 segments."""
    share = reach.served_m2 / reach.block_m2
    partly = np.flatnonzero((share > 0) & (share < 1))
    rows = np.random.default_rng(0).choice(partly, min(SAMPLE, len(partly)), replace=False)
    blocks = reach.blocks[rows]
    truth = _true_areas(blocks, parks.to_numpy(), reach.radius)
    whole = reach.block_m2[rows]
    default = shapely.area(shapely.intersection(blocks, coarse))
    for name, served in (("ours", reach.served_m2[rows]), ("64 segments", default)):
        off = (served - truth) / whole
        worst, total = float(np.abs(off).max()), float((served - truth).sum() / whole.sum())
        held = name == "ours"
        table.line(
            f"{kind}: {name}, error of {len(rows)} blocks",
            f"greatest {worst:.1e}",
            goal=f"<= {BLOCK_GOAL:g}" if held else "",
            reached=worst <= BLOCK_GOAL,
        )
        table.line(
            f"{kind}: {name}, error of all together",
            f"{total:.1e}",
            goal=f"<= {TOTAL_GOAL:g}" if held else "",
            reached=abs(total) <= TOTAL_GOAL,
        )


def _true_areas(blocks: np.ndarray, parks: np.ndarray, radius: np.ndarray) -> np.ndarray:
    block, park = shapely.STRtree(parks).query(
        blocks, predicate="dwithin", distance=float(radius.max())
    )
    near = shapely.distance(parks[park], blocks[block]) < radius[park]
    block, park = block[near], park[near]
    needed = np.unique(park)
    buffers = dict(
        zip(needed, shapely.buffer(parks[needed], radius[needed], quad_segs=256), strict=True)
    )
    found = np.zeros(len(blocks))
    for row, shape in enumerate(blocks):
        union = shapely.union_all([buffers[each] for each in park[block == row]])
        found[row] = shapely.area(shapely.intersection(shape, union))
    return found


def growth(table: Table, kind: str, repeats: int) -> None:
    """Print how time grows with a city of the same density, over three sizes."""
    sizes = [table.size // 4, table.size // 2, table.size]
    seconds = []
    for size in sizes:
        parks, blocks = city(size, kind)
        times = timed({"": lambda p=parks, b=blocks: ours(p, b)}, repeats)[""]
        seconds.append(median(times.cpu))
    slope = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    shown = ", ".join(f"{each:.2f}" for each in seconds) + f" s: n^{slope:.2f}"
    goal = f"<= n^{GROWTH_GOAL}"
    table.line(f"{kind}: growth in CPU", shown, goal=goal, reached=slope <= GROWTH_GOAL)


def memory(table: Table, kind: str) -> None:
    """Print the peak memory of a process that makes the data and measures it."""
    command = [sys.executable, "-c", MEMORY_CODE, str(table.size), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    found = re.search(r"peak ([\d.]+)", done.stdout)
    if found is None:
        sys.exit(done.stderr)
    peak = float(found[1])
    table.line(f"{kind}: peak memory, data included", f"{peak:.0f} MB")


def measure(size: int, repeats: int, kinds: Iterable[str]) -> Table:
    """Print the table and return it."""
    table = Table(size, full=FULL)
    chosen = tuple(kinds)
    for kind in chosen:
        kind_of_park(table, kind, repeats, beside=kind == chosen[0])
    growth(table, chosen[0], repeats)
    memory(table, chosen[0])
    return table.ended(f"--parks {FULL}")


def run(*, quick: bool = False) -> Table:
    """Run as `python -m benchmarks` does."""
    return measure(QUICK if quick else FULL, 1 if quick else REPEATS, KINDS)


def main() -> int:
    """Run in the size asked for; 1 where a goal is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--parks", type=int, default=FULL, help="parks; blocks go with them")
    words.add_argument("--repeats", type=int, default=REPEATS)
    words.add_argument("--kind", choices=[*KINDS], action="append", help="outline of parks")
    asked = words.parse_args()
    return 1 if measure(asked.parks, asked.repeats, asked.kind or KINDS).missed else 0


if __name__ == "__main__":
    sys.exit(main())
