"""Who the yardsticks count: persons lost on the way, zones that say otherwise, what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoDataFrame
from shapely import LineString, Point, box

import greenspace as gs
from greenspace.errors import ColumnError, DataWarning, InputError

GREEN = GeoDataFrame(geometry=[box(0, 0, 100, 100)], crs=6933)
BLOCK = GeoDataFrame(geometry=[box(100, 0, 300, 100)], crs=6933)


def layer(*shapes, **columns):
    return GeoDataFrame(columns, geometry=list(shapes), crs=6933)


def told(ratio, code):
    return [item for item in ratio.findings if item.code == code]


def test_persons_of_a_layer_that_lie_nowhere_are_told_as_persons():
    people = layer(Point(150, 50), None, Point(np.nan, 0), population=[60, 25, 15])
    with pytest.warns(DataWarning):
        ratio = gs.who_300(GREEN, BLOCK, population=people)["who_300"]
    assert ratio.denominator == 60
    (lost,) = told(ratio, "residents_without_shape")
    assert (lost.layer, lost.count) == ("population", 2)
    assert "40 persons" in lost.text.en


def test_zones_of_people_without_a_shape_are_told_as_persons():
    people = layer(box(100, 0, 300, 100), None, population=[60, 25])
    with pytest.warns(DataWarning):
        ratio = gs.who_300(GREEN, BLOCK, population=people)["who_300"]
    assert "25 persons" in told(ratio, "residents_without_shape")[0].text.en


@pytest.mark.parametrize("shapes", [(), (None,)])
def test_a_population_layer_without_shapes_is_refused(shapes):
    with pytest.raises(InputError) as refused:
        gs.who_300(GREEN, BLOCK, population=layer(*shapes, population=[5] * len(shapes)))
    assert refused.value.layer == "population"


def test_zones_whose_own_number_of_persons_comes_out_otherwise_are_told():
    # 100 persons in the western half of the block: spread evenly, each half holds 50
    halves = layer(box(0, 0, 200, 100), box(200, 0, 400, 100), population=[100, 0])
    ratio = gs.who_300(GREEN, BLOCK, population=halves, zones=halves)["who_300"]
    assert ratio.to_frame()["denominator"].tolist() == pytest.approx([50, 50])
    (found,) = told(ratio, "zone_totals_differ")
    assert (found.rows, found.count, found.layer) == ((0, 1), 2, "zones")
    assert "50 persons" in found.text.en


def test_zones_that_no_block_straddles_or_without_such_a_column_are_not_told():
    blocks = layer(box(100, 0, 200, 100), box(200, 0, 300, 100))
    halves = layer(box(0, 0, 200, 100), box(200, 0, 400, 100), population=[100, 0])
    for zones in (halves, halves.drop(columns="population"), halves.assign(population="many")):
        found = gs.who_300(GREEN, blocks, population=halves, zones=zones)["who_300"]
        assert not told(found, "zone_totals_differ")


def test_blocks_across_the_lines_of_zones_are_told_with_their_persons():
    homes = layer(box(100, 0, 300, 100), box(400, 0, 401, 100), P=[70, 30])
    zones = layer(box(0, 0, 200, 100), box(200, 0, 300.5, 100), box(300.5, 0, 500, 100))
    (found,) = told(
        gs.who_300(GREEN, homes, population="P", zones=zones)["who_300"], "blocks_across_zones"
    )
    assert (found.count, found.severity) == (1, "note")
    assert "70 persons" in found.text.en
    land = gs.who_300(GREEN, homes, zones=zones)["who_300_of_land"]
    assert not told(land, "blocks_across_zones")


def test_homes_that_overlap_keep_their_persons_and_are_told_so():
    homes = layer(box(100, 0, 200, 100), box(150, 0, 250, 100), P=[70, 30])
    ratio = gs.who_300(GREEN, homes, population="P")["who_300"]
    assert ratio.denominator == 100
    (found,) = told(ratio, "homes_overlap")
    assert found.area_m2 == pytest.approx(5000)
    assert not told(ratio, "overlap")


@pytest.mark.parametrize(
    "number", [100, np.int64(100), [100], (100,), pd.Series([100]), np.ones(1)]
)
def test_numbers_without_a_place_are_refused_as_such(number):
    with pytest.raises(InputError) as refused:
        gs.who_300(GREEN, BLOCK, population=number)
    assert "column" in refused.value.remedy.en


def test_a_missing_column_of_blocks_is_missing_in_the_homes():
    with pytest.raises(ColumnError) as refused:
        gs.who_300(GREEN, BLOCK, population="POP")
    assert refused.value.layer == "homes"


@pytest.mark.parametrize("name", ["population", "paths", "entrances"])
def test_open_space_without_homes_takes_nothing_that_is_for_homes(name):
    given = {
        "population": "P",
        "paths": layer(LineString([(0, 0), (9, 0)])),
        "entrances": layer(Point(0, 0)),
    }
    with pytest.raises(InputError) as refused:
        gs.sdg_11_7_1(GREEN, GREEN, GREEN, **{name: given[name]})
    assert refused.value.found == (name,)


@pytest.mark.parametrize("metres", [np.int64(900), np.float32(900), 900])
def test_fifteen_minutes_are_any_number_of_metres(metres):
    ratio = gs.living_circles(GREEN, BLOCK, fifteen_minutes_m=metres)[
        "living_circle_15_service_of_land"
    ]
    assert any("within 900 m" in source.name for source in ratio.sources)
