"""What the sample city registers beside its maps, and how it was at earlier dates."""

from __future__ import annotations

import csv

import pytest
import shapely


def union(layer):
    return shapely.union_all(layer.geometry.to_numpy())


def test_communities_partition_the_districts_and_their_people(small):
    places, districts = small.layers["communities"], small.layers["districts"]

    assert places.area.sum() == pytest.approx(union(districts).area, rel=1e-9)
    assert union(places).area == pytest.approx(places.area.sum(), rel=1e-9)
    assert places["POP"].sum() == districts["POP"].sum()
    assert (places["RESIDENT"] + places["FLOATING"] == places["POP"]).all()
    assert places["NAME"].is_unique


def test_the_ground_of_parks_is_told_without_gaps(small):
    ground, parks = small.layers["park_ground"], small.layers["parks"]

    assert ground.area.sum() == pytest.approx(union(parks).area, abs=1.0)
    assert set(ground["PARK"]) == set(parks["NAME"])


def test_paving_and_road_land_share_no_ground(small):
    for name in ("paving", "road_land"):
        layer = small.layers[name]
        assert layer.area.sum() == pytest.approx(union(layer).area, rel=1e-6), name


def test_the_city_grows_from_date_to_date(small):
    truth = small.truth
    dates = [truth["year_2020"], truth["year_2023"], truth["city"]]

    for name in ("green_space_counted_m2", "park_area_m2", "population"):
        values = [found[name] for found in dates]
        assert values == sorted(values), name
    assert dates[0]["green_coverage"] < dates[1]["green_coverage"]
    assert truth["year_2023"]["green_coverage"] == truth["older"]["green_coverage"]


def test_each_manifest_names_layers_of_its_own_date(small):
    assert set(small.earlier) == {2020, 2023}
    assert "vegetation" in small.earlier[2020]
    assert "vegetation" not in small.earlier[2023]
    for layers in small.earlier.values():
        assert set(layers) <= set(small.layers)


def test_lists_have_a_row_for_each_species_and_community(small):
    species = list(csv.DictReader(small.lists["species.csv"]))
    rounds = list(csv.DictReader(small.lists["inspections.csv"]))

    assert {row["group"] for row in species} == {"plants", "birds", "fish"}
    assert len({row["species"] for row in species}) == len(species)
    assert {row["community"] for row in rounds} == set(small.layers["communities"]["NAME"])


def test_zones_of_the_park_cover_it_and_share_their_edges(small):
    zones, boundary = small.layers["park_zones"], small.layers["park_boundary"]

    assert shapely.coverage_is_valid(zones.geometry.to_numpy())
    assert union(zones).symmetric_difference(union(boundary)).area == pytest.approx(0, abs=1e-6)
    assert 0.5 < small.truth["guarded"]["core_share"] < 0.6


def test_what_is_built_within_the_lines_was_planted_there(small):
    lines, projects = small.layers["green_lines"], small.layers["construction"]
    inside = projects.intersection(union(lines)).area

    assert lines["NUMBER"].is_unique
    assert inside[[0, 1]].min() > 100
    assert inside[3] == 0
    assert small.truth["guarded"]["road_widening_m2"] > 0
