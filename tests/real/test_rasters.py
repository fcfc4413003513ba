"""Real images and layers through the public functions, beside figures computed without them.

(P) is published by the origin of the data, (C) was computed with plain geopandas and numpy.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

import greenspace as gs
from greenspace.errors import DataWarning, GeometryError, InputError, RasterError

pytestmark = pytest.mark.real_data


def frame_of(path):
    """Return the outline of a raster as a zone, with its own CRS."""
    with rasterio.open(path) as dataset:
        left, top = dataset.transform @ (0, 0)
        right, bottom = dataset.transform @ (dataset.width, dataset.height)
        return gpd.GeoDataFrame(geometry=[shapely.box(left, bottom, right, top)], crs=dataset.crs)


def share(image, zones, **how):
    return gs.green_coverage(gs.vegetation(image, **how), zones).value.iloc[0]


def codes(result):
    return [finding.code for finding in result.findings]


# Olinda: Landsat 7 digital numbers, six bands of one byte, no nodata


@pytest.fixture(scope="module")
def etm(real_data):
    return real_data / "olinda" / "L7_ETMs.tif"


@pytest.mark.parametrize(("threshold", "expected"), [(0.2, 0.238099), (0.3, 0.151724)])
def test_olinda_ndvi_shares_of_the_whole_image(etm, threshold, expected):  # (C)
    how = {"bands": {"red": 3, "nir": 4}, "threshold": threshold}
    table = gs.green_coverage(gs.vegetation(etm, **how), frame_of(etm))
    assert table.value.iloc[0] == pytest.approx(expected, abs=5e-7)
    assert codes(table)[-2:] == ["nodata_undeclared", "raw_numbers"]


@pytest.mark.parametrize(
    ("quantile", "above"),
    [(-0.2828283, 1), (-0.1081081, 0.75), (-0.08287293, 0.5), (-0.05882353, 0.25), (0.09259259, 0)],
)
def test_olinda_quantiles_of_two_bands_as_published(etm, quantile, above):  # (P)
    # The share strictly above a quantile is at most its complement, just below it at least that.
    how = {"bands": {"red": 1, "nir": 2}}
    below, beyond = (
        share(etm, frame_of(etm), threshold=quantile + step, **how) for step in (-1e-7, 1e-7)
    )
    assert beyond <= above <= below
    assert (below - beyond) * 349 * 352 >= 1 - 1e-6


def test_olinda_tracts_by_their_cell_centres(etm, real_data):  # (C): 0.229938 and 0.130196
    tracts = gs.read_layer(real_data / "olinda" / "olinda1.shp", columns={"people": "V014"})
    assert tracts["people"].sum() == 377_779  # (P)
    whole = gpd.GeoSeries([tracts.union_all()], crs=tracts.crs)
    for threshold, expected in ((0.2, 0.229938), (0.3, 0.130196)):
        how = {"bands": {"red": 3, "nir": 4}, "threshold": threshold}
        table = gs.green_coverage(gs.vegetation(etm, **how), whole)
        frame = table.to_frame()
        # Exact pixel fractions differ from centres along the outline only.
        assert table.value.iloc[0] == pytest.approx(expected, abs=3e-4)
        assert frame.denominator.iloc[0] + frame.unseen.iloc[0] == pytest.approx(
            4169.17e4, rel=1e-4
        )
        assert frame.unseen.iloc[0] > 0  # tracts reach past the image in the west and south


def test_olinda_green_per_head(etm, real_data):  # (C): 25.36 m2 at > 0.2
    tracts = gs.read_layer(real_data / "olinda" / "olinda1.shp")
    image = gs.vegetation(etm, bands={"red": 3, "nir": 4}, threshold=0.2)
    green = gs.green_coverage(image, tracts).to_frame().numerator.sum()
    assert green / tracts["V014"].sum() == pytest.approx(25.36, abs=0.02)


# Storm Lake: one file a band, scale and offset outside the file


def test_storm_lake_is_green_only_after_scale_and_offset(real_data):  # (C): 0.027 and 0.708
    folder = real_data / "stormlake"
    files = {"red": folder / "sr_b4_20200829.tif", "nir": folder / "sr_b5_20200829.tif"}
    zone = frame_of(files["red"])
    scaled = {"scale": 0.0000275, "offset": -0.2}
    assert share(files, zone, threshold=0.3) == pytest.approx(0.027, abs=5e-4)
    assert share(files, zone, threshold=0.3, **scaled) == pytest.approx(0.708, abs=5e-4)
    raw, physical = (
        gs.green_coverage(gs.vegetation(files, threshold=0.3, **how), zone) for how in ({}, scaled)
    )
    assert "raw_numbers" in codes(raw)
    assert "raw_numbers" not in codes(physical)
    with pytest.raises(RasterError, match="needs reflectance"):
        gs.vegetation(files, index="savi", threshold=0.3)


def test_storm_lake_bands_confused_are_refused(real_data):
    red = real_data / "stormlake" / "sr_b4_20200829.tif"
    with pytest.raises(RasterError, match="same band of the same file"):
        gs.vegetation({"red": red, "nir": red}, threshold=0.3)


# Fishbourne: zeros cut away around the scene, no nodata tag


def test_fishbourne_is_refused_until_zero_is_named(real_data):
    path = real_data / "misc_raster" / "s2a_l2a_fishbourne.tif"
    how = {"bands": {"blue": 1, "green": 2, "red": 3, "nir": 4}, "threshold": 0.3}
    with rasterio.open(path) as dataset:
        pixels = dataset.read().astype(float)
    blank = (pixels == 0).all(axis=0)
    border = np.ones_like(blank)
    border[1:-1, 1:-1] = False
    with pytest.raises(RasterError, match="nodata=0") as caught:
        share(path, frame_of(path), **how)
    assert caught.value.found == (blank & border).sum() > 0
    red, nir = pixels[2], pixels[3]
    seen = (red != 0) & (nir != 0)
    expected = ((nir - red)[seen] / (nir + red)[seen] > 0.3).mean()
    table = gs.green_coverage(gs.vegetation(path, nodata=0, **how), frame_of(path))
    assert table.value.iloc[0] == pytest.approx(expected, abs=1e-9)
    assert table.to_frame().unseen.iloc[0] == pytest.approx((~seen).mean() * table.to_frame().area)


def test_reflectance_is_no_raster_of_shares(real_data):
    path = real_data / "misc_raster" / "s2a_l2a_fishbourne.tif"
    with pytest.raises(RasterError, match="has 4 bands"):
        gs.green_coverage(path, frame_of(path))


def test_broken_and_black_images(real_data):
    folder = real_data / "dirty" / "rasterio"
    bands, corrupt = {"red": 1, "nir": 2}, folder / "corrupt.tif"
    with pytest.raises(RasterError, match=r"cannot be decoded in rows \d+-\d+"):
        share(corrupt, frame_of(corrupt), bands=bands, threshold=0.1)
    black = folder / "all-nodata.tif"
    table = gs.green_coverage(gs.vegetation(black, bands=bands, threshold=0.1), frame_of(black))
    assert table.to_frame().denominator.iloc[0] == 0
    assert "nothing of this place" in table.ratio(0).reason.en


# Amsterdam: layers of two CRS


@pytest.fixture(scope="module")
def amsterdam(real_data):
    parks = gs.read_layer(real_data / "amsterdam" / "ams_parken.gpkg")
    places = gs.read_layer(real_data / "amsterdam" / "Ams_Neighborhoods.gpkg")
    assert parks.crs.to_epsg() != places.crs.to_epsg()
    return parks, places


def test_amsterdam_parks_have_the_area_of_their_union(amsterdam):  # (C): 25 464 084 m2
    parks, places = amsterdam
    ratio = gs.park_area_per_capita(parks, 1, crs=places.crs)
    assert ratio.numerator == pytest.approx(25_464_084, rel=1e-6)
    assert ratio.numerator == pytest.approx(25_455_655, rel=5e-4)  # (P), one park without a figure
    in_degrees = gs.park_area_per_capita(parks, 1)
    assert codes(in_degrees)[0] == "measuring_crs"
    assert in_degrees.numerator == pytest.approx(ratio.numerator, rel=2e-4)


def test_amsterdam_parks_inside_the_neighbourhoods(amsterdam):  # (C): 18 315 750 m2
    parks, places = amsterdam
    frame = gs.park_area_per_capita(parks, "one", zones=places.assign(one=1), crs=28992).to_frame()
    assert frame.numerator.sum() == pytest.approx(18_315_750, rel=1e-6)
    assert frame.index.equals(places.index)


def test_amsterdam_within_300_m_of_a_park(amsterdam):  # (C): 33.837 % of the city
    parks, places = amsterdam
    city = gpd.GeoSeries([places.union_all()], crs=places.crs)
    ratio = gs.service_coverage(parks, city, tiers=((0, 300),))
    assert ratio.crs.to_epsg() == 28992
    assert ratio.value == pytest.approx(0.33837, abs=1e-5)
    assert ratio.denominator == pytest.approx(243_646_185, rel=1e-4)
    table = gs.service_coverage(parks, places, tiers=((0, 300),), zones=places)
    served = table.to_frame()
    assert served.numerator.sum() == pytest.approx(ratio.numerator, rel=1e-6)


# New York: invalid polygons, feet


def test_new_york_districts_are_made_valid_with_a_warning(real_data):
    # (C): 18 of 71 are invalid; 782.217 km2 after make_valid, 781.731 dissolved. Its two rules,
    # linework and structure, differ by 1 600 m2.
    districts = gs.read_layer(real_data / "nyc" / "nycd.gpkg")
    everything = gpd.GeoSeries([shapely.box(*districts.total_bounds)], crs=districts.crs)
    with pytest.warns(DataWarning, match="zones: 18 invalid shapes made valid"):
        table = gs.green_coverage(everything, districts)
    found = next(finding for finding in table.findings if finding.code == "made_valid")
    assert found.count == len(found.rows) == 18
    assert table.to_frame().denominator.sum() == pytest.approx(782.217e6, abs=2000)
    assert table.value.tolist() == pytest.approx([1.0] * 71)
    with pytest.raises(InputError, match="overlap"):
        table.total()
    with pytest.warns(DataWarning, match="built_up: 18 invalid"):
        city = gs.green_space_ratio(everything, districts)
    assert city.denominator == pytest.approx(781.731e6, abs=2000)
    assert "overlap" in codes(city)


def test_new_york_boroughs_in_feet_are_measured_in_metres(real_data):  # (P): square feet
    boroughs = gs.read_layer(real_data / "nyc" / "nybb_16a.zip")
    table = gs.green_coverage(boroughs, boroughs)
    assert "measuring_crs" in codes(table)
    square_metres = boroughs["Shape_Area"] * (1200 / 3937) ** 2
    assert np.allclose(table.to_frame().denominator, square_metres, rtol=1e-3)


# Riverside: tracts in feet, parks in degrees, points among the parks


def test_riverside_park_land_per_head(real_data):  # (C): 15.23 m2 by area-weighted persons
    folder = real_data / "riverside"
    parks = gs.read_layer(folder / "parks.geojson")
    with pytest.raises(GeometryError, match="has 7 Point") as caught:
        gs.park_area_per_capita(parks, 312_946)
    assert len(caught.value.rows) == 7
    areas = parks[parks.geom_type != "Point"]
    ratio = gs.park_area_per_capita(areas, 312_946, crs=32611)
    assert ratio.numerator == pytest.approx(4_766_608, rel=1e-6)
    assert ratio.value == pytest.approx(15.23, abs=0.005)
    assert gs.park_area_per_capita(areas, 312_946).value == pytest.approx(15.23, abs=0.02)
    boundary = gs.read_layer(folder / "boundary.geojson")
    table = gs.green_coverage(areas, boundary, crs=32611)
    assert table.to_frame().denominator.sum() == pytest.approx(210.894e6, rel=1e-5)
