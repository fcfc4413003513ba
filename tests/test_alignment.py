"""An image against the outlines of layers: the sample city moved by known steps, and real tracts."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from rasterio.features import rasterize

import greenspace as gs
from greenspace.alignment import alignment_findings
from greenspace.errors import CrsError, GeometryError
from tests.measure.test_registration import SIDE, parcels
from tests.scene import write_raster

BANDS = {"red": 3, "nir": 4}
MANIFEST = """
[city]
name = "试城"
[layers.built_up]
path = "layers.gpkg"
layer = "built_up"
[layers.green]
path = "layers.gpkg"
layer = "green"
[[image]]
path = "moved.tif"
bands = { red = 3, nir = 4 }
[vegetation]
threshold = 0.37
"""
CORNER = Affine.translation(500_000, 3_400_000)
LAYS = {
    "north up": CORNER @ Affine.scale(2, -2),
    "south up": CORNER @ Affine.scale(2, 2),
    "turned by 30 degrees": CORNER @ Affine.rotation(30) @ Affine.scale(2, -2),
}


@pytest.fixture(scope="module")
def image(sample_city):
    return gs.vegetation(sample_city.with_name("image_2026.tif"), bands=BANDS)


@pytest.fixture(scope="module")
def layers(sample_city):
    path = sample_city.with_name("layers.gpkg")
    return {name: gpd.read_file(path, layer=name) for name in ("vegetation", "green", "water")}


def shifted(layers, right_m, up_m):
    return {
        name: frame.set_geometry(frame.translate(right_m, up_m)) for name, frame in layers.items()
    }


def test_the_sample_city_lies_right(image, layers):
    assert alignment_findings(image, layers, "image.tif") == ()


def test_a_shift_of_three_and_two_pixels_is_found_in_pixels_and_metres(image, layers):
    apart = shifted(layers, -6, -4)  # pixels of 2 m: the image lies 3 to the right and 2 up
    found = gs.image_shift(image, apart["green"])
    (finding,) = alignment_findings(image, apart, "image.tif")

    assert (found.sure, found.above_one) == (True, True)
    assert (found.right_px, found.down_px) == pytest.approx((3, -2), abs=0.5)
    assert (found.east_m, found.north_m) == pytest.approx((6, 4), abs=1)
    assert (finding.code, finding.severity, finding.file) == (
        "image_shifted",
        "warning",
        "image.tif",
    )
    assert "green: +6.0 m east, +4.0 m north" in finding.text.en


def test_less_than_half_a_pixel_is_silent(image, layers):
    assert alignment_findings(image, shifted(layers, 0.8, 0), "image.tif") == ()


def test_one_layer_that_lies_off_is_named_and_the_others_fit(image, layers):
    mixed = layers | {"water": shifted(layers, 8, 0)["water"]}
    (finding,) = alignment_findings(image, mixed, "image.tif")

    assert "water: -7.9 m east, +0.0 m north" in finding.text.en
    assert "vegetation, green fit" in finding.text.en


def test_a_layer_little_more_than_a_pixel_off_the_others_is_not_named(image, layers):
    near = shifted(layers, -1.6, 0)  # 0.8 pixels
    near["water"] = shifted(layers, -3.6, 0)["water"]  # 1.8

    assert gs.image_shift(image, near["water"]).above_one
    assert alignment_findings(image, near, "image.tif") == ()


def test_twenty_pixels_are_found(image, layers):
    apart = {"green": shifted(layers, -40, 24)["green"]}
    found = gs.image_shift(image, apart["green"])
    (finding,) = alignment_findings(image, apart, "image.tif")

    assert finding.code == "image_shifted"
    assert (found.right_px, found.down_px) == pytest.approx((20, 12), abs=0.5)
    assert (found.east_m, found.north_m) == pytest.approx((40, -24), abs=1)


def test_forty_pixels_and_outlines_of_something_else_cannot_be_told(image, layers):
    rng = np.random.default_rng(4)
    west, south, east, north = layers["green"].total_bounds
    at = rng.uniform((west, south), (east - 90, north - 90), (300, 2))
    random = shapely.box(*at.T, *(at + rng.uniform(20, 90, (300, 2))).T)
    for green in (shifted(layers, 80, 0)["green"], gpd.GeoDataFrame(geometry=random, crs=4547)):
        (finding,) = alignment_findings(image, {"green": green}, "image.tif")
        assert (finding.code, finding.severity) == ("image_shift_unknown", "note")
        assert "31 pixels" in finding.text.en


@pytest.mark.parametrize("down", [0, 8, 10, 12])
def test_rows_of_houses_fit_at_every_house_and_are_never_sure(tmp_path, down):
    at = np.array([(x, y) for x in range(20, 560, 30) for y in range(20, 570, 12)])
    houses = shapely.box(*at.T, *np.add(at, (25, 5)).T)
    place = LAYS["north up"]
    values = rasterize(houses, (600, 600), transform=Affine.translation(0, down), dtype="uint8")
    path = write_raster(tmp_path / "green.tif", values, transform=place)
    ground = shapely.transform(houses, lambda xy: np.column_stack(place @ tuple(xy.T)))
    found = gs.image_shift(path, gpd.GeoSeries(ground, crs=4547))

    assert not found.sure
    assert "repeat" in found.reason.en


def test_unseen_parts_shorten_the_reach_and_do_not_silence_it(tmp_path):
    shapes = parcels(8, 120)
    there = shapely.transform(shapes, lambda xy: np.add(xy, (2, 3)))
    values = rasterize(there, out_shape=(SIDE, SIDE), dtype="uint8")
    for at in (120, 250):
        values[at : at + 10] = values[:, at : at + 10] = 9
    path = write_raster(tmp_path / "green.tif", values, transform=LAYS["north up"], nodata=9)
    ground = shapely.transform(shapes, lambda xy: np.column_stack(LAYS["north up"] @ tuple(xy.T)))
    found = gs.image_shift(path, gpd.GeoSeries(ground, crs=4547))

    assert (found.right_px, found.down_px, found.reason) == (
        pytest.approx(2, abs=0.3),
        pytest.approx(3, abs=0.3),
        None,
    )


def test_rows_without_outlines_change_nothing_and_a_layer_elsewhere_tells_nothing(image, layers):
    green = layers["green"].copy()
    green.loc[[3, 4, 5], "geometry"] = [None, shapely.Point(511500, 3381000), shapely.Polygon()]
    far = shifted(layers, 1e5, 0)["green"]

    assert gs.image_shift(image, green).sure
    nowhere = gs.image_shift(image, far)
    assert nowhere.points == 0
    assert np.isnan([nowhere.right_px, nowhere.down_px, nowhere.east_m, nowhere.north_m]).all()
    assert "Too few outlines" in nowhere.reason.en
    for nothing in (far, green.iloc[:0]):
        (finding,) = alignment_findings(image, {"green": nothing}, "image.tif")
        assert finding.code == "image_shift_unknown"


def test_layers_that_no_image_shows_are_not_asked(image, layers):
    assert alignment_findings(image, {"districts": layers["green"]}, "image.tif") == ()


@pytest.mark.parametrize("lay", LAYS)
def test_turned_images_will_do(tmp_path, lay):
    shapes = parcels(8)
    there = shapely.transform(shapes, lambda xy: np.add(xy, (2, 3)))
    values = rasterize(there, out_shape=(SIDE, SIDE), dtype="uint8")
    path = write_raster(tmp_path / "green.tif", values, transform=LAYS[lay])
    on_ground = shapely.transform(shapes, lambda xy: np.column_stack(LAYS[lay] @ tuple(xy.T)))
    found = gs.image_shift(path, gpd.GeoSeries(on_ground, crs=4547))

    assert (found.right_px, found.down_px) == pytest.approx((2, 3), abs=0.3)
    end = LAYS[lay] @ (2, 3)
    step = (end[0] - 500_000, end[1] - 3_400_000)
    assert (found.east_m, found.north_m) == pytest.approx(step, abs=1)


def test_any_crs_will_do(image, layers):
    green = shifted(layers, -6, -4)["green"]
    found = gs.image_shift(image, green.to_crs(4490))

    assert (found.right_px, found.down_px) == pytest.approx((3, -2), abs=0.5)


def test_refuses_what_is_no_layer_or_has_no_crs(image, layers):
    with pytest.raises(GeometryError):
        gs.image_shift(image, layers["green"].geometry.to_list())
    for none in (layers["green"].iloc[:0], layers["green"].set_geometry(layers["green"].centroid)):
        with pytest.raises(GeometryError):
            gs.image_shift(image, none)
    with pytest.raises(CrsError):
        gs.image_shift(image, layers["green"].set_crs(None, allow_override=True))


@pytest.fixture
def moved_city(sample_city, tmp_path):
    with rasterio.open(sample_city.with_name("image_2026.tif")) as dataset:
        values, place, nodata = dataset.read(), dataset.transform, dataset.nodata
    place = Affine.translation(8, 0) @ place
    write_raster(tmp_path / "moved.tif", values, transform=place, nodata=nodata)
    (tmp_path / "layers.gpkg").symlink_to(sample_city.with_name("layers.gpkg"))
    (tmp_path / "city.toml").write_text(MANIFEST, encoding="utf-8")
    return tmp_path / "city.toml"


@pytest.mark.parametrize("door", [gs.validate, gs.check])
def test_a_check_and_a_validation_tell_the_shift(moved_city, door):
    (told,) = [finding for finding in door(moved_city).findings if "shift" in finding.code]

    assert (told.code, told.severity, told.file) == ("image_shifted", "warning", "moved.tif")


@pytest.mark.real_data
def test_census_tracts_raise_no_alarm(real_data):
    image = gs.vegetation(real_data / "olinda" / "L7_ETMs.tif", bands=BANDS)
    tracts = gs.read_layer(real_data / "olinda" / "olinda1.shp")

    assert not gs.image_shift(image, tracts).above_one
