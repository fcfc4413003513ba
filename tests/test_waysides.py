"""Waysides: corridors, riverbanks, greenways and paving, by hand."""

from __future__ import annotations

import numpy as np
import pytest

import greenspace as gs
from greenspace.errors import ColumnError, GeometryError, InputError
from tests.avenue import at, layer, way


def codes(found):
    return {item.code for item in found.findings}


def test_a_corridor_is_greened_as_far_as_green_reaches_into_its_width():
    line = layer([way((0, 0), (200, 0))], name=["铁路"], width=[60.0])
    green = layer([at(0, 25, 50, 90), at(100, 31, 200, 90)])

    found = gs.corridor_greening(line, green)

    assert (found.numerator, found.denominator) == pytest.approx((50.0, 200.0))


def test_a_corridor_without_a_width_has_no_number():
    line = layer([way((0, 0), (200, 0))], name=["铁路"])

    found = gs.corridor_greening(line, layer([at(0, 0, 9, 9)]))

    assert np.isnan(found.value)
    assert "road_width_missing" in codes(found)


def test_shorelines_count_by_length_and_banks_by_area():
    green = layer([at(0, 2, 100, 12)])
    lines, polygons = layer([way((0, 0), (400, 0))]), layer([at(0, 0, 400, 10)])

    by_length = gs.riverbank_greening(lines, green)
    by_area = gs.riverbank_greening(polygons, green)

    assert (by_length.numerator, by_length.denominator) == pytest.approx((100.0, 400.0))
    assert (by_area.numerator, by_area.denominator) == pytest.approx((800.0, 4000.0))


def test_a_bank_reaches_as_far_as_is_said():
    line, green = layer([way((0, 0), (100, 0))]), layer([at(0, 15, 100, 20)])

    assert gs.riverbank_greening(line, green).value == 0.0
    assert gs.riverbank_greening(line, green, width_m=16.0).value == 1.0


def test_lines_and_polygons_of_banks_are_not_added():
    mixed = layer([way((0, 0), (100, 0)), at(0, 0, 9, 9)])

    with pytest.raises(GeometryError) as caught:
        gs.riverbank_greening(mixed, layer([at(0, 0, 9, 9)]))

    assert tuple(caught.value.rows) == (1,)


def test_a_greenway_serves_within_a_kilometre_of_its_line():
    # homes 4000 x 100 from the line outwards, twice: 1000 m of them lie within reach
    homes = layer([at(0, 0, 4000, 100)] * 2)

    found = gs.greenway_service_coverage(layer([way((0, -900), (0, 1100))]), homes)

    assert found.indicator == "greenway_service_coverage"
    assert (found.numerator, found.denominator) == pytest.approx((100_000.0, 400_000.0))


def test_a_greenway_beyond_the_built_up_line_serves_but_has_no_length_there():
    town, homes = layer([at(0, 0, 1000, 1000)]), layer([at(0, 0, 100, 1000)])
    outside = layer([way((-500, 0), (-500, 1000))])

    service = gs.greenway_service_coverage(outside, homes, built_up=town)
    length = gs.greenway_length_per_10k(outside, 10_000, built_up=town)

    assert service.value == pytest.approx(1.0)
    assert length.value == 0.0


def test_a_greenway_drawn_twice_has_its_length_once():
    town = layer([at(0, 0, 2000, 100)])
    ways = layer([way((0, 50), (1500, 50)), way((1000, 50), (3000, 50))])

    found = gs.greenway_length_per_10k(ways, 40_000, built_up=town)

    assert (found.numerator, found.denominator) == pytest.approx((2000.0, 4.0))


def test_nobody_leaves_the_length_undefined():
    town = layer([at(0, 0, 2000, 100)])

    found = gs.greenway_length_per_10k(layer([way((0, 50), (9, 50))]), 0, built_up=town)

    assert np.isnan(found.value)
    assert found.reason is not None


def test_a_runoff_coefficient_of_exactly_0_60_lets_no_water_through():
    paving = layer([at(0, 0, 10, 10), at(10, 0, 20, 10)], runoff=[0.5999, 0.60])

    assert gs.permeable_share(paving).value == pytest.approx(0.5)


def test_the_coefficient_decides_over_the_answer_and_an_answer_where_there_is_none():
    paving = layer(
        [at(0, 0, 10, 10), at(10, 0, 20, 10), at(20, 0, 40, 10)],
        runoff=[0.9, None, 0.3],
        permeable=["是", "是", "否"],
    )

    found = gs.permeable_share(paving)

    assert found.value == pytest.approx(300 / 400)
    assert "paving_odd" in codes(found)


def test_paving_that_is_neither_road_nor_square_is_left_out_and_overlaps_count_once():
    paving = layer(
        [at(0, 0, 10, 10), at(0, 0, 20, 10), at(50, 0, 90, 10)],
        kind=["道路", "广场", "停车场"],
        permeable=["no", "yes", "yes"],
    )

    found = gs.permeable_share(paving)

    assert (found.numerator, found.denominator) == pytest.approx((100.0, 200.0))
    assert {"paving_other", "paving_disagrees"} <= codes(found)


@pytest.mark.parametrize(
    "columns", [{"runoff": [60]}, {"runoff": ["高"]}, {"permeable": ["?"]}, {}]
)
def test_paving_that_does_not_say_is_refused(columns):
    with pytest.raises(ColumnError):
        gs.permeable_share(layer([at(0, 0, 9, 9)], **columns))


def test_lengths_that_are_none_are_refused():
    line, green = layer([way((0, 0), (9, 0))], width=[9.0]), layer([at(0, 0, 9, 9)])
    for measure, key in (
        (gs.corridor_greening, "section_m"),
        (gs.riverbank_greening, "width_m"),
        (gs.greenway_service_coverage, "radius_m"),
    ):
        with pytest.raises(InputError):
            measure(line, green, **{key: -1})
