"""Cover of any zones: the judged witness, overlapping zones, what is unseen."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
from shapely import MultiPolygon

from greenspace.cover import Cover
from greenspace.errors import InputError
from greenspace.read.city import read_city
from greenspace.terrain import Terrain
from tests.town import at, corrected_town, layer


def cover_of(path):
    return Cover(Terrain(read_city(path)))


def test_any_zone_is_as_green_as_the_judged_map_there(town):
    # the image is green up to 350 m, and unseen from 950 m on
    zones = layer([at(300, 0, 400, 100), at(0, 0, 100, 100), at(900, 0, 1000, 100)])

    table = cover_of(town / "city.toml").green_in(zones)

    frame = table.to_frame()
    assert frame["value"].tolist() == pytest.approx([0.5, 1.0, 0.0])
    assert frame["unseen"].tolist() == pytest.approx([0.0, 0.0, 5_000.0], abs=1e-6)
    assert (frame["low"][2], frame["high"][2]) == pytest.approx((0.0, 0.5))


def test_zones_that_overlap_are_each_measured_on_their_own(town):
    zones = layer([at(300, 0, 400, 100), at(300, 0, 400, 100), at(250, 0, 450, 100)])

    table = cover_of(town / "city.toml").green_in(zones)

    assert table.value.tolist() == pytest.approx([0.5, 0.5, 0.5])


def test_the_built_up_area_as_a_zone_is_the_judged_number_with_corrections(town):
    cover = cover_of(corrected_town(town, "fixes"))
    judged = next(witness.table for witness in cover.witnesses() if witness.judged)

    again = cover.green_in(cover.terrain.places)

    assert again.value.tolist() == pytest.approx(judged.value.tolist())
    assert "corrections" in {source.role for source in again.sources}


def test_the_vegetation_layer_is_the_witness_where_it_is_judged(town):
    path = corrected_town(town, "layer", source="layer")
    zones = layer([at(250, 0, 350, 100)])

    table = cover_of(path).green_in(zones)

    assert table.value.tolist() == pytest.approx([0.5])  # canopy up to 300 m
    assert "unseen" not in table.to_frame()


def test_a_row_without_a_shape_has_no_value(town):
    zones = layer([at(0, 0, 100, 100), MultiPolygon()])
    cover = cover_of(town / "city.toml")

    assert cover.green_in(zones).value.isna().tolist() == [False, True]
    assert cover.green_in(zones.iloc[1:]).value.isna().tolist() == [True]
    assert len(cover.green_in(zones.iloc[:0])) == 0


def test_without_a_witness_it_is_refused(town):
    city = read_city(town / "city.toml")
    bare = {name: frame for name, frame in city.layers.items() if name != "vegetation"}
    cover = Cover(Terrain(replace(city, layers=bare, images=())))
    with pytest.raises(InputError):
        cover.green_in(gpd.GeoDataFrame(geometry=[at(0, 0, 1, 1)], crs=cover.terrain.crs))
