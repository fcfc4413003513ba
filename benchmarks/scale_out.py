"""Many cities and one large image on no, one and two workers of Dask, beside the serial run.

Cities are sample cities of different seeds; each run of ``check_all`` is a fresh process that
writes all results anew. Seconds are of the clock, from the call to the league written; workers are
processes with one thread each, and what it takes to start them is told apart. Efficiency is the
speed-up over the serial run, divided by the workers. The serial run itself shares an image among
two threads, so two workers on one machine can gain little on a single image.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import geopandas as gpd
import rasterio

from benchmarks.scale_data import write_city
from benchmarks.table import Table
from greenspace.sample import write_sample

CITIES, QUICK_CITIES = 8, 2
PIXELS, QUICK_PIXELS = 32_768, 4_096
SMALL = 8  # how many times narrower the small image is, which tells what a city costs without one
EFFICIENCY_GOAL, MEMORY_GOAL_MB = 0.7, 1500.0


@dataclass(frozen=True)
class Run:
    """What one run took, and where its results lie."""

    output: Path
    said: dict[str, Any]

    @property
    def seconds(self) -> float:
        """Seconds of the clock, without starting workers."""
        return float(self.said["seconds"])

    @property
    def peak_mb(self) -> float:
        """The largest memory of a process."""
        return float(max(each["peak_mb"] for each in self.said["processes"]))

    @property
    def cpu_s(self) -> float:
        """Seconds of processors, of all processes that measured."""
        return float(sum(each["cpu_s"] for each in self.said["processes"]))

    @property
    def bytes_read(self) -> int | None:
        """Bytes that they read, where the system counts them."""
        read = [each["bytes_read"] for each in self.said["processes"]]
        return None if None in read else sum(read)

    def checks(self) -> dict[str, bytes]:
        """Return check.json of each city."""
        return {path.parent.name: path.read_bytes() for path in self.output.glob("*/check.json")}

    def done(self) -> list[float]:
        """Return the seconds after which each city was finished, in order."""
        folders = [path.parent for path in self.output.glob("*/check.json")]
        last = [max(path.stat().st_mtime for path in each.rglob("*")) for each in folders]
        return sorted(time - self.said["began"] for time in last)


def checked(manifests: list[Path], place: Path, name: str, workers: int) -> Run:
    """Check cities in a fresh process."""
    province, output = place / f"{name}.toml", place / name
    cities = [
        f'[[city]]\nid = "{each.parent.name}"\nmanifest = "{each.relative_to(place).as_posix()}"\n'
        for each in manifests
    ]
    province.write_text("".join(cities), encoding="utf-8")
    run = [sys.executable, "-m", "benchmarks.scale_run", str(province), str(output), str(workers)]
    done = subprocess.run(run, capture_output=True, text=True, check=False, encoding="utf-8")
    if done.returncode:
        sys.exit(done.stderr)
    return Run(output, json.loads(done.stdout.splitlines()[-1]))


def require_alike(table: Table, what: str, one: Run, other: Run) -> None:
    """Stop where check.json of a city differs between two runs."""
    first, second = one.checks(), other.checks()
    differ = [name for name, text in second.items() if first.get(name) != text]
    if differ or not second:
        sys.exit(f"check.json differs between runs: {', '.join(differ) or 'there is none'}")
    table.line(f"{what}: check.json as in the serial run", f"{len(second)} of {len(second)} alike")


def cities(table: Table, place: Path, manifests: list[Path]) -> None:
    """Compare cities one after the other with one and with two workers."""
    count = len(manifests)
    serial = checked(manifests, place, "serial", 0)
    done = serial.done()
    table.line(f"{count} cities, serial", f"{serial.seconds:.1f} s, CPU {serial.cpu_s:.1f} s")
    single = checked(manifests, place, "one_worker", 1)
    said = {"theirs": serial.seconds, "unit": "s", "peer": "distributed"}
    slower = single.seconds / serial.seconds
    table.line(
        f"{count} cities, 1 worker",
        f"{single.seconds:.1f} s, CPU {single.cpu_s:.1f} s, {slower:.2f} x serial",
        ours=single.seconds, ratio=slower, **said,
    )  # fmt: skip
    require_alike(table, "1 worker", serial, single)
    seconds = {}
    for some in _halves(count):
        pair = checked(manifests[:some], place, f"two_workers_{some}", 2)
        require_alike(table, f"2 workers, {some} cities", serial, pair)
        before = serial.seconds if some == count else done[some - 1]
        share, start = before / pair.seconds / 2, pair.said["start_s"]
        held = some == count
        table.line(
            f"{some} cities, 2 workers: efficiency",
            f"{pair.seconds:.1f} s, CPU {pair.cpu_s:.1f} s (serial {before:.1f} s): {share:.2f}",
            goal=f">= {EFFICIENCY_GOAL}" if held else "",
            reached=share >= EFFICIENCY_GOAL,
            ours=pair.seconds,
            ratio=share,
            **said | {"theirs": before},
        )
        seconds[str(some)] = {"serial": before, "two_workers": pair.seconds, "start": start}
    cold = serial.seconds / (pair.seconds + start) / 2
    table.line("    with the start of workers counted", f"{start:.1f} s more: {cold:.2f}")
    _memory(table, f"{count} cities", serial, pair)
    table.figures["cities"] = {
        "seconds": seconds,
        "one_worker": single.seconds,
        "serial_cpu": serial.cpu_s,
        "worker_mb": pair.peak_mb,
        "serial_mb": serial.peak_mb,
        **_size(manifests[0]),
    }


def _halves(count: int) -> list[int]:
    some = [count]
    while some[0] > 1:
        some.insert(0, some[0] // 2)
    return some


def _size(manifest: Path) -> dict[str, float]:
    folder = manifest.parent
    area = gpd.read_file(folder / "layers.gpkg", layer="built_up").area.sum()
    with rasterio.open(next(iter(sorted(folder.glob("image*.tif"), reverse=True)))) as image:
        return {"built_up_km2": float(area) / 1e6, "gpx": image.width * image.height / 1e9}


def _memory(table: Table, what: str, serial: Run, pair: Run) -> None:
    table.line(f"{what}: peak memory, serial", f"{serial.peak_mb:.0f} MB")
    peak = pair.peak_mb
    table.line(
        f"{what}: peak memory a worker",
        f"{peak:.0f} MB",
        goal=f"< {MEMORY_GOAL_MB:g} MB",
        reached=peak < MEMORY_GOAL_MB,
        ours=peak,
        unit="MB",
    )


def image(table: Table, place: Path, pixels: int) -> None:
    """Compare one large image in this process with the same over two workers."""
    manifests = {
        name: write_city(place / name, side)
        for name, side in (("large", pixels), ("small", pixels // SMALL))
    }
    size = pixels**2 / 1e9
    runs = {
        (name, workers): checked([manifest], place, f"{name}_{workers}", workers)
        for name, manifest in manifests.items()
        for workers in (0, 2)
    }
    more = size * (1 - 1 / SMALL**2)
    figures: dict[str, Any] = {"gpx": size, "file_bytes": _bytes(manifests["large"])}
    for workers, words in ((0, "serial"), (2, "2 workers")):
        large, small = runs["large", workers], runs["small", workers]
        slope, cpu = (large.seconds - small.seconds) / more, (large.cpu_s - small.cpu_s) / more
        whole = f"{size:.2f} Gpx, {words}"
        table.line(f"{whole}: the whole check", f"{large.seconds:.1f} s, CPU {large.cpu_s:.1f} s")
        table.line(f"{whole}: of that the image", f"{slope:.1f} s a Gpx, CPU {cpu:.1f} s a Gpx")
        read = None
        if large.bytes_read is not None and small.bytes_read is not None:
            read = (large.bytes_read - small.bytes_read) / more
            shown = f"{read / 1e9:.2f} GB a Gpx"
            table.line(f"{whole}: bytes read", shown, ours=read / 1e9, unit="GB")
        key = "two_workers" if workers else "serial"
        figures[key] = {
            "seconds": large.seconds,
            "seconds_per_gpx": slope,
            "cpu_per_gpx": cpu,
            "bytes_per_gpx": read,
            "peak_mb": large.peak_mb,
        }
    require_alike(table, f"{size:.2f} Gpx, 2 workers", runs["large", 0], runs["large", 2])
    _memory(table, f"{size:.2f} Gpx", runs["large", 0], runs["large", 2])
    table.figures["image"] = figures


def _bytes(manifest: Path) -> int:
    return manifest.with_name("image.tif").stat().st_size


def sample_cities(place: Path, count: int) -> list[Path]:
    """Write sample cities of different seeds, as many at a time as there are processors."""
    folders = [place / f"city_{seed}" for seed in range(1, count + 1)]
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return list(pool.map(_write, folders, range(1, count + 1)))


def _write(folder: Path, seed: int) -> Path:
    return write_sample(folder, seed=seed)


def measure(count: int, pixels: int, make: Any) -> Table:
    """Print the table and return it."""
    table = Table(count, full=CITIES)
    with tempfile.TemporaryDirectory() as folder:
        cities(table, Path(folder), make(Path(folder), count))
    with tempfile.TemporaryDirectory() as folder:
        image(table, Path(folder), pixels)
    return table.ended(f"{CITIES} sample cities and an image of {PIXELS} pixels a side")


def run(*, quick: bool = False) -> Table:
    """Run as `python -m benchmarks` does; the quick run has cities of an image and few layers."""
    if quick:
        return measure(QUICK_CITIES, QUICK_PIXELS, _plain)
    with tempfile.TemporaryDirectory() as folder:
        small = write_sample(Path(folder, "city"), size="small")
        checked([small], Path(folder), "before", 0)  # unmeasured: kernels are compiled and kept
    return measure(CITIES, PIXELS, sample_cities)


def _plain(place: Path, count: int) -> list[Path]:
    write = partial(write_city, pixels=QUICK_PIXELS // SMALL)
    return [write(place / f"city_{number}") for number in range(1, count + 1)]


if __name__ == "__main__":
    sys.exit(1 if run(quick="--quick" in sys.argv).missed else 0)
