"""Access to the parks of Riverside, beside figures that were computed without this package."""

from __future__ import annotations

import pytest

import greenspace as gs

pytestmark = pytest.mark.real_data

PARKS_M2 = 4_766_608  # dissolved, in UTM zone 11
PERSONS = 417_784  # of all tracts that touch the city


def test_parks_of_riverside_are_handed_out_to_the_last_square_metre(real_data):
    folder = real_data / "riverside"
    parks = gs.read_layer(folder / "parks.geojson")
    parks = parks[parks.geom_type != "Point"]
    tracts = gs.read_layer(folder / "riverside_tracts_with_population.geojson")

    found = gs.catchment_access(
        parks, tracts, population="population", radius_m=1600, crs="EPSG:32611"
    )
    shares = gs.fairness(found)

    assert found["residents"].sum() == PERSONS
    assert (found["access"] * found["residents"]).sum() == pytest.approx(PARKS_M2, rel=1e-6)
    assert shares.mean == pytest.approx(PARKS_M2 / PERSONS, rel=1e-6)  # 11.41 m2 a person
    assert 0.6 < shares.gini < 0.7
    assert (found["access"] == 0).sum() == 8


def test_whole_tracts_on_clipped_land_are_told(real_data):
    # the classic mistake with this file: everybody of every tract that touches the city is put in it
    folder = real_data / "riverside"
    parks = gs.read_layer(folder / "parks.geojson")
    parks = parks[parks.geom_type != "Point"]
    city = gs.read_layer(folder / "boundary.geojson")
    tracts = gs.read_layer(folder / "Census_Tracts_2020.shp")
    touching = gs.read_layer(folder / "riverside_tracts_with_population.geojson")["GEOID"]
    people = tracts[tracts["GEOID"].isin(touching)].rename(columns={"POPULATION": "population"})

    found = gs.residents_served(parks, city, people)

    assert found.denominator == pytest.approx(PERSONS, rel=1e-9)
    beyond = {finding.code: finding for finding in found.findings}["zones_beyond"]
    assert (beyond.count, beyond.severity) == (7, "warning")
