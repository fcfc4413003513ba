"""The balance of green lines: rows that add up, accounts kept apart, words."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

import greenspace as gs
from greenspace.delimit.revision import revision_check
from greenspace.errors import ColumnError

WEST, NORTH = 500_000.0, 3_400_000.0


def lines(*rows):
    """Return lines: number, status, class, west and east of a strip 10 m high."""
    number, status, code, west, east = zip(*rows, strict=True)
    shapes = [box(WEST + w, NORTH, WEST + e, NORTH + 10) for w, e in zip(west, east, strict=True)]
    columns = {"number": number, "status": status, "class": code}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4547)


OLD = lines(
    ("1", "existing", "G11", 0, 100), ("2", "planned", "G12", 100, 160), ("3", "control", "", 500, 600)
)  # fmt: skip


def test_planned_ground_that_is_existing_now_is_not_lost():
    new = lines(("a", "existing", "G11", 0, 100), ("b", "existing", "G12", 100, 160))
    found = gs.compensation(OLD.iloc[:2], new)
    assert (found.lost_m2, found.made_up_m2, found.check.passed) == (0, 0, True)
    planned = found.ledger.rows[
        found.ledger.rows["status"].map(lambda word: word.en) == "planned green line"
    ]
    assert planned[["lost_m2", "regrouped_m2"]].to_numpy().tolist() == [[600.0, 600.0]]


def test_control_lines_make_up_for_nothing():
    new = lines(("1", "existing", "G11", 0, 80), ("3", "control", "", 500, 900))
    found = gs.compensation(OLD, new)
    assert (found.lost_m2, found.made_up_m2) == (800.0, 0.0)
    assert found.check.passed is False
    assert found.check.area_m2 == 800.0
    sums = found.ledger.rows.iloc[[2, -1]]
    assert [word.en for word in sums["status"]] == [
        "all existing and planned lines", "all ecological control lines"
    ]  # fmt: skip
    assert sums["net_m2"].tolist() == [-800.0, 3000.0]


def test_lines_of_the_same_ground_lose_nothing_in_any_crs():
    found = gs.compensation(OLD, OLD)
    assert (found.net_m2, found.lost_m2) == (0.0, 0.0)
    moved = gs.compensation(OLD, OLD.to_crs(4490))
    assert moved.lost_m2 < 0.01
    assert [one.layer for one in moved.findings if one.code == "reprojected"] == ["after"]


def test_what_works_take_is_told_apart_from_the_loss_by_the_revision():
    """100 m of 160 are lost by the revision and 20 m by works, of strips 10 m high."""
    new = lines(("b", "existing", "G12", 100, 160))
    works = lines(("", "", "", 110, 130))[["geometry"]]
    found = gs.compensation(OLD.iloc[:2], new, built=works)
    assert found.lost_m2 == 1200.0
    assert "1,200.00 m² lost (by the revision 1,000.00, by works 200.00)" in found.check.text.en


def test_control_lines_over_others_are_told_nowhere_and_lines_of_one_status_are():
    over = lines(("1", "existing", "G11", 0, 100), ("2", "control", "", 40, 80))
    assert gs.compensation(over, over).findings == ()
    twice = lines(("1", "existing", "G11", 0, 100), ("2", "existing", "G12", 90, 160))
    told = [one for one in gs.compensation(over, twice).findings if one.code == "overlap"]
    assert [(one.layer, one.area_m2) for one in told] == [("after", 100.0)]  # 10 m x 10 m
    assert told[0].text.en.startswith("existing green line: ")


def test_the_same_lines_in_degrees_are_not_short():
    for crs in (4490, 4326, 32650):
        found = gs.compensation(OLD, OLD.to_crs(crs))
        assert found.check.passed is True
        assert found.made_up
        there = OLD.to_crs(crs).to_crs(4547)
        assert revision_check(
            OLD.assign(category="park"), there.assign(category="park"), tolerance_m=0.5
        ).passed


def test_a_shortfall_of_rounding_passes_and_is_told():
    new = OLD.set_geometry(OLD.buffer(-4e-4, join_style="mitre"))
    found = gs.compensation(OLD, new)
    # the two lines have 220 and 140 m of edge, 0.4 mm each
    assert found.check.area_m2 == pytest.approx(0.144, abs=1e-5)
    assert found.check.passed is True
    assert "1 mm" in found.check.text.en
    assert "0.14 m²" in found.check.text.en


def test_a_small_loss_in_one_place_is_no_rounding():
    new = lines(("1", "existing", "G11", 0, 100), ("2", "planned", "G12", 100, 159.999))
    spot = new.set_geometry(new.difference(box(WEST, NORTH, WEST + 0.05, NORTH + 0.05)))
    found = gs.compensation(OLD.iloc[:2], spot)
    assert found.check.passed is False
    least = OLD.iloc[:2].difference(box(WEST, NORTH, WEST + 0.05, NORTH + 0.05))
    check = gs.compensation(OLD.iloc[:2], OLD.iloc[:2].set_geometry(least)).check
    assert check.passed is False
    assert "less than 0.01 m²" in check.text.en


def test_control_ground_that_is_planned_now_makes_up_for_nothing():
    # 60 m of planned lines are lost; 80 m of the control line and 10 m beside it are planned now
    new = lines(("1", "existing", "G11", 0, 100), ("2", "planned", "G12", 520, 610))
    found = gs.compensation(OLD, new)
    assert (found.lost_m2, found.made_up_m2, found.check.passed) == (600.0, 100.0, False)
    assert "800.00" in found.check.text.en
    (told,) = (one for one in found.findings if one.code == "control_turned")
    assert told.area_m2 == pytest.approx(800)
    sums = found.ledger.rows[found.ledger.rows["category"].map(str) == ""]
    assert sums["after_m2"].tolist() == [1100.0, 800.0, 0.0]
    check = revision_check(
        OLD.assign(category="park"), new.assign(category="park"), tolerance_m=0.5
    )
    assert check.passed is False


@pytest.mark.parametrize("seed", range(3))
def test_every_row_adds_up_to_the_last_digit(seed):
    rng = np.random.default_rng(seed)
    sides = []
    for _ in range(2):
        west = rng.uniform(0, 300, 6)
        rows = zip(range(6), ["existing", "planned", "control"] * 2, ["G11", "G2"] * 3,
                   west, west + rng.uniform(1, 90, 6), strict=True)  # fmt: skip
        sides.append(lines(*rows))
    built = gpd.GeoSeries([box(WEST + 50, NORTH, WEST + 133.33, NORTH + 7)], crs=4547)
    found = gs.compensation(*sides, built=built)
    for rows in (found.ledger.rows, found.by_line.rows):
        assert (rows["before_m2"] - rows["lost_m2"] + rows["made_up_m2"] == rows["after_m2"]).all()
        assert (rows["made_up_m2"] - rows["lost_m2"] == rows["net_m2"]).all()
    total = found.before_m2 - found.lost_m2 + found.made_up_m2
    assert total == found.after_m2


def test_what_is_enclosed_for_the_first_time_makes_up_for_nothing():
    # a park of 1000 m2 shrinks to 800; 100 of the lost 200 are attached green now, beside 500 new
    old = lines(("1", "existing", "G11", 0, 100))
    new = lines(("1", "existing", "G11", 0, 80), ("2", "existing", "RG", 90, 150))
    found = gs.compensation(old, new, edition="2017")
    assert (found.lost_m2, found.made_up_m2, found.check.passed) == (100.0, 0.0, False)
    sums = found.ledger.rows[found.ledger.rows["category"].map(str) == ""]
    assert sums[["before_m2", "lost_m2", "made_up_m2", "after_m2"]].to_numpy().tolist() == [
        [1000.0, 100.0, 0.0, 900.0],
        [0.0, 0.0, 500.0, 500.0],
    ]
    assert "500.00" in found.check.text.en
    # of a park beside it, all counts
    more = lines(("1", "existing", "G11", 0, 80), ("2", "existing", "G14", 90, 150))
    assert gs.compensation(old, more, edition="2017").check.passed is True


def test_lines_without_a_category_let_any_ground_make_up_and_say_so():
    old = lines(("1", "existing", "", 0, 100))
    new = lines(("1", "existing", "RG", 0, 120))
    found = gs.compensation(old, new, edition="2017")
    assert found.made_up_m2 == 200.0
    assert [one.code for one in found.findings] == ["categories_unknown"]


def test_class_codes_say_the_category_in_their_edition():
    found = gs.compensation(OLD, OLD, edition="2017").ledger.rows
    assert [getattr(word, "en", word) for word in found["category"]] == [
        "park",
        "park",
        "",
        "other green",
        "",
    ]
    assert found["class"].tolist() == ["G11", "G12", "", "", ""]
    plain = gs.compensation(OLD, OLD).ledger.rows
    assert plain["class"].tolist() == ["G11", "G12", "", "", ""]


def test_a_number_that_stands_twice_is_refused():
    with pytest.raises(ColumnError) as told:
        gs.compensation(OLD, lines(("1", "planned", "", 0, 1), ("1", "planned", "", 1, 2)))
    assert told.value.layer == "after"
    assert told.value.found == ("1",)


def test_the_answer_is_that_of_the_check_where_rounding_alone_is_short():
    before = lines(("1", "existing", "G11", 0, 100.0005))
    found = gs.compensation(before, lines(("1", "existing", "G11", 0, 100)))

    assert found.net_m2 < 0
    assert found.check.passed is found.made_up is True
