"""Swapped axes, zone numbers and degrees are refused in scripts too, wherever layers come from."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import box

import greenspace as gs
from greenspace.errors import CrsError


def parks(*bounds, crs):
    return gpd.GeoDataFrame(geometry=[box(*bounds)], crs=crs)


RIGHT = parks(520_000, 3_380_000, 521_000, 3_381_000, crs=4547)


@pytest.mark.parametrize(
    ("layer", "found"),
    [
        (parks(3_380_000, 520_000, 3_381_000, 521_000, crs=4547), "north, east"),
        (parks(38_520_000, 3_380_000, 38_521_000, 3_381_000, crs=4547), "EPSG:4526"),
        (parks(114.2, 30.5, 114.21, 30.51, crs=4547), "degrees"),
        (parks(520_000, 3_380_000, 521_000, 3_381_000, crs=4490), "metres"),
    ],
)
def test_a_layer_of_a_script_is_refused_before_it_is_measured(layer, found):
    # the right one is 1 km by 1 km for 1000 people
    assert gs.park_area_per_capita(RIGHT, 1000).value == pytest.approx(1000)
    with pytest.raises(CrsError) as caught:
        gs.park_area_per_capita(layer, 1000)
    assert (caught.value.found, caught.value.layer) == (found, "parks")
