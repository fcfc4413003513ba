"""Ground beside water: by hand, against points tried one by one, and however a path is drawn."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from greenspace.measure.barriers import Barriers
from greenspace.measure.service import reach_of
from greenspace.measure.sight import seen, walls
from greenspace.measure.snapping import EdgeIndex
from greenspace.measure.walk_service import walk_reach
from greenspace.model.network import WalkNetwork

PARK = box(-100, -50, 0, 50)
SEED = st.integers(0, 2**32 - 1)
few = settings(max_examples=5)


def on_foot(homes, line, *water):
    """Return what a park of 500 m reaches from the beginning of a line."""
    points = np.asarray(line.coords)
    edges = np.column_stack([np.arange(len(points) - 1), np.arange(1, len(points))])
    network = WalkNetwork.of_edges(points, edges)
    straight = reach_of(GeoSeries([PARK], crs=6933), GeoSeries([homes], crs=6933), ((5e3, 5e2),))
    gate = EdgeIndex(network).snap(points[:1], 1.0)
    none = np.zeros(1, dtype=np.int64)
    barriers = Barriers(np.array(water)) if water else None
    return walk_reach(straight, network, gate, none, np.zeros(1), barriers=barriers)


def ponds(rng):
    """Return a river across and round ponds beside a street from (0, 0) eastward."""
    west = rng.uniform(0, 400)
    spots = shapely.points(rng.uniform([0, -90], [480, 90], (5, 2)))
    round_ones = shapely.buffer(spots, rng.uniform(4, 25, 5), quad_segs=8)
    river = LineString([(west, -300), (west + 60, 300)]).buffer(8)
    return list(shapely.difference([river, *round_ones], shapely.Point(0, 0).buffer(2)))


@pytest.mark.parametrize("pieces", [1, 2, 4, 40])
def test_the_far_bank_is_not_served_round_the_end_of_a_river(pieces):
    # the river ends at x = 385; from the street one sees the far bank at y = 45 from x = 380 on
    line = LineString([(1000 * i / pieces, 0) for i in range(pieces + 1)])
    reach = on_foot(box(0, 45, 250, 100), line, box(-3000, 15, 385, 40))
    assert reach.served_m2.sum() == 0.0


def test_a_wall_throws_a_shadow_as_wide_as_it_is_seen():
    spot, wall = np.zeros((1, 2)), box(-10, 10, 10, 20)
    ground = Barriers(np.array([wall])).ground(spot, spot, np.array([100.0]))
    # a quarter of the disc is hidden, but for the triangle before the wall: 10 x 10
    assert ground.area == pytest.approx(0.75 * pi * 100**2 + 100, rel=1e-4)


@given(SEED)
@few
def test_vertices_on_a_straight_path_change_little(seed):
    water = ponds(np.random.default_rng(seed))
    line = LineString([(0, 0), (250, 0), (1000, 60)])
    once, often = (
        on_foot(box(-200, -200, 700, 200), path, *water).area.area
        for path in (line, line.segmentize(17.3))
    )
    assert often == pytest.approx(once, rel=0.01)


@given(SEED)
@few
def test_the_ground_is_what_straight_lines_from_the_path_reach(seed):
    rng = np.random.default_rng(seed)
    water = ponds(rng)
    line = LineString([(0, 0), (250, 0), (1000, 60)])
    ground = on_foot(box(-200, -200, 700, 200), line, *water).area
    at = np.arange(0.0, 500.0, 1.0)
    path = shapely.line_interpolate_point(line, at)
    wet = shapely.union_all(water)
    shapely.prepare(wet)
    dry = ~shapely.contains(wet, path)
    path, left = path[dry], np.minimum(500.0 - at[dry], 100.0)
    spots = shapely.points(rng.uniform([-100, -110], [600, 130], (500, 2)))
    served = np.zeros(len(spots), dtype=bool)
    for row, spot in enumerate(spots):
        close = path[shapely.distance(path, spot) <= left]
        ways = shapely.shortest_line(close, spot)
        served[row] = len(close) > 0 and not shapely.intersects(wet, ways).all()
    got = shapely.contains(ground, spots)
    # lines are drawn from every 10 m of the path here, and from every metre above
    assert (got != served).mean() < 0.02
    near = shapely.union_all(spots[served]).buffer(30)
    assert shapely.contains(near, spots[got & ~served]).all()


@given(SEED)
@few
def test_what_is_seen_has_nothing_in_the_way(seed):
    rng = np.random.default_rng(seed)
    shapes = [shapely.Point(*rng.uniform(-80, 80, 2)).buffer(rng.uniform(3, 30), 3) for _ in "abc"]
    parts = shapely.get_parts(shapely.union_all(shapes).difference(box(-1, -1, 1, 1)))
    _, edges = walls(parts)
    (view,) = seen(np.zeros((1, 2)), np.array([0, len(edges)]), edges, np.array([100.0]))
    spots = rng.uniform(-65, 65, (400, 2))
    ways = shapely.linestrings(np.stack([np.zeros_like(spots), spots], axis=1))
    hidden = shapely.length(shapely.intersection(ways, shapely.union_all(parts)))
    points = shapely.points(spots)
    clear = (hidden == 0) & (shapely.distance(points, view.exterior) > 1e-4)
    assert shapely.contains(view, points[clear]).all()
    assert not shapely.contains(view, points[hidden > 1.0]).any()


def test_a_path_along_the_very_bank_lies_on_land():
    reach = on_foot(box(0, -100, 400, 0), LineString([(0, 0), (1000, 0)]), box(-9, 0, 2000, 50))
    assert reach.served_m2.sum() == pytest.approx(400 * 100)


def test_a_path_that_lands_at_a_corner_goes_on_from_there():
    pond = shapely.Polygon([(410, 0), (430, -20), (450, 0), (430, 20)])
    reach = on_foot(box(455, -2, 460, 2), LineString([(0, 0), (1000, 0)]), pond)
    # on the far bank 50 m are left at (450, 0)
    assert reach.served_m2.sum() == pytest.approx(20.0)
