"""Green coverage from polygons and from pixels: by hand and by property."""

from __future__ import annotations

import itertools
import tomllib

import numpy as np
import pytest
from affine import Affine
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely import MultiPolygon, Point, box

from greenspace.measure.coverage import polygon_coverage, raster_coverage
from greenspace.model.source import Source

TOWN = GeoDataFrame({"name": ["town"]}, geometry=[box(0, 0, 200, 100)], crs=6933)
SIDE = st.integers(1, 100)
SEED = st.integers(0, 2**32 - 1)


def layer(*shapes):
    return GeoSeries(list(shapes), crs=6933)


def zones(*shapes, crs=6933):
    return GeoDataFrame(geometry=list(shapes), crs=crs)


def halves(table):
    frame = table.to_frame()
    return frame[["numerator", "denominator"]].to_numpy().tolist()


def imagery(table):
    return table.to_frame()[["numerator", "denominator", "unseen"]].to_numpy().tolist()


# --- by hand: polygons


def test_crown_over_a_lawn_counts_once(repository):
    golden = tomllib.loads((repository / "tests/golden/vectors.toml").read_text("utf-8"))
    fact = golden["coverage_union"]
    lawn = box(10, 10, 10 + fact["lawn"], 10 + fact["lawn"])
    crown = Point(30, 30).buffer(fact["crown_radius"], quad_segs=512)
    table = polygon_coverage(layer(lawn, crown), zones(box(0, 0, fact["side"], fact["side"])))
    assert table.value[0] == pytest.approx(fact["value"], abs=1e-12)
    assert (lawn.area + crown.area) / fact["side"] ** 2 == pytest.approx(fact["not"], abs=5e-5)


def test_counts_overlap_once_and_stops_at_the_boundary():
    # 8 000 + 6 000, less a 2 000 overlap, less 2 000 outside = 10 000 of 20 000 m2
    table = polygon_coverage(layer(box(-20, 0, 60, 100), box(40, 0, 100, 100)), TOWN)
    assert halves(table) == [[10_000.0, 20_000.0]]
    assert table.value.tolist() == [0.5]


def test_zones_keep_their_order_index_and_columns():
    town = GeoDataFrame({"name": ["b", "a"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 3, 1)], crs=6933)
    frame = polygon_coverage(layer(box(0, 0, 2, 1)), town.set_index(np.array([7, 3]))).to_frame()
    assert frame["name"].tolist() == ["b", "a"]
    assert frame.index.tolist() == [7, 3]
    assert frame["value"].tolist() == [1.0, 0.5]


def test_no_vegetation_is_zero_and_no_ground_is_undefined():
    # zero is a value; a zone without ground has none
    table = polygon_coverage(layer(), zones(box(0, 0, 1, 1), MultiPolygon()))
    assert halves(table) == [[0.0, 1.0], [0.0, 0.0]]
    assert table.value[0] == 0
    assert np.isnan(table.value[1])
    assert table.ratio(1).reason is not None


# --- by property: polygons


@given(width=SIDE, height=SIDE, cut=SIDE)
def test_cutting_a_park_in_two_changes_nothing(width, height, cut):
    x = width * cut / 101
    whole = polygon_coverage(layer(box(0, 0, width, height)), TOWN)
    parts = polygon_coverage(layer(box(0, 0, x, height), box(x, 0, width, height)), TOWN)
    assert parts.value[0] == pytest.approx(whole.value[0], rel=1e-12)


@given(boxes=st.lists(st.tuples(SIDE, SIDE, SIDE, SIDE), min_size=1, max_size=6))
def test_more_green_never_lowers_it_and_never_passes_one(boxes):
    shapes = [box(x - 20, y - 20, x + w, y + h) for x, y, w, h in boxes]
    values = [polygon_coverage(layer(*shapes[:n]), TOWN).value[0] for n in range(len(shapes) + 1)]
    assert all(a <= b + 1e-12 for a, b in itertools.pairwise(values))
    assert 0 <= values[-1] <= 1


# --- by hand: pixels


def test_pixels_weigh_by_their_area_in_the_zone(pixels):
    # pixels of 2 m, the diagonal green; the zone cuts half a pixel off each side of 6 x 6 m:
    # 4 x 4 = 16 m2, green (1/4 + 1 + 1/4) x 4 = 6 m2
    raster = pixels(np.eye(3), transform=Affine(2, 0, 0, 0, -2, 6))
    zone = zones(box(1, 1, 5, 5))
    assert imagery(raster_coverage(raster, zone, zone)) == [[6.0, 16.0, 0.0]]


def test_unseen_ground_is_in_neither_half_and_opens_the_bounds(pixels):
    # four pixels: green, bare, clouded, and one outside the image
    raster = pixels([[1, 0, 0]], seen=[[1, 1, 0]])
    zone = zones(box(0, 0, 4, 1))
    ratio = raster_coverage(raster, zone, zone).ratio(0)
    assert (ratio.numerator, ratio.denominator, ratio.unseen) == (1.0, 2.0, 2.0)
    assert ratio.value == 0.5
    assert ratio.bounds == (0.25, 0.75)  # 1 of 4, 1 + 2 of 4
    assert ratio.reason is None


