"""Numbers, order and closing of control points: by hand, by property, by an independent oracle."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from greenspace.errors import ColumnError, GeometryError, InputError
from greenspace.line_points import control_points
from greenspace.model.crs import local_metre
from greenspace.model.green_line import GreenLines

EAST, NORTH = 500_000.0, 3_380_000.0
ELL = shapely.Polygon(  # 200 × 200 m without its upper right quarter, and a hole of 10 × 10 m
    [(0, 0), (200, 0), (200, 100), (100, 100), (100, 200), (0, 200)],
    [[(10, 10), (20, 10), (20, 20), (10, 20)]],
)


def lines(*shapes, numbers=None, crs=4547, east=EAST, north=NORTH):
    moved = [shapely.transform(shape, lambda xy: xy + np.array([east, north])) for shape in shapes]
    labels = numbers or [f"L{at:03d}" for at in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame({"number": labels}, geometry=moved, crs=crs)


def listed(done, line="L001", ring=0):
    rows = done.courses[(done.courses["line"] == line) & (done.courses["ring"] == ring)]
    return [(x - NORTH, y - EAST) for x, y in zip(rows["x"], rows["y"], strict=True)]


def test_a_square_is_listed_clockwise_from_its_north_west():
    done = control_points(lines(shapely.box(0, 0, 100, 50)))

    assert listed(done) == [(50, 0), (50, 100), (0, 100), (0, 0)]
    assert done.courses["edge_m"].tolist() == [100, 50, 100, 50]
    assert done.closing.to_numpy().tolist() == [["L001", 0, 4, 300.0, 5000.0, 0.0]]
    assert (done.crs.to_epsg(), done.prefix, done.findings) == (4547, None, ())


def test_a_hole_is_a_ring_of_its_own_and_runs_the_other_way():
    done = control_points(lines(ELL))

    # north minus east is 200 at (200, 0); then clockwise
    assert listed(done) == [(200, 0), (200, 100), (100, 100), (100, 200), (0, 200), (0, 0)]
    assert listed(done, ring=1) == [(20, 10), (10, 10), (10, 20), (20, 20)]
    assert done.closing["area_m2"].tolist() == [30_000.0, 100.0]
    assert done.closing["length_m"].tolist() == [800.0, 40.0]


def test_of_two_corners_as_far_north_west_the_northern_one_is_first():
    diamond = shapely.Polygon([(0, 0), (10, 10), (20, 0), (10, -10)])

    # (0, 0) and (10, 10) have the same north minus east
    assert listed(control_points(lines(diamond)))[0] == (10, 10)


def test_a_corner_that_lines_share_has_one_number():
    done = control_points(lines(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)))

    assert len(done.points) == 6
    assert done.courses["point"].tolist() == [1, 2, 3, 4, 2, 5, 6, 3]


def test_numbers_follow_the_numbers_of_lines_and_not_the_rows():
    shapes = [shapely.box(at, 0, at + 1, 1) for at in range(3)]
    one = control_points(lines(*shapes, numbers=["L10", "L2", "L1"]), first=7)
    other = control_points(lines(*shapes, numbers=["L10", "L2", "L1"]).iloc[[2, 0, 1]], first=7)

    assert one.courses.equals(other.courses)
    assert one.closing["line"].tolist() == ["L1", "L2", "L10"]
    assert one.points["point"].tolist() == list(range(7, 15))


def test_a_neighbours_corner_on_an_edge_becomes_a_corner_of_both():
    # the corner at (100, 50) lies on the edge of the square, 0.6 mm beside it
    wedge = shapely.Polygon([(100.0006, 50), (150, 80), (150, 20)])
    done = control_points(lines(shapely.box(0, 0, 100, 100), wedge))

    assert len(listed(done)) == 5
    assert [finding.code for finding in done.findings] == ["control_points_noded"]
    assert (done.findings[0].rows, done.findings[0].count) == (("L001",), 1)
    square, other = done.lines.geometry
    assert square.touches(other)


def test_green_lines_are_left_as_they_are_and_such_corners_told():
    frame = lines(shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 50))
    done = control_points(GreenLines(lines=frame, changes=None, limits=None))

    assert len(listed(done)) == 4
    assert [(item.code, item.rows) for item in done.findings] == [
        ("control_points_beside", ("L001",))
    ]


def test_the_prefix_is_added_and_taken_off_without_a_projection():
    square = shapely.box(0.001, 0.002, 100.123, 50.999)
    plain = control_points(lines(square))
    with_zone = control_points(lines(square), zone_prefix=True)
    back = control_points(with_zone.lines)

    assert (with_zone.prefix, with_zone.crs.to_epsg()) == (38, 4526)
    assert with_zone.points["y"].iloc[0] == float("38500000.001")
    assert (back.crs.to_epsg(), back.prefix, back.findings) == (4547, None, ())
    assert back.courses.equals(plain.courses)


@pytest.mark.parametrize(
    ("crs", "east", "north"),
    [(28992, 120_000, 487_000), (local_metre(), 1_000, 2_000)],  # Amsterdam, and no place at all
)
def test_lines_outside_china_stay_in_their_own_plane(crs, east, north):
    frame = lines(shapely.box(0, 0, 100, 100), crs=crs, east=east, north=north)
    done = control_points(frame)

    assert done.crs == frame.crs
    assert "control_points_no_zone" in [finding.code for finding in done.findings]
    assert done.courses[["x", "y"]].iloc[0].tolist() == [north + 100, east]


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (lines(shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1), numbers=["A", "A"]), ColumnError),
        (lines(shapely.box(0, 0, 1, 1), numbers=[""]), ColumnError),
        (lines(shapely.box(0, 0, 1, 1), numbers=["A\n"]), ColumnError),
        (lines(shapely.box(0, 0, 1, 1)).rename(columns={"number": "code"}), ColumnError),
        (lines(shapely.box(0, 0, 1, 1)).iloc[:0], InputError),
        (lines(shapely.LineString([(0, 0), (1, 1), (2, 0)])), GeometryError),
        (lines(shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])), GeometryError),
        (
            lines(shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])),
            GeometryError,
        ),
        (lines(shapely.box(0, 0, 0.0003, 0.0003)), GeometryError),
        # a neck of 0.2 mm: on the grid its two sides are one corner
        (
            lines(
                shapely.Polygon([(0, 0), (9, 0), (9, 5), (5, 2.0004), (9, 9), (0, 9), (5, 2.0002)])
            ),
            GeometryError,
        ),
    ],
)
def test_what_cannot_be_numbered_is_refused(frame, error):
    with pytest.raises(error) as caught:
        control_points(frame)

    assert caught.value.remedy is not None


@st.composite
def fabrics(draw):
    """Lots of a street grid with bent corners: neighbours share them."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    shift = st.floats(-0.3, 0.3, allow_nan=False)
    size = draw(st.floats(0.5, 5_000))
    knots = np.array(
        [[(x + draw(shift), y + draw(shift)) for x in range(columns + 1)] for y in range(rows + 1)]
    )
    knots = knots * size
    return [
        shapely.Polygon([knots[y, x], knots[y, x + 1], knots[y + 1, x + 1], knots[y + 1, x]])
        for y in range(rows)
        for x in range(columns)
    ]


