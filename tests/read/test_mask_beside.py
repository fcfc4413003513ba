"""Files NAME.msk beside an image: GeoTIFFs hide pixels, anything else would be followed."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine

from greenspace.errors import RasterError
from greenspace.model.grid import Window
from greenspace.read.origin import open_origin
from tests.read.test_image_path import server
from tests.scene import write_raster

PLACE = Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 3_400_000.0)
VRT = (
    '{mark} rasterXSize="4" rasterYSize="3"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
    '<SourceFilename relativeToVRT="0">/vsicurl/{home}/m.tif</SourceFilename>'
    "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
)


def write(path):
    return write_raster(path, np.ones((3, 4), dtype="uint8"), transform=PLACE)


def mosaic(folder, path):
    folder.joinpath("m.vrt").write_text(
        '<VRTDataset rasterXSize="4" rasterYSize="3"><SRS>EPSG:4547</SRS><GeoTransform>'
        '500000,10,0,3400000,0,-10</GeoTransform><VRTRasterBand dataType="Byte" band="1">'
        f'<SimpleSource><SourceFilename relativeToVRT="1">{path.name}</SourceFilename>'
        "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>",
        encoding="utf-8",
    )
    return folder / "m.vrt"


def read(path):
    with open_origin(path).session() as reading:
        return reading((1,), Window(0, 0, 3, 4))[1]


@pytest.mark.enable_socket
@pytest.mark.parametrize("name", ["i.tif.msk", "i.tif.MSK", "I.TIF.msk", "m.vrt.msk"])
@pytest.mark.parametrize("mark", ["<VRTDataset", "<!-- --><vrtdataset", "<GDAL_WMS>"])
def test_a_mask_that_stands_for_an_address_is_refused_unasked(tmp_path, name, mark):
    image = write(tmp_path / "i.tif")
    whole = mosaic(tmp_path, image)
    with server() as (home, asked):
        (tmp_path / name).write_text(VRT.format(mark=mark, home=home), encoding="utf-8")
        opened = whole if name.startswith("m") else image
        for each in {opened, whole}:
            with pytest.raises(RasterError, match="is no GeoTIFF") as caught:
                read(each)
            assert caught.value.found == name
        assert asked == []


def test_a_geotiff_mask_hides_pixels(tmp_path):
    image = write(tmp_path / "i.tif")
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=False), rasterio.open(image, "r+") as file:
        file.write_mask(np.array([[255, 255, 255, 0]] * 3, dtype="uint8"))
    assert (tmp_path / "i.tif.msk").exists()
    assert read(image).sum() == 9