def test_wholly_unseen_zone_has_its_area_unseen_and_says_why(pixels):
    raster = pixels(np.zeros((2, 2)), seen=np.zeros((2, 2)))
    ground = zones(box(0, 0, 2, 2), box(50, 50, 53, 53))
    table = raster_coverage(raster, ground, ground)
    assert imagery(table) == [[0.0, 0.0, 4.0], [0.0, 0.0, 9.0]]
    assert table.value.isna().all()
    assert table.ratio(0).bounds == (0.0, 1.0)
    assert "影像" in table.ratio(0).reason.zh
    assert "image" in table.ratio(0).reason.en


def test_zero_is_not_unseen(pixels):
    zone = zones(box(0, 0, 2, 2))
    table = raster_coverage(pixels(np.zeros((2, 2))), zone, zone)
    assert imagery(table) == [[0.0, 4.0, 0.0]]
    assert table.value[0] == 0


def test_sources_and_crs_come_along(pixels):
    raster = pixels(np.ones((2, 2)))
    raster.sources = (Source(role="image", name="a.tif"),)
    table = raster_coverage(raster, zones(box(0, 0, 1, 1)), zones(box(0, 0, 1, 1)))
    assert [source.name for source in table.sources] == ["a.tif"]
    assert table.crs == CRS.from_epsg(6933)


# --- by property: pixels


@given(seed=SEED, x=st.floats(0.2, 9.8))
def test_zones_of_a_partition_add_up_in_all_three_areas(pixels, seed, x):
    rng = np.random.default_rng(seed)
    seen = rng.random((10, 10)) > 0.4
    raster = pixels((rng.random((10, 10)) > 0.5) & seen, seen=seen)
    whole, parts = zones(box(-1, 0, 11, 10)), zones(box(-1, 0, x, 10), box(x, 0, 11, 10))
    total = raster_coverage(raster, parts, parts).total()
    city = raster_coverage(raster, whole, whole).ratio(0)
    for half in ("numerator", "denominator", "unseen"):
        assert getattr(total, half) == pytest.approx(getattr(city, half), abs=1e-6)
    assert city.numerator + city.unseen <= whole.area[0] + 1e-9
    assert city.denominator + city.unseen == pytest.approx(120, abs=1e-9)


@given(seed=SEED)
def test_pixels_drawn_as_polygons_give_the_same_number(pixels, seed):
    rng = np.random.default_rng(seed)
    green = rng.random((6, 6)) > 0.5
    ground = zones(box(0.3, 0.7, 5.1, 4.4), box(2, 2, 4, 6))
    squares = [box(c, 5 - r, c + 1, 6 - r) for r, c in zip(*np.nonzero(green), strict=True)]
    drawn = polygon_coverage(layer(*squares), ground)
    summed = raster_coverage(pixels(green), ground, ground)
    assert summed.value.tolist() == pytest.approx(drawn.value.tolist(), abs=1e-9)


def test_geographic_image_gives_square_metres_of_the_ground(pixels):
    # a hundredth of a degree at 31 N, a quarter of it green: the geodesic area, not degrees
    degrees, plane = CRS.from_epsg(4326), CRS.from_epsg(4547)
    transform = Affine(0.005, 0, 114, 0, -0.005, 31)
    raster = pixels([[1, 0], [0, 0]], transform=transform, crs=degrees)
    square = box(114, 30.99, 114.01, 31)
    here = zones(square, crs=degrees)
    ratio = raster_coverage(raster, here.to_crs(plane), here).ratio(0)
    ground = abs(Geod(ellps="WGS84").geometry_area_perimeter(square)[0])
    assert ratio.denominator == pytest.approx(ground, rel=2e-4)  # CM 114: 2e-4 off at most
    assert ratio.value == pytest.approx(0.25, abs=2e-5)  # the north rows are a little smaller
    assert ratio.value < 0.25
    assert ratio.unseen == 0
    assert ratio.crs == plane


def test_inputs_are_left_as_they_were(pixels):
    town, green = TOWN.copy(), layer(box(0, 0, 50, 50))
    raster = pixels(np.ones((100, 200)))
    first = [polygon_coverage(green, TOWN), raster_coverage(raster, TOWN, TOWN)]
    second = [polygon_coverage(green, TOWN), raster_coverage(raster, TOWN, TOWN)]
    assert [t.to_frame().to_json() for t in first] == [t.to_frame().to_json() for t in second]
    assert TOWN.geom_equals_exact(town, 0).all()
    assert TOWN.columns.tolist() == ["name", "geometry"]
    assert (raster.green == 1).all()
