"""``gs.write_mask``: what was judged, as pixels, whole or not at all."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.errors import RasterioIOError
from rasterio.features import geometry_mask
from shapely import Polygon, box

import greenspace as gs
from greenspace.errors import InputError
from greenspace.present import mask_file
from tests.scene import write_raster

WEST, NORTH, SIDE = 500_000.0, 3_400_000.0, 2.0
PLACE = Affine(SIDE, 0, WEST, 0, -SIDE, NORTH)
HEIGHT, WIDTH = 700, 1100  # two rows and three columns of blocks


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mask")
    values = np.random.default_rng(5).integers(0, 255, (2, HEIGHT, WIDTH)).astype("uint8")
    layout = {"tiled": True, "blockxsize": 256, "blockysize": 256}
    return write_raster(folder / "image.tif", values, transform=PLACE, nodata=0, **layout)


def seen_as(scene, **how):
    return gs.vegetation(scene, bands={"red": 1, "nir": 2}, **{"threshold": 0.2, **how})


def expected(scene):
    """The codes by plain NumPy."""
    with rasterio.open(scene) as dataset:
        red, nir = dataset.read().astype(float)
    with np.errstate(invalid="ignore"):
        codes = ((nir - red) / (nir + red) > 0.2).astype(np.uint8)
    codes[(red == 0) | (nir == 0)] = 255
    return codes


def test_the_mask_has_every_pixel_of_the_image(scene, tmp_path):
    path = gs.write_mask(seen_as(scene), tmp_path / "m.tif")

    with rasterio.open(path) as mask:
        assert (mask.read(1) == expected(scene)).all()
        assert (mask.transform, mask.overviews(1)) == (PLACE, [2, 4])
        assert "ndvi" in mask.tags()["GREENSPACE_SOURCES"]
        assert str(scene.parent) not in mask.tags()["GREENSPACE_SOURCES"]
    assert [item.name for item in tmp_path.iterdir()] == ["m.tif"]


def test_its_area_in_a_zone_is_that_of_pixel_centres(scene, tmp_path):
    zone = Polygon(
        [(WEST + 300, NORTH - 200), (WEST + 1500, NORTH - 450), (WEST + 900, NORTH - 1300)]
    )
    zones = gpd.GeoSeries([zone], crs=4547)
    path = gs.write_mask(seen_as(scene), tmp_path / "m.tif", zones=zones)
    inside = geometry_mask([zone], (HEIGHT, WIDTH), PLACE, invert=True)
    codes = expected(scene)
    by_centres = (codes[inside] == 1).sum() * SIDE**2

    with rasterio.open(path) as mask:
        part = geometry_mask([zone], mask.shape, mask.transform, invert=True)
        assert (mask.read(1)[part] == 1).sum() * SIDE**2 == by_centres
        assert mask.bounds[0] == WEST  # from a block's edge: 150 columns in is the first block
        assert mask.shape[0] < HEIGHT or mask.shape[1] < WIDTH
    exact = gs.green_coverage(path, zones).to_frame()["numerator"].iloc[0]
    straight = gs.green_coverage(seen_as(scene), zones).to_frame()["numerator"].iloc[0]
    assert exact == pytest.approx(straight, rel=1e-12)
    assert exact == pytest.approx(by_centres, rel=2e-3)  # centres differ from exact edges


def test_shares_are_green_from_half_a_pixel_on(tmp_path):
    shares = np.array([[0.0, 0.49, 0.5, 1.0]], dtype="float32")
    path = write_raster(tmp_path / "s.tif", shares, transform=PLACE, nodata=-1)

    with rasterio.open(gs.write_mask(path, tmp_path / "m.tif")) as mask:
        assert mask.read(1).tolist() == [[0, 0, 1, 1]]


def test_a_grid_of_the_citys_own_stays_without_a_code(tmp_path):
    shares = np.ones((2, 2), dtype="uint8")
    path = write_raster(tmp_path / "s.tif", shares, transform=PLACE, crs=None)

    with rasterio.open(gs.write_mask(path, tmp_path / "m.tif")) as mask:
        assert mask.crs is None


def test_a_file_that_is_there_stays_unless_forced(scene, tmp_path):
    (tmp_path / "m.tif").write_text("mine", encoding="utf-8")

    with pytest.raises(InputError):
        gs.write_mask(seen_as(scene), tmp_path / "m.tif")
    assert (tmp_path / "m.tif").read_text(encoding="utf-8") == "mine"
    gs.write_mask(seen_as(scene), tmp_path / "m.tif", force=True)
    with rasterio.open(tmp_path / "m.tif") as mask:
        assert mask.width == WIDTH


@pytest.mark.parametrize("name", ["m.png", "m", "m.gpkg"])
def test_only_a_geotiff_is_written(scene, tmp_path, name):
    with pytest.raises(InputError) as caught:
        gs.write_mask(seen_as(scene), tmp_path / name)
    assert caught.value.expected == ".tif"


def test_zones_that_the_image_does_not_show_are_refused(scene, tmp_path):
    far = gpd.GeoSeries([box(WEST + 9e5, NORTH, WEST + 9e5 + 10, NORTH + 10)], crs=4547)

    with pytest.raises(InputError):
        gs.write_mask(seen_as(scene), tmp_path / "m.tif", zones=far)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [RasterioIOError("disk full"), OSError(28, "No space left")])
def test_a_disk_that_is_full_is_one_refusal_and_leaves_nothing(scene, tmp_path, monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(mask_file.rasterio.shutil, "copy", fail)
    with pytest.raises(InputError) as caught:
        gs.write_mask(seen_as(scene), tmp_path / "m.tif")
    assert caught.value.file.endswith("m.tif")
    assert not list(tmp_path.iterdir())


def test_an_image_of_the_same_name_is_not_written_over_while_it_is_read(scene, tmp_path):
    copy = tmp_path / "image.tif"
    copy.write_bytes(scene.read_bytes())
    gs.write_mask(seen_as(copy), copy, force=True)

    with rasterio.open(copy) as mask:
        assert (mask.read(1) == expected(scene)).all()
