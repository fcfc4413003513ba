"""From an image to green coverage: by hand, beside exactextract, by property, by refusal."""

from __future__ import annotations

import datetime as dt
import warnings

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import rioxarray  # noqa: F401 - gives DataArrays their CRS
import shapely
import xarray as xr
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box
from shapely.affinity import translate

import greenspace as gs
from greenspace.errors import CrsError, GreenspaceError, InputError, RasterError
from greenspace.model.city import ImageSpec
from greenspace.model.crs import local_metre
from tests.scene import write_raster

WEST, NORTH, SIDE = 500_000.0, 3_400_000.0, 10.0
PLACE = Affine(SIDE, 0.0, WEST, 0.0, -SIDE, NORTH)
BANDS = {"red": 1, "nir": 2}
RED = np.array([[1, 1, 1, 2], [1, 1, 3, 2], [3, 0, 3, 9]], dtype="uint16")
NIR = np.array([[3, 3, 3, 2], [3, 4, 1, 2], [1, 0, 1, 9]], dtype="uint16")
NDVI = np.array([[0.5, 0.5, 0.5, 0], [0.5, 0.6, -0.5, 0], [-0.5, np.nan, -0.5, 0]])


def write(path, values, **given):
    return write_raster(path, values, **{"transform": PLACE, **given})


def ground(*sides, crs=4547, **columns):
    """Return zones given in metres east and south of the image's corner."""
    shapes = [box(WEST + w, NORTH - s, WEST + e, NORTH - n) for w, n, e, s in sides]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


def codes(table):
    return [finding.code for finding in table.findings]


def halves(table, row=0):
    found = table.to_frame().iloc[row]
    return found.numerator, found.denominator, found.unseen


WHOLE = ground((0, 0, 40, 30))


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "image.tif", np.stack([RED, NIR]), nodata=9)


# By hand: 12 pixels of 100 m2, one undefined (0/0), one nodata


@pytest.mark.parametrize(
    ("threshold", "green"),
    [(0.5, 1), (np.nextafter(0.5, 0), 5), (0.6, 0), (np.float32(0.25), 5), (-0.5, 7), (-0.6, 10)],
    ids=str,
)
def test_green_is_strictly_above_the_threshold(file, threshold, green):
    # NDVI 0.5 four times, 0.6 once, 0 twice, -0.5 three times; one pixel is 0/0 and one nodata.
    table = gs.green_coverage(gs.vegetation(file, bands=BANDS, threshold=threshold), WHOLE)
    assert halves(table) == pytest.approx((green * 100, 1000, 200))
    assert table.value.iloc[0] == pytest.approx(green / 10)


def test_the_bounds_hold_whatever_the_unseen_would_show(file):
    frame = gs.green_coverage(gs.vegetation(file, bands=BANDS, threshold=0.5), WHOLE).to_frame()
    assert frame.low.iloc[0] == pytest.approx(1 / 12)
    assert frame.high.iloc[0] == pytest.approx(3 / 12)


def test_ground_outside_the_image_is_unseen(file):
    zones = ground((30, 10, 50, 20), (100, 0, 110, 10))  # half outside, wholly outside
    table = gs.green_coverage(gs.vegetation(file, bands=BANDS, threshold=-0.1), zones)
    assert halves(table) == pytest.approx((100, 100, 100))
    assert halves(table, 1) == pytest.approx((0, 0, 100))
    assert np.isnan(table.value.iloc[1])
    assert "nothing of this place" in table.ratio(1).reason.en


def test_a_mask_takes_green_and_not_green_away(file, tmp_path):
    mask = write(tmp_path / "m.tif", np.array([[0, 2, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]], "uint8"))
    how = {"bands": BANDS, "threshold": 0.4}
    assert halves(gs.green_coverage(gs.vegetation(file, **how), WHOLE))[0] == pytest.approx(500)
    table = gs.green_coverage(gs.vegetation(file, mask=mask, **how), WHOLE)
    assert halves(table) == pytest.approx((400, 800, 400))


