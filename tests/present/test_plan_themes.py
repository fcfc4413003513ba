"""Themes of change, of zones and of tree zones: areas are those of the results."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
from matplotlib.figure import Figure
from shapely import Point, box

from greenspace.errors import InputError
from greenspace.model.change import ChangeTable
from greenspace.model.check import Picture
from greenspace.model.old_trees import TreeScheme
from greenspace.model.plan_check import PlanCheck
from greenspace.model.source import Finding, Source
from greenspace.model.tree_zones import TreeZones
from greenspace.model.words import Text
from greenspace.model.zoning import Zoning
from greenspace.present.change_theme import change_theme
from greenspace.present.theme_view import show_theme
from greenspace.present.tree_theme import tree_theme
from greenspace.present.zoning_theme import zoning_theme

X, Y = 500_000.0, 3_400_000.0
SCHEME = TreeScheme(
    id="forestry",
    name=Text("林业", "forestry"),
    mark="weak",
    address="",
    grades=((500.0, Text("一级", "I")), (100.0, Text("三级", "III"))),
)


def square(x, y, side=100.0):
    return box(X + x, Y + y, X + x + side, Y + y + side)


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4547)


def rows(theme, language="en", palette="safe"):
    return {row.label: row for row in theme.draw(Figure().add_subplot(), language, palette)}


# --- change -----------------------------------------------------------------------------


def table(zones, *, dropped=False):
    patches = frame([square(0, 0, 10)], **{"class": ["gained"], "area_m2": [100.0]})
    finding = Finding(code="below_smallest", text=Text("小图斑", "small patches"))
    patches.attrs["findings"] = (finding,) if dropped else ()
    areas = np.tile([5000.0, 120.0, 30.0, 4000.0, 850.0, 0.0, 20.0], (len(zones), 1))
    picture = Picture(
        green=np.array([[1, 0], [np.nan, 0.5]], dtype=np.float32),
        bounds=(X, Y, X + 100, Y + 100),
        crs=zones.crs,
    )
    return ChangeTable(
        zones=zones,
        areas=areas,
        crs=zones.crs,
        sources=(Source(role="image, before", name="a.tif"), Source(role="threshold", name="ndvi")),
        draw=lambda _: patches,
        look=lambda: picture,
    )


def test_areas_of_change_are_those_of_the_table():
    found = rows(change_theme(table(frame([square(0, 0), square(100, 0)]))))

    assert {label: row.area_m2 for label, row in found.items()} == {
        "green gained": 240.0,
        "green lost": 60.0,
        "green kept": 8000.0,
        "not green on either date": 10_000.0,
        "not seen on one date or both": 1700.0,
        "zones": None,
        "beyond (not counted)": None,
    }
    assert found["green gained"].count == 1


def test_where_small_patches_were_left_out_no_count_stands_beside_the_area_of_all():
    theme = change_theme(table(frame([square(0, 0)]), dropped=True), smallest_m2=200.0)

    assert rows(theme)["green gained"].count is None
    assert "small patches" in [text.en for text in theme.facts.remarks]


def test_zones_that_overlap_have_the_area_of_the_patches_and_say_so():
    theme = change_theme(table(frame([square(0, 0), square(50, 0)])))
    found = rows(theme)

    assert found["green gained"].area_m2 == 100.0
    assert found["green kept"].area_m2 is None
    assert any("overlap" in text.en for text in theme.facts.remarks)


def test_dates_and_images_stand_on_the_map():
    days = date(2023, 6, 18), date(2026, 6, 12)
    facts = change_theme(table(frame([square(0, 0)])), dates=days).facts

    assert (facts.date, facts.sources, facts.imagery) == (days[1], ("a.tif",), True)
    assert any("2023-06-18" in text.en for text in facts.remarks)


def test_change_without_zones_is_refused():
    with pytest.raises(InputError):
        change_theme(table(frame([])))


# --- zoning -----------------------------------------------------------------------------


def zoning(*checks):
    zones = frame(
        [square(0, 0), square(50, 0), square(150, 0)],
        zone=["strict", "strict", "leisure"],
        level=["core", "core", "general"],
        title=[Text("严格保护区", "strict protection")] * 2 + [Text("科教游憩区", "leisure")],
        name=["甲", "乙", ""],
        area_m2=[1e4] * 3,
    )
    edge = gpd.GeoSeries([box(X, Y, X + 300, Y + 100)], crs=4547)
    return Zoning(zones=zones, boundary=edge, scheme=Text("方案", "a scheme"), checks=checks)


def test_zones_have_counts_and_ground_once():
    found = rows(zoning_theme(zoning()))

    # two squares of a hectare that share half of it
    assert (found["strict protection"].count, found["strict protection"].area_m2) == (
        2,
        pytest.approx(15_000),
    )
    assert found["leisure"].area_m2 == pytest.approx(10_000)
    assert found["boundary"].area_m2 == pytest.approx(30_000)


def test_places_of_a_failed_test_are_drawn_and_those_of_a_passed_one_are_not():
    places = gpd.GeoSeries([box(X + 250, Y, X + 300, Y + 100)], crs=4547)
    failed, passed = (
        PlanCheck(
            id=key,
            title=Text(key, key),
            passed=outcome,
            text=Text("", ""),
            count=1,
            area_m2=5000.0,
            places=places,
        )
        for key, outcome in (("gap", False), ("fine", True))
    )
    found = rows(zoning_theme(zoning(failed, passed)))

    assert found["fails: gap"].area_m2 == 5000.0
    assert "fine" not in found


# --- old trees --------------------------------------------------------------------------


def test_zones_of_trees_count_shared_ground_once_beside_the_trees_by_grade():
    trees = frame([Point(X, Y), Point(X + 9, Y)], age=[500.0, 99.0])
    zones = frame([square(0, 0), square(50, 0)])
    conflict = frame([square(0, 0, 10)])
    found = TreeZones(zones=zones, trees=trees, crowns=zones.iloc[:0], conflicts=conflict)
    theme = tree_theme(found, SCHEME)

    legend = {label: (row.count, row.area_m2) for label, row in rows(theme).items()}
    assert legend == {
        "grade I": (1, None),
        "registered, too young for a grade": (1, None),
        "protection zones": (2, pytest.approx(15_000)),
        "construction inside a protection zone": (1, pytest.approx(100)),
    }
    assert "weak source" in theme.facts.remarks[0].en


def test_a_famous_tree_has_the_grade_of_fame_and_every_tree_is_counted():
    fame = replace(SCHEME, famous=Text("特级", "special"))
    trees = frame(
        [Point(X + place, Y) for place in range(4)],
        age=[500.0, 30.0, np.nan, np.nan],
        famous=[False, True, True, False],
    )
    zones = frame([square(0, 0)])
    found = TreeZones(zones=zones, trees=trees, crowns=zones[:0], conflicts=zones[:0])
    legend = rows(tree_theme(found, fame))
    counts = {label: row.count for label, row in legend.items() if row.area_m2 is None}

    assert counts == {"grade I": 1, "special": 2, "age not known": 1}


@pytest.mark.parametrize(
    "theme",
    [change_theme(table(frame([square(0, 0)]))), zoning_theme(zoning())],
    ids=["change", "zoning"],
)
def test_given_axes_are_returned(theme):
    ax = Figure().add_subplot()

    assert show_theme(theme, ax, language="en") is ax
    ax.figure.canvas.draw()


# --- what a sheet says of itself --------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("no_gap", "gaps"),
        ("no_overlap_functions", "overlaps (function zones)"),
        ("names_known", "zones that are none of the scheme"),
    ],
)
def test_a_failed_test_is_named_by_its_fault_and_not_by_what_ought_to_be(key, label):
    places = gpd.GeoSeries([square(250, 0, 10)], crs=4547)
    title, told = Text("没有缝隙", "No gap"), Text("", "")
    failed = PlanCheck(id=key, title=title, passed=False, text=told, count=1, places=places)

    assert label in rows(zoning_theme(zoning(failed)))


def test_every_theme_names_its_rule_and_its_data():
    zones = frame([square(0, 0)])
    trees = frame([Point(X, Y)], age=[500.0])
    rows_of = (Source(role="old_trees", name="1 rows, CGCS2000"),)
    found = TreeZones(
        zones=zones, trees=trees, crowns=zones[:0], conflicts=zones[:0], sources=rows_of
    )
    facts = tree_theme(found, SCHEME).facts

    assert "GB 55014-2021" in facts.standard.en
    assert facts.sources[0].zh == "内存数据 old_trees 1 行"
    assert change_theme(table(zones)).facts.standard is not None
    assert [text.en for text in zoning_theme(zoning()).facts.sources] == [
        "park_zones in memory, rows: 3",
        "park_boundary in memory, rows: 1",
    ]


def test_a_map_of_trees_has_the_city_below_it():
    zones, trees = frame([square(0, 0)]), frame([Point(X, Y)], age=[500.0])
    found = TreeZones(zones=zones, trees=trees, crowns=zones[:0], conflicts=zones[:0])
    below = {"built_up": frame([square(-500, -500, 1000)]), "water": frame([square(200, 200)])}
    legend = rows(tree_theme(found, SCHEME, backdrop=below))

    assert {"built-up area", "water"} <= set(legend)
