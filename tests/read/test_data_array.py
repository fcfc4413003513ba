"""DataArrays after the conventions of CF and rioxarray: bands, CRS, fill values, laziness."""

from __future__ import annotations

import numpy as np
import pytest
import rioxarray  # noqa: F401 - gives DataArrays their CRS
import xarray as xr
from pyproj import CRS

from greenspace.errors import CrsError, RasterError
from greenspace.model.crs import parse_crs
from greenspace.model.grid import Window
from greenspace.read.header import Terms
from greenspace.read.origin import open_origin
from greenspace.read.raster import open_image
from tests.read.test_image_path import write_netcdf

VALUES = np.arange(1, 25, dtype="uint16").reshape(2, 3, 4)
WHOLE = Window(0, 0, 3, 4)


def array(values=VALUES, *, crs="EPSG:4547", **coords):
    place = {"x": 500_005.0 + 10 * np.arange(4), "y": 3_399_995.0 - 10 * np.arange(3)}
    made = xr.DataArray(values, dims=("band", "y", "x"), coords={**place, **coords})
    return made if crs is None else made.rio.write_crs(crs)


def data_of(made, **terms):
    with open_origin(made, Terms(**terms)).session() as reading:
        return reading((1,), WHOLE)[1]


def test_bands_are_taken_by_the_words_on_the_band_axis():
    image = open_image(array(band=["nir", "red"]), need=("red", "nir"))
    (_, (red, nir), _) = next(image.stream(("red", "nir"), [WHOLE]))
    assert red.tolist() == VALUES[1].tolist()
    assert nir.tolist() == VALUES[0].tolist()
    with pytest.raises(RasterError, match="none is named"):
        open_image(array(band=[1, 2]), need=("red", "nir"))


@pytest.mark.parametrize("key", ["_FillValue", "missing_value", "fill_value", "nodata"])
def test_a_fill_value_of_stored_numbers_is_unseen(key):
    made = array()
    made.attrs[key] = 7
    assert np.argwhere(~data_of(made)).tolist() == [[1, 2]]
    assert data_of(made, nodata=-1).all()


def test_a_fill_value_of_decoded_numbers_is_a_value():
    # 1000 becomes 0.0 by an offset of -1000, and 0 was the fill value: bare ground, not a hole.
    made = array(VALUES.astype(float) - 7.0)
    made.encoding["_FillValue"] = 0
    assert data_of(made).all()
    masked = array(VALUES.astype(float)).where(VALUES != 7)
    masked.encoding["_FillValue"] = 0
    assert np.argwhere(~data_of(masked)).tolist() == [[1, 2]]


@pytest.mark.parametrize("where", ["attrs", "encoding"])
def test_the_crs_stands_in_the_grid_mapping(where):
    made = array(crs=None, utm=0)
    made.coords["utm"].attrs = CRS.from_epsg(4547).to_cf()
    getattr(made, where)["grid_mapping"] = "utm"
    assert open_origin(made).header.grid.crs.to_epsg() == 4547
    del made.coords["utm"].attrs["crs_wkt"]  # parameters alone, as older files have them
    (longitude,) = (
        value.value
        for value in open_origin(made).header.grid.crs.coordinate_operation.params
        if value.name == "Longitude of natural origin"
    )
    assert longitude == 114
    made.coords["utm"].attrs = {"grid_mapping_name": "nonsense"}
    with pytest.raises(RasterError, match="no CRS"):
        open_origin(made)


def test_a_crs_is_given_or_contradicted():
    wanted = parse_crs("EPSG:4547")
    assert open_origin(array(crs=None), Terms(crs=wanted)).header.grid.crs == wanted
    with pytest.raises(CrsError):
        open_origin(array(), Terms(crs=parse_crs("EPSG:4548")))


@pytest.mark.parametrize("kind", ["complex64", "U3", "datetime64[ns]"])
def test_what_is_no_number_is_refused(kind):
    with pytest.raises(RasterError, match="not real numbers"):
        open_origin(array(np.zeros((2, 3, 4)).astype(kind)))


