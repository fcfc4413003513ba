"""A sample of pixels: by chance, where it may lie, and the same again."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from geopandas import GeoSeries
from pyproj import CRS, Geod
from scipy.stats import chisquare
from shapely import Polygon, box

from greenspace.errors import InputError, RasterError
from greenspace.measure.sampling import draw_sample
from greenspace.model.grid import UNSEEN, ClassStrip, Grid

NAMES = {0: "not_green", 1: "green"}
PLANE = CRS.from_epsg(6933)


class Classes:
    """A ClassRaster in memory."""

    def __init__(self, codes, *, transform=None, crs=PLANE, block=(512, 512)):
        self.codes = np.asarray(codes, dtype=np.uint8)
        height, width = self.codes.shape
        where = Affine(1, 0, 0, 0, -1, height) if transform is None else transform
        self.grid = Grid(width, height, where, crs, *block)
        self.sources, self.parallel = (), False

    def findings(self):
        return ()

    def class_strips(self, windows):
        for w in windows:
            yield ClassStrip(w, self.codes[w.row : w.row + w.height, w.col : w.col + w.width])


def checkered(height=60, width=80):
    """Return codes with unseen pixels and a class of no name among them."""
    return np.random.default_rng(8).choice(
        [0, 1, 7, UNSEEN], (height, width), p=[0.5, 0.3, 0.1, 0.1]
    )


def at(raster, points):
    cols, rows = ~raster.grid.transform @ (points["x"].to_numpy(), points["y"].to_numpy())
    return raster.codes[np.floor(rows).astype(int), np.floor(cols).astype(int)]


GOLDEN = [[774.5, 776.5], [27.5, 446.5], [809.5, 391.5], [926.5, 351.5]]
ZONES = GeoSeries([Polygon([(3, 4), (70.3, 9), (40, 55)]), box(60.2, 40.3, 79.6, 58)], crs=PLANE)


def test_points_lie_in_seen_pixels_of_their_class_inside_the_zones():
    raster = Classes(checkered())
    points = draw_sample(raster, ZONES, NAMES, {"green": 40, "not_green": 60}, seed=3)

    assert points["stratum"].value_counts().to_dict() == {"not_green": 60, "green": 40}
    assert (at(raster, points) == points["map"].map({"not_green": 0, "green": 1})).all()
    assert points.within(ZONES.union_all()).all()
    assert len(points.drop_duplicates(["x", "y"])) == 100
    assert points["id"].tolist() == list(range(1, 101))
    assert ((points["x"] % 1 == 0.5) & (points["y"] % 1 == 0.5)).all()  # centres
    assert points.crs == PLANE


def test_the_area_of_a_stratum_is_that_of_its_pixels_with_their_centre_in_the_zones():
    raster = Classes(checkered())
    points = draw_sample(raster, ZONES, NAMES, {"green": 2, "not_green": 2}, seed=3)
    x, y = np.meshgrid(np.arange(0.5, 80), np.arange(59.5, 0, -1))
    inside = GeoSeries.from_xy(x.ravel(), y.ravel()).within(ZONES.union_all()).to_numpy()
    green = (raster.codes.ravel()[inside] == 1).sum()

    area = points.loc[points["stratum"] == "green", "stratum_area_m2"].unique()
    assert area == pytest.approx([green], rel=1e-5)  # true area, and a plane that is nearly so


@pytest.mark.parametrize("block", [(16, 16), (1, 80), (7, 13)])
def test_blocks_of_the_file_do_not_matter(block):
    wanted = {"green": 30, "not_green": 30}
    one = draw_sample(Classes(checkered()), ZONES, NAMES, wanted, seed=5)
    other = draw_sample(Classes(checkered(), block=block), ZONES, NAMES, wanted, seed=5)

    assert one.equals(other)


@pytest.mark.parametrize("block", [(2, 5000), (3, 8192), (1, 700)])
def test_images_wider_than_a_window_are_read_from_left_to_right(block):
    wide = np.random.default_rng(2).random((4, 18_000)) < 0.002
    raster, zone = Classes(wide, block=block), GeoSeries([box(0, 0, 18_000, 4)], crs=PLANE)
    every = draw_sample(raster, zone, NAMES, {"green": int(wide.sum())}, seed=0)
    some = draw_sample(raster, zone, NAMES, {"green": 30}, seed=0)
    whole = draw_sample(Classes(wide), zone, NAMES, {"green": 30}, seed=0)

    rows, cols = np.nonzero(wide)
    assert every["x"].tolist() == (cols + 0.5).tolist()
    assert every["y"].tolist() == (3.5 - rows).tolist()
    assert some.equals(whole)


def test_the_same_seed_draws_the_same_points_on_every_machine():
    raster = Classes(np.ones((1000, 1000)))
    points = draw_sample(raster, GeoSeries([box(0, 0, 1000, 1000)]), NAMES, {"green": 4}, seed=7)

    # written down once: whoever reads another number has drawn another sample
    assert points[["x", "y"]].to_numpy().tolist() == GOLDEN
    other = draw_sample(raster, GeoSeries([box(0, 0, 1000, 1000)]), NAMES, {"green": 4}, seed=8)
    assert other["x"].tolist() != points["x"].tolist()


def test_one_class_does_not_depend_on_how_many_points_the_other_has():
    raster = Classes(checkered())
    few = draw_sample(raster, ZONES, NAMES, {"green": 20}, seed=1)
    many = draw_sample(raster, ZONES, NAMES, {"green": 20, "not_green": 50}, seed=1)

    both = many[many["stratum"] == "green"]
    assert both["x"].tolist() == few["x"].tolist()


def test_every_pixel_is_as_likely_as_another():
    # 300 samples of 5 of 24 green pixels in blocks of 2 x 2: each is drawn 62.5 times or so
    codes = np.ones((5, 5))
    codes[2, 2] = 0
    raster, zone = Classes(codes, block=(2, 2)), GeoSeries([box(0, 0, 5, 5)], crs=PLANE)
    times = np.zeros((5, 5))
    for seed in range(300):
        points = draw_sample(raster, zone, NAMES, {"green": 5}, seed=seed)
        times[(4.5 - points["y"]).astype(int), (points["x"] - 0.5).astype(int)] += 1

    assert times[2, 2] == 0
    assert times.sum() == 1500
    assert chisquare(times[codes == 1]).pvalue > 0.001


def test_all_pixels_of_a_class_can_be_drawn():
    raster = Classes([[1, 0, 1], [UNSEEN, 1, 0]])
    points = draw_sample(
        raster, GeoSeries([box(0, 0, 3, 2)], crs=PLANE), NAMES, {"green": 3}, seed=0
    )

    assert points[["x", "y"]].to_numpy().tolist() == [[0.5, 1.5], [2.5, 1.5], [1.5, 0.5]]


@pytest.mark.parametrize("epsg", [3857, 4326])
def test_areas_are_true_where_the_grid_is_not(epsg):
    # at 60 degrees north Web Mercator shows four times the ground
    corner = {3857: (1_000_000.0, 8_399_738.0, 10.0), 4326: (9.0, 60.0, 1e-4)}[epsg]
    west, north, step = corner
    raster = Classes(
        np.ones((4, 4)), transform=Affine(step, 0, west, 0, -step, north), crs=CRS(epsg)
    )
    zone = GeoSeries([box(west, north - 4 * step, west + 4 * step, north)], crs=epsg)
    points = draw_sample(raster, zone, NAMES, {"green": 1}, seed=0)
    truth, _ = Geod(ellps="WGS84").geometry_area_perimeter(zone.to_crs(4326).iloc[0])

    assert points["stratum_area_m2"].iloc[0] == pytest.approx(abs(truth), rel=1e-6)


def test_a_turned_grid_is_sampled_as_it_lies():
    turned = Affine.translation(50, 60) @ Affine.rotation(30) @ Affine.scale(2, -2)
    raster = Classes(checkered(), transform=turned)
    zone = GeoSeries([box(60, 0, 110, 60)], crs=PLANE)
    points = draw_sample(raster, zone, NAMES, {"green": 50}, seed=0)

    assert (at(raster, points) == 1).all()
    assert points.within(zone.iloc[0]).all()


@pytest.mark.parametrize(
    ("points", "rows"),
    [
        ({"green": 10_000}, ("green",)),
        ({"green": -1, "not_green": 3}, ("green",)),
        ({"water": 3}, ("water",)),
        ({}, ()),
    ],
)
def test_what_cannot_be_drawn_is_refused(points, rows):
    with pytest.raises(InputError) as refusal:
        draw_sample(Classes(checkered()), ZONES, NAMES, points, seed=1)

    assert refusal.value.rows == rows


def test_zones_beside_the_image_hold_no_pixel():
    with pytest.raises(InputError) as refusal:
        draw_sample(
            Classes(checkered()),
            GeoSeries([box(500, 0, 600, 9)], crs=PLANE),
            NAMES,
            {"green": 1},
            seed=1,
        )

    assert refusal.value.found == {"green": 0}


def test_an_image_that_changes_meanwhile_is_refused():
    class Fading(Classes):
        def class_strips(self, windows):
            yield from super().class_strips(windows)
            self.codes = np.zeros_like(self.codes)

    with pytest.raises(RasterError):
        draw_sample(
            Fading(np.ones((9, 9))), GeoSeries([box(0, 0, 9, 9)]), NAMES, {"green": 3}, seed=1
        )
