"""The public functions: signatures that stay, the caller's rows, and every way to be refused."""

from __future__ import annotations

import inspect
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_index_equal
from shapely import Point, Polygon, box

import greenspace as gs
from greenspace.errors import (
    ColumnError,
    CrsError,
    DataWarning,
    DefinitionError,
    GeometryError,
    InputError,
)

X, Y = 500_000.0, 3_400_000.0
LATIN = ("2002", "2017")
FIXED = {
    "read_layer": (("path",), {"layer": None, "encoding": None, "crs": None, "columns": None}),
    "vegetation": (
        ("image",),
        {"index": "ndvi", "threshold": "otsu", "sensor": None, "bands": None, "scale": None,
         "offset": None, "nodata": None, "mask": None},
    ),
    "corrected": (("vegetation",), {"corrections": None, "canopy": None}),
    "green_coverage": (("vegetation", "zones"), {"crs": None}),
    "green_space_ratio": (
        ("green", "built_up"),
        {"edition": None, "construction_land": None, "other_green_cap": 0.20, "zones": None,
         "crs": None},
    ),
    "park_area_per_capita": (("parks", "population"), {"zones": None, "crs": None}),
    "service_coverage": (("parks", "residential"), {"tiers": None, "zones": None, "crs": None}),
    "tree_shrub_share": (("vegetation",), {"zones": None, "crs": None}),
    "check": (("city_or_path",), {"standard": None}),
    "standards": ((), {}),
}  # fmt: skip


def square(west, south, east, north):
    return box(X + west, Y + south, X + east, Y + north)


def layer(shapes, crs=4547, index=None, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs, index=index)


def codes(result):
    return [finding.code for finding in result.findings]


GREEN = layer([square(0, 0, 50, 100), square(40, 0, 60, 100)])  # overlap: 60 x 100 in all
TOWN = layer([square(0, 0, 100, 100), square(100, 0, 200, 100)], index=["west", "east"], POP=[5, 0])
BOW = Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])  # two halves of 2500 m2

CALLS = {
    "green_coverage": gs.green_coverage,
    "green_space_ratio": lambda one, zones, **how: gs.green_space_ratio(
        one, TOWN.to_crs(zones.crs), zones=zones, **how
    ),
    "park_area_per_capita": lambda one, zones, **how: gs.park_area_per_capita(
        one, "POP", zones=zones, **how
    ),
    "service_coverage": lambda one, zones, **how: gs.service_coverage(
        one, TOWN.to_crs(zones.crs), tiers=((2000, 10),), zones=zones, **how
    ),
}
EXPECTED = {  # numerator and denominator of the western half, of the eastern half
    "green_coverage": ((6000, 10_000), (0, 10_000)),
    "green_space_ratio": ((6000, 10_000), (0, 10_000)),
    "park_area_per_capita": ((6000, 5), (0, 0)),
    "service_coverage": ((7000, 10_000), (0, 10_000)),
}
every = pytest.mark.parametrize("name", CALLS)


# Signatures


@pytest.mark.parametrize("name", FIXED)
def test_the_public_names_keep_their_signatures(name):
    subject, optional = FIXED[name]
    parameters = inspect.signature(getattr(gs, name)).parameters
    required = {key: p for key, p in parameters.items() if p.default is inspect.Parameter.empty}
    assert tuple(required) == subject
    assert {key: parameters[key].default for key in optional} == optional
    for key, parameter in parameters.items():
        if key not in subject:
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY


# The caller's rows


@every
def test_numbers_by_hand_on_the_callers_rows(name):
    frame = CALLS[name](GREEN, TOWN).to_frame()
    assert_index_equal(frame.index, TOWN.index)
    assert frame[list(TOWN.columns)].equals(TOWN)
    found = list(zip(frame.numerator, frame.denominator, strict=True))
    assert found == [pytest.approx(pair, abs=1e-6) for pair in EXPECTED[name]]


@every
@pytest.mark.parametrize(
    "index",
    [["a", "a"], [7, 7], ["东区", None], pd.MultiIndex.from_tuples([("a", 1), ("a", 2)])],
    ids=str,
)
def test_any_index_is_kept_with_its_order(name, index):
    zones = TOWN.iloc[::-1].set_index(pd.Index(index))
    value = CALLS[name](GREEN, zones).value
    assert_index_equal(value.index, zones.index)
    assert value.tolist() == pytest.approx(
        CALLS[name](GREEN, TOWN).value.tolist()[::-1], nan_ok=True
    )