def test_exg_needs_no_infrared(tmp_path):
    # (2 green - red - blue) / sum: (6 - 1 - 0) / 4 = 1.25, (2 - 1 - 1) / 3 = 0.
    rgb = np.array([[[1, 1]], [[3, 1]], [[0, 1]]], dtype="uint8")
    bands = {"red": 1, "green": 2, "blue": 3}
    image = gs.vegetation(write(tmp_path / "rgb.tif", rgb), index="exg", threshold=1, bands=bands)
    assert gs.green_coverage(image, ground((0, 0, 20, 10))).value.iloc[0] == pytest.approx(0.5)


def test_evi_and_savi_are_computed_from_reflectance_only(tmp_path):
    # EVI of blue 0.1, red 0.1, nir 0.5: 2.5 * 0.4 / (0.5 + 0.6 - 0.75 + 1) = 1 / 1.35 = 0.7407
    # SAVI of the same: 0.6 over 1.1, which is 0.5455
    raw = np.array([[[1000, 1000]], [[1000, 1000]], [[5000, 1000]]], dtype="uint16")
    path = write(tmp_path / "b.tif", raw)
    bands = {"blue": 1, "red": 2, "nir": 3}
    zones = ground((0, 0, 20, 10))
    for index, value in (("evi", 0.7407), ("savi", 0.5454)):
        how = {"index": index, "bands": bands}
        for given_half in ({}, {"scale": 1e-4}, {"offset": 0.0}):
            with pytest.raises(RasterError, match="needs reflectance"):
                gs.vegetation(path, threshold=0.1, **how, **given_half)
        for step, share in ((-1e-3, 0.5), (1e-3, 0.0)):
            cut = {"threshold": value + step, "scale": 1e-4, "offset": 0.0}
            table = gs.green_coverage(gs.vegetation(path, **how, **cut), zones)
            assert table.value.iloc[0] == pytest.approx(share)
            assert codes(table) == ["nodata_undeclared"]


def test_a_scale_that_the_image_declares_is_as_good_as_a_given_one(tmp_path):
    raw = np.stack([RED, NIR]) * np.uint16(1000)
    said = {"scales": (1e-4, 1e-4), "offsets": (-0.1, -0.1)}
    path = write(tmp_path / "s.tif", raw, said=said, nodata=9000)
    with rasterio.open(path) as dataset:
        values = np.ma.masked_invalid(dataset.read(masked=True)) * 1e-4 - 0.1
    red, nir = values
    savi = (1.5 * (nir - red) / (nir + red + 0.5)).compressed()
    table = gs.green_coverage(gs.vegetation(path, index="savi", threshold=0, bands=BANDS), WHOLE)
    assert table.value.iloc[0] == pytest.approx((savi > 0).mean())
    assert codes(table) == ["scale_declared"]


def test_raw_numbers_and_the_threshold_found_are_said(tmp_path, file):
    many = write(tmp_path / "many.tif", np.tile(np.stack([RED, NIR]), (5, 5)), nodata=9)
    image = gs.vegetation(many, bands=BANDS)
    table = gs.green_coverage(image, WHOLE)
    assert codes(table) == ["raw_numbers", "otsu_threshold"]
    assert 0.0 < image.cut < 0.5
    assert table.value.iloc[0] == pytest.approx(0.5)
    rule = next(source.name for source in table.sources if source.role == "vegetation rule")
    assert rule == f"ndvi = (nir - red) / (nir + red) > {image.cut:.6g} (Otsu)"
    scaled = gs.vegetation(file, bands=BANDS, threshold=0.3, scale=1.0, offset=0.0)
    assert codes(gs.green_coverage(scaled, WHOLE)) == []


# Doors


