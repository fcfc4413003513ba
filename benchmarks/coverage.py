"""Coverage from imagery beside reading alone, and beside what others do with a mask.

``python -m benchmarks.coverage`` makes its data in a temporary folder and prints a table:
seconds of all processors (CPU) and of the clock (wall), the ratio, and the goal. On a machine
that does other things too, wall says little: the raw read's CPU per wall tells how free it was.
``--size 4096`` is quick; ``--data FOLDER`` keeps what was made for the next run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from rasterio.windows import Window

from benchmarks import coverage_data as data
from benchmarks.coverage_peers import PEERS
from greenspace.imagery import green_shares, vegetation
from greenspace.measure.edges import Edges
from greenspace.measure.zonal import share_of_zones
from greenspace.read.block_cache import few_blocks_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd

FULL, QUICK = 16_384, 2_048
REPEATS = 5
BANDS = {"red": 1, "nir": 4}
CPU_GOAL, WALL_GOAL = 1.12, 1.2
MASK_GOALS = {"zones": 20.0, "parcels": 14.0}
MEMORY_GOALS = {"pixel": 500, "sparse": 600}
PIXEL_GROWTH, ZONE_GROWTH = 1.05, 1.2
FREE = 1.8  # CPU per wall of a raw read with two threads on two free processors
MEMORY_CODE = """
import re, resource, sys
from pathlib import Path
import geopandas as gpd
import greenspace as gs
image = gs.vegetation(sys.argv[1], bands={"red": 1, "nir": 4}, threshold=0.6)
zones = gpd.read_file(sys.argv[2])
print(gs.green_coverage(image, zones).value.mean(), file=sys.stderr)
peak, status = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, Path("/proc/self/status")
if status.exists():  # the figure above begins with what the process held that started this one
    peak = re.search(r"VmHWM:\\s+(\\d+)", status.read_text()).group(1)
print(peak)
"""


@dataclass
class Table:
    """Lines with what was measured beside what was promised."""

    size: int
    full: int = FULL
    missed: list[str] = field(default_factory=list)

    def line(self, name: str, shown: str, *, goal: str = "", reached: bool = True) -> None:
        """Print a line; where a goal is missed in full size, remember it."""
        mark = "reached" if reached else "MISSED"
        if not goal or self.size < self.full:
            mark = "not held at this size" if goal else ""
        print(f"{name:<48} {shown:>40}  {goal:<14} {mark}", flush=True)
        if mark == "MISSED":
            self.missed.append(name)

    def ended(self, full: str) -> bool:
        """Print what was missed; True where nothing was. Smaller sizes are held to no goal."""
        held = f"goals missed: {', '.join(self.missed) or 'none'}"
        if self.size < self.full:
            held = "goals are not held at this size"
        print(f"{held}; they hold for {full}")
        return not self.missed


@dataclass
class Times:
    """Seconds of the processors and of the clock, run by run."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Add one run."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.cpu.append(time.process_time() - cpu)
        self.wall.append(time.perf_counter() - wall)

    def __str__(self) -> str:
        """Return both medians."""
        return f"CPU {median(self.cpu):.2f} s, wall {median(self.wall):.2f} s"


def raw_read(path: Path, rows: int = 1024) -> None:
    """Read the two bands as rasterio does best: wide windows, two threads of GDAL."""
    with rasterio.Env(GDAL_CACHEMAX=16_000_000), rasterio.open(path, num_threads=2) as dataset:
        out = np.empty((2, rows, dataset.width), dataset.dtypes[0])
        for top in range(0, dataset.height, rows):
            high = min(rows, dataset.height - top)
            window = Window(0, top, dataset.width, high)
            dataset.read(list(BANDS.values()), window=window, out=out[:, :high])


def ours(path: Path, zones: gpd.GeoDataFrame) -> np.ndarray:
    """Measure the vegetated share of zones, from the image."""
    image = vegetation(path, bands=BANDS, threshold=data.THRESHOLD)
    with few_blocks_kept(image.grid):
        return share_of_zones(image, zones.geometry).green


def ours_on_mask(path: Path, zones: gpd.GeoDataFrame) -> np.ndarray:
    """Measure the share of zones on a ready mask, in one thread."""
    image = green_shares(path)
    with few_blocks_kept(image.grid):
        return share_of_zones(image, zones.geometry, threads=1).green


def timed(calls: dict[str, Callable[[], Any]], repeats: int) -> dict[str, Times]:
    """Run calls in turn, so that a slow moment of the machine meets all of them."""
    times = {name: Times() for name in calls}
    for call in calls.values():
        call()
    for _ in range(repeats):
        for name, call in calls.items():
            with times[name].taken():
                call()
    return times


def pipeline(table: Table, path: Path, layers: dict[str, gpd.GeoDataFrame], repeats: int) -> None:
    """Compare the whole pipeline with reading the same bands."""
    way = path.name.partition("-")[0]
    calls: dict[str, Callable[[], Any]] = {"raw": lambda: raw_read(path)}
    calls |= {name: lambda zones=zones: ours(path, zones) for name, zones in layers.items()}
    times = timed(calls, repeats)
    raw = times.pop("raw")
    busy = median(raw.cpu) / median(raw.wall)
    table.line(f"{way}: rasterio reads two bands, 2 threads", str(raw))
    table.line(f"{way}: CPU per wall of that", f"{busy:.2f} (free: {FREE} and more)")
    for name, each in times.items():
        cpu = median(a / b for a, b in zip(each.cpu, raw.cpu, strict=True))
        wall = median(a / b for a, b in zip(each.wall, raw.wall, strict=True))
        table.line(f"{way}: from image to {name}", str(each))
        shown = f"{cpu:.3f} x raw"
        table.line(f"{way}, {name}: CPU", shown, goal=f"<= {CPU_GOAL}", reached=cpu <= CPU_GOAL)
        free = busy >= FREE
        goal = f"<= {WALL_GOAL}" if free else "machine busy"
        table.line(
            "    wall", f"{wall:.2f} x raw", goal=goal, reached=wall <= WALL_GOAL or not free
        )


