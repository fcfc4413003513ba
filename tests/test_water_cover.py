"""Coverage with the water that green land encloses, beside coverage without it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from greenspace.model.city import City, VegetationMethod
from greenspace.prepare.enclosed import enclosed_waters
from greenspace.survey import Survey

CRS = "EPSG:6933"


def layer(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


TOWN = layer(box(0, 0, 100, 100))
PARK = layer(box(0, 0, 50, 100))
PLANTS = layer(box(0, 0, 30, 100))  # 30 % of the town
LAKE, RIVER = box(20, 40, 40, 60), box(45, 0, 60, 100)  # the lake is half under crowns


def surveyed(choice="exclude", **layers):
    given_layers = {"built_up": TOWN, "vegetation": PLANTS, "parks": PARK, **layers}
    method = VegetationMethod(enclosed_water=choice)
    city = City(name="x", manifest="city.toml", layers=given_layers, vegetation_method=method)
    survey = Survey(city)
    survey.measure_coverage()
    return survey


def shown(survey):
    return [
        (item.ratio.value, item.judged)
        for item in survey.measured
        if item.ratio.indicator == "green_coverage"
    ]


# --- by hand


def test_a_lake_in_a_park_stands_beside_and_does_not_count():
    # 3 000 m2 of plants, and 200 m2 of the lake's 400 that no crown covers
    survey = surveyed(water=layer(LAKE, RIVER))

    assert shown(survey) == [(0.30, True), (0.32, False)]
    (told,) = (item for item in survey.findings if item.code == "enclosed_water")
    assert told.area_m2 == 400
    assert "30.00%" in told.text.en
    assert "32.00%" in told.text.en


def test_it_counts_where_the_manifest_says_so():
    survey = surveyed("include", water=layer(LAKE, RIVER))

    assert shown(survey) == [(0.30, False), (0.32, True)]
    assert survey.ratios["green_coverage"].value == 0.32


def test_a_lake_drawn_as_a_hole_of_its_park_is_enclosed():
    park = layer(box(0, 0, 50, 100).difference(LAKE))

    assert shown(surveyed(parks=park, water=layer(LAKE)))[1] == (0.32, False)


def test_green_parcels_enclose_as_parks_do_and_their_gaps_do_not():
    belts = layer(box(0, 0, 30, 100), box(30, 0, 50, 100))
    split = layer(box(0, 0, 30, 100), box(31, 0, 50, 100))

    assert len(shown(surveyed(parks=belts, water=layer(LAKE)))) == 2
    assert len(shown(surveyed(parks=split, water=layer(LAKE)))) == 1


@pytest.mark.parametrize(
    ("green", "water"),
    [
        (box(0, 0, 50, 100).difference(box(10, 30, 45, 70)), LAKE),  # amid concrete
        (PARK.geometry[0], box(30, 40, 50, 60)),  # at the outer edge of its park
        (PARK.geometry[0], box(0, 40, 50, 50)),  # a river, cut where it leaves
        (box(0, 0, 50, 100).difference(LAKE), box(20, 40, 40, 59)),  # beside the hole's own edge
    ],
)
def test_water_whose_shore_is_not_all_green_is_not_enclosed(green, water):
    assert enclosed_waters(np.array([water]), np.array([green])).tolist() == []


def test_what_an_island_is_does_not_matter():
    ring = LAKE.difference(box(28, 48, 32, 52))

    assert enclosed_waters(np.array([ring]), np.array([PARK.geometry[0]])).tolist() == [ring]


def test_a_lake_in_two_rows_is_one_lake_and_half_of_it_outside_leaves_all_of_it_out():
    halves = layer(box(20, 40, 40, 60), box(40, 40, 60, 60))

    assert len(shown(surveyed(water=halves))) == 1


def test_nothing_is_said_where_there_is_no_water_or_nothing_around_it():
    for layers in ({}, {"water": layer(RIVER)}):
        survey = surveyed(**layers)
        assert shown(survey) == [(0.30, True)]
        assert "enclosed_water" not in {item.code for item in survey.findings}
    asked = surveyed("include", water=layer(RIVER))
    assert shown(asked) == [(0.30, True)]
    assert "no_enclosed_water" in {item.code for item in asked.findings}


def test_districts_have_their_own_share_of_the_water():
    districts = layer(box(0, 0, 30, 100), box(30, 0, 100, 100), name=["a", "b"])
    survey = surveyed(water=layer(LAKE), districts=districts)

    beside = survey.measured[1]
    assert beside.zones.value.tolist() == pytest.approx([1.0, 200 / 7000])


# --- by refusal


def test_the_manifest_knows_two_choices():
    from greenspace.read.manifest import VegetationTable

    assert VegetationTable(enclosed_water="include").enclosed_water == "include"
    with pytest.raises(ValueError, match="enclosed_water"):
        VegetationTable(enclosed_water="maybe")


# --- by property


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80), st.integers(1, 20)), max_size=6))
def test_enclosed_waters_lie_in_the_filled_green_and_share_no_ground(rows):
    water = np.array([box(x, y, x + size, y + size) for x, y, size in rows], dtype=object)
    green = np.array([box(0, 0, 90, 90).difference(box(30, 30, 40, 40))])

    found = enclosed_waters(water, green)

    assert all(box(0, 0, 90, 90).buffer(0.02).covers(shape) for shape in found)
    whole = gpd.GeoSeries(list(found)).union_all().area if len(found) else 0.0
    assert sum(shape.area for shape in found) == pytest.approx(whole)
