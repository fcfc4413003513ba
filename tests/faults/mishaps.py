"""Mishaps of a cluster, each at one place: a worker kills itself, by its own number, in the middle.

A mishap is a plugin that Dask sets up in each worker process, and in whatever takes its place.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
from contextlib import contextmanager
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

import dask
import numpy as np
import rasterio
from affine import Affine
from distributed import Client, LocalCluster, WorkerPlugin

from tests.town import IMAGE, X, Y

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LEAN = """
[city]
name = "{name}"
date = 2026-06-30
[layers.built_up]
path = "city.gpkg"
layer = "built_up"
"""
ROWS = 4 * 256  # four rows of windows below, of which each is a part
STABLE = ("check.json", "report.html", "report.docx", "indicators.xlsx")
LEAGUE = ("league.html", "league.xlsx", "league.parquet")


class Dies(WorkerPlugin):
    """The process that writes, or measures a part of, a city dies before it is through.

    Parameters
    ----------
    marks
        A folder in which every death leaves a file.
    city
        Whose results are being written: what was written so far lies in a temporary folder.
    part
        Which part of an image is being measured.
    most
        How often.
    part_pixels
        The size of parts, for images that are smaller than those of a province.
    """

    name = "dies"

    def __init__(
        self,
        marks: Path,
        *,
        city: str | None = None,
        part: int | None = None,
        most: int = 1,
        part_pixels: int | None = None,
    ) -> None:
        self.marks, self.city, self.part, self.most = marks, city, part, most
        self.part_pixels = part_pixels

    def setup(self, worker: Any) -> None:
        """Put the mishap in the way of the library."""
        del worker
        from greenspace import province_tasks as tasks
        from greenspace.present import write

        if self.part_pixels is not None:
            tasks.plan_strips = partial(tasks.plan_strips, part_pixels=self.part_pixels)
        self._before(write, "write_workbook", lambda check, _: check.city.name == self.city)
        self._before(tasks, "measure_part", lambda _, __, part, **___: part == self.part)

    def _before(self, module: Any, name: str, here: Callable[..., bool]) -> None:
        real = getattr(module, name)

        @wraps(real)
        def first(*args: Any, **named: Any) -> Any:
            if here(*args, **named):
                self._die()
            return real(*args, **named)

        setattr(module, name, first)

    def _die(self) -> None:
        deaths = len(list(self.marks.iterdir()))
        if deaths < self.most:
            (self.marks / str(deaths)).touch()
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def cluster(scratch: Path, *, workers: int = 2, deaths: int = 3) -> Iterator[Client]:
    """Give a Client of worker processes on this machine; a task may see so many of them die."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": deaths}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            local_directory=str(scratch),
            silence_logs="CRITICAL",
        ) as made,
        Client(made) as client,
    ):
        yield client


def write_cities(town: Path, folder: Path, names: str, *, image: str | None = None) -> Path:
    """Write a list of copies of the town's ground and image; return the list.

    Parameters
    ----------
    image
        The city that has a large image, whose threshold is found by its histogram.
    """
    for name in names:
        home = folder / name
        home.mkdir(parents=True)
        for file in ("city.gpkg", "image.tif"):
            shutil.copy(town / file, home / file)
        text = LEAN.format(name=name) + IMAGE
        if name == image:
            write_large(home)
            text = text.replace("threshold = 0.3", 'threshold = "otsu"')
        (home / "city.toml").write_text(text, encoding="utf-8")
    listed = "".join(f'[[city]]\nmanifest = "{name}/city.toml"\n' for name in names)
    (folder / "province.toml").write_text(listed, encoding="utf-8")
    return folder / "province.toml"


def write_large(folder: Path) -> None:
    """Write an image of 1.2 km in fine tiles: green in waves of several strengths."""
    side = ROWS
    size = 1200 / side
    rows, cols = np.mgrid[0:side, 0:side]
    red = np.full((side, side), 1000, dtype="uint16")
    nir = np.where((rows // 37 + cols // 53) % 3, 1000, 3000) + (rows * 7 + cols * 13) % 97
    profile = {"driver": "GTiff", "width": side, "height": side, "count": 2, "dtype": "uint16"}
    profile |= {"tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate"}
    transform = Affine(size, 0, X - 100, 0, -size, Y + 1100)
    with rasterio.open(
        folder / "image.tif", "w", crs="EPSG:4547", transform=transform, **profile
    ) as file:
        file.write(red, 1)
        file.write(nir.astype("uint16"), 2)


def spoil_tile(image: Path, row: int, col: int) -> None:
    """Make one tile of an image undecodable."""
    with rasterio.open(image) as file:
        start = int(file.get_tag_item(f"BLOCK_OFFSET_{col}_{row}", "TIFF", bidx=1))
    content = bytearray(image.read_bytes())
    content[start : start + 8] = b"\xff" * 8
    image.write_bytes(content)


def digests(output: Path, *, but: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the checksums of what holds no clock time, of every city and of the league."""
    return {
        path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.rglob("*"))
        if path.relative_to(output).parts[0] not in but
        and (path.name in (*STABLE, *LEAGUE) or path.suffix in {".png", ".pdf"})
    }


def names(folder: Path) -> list[str]:
    """Return what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())
