"""The made-up city is the same every time, and its layers are what a city's layers should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from greenspace.sample import make_city

if TYPE_CHECKING:
    import geopandas as gpd

EXCLUSIVE = ("districts", "green", "parks", "residential", "units", "water")
CODES = {"G11", "G12", "G133", "G139", "G14", "G2", "G3", "RG", "AG", "BG", "MG", "WG", "UG", "SG"}
BEYOND = {"EG12", "EG13", "EG19", "EG2", "EG4"}


def union(layer: gpd.GeoDataFrame) -> shapely.Geometry:
    return shapely.union_all(layer.geometry.to_numpy())


def same(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame) -> bool:
    left, right = (shapely.normalize(layer.geometry.to_numpy()) for layer in (a, b))
    return (
        len(a) == len(b)
        and a.drop(columns="geometry").equals(b.drop(columns="geometry"))
        and bool(shapely.equals_exact(left, right, 1e-6).all())
    )


def test_one_seed_gives_one_city(small):
    again = make_city(small.seed, "small")

    assert again.layers.keys() == small.layers.keys()
    assert all(same(again.layers[name], layer) for name, layer in small.layers.items())
    for ours, theirs in zip(again.images, small.images, strict=True):
        np.testing.assert_array_equal(ours.pixels, theirs.pixels)
    assert again.truth == small.truth


def test_another_seed_gives_another_city():
    one, other = make_city(5, "small"), make_city(6, "small")

    assert not same(one.layers["residential"], other.layers["residential"])
    assert (one.images[0].pixels != other.images[0].pixels).mean() > 0.5


def test_every_shape_is_valid_and_not_empty(city):
    for name, layer in city.layers.items():
        assert layer.is_valid.all(), name
        assert not layer.is_empty.any(), name
        assert layer.crs == "EPSG:4547", name


@pytest.mark.parametrize("name", EXCLUSIVE)
def test_rows_of_one_layer_never_overlap(city, name):
    layer = city.layers[name]

    # rows that touch may share a rounding error, never a square centimetre
    assert layer.area.sum() - union(layer).area == pytest.approx(0, abs=1e-4)


def test_districts_partition_the_built_up_area_vertex_by_vertex(city):
    districts = city.layers["districts"].geometry.to_numpy()
    built_up = city.layers["built_up"].geometry.iloc[0]

    assert len(districts) == 3
    assert shapely.coverage_is_valid(districts)
    assert shapely.area(districts).sum() == pytest.approx(built_up.area, rel=1e-12)
    assert shapely.equals(shapely.coverage_union_all(districts), built_up)


def test_built_up_area_is_no_plain_square_and_smaller_than_the_image(city):
    built_up = city.layers["built_up"].geometry.iloc[0]
    west, south, east, north = built_up.bounds
    image = city.images[0]
    _, height, width = image.pixels.shape
    extent = shapely.box(*image.transform @ (0, height), *image.transform @ (width, 0))

    assert extent.contains(built_up.buffer(10))
    assert built_up.area < 0.95 * (east - west) * (north - south)


def test_full_city_has_every_kind_of_green_land(full):
    assert set(full.layers["green"]["绿地类型"]) == CODES | BEYOND


def test_parks_are_the_park_parcels_of_green(city):
    green = city.layers["green"]
    g1 = green[green["绿地类型"].str.startswith("G1")]

    assert sorted(g1["名称"]) == sorted(city.layers["parks"]["NAME"])
    assert shapely.equals(union(g1), union(city.layers["parks"]))


def test_parks_have_many_sizes_and_one_has_exactly_5000_m2(full):
    areas = full.layers["parks"].area
    edges = [0, 400, 1000, 2000, 5000, np.inf]
    counts = np.histogram(areas, edges)[0]

    assert (counts >= [3, 4, 3, 4, 8]).all()
    assert (areas == 5000.0).sum() == 1


def test_one_park_and_many_crowns_cross_the_built_up_line(city):
    line = city.layers["built_up"].boundary.iloc[0]

    def crossing(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return layer[layer.intersects(line)]

    trees = city.layers["vegetation"].query("LAYER == 'tree'")
    assert "东坡公园" in set(crossing(city.layers["parks"])["NAME"])
    assert len(crossing(trees)) > 20


def test_roofs_crowns_and_lawns_lie_over_each_other(full):
    vegetation = full.layers["vegetation"]
    areas = vegetation.dissolve("LAYER").area

    assert set(areas.index) == {"tree", "shrub", "grass", "roof"}
    assert areas["roof"] > 5_000
    assert vegetation.area.sum() > 1.1 * union(vegetation).area


def test_nursery_hill_and_island_lie_outside_construction_land(city):
    green, built = city.layers["green"], union(city.layers["construction_land"])
    beyond = green[green["绿地类型"].str.startswith("EG")]

    assert set(beyond["绿地类型"]) >= {"EG4", "EG12", "EG19"}
    assert beyond.intersection(built).area.sum() < 1e-4
    inside = green.drop(beyond.index).clip(city.layers["built_up"].geometry.iloc[0])
    assert inside.difference(built).area.sum() < 1e-4


def test_roads_have_four_classes_with_falling_widths(city):
    width = city.layers["roads"].groupby("CLASS")["WIDTH"].mean()

    assert width["快速路"] > width["主干路"] > width["次干路"] > width["支路"]


def test_homes_are_new_and_old(full):
    residential = full.layers["residential"]
    latest = residential.groupby("STATUS")["BUILT"].agg(["min", "max"])

    assert latest.loc["old", "max"] < 2002 <= latest.loc["new", "min"]


def test_old_trees_stand_in_the_old_town_with_their_crowns(full):
    trees = full.layers["old_trees"]
    crowns = union(full.layers["vegetation"].query("LAYER == 'tree'"))

    assert len(trees) >= 10
    assert trees.within(full.layers["historic"].geometry.iloc[0]).all()
    assert trees.within(crowns).all()
    assert trees["AGE"].min() >= 50


def test_every_district_has_people(city):
    assert (city.layers["districts"]["POP"] > 0).all()


def test_full_city_passes_some_thresholds_and_fails_others(full):
    found = full.truth["city"]

    assert 0.40 < found["green_coverage"] < 0.43
    assert 0.36 < found["green_space_ratio"] < 0.39
    assert 11 < found["park_area_per_capita"] < 13
    assert 0.85 < found["service_coverage"] < 0.90
    assert 40_000 <= found["population"] <= 60_000
    assert min(row["park_area_per_capita"] for row in full.truth["district"]) < 5
