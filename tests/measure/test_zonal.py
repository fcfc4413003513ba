"""Zonal sums, by hand, by property, and beside exactextract, shapely and the geodesic."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely import MultiPolygon, Polygon, affinity, box

from greenspace.measure.zonal import share_of_zones, shares_of_sums, window_sums

DEGREES = CRS.from_epsg(4326)
SEED = st.integers(0, 2**32 - 1)
SIDE = 16
TRANSFORMS = {
    "north up": Affine(1, 0, 0, 0, -1, SIDE),
    "south up": Affine(1, 0, 0, 0, 1, 0),
    "east to west": Affine(-1, 0, SIDE, 0, -1, SIDE),
    "rotated": Affine.translation(8, -3) @ Affine.rotation(30),
    "sheared": Affine(1.5, 0.4, -3, 0.2, -0.7, 12),
    "far and metric": Affine(2, 0, 500_000, 0, -2, 3_400_032),
}


def series(*shapes, crs=6933):
    return GeoSeries(list(shapes), crs=crs)


def shares(raster, *shapes, crs=6933):
    result = share_of_zones(raster, series(*shapes, crs=crs))
    return result.green.tolist(), result.seen.tolist()


def star(rng, reach, *, snap=False):
    """A simple polygon around a random centre, perhaps with a hole, perhaps far too big."""
    count = int(rng.integers(3, 12))
    angle = np.sort(rng.uniform(0, 2 * np.pi, count))
    radius = rng.uniform(0.05, 1, count) * reach
    centre = rng.uniform(-2, SIDE + 2, 2)
    ring = centre + np.column_stack((np.cos(angle), np.sin(angle))) * radius[:, None]
    if snap:
        ring = np.round(ring * 2) / 2
    outer = shapely.make_valid(Polygon(ring), method="structure", keep_collapsed=False)
    inner = affinity.scale(outer, 0.4, 0.4, origin=outer.centroid) if outer.area else outer
    return outer.difference(inner) if rng.random() < 0.4 else outer


def zones_at(rng, transform, count=12):
    """Random zones in pixel space, moved to where the raster lies."""
    shapes = []
    for i in range(count):
        reach = (0.3, 3, 12, 40)[i % 4]
        shape = star(rng, reach, snap=i % 3 == 0)
        if i % 5 == 0:
            shape = shape.union(star(rng, reach))
        shapes.append(shape)
    shapes.append(box(3, 2, 7, 9))
    shapes.append(box(0, 0, SIDE, SIDE))
    moved = [affinity.affine_transform(s, transform.to_shapely()) for s in shapes if s.area > 0]
    return GeoSeries(moved, crs=6933)


def noise(rng, height=SIDE, width=SIDE):
    """Green shares that float32 holds exactly, and a third of the pixels unseen."""
    seen = rng.random((height, width)) > 0.3
    return np.where(seen, rng.integers(0, 257, (height, width)) / 256, 0.0), seen


# --- by hand


def test_half_pixel_square_over_three_by_three(pixels):
    # the square's corners cover a quarter of a pixel, its sides a half, its middle one: 4 in all
    # the diagonal is green: 1/4 + 1 + 1/4 = 1.5 of 4
    assert shares(pixels(np.eye(3)), box(0.5, 0.5, 2.5, 2.5)) == ([0.375], [1.0])


def test_unseen_pixel_is_in_neither_share(pixels):
    # the middle pixel is unseen: seen 3 of 4, green 1/4 + 1/4 of 4
    seen = [[1, 1, 1], [1, 0, 1], [1, 1, 1]]
    green = np.eye(3) * seen
    assert shares(pixels(green, seen=seen), box(0.5, 0.5, 2.5, 2.5)) == ([0.125], [0.75])


def test_ground_outside_the_image_is_unseen(pixels):
    # 2 x 3 of the zone's 4 x 3 lie on the image, all green
    assert shares(pixels(np.ones((3, 3))), box(1, 0, 5, 3)) == ([0.5], [0.5])


@pytest.mark.parametrize(
    ("zone", "green", "seen"),
    [
        (box(0.2, 2.2, 0.4, 2.9), 1.0, 1.0),  # smaller than a pixel, in the green one
        (box(1.2, 2.2, 1.4, 2.9), 0.0, 1.0),  # and in the next, which is not green
        (box(0.9, 2.2, 1.1, 2.4), 0.5, 1.0),  # half in each
        (box(10, 10, 12, 12), 0.0, 0.0),  # beside the image
        (box(3, 0, 4, 3), 0.0, 0.0),  # touches its edge
        (box(-5, -5, 8, 8), 1 / 169, 9 / 169),  # around it
        (Polygon(), 0.0, 0.0),  # nowhere
        (Polygon([(0, 2), (1, 2), (0, 3)]), 1.0, 1.0),  # half a pixel, cut slantwise
        (Polygon([(0, 0), (3, 0), (0, 3)]), 0.5 / 4.5, 1.0),  # half of the image and of the pixel
        (box(0, 0, 3, 3).difference(box(0, 2, 1, 3)), 0.0, 1.0),  # all but the green pixel
        (box(0, 0, 3, 3).difference(box(0.5, 0.5, 2.5, 2.5)), 0.75 / 5, 1.0),  # a hole
        (MultiPolygon([box(0, 2, 1, 3), box(2, 0, 3, 1)]), 0.5, 1.0),  # two pixels, one green
    ],
)
def test_one_green_pixel_in_the_corner(pixels, zone, green, seen):
    raster = pixels([[1, 0, 0], [0, 0, 0], [0, 0, 0]])
    result = share_of_zones(raster, series(zone))
    assert result.green[0] == pytest.approx(green, abs=1e-12)
    assert result.seen[0] == pytest.approx(seen, abs=1e-12)


def test_zones_that_overlap_each_get_all_of_theirs(pixels):
    whole, part = box(0, 0, 3, 3), box(0, 2, 2, 3)
    green, _ = shares(pixels([[1, 0, 0], [0, 0, 0], [0, 0, 0]]), whole, part, whole)
    assert green == pytest.approx([1 / 9, 1 / 2, 1 / 9])


def test_no_zones_give_no_shares(pixels):
    for crs in (6933, 4326):
        raster = pixels(np.ones((2, 2)), crs=CRS.from_epsg(crs))
        assert shares(raster, crs=crs) == ([], [])


def test_only_windows_near_a_zone_are_read(pixels):
    raster = pixels(np.ones((2048, 4)))
    share_of_zones(raster, series(box(0, 100, 1, 101)))
    assert [window.row for window in raster.windows] == [1536]


# --- by property


@given(seed=SEED)
def test_window_size_changes_nothing(pixels, seed):
    rng = np.random.default_rng(seed)
    green, seen = noise(rng, 40, 1700)
    zones = GeoSeries([affinity.scale(star(rng, 12), 100, 2.5, origin=(0, 0)) for _ in range(6)])
    whole = share_of_zones(pixels(green, seen=seen), zones)
    strips = pixels(green, seen=seen)
    strips.grid = _Cut(strips.grid)
    cut = share_of_zones(strips, zones)
    assert len(strips.windows) > len(pixels(green).windows)
    np.testing.assert_allclose(cut.green, whole.green, rtol=0, atol=1e-12)
    np.testing.assert_allclose(cut.seen, whole.seen, rtol=0, atol=1e-12)


class _Cut:
    """A grid read in small windows, cut across both ways."""

    def __init__(self, grid):
        self._grid = grid

    def __getattr__(self, name):
        return getattr(self._grid, name)

    def windows(self):
        for top in range(0, self.height, 16):
            yield from self._grid.windows((top, min(top + 16, self.height)), (0, 700))
            yield from self._grid.windows((top, min(top + 16, self.height)), (700, self.width))


@given(seed=SEED, cuts=st.sets(st.sampled_from([16, 32])))
def test_sums_of_parts_give_the_same_bits(pixels, seed, cuts):
    rng = np.random.default_rng(seed)
    green, seen = noise(rng, 40, 1700)
    zones = GeoSeries([affinity.scale(star(rng, 12), 100, 2.5, origin=(0, 0)) for _ in range(6)])
    raster = pixels(green, seen=seen)
    raster.grid = _Cut(raster.grid)
    parts = [window_sums(raster, zones, rows=each) for each in pairwise([0, *sorted(cuts), 40])]
    sums = [each for part in parts for each in part]
    held, whole = shares_of_sums(raster.grid, zones, sums), share_of_zones(raster, zones)
    assert held.green.tolist() == whole.green.tolist()
    assert held.seen.tolist() == whole.seen.tolist()
    assert shares_of_sums(raster.grid, zones, sums[1:]) is None


def test_blocks_wider_than_a_strip_are_cut_as_well(pixels):
    # 9 000 columns are more than one strip holds: green is the last 1 000, of 9 000
    green = np.zeros((600, 9000))
    green[:, 8000:] = 1
    raster = pixels(green, block=(256, 256))
    assert shares(raster, box(0, 0, 9000, 600), box(7900, 50, 8300, 590)) == (
        pytest.approx([1 / 9, 3 / 4]),
        [1.0, 1.0],
    )
    assert len(raster.windows) == 4


@given(seed=SEED)
def test_moving_turning_and_mirroring_everything_changes_nothing(pixels, seed):
    rng = np.random.default_rng(seed)
    green, seen = noise(rng)
    zones = zones_at(rng, Affine.identity())
    here = share_of_zones(pixels(green, seen=seen, transform=Affine.identity()), zones)
    shift = Affine.translation(*rng.integers(-1000, 1000, 2).tolist())
    for move in (shift, Affine.rotation(90), Affine.scale(1, -1), Affine.scale(-3, 3)):
        there = GeoSeries([affinity.affine_transform(z, move.to_shapely()) for z in zones])
        moved = share_of_zones(pixels(green, seen=seen, transform=move), there)
        np.testing.assert_allclose(moved.green, here.green, rtol=0, atol=1e-9)
        np.testing.assert_allclose(moved.seen, here.seen, rtol=0, atol=1e-9)


@given(seed=SEED)
def test_flipping_and_turning_the_rows_with_the_transform_changes_nothing(pixels, seed):
    rng = np.random.default_rng(seed)
    green, seen = noise(rng)
    zones = zones_at(rng, TRANSFORMS["north up"])
    north = share_of_zones(pixels(green, seen=seen), zones)
    turned = {
        "south up": (np.flipud(green), np.flipud(seen), Affine(1, 0, 0, 0, 1, 0)),
        "east to west": (np.fliplr(green), np.fliplr(seen), TRANSFORMS["east to west"]),
        "quarter turn": (green.T, seen.T, TRANSFORMS["north up"] @ Affine(0, 1, 0, 1, 0, 0)),
    }
    for values, shown, transform in turned.values():
        other = share_of_zones(pixels(values, seen=shown, transform=transform), zones)
        np.testing.assert_allclose(other.green, north.green, rtol=0, atol=1e-9)
        np.testing.assert_allclose(other.seen, north.seen, rtol=0, atol=1e-9)


@given(seed=SEED)
def test_splitting_each_pixel_in_four_changes_nothing(pixels, seed):
    rng = np.random.default_rng(seed)
    green, seen = noise(rng)
    zones = zones_at(rng, TRANSFORMS["north up"])
    coarse = share_of_zones(pixels(green, seen=seen), zones)
    twice = np.ones((2, 2))
    half = Affine(0.5, 0, 0, 0, -0.5, SIDE)
    raster = pixels(np.kron(green, twice), seen=np.kron(seen, twice) > 0, transform=half)
    fine = share_of_zones(raster, zones)
    np.testing.assert_allclose(fine.green, coarse.green, rtol=0, atol=1e-9)
    np.testing.assert_allclose(fine.seen, coarse.seen, rtol=0, atol=1e-9)


@given(seed=SEED)
def test_vertex_order_and_start_change_nothing(pixels, seed):
    rng = np.random.default_rng(seed)
    green, seen = noise(rng)
    zones = zones_at(rng, TRANSFORMS["north up"])
    other = GeoSeries(shapely.normalize(shapely.reverse(zones.to_numpy())))
    left, right = (share_of_zones(pixels(green, seen=seen), layer) for layer in (zones, other))
    np.testing.assert_allclose(left.green, right.green, rtol=0, atol=1e-9)
    np.testing.assert_allclose(left.seen, right.seen, rtol=0, atol=1e-9)


@given(seed=SEED, x=st.floats(0.1, 15.9), y=st.floats(0.1, 15.9))
def test_four_quarters_add_up_to_the_whole(pixels, seed, x, y):
    green, seen = noise(np.random.default_rng(seed))
    corners = [(0, 0, x, y), (x, 0, SIDE, y), (0, y, x, SIDE), (x, y, SIDE, SIDE)]
    zones = series(*(box(*corner) for corner in corners))
    result = share_of_zones(pixels(green, seen=seen), zones)
    assert (result.green * zones.area).sum() == pytest.approx(green.sum(), abs=1e-6)
    assert (result.seen * zones.area).sum() == pytest.approx(seen.sum(), abs=1e-6)


def test_measuring_twice_gives_the_same_bits_and_harms_nothing(pixels):
    rng = np.random.default_rng(7)
    green, seen = noise(rng)
    raster, zones = pixels(green, seen=seen), zones_at(rng, TRANSFORMS["north up"])
    kept = raster.green.copy(), raster.seen.copy(), zones.copy()
    first, second = share_of_zones(raster, zones), share_of_zones(raster, zones)
    assert first.green.tobytes() == second.green.tobytes()
    assert (raster.green == kept[0]).all()
    assert (raster.seen == kept[1]).all()
    assert zones.geom_equals_exact(kept[2], 0).all()


# --- by independent oracle


def by_cells(raster, zones):
    """Sum intersections of every zone with every pixel, drawn as a polygon of its own."""
    height, width = raster.green.shape
    rows, cols = (part.ravel() for part in np.indices((height, width)))
    cells = affinity.affine_transform
    squares = [
        cells(box(col, row, col + 1, row + 1), raster.grid.transform.to_shapely())
        for row, col in zip(rows, cols, strict=True)
    ]
    parts = shapely.area(shapely.intersection(zones.to_numpy()[:, None], squares))
    whole = shapely.area(zones.to_numpy())
    return parts @ raster.green.ravel() / whole, parts @ raster.seen.ravel() / whole


@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_shapely_cell_by_cell(pixels, name, seed):
    rng = np.random.default_rng(seed)
    green, seen = noise(rng)
    raster = pixels(green, seen=seen, transform=TRANSFORMS[name])
    zones = zones_at(rng, TRANSFORMS[name])
    result, (expected, shown) = share_of_zones(raster, zones), by_cells(raster, zones)
    rounding = np.abs(zones.total_bounds).max() * 2.0**-50  # of coordinates, along the outline
    tolerance = 1e-9 + rounding * (zones.length / zones.area).to_numpy()
    assert (np.abs(result.green - expected) <= tolerance).all()
    assert (np.abs(result.seen - shown) <= tolerance).all()


@pytest.mark.parametrize("seed", range(6))
def test_agrees_with_exactextract(pixels, seed):
    rng = np.random.default_rng(seed)
    green, seen = noise(rng, SIDE, SIDE)
    zones = zones_at(rng, TRANSFORMS["north up"], count=30)
    result = share_of_zones(pixels(green, seen=seen), zones)
    extent = {"xmin": 0, "ymin": 0, "xmax": SIDE, "ymax": SIDE, "srs_wkt": zones.crs.to_wkt()}
    for values, share in ((green, result.green), (seen.astype(float), result.seen)):
        source = NumPyRasterSource(values, **extent)
        rows = exact_extract(source, GeoDataFrame(geometry=zones), ["sum"], output="pandas")
        expected = rows["sum"].fillna(0).to_numpy() / zones.area.to_numpy()
        np.testing.assert_allclose(share, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("south_up", [False, True])
def test_geographic_rows_weigh_as_much_as_they_cover(pixels, south_up):
    # the north half of a tall image is green: its share follows the ellipsoid, not the rows
    step = Affine(0.1, 0, 100, 0, -0.1, 60)
    green = np.repeat([[1.0], [0.0]], 200, axis=0).repeat(40, axis=1)
    if south_up:
        step, green = Affine(0.1, 0, 100, 0, 0.1, 20), green[::-1]
    zone = box(100.75, 22.25, 103.25, 58.73)
    raster = pixels(green, transform=step, crs=DEGREES)
    result = share_of_zones(raster, series(zone, crs=4326))
    north, whole = (geodesic(box(100.75, low, 103.25, 58.73)) for low in (40, 22.25))
    assert result.green[0] == pytest.approx(north / whole, rel=2e-6)
    assert north / whole < 0.46  # counting rows alone would give 0.5134
    assert result.seen.tolist() == [1.0]


def geodesic(shape):
    """Area on the ellipsoid; parallels are followed in short steps, as pixels do."""
    ring = shapely.get_coordinates(shapely.segmentize(shape, 0.01).exterior)
    return abs(Geod(ellps="WGS84").polygon_area_perimeter(*ring.T)[0])


def test_geographic_rows_keep_their_weight_in_every_window(pixels):
    rng = np.random.default_rng(5)
    green, seen = noise(rng, 40, 8)
    step = Affine(0.5, 0, 100, 0, -0.5, 60)
    zones = series(box(100.3, 41.2, 103.9, 59.6), box(100.6, 44.4, 102.2, 49.1), crs=4326)
    whole = share_of_zones(pixels(green, seen=seen, transform=step, crs=DEGREES), zones)
    strips = pixels(green, seen=seen, transform=step, crs=DEGREES)
    strips.grid = _Cut(strips.grid)
    cut = share_of_zones(strips, zones)
    np.testing.assert_allclose(cut.green, whole.green, rtol=0, atol=1e-12)
    np.testing.assert_allclose(cut.seen, whole.seen, rtol=0, atol=1e-12)


@given(seed=SEED)
def test_wholly_seen_geographic_zone_has_nothing_unseen(pixels, seed):
    rng = np.random.default_rng(seed)
    step = float(rng.choice([0.0001, 0.0003, 0.01]))
    transform = Affine(step, 0, 114, 0, -step, 45)
    shape = affinity.affine_transform(star(rng, 3), transform.to_shapely())
    inside = shape.intersection(box(114, 45 - SIDE * step, 114 + SIDE * step, 45))
    raster = pixels(np.zeros((SIDE, SIDE)), transform=transform, crs=DEGREES)
    if inside.area > step**2 * 1e-3:
        assert share_of_zones(raster, series(inside, crs=4326)).seen.tolist() == [1.0]