def on_mask(
    table: Table, paths: dict[str, Path], layers: dict[str, gpd.GeoDataFrame], repeats: int
) -> None:
    """Compare sums on a ready mask with those of others."""
    for name, zones in layers.items():
        calls: dict[str, Callable[[], Any]] = {
            "ours": lambda z=zones: ours_on_mask(paths["mask"], z)
        }
        for peer, call in PEERS.items():
            module = peer.partition(",")[0]
            if find_spec(module) is None:
                table.line(f"mask, {name}: {peer}", "not installed: skipped")
                continue
            calls[peer] = lambda z=zones, call=call: call(paths["mask"], z)
        times = timed(calls, repeats)
        mine = times.pop("ours")
        table.line(f"mask, {name}: ours, one thread", str(mine))
        exact = {}
        for peer, each in times.items():
            ratio = median(each.cpu) / median(mine.cpu)
            table.line(f"mask, {name}: {peer}", f"{each}, {ratio:.1f} x ours")
            if peer.startswith("exactextract"):
                exact[peer] = ratio
        if exact:
            least, goal = min(exact.values()), MASK_GOALS[name]
            shown = f"{least:.1f} x quicker"
            reached = least >= goal or table.size < FULL
            table.line(
                "    than the better exactextract", shown, goal=f">= {goal}", reached=reached
            )


def memory(table: Table, name: str, image: Path, zones: gpd.GeoDataFrame, folder: Path) -> None:
    """Measure the peak memory of a process that measures one image."""
    layer = folder / f"{name}-zones.gpkg"
    zones.to_file(layer)
    command = [sys.executable, "-c", MEMORY_CODE, str(image), str(layer)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    if done.returncode:
        sys.exit(done.stderr)
    peak = int(done.stdout) / (1024 if sys.platform != "darwin" else 1024**2)
    goal = MEMORY_GOALS[name]
    table.line(f"{name}: peak memory", f"{peak:.0f} MB", goal=f"< {goal} MB", reached=peak < goal)


def growth(table: Table, folder: Path, size: int, repeats: int) -> None:
    """Print how time grows with pixels and with zones, over three sizes each."""
    sides = [size // 4, size // 2, size]
    seconds = []
    for side in sides:
        path = images(folder, side)["pixel"]
        zones = data.voronoi(side, side, 3600 * side**2 // size**2)
        seconds.append(median(timed({"": lambda p=path, z=zones: ours(p, z)}, repeats)[""].cpu))
    _grown(table, "pixels", [side * side for side in sides], seconds, PIXEL_GROWTH)
    counts, seconds = [20_000, 40_000, 80_000], []
    with rasterio.open(images(folder, size)["mask"]) as dataset:
        grid = green_shares(dataset).grid
    for count in counts:
        layer = data.parcels(size, size, count).geometry
        seconds.append(median(timed({"": lambda z=layer: Edges.of(z, grid)}, repeats)[""].cpu))
    _grown(table, "zones (geometry)", counts, seconds, ZONE_GROWTH)


def _grown(table: Table, what: str, sizes: list[int], seconds: list[float], goal: float) -> None:
    slope = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    shown = ", ".join(f"{each:.2f}" for each in seconds) + f" s: n^{slope:.2f}"
    table.line(f"growth in {what}", shown, goal=f"<= n^{goal}", reached=slope <= goal)


def images(folder: Path, size: int) -> dict[str, Path]:
    """Return the images of one size, made where they are not there yet."""
    paths = {name: folder / f"{name}-{size}.tif" for name in ("pixel", "band", "mask")}
    return (
        paths if all(path.exists() for path in paths.values()) else data.write_images(folder, size)
    )


def measure(folder: Path, size: int, repeats: int) -> bool:
    """Print the table; True where every goal is reached."""
    table = Table(size)
    paths = images(folder, size)
    share = size**2 / FULL**2
    layers = {
        "zones": data.voronoi(size, size, max(4, round(3600 * share))),
        "parcels": data.parcels(size, size, max(10, round(20_000 * share))),
    }
    for way in ("pixel", "band"):
        pipeline(table, paths[way], layers, repeats)
    on_mask(table, paths, layers, repeats)
    memory(table, "pixel", paths["pixel"], layers["zones"], folder)
    wide = folder / f"sparse-{size}.tif"
    width = round(60_000 * size / FULL)
    height = round(4 * size**2 / width)
    data.write_sparse(wide, width, height)
    memory(table, "sparse", wide, data.voronoi(width, height, 3600), folder)
    growth(table, folder, size, min(repeats, 3))
    return table.ended(f"--size {FULL}")


def run() -> bool:
    """Run in a size of seconds: shows that all of it works; too small to hold it to goals."""
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), QUICK, 1)
    return True


def main() -> int:
    """Run in the size asked for; 1 where a goal is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--size", type=int, default=FULL, help="pixels along a side")
    words.add_argument("--repeats", type=int, default=REPEATS)
    words.add_argument("--data", type=Path, help="folder that keeps the data")
    asked = words.parse_args()
    if asked.data is not None:
        asked.data.mkdir(parents=True, exist_ok=True)
        return 0 if measure(asked.data, asked.size, asked.repeats) else 1
    with tempfile.TemporaryDirectory() as folder:
        return 0 if measure(Path(folder), asked.size, asked.repeats) else 1


if __name__ == "__main__":
    sys.exit(main())