def test_a_sensor_or_the_manifest_names_the_bands(tmp_path):
    path = write(tmp_path / "gf2.tif", np.stack([RED, NIR, RED, NIR]), nodata=9)
    spec = ImageSpec(path=path, name="gf2.tif", date=dt.date(2026, 6, 1), sensor="gf2-pms")
    swapped = ImageSpec(path=path, name="gf2.tif", bands={"red": 4, "nir": 3}, nodata=4)
    value = [
        gs.green_coverage(image, WHOLE).value.iloc[0]
        for image in (
            gs.vegetation(path, sensor="gf2-pms", threshold=0.1),
            gs.vegetation(spec, threshold=0.1),
            gs.vegetation(swapped, bands={"red": 3, "nir": 4}, nodata=9, threshold=0.1),
            gs.vegetation(swapped, sensor="gf2-pms", nodata=9, threshold=0.1),
        )
    ]
    assert value == pytest.approx([0.5] * 4)


def test_an_array_gives_what_its_file_gives(file):
    with rasterio.open(file) as dataset:
        image = gs.vegetation(dataset, bands=BANDS, threshold=0.1)
        from_file = gs.green_coverage(image, WHOLE).to_frame()
    coords = {"x": WEST + 5 + 10 * np.arange(4.0), "y": NORTH - 5 - 10 * np.arange(3.0)}
    made = xr.DataArray(
        np.stack([RED, NIR]), dims=("band", "y", "x"), coords=coords, attrs={"_FillValue": 9}
    ).rio.write_crs(4547)
    for turned in (made, made[:, ::-1], made.transpose("x", "band", "y")):
        image = gs.vegetation(turned, bands=BANDS, threshold=0.1)
        frame = gs.green_coverage(image, WHOLE).to_frame()
        halves = ["numerator", "denominator", "value", "unseen", "low", "high"]
        assert np.allclose(frame[halves], from_file[halves])


