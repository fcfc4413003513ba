"""Scale, offset and nodata: the user's word, else the file's, else the sensor's; never a guess."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine

import greenspace as gs
from greenspace.errors import RasterError
from greenspace.read.raster import open_image
from greenspace.read.sensors import read_sensor
from tests.scene import write_raster

PLACE = Affine(10, 0, 500_000, 0, -10, 3_400_000)
BANDS = {"red": 1, "nir": 2}
# Numbers 2000 and 3000 of Sentinel-2 from baseline 04.00 on are reflectance 0.1 and 0.2:
# NDVI (0.2 - 0.1) / 0.3 = 1/3, while the raw numbers would give 1000 / 5000 = 0.2.
NUMBERS = np.array([[[2000, 2000]], [[3000, 3000]]], dtype="uint16")


def write(path, values=NUMBERS, **given):
    return write_raster(path, values, transform=PLACE, **given)


def opened(path, sensor, **given):
    return open_image(path, need=("red", "nir"), bands=BANDS, sensor=read_sensor(sensor), **given)


def values(image):
    ((_, bands, seen),) = image.stream(("red", "nir"), image.grid.windows())
    return [float(band[0, 0]) for band in bands], seen.tolist()


def codes(image):
    return [finding.code for finding in image.findings()]


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "image.tif")


def test_the_numbers_of_a_sensor_become_reflectance(file):
    image = opened(file, "sentinel2-l2a:05.10")
    assert values(image)[0] == pytest.approx([0.1, 0.2])
    assert image.scaled
    assert codes(image) == ["scale_of_sensor", "nodata_of_sensor"]
    text = image.findings()[0].text
    for words in (text.zh, text.en):
        assert "0.0001" in words
        assert "-0.1" in words
        assert "verified" in words
        assert "://" in words


@pytest.mark.parametrize("old", ["03.01", "harmonized"])
def test_an_older_baseline_has_no_offset(file, old):
    assert values(opened(file, f"sentinel2-l2a:{old}"))[0] == pytest.approx([0.2, 0.3])


def test_a_baseline_that_nobody_named_is_asked_for(file):
    with pytest.raises(RasterError, match="the date does not tell") as caught:
        opened(file, "sentinel2-l2a")
    assert "sentinel2-l2a:05.10" in caught.value.expected
    assert "scale" in caught.value.remedy.zh


def test_who_gives_scale_and_offset_needs_no_baseline(file):
    image = opened(file, "sentinel2-l2a", scale=1e-3, offset=0.5)
    assert values(image)[0] == pytest.approx([2.5, 3.5])
    assert "scale_of_sensor" not in codes(image)


HALVES = pytest.mark.parametrize("half", [{"scale": 1.0}, {"scale": 1e-4}, {"offset": -0.1}])


@HALVES
def test_half_a_conversion_is_refused(file, half):
    with pytest.raises(RasterError, match=r"sensor has .* only one was given"):
        opened(file, "landsat8-c2l2", **half)


@HALVES
@pytest.mark.parametrize("sensor", [None, "gf2-pms", "landsat8-c2l2"])
def test_half_a_conversion_is_not_made_whole_by_the_file(tmp_path, half, sensor):
    path = write(tmp_path / "s.tif", said={"scales": (1e-4,) * 2, "offsets": (-0.1,) * 2})
    known = None if sensor is None else read_sensor(sensor)
    with pytest.raises(RasterError, match=r"image has .* only one was given") as caught:
        open_image(path, need=("red", "nir"), bands=BANDS, sensor=known, **half)
    assert caught.value.file == str(path)


@pytest.mark.parametrize(
    ("half", "expected"), [({"scale": 1e-4}, [0.2, 0.3]), ({"offset": -1000.0}, [1000, 2000])]
)
def test_where_nobody_else_speaks_one_of_the_two_stands_alone(file, half, expected):
    image = open_image(file, need=("red", "nir"), bands=BANDS, **half)
    assert values(image)[0] == pytest.approx(expected)
    assert not image.scaled


def test_what_the_file_declares_goes_before_the_sensor(tmp_path):
    said = {"scales": (1e-4, 1e-4), "offsets": (-0.1, -0.1)}
    path = write(tmp_path / "s.tif", said=said)
    agreeing = opened(path, "sentinel2-l2a")
    assert values(agreeing)[0] == pytest.approx([0.1, 0.2])
    assert codes(agreeing) == ["scale_declared", "nodata_of_sensor"]
    other = opened(path, "landsat8-c2l2")
    assert values(other)[0] == pytest.approx([0.1, 0.2])
    assert codes(other) == ["scale_declared", "scale_contradicts", "nodata_of_sensor"]
    assert other.findings()[1].severity == "warning"


def test_an_offset_of_nothing_in_the_file_does_not_tell_the_baseline(tmp_path):
    path = write(tmp_path / "s.tif", said={"scales": (1e-4,) * 2, "offsets": (0.0,) * 2})
    with pytest.raises(RasterError, match="a tag of offset 0"):
        opened(path, "sentinel2-l2a")
    assert codes(opened(path, "sentinel2-l2a:02.14")) == ["scale_declared", "nodata_of_sensor"]
    assert "scale_contradicts" in codes(opened(path, "sentinel2-l2a:05.10"))


@pytest.mark.parametrize("sensor", [None, "gf2-pms", "sentinel2-l2a:05.10"])
@pytest.mark.parametrize("offset", [-0.1, 0.0])
def test_bands_that_declare_and_bands_that_do_not_are_refused(tmp_path, sensor, offset):
    path = write(tmp_path / "s.tif", said={"scales": (1e-4, 1.0), "offsets": (offset, 0.0)})
    known = None if sensor is None else read_sensor(sensor)
    with pytest.raises(RasterError, match="Some of the bands"):
        open_image(path, need=("red", "nir"), bands=BANDS, sensor=known)


@pytest.mark.parametrize("kind", ["float32", "uint8", "int16"])
def test_numbers_of_another_kind_are_not_taken_for_the_makers(tmp_path, kind):
    path = write(tmp_path / "f.tif", (NUMBERS // 20).astype(kind))
    with pytest.raises(RasterError, match="is not known") as caught:
        opened(path, "sentinel2-l2a:05.10")
    assert (caught.value.expected, caught.value.found) == ("uint16", kind)
    assert "scale=1" in caught.value.remedy.en
    assert values(opened(path, "sentinel2-l2a", scale=1.0, offset=0.0))[0] == [100, 150]


def test_the_nodata_of_a_sensor_holds_where_the_file_is_silent(tmp_path):
    black = NUMBERS.copy()
    black[:, 0, 1] = 0
    assert values(opened(write(tmp_path / "b.tif", black), "landsat7-c2l2"))[1] == [[True, False]]
    declared = write(tmp_path / "d.tif", black, nodata=3000)
    assert values(opened(declared, "landsat7-c2l2"))[1] == [[False, True]]
    given = opened(write(tmp_path / "g.tif", black), "landsat7-c2l2", nodata=2000)
    assert values(given)[1] == [[False, True]]


def test_a_sensor_without_a_conversion_leaves_raw_numbers_and_says_so(tmp_path):
    path = write(tmp_path / "gf.tif", np.concatenate([NUMBERS, NUMBERS]), nodata=0)
    image = gs.vegetation(path, sensor="gf2-pms", threshold=0.1)
    assert [finding.code for finding in image.findings()] == ["raw_numbers"]


def test_evi_takes_the_reflectance_of_a_sensor(tmp_path):
    path = write(tmp_path / "p.tif", np.concatenate([NUMBERS, NUMBERS]))
    image = gs.vegetation(path, index="evi", sensor="planetscope-4b-sr", threshold=0.1)
    assert image.reader.scaled


def test_one_file_a_band_takes_the_conversion_of_the_sensor(tmp_path):
    files = {
        name: write(tmp_path / f"x_{part}.tif", NUMBERS[row])
        for row, (name, part) in enumerate((("red", "B04"), ("nir", "B08")))
    }
    image = gs.vegetation(files, sensor="sentinel2-l2a:05.10", threshold=0.3)
    (strip,) = image.strips(image.grid.windows())
    assert strip.green.tolist() == [[1, 1]]  # NDVI is 1/3; raw it would be 0.2
    with pytest.raises(RasterError, match="it is nir"):
        gs.vegetation({"red": files["nir"], "nir": files["red"]}, sensor="sentinel2-l2a:05.10")


@pytest.mark.parametrize(
    ("scale", "offset"), [(0.0, 0.0), (float("nan"), 0.0), (float("inf"), 0.0), (1.0, float("nan"))]
)
def test_a_declared_scale_that_makes_no_values_is_refused(tmp_path, scale, offset):
    said = {"scales": (scale,) * 2, "offsets": (offset,) * 2}
    path = write_raster(tmp_path / "i.tif", NUMBERS, transform=PLACE, nodata=0, said=said)
    with pytest.raises(RasterError, match="make no values") as caught:
        gs.vegetation(path, bands=BANDS)
    assert caught.value.file == str(path)
    assert gs.vegetation(path, bands=BANDS, scale=1e-4, offset=0).reader.scaled
