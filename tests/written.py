"""Layers to be written, and how to look at what came back."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from shapely import box

KINDS = (".gpkg", ".shp", ".geojson", ".parquet")
SQUARE = box(500_000, 3_380_000, 500_100, 3_380_100)
RARE = "𠮷"  # outside GBK and outside the basic plane
CHINESE = {"公园绿地名称": ["人民公园", "滨河绿地"], "面积": [1.25, 2.0], "等级": [1, 2]}


def layer(columns=None, shapes=None, crs=4547):
    columns = CHINESE if columns is None else columns
    shapes = [SQUARE, shapely.transform(SQUARE, lambda at: at + 200)] if shapes is None else shapes
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


def values(frame):
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return [tuple(None if pd.isna(item) else item for item in row) for row in plain.to_numpy()]


def codes(written):
    return {finding.code for finding in written.findings}


def files(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
