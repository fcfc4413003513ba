"""The steps of a plan: today's numbers held against each of them."""

from __future__ import annotations

from pyproj import CRS

from greenspace.model.quantity import Ratio
from greenspace.progress import steps_ledger
from greenspace.read.definitions import read_indicators, read_profile


def test_a_number_is_held_against_every_step_and_the_baseline_is_no_target():
    """38.1 % of coverage: above 38 of step 1, below 38.2 of 2011 and 38.4 of step 3."""
    ratios = {"green_coverage": Ratio("green_coverage", 381.0, 1000.0, "1", CRS.from_epsg(4547))}
    ledger = steps_ledger(read_profile("TUMEN"), ratios, read_indicators(), {})
    cards = read_indicators()
    rows = ledger.rows
    own = rows[[name == cards["green_coverage"].name for name in rows["indicator"]]]

    assert ledger.id == "plan_steps"
    assert [text.en for text in own["target"]] == ["37.40%", "38.00%", "38.20%", "38.40%"]
    assert [text.en for text in own["met"]] == ["baseline, no target", "pass", "fail", "fail"]
    assert {text.en for text in own["measured"]} == {"38.10%"}
    assert [text.en for text in own["step"]] == ["baseline (step 0)", "step 1", "2011", "step 3"]


def test_what_was_not_measured_is_met_by_nobody():
    ledger = steps_ledger(read_profile("TUMEN"), {}, read_indicators(), {})
    assert {text.en for text in ledger.rows["met"]} <= {"baseline, no target", "not assessable"}


def test_a_standard_without_steps_has_no_such_list():
    assert steps_ledger(read_profile("CN-2010"), {}, read_indicators(), {}) is None
