"""What the words for an image mean: files by their literal names, variables, addresses."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import rasterio
from affine import Affine
from scipy.io import netcdf_file

from greenspace.errors import CrsError, RasterError
from greenspace.model.crs import parse_crs
from greenspace.model.grid import Window
from greenspace.read.header import Terms
from greenspace.read.image_path import locate
from greenspace.read.origin import open_origin
from tests.scene import write_raster

PLACE = Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 3_400_000.0)
VALUES = np.arange(1, 25, dtype="uint8").reshape(2, 3, 4)  # 2 bands, 3 rows, 4 columns


def read(image, number=1, **terms):
    origin = open_origin(image, Terms(**terms))
    with origin.session() as reading:
        return reading((number,), Window(0, 0, 3, 4))[0][0].tolist()


def write_netcdf(path, **variables):
    """Write planes over metres, without a word on the CRS."""
    with netcdf_file(path, "w") as file:
        file.createDimension("y", 3)
        file.createDimension("x", 4)
        for axis, centres in (
            ("x", 500_005.0 + 10 * np.arange(4)),
            ("y", 3_399_995.0 - 10 * np.arange(3)),
        ):
            variable = file.createVariable(axis, "f8", (axis,))
            variable[:] = centres
            variable.standard_name, variable.units = f"projection_{axis}_coordinate", "m"
        for name, plane in variables.items():
            file.createVariable(name, "f4", ("y", "x"))[:] = plane
    return path


@contextmanager
def server():
    """Serve nothing, and remember what was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()


# Literal names

NAMES = [
    "a!b.tif",
    "a?b.tif",
    "a#b.tif",
    "a|b.tif",
    "a&b=c.tif",
    "%20.tif",
    "影像 一.tif",
    "zip+x.tif",
    "[1]*.tif",
    "NETCDF:x.tif",
    'NETCDF:"x.nc":y',
    "vrt:x.tif",
    "GTIFF_DIR:1:x.tif",
]


@pytest.mark.parametrize("name", NAMES)
def test_what_exists_is_that_file_whatever_its_name_holds(tmp_path, monkeypatch, name):
    plain = write_raster(tmp_path / "plain.tif", VALUES, transform=PLACE)
    plain.rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for image in (name, tmp_path / name, str(tmp_path / name)):
        assert read(image, 2) == VALUES[1].tolist()


@pytest.mark.parametrize("name", ["no.tif", "x" * 5000, "a\0b.tif", "zip://no.zip!a.tif", ""])
def test_a_file_that_is_not_there_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RasterError):
        open_origin(name)


def test_a_name_that_is_nearly_right_is_suggested(tmp_path):
    write_raster(tmp_path / "image.tif", VALUES, transform=PLACE)
    with pytest.raises(RasterError, match=r"image\.tif") as caught:
        open_origin(tmp_path / "imgae.tif")
    assert caught.value.file == str(tmp_path / "imgae.tif")


def test_a_folder_is_no_image(tmp_path):
    with pytest.raises(RasterError) as caught:
        open_origin(tmp_path)
    assert caught.value.found == "folder"


# Kinds of file

KINDS = {
    "tiled": ("i.tif", {"tiled": True, "blockxsize": 16, "blockysize": 16}),
    "striped, one row each": ("i.tif", {"blockysize": 1}),
    "one strip": ("i.tif", {"blockysize": 3, "compress": "deflate"}),
    "band after band": ("i.tif", {"interleave": "band"}),
    "pixel by pixel": ("i.tif", {"interleave": "pixel"}),
    "BigTIFF": ("i.tif", {"BIGTIFF": "YES"}),
    "COG": ("i.tif", {"driver": "COG"}),
    "IMG": ("i.img", {"driver": "HFA"}),
    "ENVI": ("i.dat", {"driver": "ENVI"}),
    "PNG with a world file": ("i.png", {"driver": "PNG", "worldfile": "YES"}),
    "JPEG 2000": ("i.jp2", {"driver": "JP2OpenJPEG", "reversible": "YES", "quality": 100}),
}


@pytest.mark.parametrize(("name", "profile"), KINDS.values(), ids=KINDS.keys())
def test_the_same_pixels_come_from_every_kind_of_file(tmp_path, name, profile):
    path = write_raster(tmp_path / name, VALUES, transform=PLACE, **profile)
    assert [read(path, 1), read(path, 2)] == VALUES.tolist()
    grid = open_origin(path).header.grid
    assert grid.transform.almost_equals(PLACE)
    assert grid.crs.to_epsg() == 4547 or profile.get("driver") in ("HFA", "PNG", "ENVI")