@every
@given(order=st.permutations(range(6)))
def test_zones_in_another_order_are_rows_in_another_order(name, order):
    strips = [square(30 * i, 0, 30 * i + 30, 100) for i in range(6)]
    zones = layer(strips, POP=[1, 2, 3, 4, 5, 6])
    value = CALLS[name](GREEN, zones).value
    assert CALLS[name](GREEN, zones.iloc[order]).value.equals(value.iloc[order])


@every
@pytest.mark.parametrize("empty", [None, Polygon()], ids=["null", "empty"])
def test_a_zone_without_a_shape_keeps_its_row_and_is_undefined(name, empty):
    zones = layer([empty, square(0, 0, 100, 100)], index=["x", "x"], POP=[10, 5])
    with pytest.warns(DataWarning, match="zones: 1 empty shapes"):
        table = CALLS[name](GREEN, zones)
    assert table.value.isna().tolist() == [True, False]
    assert table.ratio(0).reason is not None
    assert table.ratio(1).reason is None
    assert "empty_dropped" in codes(table)
    assert table.total().value == table.value.iloc[1]


def test_series_are_layers_too():
    assert gs.green_coverage(GREEN.geometry, TOWN.geometry).value.tolist() == [0.6, 0.0]
    assert gs.park_area_per_capita(GREEN.geometry, 100).value == pytest.approx(60)
    assert gs.service_coverage(GREEN.geometry, TOWN.geometry).value == pytest.approx(1)
    assert gs.green_space_ratio(GREEN.geometry, TOWN.geometry).value == pytest.approx(0.3)


def test_any_geometry_column_and_column_names_will_do():
    zones = TOWN.rename_geometry("shape").assign(value="mine", unseen="mine")
    frame = gs.green_coverage(GREEN.rename_geometry("outline"), zones).to_frame()
    assert frame.geometry.name == "shape"
    assert frame["value"].tolist() == [0.6, 0.0]


@every
def test_inputs_are_unharmed(name):
    broken = layer([BOW, None, square(40, 0, 60, 100)], index=[3, 3, 1])
    zones = layer([BOW, None], index=["a", "a"], POP=[1, 2])
    before = broken.copy(), zones.copy()
    with pytest.warns(DataWarning):
        CALLS[name](broken, zones)
    for now, then in zip((broken, zones), before, strict=True):
        assert now.equals(then)
        assert now.crs == then.crs


def test_a_changed_input_is_said_where_the_caller_stands():
    with pytest.warns(DataWarning, match="1 invalid shapes made valid") as warned:
        table = gs.green_coverage(layer([BOW]), TOWN)
    assert {Path(item.filename) for item in warned} == {Path(__file__)}
    assert table.value.tolist() == [pytest.approx(0.5), 0.0]
    assert codes(table) == ["made_valid"]


# Measuring CRS


@every
@pytest.mark.parametrize("crs", [4326, 4490, 3857, 4546, 2230, 32649])
def test_layers_in_any_crs_give_the_same_numbers(name, crs):
    native = CALLS[name](GREEN, TOWN).to_frame()
    table = CALLS[name](GREEN.to_crs(crs), TOWN.to_crs(crs))
    frame = table.to_frame()
    stated = 0.005 if "areal_scale" in codes(table) else 0.001
    assert np.allclose(frame.numerator, native.numerator, rtol=stated)
    assert np.allclose(frame.denominator, native.denominator, rtol=stated)
    ratio = 0.005 if name == "park_area_per_capita" else 1e-4  # whose error does not cancel
    assert np.allclose(frame.value, native.value, rtol=max(ratio, stated / 5), equal_nan=True)
    mixed = CALLS[name](GREEN.to_crs(crs), TOWN, crs=4547).value
    assert np.allclose(mixed, native.value, rtol=1e-5, equal_nan=True)


@pytest.mark.parametrize(("crs", "why"), [(4490, "degrees"), (3857, "Mercator"), (2230, "metres")])
def test_a_plane_that_cannot_measure_is_replaced_and_said(crs, why):
    table = gs.green_coverage(GREEN, TOWN.to_crs(crs))
    assert table.crs.to_epsg() == 4547
    assert codes(table) == ["measuring_crs"]
    assert why in table.findings[0].text.en
    assert table.to_frame().crs.to_epsg() == crs


