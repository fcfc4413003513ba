"""Remarks on a change between two images: when they come, and when they do not."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import Point, Polygon, box

import greenspace as gs
from tests.scene import write_raster

WEST, NORTH = 500_000.0, 3_400_000.0
BEFORE = np.zeros((40, 40), dtype="uint8")
BEFORE[:20] = 1
AFTER = BEFORE.copy()
AFTER[20:24] = 1  # 4 rows of 40 m2 more


def ground(*shapes):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=4547)


def square(west, north, east, south):
    return box(WEST + west, NORTH - south, WEST + east, NORTH - north)


WHOLE = ground(square(0, 0, 40, 40))


@pytest.fixture
def images(tmp_path):
    place = Affine(1, 0, WEST, 0, -1, NORTH)
    return [
        write_raster(tmp_path / f"{name}.tif", values, transform=place, nodata=255)
        for name, values in (("before", BEFORE), ("after", AFTER))
    ]


def found(table, code):
    return [finding for finding in table.findings if finding.code == code]


def test_rounding_alone_is_not_unseen_ground(tmp_path):
    turned = Affine(1, 0, WEST, 0, -1, NORTH) @ Affine.rotation(33)
    after = write_raster(tmp_path / "turned.tif", np.tile(AFTER, (5, 5)), transform=turned)
    shape = Polygon([turned @ spot for spot in ((5, 5), (150, 5), (150, 150), (5, 150))])
    table = gs.green_change(after, after, ground(shape))
    assert table.total().unseen < 1e-3
    assert not found(table, "unseen")


def test_ground_of_several_zones_is_told_once(images):
    once, thrice = (
        gs.green_change(*images, ground(*[square(0, 0, 40, 40)] * count)) for count in (1, 3)
    )
    texts = [[finding.text for finding in table.findings] for table in (once, thrice)]
    assert texts[0] == texts[1]
    (finding,) = found(thrice, "change_on_edges")
    assert finding.area_m2 == pytest.approx(40)


def test_a_point_on_a_shared_border_does_not_stop_the_zones(images):
    zones = ground(square(0, 0, 20, 40), square(20, 0, 40, 40))
    kinds = BEFORE * 2 + AFTER
    names = ("not_green", "gained", "lost", "kept")
    spots = [(x, y) for x in (2, 8, 14, 20, 26, 32, 38) for y in range(1, 40, 2)]
    points = gpd.GeoDataFrame(
        {"reference": [names[kinds[y, x]] for x, y in spots]},
        geometry=[Point(WEST + x, NORTH - y - 0.5) for x, y in spots],
        crs=4547,
    )
    frame = gs.green_change(*images, zones, reference=points).to_frame()
    assert frame["gained_estimate_m2"].tolist() == pytest.approx([80, 80])
    assert frame["gained_method"].tolist() == ["poststratified"] * 2


def test_a_smallest_patch_may_be_a_number_of_numpy(images):
    table = gs.green_change(*images, WHOLE)
    for number in (np.int64(100), np.float32(100)):
        assert len(table.polygons(smallest_m2=number)) == 1


def judged(path, green, bare=60, **how):
    bands = np.stack([np.where(green, 10, 60), np.where(green, 90, bare)]).astype("uint16")
    bands += np.random.default_rng(3).integers(0, 5, bands.shape).astype("uint16")
    write_raster(path, bands, transform=Affine(1, 0, WEST, 0, -1, NORTH), nodata=0)
    return gs.vegetation(path, bands={"red": 1, "nir": 2}, **how)


@pytest.mark.parametrize(
    ("first", "second", "severity"),
    [
        ({"threshold": 0.2}, {"threshold": 0.7}, "warning"),
        ({"threshold": 0.2}, {"threshold": 0.2, "index": "savi"}, "warning"),
        ({"threshold": 0.2}, {"threshold": 0.2}, None),
        ({"threshold": "otsu"}, {"threshold": "otsu"}, "note"),
    ],
)
def test_unlike_rules_are_told(tmp_path, first, second, severity):
    scale = {"scale": 0.001, "offset": 0} if "index" in second else {}
    before = judged(tmp_path / "1.tif", BEFORE, **first, **scale)
    after = judged(tmp_path / "2.tif", AFTER, 45, **second, **scale)
    told = found(gs.green_change(before, after, WHOLE), "rules_differ")
    assert [finding.severity for finding in told] == ([severity] if severity else [])


def test_what_was_noticed_of_an_image_says_of_which(tmp_path):
    before = judged(tmp_path / "1.tif", BEFORE, threshold="otsu")
    after = judged(tmp_path / "2.tif", AFTER, threshold="otsu")
    told = found(gs.green_change(before, after, WHOLE), "otsu_threshold")
    assert [finding.text.en.split(":")[0] for finding in told] == ["Before", "After"]
