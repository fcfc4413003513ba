"""Change between two dates of real rasters, beside plain NumPy and an exact overlay of pixels."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

import greenspace as gs
from tests.scene import write_raster

pytestmark = pytest.mark.real_data
CLASS = 12
AREAS = ("gained", "lost", "kept", "not_green")


@pytest.fixture
def lausanne(real_data, tmp_path):
    """Return one class of a file as a raster of 0 and 1: its path, values and transform."""

    def one_class(name):
        with rasterio.open(real_data / "lausanne" / name) as dataset:
            codes, place, crs = dataset.read(1), dataset.transform, dataset.crs
        values = np.where(codes == 255, 255, codes == CLASS).astype("uint8")
        path = write_raster(tmp_path / name, values, transform=place, crs=crs, nodata=255)
        return path, values, place

    return one_class


def everywhere(*places):
    """Return one zone around all that the images may show."""
    x, y = places[0].c, places[0].f
    ground = shapely.box(x - 1e3, y - 5e4, x + 6e4, y + 1e3)
    return gpd.GeoDataFrame(geometry=[ground], crs=2056)


def codes(table):
    return [finding.code for finding in table.findings]


def test_dates_on_one_grid_are_counted_pixel_by_pixel(lausanne):
    (one, before, place), (two, after, same) = (lausanne(f"ls250_{y}.tif") for y in ("06", "12"))
    assert place == same
    total = gs.green_change(one, two, everywhere(place)).total()
    seen = (before != 255) & (after != 255)
    green, now = before == 1, after == 1
    counts = [(~green & now), (green & ~now), (green & now), (~green & ~now)]
    expected = [(kind & seen).sum() * 249.91853536853156**2 for kind in counts]
    assert [getattr(total, kind) for kind in AREAS] == pytest.approx(expected, rel=1e-9)
    assert total.straddling == 0


def overlaps(here, there):
    low = np.maximum(here[:-1, None], there[None, :-1])
    return np.maximum(np.minimum(here[1:, None], there[None, 1:]) - low, 0.0)


def edges(values, place):
    rows = -(place.f + place.e * np.arange(values.shape[0] + 1))
    return rows, place.c + place.a * np.arange(values.shape[1] + 1)


def exact_overlay(before, old, after, new):
    """Return the four areas of the overlay of all pixels, and what both dates see."""
    (down, across) = (
        overlaps(*pair) for pair in zip(edges(after, new), edges(before, old), strict=True)
    )
    green, bare = (down @ (before == value) @ across.T for value in (1, 0))
    now, not_now = after == 1, after == 0
    found = [bare[now].sum(), green[not_now].sum(), green[now].sum(), bare[not_now].sum()]
    return dict(zip(AREAS, found, strict=True))


@pytest.mark.parametrize(
    ("first", "second"),
    [("ls100_06", "ls100_12"), ("ls250_06", "ls100_12"), ("ls100_06", "ls250_12")],
)
def test_unlike_grids_stay_within_their_bound(lausanne, first, second):
    (one, before, old), (two, after, new) = (lausanne(f"{name}.tif") for name in (first, second))
    table = gs.green_change(one, two, everywhere(old))
    total = table.total()
    exact = exact_overlay(before, old, after, new)
    for kind, area in exact.items():
        assert abs(getattr(total, kind) - area) <= total.straddling
        assert abs(getattr(total, kind) - area) <= 0.007 * total.seen  # and far within it
    assert "unlike_grids" in codes(table)
    # nearly all of this change is the grids': on one grid 31 ha are gained and 69 lost
    assert total.edge_change / (total.gained + total.lost) > 0.9


def test_the_sample_city_lost_a_meadow_and_won_a_park(sample_city):
    city = gs.read_city(sample_city)
    after, before = city.images
    table = gs.green_change(before, after, city.layers["districts"])
    patches = table.polygons(smallest_m2=100)
    assert sorted(patches["class"]) == ["gained", "lost"]
    assert patches["area_m2"].between(17_500, 19_000).all()
    (left_out,) = patches.attrs["findings"]
    total = table.total()
    drawn = patches["area_m2"].sum() + left_out.area_m2
    assert drawn == pytest.approx(total.gained + total.lost, rel=0.002)  # pixels cut by the line
    assert total.net_points == pytest.approx(0, abs=0.1)
