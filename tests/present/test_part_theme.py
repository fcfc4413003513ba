"""Part themes: a page of a district has the figures of that district."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from shapely import LineString, box, points

from greenspace.present.part_theme import part_theme
from greenspace.present.theme import LegendRow
from tests.mapped import make_theme

PART = box(0, 0, 100, 100)


def legend(*rows):
    whole = replace(make_theme(), draw=lambda *_: list(rows))
    theme = part_theme(whole, PART, "东城")
    return theme, theme.draw(Figure().add_subplot(), "en", "standard")


def row(shapes, **figures):
    return LegendRow(
        handle=Patch(), label="it", shapes=points([]) if shapes is None else shapes, **figures
    )


def test_ground_is_cut_at_the_edge_counted_once_and_what_only_touches_is_not_there():
    shapes = points([(0, 0)] * 4)  # an array of four shapes
    shapes[:] = [
        box(50, 0, 150, 100),
        box(80, 0, 90, 100),
        box(100, 0, 200, 100),
        box(300, 0, 400, 1),
    ]
    _, found = legend(row(shapes, count=4, area_m2=3e4))

    # 50 m x 100 m of the first; the second lies in it; the third shares an edge alone
    assert (found[0].count, found[0].area_m2) == (2, pytest.approx(5000))


def test_lines_are_cut_and_points_counted():
    roads = points([(0, 0)])
    roads[:] = [LineString([(50, 50), (250, 50)])]
    _, found = legend(
        row(roads, count=1, length_m=200.0, of="road"),
        row(points([(10, 10), (500, 10)]), count=2, of="tree"),
    )

    assert (found[0].count, found[0].length_m) == (1, pytest.approx(50))
    assert (found[1].count, found[1].area_m2) == (1, None)


def test_figures_of_the_whole_that_cannot_be_cut_are_left_out_and_the_page_says_so():
    seen = LegendRow(handle=Patch(), label="seen (4 ha)", plain="seen", area_m2=4e4)
    theme, found = legend(seen)

    assert (found[0].label, found[0].area_m2) == ("seen", None)
    assert "those of this district" in theme.facts.remarks[0].en
    assert theme.facts.title.zh.endswith("（东城）")
    assert theme.bounds == (0, 0, 100, 100)