def test_overviews_are_never_read(tmp_path):
    values = np.arange(64 * 64, dtype="uint16").reshape(1, 64, 64)
    path = write_raster(
        tmp_path / "o.tif", values, transform=PLACE, tiled=True, blockxsize=16, blockysize=16
    )
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2, 4])
    with rasterio.open(path, "r+", overview_level=0) as coarse:
        coarse.write(np.full((1, 32, 32), 9, dtype="uint16"))
    with rasterio.open(path, overview_level=0) as coarse:
        assert (coarse.read() == 9).all()  # the overviews lie
    origin = open_origin(path)
    with origin.session() as reading:
        assert (reading((1,), Window(0, 0, 64, 64))[0] == values).all()


@pytest.mark.parametrize("text", ["", "red", "<GDAL_WMS/>", '{"type": "FeatureCollection"}'])
def test_what_is_no_image_is_refused(tmp_path, text):
    path = tmp_path / "i.tif"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RasterError, match="cannot be opened as an image") as caught:
        open_origin(path)
    assert caught.value.file == str(path)


@pytest.mark.enable_socket
def test_a_file_that_is_the_address_of_a_service_is_not_followed(tmp_path):
    with server() as (home, asked):
        path = tmp_path / "service.tif"
        path.write_text(
            f'<GDAL_WMS><Service name="TMS"><ServerUrl>{home}/${{z}}</ServerUrl></Service>'
            "<DataWindow><UpperLeftX>0</UpperLeftX><UpperLeftY>9</UpperLeftY>"
            "<LowerRightX>9</LowerRightX><LowerRightY>0</LowerRightY><SizeX>9</SizeX>"
            "<SizeY>9</SizeY></DataWindow><BandsCount>1</BandsCount></GDAL_WMS>",
            encoding="utf-8",
        )
        with rasterio.open(path) as dataset, pytest.raises(rasterio.errors.RasterioIOError):
            dataset.read()
        assert asked  # GDAL left alone does follow it
        asked.clear()
        with pytest.raises(RasterError, match="cannot be opened as an image"):
            open_origin(path)
        assert asked == []


@pytest.mark.enable_socket
def test_an_address_is_asked_for_only_where_the_user_names_one():
    with server() as (home, asked):
        with pytest.raises(RasterError, match="cannot be opened as an image"):
            open_origin(f"{home}/image.tif")
        assert asked
    assert locate("/vsicurl/http://192.0.2.1/i.tif").target == "/vsicurl/http://192.0.2.1/i.tif"


# NetCDF


def test_a_file_of_one_variable_is_that_variable(tmp_path):
    path = write_netcdf(tmp_path / "one.nc", red=VALUES[0])
    assert read(path) == VALUES[0].tolist()
    assert open_origin(path).header.grid.bounds == (500_000, 3_399_970, 500_040, 3_400_000)


def test_several_variables_and_none_named_are_refused_with_the_list(tmp_path):
    path = write_netcdf(tmp_path / "two.nc", red=VALUES[0], nir=VALUES[1])
    with pytest.raises(RasterError, match="2 variables") as caught:
        open_origin(path)
    assert caught.value.found == ("red", "nir")
    assert read(f'NETCDF:"{path}":nir') == VALUES[1].tolist()
    assert read(f"NETCDF:{path}:red") == VALUES[0].tolist()
    with pytest.raises(RasterError, match="cannot be opened"):
        open_origin(f'NETCDF:"{path}":blue')
    with pytest.raises(RasterError, match="no such file"):
        open_origin('NETCDF:"http://192.0.2.1/two.nc":red')


# CRS


def test_a_crs_is_given_where_the_image_has_none(tmp_path):
    bare = write_netcdf(tmp_path / "one.nc", red=VALUES[0])
    wanted = parse_crs("EPSG:4547")
    assert open_origin(bare).header.grid.crs is None
    assert open_origin(bare, Terms(crs=wanted)).header.grid.crs == wanted


def test_a_crs_that_contradicts_the_image_is_refused(tmp_path):
    path = write_raster(tmp_path / "i.tif", VALUES, transform=PLACE)
    assert open_origin(path, Terms(crs=parse_crs("EPSG:4547"))).header.grid.crs.to_epsg() == 4547
    with pytest.raises(CrsError) as caught:
        open_origin(path, Terms(crs=parse_crs("EPSG:4548")))
    assert caught.value.file == str(path)
