"""Few decoded tiles are kept whatever it is that streams an image."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from rasterio.env import getenv, hasenv
from shapely import box

import greenspace as gs
from greenspace.model.grid import Grid
from greenspace.read import origin
from greenspace.read.block_cache import NAME, OF_TILES, few_blocks_kept
from tests.scene import write_raster

ZONES = gpd.GeoDataFrame(geometry=[box(500_000, 3_399_960, 500_040, 3_400_000)], crs=4547)
WAYS = {
    "coverage": (OF_TILES, lambda image, _: gs.green_coverage(image, ZONES)),
    "change": (OF_TILES, lambda image, _: gs.green_change(image, image, ZONES)),
    "sample": (
        OF_TILES,
        lambda image, _: gs.draw_reference_sample(
            image, ZONES, seed=1, points={"green": 2, "not_green": 2}
        ),
    ),
    "mask": (64 * 2**20, lambda image, folder: gs.write_mask(image, folder / "mask.tif")),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_streams_an_image_keeps_few_tiles(monkeypatch, tmp_path, way):
    monkeypatch.delenv(NAME, raising=False)
    kept = []
    read = origin.read_bare

    def spy(*given):
        kept.append(getenv().get(NAME) if hasenv() else None)
        return read(*given)

    monkeypatch.setattr(origin, "read_bare", spy)
    transform = Affine(10, 0, 500_000, 0, -10, 3_400_000)
    path = write_raster(
        tmp_path / "green.tif", np.eye(4, dtype="uint8"), transform=transform, nodata=255
    )
    most, call = WAYS[way]
    call(path, tmp_path)
    assert set(kept) == {most}


def test_a_size_that_the_user_set_holds(monkeypatch):
    monkeypatch.setenv(NAME, "64")
    with few_blocks_kept(Grid(4, 4, Affine.identity(), None)):
        assert not hasenv() or NAME not in getenv()
