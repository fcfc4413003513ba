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
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from rasterio.windows import Window

from benchmarks import coverage_data as data
from benchmarks.coverage_peers import PEERS
from benchmarks.table import Table, Times, once, timed
from greenspace.imagery import green_shares, vegetation
from greenspace.measure.edges import Edges
from greenspace.measure.zonal import share_of_zones
from greenspace.read.block_cache import few_blocks_kept

if TYPE_CHECKING:
    from collections.abc import Callable

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
import sys
import geopandas as gpd
import greenspace as gs
from benchmarks.processes import peak_mb
image = gs.vegetation(sys.argv[1], bands={"red": 1, "nir": 4}, threshold=0.6)
zones = gpd.read_file(sys.argv[2])
print(gs.green_coverage(image, zones).value.mean(), file=sys.stderr)
print(peak_mb())
"""


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


def beside(ours: Times, theirs: Times, peer: str) -> dict[str, Any]:
    """Return what a line keeps of two medians: CPU seconds."""
    mine, other = median(ours.cpu), median(theirs.cpu)
    return {"ours": mine, "theirs": other, "unit": "CPU s", "peer": peer, "ratio": other / mine}


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
        numbers = beside(each, raw, "rasterio") | {"ratio": cpu}
        goal, reached = f"<= {CPU_GOAL}", cpu <= CPU_GOAL
        table.line(f"{way}, {name}: CPU", f"{cpu:.3f} x raw", goal=goal, reached=reached, **numbers)
        free = busy >= FREE
        goal, shown = f"<= {WALL_GOAL}" if free else "", f"{wall:.2f} x raw"
        shown = shown if free else f"{shown}; no goal on a busy machine"
        table.line(f"{way}, {name}: wall", shown, goal=goal, reached=wall <= WALL_GOAL)


def on_mask(
    table: Table,
    paths: dict[str, Path],
    layers: dict[str, gpd.GeoDataFrame],
    repeats: int,
    *,
    others_once: bool,
) -> None:
    """Compare sums on a ready mask with those of others."""
    for name, zones in layers.items():
        calls: dict[str, Callable[[], Any]] = {}
        for peer, call in PEERS.items():
            module = peer.partition(",")[0]
            if find_spec(module) is None:
                table.line(f"mask, {name}: {peer}", "not installed: skipped")
                continue
            calls[peer] = lambda z=zones, call=call: call(paths["mask"], z)
        mine = timed({"": lambda z=zones: ours_on_mask(paths["mask"], z)}, repeats)[""]
        if others_once:
            times = {peer: once(call)[1] for peer, call in calls.items()}
        else:
            times = timed(calls, repeats)
        table.line(f"mask, {name}: ours, one thread", str(mine))
        exact = {}
        for peer, each in times.items():
            numbers = beside(mine, each, peer.partition(",")[0])
            ratio = numbers["ratio"]
            table.line(f"mask, {name}: {peer}", f"{each}, {ratio:.1f} x ours", **numbers)
            if peer.startswith("exactextract"):
                exact[peer] = ratio
        if exact:
            least, goal = min(exact.values()), MASK_GOALS[name]
            shown = f"{least:.1f} x quicker"
            reached = least >= goal or table.size < FULL
            what = f"mask, {name}: than the better exactextract"
            table.line(what, shown, goal=f">= {goal}", reached=reached, ratio=least)


def memory(table: Table, name: str, image: Path, zones: gpd.GeoDataFrame, folder: Path) -> None:
    """Measure the peak memory of a process that measures one image."""
    layer = folder / f"{name}-zones.gpkg"
    zones.to_file(layer)
    command = [sys.executable, "-c", MEMORY_CODE, str(image), str(layer)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    if done.returncode:
        sys.exit(done.stderr)
    peak = float(done.stdout)
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


def measure(folder: Path, size: int, repeats: int, *, others_once: bool = False) -> Table:
    """Print the table and return it."""
    table = Table(size, full=FULL)
    paths = images(folder, size)
    share = size**2 / FULL**2
    layers = {
        "zones": data.voronoi(size, size, max(4, round(3600 * share))),
        "parcels": data.parcels(size, size, max(10, round(20_000 * share))),
    }
    for way in ("pixel", "band"):
        pipeline(table, paths[way], layers, repeats)
    on_mask(table, paths, layers, repeats, others_once=others_once)
    memory(table, "pixel", paths["pixel"], layers["zones"], folder)
    wide = folder / f"sparse-{size}.tif"
    width = round(60_000 * size / FULL)
    height = round(4 * size**2 / width)
    data.write_sparse(wide, width, height)
    memory(table, "sparse", wide, data.voronoi(width, height, 3600), folder)
    growth(table, folder, size, min(repeats, 3))
    return table.ended(f"--size {FULL}")


def run(*, quick: bool = False) -> Table:
    """Run as `python -m benchmarks` does: others on the mask once, to end within minutes."""
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder), QUICK if quick else FULL, 1 if quick else 3, others_once=True)


def main() -> int:
    """Run in the size asked for; 1 where a goal is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--size", type=int, default=FULL, help="pixels along a side")
    words.add_argument("--repeats", type=int, default=REPEATS)
    words.add_argument("--data", type=Path, help="folder that keeps the data")
    asked = words.parse_args()
    if asked.data is not None:
        asked.data.mkdir(parents=True, exist_ok=True)
        return 1 if measure(asked.data, asked.size, asked.repeats).missed else 0
    with tempfile.TemporaryDirectory() as folder:
        return 1 if measure(Path(folder), asked.size, asked.repeats).missed else 0


if __name__ == "__main__":
    sys.exit(main())
