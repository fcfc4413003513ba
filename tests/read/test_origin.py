"""Kinds of image, by hand and by refusal: the same pixels behind every door."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
import rioxarray
import xarray as xr
from affine import Affine
from rasterio.vrt import WarpedVRT

from greenspace.errors import CrsError, RasterError
from greenspace.model.grid import Window
from greenspace.read.origin import open_origin

WEST, NORTH, SIDE = 500_000.0, 3_400_000.0, 10.0
PLACE = Affine(SIDE, 0.0, WEST, 0.0, -SIDE, NORTH)
VALUES = np.arange(1, 25, dtype="uint16").reshape(2, 3, 4)  # 2 bands, 3 rows, 4 columns
WHOLE = Window(0, 0, 3, 4)


def write(path, values=VALUES, *, crs="EPSG:4547", transform=PLACE, **profile):
    count, height, width = values.shape
    shape = {"count": count, "height": height, "width": width, "dtype": values.dtype}
    with rasterio.open(
        path, "w", driver="GTiff", crs=crs, transform=transform, **shape, **profile
    ) as dataset:
        dataset.write(values)
    return path


def array(values=VALUES, *, dims=("band", "y", "x"), crs="EPSG:4547", **attrs):
    """Return a DataArray whose pixel centres lie where those of the file do."""
    height, width = values.shape[-2:]
    coords = {
        "x": WEST + SIDE * (np.arange(width) + 0.5),
        "y": NORTH - SIDE * (np.arange(height) + 0.5),
    }
    made = xr.DataArray(values, dims=dims[-values.ndim :], coords=coords, attrs=attrs)
    return made if crs is None else made.rio.write_crs(crs)


def read(origin, number=1, window=WHOLE):
    with origin.session() as reading:
        values, data = reading((number,), window)
        return values[0], data


def ground_of(origin, value, number=1):
    """Return the centre of the pixel that holds a value."""
    grid = origin.header.grid
    values, _ = read(origin, number, Window(0, 0, grid.height, grid.width))
    row, col = np.argwhere(values == value)[0]
    return tuple(grid.transform @ (col + 0.5, row + 0.5))


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "image.tif")


# One image, many doors


def test_a_path_is_read_by_windows(file):
    origin = open_origin(file)
    values, data = read(origin, 2, Window(1, 2, 2, 2))
    assert values.tolist() == [[19, 20], [23, 24]]
    assert data.all()
    assert (origin.header.grid.width, origin.header.grid.height) == (4, 3)
    assert origin.header.grid.crs.to_epsg() == 4547
    assert open_origin(str(file)).header.grid.same_place(origin.header.grid)


def test_an_open_dataset_stays_open(file):
    with rasterio.open(file) as dataset:
        origin = open_origin(dataset)
        assert read(origin)[0].tolist() == VALUES[0].tolist()
        assert not dataset.closed


def test_an_update_handle_and_a_warped_view_are_datasets_too(file):
    with rasterio.open(file, "r+") as dataset:
        assert read(open_origin(dataset))[0].tolist() == VALUES[0].tolist()
    with rasterio.open(file) as source, WarpedVRT(source, crs="EPSG:4547") as view:
        assert read(open_origin(view))[0].tolist() == VALUES[0].tolist()


def test_a_dataset_in_memory_is_read(file):
    with rasterio.MemoryFile(file.read_bytes()) as memory, memory.open() as dataset:
        assert read(open_origin(dataset), 2)[0].tolist() == VALUES[1].tolist()


TURNS = {
    "as it is": lambda made: made,
    "south up": lambda made: made.isel(y=slice(None, None, -1)),
    "east first": lambda made: made.isel(x=slice(None, None, -1)),
    "bands last": lambda made: made.transpose("y", "x", "band"),
    "columns first": lambda made: made.transpose("band", "x", "y"),
    "as longitudes": lambda made: made.rename(x="lon", y="lat"),
    "other names": lambda made: made.rename(x="col", y="row"),
}


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS.keys())
def test_an_array_lies_where_its_coordinates_say(turn):
    # The value 7 of band 1 stands in row 1, column 2: 25 m east and 15 m south of the corner.
    origin = open_origin(turn(array()))
    assert origin.header.count == 2
    assert ground_of(origin, 7) == (WEST + 25.0, NORTH - 15.0)
    assert ground_of(origin, 19, number=2) == (WEST + 25.0, NORTH - 15.0)
    assert origin.header.grid.bounds == (WEST, NORTH - 30.0, WEST + 40.0, NORTH)


@pytest.mark.parametrize("dims", [("y", "x"), ("x", "y")])
def test_a_plane_array_has_one_band(dims):
    origin = open_origin(array(VALUES[0]).transpose(*dims))
    assert origin.header.count == 1
    assert ground_of(origin, 7) == (WEST + 25.0, NORTH - 15.0)


def test_the_coordinates_of_an_array_may_be_rounded():
    made = array()
    rounded = made.assign_coords(x=made.x.astype("float32") + 0.004)
    assert open_origin(rounded).header.grid.bounds[0] == pytest.approx(WEST, abs=0.05)


# What is data


def test_declared_nodata_is_no_data(tmp_path):
    origin = open_origin(write(tmp_path / "n.tif", nodata=7))
    assert origin.header.says_nodata
    assert np.argwhere(~read(origin)[1]).tolist() == [[1, 2]]
    assert read(origin, 2)[1].all()


def test_nan_is_no_data_though_nothing_is_declared(tmp_path):
    values = VALUES.astype("float32")
    values[0, 1, 2] = np.nan
    values[1, 0, 0] = np.inf
    origin = open_origin(write(tmp_path / "f.tif", values))
    assert not origin.header.says_nodata
    assert np.argwhere(~read(origin)[1]).tolist() == [[1, 2]]
    assert np.argwhere(~read(origin, 2)[1]).tolist() == [[0, 0]]


def test_the_fill_value_of_an_array_is_no_data():
    origin = open_origin(array(_FillValue=7))
    assert origin.header.says_nodata
    assert np.argwhere(~read(origin)[1]).tolist() == [[1, 2]]
    masked = array(VALUES.astype(float)).where(VALUES != 7)
    assert np.argwhere(~read(open_origin(masked))[1]).tolist() == [[1, 2]]
    assert not open_origin(array()).header.says_nodata


def test_an_alpha_band_hides_what_is_transparent(tmp_path):
    values = np.full((4, 3, 4), 9, dtype="uint8")
    values[3, 1, 2] = 0
    origin = open_origin(write(tmp_path / "rgba.tif", values, photometric="RGB", alpha="YES"))
    assert (origin.header.says_nodata, origin.header.alpha) == (True, (4,))
    assert np.argwhere(~read(origin)[1]).tolist() == [[1, 2]]


@pytest.mark.filterwarnings("ignore:Offsets differ:UserWarning")
@pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")
def test_scales_and_descriptions_come_with_file_and_array(file):
    with rasterio.open(file, "r+") as dataset:
        dataset.scales, dataset.offsets = (0.5, 0.5), (-1.0, 2.0)
        dataset.descriptions = ("red", "nir")
    from_file = open_origin(file).header
    assert (from_file.scales, from_file.offsets) == ((0.5, 0.5), (-1.0, 2.0))
    assert from_file.descriptions == ("red", "nir")
    with rioxarray.open_rasterio(file) as opened:
        from_array = open_origin(opened).header
    assert (from_array.scales, from_array.offsets) == (from_file.scales, from_file.offsets)
    assert from_array.descriptions == from_file.descriptions
    one = open_origin(array(scale_factor=0.1, add_offset=-0.1)).header
    assert (one.scales, one.offsets) == ((0.1, 0.1), (-0.1, -0.1))


# Refusals


@pytest.mark.parametrize("image", [None, 5, VALUES, b"image.tif", array().to_dataset("band")])
def test_what_is_no_image_is_refused_by_its_kind(image):
    with pytest.raises(RasterError, match="An image is a path") as caught:
        open_origin(image)
    assert caught.value.found == type(image).__name__
    assert len(str(caught.value)) < 300  # the pixels of an array are not printed


def test_a_missing_or_broken_file_is_refused(tmp_path, file):
    with pytest.raises(RasterError, match="cannot be opened as an image") as caught:
        open_origin(tmp_path / "no.tif")
    assert caught.value.file == str(tmp_path / "no.tif")
    file.write_bytes(file.read_bytes()[:60])
    with pytest.raises(RasterError, match="cannot be opened as an image"):
        open_origin(file)


def test_a_closed_dataset_is_refused(file):
    with rasterio.open(file) as dataset:
        origin = open_origin(dataset)
    with pytest.raises(RasterError, match="closed"):
        open_origin(dataset)
    with pytest.raises(RasterError, match="closed"):
        read(origin)


@pytest.mark.parametrize("crs", [None, "EPSG:4547"])
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_an_image_without_a_transform_is_refused(tmp_path, crs):
    path = write(tmp_path / "scan.tif", crs=crs, transform=Affine.identity())
    with pytest.raises(RasterError, match="no georeference") as caught:
        open_origin(path)
    assert caught.value.file == str(path)


def test_an_image_without_crs_is_left_to_the_layers(tmp_path):
    assert open_origin(write(tmp_path / "x.tif", crs=None)).header.grid.crs is None


def test_an_array_without_crs_is_refused():
    with pytest.raises(RasterError, match="no CRS") as caught:
        open_origin(array(crs=None))
    assert "rioxarray" in str(caught.value)


def test_an_array_may_name_its_crs_in_its_attributes():
    named = array(crs=None)
    named.attrs["crs"] = "EPSG:4547"
    assert open_origin(named).header.grid.crs.to_epsg() == 4547
    named.attrs["crs"] = "EPSG:nonsense"
    with pytest.raises(CrsError, match="not known"):
        open_origin(named)


@pytest.mark.parametrize(
    "made",
    [array().expand_dims("time"), array()[0, 0]],
    ids=["four dimensions", "one dimension"],
)
def test_what_is_not_bands_of_a_plane_is_refused(made):
    with pytest.raises(RasterError, match="should have the dimensions"):
        open_origin(made)


@pytest.mark.parametrize(
    "x", [[0, 10, 21, 30], [5, 5, 5, 5], [0, 10, np.nan, 30], [0, 10, 0, 10]], ids=str
)
def test_uneven_coordinates_are_refused(x):
    with pytest.raises(RasterError, match="not evenly spaced"):
        open_origin(array().assign_coords(x=np.array(x, dtype=float)))
    with pytest.raises(RasterError, match="not evenly spaced"):
        open_origin(array().drop_vars("x"))


@pytest.mark.parametrize("compress", ["none", "deflate"])
def test_a_truncated_image_is_refused_with_the_rows(tmp_path, compress):
    noise = np.random.default_rng(3).integers(1, 60_000, (1, 400, 300)).astype("uint16")
    path = write(tmp_path / "cut.tif", noise, compress=compress)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    origin = open_origin(path)
    top, bottom = Window(0, 0, 50, 300), Window(350, 0, 50, 300)
    assert read(origin, 1, top)[0].tolist() == noise[0, :50].tolist()
    with pytest.raises(RasterError, match="Band 1 cannot be decoded in rows 338-351") as caught:
        read(origin, 1, bottom)
    assert caught.value.found == Window(338, 0, 13, 300)  # strips of 13 rows: 8 kB of 600 bytes
    assert "338–351 行" in caught.value.sentence("zh")
    assert caught.value.file == str(path)
