"""Green land by class against what rules name, and its base tables."""

from __future__ import annotations

import tomllib

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, affinity, box

import greenspace as gs
from greenspace.errors import ColumnError
from greenspace.greenland import LAYERS, gauge_greenland
from greenspace.model.city import City
from greenspace.read.definitions import read_profile
from greenspace.read.old_trees import read_tree_schemes
from greenspace.survey import Survey

CRS = "EPSG:6933"
TOWN = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100)], crs=CRS)


def parcels(*rows, crs=CRS, **columns):
    codes, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"class": list(codes), **columns}, geometry=list(shapes), crs=crs)


def gauge(**layers):
    """Gauge a city of these layers; `editions` stand for 2017 throughout."""
    found = {"built_up": TOWN, **layers}
    coded = {name: "2017" for name, frame in found.items() if "class" in frame.columns}
    city = City(name="x", manifest="city.toml", layers=found, editions=coded)
    return gauge_greenland(Survey(city).scope(read_profile("CN-2010"), "basic"))


def values(found):
    return {item.ratio.indicator: item.ratio for item in found.measured}


# --- by hand


def test_nurseries_count_whole_wherever_they_lie_and_once_where_they_overlap():
    # 20 x 10 in town and 10 x 10 beyond it, of which 5 x 10 drawn twice: 300 of 10 000 m2
    green = parcels(
        ("EG4", box(0, 0, 20, 10)), ("EG4", box(150, 0, 160, 10)), ("EG4", box(155, 0, 160, 10))
    )

    assert gs.production_green_share(green, TOWN, edition="2017").value == pytest.approx(0.03)


def test_the_same_code_is_another_kind_in_the_other_edition():
    green = parcels(("G2", box(0, 0, 10, 10)), ("G3", box(0, 20, 10, 40)))

    old = gs.production_green_share(green, TOWN, edition="2002")
    new = gs.production_green_share(green, TOWN, edition="2017")

    assert (old.numerator, new.numerator) == (100, 0)
    plan = parcels(("G3", box(0, 0, 10, 40)))  # 400 m2 planned, 100 of G2 and 200 of G3 there
    both = [
        gs.protective_green_implementation(green, plan, edition=edition, planned_edition="2002")
        for edition in ("2002", "2017")
    ]
    assert [ratio.value for ratio in both] == pytest.approx([0.5, 0.25])


def test_protective_green_that_is_not_where_it_was_planned_does_not_count():
    plan = parcels(("G2", box(0, 0, 10, 10)), ("G1", box(50, 50, 60, 60)))
    there = parcels(("G2", box(0, 0, 10, 3)), ("G2", box(50, 50, 60, 60)), ("G1", box(0, 3, 9, 9)))

    assert gs.protective_green_implementation(there, plan, edition="2017").value == 0.3


def test_nothing_planned_is_undefined_and_not_zero():
    plan = parcels(("G1", box(0, 0, 10, 10)))

    ratio = gs.protective_green_implementation(plan, plan, edition="2017")

    assert np.isnan(ratio.value)
    assert ratio.reason is not None


@pytest.mark.parametrize(("edition", "counted"), [("2002", 500.0), ("2017", 300.0)])
def test_the_six_classes_of_1993_over_the_city_area(edition, counted):
    # 2002: G1, G2, G3, G4, G5, each 100 m2. 2017: G1, G2 and EG4; not the square, not EG2
    codes = (
        ("G1", "G2", "G3", "G4", "G5") if edition == "2002" else ("G1", "G2", "G3", "EG4", "EG2")
    )
    rows = [(code, box(0, 20 * i, 10, 20 * i + 10)) for i, code in enumerate(codes)]
    area = gpd.GeoSeries([box(0, 0, 100, 100)], crs=CRS)

    ratio = gs.green_space_ratio_of_city_area(parcels(*rows), area, edition=edition)

    assert (ratio.numerator, ratio.denominator) == (counted, 10_000)


def test_returned_farmland_lies_outside_and_counts_once():
    land = gpd.GeoDataFrame(geometry=[box(200, 0, 210, 10), box(205, 0, 215, 10)], crs=CRS)

    found = values(gauge(returned_farmland=land))["returned_farmland_area"]

    assert (found.value, found.unit) == (150, "m2")


