"""Class rasters: from the codes of a file to green ground, layer by layer."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import box

import greenspace as gs
from greenspace.errors import GreenspaceError, InputError, RasterError
from greenspace.measure.zonal import shares_by_class
from greenspace.prepare.land_cover import LAYERS
from tests.scene import write_raster
from tests.town import LAYERS as TOWN
from tests.town import X, Y, write_town

WEST, NORTH, SIDE = 500_000.0, 3_400_000.0, 10.0
PLACE = Affine(SIDE, 0.0, WEST, 0.0, -SIDE, NORTH)
# trees, shrubs, grass, crops / built, water, wetland, no data
WORLD = np.array([[10, 20, 30, 40], [50, 80, 90, 0]], dtype="uint8")
ZONE = gpd.GeoDataFrame(geometry=[box(WEST, NORTH - 20, WEST + 40, NORTH)], crs=4547)
WORDS = {1: "tree", 2: "shrub", 3: "herb", 4: "green", 5: "none", 6: "unseen"}


def write(tmp_path, values=WORLD, **given):
    return write_raster(tmp_path / "classes.tif", values, transform=PLACE, **given)


def halves(raster):
    found = gs.green_coverage(raster, ZONE).to_frame().iloc[0]
    return found.numerator, found.denominator, found.unseen


def codes(found):
    return [finding.code for finding in found]


def test_green_by_the_codes_of_worldcover(tmp_path):
    # of 8 pixels of 100 m2: 10, 20, 30 and 90 are green, 40, 50, 80 are not, 0 is unseen
    raster = gs.vegetation(write(tmp_path), classes="esa-worldcover")
    assert halves(raster) == pytest.approx((400, 700, 100))
    assert raster.sources[1].name == "esa-worldcover: 10, 20, 30, 90, 95, 100 are green"
    assert codes(raster.findings()) == ["cropland"]


def test_cropland_counts_where_it_is_asked_for(tmp_path):
    raster = gs.vegetation(write(tmp_path), classes="esa-worldcover", crops=True)
    assert halves(raster) == pytest.approx((500, 700, 100))
    assert "40" in raster.sources[1].name
    assert "counts" in raster.findings()[0].text.en


def test_the_classes_of_each_layer(tmp_path):
    values = np.array([[1, 2, 3, 4], [1, 1, 5, 6]], dtype="uint8")
    raster = gs.vegetation(write(tmp_path, values), classes=WORDS)
    shares = shares_by_class(raster, ZONE.geometry, len(LAYERS))
    assert shares[0].tolist() == pytest.approx([1 / 8, 3 / 8, 1 / 8, 1 / 8, 1 / 8])
    assert not raster.tells_layers
    assert gs.vegetation(write(tmp_path), classes="esa-worldcover").tells_layers


@pytest.mark.parametrize("crops", [True, False])
def test_crops_are_herbs_or_nothing(tmp_path, crops):
    raster = gs.vegetation(write(tmp_path), classes="esa-worldcover", crops=crops)
    (strip,) = raster.class_strips(raster.grid.windows())
    assert strip.codes.tolist() == [[1, 2, 3, 3 if crops else 0], [0, 0, 3, 255]]


def test_a_zone_that_cuts_pixels_counts_its_part(tmp_path):
    zone = gpd.GeoDataFrame(geometry=[box(WEST + 25, NORTH - 10, WEST + 32.5, NORTH)], crs=4547)
    raster = gs.vegetation(write(tmp_path), classes="esa-worldcover")
    assert gs.green_coverage(raster, zone).value.iloc[0] == pytest.approx(5 / 7.5)


def test_nodata_and_a_mask_are_unseen(tmp_path):
    values = np.where(WORLD == 0, 255, WORLD).astype("uint8")
    cloud = np.array([[3, 0, 0, 0], [0, 0, 0, 0]], dtype="uint8")
    mask = write_raster(tmp_path / "cloud.tif", cloud, transform=PLACE)
    raster = gs.vegetation(write(tmp_path, values, nodata=255), classes="esa-worldcover", mask=mask)
    assert halves(raster) == pytest.approx((300, 600, 200))


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32"])
def test_water_as_code_zero_is_seen_at_the_border(tmp_path, dtype):
    values = np.zeros((2, 4), dtype=dtype)
    values[0, :2] = 1
    raster = gs.vegetation(write(tmp_path, values), classes="dynamic-world")
    assert halves(raster) == pytest.approx((200, 800, 0))


def test_the_band_of_labels_is_found_among_others(tmp_path):
    values = np.stack([np.full((2, 4), 7), np.ones((2, 4))]).astype("uint8")
    path = write(tmp_path, values, said={"descriptions": ("trees", "label")})
    assert halves(gs.vegetation(path, classes="dynamic-world")) == pytest.approx((800, 800, 0))
    bare = gs.vegetation(path, classes="dynamic-world", bands={"label": 1})
    assert halves(bare) == pytest.approx((0, 800, 0))


def test_a_manifest_names_its_class_raster_and_table(tmp_path):
    # codes 7 west of x = 350 (trees), 8 elsewhere, on the grid of the town's image
    folder = write_town(tmp_path)
    values = np.full((120, 120), 8, dtype="uint8")
    values[:, :45] = 7
    place = Affine(10, 0, X - 100, 0, -10, Y + 1100)
    write_raster(folder / "image.tif", values, transform=place, crs="EPSG:4547", nodata=255)
    own = '[[codes]]\nvalues = [7]\ncover = "tree"\n[[codes]]\nvalues = [8]\ncover = "none"\n'
    (folder / "own.toml").write_text(own, encoding="utf-8")
    text = (folder / "city.toml").read_text(encoding="utf-8")
    text = text.replace("bands = { red = 1, nir = 2 }\n", "")
    told = text.replace("threshold = 0.3", 'classes = "own.toml"')
    (folder / "city.toml").write_text(told, encoding="utf-8")
    assert TOWN["built_up"].area.sum() == 1e6
    check = gs.check(folder / "city.toml", standard="CN-2010")
    coverage = next(m.ratio for m in check.measured if m.ratio.indicator == "green_coverage")
    assert coverage.value == pytest.approx(0.35)
    table = next(source for source in coverage.sources if source.role == "classes")
    assert (table.name, len(table.sha256)) == ("own.toml", 64)
    assert not any(item.code.startswith("refused") for item in gs.validate(folder / "city.toml").findings)  # fmt: skip


# By refusal


def test_a_missing_table_is_one_finding_of_the_manifest(tmp_path):
    folder = write_town(tmp_path)
    text = (folder / "city.toml").read_text(encoding="utf-8")
    told = text.replace("threshold = 0.3", 'classes = "own.toml"')
    (folder / "city.toml").write_text(told, encoding="utf-8")
    with pytest.raises(InputError, match="does not exist"):
        gs.read_city(folder / "city.toml")
    found = gs.validate(folder / "city.toml").findings
    errors = [item for item in found if item.severity == "error"]
    assert [(item.code, item.file) for item in errors] == [("refused_input", "own.toml")]


def test_unknown_codes_are_listed_all_at_once(tmp_path):
    values = np.zeros((1100, 3), dtype="uint16")  # three windows, a stranger in two of them
    values[5, 1], values[1090, 2], values[1091, 2] = 77, 12, 77
    raster = gs.vegetation(write(tmp_path, values), classes={0: "none", 1: "tree"})
    with pytest.raises(RasterError) as caught:
        gs.green_coverage(raster, ZONE)
    assert (caught.value.found, caught.value.expected) == ((12, 77), (0, 1))


def test_codes_between_codes_are_unknown(tmp_path):
    raster = gs.vegetation(
        write(tmp_path, np.array([[1, 1.5]], dtype="float32")), classes={1: "tree", 2: "none"}
    )
    with pytest.raises(RasterError) as caught:
        list(raster.strips(raster.grid.windows()))
    assert caught.value.found == (1.5,)


def test_hidden_strangers_are_no_strangers(tmp_path):
    values = np.array([[1, 99]], dtype="uint8")
    raster = gs.vegetation(write(tmp_path, values, nodata=99), classes={1: "tree"})
    (strip,) = raster.strips(raster.grid.windows())
    assert strip.seen.tolist() == [[True, False]]


@pytest.mark.parametrize("nodata", [np.nan, np.inf, -np.inf])
def test_nodata_that_is_no_number_is_no_code(tmp_path, nodata):
    values = np.where(WORLD == 0, nodata, WORLD).astype("float32")
    raster = gs.vegetation(write(tmp_path, values, nodata=nodata), classes="esa-worldcover")
    assert halves(raster) == pytest.approx((400, 700, 100))


def test_nodata_that_has_a_meaning_is_refused_until_it_is_settled(tmp_path):
    values = np.array([[0, 1, 1, 6], [0, 1, 6, 6]], dtype="uint8")
    path = write(tmp_path, values, nodata=0)
    with pytest.raises(RasterError) as caught:
        gs.vegetation(path, classes="dynamic-world")
    assert caught.value.found == 0
    assert halves(gs.vegetation(path, classes="dynamic-world", nodata=255)) == pytest.approx(
        (300, 800, 0)
    )
    assert halves(gs.vegetation(path, classes="dynamic-world", nodata=0)) == pytest.approx(
        (300, 600, 200)
    )


@pytest.mark.parametrize(
    "beside",
    [{"threshold": 0.3}, {"index": "evi"}, {"scale": 1e-4}, {"offset": 0.0}, {"sensor": "rgb"},
     {"threshold": {"samples": "p.gpkg"}}],
    ids=str,
)  # fmt: skip
def test_what_tells_green_from_bands_is_refused_beside_classes(tmp_path, beside):
    with pytest.raises(InputError) as caught:
        gs.vegetation(write(tmp_path), classes="esa-worldcover", **beside)
    assert list(caught.value.found) == list(beside)


@pytest.mark.parametrize("classes", ["no-such", {1: "wood"}, 7])
def test_a_table_that_is_none_is_refused(tmp_path, classes):
    with pytest.raises(GreenspaceError) as caught:
        gs.vegetation(write(tmp_path), classes=classes)
    assert caught.value.remedy is not None


def test_an_image_of_many_bands_is_no_class_raster(tmp_path):
    with pytest.raises(RasterError, match="none is named"):
        gs.vegetation(write(tmp_path, np.stack([WORLD, WORLD])), classes="esa-worldcover")
