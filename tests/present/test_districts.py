"""Districts: names, the worst one, and the ground outside."""

from __future__ import annotations

from dataclasses import replace

from greenspace.model.tiers import tier_source
from greenspace.present.districts import groups, measured_name, worst, zone_names, zones_of


def test_zones_in_their_order_and_the_outside_last(check, nasty):
    found = zones_of(check.measured[0])

    assert [zone.name for zone in found] == ["东城", nasty, ""]
    assert [zone.outside for zone in found] == [False, False, True]


def test_the_worst_zone_has_a_value_and_is_no_outside(check, nasty):
    # 40 % and 32.06 %; outside 0 %; in the second number one zone is undefined
    assert worst(check, check.measured[0]).name == nasty
    assert worst(check, check.measured[1]).name == "东城"
    assert worst(check, check.measured[2]) is None


def test_where_less_is_better_the_worst_is_the_highest(check):
    card = replace(check.indicators["green_coverage"], better="lower")
    turned = replace(check, indicators={"green_coverage": card})

    assert worst(turned, check.measured[0]).name == "东城"


def test_without_names_the_index_names_zones(check):
    assert zone_names(replace(check.measured[0], zone_names=())) == ("0", "1")


def test_numbers_with_the_same_zones_stand_together(check):
    (group,) = groups(check)

    assert [item.ratio.indicator for item in group.items] == ["green_coverage", "green_space_ratio"]


def test_a_label_tells_likes_apart(check):
    assert measured_name(check, check.measured[4], "en") == "green coverage (from polygons)"
    assert measured_name(check, check.measured[4], "zh") == "建成区绿化覆盖率（由植被面）"


def test_one_number_by_two_tiers_is_told_apart_by_them(check):
    first = check.measured[1]
    by_tiers = [
        replace(first, ratio=first.ratio.with_sources(tier_source(((area, 500.0),))))
        for area in (5000.0, 400.0)
    ]
    twice = replace(check, measured=tuple(by_tiers))
    names = [measured_name(twice, item, "en") for item in twice.measured]

    assert [name.rpartition("(")[2] for name in names] == ["≥ 5000 m²: 500 m)", "≥ 400 m²: 500 m)"]
    assert "m²" not in measured_name(replace(check, measured=(by_tiers[0],)), by_tiers[0], "en")
