"""Maps: the number on the map is the number in the table, and every glyph is there."""

from __future__ import annotations

import logging
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text as Drawn
from pyproj import CRS, Transformer

from greenspace.errors import InputError
from greenspace.model.check import Picture
from greenspace.present import fonts
from greenspace.present.map_list import drawable_maps
from greenspace.present.maps import (
    draw_green_map,
    draw_service_map,
    draw_vegetation_map,
)
from greenspace.present.rows import sections

DRAWERS = {
    "green_space": (draw_green_map, ("green_space_ratio", "park_area_per_capita")),
    "vegetation": (draw_vegetation_map, ("green_coverage",)),
    "service": (draw_service_map, ("service_coverage",)),
}


@pytest.fixture(autouse=True)
def no_system_fonts(monkeypatch):
    monkeypatch.setattr(fonts, "system_fonts", tuple)


def words(ax):
    return "\n".join(text.get_text() for text in ax.get_figure().findobj(Drawn))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", DRAWERS)
def test_no_glyph_is_missing_and_nothing_is_logged(check, name, language, caplog):
    # filterwarnings = error: a missing glyph fails here
    with caplog.at_level(logging.WARNING):
        DRAWERS[name][0](check, language=language)._repr_png_()

    assert not caplog.records


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", DRAWERS)
def test_the_number_is_that_of_the_table(check, name, language):
    draw, indicators = DRAWERS[name]

    told = words(draw(check, language=language))

    rows = [row for section in sections(check, language) for row in section.rows]
    for indicator in indicators:
        row = next(row for row in rows if row.source.indicator == indicator)
        assert row.value in told


@pytest.mark.parametrize("name", DRAWERS)
def test_the_furniture_is_complete(check, name):
    told = words(DRAWERS[name][0](check, language="zh"))

    assert "清河（虚构）" in told
    assert "本城市纯属虚构" in told
    assert "坐标系：EPSG:4547" in told
    assert "资料来源：" in told
    assert "日期：2026-06-" in told
    assert "真北" in told
    assert "暂定" in told
    assert "图例" in told


def test_classes_carry_count_area_and_edition(check):
    told = words(draw_green_map(check, language="zh"))

    assert "G1 公园绿地\n1 块，8.00 公顷" in told
    assert "EG 区域绿地\n1 块，10.00 公顷\n其中建成区内 0.00 公顷" in told
    assert "CJJ/T 85-2017" in told


def test_areas_of_the_legend_are_the_halves_of_the_number(check):
    # 60 000 of 135 000 m2 served; 359 960 green of 1 000 000, 1 000 unseen
    service = words(draw_service_map(check, language="en"))
    cover = words(draw_vegetation_map(check, language="en"))

    assert "residential land served\n6.00 ha" in service
    assert "residential land not served\n7.50 ha" in service
    assert "≥ 0.5 ha: 500 m" in service
    assert "not green\n64.00 ha" in cover
    assert "unseen by the image\n0.10 ha" in cover


def test_the_callers_axes_are_used(check):
    ax = Figure().add_subplot()

    assert draw_green_map(check, ax) is ax


def test_drawing_changes_nothing(check):
    before = {name: layer.copy() for name, layer in check.layers.items()}
    picture = check.picture.green.copy()
    for draw, _ in DRAWERS.values():
        draw(check)

    assert all(layer.equals(before[name]) for name, layer in check.layers.items())
    np.testing.assert_array_equal(check.picture.green, picture)


@pytest.mark.parametrize(
    ("name", "gone"),
    [("green_space", {"green"}), ("service", {"served", "unserved"}), ("vegetation", set())],
)
def test_a_map_without_its_input_is_refused(check, name, gone):
    layers = {key: layer for key, layer in check.layers.items() if key not in gone}
    picture = None if name == "vegetation" else check.picture
    bare = replace(check, layers=layers, picture=picture)

    assert name not in drawable_maps(bare)
    with pytest.raises(InputError):
        DRAWERS[name][0](bare)


def test_empty_layers_are_as_good_as_none(check):
    empty = gpd.GeoDataFrame(geometry=[], crs=check.crs)

    bare = replace(check, layers=dict.fromkeys(check.layers, empty), picture=None)

    assert drawable_maps(bare) == ()


def test_green_without_classes_is_drawn_as_such(check):
    plain = check.layers["green"].drop(columns="class")
    city = replace(check.city, editions={})

    told = words(draw_green_map(replace(check, city=city, layers={"green": plain}), language="en"))

    assert "green without class\nparcels: 5" in told


def test_a_picture_in_degrees_lands_on_the_measuring_grid(check):
    # a square of 100 x 100 pixels in degrees, its left half green
    west, south, east, north = check.picture.bounds
    to_degrees = Transformer.from_crs(check.crs, 4326, always_xy=True)
    bounds = to_degrees.transform_bounds(west, south, east, north)
    green = np.zeros((100, 100), dtype=np.float32)
    green[:, :50] = 1
    degrees = Picture(green=green, bounds=bounds, crs=CRS.from_epsg(4326))

    ax = draw_vegetation_map(replace(check, picture=degrees))
    (image,) = ax.images
    left, right, bottom, top = image.get_extent()

    # transform_bounds takes the bounds of the turned square: up to 8 m more on each side
    assert (left, bottom) == pytest.approx((west, south), abs=25)
    assert (right, top) == pytest.approx((east, north), abs=25)
    shown = image.get_array()
    assert shown[:, : shown.shape[1] // 3].mean() > 0.99
    assert shown[:, -shown.shape[1] // 3 :].mean() < 0.01


def test_a_local_grid_has_no_true_north(check):
    local = CRS.from_wkt('LOCAL_CS["city grid",UNIT["metre",1]]')
    layers = {key: layer.set_crs(None, allow_override=True) for key, layer in check.layers.items()}

    told = words(draw_green_map(replace(check, crs=local, layers=layers), language="zh"))

    assert "指向坐标北" in told
    assert "city grid" in told
