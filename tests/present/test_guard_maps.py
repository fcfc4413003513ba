"""One map a finding: what it draws, says and fits, with and without pictures."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from matplotlib.collections import PathCollection
from shapely import box

from greenspace.model.declared import Chip
from greenspace.model.encroachment import Guard
from greenspace.model.source import Source
from greenspace.model.words import Text
from greenspace.present import canvas
from greenspace.present.guard_maps import guard_themes

FILES = (
    ("manifest", "city.toml", None), ("green_lines", "a.gpkg", "approved"), ("parks", "a.gpkg", "p"),
    ("road_widening", "a.gpkg", "widened"), ("construction", "b.gpkg", "works"),
    ("image", "old.tif", None), ("image", "new.tif", None), ("stations", "s.csv", None),
)  # fmt: skip
WEST, NORTH = 500_000.0, 3_400_000.0


def ground(*sides, **columns):
    shapes = [box(WEST + w, NORTH + s, WEST + e, NORTH + n) for w, s, e, n in sides]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4547)


def chip(name):
    return Chip(
        id=name,
        place=0,
        pixels=np.full((64, 64, 3), 90, dtype=np.uint8),
        rings=(np.array([[10.0, 10], [30, 10], [30, 30], [10, 10]]),),
        colours=Text("真彩色", "true colour"),
    )


@pytest.fixture
def guard():
    lines = ground(
        (0, 0, 100, 100), (100, 0, 200, 100), (5000, 0, 5100, 100),
        number=["L001", "L002", "L003"], status=["existing", "planned", "control"],
    )  # fmt: skip
    found = ground(
        (90, 0, 100, 60), (100, 0, 105, 60),
        rank=[1, 2], line=["L001", "L002"], kind=["image", "road"], name=["", "$x$ 路"],
        area_m2=[600.0, 300.0], low_m2=[500.0, np.nan], high_m2=[650.0, np.nan],
    )  # fmt: skip
    chips = (chip("guard_before_01"), chip("guard_after_01"))
    return Guard(encroachments=found, lines=lines, chips=chips, dates=("2023-06-01", ""))


def drawn(theme, language="en", palette="standard"):
    ax = canvas.new_axes((4, 4), (0, 0, 1, 1))
    rows = theme.draw(ax, language, palette)
    west, south, east, north = theme.bounds
    ax.set(xlim=(west, east), ylim=(south, north))
    ax.figure.canvas.draw()
    return ax, rows


def test_a_map_for_each_finding_in_order(guard):
    first, second = guard_themes(
        guard,
        city="清河",
        sources=[Source(role=role, name=name, layer=layer) for role, name, layer in FILES],
    )
    assert (first.key, second.key) == ("encroachment_01", "encroachment_02")
    assert "L001" in first.facts.title.en
    assert "500.00" in first.facts.remarks[0].en
    assert "not known" in second.facts.remarks[0].en
    assert first.facts.sources == ("a.gpkg: approved, widened", "old.tif", "new.tif")
    # 60 m high, 2.2 times that around its middle
    assert first.bounds == pytest.approx((WEST + 29, NORTH - 36, WEST + 161, NORTH + 96))


def test_a_sheet_names_only_what_is_drawn_on_it(guard):
    sources = [Source(role=role, name=name, layer=layer) for role, name, layer in FILES]
    alone = replace(
        guard, encroachments=guard.encroachments.iloc[1:].reset_index(drop=True), chips=()
    )
    (theme,) = guard_themes(alone, sources=sources)
    assert theme.facts.sources == ("a.gpkg: approved, widened",)


def test_the_legend_has_the_line_its_neighbour_and_the_area(guard):
    _, rows = drawn(guard_themes(guard)[0])
    assert [(row.label, row.area_m2) for row in rows] == [
        ("existing green line", 10_000.0),
        ("neighbouring lines: planned green line", None),
        ("from green to not green", 600.0),
        ("other findings", None),
    ]


def test_pictures_of_both_dates_stand_side_by_side(guard):
    first, second = guard_themes(guard)
    ax, _ = drawn(first, "zh", "safe")
    left, right = (inset.get_position() for inset in ax.child_axes)
    assert left.x1 < right.x0 < right.x1 < 0.6  # north has the other corner
    assert [text.get_text() for inset in ax.child_axes for text in inset.texts] == [
        "前期影像 2023-06-01", "后期影像"
    ]  # fmt: skip
    assert drawn(second)[0].child_axes == []


@pytest.mark.parametrize("palette", ["standard", "safe"])
def test_the_line_and_its_loss_are_drawn_apart(guard, palette):
    ax, rows = drawn(guard_themes(guard)[1], "zh", palette)
    shapes = [item for item in ax.collections if isinstance(item, PathCollection)]
    assert len(shapes) == 4  # the line, its neighbour, the finding, the other one
    edges = {tuple(shape.get_edgecolor()[0]) for shape in shapes}
    assert len(edges) == 4
    assert rows[2].label == "道路拓宽侵占：$x$ 路"


def test_no_lines_no_maps(guard):
    assert guard_themes(Guard(encroachments=guard.encroachments)) == ()
