"""One image read in parts: the check is the same, byte for byte, in whatever order parts come."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from shapely import points

import greenspace as gs
from greenspace.errors import InputError, RasterError
from greenspace.image_strips import count_part, cut, gather, measure_part, plan_strips, settle
from greenspace.model.grid import Grid
from greenspace.model.words import Text
from greenspace.pipeline import check_from
from greenspace.present.record import check_json
from tests.town import CRS, FIXES, IMAGE, LAYERS, MANIFEST, X, Y, at, layer

WIDE, HIGH, TALL = 120, 3584, 512  # seven rows of windows
PIXELS = WIDE * TALL
TOWN = MANIFEST[: MANIFEST.index("[layers.construction_land]")]  # whatever only the image shows
OVER = """
[layers.corrections]
path = "fixes.gpkg"
columns = { action = "DO" }
[layers.vegetation]
path = "city.gpkg"
layer = "canopy"
"""
BANDS = "bands = { red = 1, nir = 2 }\n"


def numbers(seed=1):
    """Red and near infrared: green in the west and in spots, nodata in the east."""
    random = np.random.default_rng(seed)
    red = random.integers(1200, 2200, (HIGH, WIDE)).astype("int16")
    nir = red + random.integers(0, 400, red.shape).astype("int16")
    green = (np.arange(WIDE) < 45) | (random.random(red.shape) < 0.1)
    nir[green] = 3 * red[green]
    red[:, 105:] = nir[:, 105:] = 0
    return red, nir


def write_image(path, red, nir, **given):
    transform = Affine(10, 0, X - 100, 0, -1200 / HIGH, Y + 1100)
    profile = {"driver": "GTiff", "width": WIDE, "height": HIGH, "count": 2, "nodata": 0}
    tiles = {"tiled": True, "blockxsize": 64, "blockysize": 256, "compress": "deflate"}
    profile |= tiles | {"dtype": red.dtype, "crs": CRS, "transform": transform} | given
    with rasterio.open(path, "w", **profile) as file:
        for band, plane in enumerate((red, nir), 1):
            file.write(plane, band)
    return path


@pytest.fixture
def city(tmp_path):
    """A town whose image is seven windows high, one file of layers and a manifest."""
    for name in ("built_up", "districts", "canopy"):
        LAYERS[name].to_file(tmp_path / "city.gpkg", layer=name)
    FIXES.to_file(tmp_path / "fixes.gpkg")
    write_image(tmp_path / "image.tif", *numbers())
    return manifest(tmp_path)


def manifest(folder, old="", new="", *, over=""):
    text = TOWN + over + IMAGE
    (folder / "city.toml").write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return folder / "city.toml"


def strips_of(city, part_pixels, *, seed=0, **asked):
    """What comes of parts that travel by pickle and arrive in some order."""
    plan = sent(plan_strips(city, part_pixels=part_pixels, **asked))
    order = np.random.default_rng(seed).permutation(plan.parts).tolist()
    counted = [sent(count_part(plan, part)) for part in order if plan.needs_threshold]
    settled = sent(settle(plan, counted))
    parts = [sent(measure_part(plan, settled, part)) for part in reversed(order)]
    return gather(plan, settled, parts)


def sent(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - written here


def same(city, part_pixels=PIXELS, **asked):
    """Check a city in both ways, which have to agree byte by byte."""
    plain = gs.check(city, **asked)
    held = check_from(city, strips=strips_of(city, part_pixels, **asked), **asked)
    assert check_json(held) == check_json(plain)
    np.testing.assert_array_equal(held.picture.green, plain.picture.green)
    np.testing.assert_array_equal(held.picture.colours, plain.picture.colours)
    return plain


def told(check, code):
    return next(finding for finding in check.findings if finding.code == code)


@pytest.mark.parametrize(("rows", "parts"), [(1, 7), (4, 2)])
def test_a_check_from_parts_is_the_same_byte_by_byte(city, rows, parts):
    assert plan_strips(city, part_pixels=rows * PIXELS).parts == parts
    assert "below 1200" in told(same(city, rows * PIXELS), "scale_forgotten").text.en


def test_a_threshold_found_on_parts_is_that_of_the_whole_image(city):
    path = manifest(city.parent, "threshold = 0.3", 'threshold = "otsu"')
    plan = plan_strips(path, part_pixels=2 * PIXELS)
    assert plan.needs_threshold
    assert told(same(path, 2 * PIXELS), "otsu_threshold")


def test_nothing_is_planned_where_nothing_is_gained(city):
    assert plan_strips(city) is None  # it fits one part
    nowhere = manifest(city.parent, "[layers.built_up]", "[layers.water]")
    assert plan_strips(nowhere, part_pixels=1) is None  # no built-up area
    assert plan_strips(manifest(city.parent, IMAGE, "\n"), part_pixels=1) is None  # no image


def test_layers_over_the_image_are_summed_in_parts_too(city):
    method = '[vegetation]\nsource = "both"'
    check = same(manifest(city.parent, "[vegetation]", method, over=OVER), 3 * PIXELS)
    added = [finding for finding in check.findings if finding.code == "green_added"]
    assert {finding.layer for finding in added} == {"vegetation", "corrections"}


# Red is below 0 in 1600 x 10 pixels; zones begin in the tile of row 256, and Otsu looks at all.
@pytest.mark.parametrize(("threshold", "count"), [("0.3", 14_440), ('"otsu"', 16_000)])
def test_negative_numbers_are_counted_once(city, threshold, count):
    red, nir = numbers()
    red[100:1700, 50:60] = -5
    write_image(city.parent / "image.tif", red, nir)
    path = manifest(city.parent, "threshold = 0.3", f"threshold = {threshold}")
    assert told(same(path), "negative_reflectance").count == count


@pytest.mark.parametrize("threshold", ["0.3", '"otsu"'])
def test_broken_and_absent_tiles_are_told_with_their_ground(city, threshold):
    red, nir = numbers()
    for place in (np.s_[1024:1280, :64], np.s_[:256, 64:]):
        red[place] = nir[place] = 0
    path = write_image(city.parent / "image.tif", red, nir, sparse_ok=True)
    spoil(path, (0, 5), (1, 13))  # in the built-up area, and in the last rows, south of it
    text = f"threshold = {threshold}"
    check = same(manifest(city.parent, "threshold = 0.3", text), on_bad_tile="unseen")
    assert told(check, "bad_tiles").count == (1 if threshold == "0.3" else 2)
    assert told(check, "absent_tiles").count > 0


def test_of_two_broken_tiles_the_first_is_refused_whichever_came_first(city):
    pytest.importorskip("distributed")  # from then on pickle takes causes along
    spoil(city.parent / "image.tif", (0, 11), (0, 5))
    with pytest.raises(RasterError) as plain:
        gs.check(city)
    with pytest.raises(RasterError) as held:
        strips_of(city, PIXELS, seed=3)
    assert str(held.value) == str(plain.value)
    assert held.value.found == plain.value.found
    assert held.value.found.row == 5 * 256


def test_a_histogram_without_a_valley_is_refused_in_the_same_words(city):
    path = manifest(city.parent, "threshold = 0.3", 'threshold = "otsu"')
    write_image(city.parent / "image.tif", *np.full((2, HIGH, WIDE), 700, dtype="int16"))
    with pytest.raises(RasterError) as plain:
        gs.check(path)
    with pytest.raises(RasterError) as held:
        strips_of(path, PIXELS)
    assert str(held.value) == str(plain.value)


def test_a_mask_is_read_in_parts_and_its_absent_codes_are_told(city):
    hidden = np.zeros((HIGH, WIDE), dtype="uint8")
    hidden[900:1100, 20:40], hidden[3000:, 60:] = 3, 8
    write_image(city.parent / "mask.tif", hidden, hidden, nodata=None, count=2)
    with rasterio.open(city.parent / "image.tif") as image:
        profile = image.profile | {"count": 1, "dtype": "uint8", "nodata": None}
    with rasterio.open(city.parent / "mask.tif", "w", **profile) as file:
        file.write(hidden, 1)
    line = "bands = { red = 1, nir = 2 }"
    mask = line + '\nmask = { path = "mask.tif", values = [3, 8, 9] }'
    check = same(manifest(city.parent, line, mask))
    assert told(check, "mask_codes_absent").count == 1


@pytest.mark.slow
def test_a_class_raster_is_read_in_parts(city):
    codes = np.where(np.arange(WIDE) < 45, 10, 50) * np.ones((HIGH, 1), dtype="uint8")
    with rasterio.open(city.parent / "image.tif") as image:
        profile = image.profile | {"count": 1, "dtype": "uint8", "nodata": 0}
    with rasterio.open(city.parent / "image.tif", "w", **profile) as file:
        file.write(codes.astype("uint8"), 1)
    path = manifest(city.parent, "threshold = 0.3", 'classes = "esa-worldcover"')
    path.write_text(path.read_text("utf-8").replace(BANDS, ""), encoding="utf-8")
    assert not plan_strips(path, part_pixels=PIXELS).needs_threshold
    same(path)


@pytest.mark.slow
def test_a_threshold_from_field_points_is_found_once(city, monkeypatch):
    rows, cols = np.arange(60, 3500, 40), np.tile([20, 80], 43)
    place = Affine(10, 0, X - 100, 0, -1200 / HIGH, Y + 1100)
    red, nir = numbers()
    kinds = np.where((3 * red == nir)[rows, cols], "green", "not_green")
    shapes = points(*(place @ (cols + 0.5, rows + 0.5)))
    layer(shapes, reference=kinds).to_file(city.parent / "points.gpkg")
    text = 'threshold = { samples = "points.gpkg" }'
    path = manifest(city.parent, "threshold = 0.3", text)
    plan = plan_strips(path, part_pixels=PIXELS)
    assert not plan.needs_threshold
    strips = strips_of(path, PIXELS)
    plain = gs.check(path)
    monkeypatch.setattr("greenspace.prepare.vegetation.calibrated", None)
    assert check_json(check_from(path, strips=strips)) == check_json(plain)


def test_a_refusal_says_the_same_in_another_process():
    error = RasterError("坏。", "Bad.", remedy=Text(zh="换。", en="Change it."), file="a", found=3)
    again = sent(error)
    assert type(again) is RasterError
    assert (str(again), vars(again)) == (str(error), vars(error))


def test_the_check_reads_the_whole_image_no_more(city, monkeypatch):
    path = manifest(city.parent, "threshold = 0.3", 'threshold = "otsu"')
    strips = strips_of(path, PIXELS)

    def read(*_, **__):
        raise AssertionError("the whole image is read")

    monkeypatch.setattr("greenspace.prepare.vegetation.Vegetation.histogram", read)
    monkeypatch.setattr("greenspace.cover.share_of_zones", read)
    monkeypatch.setattr("greenspace.cover.reduced_picture", read)
    monkeypatch.setattr("greenspace.chips.coloured_picture", read)
    check_from(path, strips=strips)


def test_strips_answer_only_for_what_they_were_made_for(city):
    folder = city.parent
    strips = strips_of(city, PIXELS)
    refused(strips, manifest(folder, "threshold = 0.3", "threshold = 0.31"), "rule")
    refused(strips, manifest(folder, IMAGE, "\n"), "rule")  # no image
    refused(strips, manifest(folder, over=OVER), "zones")
    moved = layer([at(0, 0, 1000, 999)])
    moved.to_file(folder / "city.gpkg", layer="built_up")
    refused(strips, manifest(folder), "zones")
    LAYERS["built_up"].to_file(folder / "city.gpkg", layer="built_up")
    check_from(manifest(folder), strips=strips)
    write_image(folder / "image.tif", *numbers(2))
    refused(strips, city, "rule")


def refused(strips, path, what):
    with pytest.raises(InputError) as caught:
        check_from(path, strips=strips)
    assert set(caught.value.expected) == {what}


def test_missing_parts_and_parts_of_another_plan_are_refused(city):
    plan = plan_strips(city, part_pixels=3 * PIXELS)
    settled = settle(plan)
    parts = [measure_part(plan, settled, part) for part in range(plan.parts)]
    gather(plan, settled, [*parts, parts[1]])  # one that ran twice
    with pytest.raises(InputError):
        gather(plan, settled, parts[:-1])
    other = plan_strips(
        manifest(city.parent, "threshold = 0.3", "threshold = 0.5"), part_pixels=3 * PIXELS
    )
    with pytest.raises(InputError):
        gather(other, settle(other), parts)
    with pytest.raises(InputError):
        measure_part(other, settled, 0)


@given(st.integers(1, 5000), st.sampled_from([16, 96, 256, 512, 4000]), st.integers(1, 10**6))
def test_parts_are_whole_windows_and_leave_nothing_out(height, block, most):
    grid = Grid(120, height, Affine.identity(), None, block, 64)
    rows = cut(grid, most)
    assert [first for first, _ in rows] == [0, *(last for _, last in rows[:-1])]
    assert rows[-1][1] == height
    windows = list(grid.windows())
    assert [w for part in rows for w in grid.windows(rows=part)] == windows
    one = max((w.height for w in windows), default=0) * grid.width
    assert all((last - first) * grid.width <= max(most, one) for first, last in rows)


def spoil(path, *tiles):
    """Write rubbish over tiles of the first band, by their column and row."""
    with rasterio.open(path) as file:
        starts = [int(file.get_tag_item(f"BLOCK_OFFSET_{x}_{y}", "TIFF", bidx=1)) for x, y in tiles]
    with path.open("r+b") as file:
        for start in starts:
            file.seek(start)
            file.write(b"\xff" * 40)


def test_layers_are_not_prepared_for_an_image_that_is_one_part(city, monkeypatch):
    monkeypatch.setattr("greenspace.image_strips.Survey", None)
    assert plan_strips(city) is None
