"""Attributes by hand: no field of a file disappears, no parcel number loses a digit."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from greenspace.read.vector import read_layer

PARCEL = 2**53 + 1  # the first whole number that a float cannot hold
PLACES = [Point(113.3, 23.1)] * 3


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.fgb", "a.geojsonl"])
def test_whole_numbers_keep_their_last_digit_beside_gaps(tmp_path, name):
    numbers = pd.array([PARCEL, None, -PARCEL], dtype="Int64")
    gpd.GeoDataFrame({'地块 "号"': numbers}, geometry=PLACES, crs=4326).to_file(
        tmp_path / name, driver="GeoJSONSeq" if name.endswith("l") else None
    )
    column = read_layer(tmp_path / name).iloc[:, 0]
    assert column.name == '地块 "号"'
    assert [None if pd.isna(value) else int(value) for value in column] == [PARCEL, None, -PARCEL]


def test_small_whole_numbers_beside_gaps_stay_floats(tmp_path):
    numbers = pd.array([2**53 - 1, None, 3], dtype="Int64")
    gpd.GeoDataFrame({"n": numbers}, geometry=PLACES, crs=4326).to_file(tmp_path / "a.gpkg")
    assert read_layer(tmp_path / "a.gpkg")["n"].dtype == float


def test_a_property_called_geometry_is_kept_under_another_name_and_told(tmp_path):
    point = {"type": "Point", "coordinates": [113.3, 23.1]}
    features = [
        {"type": "Feature", "geometry": point, "properties": {"geometry": kind, "n": 1}}
        for kind in ("线", None)
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    frame = read_layer(path)
    assert frame["geometry_in_file"].dropna().tolist() == ["线"]
    assert frame.geometry.tolist() == [Point(113.3, 23.1)] * 2
    (told,) = (item for item in frame.attrs["findings"] if item.code == "renamed")
    assert "geometry_in_file" in told.text.zh


def test_a_column_called_geometry_in_a_geopackage_is_kept(tmp_path):
    gpd.GeoDataFrame({"n": [1], "shape": PLACES[:1]}, geometry="shape", crs=4326).rename(
        columns={"n": "geometry"}
    ).to_file(tmp_path / "a.gpkg", geometry_name="shape")
    assert read_layer(tmp_path / "a.gpkg")["geometry_in_file"].tolist() == [1]
