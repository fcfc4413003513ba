"""Plan maps: line types by status, numbers that never overlap, control points where they fit."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.text import Text as Drawn
from shapely import box

from greenspace.errors import InputError
from greenspace.model.control_points import ControlPoints
from greenspace.model.green_line import GreenLines
from greenspace.model.source import Source
from greenspace.present.plan_labels import Labels
from greenspace.present.plan_maps import green_line_theme
from greenspace.present.theme_view import show_theme

X, Y = 500_000.0, 3_400_000.0


def lines(count=3, side=100.0, statuses=("existing", "planned", "control")):
    """Squares in a row, each sharing an edge with the next."""
    shapes = [box(X + i * side, Y, X + (i + 1) * side, Y + side) for i in range(count)]
    frame = gpd.GeoDataFrame(
        {
            "number": [f"L{i + 1:03d}" for i in range(count)],
            "status": [statuses[i % len(statuses)] for i in range(count)],
            "category": "park",
            "class": "G1",
            "name": "",
            "area_m2": side**2,
            "length_m": 4 * side,
        },
        geometry=shapes,
        crs=4547,
    )
    named = (Source(role="green", name="188 rows, CGCS2000"), Source(role="rule", name="a rule"))
    return GreenLines(lines=frame, changes=None, limits=None, sources=named)


def points(edge_m=100.0, prefix=None, crs=4547):
    east = np.array([X, X + edge_m]) + (prefix or 0) * 1e6
    table = pd.DataFrame({"point": [1, 2], "x": [Y, Y], "y": east})
    courses = pd.DataFrame({"edge_m": [edge_m, edge_m]})
    frame = gpd.GeoDataFrame(geometry=[], crs=crs)
    return ControlPoints(
        points=table, courses=courses, closing=courses, crs=frame.crs, prefix=prefix
    )


def labels_of(ax):
    return next(artist for artist in ax.get_children() if isinstance(artist, Labels))


def rows(theme, language="en", palette="standard"):
    return {row.label: row for row in theme.draw(Figure().add_subplot(), language, palette)}


def test_each_status_and_category_has_count_and_area():
    found = rows(green_line_theme(lines()))

    assert {label: (row.count, row.area_m2) for label, row in found.items()} == {
        "existing green line": (1, pytest.approx(1e4)),
        "planned green line": (1, pytest.approx(1e4)),
        "ecological control line": (1, pytest.approx(1e4)),
        "park": (3, pytest.approx(3e4)),
    }


def test_ground_that_two_statuses_claim_counts_once_in_its_category():
    green = lines(2)
    frame = green.lines.copy()
    frame.loc[1, "geometry"] = box(X, Y, X + 50, Y + 100)
    found = rows(green_line_theme(GreenLines(lines=frame, changes=None, limits=None)))

    assert found["park"].area_m2 == pytest.approx(1e4)


def test_an_edge_that_two_lines_share_is_drawn_once():
    ax = Figure().add_subplot()
    green_line_theme(lines(2, statuses=("planned",))).draw(ax, "zh", "standard")
    drawn = [item for item in ax.collections if isinstance(item, LineCollection)]
    lengths = [
        float(np.hypot(*np.diff(path.vertices, axis=0).T).sum())
        for item in drawn
        for path in item.get_paths()
    ]

    # two squares of 400 m about; their common edge of 100 m once
    assert sum(lengths) == pytest.approx(700)


def boxes(ax):
    """Return where the numbers were drawn, on a canvas of pixels."""
    found, renderer = [], ax.figure.canvas.get_renderer()
    draw = Drawn.draw

    def noted(text, renderer):
        if text.get_text().startswith("L"):
            found.append(text.get_window_extent(renderer))
        draw(text, renderer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Drawn, "draw", noted)
        labels_of(ax).draw(renderer)
    return found


@pytest.mark.parametrize("side", [3.0, 25.0, 300.0])
def test_numbers_never_lie_on_one_another_and_those_left_out_are_counted(side):
    ax = show_theme(green_line_theme(lines(60, side)), None)
    ax.figure.canvas.draw()
    labels, found = labels_of(ax), boxes(ax)

    assert not any(one.overlaps(other) for one, other in combinations(found, 2))
    assert len(found) + labels.hidden == 60
    assert found


def test_a_number_left_out_is_told_on_the_map():
    ax = show_theme(green_line_theme(lines(200)), None, language="en")
    ax.figure.canvas.draw()
    said = [text.get_text() for text in ax.texts if text.get_visible()]

    assert any(f"{labels_of(ax).hidden} line numbers" in text for text in said)


def test_control_points_are_drawn_where_they_stand_apart():
    drawn = []
    for edge in (1000.0, 0.1):
        theme = green_line_theme(lines(side=1000.0), points(edge))
        ax = show_theme(theme, None)
        ax.figure.canvas.draw()
        dots = labels_of(ax)._marks.dots
        seen = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(dots), "draw", lambda dot, _, into=seen: into.append(dot))
            labels_of(ax).draw(ax.figure.canvas.get_renderer())
        drawn.append(dots in seen)

    assert drawn == [True, False]


@pytest.mark.parametrize("prefix", [None, 38])
def test_control_points_lie_on_the_lines_with_x_to_the_north(prefix):
    ax = Figure().add_subplot()
    rows = green_line_theme(lines(), points(prefix=prefix)).draw(ax, "zh", "standard")
    dots = labels_of(ax)._marks.dots

    assert dots.get_xdata().tolist() == [X, X + 100]
    assert dots.get_ydata().tolist() == [Y, Y]
    assert rows[-1].count == 2


def test_facts_name_the_rule_and_the_data_but_no_rule_among_the_data():
    facts = green_line_theme(lines()).facts

    assert [text.zh for text in facts.sources] == ["内存数据 green 188 行"]
    assert "GB/T 51163-2016" in facts.standard.en


def test_no_line_is_no_plan():
    none = GreenLines(lines=lines().lines.iloc[:0], changes=None, limits=None)

    with pytest.raises(InputError) as refused:
        green_line_theme(none)
    assert refused.value.layer == "green_lines"


def test_a_number_too_long_for_its_page_stands_there_cut():
    green = lines(1)
    frame = green.lines.assign(number="L" * 300)
    theme = green_line_theme(GreenLines(lines=frame, changes=None, limits=None))
    ax = Figure().add_subplot()
    theme.draw(ax, "en", "standard")
    texts = labels_of(ax).get_children()

    assert [text.get_text() for text in texts] == ["L" * 23 + "…"]
