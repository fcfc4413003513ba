"""Sorting green parcels by class and by where they lie."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from pandas import NA, Series
from shapely import box

import greenspace as gs
from greenspace.errors import ColumnError
from greenspace.measure.green_space import green_space_ratio
from greenspace.prepare.classify import roles_of, split_green
from greenspace.read.definitions import read_classes

OLD, NEW = read_classes("2002"), read_classes("2017")
TOWN, LAND = box(0, 0, 100, 10), box(0, 0, 80, 10)


def parcels(*rows):
    classes, shapes = zip(*rows, strict=True) if rows else ((), ())
    return GeoDataFrame({"class": list(classes)}, geometry=list(shapes), crs=6933)


def split(*rows, land=LAND, table=NEW, town=TOWN):
    return split_green(parcels(*rows), town, land, table)


def found(parts):
    return {finding.code: finding.area_m2 for finding in parts.findings}


# --- by hand: roles


def test_same_code_means_other_things_in_the_other_edition():
    # G2 was production green and counted; in 2017 it is protective green; G5 became EG
    assert roles_of(Series(["G1", "G2", "G5"]), OLD, "green") == ["park", "green", "other"]
    assert roles_of(Series(["G11", " g139 "]), NEW, "green") == ["park", "park"]
    assert roles_of(Series(["G1", "G2", "EG1", "EG4"]), NEW, "green") == [
        "park",
        "green",
        "other",
        "none",
    ]


# --- by hand: places


def test_twenty_percent_vector_from_parcels_to_number(repository):
    golden = tomllib.loads((repository / "tests/golden/vectors.toml").read_text("utf-8"))
    fact = golden["other_green"]
    town, land = box(0, 0, fact["built_up"], 1), box(0, 0, 80, 1)
    inside = box(0, 0, fact["inside"], 1)
    adjacent = box(80, 0, 80 + fact["adjacent"], 1)
    apart = box(95, 0, 95 + fact["apart"], 1)
    parts = split(("G1", inside), ("G5", adjacent), ("G5", apart), land=land, table=OLD, town=town)
    ratio = green_space_ratio(
        parts.inside, parts.adjacent, town, other_green_cap=fact["cap"], crs=None
    )
    assert ratio.value == pytest.approx(fact["value"], abs=1e-12)
    assert found(parts) == {"other_green_apart": fact["apart"]}


def test_green_counts_whole_inside_construction_land_and_may_count_beside_it():
    # G1 from 70 to 90: 100 m2 inside; the rest shares the edge at 80
    parts = split(("G1", box(70, 0, 90, 10)))
    assert (parts.inside.area, parts.adjacent.area) == (100, 100)
    assert parts.findings == ()


def test_overlapping_and_nested_parcels_count_once():
    parts = split(("G1", box(0, 0, 20, 10)), ("RG", box(5, 0, 25, 10)), ("G2", box(6, 2, 8, 4)))
    assert parts.inside.area == pytest.approx(250)


def test_nothing_beyond_the_built_up_line_counts():
    parts = split(("G1", box(-50, -50, 10, 50)), ("EG1", box(95, -50, 200, 50)))
    assert parts.inside.area == 100  # 10 x 10
    assert parts.adjacent.area == 0  # 5 x 10, 15 m from construction land
    assert found(parts) == {"other_green_apart": 50}


def test_production_green_never_counts_and_is_said():
    parts = split(("EG4", box(0, 0, 10, 10)), ("EG41", box(80, 0, 90, 10)))
    assert (parts.inside.area, parts.adjacent.area) == (0, 0)
    assert found(parts) == {"class_never_counts": 200}


def test_other_green_inside_construction_land_does_not_count_and_is_said():
    parts = split(("EG1", box(70, 0, 90, 10)), ("G2", box(70, 0, 75, 10)))
    assert parts.inside.area == 50
    assert parts.adjacent.area == 100
    assert found(parts) == {"other_green_inside": 50}  # 100 coded so, less 50 that are G2 too


@pytest.mark.parametrize(
    ("parcel", "counts"),
    [
        (box(80, 0, 90, 10), True),  # shares an edge
        (box(80, 9.8, 90, 10), True),  # shares 0.2 m of one
        (box(80.005, 0, 90, 10), True),  # drawn 5 mm away
        (box(80.5, 0, 90, 10), False),  # half a metre away
        (box(80, 10, 90, 20), False),  # touches at a corner
        (box(90, 0, 95, 10), False),  # far
    ],
)
def test_adjacent_means_sharing_an_edge(parcel, counts):
    parts = split(("EG1", parcel), town=box(0, 0, 100, 30))
    assert parts.adjacent.area == pytest.approx(parcel.area if counts else 0)
    assert bool(found(parts)) is not counts


def test_adjacency_goes_through_a_connected_piece():
    # the second parcel touches the first, which touches construction land
    parts = split(("EG1", box(80, 0, 85, 10)), ("EG2", box(85, 0, 90, 10)))
    assert parts.adjacent.area == 100


def test_without_construction_land_other_green_is_left_out_and_said():
    parts = split(("G1", box(0, 0, 10, 10)), ("EG1", box(5, 0, 20, 10)), land=None)
    assert (parts.inside.area, parts.adjacent.area) == (100, 0)
    assert found(parts) == {"other_green_unjudged": 100}  # 150 less 50 that are G1 too


def test_without_classes_every_parcel_is_green_land():
    green = GeoDataFrame(geometry=[box(0, 0, 10, 10)], crs=6933)
    parts = split_green(green, TOWN, None, None)
    assert (parts.inside.area, parts.adjacent.area, parts.findings) == (100, 0, ())


def test_no_parcels_and_no_construction_land_are_no_trouble():
    for land in (LAND, None, box(0, 0, 0, 0).buffer(0)):
        parts = split_green(parcels(), TOWN, land, NEW)
        assert (parts.inside.area, parts.adjacent.area) == (0, 0)


def test_line_left_over_along_the_edge_does_no_harm():
    # the second parcel only touches construction land: cutting leaves a polygon and a line,
    # which GEOS would refuse to take from nothing
    parts = split(("G1", box(0, 0, 10, 10)), ("G1", box(80, 0, 90, 10)))
    assert (parts.inside.area, parts.adjacent.area) == (100, 100)
    rows = [("G1", box(0, 0, 10, 10)), ("G1", box(80, 0, 90, 10)), ("EG1", box(70, 0, 80, 10))]
    parts = split(*rows)
    assert (parts.inside.area, parts.adjacent.area) == (100, 100)
    assert found(parts) == {"other_green_inside": 100}


# --- by property

BOXES = st.lists(
    st.tuples(
        st.sampled_from(["G1", "G2", "RG", "EG1", "EG4"]),
        st.integers(0, 95),
        st.integers(0, 8),
        st.integers(1, 40),
        st.integers(1, 9),
    ),
    max_size=6,
)


def drawn(boxes):
    return [(code, box(x, y, x + w, y + h)) for code, x, y, w, h in boxes]


@given(boxes=BOXES)
def test_parts_lie_apart_and_within(boxes):
    parts = split(*drawn(boxes))
    assert parts.inside.difference(LAND).area == pytest.approx(0, abs=1e-9)
    assert parts.adjacent.intersection(LAND).area == pytest.approx(0, abs=1e-9)
    assert parts.adjacent.difference(TOWN).area == pytest.approx(0, abs=1e-9)
    assert all(area > 0 for area in found(parts).values())


@given(boxes=BOXES, seed=st.integers(0, 99))
def test_order_repetition_and_cutting_of_parcels_change_nothing(boxes, seed):
    rows = drawn(boxes)
    mixed = [rows[i] for i in np.random.default_rng(seed).permutation(len(rows))]
    halves = [
        (c, s.intersection(h)) for c, s in rows for h in (box(0, 0, 500, 4), box(0, 4, 500, 90))
    ]
    halves = [(code, shape) for code, shape in halves if shape.area > 0]
    one = split(*rows)
    for other in (split(*mixed, *rows), split(*halves)):
        assert other.inside.area == pytest.approx(one.inside.area)
        assert other.adjacent.area == pytest.approx(one.adjacent.area)


def test_inputs_are_left_as_they_were():
    green = parcels(("G1", box(70, 0, 90, 10)), ("EG1", box(90, 0, 95, 10)))
    kept = green.copy()
    split_green(green, TOWN, LAND, NEW)
    assert green.equals(kept)


# --- by refusal


@pytest.mark.parametrize("code", ["X9", None, float("nan"), "", "1"])
def test_unknown_or_missing_code_is_refused_by_row(code):
    green = parcels(("G1", TOWN), (code, TOWN), ("G2", TOWN), (code, TOWN)).set_index(
        np.array([10, 20, 30, 40])
    )
    with pytest.raises(ColumnError) as caught:
        split_green(green, TOWN, LAND, NEW)
    error = caught.value
    assert (error.layer, error.column, error.rows) == ("green", "class", (20, 40))
    assert error.found == ("" if code is None or code != code else code,)  # noqa: PLR0124 - NaN
    assert error.problem.zh
    assert error.problem.en
    assert error.remedy is not None


def test_a_code_that_only_the_other_edition_lists_names_that_edition():
    with pytest.raises(ColumnError) as caught:
        roles_of(Series(["G5", "G1", "G111"]), NEW, "green")
    assert caught.value.found == "2002"
    assert tuple(caught.value.rows) == (0, 2)


def test_every_row_of_an_unknown_code_is_named():
    with pytest.raises(ColumnError) as caught:
        roles_of(Series(["R2", "G1", "XY"]), NEW, "green")
    assert tuple(caught.value.rows) == (0, 2)


@pytest.mark.parametrize("code", [None, float("nan"), NA, ""])
def test_a_missing_code_is_refused_by_its_row(code):
    codes = Series(["G1", code], index=["甲", "乙"], dtype=object)
    with pytest.raises(ColumnError) as caught:
        roles_of(codes, NEW, "green")
    assert caught.value.rows == ("乙",)


def test_a_ratio_of_the_city_says_what_that_of_its_zones_says():
    town = GeoDataFrame(geometry=[box(0, 0, 100, 1)], crs=6933)
    land = GeoDataFrame(geometry=[box(0, 0, 60, 1)], crs=6933)
    green = parcels(("G119", box(30, 0, 60, 1)), ("EG1", box(60, 0, 69, 1)))
    act = {"construction_land": land, "edition": "2017"}

    whole = gs.green_space_ratio(green, town, **act)
    by_zone = gs.green_space_ratio(green, town, zones=town, **act)

    assert {"class_unlisted", "other_green_counted"} <= {f.code for f in whole.findings}
    assert whole.findings == by_zone.findings
