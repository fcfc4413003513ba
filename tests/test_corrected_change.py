"""Change between corrected images: beside exact overlays of polygons, by hand, by refusal."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from shapely import Point, box

import greenspace as gs
from greenspace.errors import GeometryError
from tests.scene import write_raster

WEST, NORTH = 500_000.0, 3_400_000.0
SIDE, PIXELS = 10, 8
FINE, COARSE = (Affine(side, 0, WEST, 0, -side, NORTH) for side in (SIDE, 2 * SIDE))
KINDS = ("not_green", "gained", "lost", "kept")


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4547)


def square(west, north, east, south):
    return box(WEST + west, NORTH - south, WEST + east, NORTH - north)


WHOLE = layer([square(0, 0, 80, 80)])


def classes_of(values, side):
    """Return what is bare, what is green and what is not seen, as polygons."""
    spots = list(np.ndindex(values.shape))
    cells = [square(c * side, r * side, (c + 1) * side, (r + 1) * side) for r, c in spots]
    flat = values.ravel()
    return [
        shapely.union_all([cell for cell, own in zip(cells, flat, strict=True) if own == value])
        for value in (0, 1, 255)
    ]


def laid(ground, green, bare):
    """Return bare, green and unseen ground with polygons of both kinds over it."""
    both = green | bare
    return (ground[0] - both) | bare, (ground[1] - both) | green, ground[2] - both


def blobs(rng, count):
    x, y, w, h = rng.uniform(0, 70, (2, count)).tolist() + rng.uniform(1, 25, (2, count)).tolist()
    return [square(a, b, a + c, b + d) for a, b, c, d in zip(x, y, w, h, strict=True)]


@pytest.mark.parametrize("seed", range(6))
def test_polygons_over_either_image_hold_with_their_exact_edges(tmp_path, seed):
    rng = np.random.default_rng(seed)
    pairs = ((FINE, PIXELS, SIDE), (COARSE, PIXELS // 2, 2 * SIDE))
    rasters, truth = [], []
    for name, (place, count, side) in zip("ab", pairs, strict=True):
        values = rng.choice([0, 1, 255], size=(count, count), p=[0.4, 0.4, 0.2]).astype("uint8")
        path = write_raster(tmp_path / f"{name}.tif", values, transform=place, nodata=255)
        crowns, adds, less = (blobs(rng, 4) for _ in range(3))
        less = [shape - shapely.union_all(adds) for shape in less]
        less = [shape for shape in less if not shape.is_empty]
        corrections = layer([*adds, *less], action=["add"] * len(adds) + ["remove"] * len(less))
        rasters.append(gs.corrected(path, corrections=corrections, canopy=layer(crowns)))
        ground = laid(classes_of(values, side), shapely.union_all(crowns), shapely.Polygon())
        truth.append(laid(ground, shapely.union_all(adds), shapely.union_all(less)))
    zones = layer([square(3, 4, 55, 71), square(41.5, 0, 80, 80), square(-20, -20, 5, 5)])
    frame = gs.green_change(*rasters, zones).to_frame()
    for zone, row in zip(zones.geometry, frame.itertuples(), strict=True):
        for place, kind in enumerate(KINDS):
            then, now = truth[0][place // 2], truth[1][place % 2]
            area = (then & now & zone).area
            assert getattr(row, f"{kind}_m2") == pytest.approx(area, abs=1e-5)
        seen = sum(getattr(row, f"{kind}_m2") for kind in KINDS)
        assert row.unseen_m2 == pytest.approx(zone.area - seen, abs=1e-5)
        assert row.straddling_m2 == 0


@pytest.fixture
def images(tmp_path):
    values = np.zeros((8, 8), dtype="uint8")
    values[:4] = 1
    return [write_raster(tmp_path / f"{name}.tif", values, transform=FINE) for name in "ab"]


STRIP = square(0, 41, 80, 44)  # covers the middle of no pixel


def test_polygons_that_cover_no_middle_of_a_pixel_are_not_lost(images):
    planted = gs.corrected(images[1], corrections=layer([STRIP], action=["add"]))
    table = gs.green_change(images[0], planted, WHOLE)
    assert table.total().gained == pytest.approx(240)
    assert table.total().after == pytest.approx(gs.green_coverage(planted, WHOLE).value.iloc[0])
    (added,) = [f for f in table.findings if f.code == "green_added"]
    assert added.area_m2 == pytest.approx(240)
    assert added.text.en.startswith("After")
    assert "corrections, after" in [source.role for source in table.sources]
    assert len(table.polygons(smallest_m2=0)) == 0  # patches are drawn in whole pixels


def test_points_are_judged_by_the_polygons_too(images):
    spots = [(x, y) for x in (15, 45, 75) for y in (5, 42.5, 75)]
    points = layer(
        [Point(WEST + x, NORTH - y) for x, y in spots],
        reference=["gained" if y == 42.5 else "kept" if y == 5 else "not_green" for _, y in spots],
    )
    after = gs.corrected(images[1], corrections=layer([STRIP], action=["add"]))
    estimate = gs.green_change(images[0], after, WHOLE, reference=points).estimate
    assert estimate.areas["gained"].value == pytest.approx(240)
    assert estimate.overall_accuracy.value == pytest.approx(1)


def test_corrections_that_contradict_each_other_are_refused(images):
    both = layer([STRIP, STRIP], action=["add", "remove"])
    with pytest.raises(GeometryError) as refused:
        gs.green_change(gs.corrected(images[0], corrections=both), images[1], WHOLE)
    assert set(refused.value.rows) == {0, 1}