@every
@pytest.mark.parametrize("crs", [4326, 3857, "EPSG:2230", "EPSG:nonsense", "local-metre"])
def test_a_crs_that_cannot_measure_is_refused_when_asked_for(name, crs):
    with pytest.raises(CrsError):
        CALLS[name](GREEN, TOWN, crs=crs)


@every
def test_a_layer_without_crs_is_refused(name):
    with pytest.raises(CrsError, match="no CRS"):
        CALLS[name](GREEN.set_crs(None, allow_override=True), TOWN)


@every
def test_every_layer_stands_in_the_sources(name):
    roles = {source.role: source.name for source in CALLS[name](GREEN, TOWN).sources}
    assert roles["zones"].startswith("2 rows")
    assert {"vegetation", "green", "parks"} & set(roles)


# Overlapping zones and totals


@every
def test_overlapping_zones_are_measured_each_and_have_no_total(name):
    zones = layer([square(0, 0, 100, 100), square(50, 0, 150, 100)], POP=[1, 1])
    table = CALLS[name](GREEN, zones)
    assert (table.value > 0).all()
    with pytest.raises(InputError, match="overlap") as caught:
        table.total()
    assert caught.value.found == pytest.approx(5000)


def test_the_total_divides_the_sums():
    zones = layer([square(0, 0, 100, 100), square(100, 0, 400, 100)])
    assert gs.green_coverage(GREEN, zones).total().value == pytest.approx(6000 / 40_000)


# Green-space ratio

STRIP = layer([square(0, 0, 100, 1)])
LAND = layer([square(0, 0, 80, 1)])
PARCELS = layer(  # 30 park, 9 of other green at the edge of construction land, 5 apart
    [square(0, 0, 30, 1), square(80, 0, 89, 1), square(95, 0, 100, 1)], **{"class": ["G1", "G5", "G5"]}
)  # fmt: skip


def test_other_green_counts_where_adjacent_and_up_to_the_cap():
    how = {"edition": "2002", "construction_land": LAND}
    assert gs.green_space_ratio(PARCELS, STRIP, **how).numerator == pytest.approx(36)
    wide = gs.green_space_ratio(PARCELS, STRIP, other_green_cap=1, **how)
    assert wide.numerator == pytest.approx(39)
    none = gs.green_space_ratio(PARCELS, STRIP, other_green_cap=0, **how)
    assert none.numerator == pytest.approx(30)
    bare = gs.green_space_ratio(PARCELS, STRIP, edition="2002")
    assert bare.numerator == pytest.approx(30)
    assert "other_green_unjudged" in codes(bare)


def test_a_capped_table_has_no_total():
    zones = layer([square(0, 0, 50, 1), square(50, 0, 100, 1)])
    how = {"edition": "2002", "construction_land": LAND, "zones": zones}
    table = gs.green_space_ratio(PARCELS, STRIP, **how)
    assert table.to_frame().numerator.tolist() == pytest.approx([30, 0])  # no park, so no cap
    with pytest.raises(InputError, match="do not add up"):
        table.total()


def test_codes_and_edition_go_together():
    with pytest.raises(ColumnError, match="edition of CJJ/T 85 is not named") as caught:
        gs.green_space_ratio(PARCELS, STRIP)
    assert (caught.value.layer, caught.value.column) == ("green", "class")
    assert caught.value.expected == LATIN
    with pytest.raises(ColumnError, match="no column class"):
        gs.green_space_ratio(PARCELS.rename(columns={"class": "绿地类型"}), STRIP, edition="2017")
    with pytest.raises(DefinitionError, match="Name one of 2002, 2017"):
        gs.green_space_ratio(PARCELS, STRIP, edition="2012")


def test_an_unknown_code_is_refused_with_the_nearest():
    parcels = PARCELS.assign(**{"class": ["G1", "GI3", "G2"]})
    with pytest.raises(ColumnError, match="no class code 'GI3'") as caught:
        gs.green_space_ratio(parcels, STRIP, edition="2017")
    assert caught.value.expected == "G3"
    assert tuple(caught.value.rows) == (1,)
    with pytest.raises(ColumnError, match="class code") as caught:
        gs.green_space_ratio(PARCELS.assign(**{"class": ["G1", None, "G2"]}), STRIP, edition="2017")
    assert tuple(caught.value.rows) == (1,)


