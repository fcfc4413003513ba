"""Dirty images, every file of the folder: read right, or refused in words."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

import greenspace as gs
from greenspace.errors import RasterError
from greenspace.model.grid import Window
from greenspace.read.header import Terms
from greenspace.read.origin import open_origin

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning"),
]

# File to bands, unseen pixels of band 1 and whether a CRS is said. Unseen is, counted with numpy on
# the bare bands, what equals the nodata value, or has 0 in the alpha band.
DIRTY = {
    "RGB.byte.tif": (3, 185_162, True),
    "RGBA.uint16.tif": (4, 133_258, True),
    "all-nodata.tif": (4, 175_725, True),
    "alpha.tif": (4, 1_472_541, True),
    "float_nan.tif": (1, 1, False),
    "float_raster_with_extra_nodata.tif": (1, 518, True),
    "float_raster_with_nodata.tif": (1, 58, True),
    "rgb1_fake_nir_epsg3857.tif": (1, 160_922, True),
    "rotated.tif": (1, 0, False),
    "test_esri_wkt.tif": (1, 0, True),
}
BROKEN = {"corrupt.tif": Window(512, 512, 512, 512)}


def whole(origin):
    return Window(0, 0, origin.header.grid.height, origin.header.grid.width)


def test_every_file_of_the_folder_is_in_the_table(real_data):
    found = {path.name for path in (real_data / "dirty" / "rasterio").glob("*.tif")}
    assert found == set(DIRTY) | set(BROKEN)


@pytest.mark.parametrize("name", DIRTY)
def test_a_dirty_image_is_read_as_it_is(real_data, name):
    path = real_data / "dirty" / "rasterio" / name
    count, unseen, has_crs = DIRTY[name]
    origin = open_origin(path)
    with origin.session() as reading:
        values, data = reading((1,), whole(origin))
    with rasterio.open(path) as dataset:
        plain = dataset.read(1)
        mask = dataset.dataset_mask() if dataset.nodata is None else dataset.read_masks(1)
    assert np.array_equal(values[0], plain, equal_nan=True)
    assert (data == (mask != 0)).all()
    assert (~data).sum() == unseen
    assert origin.header.count == count
    assert (origin.header.grid.crs is not None) is has_crs


@pytest.mark.parametrize(("name", "tile"), BROKEN.items())
def test_a_broken_image_is_refused_by_its_tile_or_unseen_there(real_data, name, tile):
    path = real_data / "dirty" / "rasterio" / name
    origin = open_origin(path)
    with origin.session() as reading, pytest.raises(RasterError) as caught:
        reading((1, 2, 3), whole(origin))
    assert caught.value.found == tile
    lenient = open_origin(path, Terms(on_bad_tile="unseen"))
    with lenient.session() as reading:
        _, data = reading((1, 2, 3), whole(lenient))
    assert not data[512:, 512:].any()
    assert data[:512, :512].all()
    assert {window for _, window in lenient.bad_tiles} == {tile}


def test_netcdf_without_crs_is_refused_until_one_is_given(real_data):
    # Sentinel-2 bands as NetCDF: x and y in metres, 32719 in words that GDAL does not take.
    folder = real_data / "misc_raster" / "xrspatial_s2"
    files = {"red": folder / "red_band.nc", "nir": folder / "nir_band.nc"}
    zone = gpd.GeoSeries([shapely.box(600_000, 4_698_020, 603_000, 4_700_020)], crs=32719)
    with pytest.raises(RasterError, match="no CRS"):
        gs.green_coverage(gs.vegetation(files, threshold=0.3), zone)
    table = gs.green_coverage(gs.vegetation(files, threshold=0.3, crs="EPSG:32719"), zone)
    red, nir = (rasterio.open(path).read(1) for path in files.values())
    with np.errstate(invalid="ignore", divide="ignore"):
        ndvi = (nir - red) / (nir + red)
    seen = np.isfinite(ndvi)
    assert table.value.iloc[0] == pytest.approx((ndvi[seen] > 0.3).mean(), abs=1e-9)
    assert table.to_frame().unseen.iloc[0] == pytest.approx((~seen).sum() * 100)
