"""Sheet frame: everything on the page, nothing on top of anything else, nothing made up."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.text import Text as Drawn
from matplotlib_scalebar.scalebar import ScaleBar

from greenspace.errors import CrsError
from greenspace.model.words import Text
from greenspace.present import fonts
from greenspace.present.fonts import font_file
from greenspace.present.map_file import plain_settings
from greenspace.present.plan_labels import ABOVE
from greenspace.present.sheet_frame import draw_sheet, grid_step, plan_theme
from greenspace.present.theme import LegendRow
from greenspace.present.words import REPORT_FIELDS
from tests.mapped import REPORT, SQUARE, make_theme

CROWDED = {
    "rows": 40,
    "title": "清河市中心城区二〇二六年城市绿地系统专项规划绿线划定及生态控制线（含古树名木保护范围）总图"
    * 2,
    "banner": Text(
        "含暂定数值：未能核对原文，仅供参考。" * 12, "Provisional: for orientation. " * 20
    ),
    "remarks": tuple(
        Text(f"第 {n} 条说明：" + "绿" * 60, f"remark {n} " + "of it " * 30) for n in range(12)
    ),
}


def words(figure):
    return [text.get_text() for text in figure.texts]


def boxes(figure):
    """Return the words of a sheet and where they stand, in mm."""
    pen = figure.canvas.get_renderer()
    found = [(text.get_text(), text.get_window_extent(pen)) for text in figure.texts]
    return [(text, box.get_points() / figure.dpi * 25.4) for text, box in found if text]


@pytest.mark.parametrize(
    ("size", "landscape", "language"),
    [("A4", True, "zh"), ("A4", False, "en"), ("A3", False, "zh"), ("A1", True, "en")],
)
def test_no_words_lie_on_others_or_leave_the_page(size, landscape, language):
    with plain_settings():
        figure = draw_sheet(
            make_theme(**CROWDED), size=size, landscape=landscape, language=language, page=(3, 12)
        )
        found = boxes(figure)
    width, height = figure.get_size_inches() * 25.4

    assert len(found) > 50
    for _, ((x0, y0), (x1, y1)) in found:
        assert 10 < x0 < x1 < width - 10
        assert 10 < y0 < y1 < height - 10
    slack = 0.25 if size == "A4" else 0.5  # mm: boxes reach above and below the strokes
    for (one, a), (other, b) in combinations(found, 2):
        shared = np.minimum(a[1], b[1]) - np.maximum(a[0], b[0])
        assert not (shared > slack).all(), (one, other)


def test_a_long_legend_says_how_many_rows_it_leaves_out():
    with plain_settings():
        figure = draw_sheet(make_theme(rows=200), size="A4", scale=20_000)
    (last,) = [text for text in words(figure) if text.startswith("另有")]
    shown = sum(
        text.startswith(("现状绿线", "规划绿线", "生态控制线", "古树名木"))
        for text in words(figure)
    )

    assert shown > 20
    assert last == f"另有 {200 - shown} 项未列"


def test_the_legend_counts_and_measures():
    figure = draw_sheet(make_theme(), size="A3", scale=10_000)

    assert "现状绿线：1 处，0.00 公顷" in words(figure)
    assert "2 处，1.23 公顷，1.23 km" in " ".join(words(figure))


def test_the_title_block_holds_what_was_given_and_empty_cells_for_the_rest():
    figure = draw_sheet(make_theme(report={"approved_by": "张三", "date": "2026-06-30"}))
    bare = draw_sheet(make_theme(report={}))

    for field in REPORT_FIELDS.values():
        assert field.zh in words(figure)
    assert set(words(figure)) - set(words(bare)) == {"张三", "2026-06-30"}


def test_a_sheet_says_its_page_source_date_crs_and_edition():
    told = "\n".join(words(draw_sheet(make_theme(report=REPORT), size="A1", page=(2, 7))))

    for part in ("第 2 页 共 7 页", "layers.gpkg", "2026-06-01", "CJJ/T 85-2017", "指北针指向真北"):
        assert part in told
    assert "CGCS2000 / 3-degree Gauss-Kruger CM 114E\n(EPSG:4547)" in told
    assert "LX-01" in told


def test_the_scale_stands_over_a_bar_as_long_as_a_step_of_the_grid():
    theme = make_theme()
    figure = draw_sheet(theme, size="A3", scale=5000)
    plan = plan_theme(theme, size="A3", landscape=None, scale=5000, language="zh")
    (bar,) = figure.findobj(ScaleBar)

    assert bar.label == "1:5 000"
    assert grid_step(plan) == 200  # 14 letters of 7.5 pt are 37 mm, 185 m at 1:5 000
    assert (bar.fixed_value, bar.fixed_units) == (200, "m")
    assert {"571600", "572400", "3442000"} <= set(words(figure))


def test_words_from_files_are_drawn_literally():
    figure = draw_sheet(make_theme(title="$\\frac{1}{2}$ \x1b[31m\n<b>", city="清\u202e河"))
    (title,) = [text for text in figure.texts if "frac" in text.get_text()]

    assert title.get_text() == "清 河 $\\frac{1}{2}$ [31m <b>"
    assert not title.get_parse_math()


def test_what_a_theme_writes_is_drawn_literally_too_and_kept_inside_the_map():
    def extra(ax):
        ax.text(571_600, 3_441_600, "L001 $x_1$ 😀")
        ax.set_xlim(0, 1)
        ax.set_aspect("auto")

    figure = draw_sheet(make_theme(extra=extra), scale=10_000)
    ax = figure.axes[0]
    label = next(text for text in ax.texts if "L001" in text.get_text())

    assert label.get_text() == "L001 $x_1$ ?"
    assert not label.get_parse_math()
    assert label.get_clip_on()
    assert ax.get_xlim()[0] < SQUARE[0] < SQUARE[2] < ax.get_xlim()[1]
    assert figure.canvas.print_to_buffer()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_glyph_is_missing_where_the_system_has_no_chinese_font(monkeypatch, language):
    monkeypatch.setattr(fonts, "system_fonts", tuple)
    known = fonts._charmap(font_file())
    told = Text("含暂定数值。", "Provisional.")
    with plain_settings():
        figure = draw_sheet(make_theme(rows=60, banner=told), size="A4", language=language)
        figure.canvas.print_to_buffer()  # a glyph that is missing warns, and warnings are errors

    assert font_file().name == fonts.CARRIED
    for text in figure.findobj(Drawn):
        assert "?" not in text.get_text()
        assert {ord(char) for char in text.get_text()} <= known
        if text.get_text():
            assert text.get_fontproperties().get_file() == str(font_file())


def test_settings_stay_as_they_were():
    before = dict(mpl.rcParams)

    draw_sheet(make_theme())

    assert dict(mpl.rcParams) == before


def test_degrees_are_refused():
    theme = make_theme(bounds=(114.0, 31.0, 114.1, 31.1), crs=4490)

    with pytest.raises(CrsError):
        draw_sheet(theme)


def test_the_palette_and_language_reach_the_theme():
    asked = []
    theme = replace(make_theme(), draw=lambda _, *how: asked.append(how) or [])

    draw_sheet(theme, language="en", palette="safe")

    assert asked == [("en", "safe")]


def test_every_kind_of_sample_finds_its_place_in_the_legend():
    handles = [
        PathCollection([Path.unit_circle()], sizes=[20], facecolors="g"),
        LineCollection([[(0, 0), (1, 1)]], colors="r"),
        (Patch(facecolor="g"), Line2D([], [], color="k")),
        Drawn(0, 0, "no sample"),
    ]
    rows = [LegendRow(handle=handle, label=f"样 {n}") for n, handle in enumerate(handles)]
    figure = draw_sheet(replace(make_theme(), draw=lambda *_: rows), size="A4")

    assert [text for text in words(figure) if text.startswith("样")] == [
        f"样 {n}" for n in range(4)
    ]
    assert figure.canvas.print_to_buffer()


def test_the_arrow_makes_way_for_pictures_in_the_upper_corners():
    def places(theme):
        figure = draw_sheet(theme, size="A4", scale=10_000)
        (north,) = [text for text in figure.texts if text.get_text() == "N"]
        return north.get_position()

    free, left, right = (
        places(make_theme(extra=extra))
        for extra in (
            None,
            lambda ax: ax.inset_axes((0.0, 0.7, 0.3, 0.3)),
            lambda ax: ax.inset_axes((0.7, 0.7, 0.3, 0.3)),
        )
    )

    assert free == left
    assert free[0] == pytest.approx(right[0])
    assert free[1] - right[1] > 100


def test_crosses_lie_below_what_is_written_on_the_map_and_stand_out_on_dark_ground():
    axes = draw_sheet(make_theme(), size="A4").axes[0]
    crosses = [item for item in axes.collections if isinstance(item, LineCollection)]

    assert [item.get_zorder() < ABOVE for item in crosses] == [True]
    assert crosses[0].get_path_effects()
