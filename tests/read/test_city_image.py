"""Images of a manifest: one file, many, one a band, a variable; each with its checksum."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from affine import Affine

import greenspace as gs
from greenspace.errors import InputError, ManifestError
from tests.read.test_image_path import write_netcdf
from tests.scene import write_raster

PLACE = Affine(2.0, 0.0, 500_000.0, 0.0, -2.0, 3_400_000.0)
CITY = '[city]\nname = "清河"\n[[image]]\n'


@pytest.fixture
def folder(tmp_path):
    """A folder with two tiles of two bands, and each band of the first in a file."""
    (tmp_path / "tiles").mkdir()
    for i in range(2):
        both = np.stack([np.full((4, 4), 1 + i), np.full((4, 4), 3 + i)]).astype("uint8")
        place = PLACE @ Affine.translation(4 * i, 0)
        write_raster(tmp_path / "tiles" / f"{i}.tif", both, transform=place)
    for name, value in (("red", 1), ("nir", 3)):
        write_raster(tmp_path / f"{name}.tif", np.full((4, 4), value, "uint8"), transform=PLACE)
    return tmp_path


def city(folder, words):
    (folder / "city.toml").write_text(CITY + words, encoding="utf-8")
    return gs.read_city(folder / "city.toml")


def images(found):
    return [source.name for source in found.inputs if source.role == "image"]


def grid(found, **how):
    return gs.vegetation(found.image, threshold=0.1, **how).grid


@pytest.mark.parametrize(
    "words", ['["tiles/0.tif", "tiles/1.tif"]', '"tiles/*.tif"', '["tiles/0*", "tiles/1*"]']
)
def test_many_files_are_one_image(folder, words):
    found = city(folder, f"path = {words}\nbands = {{ red = 1, nir = 2 }}")
    assert images(found) == ["tiles/0.tif", "tiles/1.tif"]
    assert found.image.name == "tiles/0.tif (+1)"
    assert (grid(found).width, grid(found).height) == (8, 4)
    digest = hashlib.sha256((folder / "tiles" / "1.tif").read_bytes()).hexdigest()
    assert [s.sha256 for s in found.inputs if s.name == "tiles/1.tif"] == [digest]


def test_each_band_may_have_its_file_or_its_files(folder):
    found = city(folder, 'path = { red = "red.tif", nir = "nir.tif" }')
    assert images(found) == ["red.tif", "nir.tif"]
    assert grid(found).width == 4
    found = city(folder, 'path = { red = ["red.tif"], nir = "nir.tif" }')
    assert grid(found).width == 4


def test_a_variable_is_named_and_its_file_is_kept_once(folder):
    write_netcdf(folder / "s2.nc", red=np.full((3, 4), 1), nir=np.full((3, 4), 3))
    words = """path = { red = 'NETCDF:"s2.nc":red', nir = 'NETCDF:"s2.nc":nir' }"""
    found = city(folder, words + '\ncrs = "EPSG:4547"')
    assert images(found) == ["s2.nc"]
    assert grid(found).crs.to_epsg() == 4547


def test_a_star_in_a_name_that_exists_is_a_letter(folder):
    try:
        (folder / "red.tif").rename(folder / "a*.tif")
    except OSError:
        pytest.skip("this system has no such names")
    (folder / "nir.tif").rename(folder / "ab.tif")
    assert images(city(folder, 'path = "a*.tif"')) == ["a*.tif"]


@pytest.mark.parametrize(
    "words", ['"tiles/*.jp2"', '["tiles/0.tif", "no.tif"]', '{ red = "no.tif" }']
)
def test_files_that_are_not_there_are_refused(folder, words):
    with pytest.raises(InputError) as caught:
        city(folder, f"path = {words}")
    assert caught.value.layer == "image"


@pytest.mark.parametrize(
    "words", ["[]", "{}", '""', '[""]', "3", "{ red = [] }", '[["a.tif"]]', "[1]"]
)
def test_a_path_of_another_form_is_refused(folder, words):
    with pytest.raises(ManifestError) as caught:
        city(folder, f"path = {words}")
    assert "image[1].path" in str(caught.value)


@pytest.mark.parametrize("word", ['"skip"', "true"])
def test_bad_tiles_are_refused_or_unseen(folder, word):
    with pytest.raises(ManifestError):
        city(folder, f'path = "red.tif"\non_bad_tile = {word}')
    found = city(folder, 'path = "red.tif"\non_bad_tile = "unseen"\nallow_outside = true')
    assert (found.image.on_bad_tile, found.image.allow_outside) == ("unseen", True)
    found = city(folder, 'path = "red.tif"')
    assert (found.image.on_bad_tile, found.image.allow_outside) == ("refuse", False)


def test_a_vrt_that_reaches_further_needs_the_manifests_word(folder):
    (folder / "inner").mkdir()
    (folder / "inner" / "i.vrt").write_text(
        '<VRTDataset rasterXSize="4" rasterYSize="4"><SRS>EPSG:4547</SRS><GeoTransform>500000,2,0,'
        "3400000,0,-2</GeoTransform>"
        + "".join(
            f'<VRTRasterBand dataType="Byte" band="{band}"><SimpleSource><SourceFilename '
            f'relativeToVRT="1">../tiles/0.tif</SourceFilename><SourceBand>{band}</SourceBand>'
            "</SimpleSource></VRTRasterBand>"
            for band in (1, 2)
        )
        + "</VRTDataset>",
        encoding="utf-8",
    )
    words = 'path = "inner/i.vrt"\nbands = { red = 1, nir = 2 }\n'
    with pytest.raises(InputError, match="outside its folder"):
        grid(city(folder, words))
    assert grid(city(folder, words + "allow_outside = true")).width == 4
