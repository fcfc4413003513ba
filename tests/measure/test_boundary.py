"""Boundary: parts, holes, gaps and overlaps, by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box, union_all

from greenspace.measure.boundary import boundary_table

RING = Polygon(box(0, 0, 10, 10).exterior, [box(4, 4, 6, 6).exterior])  # 100 - 4 = 96


def test_parts_and_holes_are_counted():
    table = boundary_table(MultiPolygon([RING, box(20, 0, 22, 2)]))
    row = table.iloc[0]

    assert row["area_m2"] == 100  # 96 + 4
    assert (row["parts"], row["holes"], row["hole_area_m2"]) == (2, 1, 4)
    assert row[["beyond_construction_m2", "gap_m2", "overlap_m2"]].isna().all()
    assert len(table) == 1


def test_what_lies_beyond_construction_land_is_told_of_city_and_districts():
    table = boundary_table(
        box(0, 0, 10, 10), [box(0, 0, 5, 10), box(5, 0, 10, 10)], ["a", "b"], box(0, 0, 8, 10)
    )
    # 10 x 2 east of x = 8, all of it in b
    assert table["beyond_construction_m2"].tolist() == [20, 0, 20, 20]
    assert table["gap_m2"].dropna().tolist() == [0, 0]
    assert table["share"].tolist() == [1, 0.5, 0.5, 1]


def test_gap_and_overlap_are_told_apart_though_the_sum_is_right():
    # a and b share 10, and 10 belong to nobody: the sum alone would say that all is well
    table = boundary_table(box(0, 0, 10, 10), [box(0, 0, 6, 10), box(5, 0, 9, 10)], ["a", "b"])
    together = table.iloc[-1]

    assert together["area_m2"] == 100
    assert (together["gap_m2"], together["overlap_m2"]) == (10, 10)
    assert table["overlap_m2"].tolist()[1:3] == [10, 10]


def test_a_district_without_ground_has_none():
    table = boundary_table(box(0, 0, 10, 10), [box(0, 0, 10, 10), Polygon()], ["a", "b"])

    assert table.iloc[2]["area_m2"] == 0
    assert table.iloc[2]["parts"] == 0


@given(
    cuts=st.lists(st.floats(1, 9).map(lambda x: round(x, 2)), min_size=1, max_size=4, unique=True)
)
def test_a_line_cut_into_districts_has_no_gap_and_no_overlap(cuts):
    edges = [0.0, *sorted(cuts), 10.0]
    cells = [box(west, 0, east, 10) for west, east in pairwise(edges)]
    table = boundary_table(union_all(cells), cells, [str(spot) for spot in range(len(cells))])
    together = table.iloc[-1]

    assert together["area_m2"] == pytest.approx(100)
    assert together["gap_m2"] == pytest.approx(0, abs=1e-9)
    assert together["overlap_m2"] == pytest.approx(0, abs=1e-9)
