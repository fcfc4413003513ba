"""Numbers: what a figure of the report opens to."""

from __future__ import annotations

from dataclasses import replace

from greenspace.present.numbers import number_of


def test_a_district_opens_the_number_it_is_a_zone_of_whatever_another_number_is_worth(check):
    judged = next(item for item in check.measured if item.judged and item.zones is not None)
    zone = judged.zones.ratio(0)
    alike = replace(
        judged, ratio=replace(zone, place=None), zones=None, zone_names=(), judged=False
    )
    beside = replace(check, measured=(alike, judged))

    assert number_of(beside, zone) == "number-1"
    assert number_of(beside, judged.ratio) == "number-1"
    assert number_of(replace(check, measured=(judged, alike)), zone) == "number-0"
