"""Check themes: legends carry the numbers of the check, on a page of their own or on given Axes."""

from __future__ import annotations

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text as Drawn
from shapely import LineString, Point

from greenspace.errors import InputError
from greenspace.model.ledger import Column, Ledger
from greenspace.model.old_trees import TreeScheme
from greenspace.model.words import Text
from greenspace.present.check_themes import green_space_theme, road_theme, service_theme
from greenspace.present.image_themes import image_theme, vegetation_theme
from greenspace.present.theme_view import legend_text, show_theme
from greenspace.present.tree_theme import tree_theme
from tests.present.conftest import SOUTH, WEST, frame, square

CITY = TreeScheme(
    id="city",
    name=Text("城建", "city"),
    mark="verified",
    address="",
    grades=((300.0, Text("一级", "I")), (100.0, Text("二级", "II"))),
)


def line(*points):
    return LineString([(WEST + x, SOUTH + y) for x, y in points])


@pytest.fixture
def town(check):
    """The small city with three roads, one in shade, and four trees."""
    roads = frame(
        [line((0, 0), (400, 0)), line((0, 50), (300, 50)), line((0, 90), (1000, 90))],
        judged=[True, True, False],
        shaded=[True, False, False],
    )
    greening = frame([line((0, 0), (400, 0)), line((0, 50), (300, 50))], greened=[True, False])
    trees = frame(
        [Point(WEST + x, SOUTH + 500) for x in (100, 200, 300, 400)],
        age=["500", "300", "120", "not known"],
    )
    layers = {**check.layers, "roads": roads, "road_greening": greening, "old_trees": trees}
    return replace(check, layers=layers)


def rows(theme, *, language="en", palette="standard"):
    ax = Figure().add_subplot()
    return {row.label: row for row in theme.draw(ax, language, palette)}


def words(ax):
    return "\n".join(text.get_text() for text in ax.get_figure().findobj(Drawn))


# --- numbers ----------------------------------------------------------------------------


def test_green_classes_carry_count_area_and_what_lies_in_the_built_up_area(town):
    found = rows(green_space_theme(town))
    parks = found["G1 park"]

    # 200 m x 400 m, all inside: the numerator of the park area per head
    assert (parks.count, parks.area_m2) == (1, pytest.approx(80_000))
    assert parks.area_m2 == town.ratios["park_area_per_capita"].numerator
    # outside the line altogether: 200 m x 500 m
    outside = found["EG regional green (0.00 ha in the built-up area)"]
    assert outside.area_m2 == pytest.approx(100_000)
    # all classes but the one outside add up to the numerator of the green-space ratio
    inside = [row.area_m2 for row in found.values() if row.count and row is not outside]
    assert sum(inside) == pytest.approx(town.ratios["green_space_ratio"].numerator)


def test_ground_that_parcels_share_counts_once(town):
    green = frame([square(0, 0, 100, 100), square(50, 0, 150, 100)], **{"class": ["G1", "G1"]})
    twice = replace(town, layers={**town.layers, "green": green})

    # 150 m x 100 m, not 2 x 1 ha
    assert rows(green_space_theme(twice))["G1 park"].area_m2 == pytest.approx(15_000)


def test_served_and_unserved_land_are_the_halves_of_the_ratio(town):
    found, ratio = rows(service_theme(town)), town.ratios["service_coverage"]

    assert found["residential land served"].area_m2 == ratio.numerator
    assert found["residential land not served"].area_m2 == ratio.denominator - ratio.numerator
    assert found["parks"].area_m2 == pytest.approx(80_000)


def test_roads_carry_length_by_what_they_are(town):
    found = rows(road_theme(town))
    lengths = {label: row.length_m for label, row in found.items() if row.length_m is not None}

    assert lengths == pytest.approx(
        {
            "tree-lined roads": 400.0,
            "roads that count and are not tree-lined": 300.0,
            "roads that do not count for shade": 1000.0,
            "stretches with green inside the red line": 400.0,
            "stretches without green inside the red line": 300.0,
        }
    )


def test_what_was_not_measured_of_roads_has_no_row(town):
    plain = town.layers["roads"].drop(columns=["judged", "shaded"])
    green_only = replace(town, layers={**town.layers, "roads": plain})
    neither = {name: layer for name, layer in green_only.layers.items() if name != "road_greening"}

    assert "tree-lined roads" not in rows(road_theme(green_only))
    with pytest.raises(InputError) as refused:
        road_theme(replace(town, layers=neither))
    assert refused.value.layer == "roads"


