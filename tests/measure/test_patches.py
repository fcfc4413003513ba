"""Polygons laid over a map: by hand, by property, and against shapely cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import Point, box

from greenspace.measure.coverage import raster_land
from greenspace.measure.patches import Patches, lay

PLANE = CRS.from_epsg(6933)
SEED = st.integers(0, 2**32 - 1)
NONE = np.array([], dtype=object)


def shapes(*parts):
    return np.array(parts, dtype=object)


def surface_of(raster):
    return lambda parts: raster_land(raster, parts, GeoSeries(parts, crs=PLANE))


def laid(raster, layers, zones):
    return [step.after.T.tolist() for step in lay(surface_of(raster), layers, zones)]


def disc(rng, most=3.0):
    x, y, r = *rng.uniform(-1, 11, 2), rng.uniform(0.2, most)
    return Point(x, y).buffer(r, quad_segs=4)


# --- by hand


def test_a_crown_over_half_a_green_pixel_adds_the_other_half(pixels):
    # 4 x 1 m, the second metre green; a crown from 1.5 to 3: it adds 1 m2, and 0.5 m2 were green
    raster = pixels([[0, 1, 0, 0]])
    layer = Patches(shapes(box(1.5, 0, 3, 1)), NONE)
    (step,) = lay(surface_of(raster), [layer], shapes(box(0, 0, 4, 1)))
    assert step.before.T.tolist() == [[1.0, 4.0, 0.0]]
    assert step.after.T.tolist() == [[2.0, 4.0, 0.0]]
    assert step.under_green.T.tolist() == [[0.5, 1.5, 0.0]]


def test_ground_that_is_taken_off_is_seen_and_bare(pixels):
    # the first two metres are green, the last two clouded; bare from 1 to 3
    raster = pixels([[1, 1, 0, 0]], seen=[[1, 1, 0, 0]])
    layer = Patches(NONE, shapes(box(1, 0, 3, 1)))
    (step,) = lay(surface_of(raster), [layer], shapes(box(0, 0, 4, 1)))
    assert step.before.T.tolist() == [[2.0, 2.0, 2.0]]
    assert step.after.T.tolist() == [[1.0, 3.0, 1.0]]
    assert step.under_bare.T.tolist() == [[1.0, 1.0, 1.0]]


def test_a_later_layer_lies_over_an_earlier_one(pixels):
    # a crown from 0 to 3 over bare ground, then 2 to 4 taken off
    raster = pixels([[0, 0, 0, 0]])
    crown = Patches(shapes(box(0, 0, 3, 1)), NONE)
    off = Patches(NONE, shapes(box(2, 0, 4, 1)))
    zone = shapes(box(0, 0, 4, 1))
    assert laid(raster, [crown, off], zone) == [[[3.0, 4.0, 0.0]], [[2.0, 4.0, 0.0]]]
    assert laid(raster, [off, crown], zone) == [[[0.0, 4.0, 0.0]], [[3.0, 4.0, 0.0]]]
    last = lay(surface_of(raster), [crown, off], zone)[-1]
    assert last.under_bare.T.tolist() == [[1.0, 2.0, 0.0]]  # one metre of crown, as it was before


def test_a_zone_that_no_patch_touches_keeps_its_digits(pixels):
    raster = pixels(np.eye(9))
    zones = shapes(box(0.1, 0.2, 3.3, 4.7), box(8, 8, 9, 9))
    layer = Patches(shapes(box(7, 0, 8, 9)), NONE)
    (step,) = lay(surface_of(raster), [layer], zones)
    assert step.after.tolist() == step.before.tolist()


def test_the_map_is_measured_once_for_all_layers(pixels):
    raster, asked = pixels(np.eye(9)), []

    def surface(parts):
        asked.append(len(parts))
        return surface_of(raster)(parts)

    layer = Patches(shapes(box(7, 0, 8, 9)), NONE)
    lay(surface, [layer, layer], shapes(box(0, 0, 9, 9), box(0, 0, 1, 1)))
    assert asked == [5]  # two zones, the patch of the upper layer, of the lower in both of these


# --- by property


@given(seed=SEED)
def test_more_crowns_never_lower_green_and_never_raise_the_unseen(pixels, seed):
    rng = np.random.default_rng(seed)
    seen = rng.random((10, 10)) > 0.3
    raster = pixels((rng.random((10, 10)) > 0.5) & seen, seen=seen)
    crowns = [disc(rng) for _ in range(6)]
    zone = shapes(box(-2, 1, 9, 9))
    layers = [Patches(shapes(*crowns[:n]), NONE) for n in range(7)]
    green, _, unseen = np.hstack(
        [lay(surface_of(raster), [layer], zone)[0].after for layer in layers]
    )
    assert (np.diff(green) >= -1e-9).all()
    assert (np.diff(unseen) <= 1e-9).all()


@given(seed=SEED)
def test_a_crown_twice_is_a_crown_once(pixels, seed):
    rng = np.random.default_rng(seed)
    raster, zone = pixels(rng.random((10, 10)) > 0.5), shapes(box(0, 0, 10, 10))
    crowns = [disc(rng), disc(rng)]
    once, twice = Patches(shapes(*crowns), NONE), Patches(shapes(*crowns, *crowns), NONE)
    want = laid(raster, [once], zone)[0][0]
    assert laid(raster, [twice], zone)[0][0] == pytest.approx(want, abs=1e-9)
    assert laid(raster, [once, once], zone)[1][0] == pytest.approx(want, abs=1e-9)


@given(seed=SEED)
def test_adding_what_is_green_and_removing_what_is_bare_change_nothing(pixels, seed):
    rng = np.random.default_rng(seed)
    green = rng.random((6, 6)) > 0.5
    squares = np.array([box(c, 5 - r, c + 1, 6 - r) for r in range(6) for c in range(6)])
    layer = Patches(squares[green.ravel()], squares[~green.ravel()])
    zones = shapes(box(0, 0, 6, 6), disc(rng), disc(rng))
    (step,) = lay(surface_of(pixels(green)), [layer], zones)
    inside = shapely.area(shapely.intersection(zones, box(0, 0, 6, 6)))
    assert step.after == pytest.approx(step.before, abs=1e-9)
    assert step.after[1] == pytest.approx(inside, abs=1e-9)


@given(seed=SEED)
def test_what_is_wholly_drawn_keeps_no_rounding_of_the_map(pixels, seed):
    rng = np.random.default_rng(seed)
    seen = rng.random((10, 10)) > 0.4
    raster = pixels((rng.random((10, 10)) > 0.5) & seen, seen=seen)
    zone, x, y = disc(rng, 6.0), *rng.uniform(0, 10, 2)
    quarters = shapes(box(-9, -9, x, y), box(x, -9, 19, y), box(-9, y, x, 19), box(x, y, 19, 19))
    (bare,) = lay(surface_of(raster), [Patches(NONE, quarters)], shapes(zone))
    (green,) = lay(surface_of(raster), [Patches(quarters, NONE)], shapes(zone))
    assert bare.after[0] == bare.after[2] == 0.0
    assert green.after[2] == 0.0
    assert green.after[0] == green.after[1]


@given(seed=SEED, x=st.floats(0.2, 9.8))
def test_zones_of_a_partition_add_up(pixels, seed, x):
    rng = np.random.default_rng(seed)
    seen = rng.random((10, 10)) > 0.4
    raster = pixels((rng.random((10, 10)) > 0.5) & seen, seen=seen)
    layers = [
        Patches(shapes(disc(rng), disc(rng)), shapes(disc(rng))),
        Patches(NONE, shapes(disc(rng))),
    ]
    zones = shapes(box(-1, 0, 11, 10), box(-1, 0, x, 10), box(x, 0, 11, 10))
    for step in lay(surface_of(raster), layers, zones):
        whole, *parts = step.after.T
        assert sum(parts) == pytest.approx(whole, abs=1e-6)
        assert step.after[1] + step.after[2] == pytest.approx(shapely.area(zones), abs=1e-9)


# --- by oracle


@given(seed=SEED)
def test_shapely_agrees_cell_by_cell(pixels, seed):
    rng = np.random.default_rng(seed)
    seen = rng.random((8, 8)) > 0.3
    green = (rng.random((8, 8)) > 0.5) & seen
    place = Affine(1.3, 0, -1, 0, -1.1, 8.5)
    add, remove = [disc(rng), disc(rng)], [disc(rng), disc(rng)]
    canopy = [disc(rng), disc(rng)]
    zones = shapes(disc(rng, 6.0), box(1.3, 0.7, 7.9, 6.1).difference(disc(rng)))
    layers = [Patches(shapes(*canopy), NONE), Patches(shapes(*add), shapes(*remove))]
    raster = pixels(green, seen=seen, transform=place)

    cells = np.array([box(*place @ (c, r + 1), *place @ (c + 1, r)) for r, c in np.ndindex(8, 8)])
    add, remove = shapely.union_all(add), shapely.union_all(remove)
    drawn = shapely.union_all([*canopy, add, remove])
    leafy = shapely.union_all([add, shapely.union_all(canopy).difference(remove)])
    for i, zone in enumerate(zones):
        rest = zone.difference(drawn)
        shown = shapely.area(shapely.intersection(cells, rest))
        want = (
            shown[green.ravel()].sum() + leafy.intersection(zone).area,
            shown[seen.ravel()].sum() + drawn.intersection(zone).area,
        )
        got = lay(surface_of(raster), layers, zones)[-1].after[:, i]
        assert got[:2] == pytest.approx(want, abs=1e-7)
        assert got[2] == pytest.approx(zone.area - want[1], abs=1e-7)


def test_many_crowns_and_zones_meet_only_where_they_lie(pixels):
    # 900 crowns of 0.25 m2, one in each of 900 zones of 1 m2; every other pixel green
    checks = np.indices((30, 30)).sum(axis=0) % 2 == 0
    xy = np.indices((30, 30)).reshape(2, -1).T
    crowns = np.array([box(x + 0.2, y + 0.2, x + 0.7, y + 0.7) for x, y in xy])
    zones = GeoDataFrame(geometry=[box(x, y, x + 1, y + 1) for x, y in xy], crs=PLANE)
    (step,) = lay(surface_of(pixels(checks)), [Patches(crowns, NONE)], zones.geometry.to_numpy())
    assert sorted(set(step.after[0].round(9))) == [0.25, 1.0]
