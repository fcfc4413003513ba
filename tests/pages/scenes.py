"""Files of one page each: images of other sensors, what a hand draws or fills in, folders of a city."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
from affine import Affine
from openpyxl import load_workbook
from shapely import box

from tests.scene import write_raster

if TYPE_CHECKING:
    from collections.abc import Callable

AS_KEPT = {  # a name of ten bytes holds no more than five characters
    "built_up": ("建成区", {}),
    "districts": ("城区", {"DISTRICT": "名称"}),
    "green": ("绿地", {"绿地类型": "绿地类型"}),
    "parks": ("公园", {"NAME": "名称", "CLASS": "类型"}),
    "residential": ("居住用地", {"NAME": "名称"}),
}
WEST, NORTH = 500_000.0, 3_400_000.0


def two_sensors() -> None:
    """A scene of Sentinel-2, band by band with its classes, one of GF-2, and zones on both."""
    half = np.tile([True, False], (20, 10))
    red, nir = np.where(half, 2000, 3000), np.where(half, 4500, 3200)
    place = Affine(10, 0, WEST, 0, -10, NORTH)
    scene = {"transform": place, "crs": "EPSG:32650", "driver": "JP2OpenJPEG"}
    exact = {"QUALITY": "100", "REVERSIBLE": "YES"}
    write_raster(Path("B04_10m.jp2"), red.astype("uint16"), **scene, **exact)
    write_raster(Path("B08_10m.jp2"), nir.astype("uint16"), **scene, **exact)
    scl = np.full((10, 10), 4, dtype="uint8")
    scl[0, 0] = 9  # cloud, high probability: four pixels of 10 m
    coarse = {**scene, "transform": Affine(20, 0, WEST, 0, -20, NORTH)}
    write_raster(Path("SCL_20m.jp2"), scl, **coarse, **exact)
    four = np.stack([red, red, red, nir]).astype("uint16")
    write_raster(Path("gf2.tif"), four, transform=place, crs="EPSG:32650")
    zones = gpd.GeoDataFrame(geometry=[box(WEST, NORTH - 200, WEST + 200, NORTH)], crs=32650)
    zones.to_file("zones.gpkg")


def drawn_correction() -> None:
    """Add a square of 50 m in the sample city to first/corrections.gpkg, as a hand would."""
    path = Path("first", "corrections.gpkg")
    x, y = gpd.read_file("first/coverage.gpkg", layer="zones").union_all().centroid.coords[0]
    crs = gpd.read_file(path, layer="corrections").crs
    drawn = gpd.GeoDataFrame({"action": ["add"]}, geometry=[box(x, y, x + 50, y + 50)], crs=crs)
    drawn.to_file(path, layer="corrections", mode="a", promote_to_multi=True)


def filled_sheet() -> None:
    """Fill field/field_sheet.xlsx: every other place is green."""
    path = Path("field", "field_sheet.xlsx")
    book = load_workbook(path)
    sheet = book["野外核查表"]
    for number, row in enumerate(sheet.iter_rows(min_row=5)):
        row[5].value = "绿" if number % 2 else "非绿"
    book.save(path)


def visited_points() -> None:
    """Fill visit.gpkg: both dates are what the map says."""
    points = gpd.read_file("visit.gpkg", layer="points")
    points["before"] = np.where(points["stratum"].isin(["lost", "kept"]), "green", "not_green")
    points["after"] = np.where(points["stratum"].isin(["gained", "kept"]), "green", "not_green")
    points.to_file("visit.gpkg", layer="points")


def land_survey() -> None:
    """Write 三调.gdb with two parcels of the national land survey."""
    square = [
        box(500_000, 3_400_000, 500_100, 3_400_100),
        box(500_200, 3_400_000, 500_300, 3_400_100),
    ]
    parcels = gpd.GeoDataFrame({"DLBM": ["0701", "0810"]}, geometry=square, crs=4547)
    parcels.to_file("三调.gdb", layer="DLTB", driver="OpenFileGDB")


def write_shapefiles(city: Path, folder: Path) -> None:
    """Write layers of a city as an office keeps them: shapefiles in GBK with Chinese names, an image."""
    folder.mkdir(exist_ok=True)
    for layer, (file, columns) in AS_KEPT.items():
        frame = gpd.read_file(city / "layers.gpkg", layer=layer)
        frame = frame[[*columns, "geometry"]].rename(columns=columns)
        frame.to_file(folder / f"{file}.shp", encoding="GBK")
    shutil.copy(city / "image_2026.tif", folder / "image.tif")


def raw_files() -> None:
    """Put the script of the tutorial into the folder, as its reader downloaded it."""
    shutil.copy(Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "raw_files.py", ".")


NAMED: dict[str, Callable[[], None]] = {
    "scenes of two sensors": two_sensors,
    "a correction is drawn": drawn_correction,
    "the field sheet is filled in": filled_sheet,
    "the points are visited": visited_points,
    "a land survey": land_survey,
    "raw_files.py of the tutorial": raw_files,
}
