"""Cities of a province, quickly written and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
from shapely import box

from greenspace.model.province import Entry, Job
from greenspace.present.record import software_version

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """
[city]
name = "试城"
population = 1000
construction_land_per_head_m2 = 90.0
[layers.built_up]
path = "built_up.gpkg"
[layers.parks]
path = "parks.geojson"
"""
X, Y = 500_000, 3_380_000


def write_city(folder: Path, park_m: float = 100) -> Path:
    """1 km2 with one square park, for 1000 persons."""
    folder.mkdir(parents=True)
    ground = box(X, Y, X + 1000, Y + 1000)
    gpd.GeoDataFrame(geometry=[ground], crs="EPSG:4547").to_file(folder / "built_up.gpkg")
    write_parks(folder, park_m)
    path = folder / "city.toml"
    path.write_text(MANIFEST, encoding="utf-8")
    return path


def write_parks(folder: Path, park_m: float) -> None:
    park = box(X, Y, X + park_m, Y + park_m)
    gpd.GeoDataFrame(geometry=[park], crs="EPSG:4547").to_file(folder / "parks.geojson")


def write_province(folder: Path, *ids: str) -> Path:
    """Write a list of cities, each in a folder of its id; only those with one are there."""
    path = folder / "province.toml"
    tables = (f'[[city]]\nmanifest = "{name}/city.toml"\n' for name in ids)
    path.write_text("".join(tables), encoding="utf-8")
    return path


def job_of(manifest: Path, folder: Path, **how: object) -> Job:
    usual = {
        "standard": None,
        "on_bad_tile": None,
        "language": "zh",
        "force": False,
        "version": software_version(),
    }
    entry = Entry(id=folder.name, named=manifest.name, manifest=manifest)
    return Job(entry=entry, folder=folder, **{**usual, **how})
