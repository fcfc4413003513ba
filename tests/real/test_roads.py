"""Roads of real cities: greened lengths lie about what a plain buffer gives."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

import greenspace as gs
from greenspace.errors import DataWarning
from greenspace.read.roads import read_road_classes

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.filterwarnings(f"ignore::{DataWarning.__module__}.DataWarning"),
]


@pytest.mark.parametrize(
    ("roads", "green", "crs"),
    [
        (
            ("helsinki/helsinki_layers_derived.gpkg", "roads"),
            ("helsinki/helsinki_layers_derived.gpkg", "green"),
            3067,
        ),
        (("amsterdam/network.gpkg", None), ("amsterdam/ams_parken.gpkg", None), 28992),
    ],
)
def test_the_greened_length_lies_about_that_within_half_the_width_of_green(
    real_data, roads, green, crs
):
    rule = read_road_classes()
    lines, shapes = (
        gpd.read_file(real_data / file, **({"layer": layer} if layer else {})).to_crs(crs)
        for file, layer in (roads, green)
    )
    city = lines[[rule.of(word) not in (None, "other") for word in lines["highway"]]]
    city = city.rename(columns={"highway": "class"}).assign(width=20.0)
    near = shapely.union_all(shapely.make_valid(shapes.geometry.dropna().to_numpy())).buffer(10)
    plain = shapely.intersection(city.geometry.to_numpy(), near)

    fine, coarse = (
        gs.road_greening_rate(city, shapes, crs=crs, section_m=step).value for step in (1.0, 25.0)
    )

    assert fine < shapely.length(plain).sum() / city.length.sum() < coarse
    assert coarse < 1.5 * fine
