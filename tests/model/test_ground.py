"""Ground: what a broken shape goes around, by hand, by property and by even-odd."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from greenspace.model.ground import valid_ground
from greenspace.model.layers import overlap_area_m2
from greenspace.prepare.mend import mend_layer
from greenspace.prepare.repair import repair_polygons

TEN = box(0, 0, 10, 10)


def holed(shell, *holes):
    return Polygon(shell.exterior, [hole.exterior for hole in holes])


def ground(*shapes):
    return valid_ground(np.array(shapes, dtype=object))


# --- by hand


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        (holed(TEN, box(20, 0, 24, 4)), 100),  # wholly outside: it takes nothing
        (holed(TEN, box(8, 2, 12, 6)), 92),  # half outside: it takes 2 x 4
        (holed(TEN, box(2, 2, 8, 8), box(3, 3, 5, 5)), 64),  # a hole in a hole adds nothing
        (holed(TEN, box(2, 2, 4, 4), box(20, 0, 24, 4)), 96),  # one inside, one outside
        # an island in the other part's hole stays: 100 - 36 + 4, and the stray hole takes nothing
        (MultiPolygon([holed(TEN, box(2, 2, 8, 8), box(20, 0, 24, 4)), box(3, 3, 5, 5)]), 68),
        (holed(TEN, box(-1, -1, 11, 11)), 0),  # a hole over the whole shell
        (shapely.GeometryCollection([TEN, shapely.Point(5, 5)]), 100),
    ],
)
def test_a_hole_takes_ground_from_its_shell_and_never_adds_any(shape, area):
    (fixed,) = ground(shape)
    assert fixed.area == pytest.approx(area)
    assert fixed.is_valid


def test_the_same_ground_is_measured_mended_and_shared():
    astray = GeoSeries([holed(TEN, box(20, 0, 24, 4)), box(20, 0, 24, 4)], crs=6933)

    repaired, (finding,) = repair_polygons(astray, "parks")
    mended = mend_layer(repaired.set_geometry(astray), "parks")

    assert repaired.area.tolist() == [100, 16]
    assert finding.area_m2 == 16  # a GIS shows 100 - 16 = 84 before
    assert mended.layer.area.tolist() == [100, 16]
    assert overlap_area_m2(astray) == 0


# --- by property and by oracle


@given(seed=st.integers(0, 2**32 - 1))
def test_no_more_than_the_shells_and_the_shells_less_the_holes(seed):
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 9, (6, 2))
    boxes = [box(*a, *(a + d)) for a, d in zip(low, rng.uniform(0.5, 6, (6, 2)), strict=True)]
    parts = [(boxes[0], boxes[1:3]), (boxes[3], boxes[4:])]
    left = [shell.difference(shapely.union_all(holes)) for shell, holes in parts]

    (fixed,) = ground(MultiPolygon([holed(shell, *holes) for shell, holes in parts]))

    assert fixed.area <= shapely.union_all([shell for shell, _ in parts]).area + 1e-9
    assert fixed.area == pytest.approx(shapely.union_all(left).area, abs=1e-9)


@given(seed=st.integers(0, 2**32 - 1))
def test_where_rings_do_not_cross_points_are_inside_by_even_and_odd(seed):
    rng = np.random.default_rng(seed)
    cells = [
        box(x, y, x + s, y + s)
        for (x, y), s in zip(
            [(1, 1), (4, 1), (1, 4), (4, 4)], rng.uniform(0.5, 2.5, 4), strict=True
        )
    ]
    twice = MultiPolygon([holed(TEN, *cells), box(20, 0, 21, 1), box(20, 0, 21, 1)])  # invalid
    points = shapely.points(rng.uniform(-1, 11, (50, 2)))
    crossed = sum(shapely.contains(ring, points).astype(int) for ring in [TEN, *cells])

    (fixed,) = ground(twice)

    assert shapely.contains(fixed, points).tolist() == (crossed % 2 == 1).tolist()
