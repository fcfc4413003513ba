"""Rows of parks that may be one park: within 5 cm, turned and moved, whatever rounding does."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box
from shapely.affinity import rotate, translate

from greenspace.measure.park_rows import joined_rows
from greenspace.measure.service import cut_parks

TIERS = ((5000.0, 500.0), (2000.0, 300.0))
# one rectangle of 6 000 m2 in three rows that meet in a T
TEE = [box(0, 0, 100, 30), box(0, 30, 47, 60), box(47, 30, 100, 60)]


def rows(*shapes):
    return np.array(shapes, dtype=object)


def cut(*shapes):
    return cut_parks(gpd.GeoSeries(list(shapes), crs=32650), TIERS).tolist()


@pytest.mark.parametrize("turn", range(0, 360, 9))
def test_rows_that_meet_in_a_t_are_one_park_however_they_are_turned(turn):
    turned = [translate(rotate(each, turn, origin=(0, 0)), 5e5, 4e6) for each in TEE]
    whole, piece = joined_rows(rows(*turned))
    assert piece.tolist() == [0, 0, 0]
    assert shapely.area(whole) == pytest.approx([6000], rel=1e-9)
    assert cut(*turned) == [True, True, True]


@pytest.mark.parametrize("gap", [0, 1e-9, 1e-6, 0.001, 0.049])
def test_a_gap_as_narrow_as_a_line_is_closed(gap):
    halves = [box(0, 0, 50, 50), box(50 + gap, 0, 100 + gap, 50)]
    whole, _ = joined_rows(rows(*halves))
    assert shapely.get_num_geometries(whole).tolist() == [1]
    assert shapely.area(whole) == pytest.approx([5000 + 50 * gap])
    assert cut(*halves) == [True, True]


def test_parks_across_a_path_are_two():
    assert cut(box(0, 0, 50, 50), box(50.06, 0, 100, 50)) == [False, False]


def test_only_rows_that_reach_further_together_are_cut():
    # 6 000 m2 reach 500 m alone; the strip beside it only with it; 1 m2 apart nothing
    assert cut(TEE[0].union(box(0, 30, 100, 60)), box(100, 0, 110, 60), box(0, 90, 1, 91)) == [
        False,
        True,
        False,
    ]


def test_overlaps_and_repeated_rows_add_no_ground():
    twice = box(0, 0, 60, 50)
    whole, piece = joined_rows(rows(twice, twice))
    assert (shapely.area(whole).tolist(), piece.tolist()) == ([pytest.approx(3000)], [0, 0])
    assert cut(twice, twice) == [False, False]


def test_rows_without_area_and_none_at_all_are_alone():
    touching = rows(Point(50, 25), Polygon(), MultiPolygon(), box(0, 0, 50, 50))
    for shapes in (touching, touching[:0]):
        whole, piece = joined_rows(shapes)
        assert len(whole) == 0
        assert piece.tolist() == [-1] * len(shapes)


def test_chains_are_one_piece_and_pieces_keep_their_rows():
    line = shapely.box(np.arange(0, 500, 50), 0, np.arange(50, 550, 50), 20)
    far = shapely.box([0, 30], 900, [30, 60], 930)
    mixed = np.insert(line, [2, 7], far)
    whole, piece = joined_rows(mixed)
    assert shapely.area(whole[piece]) == pytest.approx(
        [10_000] * 2 + [1800] + [10_000] * 5 + [1800] + [10_000] * 3
    )
