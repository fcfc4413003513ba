"""3-30-300: each part and all three, by hand, by refusal, and home by home."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from geopandas import GeoDataFrame
from shapely import MultiPoint, MultiPolygon, Point, box

import greenspace as gs
from greenspace.errors import ColumnError, DataWarning, GeometryError, InputError
from greenspace.read.definitions import read_indicators

X, Y = 500_000.0, 3_400_000.0
PARTS = ("three_trees_in_view", "thirty_percent_canopy", "park_within_300_m")
ALL = (*PARTS, "three_thirty_three_hundred")


def square(west, south, east, north):
    return box(X + west, Y + south, X + east, Y + north)


def at(east, north):
    return Point(X + east, Y + north)


def layer(*shapes, **columns):
    return GeoDataFrame(columns, geometry=list(shapes), crs=4547)


# Home a has all three; b lacks a tree; c lacks canopy; d is 1 m too far from the park.
HOMES = layer(at(0, 0), at(100, 0), at(200, 0), at(301, 0), P=[1, 2, 4, 8])
TREES = layer(*(at(x + dx, 0) for x in (0, 200, 301) for dx in (-5, 5, 10)), at(95, 0), at(105, 0))
PARK = layer(square(-100, -50, 0, 50))  # exactly 1 ha
PLACES = layer(
    square(-50, -50, 50, 50), square(50, -50, 150, 50), square(150, -50, 250, 50),
    square(250, -50, 350, 50),
)  # fmt: skip
CANOPY = layer(
    square(-50, -50, 50, -20), square(50, -50, 150, -20), square(150, -50, 250, -20.1),
    square(250, -50, 350, -20),
)  # fmt: skip
HOW = {"view_m": 10, "neighbourhoods": PLACES}


def measured(homes=HOMES, trees=TREES, canopy=CANOPY, parks=PARK, **how):
    return gs.three_thirty_three_hundred(homes, trees, canopy, parks, **(HOW | how))


def of_code(ratio, code):
    return [finding for finding in ratio.findings if finding.code == code]


def codes(ratio):
    return [finding.code for finding in ratio.findings]


def test_each_part_and_all_three_are_shares_of_residents():
    found = measured(population="P")
    assert {name: ratio.numerator for name, ratio in found.items()} == {
        "three_trees_in_view": 13.0,
        "thirty_percent_canopy": 11.0,
        "park_within_300_m": 7.0,
        "three_thirty_three_hundred": 1.0,
    }
    assert {ratio.denominator for ratio in found.values()} == {15.0}


def test_without_a_population_homes_are_counted_and_called_so():
    found = measured()
    assert list(found) == [f"{name}_of_homes" for name in ALL]
    assert [ratio.value for ratio in found.values()] == [0.75, 0.75, 0.75, 0.25]
    assert set(found) < set(read_indicators())


def test_rules_are_named_with_their_marks_and_the_proxy_is_told():
    ratio = measured()["three_trees_in_view_of_homes"]
    rules = {source.name: source.note.en for source in ratio.sources if source.role == "rule"}
    assert "the distance is the caller's" in rules[">= 3 trees within 10 m"]
    assert "provisional" in rules[">= 10000 m2 within 300 m, straight line"]
    assert "straight_line" in codes(measured()["park_within_300_m_of_homes"])


def test_a_radius_may_stand_for_the_neighbourhood():
    # the half disc below the home lies under canopy, which ends 100 m to each side: all of it
    half = layer(square(-100, -100, 100, 0))
    canopy = {
        radius: measured(
            homes=HOMES.iloc[:1], canopy=half, neighbourhoods=None, neighbourhood_m=radius
        )["thirty_percent_canopy_of_homes"]
        for radius in (80, 200)
    }
    # at 200 m the drawn disc holds the whole 100 x 200 of 4e4 pi m2: 16 %
    assert [ratio.value for ratio in canopy.values()] == [1.0, 0.0]
    assert "canopy_beyond" in codes(canopy[80])


def test_homes_in_no_neighbourhood_are_left_out_and_told():
    found = measured(neighbourhoods=PLACES.iloc[:2])
    assert found["thirty_percent_canopy_of_homes"].denominator == 2.0
    assert found["three_thirty_three_hundred_of_homes"].value == 0.5
    assert found["three_trees_in_view_of_homes"].denominator == 4.0
    (told,) = [
        item
        for item in found["thirty_percent_canopy_of_homes"].findings
        if item.code == "homes_without_neighbourhood"
    ]
    assert told.count == 2


def test_crowns_that_overlap_are_two_trees_and_one_canopy():
    three = layer(square(-5, -5, 5, 5), square(-5, -5, 5, 4), square(-5, -5, 5, 3))
    place = layer(square(-10, -10, 10, 10))  # 400 m2, a quarter under the crowns
    found = measured(homes=HOMES.iloc[:1], trees=three, canopy=three, neighbourhoods=place)
    assert [ratio.value for ratio in found.values()] == [1.0, 0.0, 1.0, 0.0]


def test_crowns_of_one_row_are_as_many_trees_and_told():
    one_row = layer(MultiPolygon([square(x, 0, x + 1, 1) for x in (1, 3, 5)]))
    found = measured(homes=HOMES.iloc[:1], trees=one_row)
    assert found["three_trees_in_view_of_homes"].value == 1.0
    (told,) = of_code(found["three_trees_in_view_of_homes"], "trees_multipart")
    assert (told.rows, told.count) == ((0,), 3)


@pytest.mark.parametrize("tree", [at(1, 0), square(1, 0, 2, 1)])
def test_a_tree_that_is_there_three_times_is_one_and_told(tree):
    found = measured(homes=HOMES.iloc[:1], trees=layer(tree, tree, tree))
    assert found["three_trees_in_view_of_homes"].value == 0.0
    (told,) = of_code(found["three_trees_in_view_of_homes"], "trees_repeated")
    assert (told.rows, told.count) == ((1, 2), 2)


def test_crowns_too_large_for_a_tree_are_told():
    crowns = layer(square(0, 0, 40, 25), square(0, 30, 40, 55.1))  # 1 000 and 1 004 m2
    (told,) = of_code(measured(trees=crowns)["three_trees_in_view_of_homes"], "crowns_large")
    assert (told.rows, told.count) == ((1,), 1)


def test_blocks_that_stand_for_homes_are_told_by_every_part():
    blocks = layer(square(0, 0, 100, 50), square(0, 60, 100, 111), P=[1, 9])  # 5 000, 5 100 m2
    for ratio in measured(homes=blocks, population="P").values():
        (told,) = of_code(ratio, "homes_large")
        assert told.count == 1


def test_what_was_noticed_stands_on_the_parts_that_it_touches():
    found = measured(trees=layer(at(0, 0), at(0, 0)), neighbourhoods=PLACES.iloc[:2])
    own = {"trees_repeated": ALL[0], "homes_without_neighbourhood": ALL[1], "straight_line": ALL[2]}
    for code, part in own.items():
        told = [name.removesuffix("_of_homes") for name, r in found.items() if of_code(r, code)]
        assert told == [part, ALL[3]]


def test_where_no_home_lies_in_a_neighbourhood_that_is_the_reason():
    found = measured(neighbourhoods=layer(square(5000, 0, 5100, 100)))
    for name in ("thirty_percent_canopy_of_homes", "three_thirty_three_hundred_of_homes"):
        assert np.isnan(found[name].value)
        assert "neighbourhoods" in found[name].reason.en
    assert found["three_trees_in_view_of_homes"].value == 0.75


def test_buildings_are_homes_one_each():
    buildings = layer(square(-5, -5, 5, 5), square(295, -5, 305, 5))
    found = measured(homes=buildings)
    assert found["park_within_300_m_of_homes"].value == 1.0  # the wall of the second is at 295 m
    assert found["park_within_300_m_of_homes"].denominator == 2.0


def test_what_each_home_has_stands_on_the_callers_rows():
    homes = HOMES.set_axis([7, 8, 9, 3])
    table = gs.three_thirty_three_hundred_by_home(homes, TREES, CANOPY, PARK, **HOW)
    assert isinstance(table, gpd.GeoDataFrame)
    assert list(table.index) == [7, 8, 9, 3]
    assert table["trees_in_view"].tolist() == [3, 2, 3, 3]
    assert table["canopy_share"].tolist() == pytest.approx([0.3, 0.3, 0.299, 0.3])
    assert table["park_within_300_m"].tolist() == [True, True, True, False]
    assert table["all_three"].tolist() == [True, False, False, False]
    assert "trees_in_view" not in HOMES.columns


def test_what_is_not_known_of_a_home_is_missing_in_its_row():
    how = {"view_m": 10, "neighbourhoods": PLACES.iloc[1:]}
    table = gs.three_thirty_three_hundred_by_home(HOMES, TREES, CANOPY, PARK, **how)
    assert np.isnan(table["canopy_share"].iloc[0])
    assert table["all_three"].isna().tolist() == [True, False, False, False]


def test_a_home_that_lacks_trees_fails_whatever_its_canopy():
    how = {"view_m": 10, "neighbourhoods": PLACES.iloc[:1]}
    table = gs.three_thirty_three_hundred_by_home(HOMES, TREES, CANOPY, PARK, **how)
    # b lacks a tree, d a park; c has both and lies in no neighbourhood
    assert table["all_three"].to_numpy(object, na_value=None).tolist() == [True, False, None, False]


def test_findings_and_sources_stand_in_the_attributes_of_the_rows():
    homes = layer(*HOMES.geometry, None)
    how = {"view_m": 10, "neighbourhoods": PLACES.iloc[:3]}
    with pytest.warns(DataWarning):
        table = gs.three_thirty_three_hundred_by_home(homes, TREES, CANOPY, PARK, **how)
    codes = {finding.code for finding in table.attrs["findings"]}
    assert {"empty_dropped", "homes_without_neighbourhood", "straight_line"} <= codes
    roles = {source.role for source in table.attrs["sources"]}
    assert {"homes", "trees", "canopy", "parks", "neighbourhoods", "rule"} <= roles


@pytest.mark.parametrize(
    "name", ["trees_in_view", "canopy_share", "park_within_300_m", "all_three"]
)
def test_a_column_of_the_callers_is_never_replaced(name):
    with pytest.raises(ColumnError) as refused:
        gs.three_thirty_three_hundred_by_home(
            HOMES.assign(**{name: 99}), TREES, CANOPY, PARK, **HOW
        )
    assert (refused.value.layer, refused.value.column) == ("homes", name)


def test_zones_split_homes():
    zones = layer(square(-10, -10, 150, 10), square(150, -10, 400, 10))
    found = measured(zones=zones)
    assert found["park_within_300_m_of_homes"].value.tolist() == [1.0, 0.5]
    assert found["three_thirty_three_hundred_of_homes"].value.tolist() == [0.5, 0.0]


@pytest.mark.parametrize("view", [0, -1, float("inf"), True, "10", None])
def test_the_distance_of_view_is_a_positive_number(view):
    with pytest.raises(InputError) as refused:
        measured(view_m=view)
    assert refused.value.found == view


def test_one_kind_of_neighbourhood_is_given():
    for how in ({"neighbourhoods": None}, {"neighbourhood_m": 100}):
        with pytest.raises(InputError) as refused:
            measured(**how)
        assert refused.value.expected == "one of the two"


def test_several_trees_in_one_shape_are_refused():
    with pytest.raises(GeometryError) as refused:
        measured(trees=layer(at(0, 0), MultiPoint([(X, Y), (X + 1, Y)])))
    assert refused.value.layer == "trees"


def test_trees_without_a_place_are_told():
    with pytest.warns(DataWarning):
        found = measured(trees=layer(*TREES.geometry, None))
    assert "empty_dropped" in codes(found["three_trees_in_view_of_homes"])