def test_vertical_greening_is_summed_from_its_register_and_its_ground_is_not():
    walls = gpd.GeoDataFrame(
        {"kind": ["wall", "桥体"], "area_m2": ["12.5", 30], "name": ["甲", "乙"]},
        geometry=[box(0, 0, 50, 50), box(0, 0, 9, 9)],
        crs=CRS,
    )
    found = gauge(vertical_greening=walls)

    assert values(found)["vertical_greening_area"].value == 42.5
    rows = next(item for item in found.ledgers if item.id == "vertical_greening").rows
    assert [kind.en for kind in rows["kind"]] == ["wall", "bridge"]


def test_a_nursery_in_a_park_is_a_park_in_number_and_table():
    green = parcels(("G1", box(0, 0, 20, 20)), ("EG4", box(10, 0, 30, 10)))

    found = gauge(green=green)

    table = next(item for item in found.ledgers if item.id == "green_parcels").rows
    assert table.set_index("code").loc["EG4", "area_m2"] == 100
    assert values(found)["production_green_share"].numerator == 100
    assert gs.production_green_share(green, TOWN, edition="2017").numerator == 100


def test_a_register_says_what_each_kind_and_all_of_it_come_to():
    walls = gpd.GeoDataFrame(
        {"kind": ["wall", "bridge", "墙面", None], "area_m2": [12.5, 30, 7.5, 1]},
        geometry=[Point(i, i) for i in range(4)],
        crs=CRS,
    )
    found = gauge(vertical_greening=walls)

    note = next(item for item in found.ledgers if item.id == "vertical_greening").note.en
    assert "wall: 2, 20 m²; bridge: 1, 30 m²; no kind given: 1, 1 m²" in note
    (told,) = (item for item in found.findings if item.code == "register_total")
    assert "51 m²" in told.text.en


def test_one_bad_cell_leaves_the_rest_of_a_list():
    trees = gpd.GeoDataFrame(
        {"age": ["500", "约300", 120], "name": list("abc")},
        geometry=[Point(i, i) for i in range(3)],
        crs=CRS,
    )
    walls = gpd.GeoDataFrame({"area_m2": [3, "三十"]}, geometry=[Point(0, 0)] * 2, crs=CRS)

    found = gauge(old_trees=trees, vertical_greening=walls)

    rows = {item.id: item.rows for item in found.ledgers}
    assert rows["old_trees"]["age"].dropna().tolist() == [500, 120]
    assert rows["vertical_greening"]["area_m2"].dropna().tolist() == [3]
    assert any(item.layer == "old_trees" and item.rows == (1,) for item in found.findings)


def test_a_plan_without_protective_green_has_a_reason_of_its_own():
    plan, there = parcels(("G1", box(0, 0, 9, 9))), parcels(("G2", box(0, 0, 9, 9)))

    ratio = gs.protective_green_implementation(there, plan, edition="2017")

    assert np.isnan(ratio.value)
    assert "protective" in ratio.undefined.en


# --- by refusal


def test_a_register_without_areas_is_not_measured_from_its_outlines():
    walls = gpd.GeoDataFrame({"kind": ["wall"]}, geometry=[box(0, 0, 50, 50)], crs=CRS)

    found = gauge(vertical_greening=walls)

    assert "vertical_greening_area" in found.missing
    assert "register_unmeasured" in {item.code for item in found.findings}
    assert "vertical_greening_area" not in values(found)


def test_an_area_in_words_is_refused_with_its_row_and_the_rest_goes_on():
    walls = gpd.GeoDataFrame(
        {"area_m2": [3, "三十", -1]}, geometry=[Point(i, i) for i in range(3)], crs=CRS
    )

    found = gauge(vertical_greening=walls, green=parcels(("EG4", box(0, 0, 10, 10))))

    told = [item for item in found.findings if item.indicators == ("vertical_greening_area",)]
    assert told[0].rows == (1, 2)
    assert values(found)["production_green_share"].value == 0.01


@pytest.mark.parametrize("layer", ["green", "planned_green"])
def test_parcels_without_codes_tell_no_kind(layer):
    bare = gpd.GeoDataFrame(geometry=[box(0, 0, 10, 10)], crs=CRS)
    coded = parcels(("G2", box(0, 0, 10, 10)))
    layers = {"green": coded, "planned_green": coded, layer: bare}

    assert "protective_green_implementation" in gauge(**layers).missing