def test_a_lazy_array_stays_lazy(tmp_path):
    path = write_netcdf(tmp_path / "red.nc", red=VALUES[0])
    with xr.open_dataset(path, engine="scipy") as dataset:
        made = dataset["red"].rio.write_crs("EPSG:4547")
        origin = open_origin(made)
        with origin.session() as reading:
            values, _ = reading((1,), Window(1, 1, 2, 2))
        assert values[0].tolist() == VALUES[0, 1:, 1:3].tolist()
        assert not made.variable._in_memory


@pytest.mark.parametrize("odd", [["a"], np.array([1, 2]), 5, {}], ids=str)
@pytest.mark.parametrize("key", ["crs", "crs_wkt"])
def test_a_crs_that_is_none_is_refused(key, odd):
    made = array(crs=None) if key == "crs" else array()
    (made if key == "crs" else made.spatial_ref).attrs[key] = odd
    with pytest.raises(CrsError):
        open_origin(made)


def test_factors_of_other_bands_than_the_arrays_are_refused():
    made = array()
    made.attrs["scales"] = (1e-4, 1e-4, 1e-4)  # of the whole image, and all the same
    assert open_origin(made).header.scales == (1e-4, 1e-4)
    made.attrs["scales"] = (1e-4, 1.0, 1.0)
    with pytest.raises(RasterError, match="scales has 3") as caught:
        open_origin(made)
    assert (caught.value.expected, caught.value.found) == (2, 3)


def test_both_names_of_the_fill_value_count():
    made = array()
    made.attrs.update(_FillValue=np.array([7], "uint16"), missing_value=9)
    assert np.argwhere(~data_of(made)).tolist() == [[1, 2], [2, 0]]
    assert data_of(made, nodata=-1).all()


@pytest.mark.parametrize(
    ("key", "odd"),
    [("_FillValue", "none"), ("_FillValue", [0, 0]), ("_FillValue", None), ("nodata", "x"),
     ("missing_value", {}), ("scale_factor", "x"), ("add_offset", None), ("scale_factor", True),
     ("scales", ["x", "y"]), ("grid_mapping", ["a"])],
)  # fmt: skip
def test_an_attribute_that_is_no_number_is_refused_by_name(key, odd):
    made = array()
    made.encoding.pop("grid_mapping", None)
    made.attrs[key] = odd
    with pytest.raises(RasterError, match=key) as caught:
        open_origin(made)
    assert caught.value.remedy.zh
    assert caught.value.remedy.en


@pytest.mark.parametrize(
    "x",
    [[str(500_005 + 10 * i) for i in range(4)], np.arange(4).astype("datetime64[D]"),
     [0, 10, 20, 31], [0, 10, np.nan, 30], [False, True, False, True]],
    ids=str,
)  # fmt: skip
def test_coordinates_that_are_no_even_numbers_are_refused(x):
    with pytest.raises(RasterError, match="The x coordinates") as caught:
        open_origin(array(x=x))
    assert caught.value.remedy.en


def test_a_geotransform_agrees_with_its_array_and_every_slice_of_it():
    made = array()
    made.spatial_ref.attrs["GeoTransform"] = "500000 10 0 3400000 0 -10"
    for part in (
        made,
        made[:, 1:, 2:],
        made[:, ::-1],
        made[:, ::-1, ::-1],
        made[:, ::2, ::2],
        made[:, ::-2],
        made.coarsen(x=2).mean(),
    ):
        open_origin(part)


@pytest.mark.parametrize(
    "said",
    ["500005 10 0 3400000 0 -10",  # centres taken for corners: half a pixel off
     "500000 10 0 3399995 0 -10", "500000 5.5 0 3400000 0 -10", "500000 10 1 3400000 0 -10",
     "500100 10 0 3400000 0 -10",  # the array would begin before its grid
     "500000 20 0 3400000 0 -10", "500000 0 0 3400000 0 -10", "nonsense", "nan 10 0 0 0 -10"],
)  # fmt: skip
def test_a_geotransform_that_contradicts_the_coordinates_is_refused(said):
    made = array()
    made.spatial_ref.attrs["GeoTransform"] = said
    with pytest.raises(RasterError, match="do not fit its GeoTransform") as caught:
        open_origin(made)
    assert "write_transform" in caught.value.remedy.zh
