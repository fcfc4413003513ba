"""Canvas: north, holes, and text that is taken literally."""

from __future__ import annotations

from math import atan2, degrees

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.lines import Line2D
from pyproj import CRS, Transformer
from shapely import MultiPolygon, Point, Polygon, box
from shapely.geometry import GeometryCollection

from greenspace.present import canvas


def turn_by_walking_north(x, y, crs):
    """Walk a hundred metres along the meridian and look at the grid direction taken."""
    there = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    back = Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)
    longitude, latitude = there.transform(x, y)
    further = back.transform(longitude, latitude + 0.001)
    return degrees(atan2(further[0] - x, further[1] - y))


@pytest.mark.parametrize(
    ("code", "x", "y"),
    [
        (4547, 571_000, 3_441_000),
        (4547, 430_000, 3_441_000),
        (32633, 600_000, 6_670_000),
        (3067, 385_000, 6_672_000),
        (32725, 290_000, 9_110_000),  # south of the equator
    ],
)
def test_the_arrow_points_along_the_meridian(code, x, y):
    crs = CRS.from_epsg(code)

    assert canvas.grid_angle(x, y, crs) == pytest.approx(turn_by_walking_north(x, y, crs), abs=1e-3)


def test_local_and_geographic_systems_have_their_north_up():
    local = CRS.from_wkt('LOCAL_CS["grid",UNIT["metre",1]]')

    assert canvas.grid_angle(100, 100, None) == 0
    assert canvas.grid_angle(100, 100, local) == 0
    assert canvas.grid_angle(114, 31, CRS.from_epsg(4326)) == 0


@given(st.booleans(), st.booleans())
def test_holes_stay_open_however_rings_are_wound(shell_turned, hole_turned):
    shell = [(0, 0), (10, 0), (10, 10), (0, 10)][:: -1 if shell_turned else 1]
    hole = [(4, 4), (6, 4), (6, 6), (4, 6)][:: -1 if hole_turned else 1]

    path = canvas._path(Polygon(shell, [hole]))
    rings = path.to_polygons(closed_only=True)

    def turned(ring):
        x, y = np.asarray(ring).T
        return np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) > 0

    assert len(rings) == 2
    assert turned(rings[0]) != turned(rings[1])


def test_only_polygons_are_drawn():
    ax = canvas.new_axes((4, 3), (0.1, 0.1, 0.8, 0.8))
    mixed = GeometryCollection([Point(0, 0), MultiPolygon([box(0, 0, 1, 1)])])

    canvas.polygons(ax, [mixed, Point(0, 0), Polygon(), None])

    assert [len(c.get_paths()) for c in ax.collections] == [1]


def test_text_is_neither_mathematics_nor_missing_glyphs():
    ax = canvas.new_axes((4, 3), (0.1, 0.1, 0.8, 0.8))

    canvas.write(ax, 0, 0, "$\\frac$ 绿地 😀 $x_$")

    assert ax._repr_png_().startswith(b"\x89PNG")


def test_the_frame_shows_all_of_the_bounds_undistorted():
    ax = canvas.new_axes((8, 5), (0.1, 0.1, 0.8, 0.8))
    canvas.frame(ax, (571_000, 3_441_000, 572_000, 3_445_000), CRS.from_epsg(4547))
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()

    assert west < 571_000
    assert east > 572_000
    assert south < 3_441_000
    assert north > 3_445_000
    # 8 x 0.8 wide and 5 x 0.8 high on paper
    assert (east - west) / (north - south) == pytest.approx(6.4 / 4.0)


@pytest.mark.parametrize("rows", [8, 12, 15])
def test_a_legend_of_two_lines_an_entry_stays_clear_of_the_notes(rows):
    ax = canvas.new_axes(canvas.SHEET_INCHES, canvas.MAP_BOX)
    canvas.legend(ax, [(Line2D([], []), "park\n27 places, 46.92 ha")] * rows, "Legend")
    canvas.notes(ax, ["a line of a note"] * 6)
    ax.figure.draw_without_rendering()
    note = next(text for text in ax.texts if text.get_text().startswith("a line"))

    assert ax.get_legend().get_window_extent().y0 > note.get_window_extent().y1