def test_trees_are_graded_by_the_scheme_and_an_unknown_age_is_no_grade(town):
    found = rows(tree_theme(town, CITY))
    counts = {label: row.count for label, row in found.items() if row.count is not None}

    assert counts == {"grade I": 2, "grade II": 1, "age not known": 1}


def test_trees_have_the_grades_of_the_list_where_the_check_has_one(town):
    # the third is famous: the list grades it above its age
    first = Text("一级", "I")
    listed = pd.DataFrame({"age": [500.0, 300.0, 120.0, np.nan], "city": [first] * 3 + [None]})
    columns = tuple(Column(key, Text(key, key)) for key in listed)
    ledger = Ledger("old_trees", Text("名录", "list"), columns, listed)
    found = rows(tree_theme(replace(town, ledgers=(ledger,)), CITY))
    counts = {label: row.count for label, row in found.items() if row.count is not None}

    assert counts == {"grade I": 3, "age not known": 1}


def test_the_image_shows_the_areas_of_the_judged_coverage(town):
    found, ratio = rows(vegetation_theme(town)), town.ratios["green_coverage"]
    areas = [row.area_m2 for row in found.values() if row.area_m2 is not None]

    assert areas == [ratio.numerator, ratio.denominator - ratio.numerator, ratio.unseen]


# --- drawing ----------------------------------------------------------------------------

THEMES = {
    "green_space": green_space_theme,
    "service": service_theme,
    "roads": road_theme,
    "trees": lambda check: tree_theme(check, CITY),
    "vegetation": vegetation_theme,
}


@pytest.mark.parametrize("palette", ["standard", "safe"])
@pytest.mark.parametrize("name", THEMES)
def test_given_axes_are_returned_and_nothing_global_changes(town, name, palette):
    before = dict(mpl.rcParams)
    figure = Figure()
    ax, beside = figure.subplots(1, 2)

    assert show_theme(THEMES[name](town), ax, language="zh", palette=palette) is ax
    figure.canvas.draw()
    assert dict(mpl.rcParams) == before
    assert not beside.lines
    assert not mpl._pylab_helpers.Gcf.figs


@pytest.mark.parametrize("name", THEMES)
def test_a_page_of_its_own_says_title_date_source_and_crs(town, name):
    said = words(show_theme(THEMES[name](town), None, language="en"))

    assert THEMES[name](town).facts.title.en in said
    assert "EPSG:4547" in said
    assert "2026-06" in said
    assert "true north" in said


def test_a_theme_sets_no_limits_and_no_legend(town):
    for make in THEMES.values():
        ax = Figure().add_subplot()
        before = ax.get_xlim(), ax.get_ylim()
        make(town).draw(ax, "zh", "standard")

        assert (ax.get_xlim(), ax.get_ylim()) == before
        assert ax.get_legend() is None


def test_both_languages_have_their_own_words(town):
    chinese, english = (
        words(show_theme(road_theme(town), None, language=language)) for language in ("zh", "en")
    )

    assert "林荫路" in chinese
    assert "林荫路" not in english.replace("林荫路分布图", "")


def test_an_image_without_colours_is_refused(town):
    with pytest.raises(InputError):
        image_theme(town)
    with pytest.raises(InputError):
        vegetation_theme(replace(town, picture=None))


def test_a_row_says_only_what_it_has(town):
    row = next(iter(rows(service_theme(town), language="zh").values()))

    assert legend_text(row, "zh") == "公园绿地\n1 处，8.00 公顷"
    assert legend_text(replace(row, count=None, area_m2=None), "zh") == "公园绿地"
    assert np.isfinite(row.area_m2)


# --- the ground of a sheet --------------------------------------------------------------


def test_a_sheet_holds_all_that_its_legend_counts(town):
    far = frame([square(6000, 0, 7000, 1000)], **{"class": ["G1"]})
    wide = replace(town, layers={**town.layers, "green": far, "parks": far})

    # the built-up area ends 1 km east of the corner; the park lies 6 km east of it
    assert green_space_theme(wide).bounds[2] == pytest.approx(WEST + 7000)
    assert service_theme(wide).bounds[2] == pytest.approx(WEST + 7000)


def test_what_a_legend_does_not_count_of_an_image_is_veiled(town):
    assert "beyond (not counted)" in rows(vegetation_theme(town))


@pytest.mark.parametrize("asked", [{"language": "fr"}, {"language": None}, {"palette": "safee"}])
def test_a_language_or_palette_that_is_none_is_refused(town, asked):
    with pytest.raises(InputError):
        show_theme(green_space_theme(town), None, **asked)
