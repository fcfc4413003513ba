"""Thresholds from field points, from the file to the share of a zone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import LineString, MultiPoint, Point, box

import greenspace as gs
from greenspace.errors import (
    ColumnError,
    CrsError,
    GeometryError,
    GreenspaceError,
    InputError,
    RasterError,
)
from greenspace.prepare.calibration import LEAST
from tests.scene import write_raster
from tests.town import X, Y, write_town

WEST, NORTH, SIDE, COUNT = 500_000.0, 3_400_000.0, 10.0, 20
PLACE = Affine(SIDE, 0.0, WEST, 0.0, -SIDE, NORTH)
BANDS = {"red": 1, "nir": 2}
ZONE = gpd.GeoDataFrame(geometry=[box(WEST, NORTH - 200, WEST + 200, NORTH)], crs=4547)


def image(tmp_path, **given):
    """NDVI rises from west to east: column c has (100 + 5 c - 100) / (200 + 5 c)."""
    red = np.full((COUNT, COUNT), 100, dtype="uint16")
    nir = red + 5 * np.arange(COUNT, dtype="uint16")
    return write_raster(tmp_path / "image.tif", np.stack([red, nir]), transform=PLACE, **given)


def ndvi(col):
    return 5 * col / (200 + 5 * col)


def centre(row, col):
    return Point(WEST + SIDE * (col + 0.5), NORTH - SIDE * (row + 0.5))


def points(crs=4547, first_green=8, **columns):
    """Two points in every column, in rows 3 and 16; green from a column on."""
    shapes = [centre(row, col) for col in range(COUNT) for row in (3, 16)]
    kinds = ["green" if col >= first_green else "not_green" for col in range(COUNT) for _ in "ab"]
    frame = gpd.GeoDataFrame({"reference": kinds, **columns}, geometry=shapes, crs=4547)
    return frame.to_crs(crs)


def calibrate(path, samples, **how):
    return gs.vegetation(path, bands=BANDS, threshold={"samples": samples, **how})


def codes(found):
    return [finding.code for finding in found]


@pytest.mark.parametrize("objective", ["f1", "area"])
@pytest.mark.parametrize("crs", [4547, 4326, 3857])
def test_the_cut_lies_between_the_classes(tmp_path, crs, objective):
    raster = calibrate(image(tmp_path), points(crs), objective=objective)
    assert raster.cut == pytest.approx((ndvi(7) + ndvi(8)) / 2, rel=1e-12)
    table = gs.green_coverage(raster, ZONE)
    assert table.value.iloc[0] == pytest.approx(12 / 20)
    assert "threshold_calibrated" in codes(table.findings)
    assert next(s.name for s in table.sources if s.role == "samples") == "samples"


def test_a_file_is_named_with_its_checksum(tmp_path):
    points().rename(columns={"reference": "类别"}).to_file(tmp_path / "p.gpkg", layer="field")
    raster = calibrate(image(tmp_path), tmp_path / "p.gpkg", layer="field", column="类别")
    assert raster.cut == pytest.approx((ndvi(7) + ndvi(8)) / 2)
    source = raster.sources[-1]
    assert (source.role, source.name, source.layer) == ("samples", "p.gpkg", "field")
    assert len(source.sha256) == 64
    assert "40 points of p.gpkg" in raster.sources[1].name


def test_a_multipoint_of_one_is_a_point(tmp_path):
    frame = points()
    many = frame.set_geometry([MultiPoint([point]) for point in frame.geometry], crs=4547)
    many = many.rename_geometry("where")
    path = image(tmp_path)
    assert calibrate(path, many).cut == calibrate(path, frame).cut


def test_nothing_is_read_before_it_is_measured(tmp_path):
    path = image(tmp_path)
    raster = calibrate(path, points())
    path.unlink()
    with pytest.raises(GreenspaceError):
        _ = raster.cut


def test_points_outside_and_unseen_are_counted_and_not_used(tmp_path):
    # nodata 195 is the near infrared of column 19: two points unseen. Three points outside say
    # nonsense, one of them on the very edge, which belongs to no pixel
    beyond = gpd.GeoDataFrame(
        {"reference": ["green"] * 3},
        geometry=[Point(WEST - 1, NORTH - 5), Point(WEST + 200, NORTH - 5), Point(WEST, NORTH + 9)],
        crs=4547,
    )
    frame = gpd.pd.concat([points(), beyond], ignore_index=True)
    raster = calibrate(image(tmp_path, nodata=195), frame)
    found = {finding.code: finding.count for finding in raster.findings()}
    assert found["samples_outside"] == 3
    assert found["samples_unseen"] == 2
    assert found["threshold_calibrated"] == 38
    assert raster.cut == pytest.approx((ndvi(7) + ndvi(8)) / 2)


def test_a_pixel_counts_once_however_many_points_stand_on_it(tmp_path):
    path, once = image(tmp_path), points()
    raster = calibrate(path, gpd.pd.concat([once] * 5, ignore_index=True))
    found = {finding.code: finding for finding in raster.findings()}
    assert found["samples_repeated"].count == 4 * 40
    assert found["samples_repeated"].severity == "warning"
    (scores,) = (f for f in calibrate(path, once).findings() if f.code == "threshold_calibrated")
    assert found["threshold_calibrated"] == scores


def test_a_pixel_that_is_both_by_its_points_counts_not_at_all(tmp_path):
    # the 12 points of columns 2 to 7 again, as green: left out, and the cut lies where it did
    frame = points()
    other = frame.iloc[4:16].assign(reference="green")
    other = other.set_geometry(other.translate(0.2))
    lone = frame.iloc[:16].assign(geometry=frame.iloc[:16].translate(0, 20))
    raster = calibrate(image(tmp_path), gpd.pd.concat([frame, other, lone], ignore_index=True))
    found = {finding.code: finding.count for finding in raster.findings()}
    assert found["samples_contradict"] == 24
    assert found["threshold_calibrated"] == 40 - 12 + 16
    assert raster.cut == pytest.approx((ndvi(7) + ndvi(8)) / 2)
    assert "samples_repeated" not in found


def test_it_shows_itself_without_the_folder(tmp_path):
    raster = calibrate(image(tmp_path), points())
    assert repr(raster) == "Vegetation(image.tif: ndvi > points of samples)"


def test_points_on_a_turned_image_stand_on_their_pixels(tmp_path):
    red = np.full((COUNT, COUNT), 100, dtype="uint16")
    nir = red + 5 * np.arange(COUNT, dtype="uint16")[::-1]  # the same ground, columns from the east
    south = Affine(-SIDE, 0, WEST + 200, 0, SIDE, NORTH - 200)
    path = write_raster(tmp_path / "turned.tif", np.stack([red, nir]), transform=south)
    assert calibrate(path, points()).cut == pytest.approx((ndvi(7) + ndvi(8)) / 2)


@pytest.mark.parametrize("off", [0.05, 0.5, 0.95])
def test_a_point_stands_on_the_pixel_it_lies_in(tmp_path, off):
    # NDVI rises from north to south: ten points in each of rows 7 and 8, anywhere in the pixel
    red = np.full((COUNT, COUNT), 100, dtype="uint16")
    nir = red + 5 * np.arange(COUNT, dtype="uint16")[:, None]
    path = write_raster(tmp_path / "rows.tif", np.stack([red, nir]), transform=PLACE)
    shapes = [
        Point(WEST + SIDE * (col + off), NORTH - SIDE * (row + off))
        for row in (7, 8)
        for col in range(LEAST)
    ]
    kinds = ["not_green"] * LEAST + ["green"] * LEAST
    frame = gpd.GeoDataFrame({"reference": kinds}, geometry=shapes, crs=4547)
    assert calibrate(path, frame).cut == pytest.approx((ndvi(7) + ndvi(8)) / 2, rel=1e-12)


def test_a_manifest_names_its_points(tmp_path):
    # the town: green west of x = 350, NDVI 0.5 and 0; the points say so
    folder = write_town(tmp_path)
    shapes = [Point(X + 15 + 20 * i, Y + 500) for i in range(40)]
    kinds = [1 if shape.x < X + 350 else 0 for shape in shapes]
    gpd.GeoDataFrame({"kind": kinds}, geometry=shapes, crs=4547).to_file(folder / "points.gpkg")
    text = (folder / "city.toml").read_text(encoding="utf-8")
    told = 'threshold = { samples = "points.gpkg", column = "kind", objective = "area" }'
    (folder / "city.toml").write_text(text.replace("threshold = 0.3", told), encoding="utf-8")
    city = gs.read_city(folder / "city.toml")
    assert ("samples", "points.gpkg") in {(source.role, source.name) for source in city.inputs}
    check = gs.check(folder / "city.toml", standard="CN-2010")
    coverage = next(m.ratio for m in check.measured if m.ratio.indicator == "green_coverage")
    assert coverage.value == pytest.approx(350 / 950)
    assert "samples" in {source.role for source in coverage.sources}
    assert "threshold_calibrated" in codes(check.findings)


def test_points_that_make_the_map_should_not_judge_it(tmp_path):
    folder = write_town(tmp_path)
    shapes = [Point(X + 15 + 20 * i, Y + 500) for i in range(40)]
    kinds = ["green" if shape.x < X + 350 else "not_green" for shape in shapes]
    frame = gpd.GeoDataFrame({"reference": kinds}, geometry=shapes, crs=4547)
    text = (folder / "city.toml").read_text(encoding="utf-8")
    text = text.replace("threshold = 0.3", 'threshold = { samples = "points.gpkg" }')
    frame.to_file(folder / "points.gpkg")
    frame.set_geometry(frame.translate(1)).to_file(folder / "others.gpkg")
    frame.to_crs(4490).sample(frac=1.0, random_state=1).to_file(folder / "copy.gpkg")
    twice_or_not = (("points.gpkg", True), ("copy.gpkg", True), ("others.gpkg", False))
    for name, twice in twice_or_not:
        told = f'{text}\n[accuracy]\nreference = "{name}"\n'
        (folder / "city.toml").write_text(told, encoding="utf-8")
        found = codes(gs.check(folder / "city.toml", standard="CN-2010").findings)
        assert ("points_used_twice" in found) == twice


# By refusal


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda p: p.set_crs(None, allow_override=True), CrsError),
        (lambda p: p.rename(columns={"reference": "class"}), ColumnError),
        (lambda p: p.assign(reference=["grass", *p.reference[1:]]), ColumnError),
        (lambda p: p.assign(reference="green"), RasterError),
        (lambda p: p.iloc[:: len(p) // LEAST], RasterError),
        (lambda p: p.set_geometry(p.translate(5000)), RasterError),
        (lambda p: p.iloc[:0], GeometryError),
        (lambda p: p.set_geometry([LineString([(0, 0), (1, 1)]), *p.geometry[1:]]), GeometryError),
        (lambda p: p.set_geometry([MultiPoint([(0, 0), (1, 1)]), *p.geometry[1:]]), GeometryError),
        (lambda p: p.set_geometry([None, *p.geometry[1:]]), GeometryError),
        (lambda p: p.set_geometry([Point(), *p.geometry[1:]]), GeometryError),
    ],
)
def test_points_that_cannot_serve_are_refused_before_anything_is_read(tmp_path, change, kind):
    with pytest.raises(kind) as caught:
        calibrate(image(tmp_path), gpd.GeoDataFrame(change(points())))
    assert caught.value.layer == "samples"
    assert caught.value.remedy is not None


def test_an_image_without_a_crs_takes_no_points(tmp_path):
    with pytest.raises(CrsError, match="image has no CRS"):
        calibrate(image(tmp_path, crs=None), points())


def test_a_strange_row_is_named(tmp_path):
    frame = points()
    frame.loc[[4, 9], "reference"] = ["?", None]
    with pytest.raises(ColumnError) as caught:
        calibrate(image(tmp_path), frame)
    assert caught.value.rows == (4, 9)


@pytest.mark.parametrize(
    "threshold",
    [{}, {"points": "p.gpkg"}, {"samples": "p.gpkg", "objective": "f2"}, {"samples": 3},
     {"samples": "p.gpkg", "colum": "x"}, {"samples": "p.gpkg", "objective": ["f1"]},
     {"samples": "missing.gpkg"}],
    ids=str,
)  # fmt: skip
def test_words_for_points_that_say_nothing_are_refused(tmp_path, threshold):
    with pytest.raises(InputError) as caught:
        gs.vegetation(image(tmp_path), bands=BANDS, threshold=threshold)
    assert caught.value.remedy is not None
