"""Images that say in several ways at once what they do not show: all of them hold."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp
from shapely import box

import greenspace as gs
from greenspace.read.raster import open_image
from tests.scene import write_raster

PLACE = Affine(2.0, 0.0, 500_000.0, 0.0, -2.0, 3_400_000.0)
NEED = ("red", "nir")
BANDS = {"red": 1, "nir": 2}


def image(path, kind="uint8", count=3, *, alpha=None, nodata=None):
    """Write 10 x 10 pixels; of the alpha band, if there is one, rows 0-4 are wholly clear."""
    values = np.full((count, 10, 10), 77, dtype=kind)
    meanings = [ColorInterp.gray] + [ColorInterp.undefined] * (count - 1)
    if alpha is not None:
        values[alpha - 1, :5], values[alpha - 1, 5:] = 0, 1
        meanings[alpha - 1] = ColorInterp.alpha
    write_raster(path, values, transform=PLACE, nodata=nodata, photometric="MINISBLACK")
    with rasterio.open(path, "r+") as file:
        file.colorinterp = meanings
    return path


def seen(path, bands=BANDS, **how):
    reader = open_image(path, need=NEED, bands=bands, **how)
    (window,) = reader.grid.windows()
    _, _, shown = next(reader.stream(NEED, [window]))
    return shown


@pytest.mark.parametrize("nodata", [None, 0])
@pytest.mark.parametrize("kind", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize(("count", "alpha"), [(3, 3), (5, 5), (5, 3), (4, 4)])
def test_alpha_hides_wherever_it_stands_and_with_any_nodata(tmp_path, kind, count, alpha, nodata):
    # Alpha is 0 in 5 of 10 rows; 1 of 255 is partly clear and seen. No band holds 0.
    path = image(tmp_path / "i.tif", kind, count, alpha=alpha, nodata=nodata)
    shown = seen(path)
    assert shown.sum() == 50
    assert not shown[:5].any()
    assert seen(path, nodata=99).sum() == 50  # another nodata value lifts no alpha
    assert seen(path, nodata=77).sum() == 0


def test_coverage_knows_the_half_that_alpha_hides(tmp_path):
    # 10 x 10 pixels of 4 m2, of which half is seen: 200 m2 unseen of 400.
    path = image(tmp_path / "i.tif", alpha=3, nodata=0)
    zone = gpd.GeoSeries([box(500_000, 3_399_980, 500_020, 3_400_000)], crs=4547)
    frame = gs.green_coverage(gs.vegetation(path, bands=BANDS, threshold=-0.99), zone).to_frame()
    assert frame.unseen.iloc[0] == pytest.approx(200)


def test_a_band_named_as_data_is_no_alpha(tmp_path):
    # Band 3 holds 0 in rows 0-4 and is near infrared here.
    path = image(tmp_path / "i.tif", alpha=3)
    assert seen(path, bands={"red": 1, "nir": 3}, nodata=-1).all()
    declared = image(tmp_path / "d.tif", alpha=3, nodata=0)
    assert seen(declared, bands={"red": 1, "nir": 3}).sum() == 50  # as 0 is declared
    with rasterio.open(declared) as file:
        assert file.colorinterp[2] == ColorInterp.alpha


@pytest.mark.parametrize("inside", [True, False], ids=["in the file", "in a file beside it"])
def test_a_mask_and_a_declared_value_both_hold(tmp_path, inside):
    # Rows 0-4 hold the declared value, the mask hides rows 0-1 and row 9: 40 of 100 are seen.
    values = np.full((2, 10, 10), 500, dtype="int16")
    values[:, :5] = -9999
    path = write_raster(tmp_path / "i.tif", values, transform=PLACE, nodata=-9999)
    mask = np.full((10, 10), 255, dtype="uint8")
    mask[[0, 1, 9]] = 0
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=inside), rasterio.open(path, "r+") as file:
        file.write_mask(mask)
    shown = seen(path)
    assert shown[5:9].all()
    assert shown.sum() == 40
    assert seen(path, nodata=0).sum() == 70  # the user's value takes the place of -9999 alone


def test_bands_of_several_types_are_read_together(tmp_path):
    for name, kind, value in (("red", "uint8", 7), ("nir", "uint16", 900)):
        values = np.full((3, 4), value, dtype=kind)
        write_raster(tmp_path / f"{name}.tif", values, transform=PLACE)
    content = '<VRTDataset rasterXSize="4" rasterYSize="3"><SRS>EPSG:4547</SRS>'
    content += "<GeoTransform>500000,2,0,3400000,0,-2</GeoTransform>"
    for band, (name, kind) in enumerate((("red", "Byte"), ("nir", "UInt16")), 1):
        content += (
            f'<VRTRasterBand dataType="{kind}" band="{band}"><SimpleSource>'
            f'<SourceFilename relativeToVRT="1">{name}.tif</SourceFilename>'
            "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
        )
    (tmp_path / "i.vrt").write_text(content + "</VRTDataset>", encoding="utf-8")
    reader = open_image(tmp_path / "i.vrt", need=NEED, bands=BANDS)
    _, (red, nir), _ = next(reader.stream(NEED, reader.grid.windows()))
    assert (red == 7).all()
    assert (nir == 900).all()