@pytest.mark.parametrize("cap", [-0.1, 1.1, 20, float("nan"), "0.2", None])
def test_a_cap_that_is_no_share_is_refused(cap):
    with pytest.raises(InputError, match="between 0 and 1"):
        gs.green_space_ratio(GREEN, TOWN, other_green_cap=cap)


# Population


def test_no_persons_leave_the_value_undefined():
    ratio = gs.park_area_per_capita(GREEN, 0)
    assert (ratio.numerator, ratio.denominator) == (6000, 0)
    assert np.isnan(ratio.value)
    assert ratio.reason.zh


@pytest.mark.parametrize("population", [-1, float("nan"), float("inf"), "POP", True, None])
def test_a_population_that_is_no_number_is_refused(population):
    with pytest.raises(InputError, match="zero or more"):
        gs.park_area_per_capita(GREEN, population)


@pytest.mark.parametrize("bad", [None, -1, "many", float("inf")])
def test_a_zone_without_a_population_is_refused_by_its_label(bad):
    zones = TOWN.assign(POP=pd.Series([5, bad], dtype=object, index=TOWN.index))
    with pytest.raises(ColumnError, match="population of 1 rows of zones") as caught:
        gs.park_area_per_capita(GREEN, "POP", zones=zones)
    assert caught.value.rows == ("east",)
    assert (caught.value.layer, caught.value.column) == ("zones", "POP")


@pytest.mark.parametrize("population", [1000, None, "pop"])
def test_zones_take_the_name_of_a_column(population):
    with pytest.raises(ColumnError, match="no single population column"):
        gs.park_area_per_capita(GREEN, population, zones=TOWN)


# Service radius


def test_the_default_tiers_are_named():
    # 6000 m2 reach 500 m; 4999 m2 reach 300 m: of 1000 m of houses 500 m and 300 m.
    homes = layer([square(100, 0, 1100, 10)])
    for width, share in ((100, 0.5), (49.99, 0.3), (19.99, 0.0)):
        ratio = gs.service_coverage(layer([square(100 - width, 0, 100, 100)]), homes)
        assert ratio.value == pytest.approx(share, abs=1e-6)
    rule = next(source for source in ratio.sources if source.role == "tiers")
    assert rule.name == ">= 5000 m2: 500 m; >= 2000 m2: 300 m"
    assert "城市体检" in rule.note.zh


@pytest.mark.parametrize(
    "tiers", [(), 5, "abc", ((5000, -1),), ((5000, 0),), ((-1, 5),), ((1, 2, 3),), ((1, np.nan),)]
)
def test_tiers_that_are_no_pairs_are_refused(tiers):
    with pytest.raises(InputError, match="tiers should be pairs"):
        gs.service_coverage(GREEN, TOWN, tiers=tiers)


# Layers


def test_no_parks_serve_nobody():
    none = GREEN.iloc[:0]
    assert gs.service_coverage(none, TOWN).value == 0
    assert gs.green_coverage(none, TOWN).value.tolist() == [0, 0]
    assert gs.park_area_per_capita(none, "POP", zones=TOWN).to_frame().numerator.tolist() == [0, 0]


@pytest.mark.parametrize(
    "call",
    [
        lambda none: gs.green_coverage(GREEN, none),
        lambda none: gs.green_space_ratio(GREEN, none),
        lambda none: gs.service_coverage(GREEN, none if len(none) else layer([None])),
        lambda none: gs.park_area_per_capita(none, 100),
    ],
    ids=["zones", "built_up", "residential", "parks"],
)
@pytest.mark.parametrize("none", [TOWN.iloc[:0], layer([None])], ids=["no rows", "no shapes"])
def test_a_denominator_layer_without_polygons_is_refused(call, none):
    with pytest.raises(GeometryError, match="holds no polygons"):
        call(none)


@every
def test_points_and_things_that_are_no_layer_are_refused(name):
    points = layer([Point(X, Y), square(0, 0, 1, 1)], index=["p", "q"])
    with pytest.raises(GeometryError, match="should hold polygons, but has 1 Point") as caught:
        CALLS[name](points, TOWN)
    assert caught.value.rows == ("p",)
    for wrong in (None, 5, "parks.gpkg"):
        with pytest.raises(InputError):
            CALLS[name](wrong, TOWN)
