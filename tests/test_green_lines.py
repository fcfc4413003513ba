"""gs.green_lines and gs.approved_lines: from layers as they come to lines, or a refusal."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

import greenspace as gs
from greenspace.delimitation import green_lines_of
from greenspace.errors import ColumnError, CrsError, GeometryError, InputError
from greenspace.model.green_line import COLUMNS
from greenspace.model.words import Text
from tests.delimit.fabrics import box


def layer(*shapes, crs=4547, **columns):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=crs).assign(**columns)


def check(lines, key):
    return next(item for item in lines.checks if item.id == key)


def test_lines_are_numbered_rows_with_words_and_figures():
    green = layer(box(0, 0, 60, 60), box(60, 0, 90, 60), **{"class": ["G11", "G2"], "name": "园"})
    lines = gs.green_lines(green, edition="2017")

    assert list(lines.lines.columns) == [*COLUMNS, "geometry"]
    assert lines.lines["number"].tolist() == ["L001", "L002"]
    assert lines.lines["category"].tolist() == ["park", "protective"]
    assert lines.lines["area_m2"].round(6).tolist() == [3600.0, 1800.0]
    assert lines.crs.to_epsg() == 4547
    assert all(item.passed for item in lines.checks)
    assert [book.id for book in lines.ledgers] == ["green_lines"]


@pytest.mark.parametrize(("edition", "category"), [("2002", "production"), ("2017", "protective")])
def test_g2_is_another_category_in_each_edition(edition, category):
    lines = gs.green_lines(layer(box(0, 0, 60, 60), **{"class": ["G2"]}), edition=edition)

    assert lines.lines["category"].tolist() == [category]


def test_codes_without_an_edition_are_refused():
    with pytest.raises(ColumnError) as refused:
        gs.green_lines(layer(box(0, 0, 60, 60), **{"class": ["G2"]}))

    assert refused.value.column == "class"
    assert refused.value.expected == ("2002", "2017")


def test_each_layer_may_have_its_own_edition_and_crs():
    green = layer(box(0, 0, 60, 60), **{"class": ["G3"]}).to_crs(4490)
    planned = layer(box(60, 0, 90, 60), **{"class": ["G3"]}).to_crs(32650)
    lines = gs.green_lines(
        green, planned=planned, edition={"green": "2002", "planned": "2017"}, crs="EPSG:4547"
    )

    assert lines.lines[["status", "category"]].values.tolist() == [
        ["existing", "protective"],
        ["planned", "square"],
    ]
    assert lines.lines["area_m2"].tolist() == pytest.approx([3600.0, 1800.0], rel=1e-3)


def test_degrees_become_the_zone_of_the_city():
    lines = gs.green_lines(layer(box(0, 0, 60, 60)).to_crs(4490))

    assert lines.crs.to_epsg() == 4547
    assert "measuring_crs" in [item.code for item in lines.findings]


def test_degrees_asked_for_are_refused():
    with pytest.raises(CrsError):
        gs.green_lines(layer(box(0, 0, 60, 60)), crs="EPSG:4490")


def test_no_crs_is_refused():
    with pytest.raises(CrsError):
        gs.green_lines(layer(box(0, 0, 60, 60), crs=None))


def test_lines_that_nearly_close_are_closed_and_told():
    ring = shapely.LineString([*box(0, 0, 60, 60).exterior.coords[:-1], (500_060, 3_380_000.3)])
    lines = gs.green_lines(layer(ring))

    assert lines.lines["area_m2"].tolist() == pytest.approx([3591.0])
    assert "line_closed" in [item.code for item in lines.findings]


def test_lines_that_stay_open_are_refused_with_their_rows():
    whole = box(0, 0, 60, 60).exterior
    half = shapely.LineString(box(100, 0, 160, 60).exterior.coords[:3])
    with pytest.raises(GeometryError) as refused:
        gs.green_lines(layer(whole, half))

    assert refused.value.rows == (1,)
    assert refused.value.found == pytest.approx(np.hypot(60, 60))


def test_parcels_that_cross_themselves_are_mended_and_counted():
    bow = shapely.Polygon([(500_000, 0), (500_060, 60), (500_060, 0), (500_000, 60)])
    lines = gs.green_lines(layer(bow))

    assert lines.lines["area_m2"].tolist() == pytest.approx([900.0, 900.0])
    assert "made_valid" in [item.code for item in lines.findings]


def test_nothing_to_enclose_is_refused():
    with pytest.raises(GeometryError):
        gs.green_lines(None)


@pytest.mark.parametrize(
    "bound", [{"tolerance_m": -1}, {"max_area_change": 2}, {"max_displacement_m": float("nan")}]
)
def test_bounds_that_are_none_are_refused(bound):
    with pytest.raises(InputError):
        gs.green_lines(layer(box(0, 0, 60, 60)), **bound)


def test_roads_without_a_width_are_refused_and_with_one_followed():
    green = layer(box(0, 0, 60, 60))
    road = shapely.LineString([(499_900, 3_380_070.2), (500_200, 3_380_070.2)])
    with pytest.raises(ColumnError) as refused:
        gs.green_lines(green, roads=layer(road))
    lines = gs.green_lines(green, roads=layer(road, width=[20.0]))

    assert refused.value.column == "width"
    assert lines.lines["area_m2"].tolist() == pytest.approx([3612.0])


def test_zones_of_trees_are_control_lines_and_trees_as_points_are_refused():
    zones = layer(box(10, 10, 20, 20), box(18, 10, 28, 20), name=["古槐", "古柏"])
    lines = gs.green_lines(layer(box(0, 0, 60, 60)), trees=zones)
    tree = lines.of("control").iloc[0]

    assert tree["category"] == "old_tree"
    assert tree["name"] == "古槐、古柏"
    assert tree["area_m2"] == pytest.approx(180.0)
    with pytest.raises(GeometryError):
        gs.green_lines(layer(box(0, 0, 60, 60)), trees=layer(shapely.Point(500_010, 3_380_000)))


def test_control_takes_its_category_from_its_kind():
    control = layer(box(0, 0, 60, 60), box(80, 0, 99, 60), kind=["湿地", "山体林地"])
    lines = gs.green_lines(None, control=control)

    assert lines.lines["category"].tolist() == ["wetland", "woods"]


def test_a_category_that_is_not_known_is_refused():
    with pytest.raises(ColumnError) as refused:
        gs.green_lines(layer(box(0, 0, 60, 60), category=["公元"]))

    assert refused.value.rows == (0,)


def test_every_change_is_a_row_with_its_lines():
    green = layer(box(0, 0, 60, 60), box(60.2, 0, 90, 60), name=["东", "西"])
    rows = gs.green_lines(green).changes.rows

    assert rows["line"].tolist() == ["L001"]
    assert [kind.en for kind in rows["kind"]] == ["gap closed"]
    assert rows["area_m2"].tolist() == pytest.approx([12.0])


def test_a_revision_that_loses_green_fails_and_shows_where():
    old = layer(box(0, 0, 60, 60), box(100, 0, 160, 60), status=["现状", "规划"])
    lines = gs.green_lines(layer(box(0, 0, 60, 60)), approved=old)
    total = check(lines, "revision_total")
    table = next(book for book in lines.ledgers if book.id == "green_line_revision").rows

    assert total.passed is False
    assert total.area_m2 == pytest.approx(3600.0)
    assert total.places.iloc[0].area == pytest.approx(3600.0)
    assert table["change_m2"].tolist() == pytest.approx([0.0, -3600.0, -3600.0])


def test_a_revision_that_makes_up_for_what_it_takes_passes():
    old = layer(box(0, 0, 60, 60), box(100, 0, 160, 60), status=["现状", "规划"])
    new = layer(box(200, 0, 260, 70))
    lines = gs.green_lines(layer(box(0, 0, 60, 60)), planned=new, approved=old)

    assert check(lines, "revision_total").passed is True


def test_green_that_is_enclosed_for_the_first_time_makes_up_for_no_park():
    old = layer(box(0, 0, 60, 60), category=["park"])
    green = layer(box(0, 0, 60, 50), box(100, 0, 160, 60), category=["park", "attached"])

    assert check(gs.green_lines(green, approved=old), "revision_total").passed is False


def test_both_tests_of_a_revision_tell_the_same_loss():
    """Park becomes scenic on 60 x 30 m, which is no loss; 60 x 10 m are; new scenic ground is no gain."""
    old = layer(box(0, 0, 60, 60), category=["park"])
    green = layer(
        box(0, 0, 60, 20), box(0, 30, 60, 60), box(60, 30, 90, 60), category=["park", "scenic", "scenic"]
    )  # fmt: skip
    lines = gs.green_lines(green, approved=old)
    balance = gs.compensation(old, lines)
    total = check(lines, "revision_total")

    assert total.area_m2 == pytest.approx(balance.lost_m2) == pytest.approx(600.0)
    assert (total.passed, balance.check.passed) == (False, False)
    assert "600.00 m² are lost and 0.00 m² gained" in total.text.en
    assert (balance.before_m2, balance.after_m2) == (3600.0, 3000.0)


def test_zones_of_trees_that_stand_together_are_no_overlap():
    zones = layer(box(0, 0, 20, 20), box(10, 0, 30, 20))
    lines = gs.green_lines(layer(box(0, 0, 60, 60)), trees=zones)

    assert [found.code for found in lines.findings] == []
    assert lines.of("control").area.tolist() == [600.0]


def test_approved_lines_stay_as_they_are_with_their_numbers():
    old = layer(
        box(0, 0, 60, 60).exterior,
        box(100, 0, 160, 60),
        number=["甲-1", "乙"],
        status=["现状", "规划"],
    )
    lines = gs.approved_lines(old)

    assert lines.lines["number"].tolist() == ["甲-1", "乙"]
    assert lines.lines["status"].tolist() == ["existing", "planned"]
    assert lines.limits is None
    assert lines.changes.rows.empty


def test_approved_lines_that_overlap_fail_their_check():
    old = layer(box(0, 0, 60, 60), box(50, 0, 99, 60), status=["现状", "规划"])
    lines = gs.approved_lines(old)

    assert check(lines, "existing_planned_apart").passed is False
    assert check(lines, "existing_planned_apart").area_m2 == pytest.approx(600.0)
    assert check(lines, "no_overlap").passed is True


def test_approved_lines_that_cross_themselves_are_refused_and_parts_are_counted():
    bow = shapely.Polygon([(500_000, 0), (500_060, 60), (500_060, 0), (500_000, 60)])
    parts = shapely.MultiPolygon([box(0, 0, 60, 60), box(100, 0, 160, 60)])
    with pytest.raises(GeometryError) as refused:
        gs.approved_lines(layer(bow, number=["3"]))

    assert refused.value.rows == (0,)
    assert gs.approved_lines(layer(parts, number=["3"])).lines["number"].tolist() == ["3-1", "3-2"]


def test_a_line_drawn_inside_another_is_taken_out_of_it():
    old = layer(box(0, 0, 60, 60).exterior, box(10, 10, 20, 20).exterior)
    lines = gs.approved_lines(old)

    assert lines.lines["area_m2"].tolist() == pytest.approx([3500.0, 100.0])
    assert "nested_lines" in [item.code for item in lines.findings]
    assert all(item.passed for item in lines.checks)


def test_rings_of_one_row_are_holes():
    rings = shapely.MultiLineString([box(0, 0, 60, 60).exterior, box(10, 10, 20, 20).exterior])

    assert gs.approved_lines(layer(rings)).lines["area_m2"].tolist() == pytest.approx([3500.0])


@pytest.mark.parametrize(
    ("columns", "column"),
    [
        ({"number": ["1", "1"]}, "number"),
        ({"status": ["现状", "远期"]}, "status"),
        ({"status": ["现状", None]}, "status"),
        ({"class": ["G11", "G12"]}, "class"),
    ],
)
def test_approved_lines_with_words_that_do_not_fit_are_refused(columns, column):
    with pytest.raises(ColumnError) as refused:
        gs.approved_lines(layer(box(0, 0, 60, 60), box(100, 0, 160, 60), **columns))

    assert refused.value.column == column


def test_inputs_are_unharmed():
    green = layer(box(0, 0, 60, 60.2), box(60.2, 0, 90, 60), name=["东", "西"])
    before = green.to_wkb()
    gs.green_lines(green)

    assert green.to_wkb().equals(before)


def test_titles_of_ledgers_are_in_both_languages():
    lines = gs.green_lines(layer(box(0, 0, 60, 60)))

    for book in (lines.changes, *lines.ledgers):
        assert all(isinstance(column.title, Text) for column in book.columns)


def test_the_lines_of_a_city_follow_its_manifest(tmp_path):
    layer(box(0, 0, 60, 60), box(60.4, 0, 90, 60), K=["G11", "G14"]).to_file(tmp_path / "l.gpkg")
    text = """[city]
name = "城"
[green_line]
tolerance_m = 0.3
zone_prefix = true
[layers.green]
path = "l.gpkg"
columns = { class = "K" }
edition = "2017"
"""
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    city = gs.read_city(tmp_path / "city.toml")
    asked = dict(city.tables["green_line"])

    assert asked.pop("zone_prefix") is True
    assert len(green_lines_of(city, **asked).changes.rows) == 0
    assert len(green_lines_of(city).changes.rows) == 1
