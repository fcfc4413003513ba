"""Estates and units one layer at a time: the check's numbers, laws that hold, an oracle."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import greenspace as gs
from greenspace.errors import ColumnError, CrsError, InputError
from greenspace.estates import gauge_estates
from greenspace.measure.parcels import green_of_all, green_of_plots
from greenspace.units import gauge_units
from tests.quarter import BASE, gauge, ledger, quarter, ratio
from tests.test_estates import GREEN, HOMES, NEW, OLD
from tests.test_units import UNIT_GREEN, UNITS
from tests.town import CRS

BUILT_UP, DISTRICTS = BASE["built_up"], BASE["districts"]


def test_a_layer_alone_gives_the_numbers_of_the_check():
    checked = gauge(gauge_estates, quarter(residential=HOMES, green=GREEN))
    alone = gs.estate_green(HOMES, GREEN, built_up=BUILT_UP)

    assert set(alone) == {
        NEW,
        OLD,
        "garden_estate_share",
        "garden_estate_share_by_area",
        "garden_estate_count",
    }
    for name, found in alone.items():
        assert found.value == pytest.approx(ratio(checked, name).value)
    units = gauge(gauge_units, quarter(units=UNITS, green=UNIT_GREEN))
    for name, found in gs.unit_green(UNITS, UNIT_GREEN, built_up=BUILT_UP).items():
        assert found.value == pytest.approx(ratio(units, name).value)


def test_the_lists_are_those_of_the_check():
    listed = gs.estate_list(HOMES, GREEN, built_up=BUILT_UP, districts=DISTRICTS)
    units = gs.unit_list(UNITS, UNIT_GREEN, districts=DISTRICTS)

    checked = ledger(gauge(gauge_estates, quarter(residential=HOMES, green=GREEN)), "estates")
    for key in ("name", "district", "area_m2", "green_m2", "ratio", "required", "meets", "garden"):
        assert listed[key].tolist() == checked[key].tolist()
    assert units["meets"].tolist() == [True, True, False, None]
    assert units["advanced"].tolist() == [True, False, False, False]
    assert listed.crs == CRS


def test_the_ratios_can_be_judged():
    table = gs.judge(gs.estate_green(HOMES, GREEN), "CN-2000:medium").set_index("indicator")

    assert table.loc[NEW, "verdict"] == "pass"  # 33 %
    assert table.loc[OLD, "verdict"] == "fail"  # 20 %


def test_in_degrees_it_says_the_same():
    there = gs.estate_green(HOMES.to_crs(4326), GREEN.to_crs(4326), crs=CRS)

    assert there[NEW].value == pytest.approx(0.33, abs=1e-6)


def test_what_a_check_would_leave_out_is_refused_here():
    with pytest.raises(ColumnError):
        gs.estate_green(HOMES.assign(status=["new", "在建", "old"]), GREEN)
    with pytest.raises(ColumnError):
        gs.estate_green(HOMES.assign(garden=["是", "也许", "否"]), GREEN)
    with pytest.raises(ColumnError) as refusal:
        gs.unit_green(UNITS.assign(kind=["学校", "工业企", "商业", "商业"]), UNIT_GREEN)
    assert refusal.value.expected == ("工业企业",)
    with pytest.raises(ColumnError):
        gs.unit_green(UNITS.drop(columns="kind"), UNIT_GREEN)
    with pytest.raises(CrsError):
        gs.estate_green(HOMES.set_crs(None, allow_override=True), GREEN)


def test_codes_without_their_edition_are_refused():
    coded = GREEN.assign(**{"class": ["RG", "EG1", "RG"]})

    with pytest.raises(ColumnError):
        gs.estate_green(HOMES, coded)
    with pytest.raises(ColumnError):
        gs.unit_list(UNITS, coded)
    assert gs.estate_green(HOMES, coded, edition="2017")[NEW].numerator == 4_000


def test_districts_without_names_are_refused_and_numbers_are_names():
    with pytest.raises(ColumnError) as refusal:
        gs.estate_list(HOMES, GREEN, districts=DISTRICTS[["geometry"]])
    listed = gs.estate_list(HOMES, GREEN, districts=DISTRICTS.assign(name=[1.0, None]))

    assert refusal.value.column == "name"
    assert listed["district"].tolist() == ["1", "1", ""]


def test_labels_that_stand_twice_multiply_no_estate():
    listed = gs.estate_list(HOMES.set_axis([7, 7, 8]), GREEN)

    assert listed["name"].tolist() == ["甲苑", "乙苑", "丙里"]
    assert listed["short_m2"].tolist() == pytest.approx([0, 400, 500])


def test_a_year_that_is_a_word_is_refused():
    built = HOMES.drop(columns="status").assign(built=[1999, 2001, 2000])

    with pytest.raises(InputError, match="new_since"):
        gs.estate_green(built, GREEN, new_since="2000")


def test_the_callers_layers_are_left_as_they_were():
    homes, units = HOMES.copy(), UNITS.copy()

    gs.estate_list(homes, GREEN)
    gs.unit_list(units, UNIT_GREEN)

    assert homes.equals(HOMES)
    assert units.equals(UNITS)


boxes = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    *(st.integers(0, 20), st.integers(0, 20), st.integers(1, 8), st.integers(1, 8)),
)
some = st.lists(boxes, min_size=1, max_size=5)


def _cells(shapes, near):
    """Count unit cells of a grid that lie in any of the shapes and in any of `near`."""
    x, y = np.meshgrid(np.arange(40) + 0.5, np.arange(40) + 0.5)
    within = [
        np.any([shapely.contains_xy(shape, x, y) for shape in group], axis=0)
        for group in (shapes, near)
    ]
    return int((within[0] & within[1]).sum())


def _plots(shapes):
    return gpd.GeoDataFrame(geometry=shapes, crs=6933)


@given(some, some)
@settings(max_examples=25, deadline=None)
def test_a_count_of_cells_finds_the_same_green_and_the_same_ground(green, plots):
    total, _ = green_of_all(NEW, np.array(green), _plots(plots))
    each = green_of_plots(NEW, np.array(green), _plots(plots)).to_frame()

    assert total.numerator == pytest.approx(_cells(green, plots))
    assert total.denominator == pytest.approx(_cells(plots, plots))
    expected = [_cells(green, [plot]) for plot in plots]
    assert each["numerator"].tolist() == pytest.approx(expected)


@given(some, some, boxes)
@settings(max_examples=25, deadline=None)
def test_more_green_is_never_less_and_nothing_is_above_the_whole(green, plots, lawn):
    before, _ = green_of_all(NEW, np.array(green), _plots(plots))
    after, _ = green_of_all(NEW, np.array([*green, lawn]), _plots(plots))

    assert before.numerator <= after.numerator + 1e-9
    assert after.value <= 1


@given(some, some)
@settings(max_examples=25, deadline=None)
def test_plots_that_lie_apart_add_up_to_the_city_and_so_do_its_zones(green, plots):
    apart = [shapely.affinity.translate(plot, 40 * i) for i, plot in enumerate(plots)]
    moved = [shapely.affinity.translate(lawn, 40 * i) for i in range(len(plots)) for lawn in green]
    halves = _plots([shapely.box(0, 0, 50, 40), shapely.box(50, 0, 400, 40)])

    total, zones = green_of_all(NEW, np.array(moved), _plots(apart), halves)
    each = green_of_plots(NEW, np.array(moved), _plots(apart)).to_frame()

    assert each["numerator"].sum() == pytest.approx(total.numerator)
    assert each["denominator"].sum() == pytest.approx(total.denominator)
    assert zones.to_frame()["numerator"].sum() == pytest.approx(total.numerator)