def test_nothing_is_read_before_it_is_measured(tmp_path):
    noise = np.random.default_rng(1).integers(1, 9999, (2, 300, 400)).astype("uint16")
    path = write(tmp_path / "cut.tif", noise)
    path.write_bytes(path.read_bytes()[: noise.nbytes // 2])
    image = gs.vegetation(path, bands=BANDS, threshold=0.1, nodata=0)
    with pytest.raises(RasterError, match=r"cannot be decoded in rows \d+-\d+"):
        gs.green_coverage(image, ground((0, 0, 4000, 3000)))


# Rasters of shares


def test_zeros_at_the_border_of_a_raster_of_shares_are_not_nodata(tmp_path):
    shares = np.array([[0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]], dtype="uint8")
    table = gs.green_coverage(write(tmp_path / "g.tif", shares), WHOLE)
    assert halves(table) == pytest.approx((300, 1200, 0))


def test_fractions_add_up_and_nan_is_unseen(tmp_path):
    shares = np.array([[0.25, 0.5, np.nan, 0], [0, 1, 1, 0], [0, 0, 0, 0.75]], dtype="float32")
    table = gs.green_coverage(str(write(tmp_path / "g.tif", shares)), WHOLE)
    assert halves(table) == pytest.approx((350, 1100, 100))
    declared = write(tmp_path / "d.tif", (shares[1:] * 4).astype("uint8"), nodata=3,
                     said={"scales": (0.25,)})  # fmt: skip
    assert halves(gs.green_coverage(declared, ground((0, 0, 40, 20)))) == pytest.approx(
        (200, 700, 100)
    )


def test_an_image_is_not_a_raster_of_shares(tmp_path):
    reflectance = np.full((4, 3, 4), 0.3, dtype="float32")
    with pytest.raises(RasterError, match="has 4 bands") as caught:
        gs.green_coverage(write(tmp_path / "i.tif", reflectance), WHOLE)
    assert "gs.vegetation" in str(caught.value)
    with pytest.raises(RasterError, match="shares from 0 to 1, but has 2"):
        gs.green_coverage(write(tmp_path / "p.tif", np.full((3, 4), 2, "uint8")), WHOLE)


# Beside exactextract


def random_scene(seed, height=23, width=31):
    rng = np.random.default_rng(seed)
    raw = rng.integers(0, 50, (2, height, width)).astype("uint16")
    raw[:, rng.random((height, width)) < 0.1] = 60  # nodata
    return raw


def expected_shares(raw, bounds, zones, threshold):
    """Return green and seen shares of each zone by exactextract's own pixel fractions."""
    red, nir = np.where(raw == 60, np.nan, raw.astype(float))
    with np.errstate(invalid="ignore", divide="ignore"):
        index = (nir - red) / (nir + red)
    seen = np.isfinite(index)
    green = np.where(seen, index > threshold, False)
    west, south, east, north = bounds
    sums = []
    for layer in (green, seen):
        source = NumPyRasterSource(layer.astype(float), *bounds, srs_wkt=zones.crs.to_wkt())
        found = exact_extract(source, zones, ["sum"], output="pandas")
        sums.append(found["sum"].to_numpy())
    cell = (east - west) / raw.shape[2] * (north - south) / raw.shape[1]
    return np.array(sums) * cell / shapely.area(zones.geometry.to_numpy())


@given(seed=st.integers(0, 10_000), shift=st.tuples(st.floats(-99, 300), st.floats(-99, 200)))
def test_shares_are_those_of_exactextract(tmp_path_factory, seed, shift):
    raw = random_scene(seed)
    path = write(tmp_path_factory.mktemp("ee") / "i.tif", raw, nodata=60)
    # One round zone that may leave the image, one of half pixels, one smaller than a pixel.
    shapes = [
        Point(WEST + shift[0], NORTH - shift[1]).buffer(55),
        box(WEST + 15, NORTH - 55, WEST + 95, NORTH - 5),
        box(WEST + 102, NORTH - 104, WEST + 107, NORTH - 101),
    ]
    zones = gpd.GeoDataFrame(geometry=shapes, crs=4547)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of exactextract, where a zone lies outside
        green, seen = expected_shares(
            raw, (WEST, NORTH - 230, WEST + 310, NORTH), zones, threshold=0.2
        )
    frame = gs.green_coverage(gs.vegetation(path, bands=BANDS, threshold=0.2), zones).to_frame()
    area = zones.area.to_numpy()
    assert np.allclose(frame.numerator, np.nan_to_num(green) * area, rtol=1e-6, atol=1e-3)
    assert np.allclose(frame.denominator, np.nan_to_num(seen) * area, rtol=1e-6, atol=1e-3)
    assert np.allclose(frame.denominator + frame.unseen, area)


# Other planes

FOREIGN = {
    "degrees": (4326, Affine(1e-4, 0, 113.9, 0, -1e-4, 30.7)),
    "web mercator": (3857, Affine(12, 0, 12_680_000, 0, -12, 3_590_000)),
    "feet": (2230, Affine(33, 0, 6_200_000, 0, -33, 2_300_000)),
}


@pytest.mark.parametrize(("crs", "place"), FOREIGN.values(), ids=FOREIGN.keys())
def test_an_image_that_cannot_measure_gives_shares_of_zones_measured_elsewhere(
    tmp_path, crs, place
):
    raw = random_scene(4)
    path = write(tmp_path / "f.tif", raw, crs=f"EPSG:{crs}", transform=place, nodata=60)
    west, north = place @ (0, 0)
    east, south = place @ (31, 23)
    inner = box(*(place @ (3.5, 19.25)), *(place @ (27.5, 4.0)))
    zones = gpd.GeoDataFrame(geometry=[inner], crs=crs)
    green, seen = expected_shares(raw, (west, south, east, north), zones, 0.1)
    table = gs.green_coverage(gs.vegetation(path, bands=BANDS, threshold=0.1), zones)
    assert codes(table)[0] == "measuring_crs"
    assert table.value.iloc[0] == pytest.approx((green / seen)[0], rel=1e-4)
    true_area = abs(zones.to_crs(6933).area.iloc[0])
    assert sum(halves(table)[1:]) == pytest.approx(true_area, rel=6e-4)
    local = gs.green_coverage(
        gs.vegetation(path, bands=BANDS, threshold=0.1), zones.to_crs(table.crs)
    )
    assert local.value.iloc[0] == pytest.approx(table.value.iloc[0], rel=1e-5)


def test_the_crs_that_is_asked_for_measures_or_is_refused(file):
    image = gs.vegetation(file, bands=BANDS, threshold=0.4)
    table = gs.green_coverage(image, WHOLE, crs="EPSG:4546")
    assert table.crs.to_epsg() == 4546
    assert "areal_scale" in codes(table)
    assert table.value.iloc[0] == pytest.approx(0.5)
    for wrong in (4326, 3857, "EPSG:2230", "nonsense", "local-metre"):
        with pytest.raises(CrsError):
            gs.green_coverage(image, WHOLE, crs=wrong)


def test_a_city_grid_of_its_own_is_used_where_image_and_zones_share_it(tmp_path):
    local = local_metre()
    zones = WHOLE.set_crs(local, allow_override=True)
    scene = np.stack([RED, NIR])
    for crs in (None, 'LOCAL_CS["city grid",UNIT["metre",1]]'):
        path = write(tmp_path / "l.tif", scene, crs=crs, nodata=9)
        image = gs.vegetation(path, bands=BANDS, threshold=0.4)
        table = gs.green_coverage(image, zones)
        assert halves(table) == pytest.approx((500, 1000, 200))
        assert "local_grid" in codes(table)
        with pytest.raises(InputError):
            gs.green_coverage(image, WHOLE)


# By property


@given(columns=st.integers(-50, 50), rows=st.integers(-50, 50))
def test_moving_image_and_zones_by_whole_pixels_changes_nothing(tmp_path_factory, columns, rows):
    raw, folder = random_scene(9), tmp_path_factory.mktemp("t")
    zones = gpd.GeoSeries([Point(WEST + 133.3, NORTH - 98.7).buffer(77)], crs=4547)
    moved = zones.apply(translate, xoff=10.0 * columns, yoff=-10.0 * rows)
    values = [
        gs.green_coverage(
            gs.vegetation(
                write(folder / "i.tif", raw, transform=place, nodata=60), bands=BANDS, threshold=0
            ),
            shapes,
        ).value.iloc[0]
        for place, shapes in ((PLACE, zones), (PLACE @ Affine.translation(columns, rows), moved))
    ]
    assert values[0] == pytest.approx(values[1], abs=1e-9)


# By refusal


@pytest.mark.parametrize("threshold", [None, True, "0.3", float("nan"), float("inf"), [0.3]])
def test_a_threshold_that_is_no_number_is_refused(file, threshold):
    with pytest.raises(InputError, match="threshold should be") as caught:
        gs.vegetation(file, bands=BANDS, threshold=threshold)
    assert caught.value.found is threshold


@pytest.mark.parametrize(
    "wrong",
    [{"scale": 0}, {"scale": "1e-4"}, {"scale": float("nan")}, {"offset": float("inf")},
     {"offset": [0]}, {"nodata": "0"}, {"nodata": True}],
    ids=str,
)  # fmt: skip
def test_a_scale_offset_or_nodata_that_is_no_number_is_refused(file, wrong):
    with pytest.raises(InputError, match="should be a number"):
        gs.vegetation(file, bands=BANDS, threshold=0.1, **wrong)


def test_an_unknown_index_is_refused(file):
    with pytest.raises(RasterError, match="there are ndvi, evi, savi, exg"):
        gs.vegetation(file, index="nvdi", bands=BANDS)


@pytest.mark.parametrize(
    "odd",
    [{"threshold": np.array([0.1, 0.2])}, {"index": ["ndvi"]}, {"on_bad_tile": ["refuse"]},
     {"bands": {"red": True, "nir": 2}}, {"bands": {**BANDS, "blue": [1]}}, {"bands": [3, 4]},
     {"bands": {"red": "3", "nir": 4}}, {"mask": {"path": "m.tif", "codes": ["x"]}},
     {"mask": {"path": "m.tif", "values": [-1]}}, {"scale": "x"}, {"nodata": [0]},
     {"image": 3}],
    ids=str,
)  # fmt: skip
def test_an_odd_argument_is_refused_with_what_to_write(file, odd):
    given = {"image": file, "bands": BANDS, "threshold": 0.3, **odd}
    with pytest.raises(GreenspaceError) as caught:
        gs.vegetation(given.pop("image"), **given)
    assert caught.value.remedy.zh
    assert caught.value.remedy.en
