"""Who has how much: by hand, over districts, with distances, and what is left out."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point, box

import greenspace as gs
from greenspace.errors import ColumnError, GeometryError, InputError

CRS = "EPSG:4547"
X, Y = 500_000.0, 3_400_000.0


def strip(*widths, **columns):
    """Blocks of 100 m beside each other, from west to east."""
    ends = np.cumsum([0, *widths])
    shapes = [box(X + a, Y, X + b, Y + 100) for a, b in pairwise(ends)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


BLOCKS = strip(
    100, 100, 200, access=[1.0, 3.0, 10.0], residents=[10, 10, 20], class_=["poor", "poor", "rich"]
)


def codes(found):
    return {finding.code: finding for finding in found.findings}


def test_figures_by_hand():
    found = gs.fairness(BLOCKS)
    # 10 + 30 + 200 m2 over 40 persons; over ground (1 + 3 + 20) / 4
    assert (found.persons, found.mean, found.mean_by_area) == (40, 6, 6)
    # L at 0, 1/24, 4/24, 1 over p at 0, 1/4, 1/2, 1
    assert found.gini == pytest.approx(1 - (1 / 4 * 1 / 24 + 1 / 4 * 5 / 24 + 1 / 2 * 28 / 24))
    assert found.persons_worse == 20
    assert found.curve["held_share"].tolist() == pytest.approx([0, 1 / 24, 4 / 24, 1])
    assert found.to_frame()["gini"].tolist() == [found.gini]


def test_served_share_by_area_and_by_persons_differ_where_the_well_served_live_spread_out():
    served = strip(300, 100, share=[1.0, 0.0], residents=[100, 300])
    found = gs.fairness(served, value="share", target=1.0)
    assert (found.mean, found.mean_by_area) == (0.25, 0.75)


def test_worst_places_are_those_where_most_is_missing_in_all():
    found = gs.fairness(BLOCKS, target=4, worst=2)
    assert found.worst.index.tolist() == [0, 1]
    assert found.worst["lacking"].tolist() == [3, 1]
    assert found.worst["lacking_total"].tolist() == [30, 10]
    assert gs.fairness(BLOCKS, worst=0).worst.empty


def test_groups_of_a_column():
    found = gs.fairness(BLOCKS, group="class_")
    assert found.groups["persons_share"].to_dict() == {"poor": 0.5, "rich": 0.5}
    assert found.groups["held_share"].to_dict() == pytest.approx({"poor": 1 / 6, "rich": 5 / 6})


def test_districts_are_found_by_the_middle_of_places_on_the_callers_rows():
    districts = strip(120, 40, 300, name=["west", "gap", "east"])
    districts.index = [7, 8, 9]
    found = gs.fairness(BLOCKS, group=districts.to_crs(4326))
    table = found.groups
    # middles at 50, 150 and 300 m
    assert table.index.tolist() == [7, 8, 9]
    assert table["persons"].tolist() == [10, 10, 20]
    assert table["name"].tolist() == ["west", "gap", "east"]
    assert table.crs.to_epsg() == 4326


def test_place_whose_middle_lies_on_a_line_belongs_to_the_first_district():
    table = gs.fairness(BLOCKS, group=strip(150, 300)).groups
    assert table["persons"].tolist() == [20, 20]


def test_places_in_no_district_and_districts_without_places_are_told():
    districts = strip(100, 1, name=["west", "narrow"])
    found = gs.fairness(BLOCKS, group=districts)
    assert found.groups["persons"].tolist() == [10, 0]
    assert np.isnan(found.groups["mean"].iloc[1])
    assert codes(found)["outside_districts"].rows == (1, 2)


def test_distances_are_worse_the_greater_and_need_a_target_where_infinite():
    homes = gpd.GeoDataFrame(
        {"walk_m": [100.0, 700.0, np.inf, np.inf], "residents": [10, 20, 5, 6]},
        geometry=[Point(X + i, Y) for i in range(4)],
        crs=CRS,
    )
    with pytest.raises(InputError) as refused:
        gs.fairness(homes, value="walk_m", better="lower")
    assert refused.value.found == 11
    found = gs.fairness(homes, value="walk_m", better="lower", target=500)
    assert found.persons_worse == 31
    assert found.worst.index.tolist() == [3, 2, 1]  # no way at all first, most persons first
    assert np.isnan([found.gini, found.mean, found.mean_by_area]).all()
    near = gs.fairness(homes.iloc[:2], value="walk_m", better="lower")
    assert near.mean == 500
    assert near.worst["lacking_total"].tolist() == [200 * 20]


def test_unknown_values_are_left_out_and_told_and_empty_places_do_not_count():
    blocks = strip(10, 10, 10, access=[2.0, np.nan, np.nan], residents=[10, 4, 0])
    found = gs.fairness(blocks)
    assert (found.persons, found.mean) == (10, 2)
    assert codes(found)["value_unknown"].rows == (1,)


def test_nobody_and_nothing_are_undefined():
    nobody = gs.fairness(strip(10, access=[2.0], residents=[0]))
    assert np.isnan([nobody.mean, nobody.gini]).all()
    nothing = gs.fairness(strip(10, 10, access=[0.0, 0.0], residents=[5, 5]))
    assert nothing.mean == 0
    assert np.isnan(nothing.gini)


@pytest.mark.parametrize(
    "how",
    [
        {"value": "missing"},
        {"residents": "missing"},
        {"group": "missing"},
        {"better": "more"},
        {"target": -1},
        {"target": np.nan},
        {"worst": 2.5},
        {"group": "geometry"},
        {"group": ("class_",)},
        {"value": "geometry"},
    ],
)
def test_questions_without_sense_are_refused(how):
    with pytest.raises((ColumnError, InputError)):
        gs.fairness(BLOCKS, **how)


@pytest.mark.parametrize("bad", [-1.0, "many"])
def test_values_below_zero_and_words_are_refused_with_their_rows(bad):
    blocks = strip(10, 10, access=[2.0, bad], residents=[1, 1])
    with pytest.raises(ColumnError) as refused:
        gs.fairness(blocks)
    assert tuple(refused.value.rows) == (1,)


def test_it_takes_what_catchment_access_returns():
    parks = strip(100)
    homes = gpd.GeoDataFrame(
        {"P": [10, 5]}, geometry=[Point(X + 150, Y), Point(X + 900, Y)], crs=CRS
    )
    access = gs.catchment_access(parks, homes, population="P", radius_m=100, method="2sfca")
    found = gs.fairness(access)
    # 10 persons hold 10 000 m2, 5 hold nothing
    assert (found.gini, found.mean) == (pytest.approx(1 / 3), pytest.approx(10_000 / 15))
    assert found.worst["P"].tolist() == [5]


def test_no_places_and_columns_given_twice_are_refused():
    with pytest.raises(InputError):
        gs.fairness(BLOCKS.iloc[:0])
    twice = gpd.pd.concat([BLOCKS, BLOCKS[["class_"]]], axis=1)
    with pytest.raises(ColumnError):
        gs.fairness(twice, group="class_")


def test_groups_that_are_no_words_are_refused_with_their_rows():
    odd = BLOCKS.assign(class_=["poor", ("poor", "rich"), 3])
    with pytest.raises(ColumnError) as refused:
        gs.fairness(odd, group="class_")
    assert tuple(refused.value.rows) == (1,)


def test_nobody_has_infinitely_much_of_what_more_is_better():
    with pytest.raises(ColumnError) as refused:
        gs.fairness(strip(10, 10, access=[np.inf, 1.0], residents=[1, 1]), target=5)
    assert tuple(refused.value.rows) == (0,)


def test_infinite_distances_of_nobody_do_no_harm():
    found = gs.fairness(
        strip(10, 10, access=[np.inf, 1.0], residents=[0, 1]), better="lower", group="residents"
    )
    assert (found.mean, found.persons_worse) == (1, 0)


def test_districts_that_overlap_and_places_given_twice_are_told():
    districts = gpd.pd.concat([strip(250), strip(100)])
    told = codes(gs.fairness(BLOCKS, group=districts))
    assert told["districts_overlap"].rows == (0,)
    assert "places_overlap" not in told
    assert codes(gs.fairness(gpd.pd.concat([BLOCKS, BLOCKS])))["places_overlap"].area_m2 == 40_000


def test_numbers_of_numpy_are_numbers():
    found = gs.fairness(BLOCKS, target=np.float32(4), worst=np.int64(1))
    assert (found.persons_worse, len(found.worst)) == (20, 1)


def test_points_that_all_lie_nowhere_are_refused():
    places = gpd.GeoDataFrame({"access": [1.0], "residents": [1]}, geometry=[Point(np.inf, 0)])
    with pytest.raises(GeometryError):
        gs.fairness(places.set_crs(CRS))
