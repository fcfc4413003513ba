"""Bands of an image, by hand and by refusal: which number each pixel holds, and which is seen."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import rioxarray  # noqa: F401 - gives DataArrays their CRS
import xarray as xr
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from greenspace.errors import RasterError
from greenspace.read.raster import open_image
from tests.scene import write_raster

WEST, NORTH, SIDE = 500_000.0, 3_400_000.0, 10.0
PLACE = Affine(SIDE, 0.0, WEST, 0.0, -SIDE, NORTH)
NEED = ("red", "nir")
BANDS = {"red": 3, "nir": 4}
VALUES = np.arange(1, 49, dtype="uint16").reshape(4, 3, 4)  # 4 bands, 3 rows, 4 columns


def write(path, values=VALUES, **given):
    return write_raster(path, values, **{"transform": PLACE, **given})


def pixels(image, need=NEED):
    """Return the bands and the seen pixels of the whole image, put together from windows."""
    grid = image.grid
    bands = np.full((len(need), grid.height, grid.width), np.nan)
    seen = np.zeros((grid.height, grid.width), dtype=bool)
    for window, values, shown in image.stream(need, grid.windows()):
        place = np.s_[
            window.row : window.row + window.height, window.col : window.col + window.width
        ]
        bands[(slice(None), *place)] = values
        seen[place] = shown
    return bands, seen


def unseen(image, need=NEED):
    return [tuple(cell) for cell in np.argwhere(~pixels(image, need)[1]).tolist()]


def codes(image):
    return [finding.code for finding in image.findings()]


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "image.tif")


# Which band is which


def test_bands_are_counted_from_one(file):
    bands, seen = pixels(open_image(file, need=NEED, bands=BANDS))
    assert bands.dtype == np.float64
    assert bands[0].tolist() == VALUES[2].tolist()
    assert bands[1].tolist() == VALUES[3].tolist()
    assert seen.all()


def test_bands_are_taken_by_their_descriptions_with_a_finding(tmp_path):
    said = {"descriptions": ("NIR ", "swir", "Red", None)}
    image = open_image(write(tmp_path / "d.tif", said=said), need=NEED)
    bands, _ = pixels(image)
    assert bands[0].tolist() == VALUES[2].tolist()
    assert bands[1].tolist() == VALUES[0].tolist()
    assert codes(image) == ["bands_described", "nodata_undeclared"]


def test_given_numbers_go_before_descriptions(tmp_path):
    said = {"descriptions": ("red", "nir", "red edge", "swir")}
    image = open_image(write(tmp_path / "d.tif", said=said), need=NEED, bands=BANDS)
    assert pixels(image)[0][0].tolist() == VALUES[2].tolist()


def test_undescribed_bands_are_refused_with_a_hint(file):
    with pytest.raises(RasterError, match="none is named for red, nir") as caught:
        open_image(file, need=NEED)
    assert caught.value.found == (None,) * 4
    assert "bands = { red = 3, nir = 4 }" in str(caught.value)


@pytest.mark.parametrize("bands", [{"red": 3}, {}, {"Red": 3, "NIR": 4}, [3, 4]], ids=str)
def test_a_missing_band_is_refused(file, bands):
    with pytest.raises(RasterError, match="are needed") as caught:
        open_image(file, need=NEED, bands=bands)
    assert caught.value.expected == NEED


@pytest.mark.parametrize("number", [0, -1, 5, 99, 3, "4", 3.5, None, float("nan")], ids=str)
def test_a_wrong_band_number_is_refused(file, number):
    with pytest.raises(RasterError, match="4 bands, counted from 1, each used once") as caught:
        open_image(file, need=NEED, bands={"red": 3, "nir": number})
    assert caught.value.file == str(file)
    assert caught.value.expected == 4


@pytest.mark.parametrize("four", [np.int64(4), np.uint8(4), 4.0], ids=repr)
def test_any_whole_number_is_a_band_number(file, four):
    image = open_image(file, need=NEED, bands={"red": 3, "nir": four})
    assert pixels(image)[0][1].tolist() == VALUES[3].tolist()


# One file a band


def test_a_file_a_band_is_read_as_one_image(tmp_path):
    files = {
        name: write(tmp_path / f"{name}.tif", VALUES[i]) for i, name in enumerate(("nir", "red"))
    }
    image = open_image(files, need=NEED)
    bands, _ = pixels(image)
    assert bands[0].tolist() == VALUES[1].tolist()
    assert bands[1].tolist() == VALUES[0].tolist()
    assert "red.tif" in image.source.name
    assert "nir.tif" in image.source.name


def test_a_file_of_several_bands_must_say_which(file):
    files = {"red": file, "nir": file}
    with pytest.raises(RasterError, match="none is named for red"):
        open_image(files, need=NEED)
    bands, _ = pixels(open_image(files, need=NEED, bands=BANDS))
    assert bands[0].tolist() == VALUES[2].tolist()
    assert bands[1].tolist() == VALUES[3].tolist()


def test_one_file_under_two_names_is_refused(tmp_path):
    path = write(tmp_path / "b4.tif", VALUES[0])
    with pytest.raises(RasterError, match="the same band of the same file"):
        open_image({"red": path, "nir": str(path)}, need=NEED)


def test_files_of_another_grid_or_missing_are_refused(tmp_path):
    red = write(tmp_path / "red.tif", VALUES[0])
    other = write(tmp_path / "nir.tif", VALUES[1], transform=Affine.translation(5, 0) @ PLACE)
    with pytest.raises(RasterError, match="does not have the pixels of the image") as caught:
        open_image({"red": red, "nir": other}, need=NEED)
    assert caught.value.file == str(other)
    with pytest.raises(RasterError, match="needed; there are red"):
        open_image({"red": red}, need=NEED)


def test_arrays_and_a_dataset_of_arrays_are_bands_too():
    coords = {"x": WEST + 5 + 10 * np.arange(4.0), "y": NORTH - 5 - 10 * np.arange(3.0)}
    red, nir = (
        xr.DataArray(VALUES[i], dims=("y", "x"), coords=coords).rio.write_crs(4547) for i in (0, 1)
    )
    for image in ({"red": red, "nir": nir}, xr.Dataset({"red": red, "nir": nir})):
        bands, _ = pixels(open_image(image, need=NEED))
        assert bands.tolist() == VALUES[:2].tolist()


# Nodata


def test_declared_nodata_in_a_band_used_is_unseen(tmp_path):
    # 26 stands in row 0, column 1 of band 3; 2 in that of band 1, which is not used.
    image = open_image(write(tmp_path / "n.tif", nodata=26), need=NEED, bands=BANDS)
    assert unseen(image) == [(0, 1)]
    assert codes(image) == []
    image = open_image(write(tmp_path / "n.tif", nodata=2), need=NEED, bands=BANDS)
    assert unseen(image) == []


def test_a_given_nodata_overrides_the_declared(tmp_path):
    path = write(tmp_path / "n.tif", nodata=26)
    assert unseen(open_image(path, need=NEED, bands=BANDS, nodata=37)) == [(0, 0)]
    assert unseen(open_image(path, need=NEED, bands=BANDS, nodata=-1)) == []


def test_undeclared_nodata_is_a_finding(file):
    image = open_image(file, need=NEED, bands=BANDS)
    assert codes(image) == ["nodata_undeclared"]
    assert codes(open_image(file, need=NEED, bands=BANDS, nodata=0)) == []


@given(
    cells=st.sets(st.tuples(st.integers(0, 5), st.integers(0, 6)), max_size=12),
    tall=st.booleans(),
)
def test_only_blank_pixels_on_the_border_are_refused_and_each_counted_once(
    tmp_path_factory, cells, tall
):
    values = np.ones((2, 6, 7), dtype="uint16")
    for row, col in cells:
        values[:, row, col] = 0
    border = sum(row in (0, 5) or col in (0, 6) for row, col in cells)
    path = tmp_path_factory.mktemp("b") / "i.tif"
    write(path, values.swapaxes(1, 2) if tall else values)
    image = open_image(path, need=NEED, bands={"red": 1, "nir": 2})
    if not border:
        assert codes(image) == ["nodata_undeclared"]
        assert pixels(image)[1].all()
        return
    with pytest.raises(RasterError, match=f"{border} pixels at its border are 0") as caught:
        image.findings()
    assert caught.value.found == border
    with pytest.raises(RasterError, match="nodata=0"):
        pixels(image)


def test_a_zero_in_one_band_only_is_a_value(tmp_path):
    values = VALUES.copy()
    values[2:, 0, :] = 0  # dark water at the border in red and nir, not in blue and green
    image = open_image(write(tmp_path / "w.tif", values), need=NEED, bands=BANDS)
    assert pixels(image)[1].all()


@pytest.mark.parametrize("shape", [(1, 4), (4, 1), (1, 1), (2, 2)], ids=str)
def test_an_image_that_is_all_border_is_checked_too(tmp_path, shape):
    blank = np.zeros((2, *shape), dtype="uint16")
    image = open_image(write(tmp_path / "s.tif", blank), need=NEED, bands={"red": 1, "nir": 2})
    with pytest.raises(RasterError) as caught:
        image.findings()
    assert caught.value.found == shape[0] * shape[1]


def test_four_bytes_a_pixel_are_no_alpha_when_the_user_names_the_fourth(tmp_path):
    # GDAL marks band 4 of such an image as alpha; water is 0 in near infrared, and is seen.
    values = np.full((4, 3, 4), 9, dtype="uint8")
    values[3, 1, 1] = 0
    path = write(tmp_path / "bgrn.tif", values)
    for image in (path, dict.fromkeys(NEED, path)):
        opened = open_image(image, need=NEED, bands=BANDS)
        assert unseen(opened) == []
        assert codes(opened) == ["nodata_undeclared"]
    ordinary = open_image(path, need=("red", "green"), bands={"red": 1, "green": 2})
    assert unseen(ordinary, ("red", "green")) == [(1, 1)]


# Masks


@pytest.mark.parametrize("value", [1, 3, 255, -1, np.nan], ids=str)
def test_non_zero_pixels_of_a_mask_are_unseen(tmp_path, file, value):
    mask = np.zeros((3, 4), dtype="float32")
    mask[1, 2] = value
    path = write(tmp_path / "mask.tif", mask)
    assert unseen(open_image(file, need=NEED, bands=BANDS, mask=path)) == [(1, 2)]


def test_polygons_hide_every_pixel_that_they_touch(file):
    # From x = 12 to 31 m and y = 4 to 11 m below the corner: columns 1-3, rows 0-1.
    cloud = gpd.GeoSeries([box(WEST + 12, NORTH - 11, WEST + 31, NORTH - 4)], crs=4547)
    expected = [(row, col) for row in (0, 1) for col in (1, 2, 3)]
    assert unseen(open_image(file, need=NEED, bands=BANDS, mask=cloud)) == expected
    frame = cloud.to_crs(4326).to_frame("shape")
    assert unseen(open_image(file, need=NEED, bands=BANDS, mask=frame)) == expected


@pytest.mark.parametrize("shapes", [[], [None], [Polygon()], [None, box(0, 0, 1, 1)]], ids=str)
def test_a_mask_without_shapes_in_the_image_hides_nothing(file, shapes):
    mask = gpd.GeoSeries(shapes, crs=4547)
    assert unseen(open_image(file, need=NEED, bands=BANDS, mask=mask)) == []


def test_a_mask_of_another_grid_is_refused(tmp_path, file):
    short = write(tmp_path / "short.tif", np.zeros((2, 4), dtype="uint8"))
    moved = write(
        tmp_path / "moved.tif",
        np.zeros((3, 4), dtype="uint8"),
        transform=Affine.translation(1, 0) @ PLACE,
    )
    far = write(tmp_path / "far.tif", np.zeros((3, 4), dtype="uint8"), crs="EPSG:4548")
    for path in (short, moved, far):
        with pytest.raises(RasterError, match="does not have the pixels") as caught:
            open_image(file, need=NEED, bands=BANDS, mask=path)
        assert caught.value.file == str(path)


def test_a_mask_without_crs_is_refused(file):
    mask = gpd.GeoSeries([box(0, 0, 1, 1)])
    with pytest.raises(RasterError, match="no CRS"):
        open_image(file, need=NEED, bands=BANDS, mask=mask)


# Scale and offset


def test_given_scale_and_offset_are_applied(file):
    image = open_image(file, need=NEED, bands=BANDS, scale=0.5, offset=-2.0)
    assert np.allclose(pixels(image)[0][0], VALUES[2] * 0.5 - 2.0)
    assert image.scaled
    assert not open_image(file, need=NEED, bands=BANDS).scaled
    assert not open_image(file, need=NEED, bands=BANDS, scale=0.5).scaled


def test_declared_scale_and_offset_are_applied_band_by_band_with_a_finding(tmp_path):
    said = {"scales": (1.0, 1.0, 0.5, 2.0), "offsets": (0.0, 0.0, -1.0, 3.0)}
    path = write(tmp_path / "s.tif", said=said, nodata=26)
    image = open_image(path, need=NEED, bands=BANDS)
    bands, seen = pixels(image)
    assert np.allclose(bands[0], VALUES[2] * 0.5 - 1.0)
    assert np.allclose(bands[1], VALUES[3] * 2.0 + 3.0)
    assert np.argwhere(~seen).tolist() == [[0, 1]]  # nodata is a raw number
    assert (codes(image), image.scaled) == (["scale_declared"], True)
    with pytest.raises(RasterError, match="Some of the bands"):
        open_image(path, need=NEED, bands={"red": 1, "nir": 4})
    given_ones = open_image(path, need=NEED, bands=BANDS, scale=1.0, offset=0.0)
    assert np.allclose(pixels(given_ones)[0][0], VALUES[2])
    assert codes(given_ones) == []


# Windows


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([None, 16]))
def test_windows_put_together_are_the_image(tmp_path_factory, height, width, block):
    values = np.arange(1, 2 * height * width + 1, dtype="float32").reshape(2, height, width)
    tiles = {} if block is None else {"tiled": True, "blockxsize": block, "blockysize": block}
    path = write(tmp_path_factory.mktemp("w") / "i.tif", values, **tiles)
    bands, seen = pixels(open_image(path, need=NEED, bands={"red": 1, "nir": 2}))
    assert bands.tolist() == values.tolist()
    assert seen.all()


def test_nothing_but_headers_is_read_before_streaming(tmp_path):
    noise = np.random.default_rng(3).integers(1, 60_000, (2, 400, 300)).astype("uint16")
    path = write(tmp_path / "cut.tif", noise, interleave="band")
    path.write_bytes(path.read_bytes()[: noise.nbytes // 2])
    image = open_image(path, need=NEED, bands={"red": 1, "nir": 2}, nodata=0)
    with pytest.raises(RasterError, match=r"Band \d cannot be decoded in rows \d+-\d+"):
        pixels(image)


def test_a_given_nodata_value_leaves_the_mask_of_the_image_its_meaning(tmp_path):
    profile = {"driver": "GTiff", "width": 4, "height": 1, "count": 1, "dtype": "uint8"}
    place = {"crs": "EPSG:4547", "transform": Affine(2, 0, 500_000, 0, -2, 3_400_000)}
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(tmp_path / "masked.tif", "w", **profile, **place) as file,
    ):
        file.write(np.array([[[0, 5, 5, 5]]], dtype="uint8"))
        file.write_mask(np.array([[255, 255, 0, 255]], dtype="uint8"))
    reader = open_image(tmp_path / "masked.tif", need=("red",), nodata=0)
    _, _, seen = next(reader.stream(("red",), reader.grid.windows()))
    assert seen.tolist() == [[False, True, False, True]]
