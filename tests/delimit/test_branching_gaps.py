"""Gaps that branch are closed arm by arm, and what stays open is told; edges move as far as is said."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.delimit.fabrics import SOUTH, WEST, box, parcels
from tests.delimit.test_green_line import draw, kinds, true_displacement

THREE = (box(0, 0, 100, 100), box(100.2, 0, 200, 50), box(100.2, 50.2, 200, 100))
NINE = tuple(
    box(100 * i, 100 * j, 100 * i + 99.8, 100 * j + 99.8) for i in range(3) for j in range(3)
)


def ground(drawn):
    return shapely.union_all(drawn.lines.geometry.to_numpy())


@pytest.mark.parametrize(("shapes", "whole"), [(THREE, (200, 100)), (NINE, (299.8, 299.8))])
def test_a_gap_that_branches_is_closed_arm_by_arm(shapes, whole):
    drawn = draw(parcels(*shapes, **{"class": [str(at) for at in range(len(shapes))]}))

    assert set(kinds(drawn)) == {"gap"}
    assert ground(drawn).area == pytest.approx(whole[0] * whole[1], abs=1e-6)
    assert shapely.coverage_is_valid(drawn.lines.geometry.to_numpy())
    assert drawn.displacement_m.max() <= 0.4
    for line, name in zip(drawn.lines.geometry, drawn.lines["class"], strict=True):
        assert true_displacement(line, shapes[int(name)], 1.0) <= drawn.displacement_m.max() + 1e-6


def crossroads(across, along):
    east, north = 100 + across, 100 + along
    return (
        *(box(0, 0, 100, 100), box(east, 0, 200, 100)),
        *(box(0, north, 100, 200), box(east, north, 200, 200)),
    )


@pytest.mark.parametrize(
    "widths", [(0.3, 0.3), (0.36, 0.36), (0.45, 0.45), (0.2, 0.46), (0.1, 0.495)]
)
def test_where_gaps_below_the_tolerance_cross_they_close_too(widths):
    """In the crossing a disc has room that is wider than either gap."""
    shapes = crossroads(*widths)
    drawn = draw(parcels(*shapes, **{"class": list("abcd")}))

    assert set(kinds(drawn)) == {"gap"}
    assert ground(drawn).area == pytest.approx(200 * 200, abs=1e-6)


def test_cells_with_gaps_between_them_close_or_are_told():
    rng = np.random.default_rng(1)
    spots = shapely.multipoints(rng.uniform((WEST, SOUTH), (WEST + 200, SOUTH + 200), (9, 2)))
    square = box(0, 0, 200, 200)
    cells = shapely.get_parts(shapely.voronoi_polygons(spots, extend_to=square))
    apart = shapely.buffer(shapely.intersection(cells, square), -0.22, join_style="mitre")
    drawn = draw(parcels(*apart, **{"class": [str(at) for at in range(len(apart))]}))
    inner = shapely.buffer(square, -0.22, join_style="mitre")
    told = sum(event.area_m2 for event, *_ in drawn.events if event.kind == "gap_open")

    assert inner.area - ground(drawn).area == pytest.approx(told, abs=0.05)
    assert told < 1.0


def test_a_gap_wider_than_the_tolerance_stays_without_a_word():
    drawn = draw(parcels(*crossroads(0.6, 0.6), **{"class": list("abcd")}))

    assert kinds(drawn) == []
    assert len(drawn.lines) == 4


def test_gaps_between_parcels_that_lie_askew_are_closed():
    layer = parcels(
        box(0, 0, 50, 30),
        box(0, 30, 50, 60),
        box(50.2, 0, 100, 20),
        box(50.2, 20, 100, 60),
        name=list("abcd"),
    )

    assert ground(draw(layer)).area == pytest.approx(6000.0, abs=1e-6)


def test_a_gap_beyond_the_greatest_displacement_is_told():
    layer = parcels(box(0, 0, 50, 60), box(50.2, 0, 100, 60), **{"class": ["a", "b"]})
    drawn = draw(layer, max_displacement_m=0.1)
    event = drawn.events[0][0]

    assert kinds(drawn) == ["gap_open"]
    assert event.area_m2 == pytest.approx(12.0)
    assert event.width_m == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize("over_m", [0.1, 0.3, 0.45])
def test_an_overhang_that_is_cut_off_moves_the_edge_by_its_width(over_m):
    shape = box(0, -0.3 - over_m, 100, 100)
    drawn = draw(parcels(shape), {"roads": box(-50, -20, 300, -0.3)})

    assert kinds(drawn) == ["snapped"]
    assert drawn.displacement_m.max() == pytest.approx(over_m, abs=1e-6)
    assert true_displacement(drawn.lines.geometry.iloc[0], shape) == pytest.approx(over_m, abs=1e-6)


def test_no_overhang_is_cut_off_beyond_the_greatest_displacement():
    drawn = draw(
        parcels(box(0, -0.6, 100, 100)),
        {"roads": box(-50, -20, 300, -0.3)},
        max_displacement_m=0.2,
    )

    assert drawn.lines.area.tolist() == pytest.approx([10_060.0])
    assert drawn.displacement_m.max() == 0.0


def test_ground_that_precedence_gives_away_is_listed_without_a_displacement():
    drawn = draw(parcels(box(0, 0, 50, 60), box(40, 0, 90, 60), status=["planned", "existing"]))

    assert np.isnan(drawn.events[0][0].displacement_m)
    assert drawn.displacement_m.max() == 0.0


def test_a_gap_that_runs_into_the_strip_along_a_road_is_closed_with_it():
    """Both edges move 0.3 m down to the road, and one of them 0.2 m across the gap."""
    layer = parcels(box(0, 0, 100, 100), box(100.2, 0, 200, 100), **{"class": ["a", "b"]})
    drawn = draw(layer, {"roads": box(-50, -20, 300, -0.3)})

    assert set(kinds(drawn)) == {"gap", "snapped"}
    assert ground(drawn).area == pytest.approx(200 * 100.3, abs=1e-6)
    assert drawn.displacement_m.max() <= 0.4


def test_an_edge_that_is_cut_to_a_wavy_road_is_measured_between_its_corners():
    east = np.linspace(-50, 150, 801)
    crest = np.column_stack((east, 0.45 * np.sin(east * 2 * np.pi / 17)))
    road = shapely.Polygon([(-50, -30), (150, -30), *crest[::-1]])
    road = shapely.transform(road, lambda xy: xy + np.array([WEST, SOUTH]))
    shape = box(0, -0.5, 100, 100)
    drawn = draw(parcels(shape), {"roads": road}, tolerance_m=1.0, max_area_change=0.0)
    moved = true_displacement(drawn.lines.geometry.iloc[0], shape)

    assert moved > 0.8
    assert drawn.displacement_m.max() >= moved - 0.01