@given(fabrics(), st.booleans(), st.randoms(use_true_random=False))
def test_lines_rebuilt_from_their_points_are_the_lines_on_the_grid(shapes, prefix, random):
    frame = lines(*shapes)
    frame["geometry"] = shapely.transform(frame.geometry.to_numpy(), lambda xy: np.round(xy, 3))
    done = control_points(frame, zone_prefix=prefix)
    shuffled = frame.sample(frac=1, random_state=random.randrange(2**32))

    off = 38e6 if prefix else 0.0
    there = done.lines.set_index("number").geometry
    back = shapely.transform(there.to_numpy(), lambda xy: np.round(xy - [off, 0], 3))
    mine = frame.set_index("number").geometry[there.index].to_numpy()
    assert [shape.normalize().wkb for shape in back] == [shape.normalize().wkb for shape in mine]
    assert control_points(shuffled, zone_prefix=prefix).courses.equals(done.courses)


@given(fabrics())
def test_rings_close_and_measure_what_shapely_measures(shapes):
    done = control_points(lines(*shapes))
    rebuilt = done.lines.geometry

    assert (done.closing["error_m"] == 0).all()
    assert not shapely.is_ccw(shapely.get_exterior_ring(rebuilt.to_numpy())).any()
    np.testing.assert_allclose(done.closing["area_m2"], rebuilt.area, rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(done.closing["length_m"], rebuilt.length, rtol=1e-9)
    spots = done.points[["x", "y"]]
    assert not spots.duplicated().any()
    assert done.points["point"].tolist() == list(range(1, len(spots) + 1))
    assert done.courses.groupby("point")[["x", "y"]].nunique().max().max() == 1
