"""Protection zones of old trees: numbers by hand, and trees that do not say enough."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import box

from greenspace.errors import ColumnError, CrsError, GeometryError, InputError
from greenspace.model.words import Text
from greenspace.tree_protection import tree_zones

CRS = 4547
X, Y = 500_000.0, 3_380_000.0
ARC = 256 * math.tan(math.pi / 256) / math.pi  # of a circle drawn by tangents


def register(*rows: dict[str, object], crs: int = CRS) -> gpd.GeoDataFrame:
    """Return trees 100 m apart, from west to east, unless a row has its own place."""
    at = [row.pop("at", (100.0 * n, 0.0)) for n, row in enumerate(rows)]
    points = [shapely.Point(X + x, Y + y) for x, y in at]
    return gpd.GeoDataFrame(list(rows), geometry=points, crs=crs)


def project(*boxes: tuple[float, float, float, float], name: str = "a") -> gpd.GeoDataFrame:
    shapes = [box(X + x0, Y + y0, X + x1, Y + y1) for x0, y0, x1, y1 in boxes]
    return gpd.GeoDataFrame({"name": [name] * len(boxes)}, geometry=shapes, crs=CRS)


def codes(found) -> dict[str, tuple[object, ...]]:
    return {item.code: item.rows for item in found.findings}


def check(found, name: str):
    return next(item for item in found.checks if item.id == name)


def ledger(found, name: str):
    return next(item for item in found.ledgers if item.id == name).rows


def test_a_thick_trunk_reaches_further_than_a_small_crown() -> None:
    """Trunk 80 cm: 0.4 + 16 = 16.4 m; crown 10 m: 5 + 5 = 10 m, inside it."""
    zone = tree_zones(register({"dbh": 80, "crown": 10.0})).zones.iloc[0]
    assert zone["rule"] == "crown_and_trunk"
    assert zone["area_m2"] == pytest.approx(math.pi * 16.4**2 * ARC)
    assert zone["crown_reach_m"] == 10.0
    assert zone["trunk_reach_m"] == pytest.approx(16.4)
    assert (zone["complete"], zone["mark"]) == (True, "verified")


def test_without_the_trunk_rule_the_zone_is_5_m_outside_the_crown() -> None:
    found = tree_zones(register({"dbh": 80, "crown": 10.0}), trunk=False)
    zone = found.zones.iloc[0]
    assert zone["area_m2"] == pytest.approx(math.pi * 10**2 * ARC)
    assert (zone["rule"], zone["complete"]) == ("crown", True)
    assert "trees_without_dbh" not in codes(found)


def test_another_multiple_is_the_users_own() -> None:
    zone = tree_zones(register({"dbh": 80, "crown": 10.0}), dbh_multiple=30).zones.iloc[0]
    assert zone["trunk_reach_m"] == pytest.approx(24.4)
    assert zone["mark"] == "user"


def test_an_ellipse_of_measured_widths_is_provisional() -> None:
    found = tree_zones(register({"crown_ew": 20.0, "crown_ns": 8.0}))
    zone = found.zones.iloc[0]
    assert zone["mark"] == "provisional"
    west, south, east, north = zone.geometry.bounds
    assert (east - west, north - south) == pytest.approx((30, 18), abs=0.02)


def test_a_circle_goes_before_widths_unless_they_are_asked_for() -> None:
    trees = register({"crown": 12.0, "crown_ew": 20.0, "crown_ns": 8.0})
    circle, ellipse = tree_zones(trees), tree_zones(trees, crown_from="widths")
    assert circle.zones["crown_reach_m"].tolist() == [11.0]
    assert codes(circle)["crown_widths_differ"] == (0,)
    assert ellipse.zones["crown_reach_m"].tolist() == [15.0]
    assert "crown_widths_differ" not in codes(ellipse)


def test_trees_that_lack_a_width_are_told_and_drawn_in_part() -> None:
    trees = register({"crown": 10.0}, {"dbh": 50}, {"name": "blank"}, {"dbh": 60, "crown": 8.0})
    found = tree_zones(trees)
    assert found.zones["rule"].tolist() == ["crown", "trunk", "crown_and_trunk"]
    assert found.zones["complete"].tolist() == [False, False, True]
    told = codes(found)
    assert told["trees_without_dbh"] == (0,)
    assert told["trees_without_crown"] == (1,)
    assert told["trees_without_zone"] == (2,)
    assert found.trees["zone"].isna().tolist() == [False, False, True, False]
    assert ledger(found, "trees_without_zone")["name"].tolist() == ["blank"]
    assert not check(found, "every_tree_has_zone").passed
    assert check(found, "zones_complete").count == 2


def test_trees_without_any_number_leave_no_zone_and_no_crash() -> None:
    trees = register({"dbh": None, "crown": None})
    found = tree_zones(trees, construction=project((0, 0, 5, 5)))
    assert len(found.zones) == 0
    assert check(found, "zones_free").passed is None


@pytest.mark.parametrize("dbh", [0.9, 3, 1200])
def test_a_dbh_of_another_unit_is_told_and_not_used(dbh: float) -> None:
    found = tree_zones(register({"dbh": dbh, "crown": 10.0}))
    assert codes(found)["dbh_implausible"] == (0,)
    assert found.zones["rule"].tolist() == ["crown"]
    assert codes(found)["trees_without_dbh"] == (0,)


def test_a_crown_in_centimetres_is_told_and_not_used() -> None:
    found = tree_zones(register({"dbh": 90, "crown": 1200}))
    assert codes(found)["crown_implausible"] == (0,)
    assert found.zones["rule"].tolist() == ["trunk"]


def test_one_width_is_no_ellipse() -> None:
    found = tree_zones(register({"dbh": 90, "crown_ew": 12.0, "crown_ns": None}))
    assert codes(found)["crown_one_width"] == (0,)
    assert found.zones["rule"].tolist() == ["trunk"]


def test_a_stand_is_what_5_m_outside_its_outer_crowns_encloses() -> None:
    """Four crowns of 10 m at the corners of 60 m by 40 m: 60·40 + 2·(60 + 40)·10 + π·10²."""
    corners = [(0, 0), (60, 0), (60, 40), (0, 40)]
    rows = [{"crown": 10.0, "dbh": 90, "stand": "grove", "at": at} for at in corners]
    found = tree_zones(register(*rows))
    assert len(found.zones) == 1
    zone = found.zones.iloc[0]
    assert zone["area_m2"] == pytest.approx(2400 + 2000 + math.pi * 100, rel=1e-5)
    assert (zone["rule"], zone["trees"], zone["tree"]) == ("stand", 4, None)
    assert found.trees["zone"].tolist() == [1, 1, 1, 1]


def test_a_stand_may_follow_its_crowns_instead() -> None:
    """Crowns of 10 m at both ends of 60 m touch nobody: two circles of 10 m."""
    rows = [{"crown": 10.0, "stand": "pair", "at": (x, 0)} for x in (0, 60)]
    zone = tree_zones(register(*rows), stand_outline="crowns").zones.iloc[0]
    assert zone["area_m2"] == pytest.approx(2 * math.pi * 100 * ARC)


def test_a_stand_with_a_tree_of_no_crown_is_told() -> None:
    rows = [{"crown": 10.0, "stand": "g", "at": (x, 0)} for x in (0, 20)]
    found = tree_zones(register(*rows, {"dbh": 60, "stand": "g", "at": (45, 0)}))
    assert codes(found)["stand_member_without_crown"] == (2,)
    assert found.zones["rule"].tolist() == ["stand", "trunk"]
    assert found.zones["complete"].tolist() == [False, False]


def test_a_stand_of_one_tree_is_a_single_tree() -> None:
    found = tree_zones(register({"crown": 10.0, "dbh": 60, "stand": "alone"}))
    assert codes(found)["stand_of_one"] == (0,)
    assert found.zones["rule"].tolist() == ["crown_and_trunk"]


def test_trees_of_one_stand_far_apart_are_told() -> None:
    rows = [{"crown": 10.0, "stand": "g", "at": (x, 0)} for x in (0, 20, 900)]
    assert codes(tree_zones(register(*rows)))["stand_far_apart"] == (0, 1, 2)


def test_a_project_on_a_zone_is_measured() -> None:
    """Crown 20 m: zone of 15 m. A strip from x = 8 on: circular segments of 15 and of 10 m."""
    found = tree_zones(
        register({"crown": 20.0, "name": "oak"}),
        trunk=False,
        construction=project((8, -50, 60, 50), name="hall"),
        road_widening=project((300, 0, 310, 10)),
    )

    def segment(radius: float, at: float) -> float:
        return radius**2 * math.acos(at / radius) - at * math.sqrt(radius**2 - at**2)

    assert len(found.conflicts) == 1
    row = found.conflicts.iloc[0]
    assert (row["kind"], row["project"], row["tree"], row["in_crown"]) == (
        "construction",
        "hall",
        0,
        True,
    )
    assert row["area_m2"] == pytest.approx(segment(15, 8), rel=2e-4)
    assert row["crown_m2"] == pytest.approx(segment(10, 8), rel=1e-3)
    assert row["distance_m"] == pytest.approx(8.0)
    assert row["crown_gap_m"] == 0.0
    assert check(found, "zones_free").passed is False
    assert check(found, "grading_clear").passed is False
    assert len(ledger(found, "tree_conflicts")) == 1


@pytest.mark.parametrize(
    ("gap", "found_to_pass", "band"), [(2.5, False, 1), (4.0, None, 1), (9.0, True, 0)]
)
def test_graded_land_keeps_3_to_8_m_from_the_crown(
    gap: float, found_to_pass: object, band: int
) -> None:
    found = tree_zones(
        register({"crown": 20.0}), trunk=False, construction=project((10 + gap, -5, 60, 5))
    )
    assert check(found, "grading_clear").passed is found_to_pass
    assert len(ledger(found, "tree_grading")) == band
    assert check(found, "zones_free").passed is (gap > 5)


def test_grades_stand_side_by_side_and_fame_is_special_by_the_provincial_law_alone() -> None:
    ages = [520, 320, 299, 80, 40]
    rows = [{"crown": 8.0, "age": age, "famous": "是" if age == 40 else "否"} for age in ages]
    table = ledger(tree_zones(register(*rows)), "tree_grades").set_index("age")
    english = table[["forestry", "city", "provincial", "order_800"]].map(
        lambda word: word.en if isinstance(word, Text) else ""
    )
    assert english.loc[520].tolist() == ["I", "I", "special", "old tree"]
    assert english.loc[320].tolist() == ["II", "I", "I", "old tree"]
    assert english.loc[299].tolist() == ["III", "II", "II", "old tree"]
    assert english.loc[80].tolist() == ["", "reserve", "", ""]
    assert english.loc[40].tolist() == ["", "", "special", ""]


def test_zones_are_the_same_from_degrees_and_from_shuffled_rows() -> None:
    rows = [
        {"dbh": 50 + 10 * n, "crown": 8.0 + n, "stand": "g" if n < 3 else None} for n in range(6)
    ]
    trees = register(*rows)
    here = tree_zones(trees)
    degrees = tree_zones(trees.to_crs(4490), crs=CRS)
    assert degrees.zones["area_m2"].tolist() == pytest.approx(here.zones["area_m2"].tolist())
    shuffled = tree_zones(trees.iloc[[4, 1, 5, 0, 3, 2]])
    assert sorted(shuffled.zones["area_m2"]) == pytest.approx(sorted(here.zones["area_m2"]))
    assert shuffled.zones["tree"].tolist() == [4, None, 5, 3]


def test_degrees_are_put_into_the_zone_of_the_place() -> None:
    found = tree_zones(register({"crown": 10.0}).to_crs(4326), trunk=False)
    assert found.crs.is_projected
    assert found.zones["area_m2"].tolist() == pytest.approx([math.pi * 100 * ARC])


@pytest.mark.parametrize(
    ("trees", "error"),
    [
        (lambda: register({"name": "oak"}), ColumnError),
        (lambda: register({"dbh": "thick"}), ColumnError),
        (lambda: register({"dbh": -40}), ColumnError),
        (lambda: register({"dbh": 40}).iloc[:0], GeometryError),
        (
            lambda: register({"dbh": 40}).set_geometry(gpd.GeoSeries([box(0, 0, 1, 1)], crs=CRS)),
            GeometryError,
        ),
        (lambda: register({"dbh": 40}).set_crs(None, allow_override=True), CrsError),
    ],
)
def test_what_is_no_register_is_refused(trees, error: type[InputError]) -> None:
    with pytest.raises(error):
        tree_zones(trees())


@pytest.mark.parametrize(
    "options",
    [
        {"dbh_multiple": 0},
        {"dbh_multiple": np.nan},
        {"dbh_multiple": "20"},
        {"crown_from": "x"},
        {"stand_outline": "x"},
    ],
)
def test_options_are_held_to_what_there_is(options: dict[str, object]) -> None:
    with pytest.raises(InputError):
        tree_zones(register({"dbh": 40}), **options)


def test_a_row_without_a_point_is_left_out_and_told() -> None:
    trees = register({"crown": 10.0}, {"crown": 12.0})
    trees.geometry = [None, trees.geometry.iloc[1]]
    found = tree_zones(trees, trunk=False)
    assert codes(found)["empty_dropped"] == (0,)
    assert found.zones["tree"].tolist() == [1]


def test_labels_of_rows_may_be_words_or_stand_twice() -> None:
    trees = register({"crown": 10.0}, {"crown": 12.0}, {"dbh": None}).set_axis(["a", "a", "b"])
    found = tree_zones(trees, trunk=False)
    assert found.zones["tree"].tolist() == ["a", "a"]
    assert codes(found)["trees_without_zone"] == ("b",)


def test_multipoints_of_one_point_are_points_and_of_more_are_refused() -> None:
    trees = register({"crown": 10.0})
    one = trees.set_geometry([shapely.MultiPoint([(X, Y)])], crs=CRS)
    assert tree_zones(one, trunk=False).zones["area_m2"].tolist() == pytest.approx(
        [math.pi * 100 * ARC]
    )
    with pytest.raises(GeometryError):
        tree_zones(trees.set_geometry([shapely.MultiPoint([(X, Y), (X + 9, Y)])], crs=CRS))


def test_trees_at_one_place_are_told() -> None:
    trees = register({"crown": 10.0, "at": (0, 0)}, {"crown": 12.0, "at": (0, 0)})
    assert codes(tree_zones(trees))["trees_at_one_place"] == (0, 1)


def test_the_ground_of_a_conflict_is_polygons_alone() -> None:
    """A project in two parts: one on the zone, one that touches it in a corner alone."""
    trees = register({"crown": 20.0})
    corner = tree_zones(trees, trunk=False).zones.geometry.iloc[0].exterior.coords[0]
    touching = box(corner[0], corner[1] - 50, corner[0] + 5, corner[1])
    parts = shapely.union_all([box(X - 30, Y - 4, X - 10, Y + 4), touching])
    works = gpd.GeoDataFrame({"name": ["two"]}, geometry=[parts], crs=CRS)
    found = tree_zones(trees, trunk=False, construction=works)
    assert set(found.conflicts.geom_type) <= {"Polygon", "MultiPolygon"}
    assert found.conflicts.geometry.is_valid.all()


def test_a_project_on_a_stand_is_measured_to_its_nearest_tree() -> None:
    """Crowns of 10 m at 0 and 60 m: the strip from 68 m on is 8 m from the trunk, 3 m from it."""
    rows = [{"crown": 10.0, "stand": "g", "name": f"t{x}", "at": (x, 0)} for x in (0, 60)]
    found = tree_zones(register(*rows), road_widening=project((68, -30, 90, 30)))
    row = found.conflicts.iloc[0]
    assert (row["tree"], row["name"], row["kind"]) == (1, "t60", "road_widening")
    assert (row["distance_m"], row["in_crown"]) == (8.0, False)
    assert row["crown_gap_m"] == pytest.approx(3.0, abs=0.001)
    segment = 100 * math.acos(0.8) - 8 * 6
    assert row["area_m2"] == pytest.approx(segment, rel=1e-3)


def test_web_mercator_is_never_measured_in() -> None:
    with pytest.raises(CrsError):
        tree_zones(register({"dbh": 40}), crs=3857)
