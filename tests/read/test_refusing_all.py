"""Whatever a file holds, by refusal: no other exception than ours leaves a reader."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import Point, Polygon

from greenspace.errors import GeometryError, InputError
from greenspace.read import vector
from greenspace.read.vector import list_layers, read_layer
from tests.read.test_ogr import DXF

SQUARE = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])


# Coordinates that are none


@pytest.mark.parametrize("wild", [math.nan, math.inf, -math.inf, 1e200, -2e8])
@pytest.mark.parametrize("name", ["a.gpkg", "a.fgb"])
def test_impossible_coordinates_are_refused_with_their_rows(tmp_path, wild, name):
    broken = shapely.transform(SQUARE, lambda points: np.where(points > 0, wild, points))
    layer = gpd.GeoDataFrame(geometry=[SQUARE, broken, None, broken], crs=4547)
    layer.to_file(tmp_path / name, SPATIAL_INDEX="NO")
    with pytest.raises(GeometryError) as caught:
        read_layer(tmp_path / name, crs=None)
    assert caught.value.rows == (1, 3)
    assert len(str(caught.value)) < 300


def test_the_largest_easting_with_a_zone_number_is_possible(tmp_path):
    gpd.GeoDataFrame(geometry=[Point(45_500_000, 5.9e6)], crs=4533).to_file(tmp_path / "a.gpkg")
    assert len(read_layer(tmp_path / "a.gpkg")) == 1


def test_an_empty_shape_has_no_impossible_coordinates(tmp_path):
    layer = gpd.GeoDataFrame(geometry=[Point(5e5, 2.5e6), Point()], crs=4547)
    layer.to_file(tmp_path / "a.gpkg")
    assert len(read_layer(tmp_path / "a.gpkg")) == 2


# Whatever else


@pytest.mark.parametrize("suffix", ["csv", "gpkg", "osm.pbf", "parquet", "shp", "zip", "geojson"])
@pytest.mark.parametrize("kind", ["folder", "empty"])
def test_a_folder_or_an_empty_file_is_refused(tmp_path, suffix, kind):
    path = tmp_path / f"x.{suffix}"
    if kind == "folder":
        path.mkdir()
    else:
        path.touch()
    for reading in (read_layer, list_layers):
        with pytest.raises(InputError) as caught:
            reading(path)
        assert caught.value.remedy is not None


def test_a_layer_named_by_a_number_is_refused(tmp_path):
    gpd.GeoDataFrame(geometry=[SQUARE], crs=4547).to_file(tmp_path / "a.gpkg")
    with pytest.raises(InputError):
        read_layer(tmp_path / "a.gpkg", layer=5)


@pytest.mark.parametrize("error", [KeyError, UnboundLocalError, AttributeError, TypeError])
def test_an_error_that_no_reader_knows_becomes_a_refusal(tmp_path, monkeypatch, error):
    class Failing:
        def names(self):
            raise error("x")

        layers = names

    (tmp_path / "a.gpkg").touch()
    monkeypatch.setattr(vector, "reader_of", lambda *_: Failing())
    for reading in (read_layer, list_layers):
        with pytest.raises(InputError) as caught:
            reading(tmp_path / "a.gpkg")
        assert caught.value.found == error.__name__


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_interruption_stays_one(tmp_path, monkeypatch, error):
    def interrupted(*_):
        raise error

    (tmp_path / "a.gpkg").touch()
    monkeypatch.setattr(vector, "_one_layer", interrupted)
    gpd.GeoDataFrame(geometry=[SQUARE], crs=4547).to_file(tmp_path / "a.gpkg")
    with pytest.raises(error):
        read_layer(tmp_path / "a.gpkg")


def test_a_refusal_names_no_place_in_the_code_of_gdal_and_no_shapefile(tmp_path):
    path = tmp_path / "a.dxf"
    path.write_text(DXF.format(page="")[:-40] + "\n0\nLWPOLYLINE\nx\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_layer(path, crs="EPSG:4547")
    sentence = caught.value.sentence("en")
    assert ".cpp" not in sentence
    assert ".shx" not in sentence


# Units of a drawing


def drawing(path, code):
    units = f"9\n$INSUNITS\n70\n{code:6d}\n"
    path.write_text(DXF.format(page=units), encoding="utf-8")
    return [item.code for item in read_layer(path, crs="local-metre").attrs["findings"]]


@pytest.mark.parametrize(("code", "told"), [(0, False), (6, False), (4, True), (2, True)])
def test_a_drawing_that_states_other_units_than_metres_is_told(tmp_path, code, told):
    assert ("drawing_units" in drawing(tmp_path / "a.dxf", code)) is told
