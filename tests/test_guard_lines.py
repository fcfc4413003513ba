"""Green lines as guard and `gs.approved_lines` read them, and what a guard refuses or leaves out."""

from __future__ import annotations

from math import inf, nan

import geopandas as gpd
import pytest
import shapely
from shapely import box

import greenspace as gs
from greenspace import guard as guard_module
from greenspace.errors import ColumnError, GeometryError, InputError
from tests.test_guard import LINES, ground, paved, table

__all__ = ["paved"]

WEST, NORTH = 500_000.0, 3_400_000.0


def rings(*shapes, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4547)
    return frame.set_geometry(frame.translate(WEST, NORTH))


def by_line(lines, work):
    guard = gs.encroachment(lines, construction=rings(work))
    return guard.encroachments.set_index("line")["area_m2"].to_dict()


@pytest.mark.parametrize("crs", [4547, 4490])
def test_a_ring_inside_a_ring_is_taken_out_of_it_by_both_readers(crs):
    nested = rings(box(0, 0, 100, 100).exterior, box(10, 10, 20, 20).exterior, number=["A", "H"])
    work = box(5, 10, 20, 20)  # 50 m2 on A, 100 on H
    found = by_line(nested.to_crs(crs), work)
    assert found == pytest.approx({"A": 50.0, "H": 100.0}, abs=0.01)
    drawn = gs.approved_lines(nested.to_crs(crs), crs=4547)
    assert drawn.lines.set_index("number")["area_m2"].to_dict() == pytest.approx(
        {"A": 9900.0, "H": 100.0}, abs=0.1
    )
    for told in (drawn.findings, gs.encroachment(nested, construction=rings(work)).findings):
        assert "nested_lines" in [one.code for one in told]


def test_a_gap_of_30_cm_is_closed_and_told_by_both_readers():
    ring = rings(shapely.LineString([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0.3)]), number=["A"])
    assert by_line(ring, box(0, 0, 5, 10)) == {"A": pytest.approx(50.0)}
    for told in (gs.approved_lines(ring).findings, gs.encroachment(ring).findings):
        assert "line_closed" in [one.code for one in told]
    wide = rings(shapely.LineString([(0, 0), (10, 0), (10, 10), (0, 10), (0, 3)]), number=["A"])
    for reader in (gs.approved_lines, gs.encroachment):
        with pytest.raises(GeometryError):
            reader(wide)


def test_codes_that_are_not_of_the_edition_are_refused():
    coded = LINES.assign(**{"class": ["G11", "G15"]})  # G15 is of 2002 alone
    assert len(gs.encroachment(coded, edition="2002").lines) == 2
    for measure in (
        gs.encroachment,
        lambda lines, edition: gs.compensation(LINES, lines, edition=edition),
    ):
        with pytest.raises(ColumnError) as told:
            measure(coded, edition="2017")
        assert told.value.column == "class"
    blank = LINES.assign(**{"class": ["G11", ""]})
    assert len(gs.encroachment(blank, edition="2017").lines) == 2


@pytest.mark.parametrize("size", [-1, nan, inf, "1", True, None])
@pytest.mark.parametrize("name", ["sliver_width_m", "sliver_m2", "smallest_patch_m2"])
def test_sizes_that_are_none_are_refused(name, size):
    with pytest.raises(InputError) as told:
        gs.encroachment(LINES, **{name: size})
    assert name in str(told.value)


def test_findings_without_pictures_are_told(paved, monkeypatch):
    monkeypatch.setattr(guard_module, "MOST_CHIPS", 1)
    work = ground((20, 0, 40, 10), (60, 0, 70, 10))
    guard = gs.encroachment(LINES, construction=work, before=paved[0], after=paved[1])
    (told,) = (one for one in guard.findings if one.code == "pictures_left_out")
    assert told.count == len(guard.encroachments) - 1 == 2
    assert table(guard, "green_line_encroachment")["chip_after"].notna().sum() <= 1


def test_float_noise_is_no_sliver():
    guard = gs.encroachment(LINES, construction=ground((-50, 0, 1e-8, 50)))
    assert "slivers_left_out" not in [one.code for one in guard.findings]
