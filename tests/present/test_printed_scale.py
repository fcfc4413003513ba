"""Printed scale: round, true on the plane, and refused where it says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from greenspace.errors import CrsError, InputError
from greenspace.present.paper import SIZES, lay_out
from greenspace.present.printed_scale import SCALES, plan_sheet

ZONE = CRS.from_epsg(4547)
CITY = (571_000, 3_441_000, 574_000, 3_443_000)


@given(
    st.sampled_from(sorted(SIZES)),
    st.floats(1, 80_000),
    st.floats(1, 80_000),
    st.sampled_from([True, False, None]),
)
def test_the_scale_is_the_smallest_round_one_that_shows_the_extent(size, wide, high, landscape):
    bounds = (500_000, 3_400_000, 500_000 + wide, 3_400_000 + high)
    plan = plan_sheet(bounds, ZONE, size=size, landscape=landscape)
    west, south, east, north = plan.ground

    assert west <= bounds[0] <= bounds[2] <= east
    assert south <= bounds[1] <= bounds[3] <= north
    assert (east - west) / plan.layout.map.width * 1000 == pytest.approx(plan.scale)
    assert (north - south) / plan.layout.map.height * 1000 == pytest.approx(plan.scale)
    larger = [scale for scale in SCALES if scale < plan.scale]
    if larger:
        frame = plan.layout.map
        per_mm = larger[-1] / 1000
        assert wide * 1.04 > frame.width * per_mm or high * 1.04 > frame.height * per_mm


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("landscape", [True, False])
@pytest.mark.parametrize("banner", ["", "含暂定数值，仅供参考。" * 30])
def test_the_boxes_of_a_sheet_lie_apart_and_inside(size, landscape, banner):
    sheet = lay_out(size, landscape=landscape, banner=banner)
    boxes = [sheet.title, sheet.banner, sheet.map, sheet.legend, sheet.side, sheet.block]

    for place, box in enumerate(boxes):
        assert box.width > 0
        assert 10 - 1e-9 <= box.x <= box.right <= sheet.width - 10 + 1e-9
        assert 10 - 1e-9 <= box.y <= box.top <= sheet.height - 10 + 1e-9
        for other in boxes[:place]:
            apart = (
                box.right <= other.x + 1e-9
                or other.right <= box.x + 1e-9
                or box.top <= other.y + 1e-9
                or other.top <= box.y + 1e-9
            )
            assert apart


def test_the_paper_lies_the_way_that_shows_more():
    high = (571_000, 3_441_000, 572_000, 3_445_000)

    assert plan_sheet(CITY, ZONE).layout.landscape
    assert not plan_sheet(high, ZONE).layout.landscape
    assert plan_sheet(high, ZONE, landscape=True).layout.landscape


def test_what_does_not_fit_names_the_scale_and_the_paper_that_would():
    with pytest.raises(InputError) as caught:
        plan_sheet(CITY, ZONE, size="A4", scale=5000)  # 3 km are 600 mm

    assert caught.value.expected == 20_000  # 3 km are 300 mm at 1:10 000, more than A4
    assert "A1" in caught.value.remedy.en
    assert "1:20 000" in caught.value.remedy.zh


def test_no_paper_is_named_where_none_is_large_enough():
    with pytest.raises(InputError) as caught:
        plan_sheet(CITY, ZONE, size="A4", scale=100)

    assert "paper" not in caught.value.remedy.en


def test_a_city_is_no_dot():
    with pytest.raises(InputError) as caught:
        plan_sheet(CITY, ZONE, scale=1_000_000)  # 3 mm

    assert caught.value.expected == 10_000
    assert plan_sheet(CITY, ZONE, scale=1_000_000, dots=True).scale == 1_000_000


def test_a_single_tree_is_shown_with_its_surroundings():
    plan = plan_sheet((571_000, 3_441_000, 571_000, 3_441_000), ZONE, size="A4", scale=1000)

    assert plan.scale == 1000
    assert plan_sheet((571_000, 3_441_000, 571_000, 3_441_000), ZONE).scale == 500


@pytest.mark.parametrize("scale", [0, -10, float("nan"), float("inf"), "1:10000", True])
def test_a_scale_is_a_positive_number(scale):
    with pytest.raises(InputError) as caught:
        plan_sheet(CITY, ZONE, scale=scale)

    assert caught.value.expected == "a positive number"


@pytest.mark.parametrize("size", ["B4", "A5", "", None])
def test_papers_run_from_a0_to_a4(size):
    with pytest.raises(InputError) as caught:
        plan_sheet(CITY, ZONE, size=size)

    assert caught.value.expected == tuple(SIZES)


@pytest.mark.parametrize("crs", [None, CRS.from_epsg(4490), CRS.from_epsg(4326)])
def test_degrees_and_the_unknown_have_no_printed_scale(crs):
    with pytest.raises(CrsError):
        plan_sheet((114.1, 31.0, 114.2, 31.1), crs)


def test_a_plane_that_stretches_lengths_is_refused():
    # web Mercator at 31 N: lengths are 1 / cos 31 = 1.167 times those of the ground
    with pytest.raises(CrsError) as caught:
        plan_sheet((12_690_000, 3_630_000, 12_693_000, 3_632_000), CRS.from_epsg(3857))

    assert caught.value.found == pytest.approx(1.167, abs=0.01)


def test_at_the_edge_of_a_zone_the_plane_is_told_from_the_ground():
    # 1 + (y / R)^2 / 2 with y = 143 km east of the meridian, R = 6371 km: 1.00025
    edge = plan_sheet((643_000, 3_441_000, 643_000, 3_441_000), ZONE)

    assert edge.factor == pytest.approx(1 + (143 / 6371) ** 2 / 2, abs=3e-6)


def test_a_local_grid_in_metres_has_a_scale():
    local = CRS.from_wkt('LOCAL_CS["grid",UNIT["metre",1]]')

    assert plan_sheet((0, 0, 3000, 2000), local).scale == 10_000


def test_no_extent_is_refused():
    with pytest.raises(InputError):
        plan_sheet((float("nan"),) * 4, ZONE)


def test_coordinates_that_are_nowhere_in_the_zone_have_no_scale():
    # the zone's number stands before y, which EPSG:4547 has not
    with pytest.raises(CrsError):
        plan_sheet((38_571_000, 3_441_000, 38_574_000, 3_443_000), ZONE)


def test_a_height_above_the_plane_does_no_harm():
    with_height = CRS.from_user_input("EPSG:4547+5737")

    assert plan_sheet(CITY, with_height) == plan_sheet(CITY, ZONE)
