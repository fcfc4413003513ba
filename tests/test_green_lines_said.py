"""What gs.green_lines says of input that it cannot take as it is."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import greenspace as gs
from greenspace.errors import ColumnError, GeometryError, InputError
from tests.delimit.fabrics import box, fabric
from tests.test_green_lines import check, layer

ROAD = shapely.LineString([(499_900, 3_380_070.2), (500_200, 3_380_070.2)])
FAR = shapely.LineString([(499_900, 3_380_670), (500_200, 3_380_670)])


def codes(lines):
    return [item.code for item in lines.findings]


def test_the_order_of_rows_changes_no_vertex_of_any_line():
    green = fabric(7, across=5, wave_m=0.1)
    one = gs.green_lines(green).lines
    for seed in range(3):
        other = gs.green_lines(green.sample(frac=1.0, random_state=seed)).lines

        assert one.to_wkb().equals(other.to_wkb())


def test_an_edition_as_a_number_is_the_same_edition():
    green = layer(box(0, 0, 60, 60), **{"class": ["G2"]})

    assert gs.green_lines(green, edition=2017).lines["category"].tolist() == ["protective"]
    assert gs.green_lines(green, edition={"green": 2002}).lines["category"].tolist() == [
        "production"
    ]


def test_numbers_of_numpy_are_numbers_and_its_booleans_are_none():
    green = layer(box(0, 0, 60, 60), box(60.4, 0, 90, 60), name=["东", "西"])

    assert len(gs.green_lines(green, tolerance_m=np.float32(0.3)).changes.rows) == 0
    assert gs.green_lines(green, tolerance_m=np.int64(1)).limits.tolerance_m == 1.0
    with pytest.raises(InputError):
        gs.green_lines(green, tolerance_m=np.bool_(True))


def test_a_row_without_a_code_among_codes_is_named():
    with pytest.raises(ColumnError) as refused:
        gs.green_lines(
            layer(box(0, 0, 60, 60), box(80, 0, 90, 60), **{"class": ["G11", None]}),
            edition="2017",
        )

    assert refused.value.rows == (1,)
    assert refused.value.found is None


def test_a_ring_that_crosses_itself_is_refused_for_that():
    bow = shapely.LinearRing([(500_000, 0), (500_060, 60), (500_060, 0), (500_000, 60)])
    with pytest.raises(GeometryError) as refused:
        gs.approved_lines(layer(bow, number=["3"]))

    assert "cross" in str(refused.value) or "自相交" in str(refused.value)
    assert gs.green_lines(layer(bow)).lines["area_m2"].tolist() == pytest.approx([900.0, 900.0])


def test_roads_without_a_usable_width_are_told_and_refused_where_all_lack_it():
    green = layer(box(0, 0, 60, 60))
    lines = gs.green_lines(green, roads=layer(ROAD, FAR, width=[20.0, None]))
    found = next(item for item in lines.findings if item.code == "road_edges_unknown")
    with pytest.raises(ColumnError) as refused:
        gs.green_lines(green, roads=layer(ROAD, FAR, width=[None, "-3"]))

    assert found.rows == (1,)
    assert refused.value.rows == (0, 1)


def test_a_kind_that_is_not_known_is_told():
    control = layer(box(0, 0, 60, 60), box(80, 0, 99, 60), kind=["湿地", "蛋糕"])
    found = [
        item
        for item in gs.green_lines(None, control=control).findings
        if item.code == "kinds_unknown"
    ]

    assert [item.rows for item in found] == [(1,)]


@pytest.mark.parametrize("size_m", [100, 1000, 10_000])
@pytest.mark.parametrize("long_m", [1, 50])
def test_a_metre_that_is_lost_is_lost_however_large_the_green(size_m, long_m):
    whole = box(0, 0, size_m, size_m)
    cut = shapely.difference(whole, box(10, size_m - 1, 10 + long_m, size_m + 1))
    old = layer(whole, number=["A"], status=["planned"], category=["park"])
    lines = gs.green_lines(
        None, planned=layer(cut, category=["park"]), approved=old, max_area_change=0
    )
    found = check(lines, "revision_total")
    balance = gs.compensation(gs.approved_lines(old), lines)

    assert found.passed is balance.check.passed is False
    assert found.area_m2 == pytest.approx(long_m)
    assert found.count == len(found.places) == 1
    assert f"{long_m}.00 m²" in found.text.en


def test_the_table_of_a_revision_adds_up_to_its_total_and_agrees_with_the_balance():
    old = layer(box(0, 0, 60, 60), box(0, 0, 60, 60), number=["1", "2"], category=["park"] * 2)
    new = layer(box(0, 0, 60, 30), box(0, 30, 60, 90), category=["park", "attached"])
    lines = gs.green_lines(new, approved=old)
    table = next(book for book in lines.ledgers if book.id == "green_line_revision").rows
    balance = gs.compensation(gs.approved_lines(old), lines)

    for column in ("before_m2", "after_m2", "lines_before"):
        assert table[column][:-1].sum() == pytest.approx(table[column].iloc[-1])
    assert table["before_m2"].iloc[-1] == pytest.approx(balance.before_m2)
    assert table["after_m2"].iloc[-1] == pytest.approx(balance.after_m2)
    assert check(lines, "revision_total").passed is balance.check.passed is True


def test_faults_of_approved_lines_stay_faults_beside_the_new_ones():
    old = layer(box(0, 0, 60, 60), box(50, 0, 99, 60), status=["现状", "规划"])
    lines = gs.green_lines(layer(box(0, 0, 60, 60)), approved=old)

    assert check(lines, "approved_existing_planned_apart").passed is False
    assert check(lines, "existing_planned_apart").passed is True


def test_gaps_that_stay_open_are_a_finding_and_rows():
    green = layer(box(0, 0, 60, 60), box(60.4, 0, 90, 60), name=["东", "西"])
    lines = gs.green_lines(green, max_displacement_m=0.1)
    found = next(item for item in lines.findings if item.code == "gaps_left_open")

    assert found.count == 1
    assert found.area_m2 == pytest.approx(24.0)
    assert [kind.en for kind in lines.changes.rows["kind"]] == ["gap left open"]
