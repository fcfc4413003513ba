"""What the parameters of a profile do to parks: lesser tiers, claims and sizes, by hand."""

from __future__ import annotations

from greenspace.prepare.class_claims import LEAST_M2
from greenspace.read.definitions import read_profile
from tests.test_park_gauge import check_with, found
from tests.town import at, layer


def test_lesser_parks_of_the_historic_district_serve_by_editions_that_say_so(town):
    lesser = layer([at(100, 300, 140, 330)], NAME=["坊园"], CLASS=["G14"], OPEN=["是"])  # 1 200 m2
    lesser.to_file(town / "city.gpkg", layer="lesser")
    old = check_with(
        town, "old.toml", swap={'layer = "by_class"': 'layer = "lesser"'}, standard="CN-2010"
    )

    judged, law = (v for v in old.verdicts if v.indicator == "service_coverage")
    assert judged.value > 0
    assert law.value == 0.0  # the law prints no tiers, and its stand-in knows no historic district
    assert "historic_tiers" in {source.role for source in judged.ratio.sources}
    assert found(old, "historic_tiers_used").rows == (0,)
    ledger = next(ledger for ledger in old.ledgers if ledger.id == "parks")
    assert ledger.rows[["tier_m2", "radius_m"]].to_numpy().tolist() == [[1000.0, 300.0]]


def test_a_city_that_is_mostly_historic_is_told_what_it_may_claim(town):
    old = check_with(town, "claim.toml", standard="CN-2010")

    claims = [f for f in old.findings if f.code == "historic_relaxation"]
    assert {f.indicators for f in claims} == {("green_space_ratio",), ("park_area_per_capita",)}
    assert all("60.0%" in f.text.en for f in claims)
    row = next(v for v in old.verdicts if v.indicator == "park_area_per_capita")
    assert row.threshold == 8.0  # 80 to 100 m2 a head: not lowered


def test_sizes_are_those_of_the_law():
    rows = {row.indicator: row for row in read_profile("GB55014-2021").criteria}
    for code, name in (("G11", "comprehensive"), ("G12", "community")):
        (least,) = (
            item
            for item in rows[f"{name}_park_per_capita"].parameters
            if item.name == "area_above_m2"
        )
        assert (least.value, least.mark) == (LEAST_M2[code], "verified")
