"""Data for the benchmark of coverage: images, masks and zones, made anew from a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin
from rasterio.windows import Window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

CRS = "EPSG:25832"
WEST, NORTH = 500_000.0, 5_600_000.0
STRIP = 512
OCTAVES = ((512, 0.45), (64, 0.35), (8, 0.25))
BASES = (900, 1000, 1100, 1800)
SLOPES = (-350, -300, -600, 2200)
THRESHOLD = 0.6  # near the middle of what these bands give
NODATA = 255


def profile(width: int, height: int, **more: object) -> dict[str, object]:
    """Return how a tiled, compressed GeoTIFF of 1 m pixels is written."""
    return {
        "driver": "GTiff",
        "width": width,
        "height": height,
        "tiled": True,
        "blockxsize": 512,
        "blockysize": 512,
        "compress": "deflate",
        "zlevel": 6,
        "crs": CRS,
        "transform": from_origin(WEST, NORTH, 1, 1),
        "BIGTIFF": "IF_SAFER",
        "num_threads": 2,
        **more,
    }


def _fields(rng: np.random.Generator, size: int) -> list[NDArray[np.float32]]:
    shapes = [(size // step + 3, size // step + 3) for step, _ in OCTAVES]
    return [rng.standard_normal(shape).astype(np.float32) for shape in shapes]


def _smooth(fields: list[NDArray[np.float32]], top: int, size: int) -> NDArray[np.float32]:
    """Return rows of noise that is correlated over several distances."""
    out = np.zeros((STRIP, size), dtype=np.float32)
    for field, (step, weight) in zip(fields, OCTAVES, strict=True):
        y, x = (top + np.arange(STRIP)) / step, np.arange(size) / step
        row, col = y.astype(int), x.astype(int)
        down, right = (y - row).astype(np.float32)[:, None], (x - col).astype(np.float32)
        rows = field[row] * (1 - down) + field[row + 1] * down
        out += weight * (rows[:, col] * (1 - right) + rows[:, col + 1] * right)
    return out


def strips(size: int, contrast: float = 4.0) -> Iterator[tuple[int, NDArray[np.uint16]]]:
    """Yield four bands strip by strip, each with its first row; contrast parts plants from not."""
    rng = np.random.default_rng(0)
    fields = _fields(rng, size), _fields(rng, size)
    for top in range(0, size, STRIP):
        plants = 1 / (1 + np.exp(-contrast * _smooth(fields[0], top, size)))
        shade = 150 * _smooth(fields[1], top, size)
        noise = 40 * rng.standard_normal((4, STRIP, size), dtype=np.float32)
        bands = [
            np.clip(base + slope * plants + shade + grain, 1, 65535)
            for base, slope, grain in zip(BASES, SLOPES, noise, strict=True)
        ]
        yield top, np.stack(bands).astype(np.uint16)


def write_images(folder: Path, size: int) -> dict[str, Path]:
    """Write the same four bands pixel by pixel and band by band, and their mask."""
    paths = {name: folder / f"{name}-{size}.tif" for name in ("pixel", "band", "mask")}
    bands = {"count": 4, "dtype": "uint16", "predictor": 2, "nodata": 0}
    said = profile(size, size, **bands)
    one = profile(size, size, count=1, dtype="uint8", nodata=NODATA)
    with (
        rasterio.open(paths["pixel"], "w", **{**said, "interleave": "pixel"}) as by_pixel,
        rasterio.open(paths["band"], "w", **{**said, "interleave": "band"}) as by_band,
        rasterio.open(paths["mask"], "w", **one) as mask,
    ):
        for top, values in strips(size):
            window = Window(0, top, size, STRIP)
            by_pixel.write(values, window=window)
            by_band.write(values, window=window)
            red, nir = values[0].astype(float), values[3].astype(float)
            mask.write(((nir - red) / (nir + red) > THRESHOLD).astype(np.uint8), 1, window=window)
    return paths


def write_sparse(path: Path, width: int, height: int) -> None:
    """Write a wide image of which only some tiles are there."""
    said = profile(width, height, count=4, dtype="uint16", predictor=2, nodata=0)
    said["SPARSE_OK"] = True
    rng = np.random.default_rng(0)
    tile = rng.integers(1, 4000, (4, STRIP, STRIP)).astype(np.uint16)
    with rasterio.open(path, "w", **said) as dataset:
        for top in range(0, height - STRIP, 4 * STRIP):
            for left in range(0, width - STRIP, 4 * STRIP):
                dataset.write(tile, window=Window(left, top, STRIP, STRIP))


def voronoi(width: int, height: int, count: int) -> gpd.GeoDataFrame:
    """Return about `count` cells that cover an image without gaps."""
    rng = np.random.default_rng(0)
    side = round(count**0.5)
    row, col = np.divmod(np.arange(side * side), side)
    jitter = rng.uniform(-0.4, 0.4, (2, side * side)) + 0.5
    x = WEST + (col + jitter[0]) * width / side
    y = NORTH - (row + jitter[1]) * height / side
    whole = shapely.box(WEST, NORTH - height, WEST + width, NORTH)
    points = shapely.multipoints(np.column_stack((x, y)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=whole))
    return gpd.GeoDataFrame(geometry=shapely.intersection(cells, whole), crs=CRS)


def parcels(width: int, height: int, count: int) -> gpd.GeoDataFrame:
    """Return star-shaped parcels of about 100 pixels and 40 corners."""
    rng = np.random.default_rng(1)
    reach = 5.8
    centres = rng.uniform(2 * reach, (width - 2 * reach, height - 2 * reach), (count, 2))
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    around = np.stack((np.cos(angle), np.sin(angle)), axis=-1)
    ring = centres[:, None] + reach * rng.uniform(0.7, 1.25, (count, 40, 1)) * around
    rings = ring * (1, -1) + (WEST, NORTH)
    shapes = shapely.polygons(np.concatenate((rings, rings[:, :1]), axis=1))
    return gpd.GeoDataFrame(geometry=shapes, crs=CRS)
