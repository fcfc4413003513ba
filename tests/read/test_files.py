"""Files: only what can be read to its end is one."""

from __future__ import annotations

import os
import socket

import geopandas as gpd
import pytest
from shapely import box

from greenspace.errors import InputError, RasterError
from greenspace.read.files import require_file
from greenspace.read.image_path import locate
from greenspace.read.vector import list_layers, read_layer

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of Unix")


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.csv", "a.geojson", "a.parquet", "a.zip"])
def test_a_pipe_named_as_a_map_is_refused_and_not_waited_on(tmp_path, name):
    os.mkfifo(tmp_path / name)

    for reading in (read_layer, list_layers):
        with pytest.raises(InputError) as refused:
            reading(tmp_path / name)
        assert refused.value.found == "special"
        assert refused.value.remedy


@pytest.mark.parametrize("words", ["a.tif", "a.vrt", "a.nc", 'NETCDF:"a.nc":B04'])
def test_a_pipe_named_as_an_image_is_refused_too(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    for name in ("a.tif", "a.vrt", "a.nc"):
        os.mkfifo(name)

    with pytest.raises(RasterError) as refused:
        locate(words)

    assert refused.value.found == "special"


def test_devices_and_sockets_are_no_files_and_folders_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("door.gpkg")
    for special in ("/dev/zero", "door.gpkg"):
        with pytest.raises(InputError) as refused:
            require_file(special)
        assert refused.value.found == "special"
    assert require_file(tmp_path) == tmp_path


@pytest.mark.parametrize("part", [".dbf", ".shx", ".prj", ".cpg"])
def test_a_pipe_in_the_place_of_a_part_of_a_shapefile_is_refused(tmp_path, part):
    gpd.GeoDataFrame({"n": [1]}, geometry=[box(0, 0, 1, 1)], crs=4547).to_file(tmp_path / "a.shp")
    (tmp_path / f"a{part}").unlink()
    os.mkfifo(tmp_path / f"a{part}")

    with pytest.raises(InputError) as refused:
        read_layer(tmp_path / "a.shp")

    assert refused.value.found == "special"
