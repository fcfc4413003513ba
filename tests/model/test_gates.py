"""Gates can be looked at as a layer, and some of them keep all that is known of each."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from greenspace.model.gates import Gates
from greenspace.model.source import Finding
from greenspace.model.words import Text


@pytest.fixture
def gates():
    return Gates(
        xy=np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
        park=np.array([1, 0, 2]),
        offset_m=np.array([0.0, 2.5, 7.0]),
        origin=np.array(["crossing", "given", "edge"], dtype=object),
        part=np.array([4, -1, 3]),
        findings=(Finding(code="park_gates", text=Text(zh="三", en="three")),),
        crs="EPSG:4547",
        crossed=np.array([[4, 0], [3, 1]]),
    )


def test_gates_become_a_layer_of_points_with_park_origin_and_offset(gates) -> None:
    frame = gates.to_frame()
    assert frame.crs.to_epsg() == 4547
    assert frame["park"].tolist() == [1, 0, 2]
    assert frame["origin"].tolist() == ["crossing", "given", "edge"]
    assert frame["offset_m"].tolist() == [0.0, 2.5, 7.0]
    assert frame.geometry.x.tolist() == [1.0, 3.0, 5.0]


@pytest.mark.parametrize("chosen", [[True, True, True], [False, True, True], [False] * 3])
def test_every_fact_of_a_gate_stays_with_it_where_some_are_taken(gates, chosen) -> None:
    mask = np.array(chosen)
    some = gates.at(mask)
    of_all = {"findings", "crs", "crossed"}

    assert {each.name for each in fields(Gates)} > of_all
    for each in fields(Gates):
        whole, part = getattr(gates, each.name), getattr(some, each.name)
        if each.name in of_all:
            assert part is whole
        else:
            assert part.tolist() == whole[mask].tolist(), each.name


def test_a_gate_leads_where_it_led_also_without_the_others(gates) -> None:
    # Part 3 is crossed by piece 1, so its point of the edge (the last gate) is none for piece 1.
    every = gates.lead_to(np.array([2, 2, 0]), np.array([0, 1, 0]))
    some = gates.at(np.array([False, False, True])).lead_to(np.array([0, 0]), np.array([0, 1]))

    assert every.tolist() == [True, False, True]
    assert some.tolist() == [True, False]