def test_an_unknown_code_is_refused_with_its_row_and_the_nearest_one():
    green = parcels(("G1", box(0, 0, 1, 1)), ("Q9", box(0, 0, 1, 1)))

    with pytest.raises(ColumnError) as refusal:
        gs.production_green_share(green, TOWN, edition="2017")
    assert tuple(refusal.value.rows) == (1,)
    bare = green.drop(columns="class")
    with pytest.raises(ColumnError):
        gs.production_green_share(bare, TOWN, edition="2017")


# --- by property


@settings(max_examples=15)
@given(st.floats(0, 6), st.integers(1, 9))
def test_implementation_neither_turns_nor_scales(angle, size):
    plan = [box(0, 0, 10 * size, 10 * size), box(5 * size, 0, 15 * size, 10 * size)]
    there = [box(2 * size, 0, 12 * size, 5 * size)]
    turned = [
        parcels(*(("G2", affinity.rotate(s, angle, origin=(0, 0), use_radians=True)) for s in rows))
        for rows in (there, plan)
    ]

    ratio = gs.protective_green_implementation(*turned, edition="2017")

    assert ratio.value == pytest.approx(1 / 3)  # 10 x 5 of 15 x 10


# --- by another witness


def test_the_sample_city_comes_out_at_its_truth(sample_city):
    truth = tomllib.loads((sample_city.parent / "truth.toml").read_text("utf-8"))["registered"]
    names = {"绿地类型": "class", "CLASS": "class", "AREA_M2": "area_m2"}
    layers = {
        name: gpd.read_file(sample_city.parent / "layers.gpkg", layer=name).rename(columns=names)
        for name in (*LAYERS, "built_up")
    }
    found = gauge(**layers)
    green = layers["green"]

    assert {name: ratio.value for name, ratio in values(found).items()} == pytest.approx(
        {name: truth[name] for name in values(found)}, rel=1e-9
    )
    assert len(values(found)) == 5
    by_class = next(item for item in found.ledgers if item.id == "green_parcels").rows
    assert by_class["count"].sum() == len(green)
    assert by_class["area_m2"].sum() == pytest.approx(green.union_all().area, rel=1e-9)


# --- base tables


def test_ground_that_two_classes_claim_stands_in_the_table_once():
    # the nursery of EG4 gives way to the park: 100 + 100 - 50 m2 in all
    found = gauge(green=parcels(("EG4", box(0, 0, 10, 10)), ("G11", box(5, 0, 15, 10))))
    rows = next(item for item in found.ledgers if item.id == "green_parcels").rows

    assert rows[["code", "area_m2"]].to_numpy().tolist() == [["G11", 100.0], ["EG4", 50.0]]


@pytest.mark.parametrize(
    ("age", "grades"),
    [
        (49.9, (None, None, None)),
        (50, (None, "reserve", None)),
        (100, ("III", "II", "II")),
        (299, ("III", "II", "II")),
        (300, ("II", "I", "I")),
        (500, ("I", "I", "special")),
        (float("nan"), (None, None, None)),
    ],
)
def test_three_schemes_grade_a_tree_apart(age, grades):
    found = [scheme.grade(age) for scheme in read_tree_schemes()]

    assert tuple(None if grade is None else grade.en for grade in found) == grades
    assert [scheme.mark for scheme in read_tree_schemes()] == ["weak", "verified", "weak"]


def test_a_famous_tree_is_special_by_the_provincial_law_and_odd_words_are_told():
    trees = gpd.GeoDataFrame(
        {"age": [80, 120, 60], "famous": ["是", "否", "maybe"]},
        geometry=gpd.points_from_xy([500_010, 500_020, 500_030], [3_400_010] * 3),
        crs=4547,
    )
    found = gauge(old_trees=trees)
    rows = next(item for item in found.ledgers if item.id == "old_trees").rows.set_index("age")
    assert rows.loc[[80, 120], "provincial"].map(str).tolist() == ["special", "II"]
    assert rows.loc[80, "city"].en == "reserve"
    assert any(item.layer == "old_trees" and item.rows == (2,) for item in found.findings)


def test_old_trees_are_listed_by_age_with_trunks_in_metres():
    trees = gpd.GeoDataFrame(
        {"name": ["小", "大"], "age": [60, "310"], "dbh": [40, 120], "crown": [6, None]},
        geometry=[Point(1, 1), Point(2, 2)],
        crs=CRS,
    )
    rows = next(item for item in gauge(old_trees=trees).ledgers if item.id == "old_trees").rows

    assert rows["name"].tolist() == ["大", "小"]
    assert rows["dbh_m"].tolist() == [1.2, 0.4]
    assert rows["forestry"][0].en == "II"
