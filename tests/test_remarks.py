"""Remarks on an image: its date, its season where it lies, and how wide its pixels are."""

from __future__ import annotations

from datetime import date

import pytest
from affine import Affine
from pyproj import CRS

from greenspace.model.crs import local_metre
from greenspace.model.grid import Grid
from greenspace.remarks import image_findings

SUMMER, WINTER = date(2026, 7, 1), date(2026, 1, 15)
BEIJING = 4_417_000.0  # northing of 39.9 degrees north in metres
OLINDA = 9_115_000.0  # of 8 degrees south in UTM 25S, whose false northing is 10 000 000


def found(day, grid):
    return [finding.code for finding in image_findings(day, grid)]


def metres(side, north=BEIJING, epsg=4547, wide=10):
    return Grid(wide, 10, Affine(side, 0, 500_000, 0, -side, north), CRS(epsg))


def test_a_summer_image_of_fine_pixels_needs_no_remark():
    assert found(SUMMER, metres(2.0)) == []


def test_a_winter_image_is_remarked_where_winter_is():
    assert found(WINTER, metres(2.0)) == ["out_of_season"]
    assert found(SUMMER, metres(2.0, north=6_250_000.0, epsg=32733)) == ["out_of_season"]
    assert found(WINTER, metres(2.0, north=6_250_000.0, epsg=32733)) == []
    assert found(WINTER, metres(2.0, OLINDA, 31985)) == []


def test_the_remark_names_its_source_and_touches_coverage():
    (finding,) = image_findings(WINTER, metres(2.0))
    assert (finding.severity, finding.indicators) == ("warning", ("green_coverage",))
    assert "39.9" in finding.text.zh
    assert "weak" in finding.text.zh
    assert "weak" in finding.text.en


def test_an_image_without_a_date_is_remarked():
    assert found(None, metres(2.0)) == ["undated_image"]


@pytest.mark.parametrize(("side", "coarse"), [(4.0, False), (4.02, False), (4.1, True), (10, True)])
def test_pixels_wider_than_four_metres_are_remarked(side, coarse):
    assert found(SUMMER, metres(side)) == ["coarse_pixels"] * coarse


def test_pixels_are_measured_on_the_ground_in_any_unit():
    # 0.00004 degrees of latitude are 4.44 m, of longitude at 60 degrees north 2.2 m;
    # 15 US survey feet are 4.57 m; 5 m of Web Mercator at 60 degrees north are 2.5 m.
    def degrees(dx, dy):
        return Grid(10, 10, Affine(dx, 0, 24.9, 0, -dy, 60.0), CRS(4326))

    assert found(SUMMER, degrees(4e-5, 4e-5)) == ["coarse_pixels"]
    assert found(SUMMER, degrees(7e-5, 3.5e-5)) == []  # 3.9 m by 3.9 m
    feet = Affine(15, 0, 980_000, 0, -15, 200_000)
    assert found(SUMMER, Grid(10, 10, feet, CRS(2263))) == ["coarse_pixels"]
    mercator = Affine(5, 0, 0, 0, -5, 8_399_748)
    assert found(SUMMER, Grid(10, 10, mercator, CRS(3857))) == []


def test_oblong_pixels_are_as_wide_as_their_longer_side():
    oblong = Affine(2, 0, 500_000, 0, -6, BEIJING)
    assert found(SUMMER, Grid(10, 10, oblong, CRS(4547))) == ["coarse_pixels"]


def test_on_a_grid_of_the_citys_own_the_season_is_not_judged():
    own = Grid(10, 10, Affine(5, 0, 0, 0, -5, 0), local_metre())
    assert found(WINTER, own) == ["coarse_pixels"]
    assert found(WINTER, Grid(10, 10, Affine(5, 0, 0, 0, -5, 0), None)) == []
