"""Lines that share ground, and lines that cannot be numbered at all, are told by their numbers."""

import numpy as np
import pytest
import shapely

from greenspace.errors import GeometryError, InputError
from greenspace.line_points import control_points, read_control_points
from tests.delimit.test_control_points import lines

BIG, INNER = shapely.box(0, 0, 100, 100), shapely.box(10, 10, 20, 30)
CROSSING, BESIDE = shapely.box(90, 0, 120, 50), shapely.box(100, 0, 120, 50)


def codes(points):
    return [finding.code for finding in points.findings]


@pytest.mark.parametrize(("other", "area"), [(INNER, 200.0), (CROSSING, 500.0)])
def test_nested_and_overlapping_lines_are_told_when_numbered_and_when_read(tmp_path, other, area):
    numbered = control_points(lines(BIG, other, numbers=["L1", "L2"]))
    back = read_control_points(numbered.write(tmp_path / "points.csv"))

    assert back.courses.equals(numbered.courses)
    for found in (numbered.findings[-1], back.findings[-1]):
        assert (found.code, found.rows, found.count) == ("control_points_overlap", ("L1", "L2"), 1)
        assert found.area_m2 == pytest.approx(area)


def test_neighbours_holes_and_control_lines_share_no_ground_that_is_told():
    held = lines(BIG.difference(INNER), INNER, BESIDE)
    assert "control_points_overlap" not in codes(control_points(held))

    control = lines(BIG, INNER).assign(status=["control", "existing"])
    assert codes(control_points(control)) == []


@pytest.mark.parametrize("first", ["1", 1.5, True, None, -1, 10**20])
def test_a_first_number_that_is_none_is_refused(first):
    with pytest.raises(InputError) as caught:
        control_points(lines(BIG), first=first)
    assert caught.value.found is first


def test_a_first_number_of_numpy_is_one():
    assert control_points(lines(BIG), first=np.int64(7)).points["point"].tolist() == [7, 8, 9, 10]


@pytest.mark.parametrize("nothing", [None, shapely.Polygon()])
@pytest.mark.parametrize("beside", [[], [BIG]])
def test_a_line_without_a_shape_is_named_also_where_there_is_no_other(nothing, beside):
    frame = lines(BIG, *beside, numbers=["L9", *(["L1"] if beside else [])])
    frame.geometry = [nothing, *frame.geometry[1:]]
    with pytest.raises(GeometryError) as caught:
        control_points(frame)
    assert caught.value.rows == ("L9",)
