"""Broken tiles, by hand: named to the pixel, or unseen and counted where the user says so."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import box

import greenspace as gs
from greenspace.errors import InputError, RasterError
from greenspace.model.grid import Window
from greenspace.read.header import Terms
from greenspace.read.origin import open_origin
from greenspace.read.raster import open_image
from tests.scene import write_raster

PLACE = Affine(2.0, 0.0, 500_000.0, 0.0, -2.0, 3_400_000.0)
TILED = {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "deflate"}
UNSEEN = Terms(on_bad_tile="unseen")
BANDS = {"red": 1, "nir": 2}
ZONE = gpd.GeoSeries([box(500_000, 3_399_920, 500_096, 3_400_000)], crs=4547)  # the whole image


def write(path, values=None, *, bad=(), transform=PLACE, **profile):
    """Write 40 x 48 pixels in tiles of 16 and break some of them, as (band, row, column) of tiles."""
    if values is None:
        values = np.stack([np.full((40, 48), number, dtype="uint8") for number in (1, 3)])
    write_raster(path, values, transform=transform, **{**TILED, "interleave": "band", **profile})
    with rasterio.open(path) as file:
        starts = [
            int(file.get_tag_item(f"BLOCK_OFFSET_{col}_{row}", "TIFF", bidx=band))
            for band, row, col in bad
        ]
    content = bytearray(path.read_bytes())
    for start in starts:
        content[start : start + 8] = b"\xff" * 8
    path.write_bytes(content)
    return path


def read(path, numbers, window, terms=UNSEEN):
    with open_origin(path, terms).session() as reading:
        return reading(numbers, window)


def test_the_refusal_names_band_and_tile(tmp_path):
    # Tile (1, 2) begins at row 16 and column 32; the window reaches over all tiles.
    path = write(tmp_path / "i.tif", bad=[(2, 1, 2)])
    with pytest.raises(RasterError, match="Band 2 cannot be decoded in rows 16-32") as caught:
        read(path, (1, 2), Window(0, 0, 40, 48), Terms())
    assert caught.value.found == Window(16, 32, 16, 16)
    assert caught.value.file == str(path)
    assert "columns 32-48" in str(caught.value)
    assert "unseen" in str(caught.value)


def test_a_tile_at_the_edge_is_named_as_far_as_the_image_goes(tmp_path):
    path = write(tmp_path / "i.tif", bad=[(1, 2, 0)])
    with pytest.raises(RasterError) as caught:
        read(path, (1,), Window(30, 0, 10, 10), Terms())
    assert caught.value.found == Window(32, 0, 8, 16)


def test_windows_beside_a_broken_tile_are_read(tmp_path):
    path = write(tmp_path / "i.tif", bad=[(1, 1, 1)])
    values, data = read(path, (1, 2), Window(0, 0, 16, 48), Terms())
    assert (values[0] == 1).all()
    assert data.all()


@pytest.mark.parametrize("window", [Window(0, 0, 40, 48), Window(10, 5, 17, 30)], ids=str)
def test_a_broken_tile_is_unseen_and_the_rest_is_as_it_was(tmp_path, window):
    rng = np.random.default_rng(5)
    values = rng.integers(1, 200, (2, 40, 48)).astype("uint8")
    path = write(tmp_path / "i.tif", values, bad=[(2, 1, 1)])
    found, data = read(path, (1, 2), window)
    rows, cols = np.mgrid[
        window.row : window.row + window.height, window.col : window.col + window.width
    ]
    broken = (rows // 16 == 1) & (cols // 16 == 1)
    assert (data == ~broken).all()
    assert (found[:, data] == values[:, rows[data], cols[data]]).all()


def test_a_truncated_file_is_unseen_from_there_on(tmp_path):
    noise = np.random.default_rng(3).integers(1, 250, (1, 40, 48)).astype("uint8")
    path = write(tmp_path / "i.tif", noise)
    path.write_bytes(path.read_bytes()[:-100])
    origin = open_origin(path, UNSEEN)
    with origin.session() as reading:
        values, data = reading((1,), Window(0, 0, 40, 48))
    assert not data[32:, 32:].any()  # the last tile
    assert data[:32].all()
    assert (values[0, :32] == noise[0, :32]).all()
    assert len(origin.bad_tiles) == 1


def test_coverage_counts_broken_tiles_as_unseen_with_their_area(tmp_path):
    # NDVI is (3 - 1) / 4 = 0.5 everywhere: all green. Two whole tiles of 16 x 16 pixels of 4 m2
    # are broken, one in both bands: 2 x 1024 m2 of 7680 m2 are unseen.
    path = write(tmp_path / "i.tif", bad=[(1, 0, 0), (2, 0, 0), (2, 1, 1)])
    with pytest.raises(RasterError, match="Band 1 cannot be decoded in rows 0-16"):
        gs.green_coverage(gs.vegetation(path, bands=BANDS, threshold=0.3), ZONE)
    asked = gs.vegetation(path, bands=BANDS, threshold=0.3, on_bad_tile="unseen")
    table = gs.green_coverage(asked, ZONE)
    frame = table.to_frame()
    assert frame.unseen.iloc[0] == pytest.approx(2048)
    assert (frame.numerator.iloc[0], frame.denominator.iloc[0]) == pytest.approx((5632, 5632))
    (finding,) = (item for item in table.findings if item.code == "bad_tiles")
    assert (finding.count, finding.area_m2, finding.severity) == (2, 2048, "warning")


def test_a_broken_tile_at_the_border_is_no_blank_border(tmp_path):
    path = write(tmp_path / "i.tif", bad=[(1, 0, 0), (2, 0, 0)])
    image = open_image(path, need=("red", "nir"), bands=BANDS, terms=UNSEEN)
    assert {finding.code for finding in image.findings()} == {"nodata_undeclared", "bad_tiles"}


def test_what_another_file_shows_is_seen(tmp_path):
    one = write(tmp_path / "1.tif", bad=[(1, 0, 0)])
    two = write(tmp_path / "2.tif", np.full((2, 40, 48), 9, dtype="uint8"))
    values, data = read([one, two], (1,), Window(0, 0, 20, 20))
    assert data.all()
    assert values[0, 0, 0] == 9
    assert values[0, 0, 16] == 1


def test_a_broken_tile_of_a_mask_is_never_clear(tmp_path):
    image = write(tmp_path / "i.tif")
    cloud = write(tmp_path / "c.tif", np.zeros((1, 40, 48), dtype="uint8"), bad=[(1, 0, 0)])
    asked = gs.vegetation(image, bands=BANDS, threshold=0.3, mask=cloud, on_bad_tile="unseen")
    with pytest.raises(RasterError, match="cannot be decoded") as caught:
        gs.green_coverage(asked, ZONE)
    assert caught.value.file == str(cloud)


def test_a_file_that_is_gone_is_refused_though_bad_tiles_are_allowed(tmp_path):
    path = write(tmp_path / "i.tif", bad=[(1, 0, 0)])
    with open_origin(path, UNSEEN).session() as reading:
        path.unlink()
        with pytest.raises(RasterError):
            reading((1,), Window(0, 0, 8, 8))
    origin = open_origin(write(path), UNSEEN)
    path.unlink()
    with pytest.raises(RasterError, match="cannot be opened"), origin.session():
        pass


def test_what_is_to_become_of_bad_tiles_is_one_of_two_words(tmp_path):
    with pytest.raises(InputError) as caught:
        gs.vegetation(write(tmp_path / "i.tif"), bands=BANDS, on_bad_tile="skip")
    assert caught.value.expected == ("refuse", "unseen")
