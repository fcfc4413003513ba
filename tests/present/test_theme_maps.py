"""Theme maps: each sheet counts what it draws, and one that is missing says what it needs."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text as Drawn
from shapely import LineString, Point, box

from greenspace.errors import InputError
from greenspace.model.ledger import Column, Ledger
from greenspace.model.words import Text
from greenspace.present import fonts
from greenspace.present.map_list import DRAWERS, drawable_maps, missing_maps
from greenspace.present.sheets import Sheet
from greenspace.present.theme_maps import (
    draw_centre_map,
    draw_image_map,
    draw_nature_map,
    draw_park_map,
    draw_parking_map,
    draw_tree_map,
)

WEST, SOUTH = 571_000.0, 3_441_000.0
THEMES = {
    "centre": draw_centre_map,
    "parks": draw_park_map,
    "trees": draw_tree_map,
    "nature": draw_nature_map,
    "parking": draw_parking_map,
}


@pytest.fixture(autouse=True)
def no_system_fonts(monkeypatch):
    monkeypatch.setattr(fonts, "system_fonts", tuple)


def words(ax):
    return "\n".join(text.get_text() for text in ax.get_figure().findobj(Drawn))


@pytest.fixture
def full(check):
    def frame(shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=check.crs)

    def street(y):
        return LineString([(WEST, SOUTH + y), (WEST + 1000, SOUTH + y)])

    centre = box(WEST + 100, SOUTH + 100, WEST + 600, SOUTH + 500)
    columns = (
        Column("name", Text("名", "name")),
        Column("ratio", Text("率", "ratio"), "1"),
        Column("coverage", Text("覆盖", "coverage"), "1"),
    )
    rows = pd.DataFrame({"name": ["c"], "ratio": [0.2], "coverage": [0.3]})
    layers = {
        **check.layers,
        "centre": frame([centre], name=["c"]),
        "roads": frame([street(10), street(20), street(30)], shaded=[True, False, None]),
        "old_trees": frame(
            [Point(WEST + x, SOUTH + 50) for x in (10, 20, 30, 40)], dbh=["9.9", 10, 120.0, None]
        ),
        "parking": frame([box(WEST, SOUTH, WEST + 100, SOUTH + 50)]),
    }
    ledger = Ledger("centre_green", Text("中心区", "centre"), columns, rows)
    return replace(check, layers=layers, ledgers=(ledger,))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", THEMES)
def test_the_furniture_is_complete(full, name, language):
    ax = THEMES[name](full, language=language)
    told = words(ax)

    ax._repr_png_()  # a missing glyph would warn, and warnings are errors
    assert "清河（虚构）" in told
    assert "EPSG:4547" in told
    assert "2026-06-" in told
    assert "N" in told.split("\n")
    assert ("暂定" if language == "zh" else "Provisional") in told


def test_shaded_roads_are_those_that_were_measured_so(full, check):
    told = words(draw_park_map(full))
    roads = full.layers["roads"]

    assert "林荫路\n1 条，1.00 km" in told
    assert "其他道路\n2 条，2.00 km" in told
    unmeasured = replace(full, layers={**full.layers, "roads": roads.drop(columns="shaded")})
    told = words(draw_park_map(unmeasured))
    assert "其他道路\n3 条" in told
    assert "林荫路未量算" in told
    assert "林荫路未量算" not in words(draw_park_map(check))  # there are no roads at all


def test_squares_are_those_of_the_edition(full):
    assert "绿化广场\n1 块，0.36 公顷" in words(draw_park_map(full))  # 60 m x 60 m, G3 of 2017
    older = replace(full, city=replace(full.city, editions={"green": "2002"}))
    assert "绿化广场" not in words(draw_park_map(older))  # G3 is protective green there


def test_trees_below_ten_centimetres_or_unmeasured_are_not_drawn(full):
    told = words(draw_tree_map(full))

    assert "登记树木\n2 株" in told
    assert "另有 1 株未登记胸径" in told


def test_the_nature_map_tells_waters_once(full):
    told = words(draw_nature_map(full, language="en"))

    assert "rivers and lakes\nparcels: 1; 4.00 ha" in told  # 1000 m x 40 m
    assert "regional and other green" in told
    assert "\nwater" not in told


def test_the_centre_tells_its_ratios(full):
    told = words(draw_centre_map(full))

    assert "中心区绿地率 20.00%，绿化覆盖率 30.00%" in told
    assert "影像未见" in told
    assert "绿地\n" in words(draw_centre_map(replace(full, picture=None)))


@pytest.mark.parametrize("name", THEMES)
def test_a_sheet_without_its_layer_is_refused(check, name):
    with pytest.raises(InputError):
        THEMES[name](replace(check, layers={"green": check.layers["green"]}))


def test_every_sheet_is_drawn_or_named_with_its_reason(full, check):
    assert set(THEMES) <= set(drawable_maps(full))
    for held in (full, check):
        sheets = [Sheet(name=name, title="", png=b"", pdf=b"") for name in drawable_maps(held)]
        told = missing_maps(held, sheets, "zh")
        assert len(sheets) + len(told) == len(DRAWERS) + 1  # heat has no drawer
    assert any("停车场" in text and "[layers.parking]" in text for text in told)
    assert any("影像图" in text for text in told)
    assert any("热岛" in text and "栅格" in text for text in told)


@pytest.fixture
def in_colours(full):
    colours = np.full((*full.picture.green.shape, 4), 200, dtype=np.uint8)
    picture = replace(full.picture, colours=colours, way=Text("真彩色", "true colour"))
    return replace(full, picture=picture)


def test_the_image_map_shows_the_image_and_the_lines_and_says_which_colours(in_colours):
    ax = draw_image_map(in_colours)
    told = words(ax)

    np.testing.assert_array_equal(ax.images[0].get_array(), in_colours.picture.colours)
    assert all(text in told for text in ("建成区影像图", "真彩色", "建成区", "影像日期"))
    assert "image" in drawable_maps(in_colours)
    with pytest.raises(InputError):
        draw_image_map(replace(in_colours, picture=None))


def test_parks_lie_on_the_image_where_there_is_one(full, in_colours):
    assert "底图为影像" in words(draw_park_map(in_colours))
    assert len(draw_park_map(in_colours).images) == 1
    assert not draw_park_map(full).images


def test_an_empty_layer_of_roads_is_no_road(full):
    empty = full.layers["roads"].iloc[:0]
    told = words(draw_park_map(replace(full, layers={**full.layers, "roads": empty})))

    assert "道路" not in told
