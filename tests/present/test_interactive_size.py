"""A city of forty thousand blocks on one page: small enough, every block there, every area exact."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

import greenspace as gs
from tests.present.interactive_town import data_of, hostile_check
from tests.town import CRS, X, Y

BLOCKS, SIDE_M = 200, 150.0
BYTES = 15_000_000


def blocks():
    """Return 200 x 200 blocks of crooked streets, twelve corners each."""
    chance = np.random.default_rng(40_000)
    x, y = np.meshgrid(np.arange(BLOCKS + 1) * SIDE_M + X, np.arange(BLOCKS + 1) * SIDE_M + Y)
    places = np.stack([x, y], axis=-1) + chance.uniform(-20, 20, (*x.shape, 2))
    corners = np.stack(
        [places[:-1, :-1], places[:-1, 1:], places[1:, 1:], places[1:, :-1]], axis=2
    ).reshape(-1, 4, 2)
    middle = corners.mean(axis=1, keepdims=True)
    corners = middle + 0.86 * (corners - middle)  # the rest is street
    along = np.linspace(0, 1, 4)[:-1, None]
    sides = corners[:, :, None] + (np.roll(corners, -1, axis=1) - corners)[:, :, None] * along
    rings = sides.reshape(len(corners), -1, 2)
    return shapely.polygons(rings + chance.uniform(-2, 2, rings.shape))


@pytest.mark.slow
def test_forty_thousand_blocks_fit_on_a_page(tmp_path):
    homes = gpd.GeoDataFrame(
        {"name": [f"街区{i:05d}" for i in range(BLOCKS**2)]}, geometry=blocks()
    )
    homes = homes.set_crs(CRS)
    green = homes.set_geometry(homes.buffer(-15))
    green["class"] = np.array(["G11", "G2", "RG", "EG1"])[np.arange(len(green)) % 4]
    layers = {
        "built_up": gpd.GeoDataFrame(geometry=[shapely.box(*homes.total_bounds)], crs=CRS),
        "green": green,
        "residential": homes,
        "served": homes[["geometry"]].iloc[::2],
        "unserved": homes[["geometry"]].iloc[1::2],
    }
    city = hostile_check(tmp_path)
    check = replace(city, layers=layers, city=replace(city.city, layers={}))

    page = gs.interactive_map(check, tmp_path / "map.html")

    assert page.stat().st_size < BYTES
    found = {layer["key"]: layer for layer in data_of(page.read_text("utf-8"))["layers"]}
    drawn = found["residential"]
    assert len(drawn["shapes"]) == BLOCKS**2
    assert min(len(shape[0][0]) for shape in drawn["shapes"]) >= 6
    exact = next(fact for fact in drawn["facts"] if fact[0] == "全部面积")[2]
    assert [float(text.removesuffix(" m²")) for text in exact] == homes.area.tolist()
    assert sum(len(layer["shapes"]) for key, layer in found.items() if "green" in key) == BLOCKS**2
