"""Every way in which an image says what it does not show, by hand on a few pixels."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine

from greenspace.errors import RasterError
from greenspace.read.raster import open_image
from tests.scene import write_raster

PLACE = Affine(2.0, 0.0, 500_000.0, 0.0, -2.0, 3_400_000.0)
NEED = ("red", "nir")
BANDS = {"red": 1, "nir": 2}
HOLE = [(1, 2)]


def write(path, values, **said):
    return write_raster(path, np.asarray(values), transform=PLACE, **said)


def bands(kind="uint8", red=5, nir=9, hole=None):
    """Return two bands of 3 x 4 pixels; `hole` stands in row 1, column 2 of the red one."""
    values = np.stack([np.full((3, 4), value) for value in (red, nir)]).astype(kind)
    if hole is not None:
        values[0, 1, 2] = hole
    return values


def unseen(path, **how):
    image = open_image(path, need=NEED, **{"bands": BANDS, **how})
    (window,) = image.grid.windows()
    _, _, seen = next(image.stream(NEED, [window]))
    return [tuple(cell) for cell in np.argwhere(~seen).tolist()]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 0),
        ("uint8", 255),
        ("uint16", 65_535),
        ("int16", -9999),
        ("int16", -32_768),
        ("int32", -2_147_483_648),
        ("float32", -9999),
        ("float32", -3.4e38),
        ("float32", np.nan),
        ("float64", -1.7976931348623157e308),
        ("float64", 0.1),
    ],
)
def test_a_declared_value_is_unseen_in_every_type(tmp_path, kind, value):
    assert unseen(write(tmp_path / "i.tif", bands(kind, hole=value), nodata=value)) == HOLE


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_unseen_without_being_declared(tmp_path, kind, value):
    assert unseen(write(tmp_path / "i.tif", bands(kind, hole=value))) == HOLE
    declared = write(tmp_path / "d.tif", bands(kind, hole=value), nodata=-1)
    assert unseen(declared) == HOLE
    assert unseen(declared, nodata=-2) == HOLE


@pytest.mark.parametrize("declared", ["-9999", "300", "nan", "0.5"])
def test_a_value_that_the_type_cannot_hold_declares_nothing(tmp_path, declared):
    # As GDAL's own metadata would have it; a dataset of bytes cannot hold any of these.
    path = write(tmp_path / "i.tif", bands(hole=1))
    content = (
        '<VRTDataset rasterXSize="4" rasterYSize="3"><SRS>EPSG:4547</SRS><GeoTransform>500000,2,0,'
        "3400000,0,-2</GeoTransform>"
        + "".join(
            f'<VRTRasterBand dataType="Byte" band="{band}"><NoDataValue>{declared}</NoDataValue>'
            '<SimpleSource><SourceFilename relativeToVRT="1">i.tif</SourceFilename>'
            f"<SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>"
            for band in (1, 2)
        )
        + "</VRTDataset>"
    )
    (tmp_path / "i.vrt").write_text(content, encoding="utf-8")
    assert unseen(tmp_path / "i.vrt") == []
    image = open_image(tmp_path / "i.vrt", need=NEED, bands=BANDS)
    assert [finding.code for finding in image.findings()] == ["nodata_undeclared"]
    assert path.exists()


def test_each_band_may_have_a_value_of_its_own(tmp_path):
    # 5 is nodata in near infrared only, where no pixel holds it; 9 in red only, at one pixel.
    write(tmp_path / "i.tif", bands(hole=9))
    content = '<VRTDataset rasterXSize="4" rasterYSize="3"><GeoTransform>500000,2,0,3400000,0,-2</GeoTransform>'
    for band, value in ((1, 9), (2, 5)):
        content += (
            f'<VRTRasterBand dataType="Byte" band="{band}"><NoDataValue>{value}</NoDataValue>'
            '<SimpleSource><SourceFilename relativeToVRT="1">i.tif</SourceFilename>'
            f"<SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>"
        )
    (tmp_path / "i.vrt").write_text(content + "</VRTDataset>", encoding="utf-8")
    assert unseen(tmp_path / "i.vrt") == HOLE


@pytest.mark.parametrize("inside", [True, False], ids=["in the file", "in a file beside it"])
def test_a_mask_is_unseen_where_it_is_zero(tmp_path, inside):
    path = write(tmp_path / "i.tif", bands())
    mask = np.full((3, 4), 255, dtype="uint8")
    mask[1, 2] = 0
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=inside), rasterio.open(path, "r+") as file:
        file.write_mask(mask)
    assert (tmp_path / "i.tif.msk").exists() is not inside
    assert unseen(path) == HOLE
    assert unseen(path, nodata=77) == HOLE  # another nodata value does not lift a mask


@pytest.mark.parametrize("alpha", [0, 1, 128, 255])
def test_an_alpha_band_is_unseen_where_it_is_wholly_clear(tmp_path, alpha):
    values = np.full((4, 3, 4), 9, dtype="uint8")
    values[3] = 255
    values[3, 1, 2] = alpha
    path = write(tmp_path / "i.tif", values, photometric="RGB", alpha="YES")
    assert unseen(path) == (HOLE if alpha == 0 else [])


def test_a_second_value_is_given_where_the_file_declares_only_one(tmp_path):
    values = bands("int16", hole=-1)
    path = write(tmp_path / "i.tif", values, nodata=-9999)
    assert unseen(path) == []
    assert unseen(path, nodata=-1) == HOLE


@pytest.mark.parametrize("kind", ["complex64", "complex128", "complex_int16"])
def test_complex_numbers_are_refused(tmp_path, kind):
    with rasterio.open(
        tmp_path / "i.tif",
        "w",
        driver="GTiff",
        count=2,
        height=3,
        width=4,
        dtype=kind,
        crs="EPSG:4547",
        transform=PLACE,
    ):
        pass
    with pytest.raises(RasterError, match="complex") as caught:
        open_image(tmp_path / "i.tif", need=NEED, bands=BANDS)
    assert caught.value.found == kind


def test_a_colour_table_is_no_measurement(tmp_path):
    files = {}
    for name, plane in zip(NEED, bands(), strict=True):
        files[name] = write(tmp_path / f"{name}.tif", plane, photometric="palette")
        with rasterio.open(files[name], "r+") as file:
            file.write_colormap(1, {5: (255, 0, 0, 255)})
    for image in (files, files["red"]):
        with pytest.raises(RasterError) as caught:
            open_image(image, need=NEED, bands=None)
        assert caught.value.found == "palette"
    shares = open_image(files["red"], need=("green",), bands={"green": 1})
    assert shares.grid.width == 4  # a classification of 0 and 1 may have colours


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("only", ["GCP", "RPC"])
def test_control_points_alone_are_no_place(tmp_path, only):
    path = tmp_path / "raw.tif"
    values = bands()
    shape = {"count": 2, "height": 3, "width": 4, "dtype": "uint8"}
    with rasterio.open(path, "w", driver="GTiff", **shape) as file:
        file.write(values)
        if only == "GCP":
            points = [
                rasterio.control.GroundControlPoint(r, c, c, r) for r in (0, 3) for c in (0, 4)
            ]
            file.gcps = (points, rasterio.crs.CRS.from_epsg(4547))
        else:
            ones = [1.0] * 20
            file.rpcs = rasterio.rpc.RPC(
                height_off=0,
                height_scale=1,
                lat_off=30,
                lat_scale=1,
                line_den_coeff=ones,
                line_num_coeff=ones,
                line_off=0,
                line_scale=1,
                long_off=114,
                long_scale=1,
                samp_den_coeff=ones,
                samp_num_coeff=ones,
                samp_off=0,
                samp_scale=1,
            )
    with pytest.raises(RasterError, match="orthorectif") as caught:
        open_image(path, need=NEED, bands=BANDS)
    assert caught.value.found == only
