"""GCJ-02 and BD-09: against values that others published, and exactly back.

The published values stand in the tests of other converters: googollee/eviltransform (Python),
wandergis/coordtransform (JavaScript), dromara/hutool (Java) and hujiulong/gcoord (TypeScript).
None is official, and all descend from one formula: they show that this file computes what
everybody else does, not that the formula is the state's. The Baidu values of eviltransform are
left out: they were made with pi where the formula has 3000/180 pi (its issue 43), some 40 m off.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.model.offset_coordinates import (
    FORWARD,
    from_wgs84,
    is_offset_name,
    is_shifted,
    offset_name,
    to_wgs84,
)

points = st.tuples(st.floats(73.0, 137.0), st.floats(2.0, 55.0))
systems = st.sampled_from(sorted(FORWARD))


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [  # it takes the axis of WGS 84, not of Krasovsky: 2e-5 of the offset, some 1e-7 degrees
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_gcj02_is_what_eviltransform_says(wgs84, gcj02):
    assert np.ravel(from_wgs84("GCJ-02", *wgs84)) == pytest.approx(gcj02, abs=2e-7)
    assert np.ravel(to_wgs84("GCJ-02", *gcj02)) == pytest.approx(wgs84, abs=2e-7)


def test_gcj02_is_what_coordtransform_says():
    there = from_wgs84("GCJ-02", 116.404, 39.915)
    assert np.ravel(there) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-12)


def test_bd09_is_what_coordtransform_makes_of_gcj02():
    there = from_wgs84("BD-09", *to_wgs84("GCJ-02", 116.404, 39.915))
    assert np.ravel(there) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


@pytest.mark.parametrize(
    ("wgs84", "bd09"),
    [
        ((116.404, 39.915), (116.41662724378733, 39.922699552216216)),
        ((122.99395597, 44.99804071), (123.00636516028885, 45.0063690918959)),
    ],
)
def test_bd09_is_what_hutool_says(wgs84, bd09):
    assert np.ravel(from_wgs84("BD-09", *wgs84)) == pytest.approx(bd09, abs=1e-11)


def test_bd09_goes_back_to_within_a_metre_of_gcoord():
    # it goes from BD-09 to GCJ-02 in one step, not in rounds: 5e-6 degrees are half a metre
    assert np.ravel(to_wgs84("BD-09", 123, 45)) == pytest.approx(
        (122.9876221, 44.9917154), abs=5e-6
    )


@given(points, systems)
def test_there_and_back_is_the_same_point(point, name):
    there = from_wgs84(name, *point)
    assert np.ravel(to_wgs84(name, *there)) == pytest.approx(point, abs=1e-8)


@given(st.tuples(st.floats(73.7, 135.0), st.floats(3.9, 53.5)))
def test_in_china_the_offset_is_tens_to_hundreds_of_metres(point):
    # why the suspicion in read/offset can be told from drawing errors
    lon, lat = np.ravel(from_wgs84("GCJ-02", *point)) - point
    metres = 111_195 * np.hypot(lon * np.cos(np.radians(point[1])), lat)
    assert 20 < metres < 1000


@pytest.mark.parametrize("point", [(24.94, 60.17), (-73.9, 40.7), (72.0, 30.0), (116.4, 55.9)])
def test_outside_china_nothing_moves(point):
    for name in FORWARD:
        assert np.ravel(from_wgs84(name, *point)) == pytest.approx(point, abs=0)
        assert np.ravel(to_wgs84(name, *point)) == pytest.approx(point, abs=0)
    assert not is_shifted(*point)


def test_each_point_is_judged_by_itself():
    lon, lat = to_wgs84("GCJ-02", [116.4, 24.94], [39.9, 60.17])
    assert lon[0] != 116.4
    assert (lon[1], lat[1]) == (24.94, 60.17)


def test_a_name_has_several_spellings():
    assert {offset_name(name) for name in ("GCJ-02", "gcj02", "GCJ_02", "gcj 02")} == {"GCJ-02"}
    assert offset_name("bd09") == "BD-09"
    assert not any(map(is_offset_name, ("EPSG:4326", 4326, None, "", "GCJ")))
