"""Green lines around real parcels, with nothing edited by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import greenspace as gs

pytestmark = [pytest.mark.real_data, pytest.mark.slow]
PARK, PARK_LAKE = 32900, 36200


def drawn_well(lines):
    """Hold lines against everything that is promised of them."""
    shapes = lines.lines.geometry.to_numpy()
    xy = shapely.get_coordinates(shapes)

    assert all(item.passed is not False for item in lines.checks)
    assert shapely.is_valid(shapes).all()
    assert (np.rint(xy * 1000) / 1000 == xy).all()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(shapely.union_all(shapes).area, abs=1e-3)
    assert lines.limits.area_change <= lines.limits.max_area_change
    assert lines.limits.displacement_m <= lines.limits.max_displacement_m


def test_parks_of_amsterdam_in_either_crs(real_data):
    metres = gs.read_layer(real_data / "amsterdam" / "Ams_Parks.gpkg")
    degrees = gs.read_layer(real_data / "amsterdam" / "ams_parken.gpkg")
    lines = gs.green_lines(metres)
    other = gs.green_lines(degrees.rename(columns={"Naam": "name"}), crs="EPSG:28992")

    drawn_well(lines)
    drawn_well(other)
    assert lines.lines.area.sum() == pytest.approx(25_464_084, abs=2_000)
    assert other.lines.area.sum() == pytest.approx(lines.lines.area.sum(), rel=1e-4)


def test_the_terrain_of_a_finnish_map_sheet_by_its_classes(real_data):
    sheet = gs.read_layer(real_data / "finland_topo" / "m_L4132R_p.shp")
    water = sheet[sheet["LUOKKA"].isin([36200, 36313])]
    land = sheet.drop(water.index).rename(columns={"LUOKKA": "name"})
    green = land[land["name"].isin([32611, 32800, 32900, 33000, 33100])]
    lines = gs.green_lines(green, water=water)

    drawn_well(lines)
    assert len(lines.lines) > len(green) * 0.95
