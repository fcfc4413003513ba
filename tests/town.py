"""A town of 1 km² whose numbers can be redone by hand, and the files that describe it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import rasterio
from affine import Affine
from shapely import box

CRS = "EPSG:4547"
X, Y = 500_000, 3_380_000


def at(x0, y0, x1, y1):
    return box(X + x0, Y + y0, X + x1, Y + y1)


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


LAYERS = {
    # 1000 x 1000 m, of which the west 400 m are district A, the next 500 m B, 100 m neither
    "built_up": layer([at(0, 0, 1000, 1000)]),
    "districts": layer(
        [at(-50, 0, 400, 1000), at(400, 0, 900, 1000)], NAME=["甲区", "乙区"], POP=[4000, 6000]
    ),
    "construction": layer([at(0, 0, 900, 1000)]),
    # inside 100 x 1000 = 10 ha (G1) + 100 x 500 = 5 ha (RG); other 100 x 1000 = 10 ha, adjacent
    "green": layer(
        [at(0, 0, 100, 1000), at(500, 0, 600, 500), at(900, 0, 1000, 1000)],
        CLASS=["G11", "RG", "EG1"],
    ),
    "parks": layer([at(-20, 0, 100, 1000)], NAME=["西园"]),
    "homes": layer([at(100, 400, 800, 500)]),
    # 30 ha of canopy, of which 10 ha overlap
    "canopy": layer([at(0, 0, 200, 1000), at(100, 0, 300, 1000)]),
}
MANIFEST = """
[city]
name = "试城"
population = 10_000
population_basis = "城区人口"
construction_land_per_head_m2 = 90.0
[layers.built_up]
path = "city.gpkg"
layer = "built_up"
[layers.districts]
path = "city.gpkg"
layer = "districts"
columns = { name = "NAME", population = "POP" }
[layers.construction_land]
path = "city.gpkg"
layer = "construction"
[layers.green]
path = "city.gpkg"
layer = "green"
columns = { class = "CLASS" }
edition = "2017"
[layers.parks]
path = "city.gpkg"
layer = "parks"
columns = { name = "NAME" }
[layers.residential]
path = "city.gpkg"
layer = "homes"
[layers.vegetation]
path = "city.gpkg"
layer = "canopy"
"""
IMAGE = """
[[image]]
path = "image.tif"
date = 2026-06-12
bands = { red = 1, nir = 2 }
[vegetation]
threshold = 0.3
"""


def write_image(folder, *, shift=0.0):
    """10 m pixels over 1200 x 1200 m; green west of x = 350, nodata in the east 50 m."""
    red = np.full((120, 120), 1000, dtype="uint16")
    nir = np.full_like(red, 1000)
    nir[:, :45] = 3000
    red[:, 105:] = nir[:, 105:] = 0
    transform = Affine(10, 0, X - 100 + shift, 0, -10, Y + 1100)
    profile = {"driver": "GTiff", "width": 120, "height": 120, "count": 2, "dtype": "uint16"}
    with rasterio.open(
        folder / "image.tif", "w", crs=CRS, transform=transform, nodata=0, **profile
    ) as file:
        file.write(red, 1)
        file.write(nir, 2)


def write_town(folder):
    for name, frame in LAYERS.items():
        frame.to_file(folder / "city.gpkg", layer=name)
    write_image(folder)
    (folder / "polygons.toml").write_text(MANIFEST, encoding="utf-8")
    (folder / "city.toml").write_text(MANIFEST + IMAGE, encoding="utf-8")
    return folder


def measured(check, indicator, **wanted):
    return next(
        item
        for item in check.measured
        if item.ratio.indicator == indicator
        and all(getattr(item, name) == value for name, value in wanted.items())
    )


CORRECTIONS = """
[layers.corrections]
path = "city.gpkg"
layer = "{name}"
columns = {{ action = "DO" }}
"""
# The image: 35 ha green in the west, 60 ha bare, 5 ha without data in the east.
FIXES = layer(
    [at(400, 0, 500, 100), at(0, 0, 100, 50), at(960, 0, 1000, 1000)], DO=["增", "删", "add"]
)


def corrected_town(town, name, frame=FIXES, *, source="image", image=IMAGE):
    """Write a manifest of the town with corrections, and return its path."""
    frame.to_file(town / "city.gpkg", layer=name)
    text = MANIFEST + CORRECTIONS.format(name=name)
    text += image.replace("threshold", f'source = "{source}"\nthreshold')
    (town / f"{name}.toml").write_text(text, encoding="utf-8")
    return town / f"{name}.toml"
