"""Cities for the benchmark of scale: one large image under few layers, made anew from a seed."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING

import geopandas as gpd
import rasterio
import shapely
from rasterio.transform import from_origin
from rasterio.windows import Window

from benchmarks.coverage_data import STRIP, profile, strips

if TYPE_CHECKING:
    from pathlib import Path

CRS = "EPSG:4547"
WEST, NORTH = 490_000.0, 3_400_000.0
PIXEL_M = 0.5
SIDE = 10  # districts along a side
CONTRAST = 20.0  # two humps with a valley, as Otsu's threshold asks for
TEXTURES = 4  # strips that differ; further ones repeat them
MANIFEST = """[city]
name = "{name}"
date = 2026-06-30
standard = "CN-2022"
population = 1_000_000
[layers.built_up]
path = "layers.gpkg"
layer = "built_up"
[layers.districts]
path = "layers.gpkg"
layer = "districts"
columns = {{ name = "NAME" }}
[[image]]
path = "image.tif"
date = 2026-06-12
bands = {{ red = 1, nir = 4 }}
[vegetation]
index = "ndvi"
threshold = "otsu"
"""


def write_city(folder: Path, pixels: int) -> Path:
    """Write a city under an image of so many pixels a side, and return its manifest."""
    folder.mkdir(parents=True)
    _write_image(folder / "image.tif", pixels)
    side = pixels * PIXEL_M
    whole = shapely.box(WEST, NORTH - side, WEST + side, NORTH).buffer(-side / 50, join_style=2)
    west, south, east, north = whole.bounds
    wide, high = (east - west) / SIDE, (north - south) / SIDE
    cells = [
        shapely.box(
            west + column * wide, south + row * high,
            west + (column + 1) * wide, south + (row + 1) * high,
        )
        for row in range(SIDE)
        for column in range(SIDE)
    ]  # fmt: skip
    names = [f"{number:03}" for number in range(len(cells))]
    layers = folder / "layers.gpkg"
    gpd.GeoDataFrame(geometry=[whole], crs=CRS).to_file(layers, layer="built_up")
    gpd.GeoDataFrame({"NAME": names}, geometry=cells, crs=CRS).to_file(layers, layer="districts")
    manifest = folder / "city.toml"
    manifest.write_text(MANIFEST.format(name=folder.name), encoding="utf-8")
    return manifest


def _write_image(path: Path, pixels: int) -> None:
    said = profile(pixels, pixels, count=4, dtype="uint16", predictor=2, nodata=0)
    said |= {"crs": CRS, "transform": from_origin(WEST, NORTH, PIXEL_M, PIXEL_M), "zlevel": 3}
    textures = cycle([values for _, values in islice(strips(pixels, CONTRAST), TEXTURES)])
    with rasterio.open(path, "w", **said) as dataset:
        for top in range(0, pixels, STRIP):
            dataset.write(next(textures), window=Window(0, top, pixels, STRIP))
