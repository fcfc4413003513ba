"""An image by a sensor's bands: as many as the product has, and in its order."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import box

import greenspace as gs
from greenspace.errors import RasterError
from tests.scene import write_raster

PLACE = Affine(4, 0, 500_000, 0, -4, 3_400_000)
GF2 = "gf2-pms"


def write(path, count, **given):
    values = np.full((count, 2, 2), 7, dtype="uint16")
    return write_raster(path, values, transform=PLACE, nodata=0, **given)


@pytest.mark.parametrize("sensor", [GF2, "planetscope-4b-sr"])
@pytest.mark.parametrize("count", [3, 5, 8])
def test_another_number_of_bands_than_the_product_has_is_refused(tmp_path, sensor, count):
    path = write(tmp_path / "i.tif", count)
    with pytest.raises(RasterError, match="has 4 bands") as caught:
        gs.vegetation(path, sensor=sensor, threshold=0.3)
    assert caught.value.found == count
    assert "bands = {" in caught.value.remedy.zh
    if count > 4:  # whoever names the bands knows the file
        gs.vegetation(path, sensor=sensor, bands={"red": 3, "nir": 4}, threshold=0.3)


def test_descriptions_in_another_order_than_the_sensors_are_refused(tmp_path):
    said = {"descriptions": ("NIR", "Red", "Green", "Blue")}
    path = write(tmp_path / "i.tif", 4, said=said)
    with pytest.raises(RasterError, match="'nir': 1") as caught:
        gs.vegetation(path, sensor=GF2, threshold=0.3)
    assert caught.value.found == {"nir": 1, "red": 2, "green": 3, "blue": 4}
    assert caught.value.expected == {"blue": 1, "green": 2, "red": 3, "nir": 4}


def test_descriptions_that_agree_or_say_nothing_are_no_matter(tmp_path):
    for row, names in enumerate([("Blue", "Green", "Red", "NIR"), ("b1", "b2", "b3", "b4")]):
        path = write(tmp_path / f"{row}.tif", 4, said={"descriptions": names})
        gs.vegetation(path, sensor=GF2, threshold=0.3)


def test_four_bytes_a_pixel_tagged_as_colours_and_alpha_are_four_bands(tmp_path):
    values = np.full((4, 2, 2), 9, dtype="uint8")
    path = write_raster(tmp_path / "b.tif", values, transform=PLACE, photometric="RGB", alpha="YES")
    gs.vegetation(path, sensor=GF2, threshold=0.1)


def test_an_alpha_band_is_none_of_the_sensors(tmp_path):
    path = write_raster(
        tmp_path / "rgba.tif",
        np.full((4, 2, 2), 9, dtype="uint8"),
        transform=PLACE,
        photometric="RGB",
        alpha="YES",
    )
    raster = gs.vegetation(path, index="exg", sensor="rgb", threshold=0.1)
    (note,) = (f for f in raster.findings() if f.code == "alpha_hides")
    assert (note.severity, "nir = 4" in note.text.en) == ("note", True)


@pytest.mark.parametrize(
    ("bands", "told"),
    [
        ({"red": 4, "nir": 1}, True),
        ({"red": 3, "nir": 2}, True),  # what it calls nir is not asked for
        ({"red": 1, "nir": 5}, True),  # nor here; band 5 is called otherwise
        ({"red": 1, "nir": 4}, False),
    ],
)
def test_bands_named_otherwise_than_the_image_describes_them_are_warned_of(tmp_path, bands, told):
    said = {"descriptions": ("Red", "Green", "Blue", "NIR", "b5")}
    path = write(tmp_path / "i.tif", 5, said=said)
    raster = gs.vegetation(path, bands=bands, threshold=0.3)
    found = [finding for finding in raster.findings() if finding.code == "bands_contradicted"]
    assert len(found) == told
    for finding in found:
        assert finding.severity == "warning"
        assert str(bands["nir"]) in finding.text.zh
        assert "'nir': 4" in finding.text.en


def test_an_alpha_band_that_is_named_is_data(tmp_path):
    values = np.full((4, 2, 2), 9, dtype="uint8")
    values[3, 0] = 0
    path = write_raster(tmp_path / "b.tif", values, transform=PLACE, photometric="RGB", alpha="YES")
    zone = gpd.GeoSeries([box(500_000, 3_399_992, 500_008, 3_400_000)], crs=4547)
    for bands, unseen in (({"red": 1, "nir": 2}, 32), ({"red": 1, "nir": 2, "swir": 4}, 0)):
        raster = gs.vegetation(path, bands=bands, threshold=0.1)
        table = gs.green_coverage(raster, zone)
        assert table.to_frame()["unseen"].iloc[0] == pytest.approx(unseen)
        assert ("alpha_hides" in {f.code for f in table.findings}) == (unseen > 0)
