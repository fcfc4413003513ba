"""Zonal sums to the last digits, in any number of threads, and of no more than must be read."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import shapely
from affine import Affine
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, affinity, box

from greenspace.measure.zonal import share_of_zones, zone_sums

SEED = st.integers(0, 2**32 - 1)
SIDE = 40
LOCAL = Affine(2, 0, 0, 0, -2, 2 * SIDE)
UTM = Affine(2, 0, 500_000, 0, -2, 5_600_000)


def star(rng, centre, reach, corners):
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = reach * rng.uniform(0.4, 1.2, corners)
    ring = np.asarray(centre) + np.column_stack((np.cos(angle), np.sin(angle))) * radius[:, None]
    return shapely.make_valid(Polygon(ring), method="structure", keep_collapsed=False)


def nasty(rng):
    """Zones in pixels: holes, slivers, many parts, tiny, outside, on grid lines."""
    stars = [
        star(rng, rng.uniform(-8, SIDE + 8, 2), rng.uniform(0.05, 30), int(rng.integers(5, 60)))
        for _ in range(12)
    ]
    holed = [star(rng, (20, 20), 16, 30) - star(rng, rng.uniform(12, 28, 2), 6, 12)]
    tiny = [star(rng, rng.uniform(1, 39, 2), 0.05, 8) for _ in range(3)]
    corners = rng.integers(0, 30, (4, 2)), rng.integers(1, 10, (4, 2))
    lines = [box(*low, *(low + size)) for low, size in zip(*corners, strict=True)]
    lattice = [Polygon(rng.integers(0, SIDE + 1, (3, 2))) for _ in range(4)]
    odd = [
        box(0, 0, SIDE, SIDE),
        box(-10, 3, 60, 3.02),  # a sliver along a row, beyond both sides
        box(3, -10, 3.02, 60),
        box(39, 39, 45, 45),
        MultiPolygon([box(0, 0, 5, 5) - box(1, 1, 4, 4), box(2, 2, 3, 3)]),
    ]
    shapes = [*stars, *holed, *tiny, *lines, *lattice, *odd]
    return GeoSeries([each for each in shapes if each.area > 0])


def pixels_of(rng):
    seen = rng.random((SIDE, SIDE)) > 0.1
    return rng.random((SIDE, SIDE)) > 0.5, seen


@pytest.mark.parametrize("kind", [bool, np.float32])
@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_shapely_to_1e_11_of_the_valid_area(pixels, seed, kind):
    rng = np.random.default_rng(seed)
    green, seen = pixels_of(rng)
    zones = nasty(rng)
    cols, rows = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    cells = shapely.box(cols, rows, cols + 1, rows + 1).ravel()
    parts = shapely.area(shapely.intersection(zones.to_numpy()[:, None], cells))
    expected, valid = parts @ (green & seen).ravel(), parts @ seen.ravel()
    for transform, tolerance in ((LOCAL, 1e-11), (UTM, 1e-8)):
        raster = pixels((green & seen).astype(kind), seen=seen, transform=transform)
        raster.green = raster.green.astype(kind)
        moved = zones.map(lambda z, t=transform: affinity.affine_transform(z, t.to_shapely()))
        (found, shown), _ = zone_sums(raster, moved)
        scale = np.where(valid > 0, valid, zones.area)  # of what lies outside: its own area
        assert (np.abs(found - expected) <= tolerance * scale).all()
        assert (np.abs(shown - valid) <= tolerance * scale).all()


@given(seed=SEED)
def test_cutting_a_zone_in_two_adds_up(pixels, seed):
    rng = np.random.default_rng(seed)
    green, seen = pixels_of(rng)
    raster = pixels(green & seen, seen=seen, transform=LOCAL)
    zone = star(rng, (40, 40), 36, 25)
    line = shapely.box(-100, -100, rng.uniform(10, 70), 200)
    whole = GeoSeries([zone, zone & line, zone - line])
    for sums in zone_sums(raster, whole)[0]:
        assert sums[1] + sums[2] == pytest.approx(sums[0], abs=1e-11 * (1 + sums[0]))


class Shared:
    """A raster that several threads may stream, and that remembers who read what."""

    def __init__(self, raster, *, broken=()):
        self.raster, self.grid, self.sources = raster, raster.grid, ()
        self.parallel, self.broken = True, broken
        self.read, self.threads = [], set()

    def findings(self):
        return ()

    def strips(self, windows):
        for window in windows:
            self.threads.add(threading.get_ident())
            if (window.row, window.col) in self.broken:
                raise ValueError(window.row, window.col)
            self.read.append(window)
            yield from self.raster.strips([window])


@given(seed=SEED)
def test_any_number_of_threads_gives_the_same_bits(pixels, seed):
    rng = np.random.default_rng(seed)
    green = rng.random((200, 300)).astype(np.float32)  # no sum of them is exact
    seen = rng.random((200, 300)) > 0.2
    raster = Shared(pixels(green * seen, seen=seen, transform=Affine.identity(), block=(16, 16)))
    raster.grid = Strips(raster.grid)
    zones = GeoSeries([star(rng, rng.uniform(0, 300, 2), 120, 20) for _ in range(8)])
    one, *others = (share_of_zones(raster, zones, threads=count) for count in (1, 2, 3))
    for other in others:
        assert one.green.tobytes() == other.green.tobytes()
        assert one.seen.tobytes() == other.seen.tobytes()


class Strips:
    """A grid in strips of one row of tiles."""

    def __init__(self, grid):
        self._grid = grid

    def __getattr__(self, name):
        return getattr(self._grid, name)

    def windows(self):
        for top in range(0, self.height, self.block_height):
            yield from self._grid.windows((top, min(top + self.block_height, self.height)))


def test_a_raster_that_one_may_stream_is_streamed_by_one(pixels):
    raster = Shared(pixels(np.ones((200, 20)), block=(16, 16)))
    raster.grid, raster.parallel = Strips(raster.grid), False
    share_of_zones(raster, GeoSeries([box(0, 0, 20, 200)]), threads=3)
    assert raster.threads == {threading.get_ident()}


@pytest.mark.parametrize("threads", [1, 3])
def test_of_two_broken_windows_the_first_is_named(pixels, threads):
    raster = Shared(pixels(np.ones((200, 20)), block=(16, 16)), broken={(64, 0), (112, 0)})
    raster.grid = Strips(raster.grid)
    with pytest.raises(ValueError, match="64, 0"):
        share_of_zones(raster, GeoSeries([box(0, 0, 20, 200)]), threads=threads)


def test_few_zones_in_a_large_raster_read_the_tiles_that_they_touch(pixels):
    raster = pixels(np.ones((2048, 4096)), transform=Affine.identity(), block=(256, 256))
    zones = GeoSeries([box(10, 10, 20, 20), box(3000, 250, 3100, 270), box(600, 1500, 601, 1501)])
    assert share_of_zones(raster, zones).green.tolist() == [1.0, 1.0, 1.0]
    read = [(w.row, w.col, w.height, w.width) for w in raster.windows]
    assert read == [(0, 0, 256, 256), (0, 2816, 512, 512), (1280, 512, 256, 256)]


def test_tiny_zones_far_to_the_right_keep_their_digits(pixels):
    green = np.ones((4, 60_000), dtype=bool)
    green[:, ::2] = False
    raster = pixels(green, transform=Affine.identity())
    raster.green = green
    zone = box(59_990.25, 1.5, 59_991.75, 1.5001)  # 3/4 of an even column, 3/4 of an odd one
    shares = share_of_zones(raster, GeoSeries([zone]))
    assert shares.green[0] == pytest.approx(0.5, abs=1e-12)
    assert shares.seen[0] == 1.0


@pytest.mark.parametrize("width", [1, 7, 8, 31, 32, 33, 64, 100])
def test_any_width_is_added_up_to_its_last_column(pixels, width):
    rng = np.random.default_rng(width)
    green = rng.random((5, width)) > 0.4
    raster = pixels(green, transform=Affine.identity())
    raster.green = green
    (sums, _), _ = zone_sums(raster, GeoSeries([box(-3, -1, width + 2, 9), box(0, 1, width, 2)]))
    assert sums.tolist() == [green.sum(), green[1].sum()]
