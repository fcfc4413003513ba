"""The gate, the verdict over all rows, and published figures held against published standards."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.errors import DefinitionError, UnverifiedProfileError
from greenspace.evaluate.gate import judge_profile, overall, require_verified, standard_label
from greenspace.model.definition import Citation
from greenspace.model.quantity import Ratio
from greenspace.model.verdict import Verdict
from greenspace.model.words import Text
from greenspace.read.definitions import list_profiles, read_indicators, read_profile, split_standard

WORD = Text(zh="词", en="word")
FACTS = {"region": "south", "population": 166_333.0, "construction_land_per_head_m2": 90.0}
GATES = ("green_coverage", "green_space_ratio", "park_area_per_capita")


def measured(**values):
    """Ratios as if each had been measured over a denominator of one."""
    cards = read_indicators()
    return {key: Ratio(key, value, 1.0, cards[key].unit, None) for key, value in values.items()}


def judged(standard, facts=FACTS, missing=None, **values):
    name, level = split_standard(standard)
    verdicts = judge_profile(
        read_profile(name),
        level,
        measured(**values),
        indicators=read_indicators(),
        facts=facts,
        missing=missing or {},
    )
    return {verdict.indicator: verdict for verdict in verdicts}


def line(verdict="pass", mark="verified", *, mandatory=True, gate=False, indicator="x"):
    return Verdict(
        standard="DEMO",
        indicator=indicator,
        name=Text(zh=indicator, en=indicator),
        unit="1",
        operator=">=",
        ratio=None,
        threshold=0.5,
        readings=(0.5,) if mark else (),
        margin=None,
        verdict=verdict,
        mark=mark,
        reason=None,
        source=Citation(document="示例"),
        gate=gate,
        mandatory=mandatory,
    )


# --- published figures (V where not said otherwise), held against the standards

RUILI = {
    "green_coverage": 0.1872,
    "green_space_ratio": 0.1793,
    "park_area_per_capita": 7.09,
    "service_coverage": 0.5611,
}
CHANGCHUN = {
    "green_coverage": 0.4217,
    "green_space_ratio": 0.3717,
    "park_area_per_capita": 13.13,
    "service_coverage": 0.8405,
}
CHANGDE = {
    "green_coverage": 0.4451,
    "green_space_ratio": 0.3951,
    "park_area_per_capita": 14.90,
    "service_coverage": 0.8394,
}


@pytest.mark.parametrize("profile", list_profiles(), ids=lambda p: p.id)
def test_ruili_fails_every_chinese_profile_on_coverage_and_ratio(profile):
    for level in profile.levels:
        rows = judged(f"{profile.id}:{level}", **RUILI)
        for indicator in ("green_coverage", "green_space_ratio"):
            if indicator in rows and rows[indicator].readings:  # CN-2022: ratio unknown
                assert rows[indicator].verdict == "fail"


def test_changchun_passes_the_law_and_fails_the_eco_city_of_2022():
    law, eco = judged("GB55014-2021", **CHANGCHUN), judged("CN-2022:eco", **CHANGCHUN)

    assert law["park_area_per_capita"].verdict == law["service_coverage"].verdict == "pass"
    failing = {key for key, row in eco.items() if row.verdict == "fail"}
    assert failing == {"green_coverage", "park_area_per_capita", "service_coverage"}


def test_changde_passes_the_eco_city_but_for_its_service_coverage():
    eco = judged("CN-2022:eco", **CHANGDE)

    assert eco["green_coverage"].verdict == eco["park_area_per_capita"].verdict == "pass"
    assert eco["service_coverage"].verdict == "fail"
    assert eco["green_space_ratio"].verdict == "not_assessable"


def test_eight_square_metres_fail_the_law_and_pass_the_edition_of_2005():
    facts = {"region": "south", "population": 700_000.0}

    assert (
        judged("GB55014-2021", park_area_per_capita=8.0)["park_area_per_capita"].verdict == "fail"
    )
    row = judged("CN-2005", facts, park_area_per_capita=8.0)["park_area_per_capita"]
    assert (row.verdict, row.threshold, row.margin) == ("pass", 8.0, 0.0)


@pytest.mark.parametrize(
    ("standard", "facts", "threshold"),
    [
        ("CN-2005", {"region": "south", "population": 499_999}, 9.0),
        ("CN-2005", {"region": "south", "population": 500_000}, 8.0),
        ("CN-2005", {"region": "south", "population": 999_999}, 8.0),
        ("CN-2005", {"region": "south", "population": 1_000_000}, 7.5),
        ("CN-2005", {"region": "north", "population": 1_000_000}, 7.0),
        ("CN-2005", {"population": 1_000_000}, None),
        ("CN-2010", {"construction_land_per_head_m2": 79.9}, 7.5),
        ("CN-2010", {"construction_land_per_head_m2": 80.0}, 8.0),
        ("CN-2010", {"construction_land_per_head_m2": 100.0}, 8.0),
        ("CN-2010", {"construction_land_per_head_m2": 100.1}, 9.0),
        ("CN-2010", {}, None),
        ("CN-2016", {"construction_land_per_head_m2": 104.9}, 8.0),
        ("CN-2016", {"construction_land_per_head_m2": 105.0}, 9.0),
        ("CN-1993:2000", {"construction_land_per_head_m2": 75.0}, 6.0),
        ("CN-1993:2000", {"construction_land_per_head_m2": 105.0}, 6.0),
        ("CN-2022", {}, 12.0),
    ],
)
def test_the_number_depends_on_the_city(standard, facts, threshold):
    row = judged(standard, facts, park_area_per_capita=100.0)["park_area_per_capita"]

    assert row.threshold == threshold
    assert row.verdict == ("not_assessable" if threshold is None else "pass")


def test_the_conflict_of_2022_is_judged_only_outside_it():
    for value, verdict in ((0.399, "fail"), (0.405, "not_assessable"), (0.41, "pass")):
        assert judged("CN-2022", green_coverage=value)["green_coverage"].verdict == verdict


# --- the order of the review


def test_gate_items_come_first_and_the_others_keep_their_order():
    for profile in list_profiles():
        rows = list(judged(f"{profile.id}:{profile.levels[0]}").values())
        flags = [row.gate for row in rows]
        assert flags == sorted(flags, reverse=True)
        kept = [row.indicator for row in profile.at(profile.levels[0]) if not row.gate]
        assert [row.indicator for row in rows if not row.gate] == kept


def test_no_row_is_left_out_where_nothing_was_measured():
    reason = Text(zh="缺少影像。", en="There is no image.")
    rows = judged("CN-2010", missing={"green_coverage": reason})

    assert len(rows) == len(read_profile("CN-2010").at("basic"))
    assert {row.verdict for row in rows.values()} == {"not_assessable"}
    assert rows["green_coverage"].reason == reason
    assert all(row.reason for row in rows.values())


def test_the_other_level_is_shown_beside_the_judged_one():
    assert judged("CN-2010")["green_coverage"].other_levels == (("higher", 0.40),)
    assert judged("CN-2010:higher")["service_coverage"].other_levels == (
        ("basic", 0.70),
        ("basic", 0.80),
    )
    assert judged("CN-2010", {})["park_area_per_capita"].other_levels == ()


def test_the_label_names_the_level_where_it_is_not_the_default():
    profile = read_profile("CN-2010")

    assert standard_label(profile, "basic") == "CN-2010"
    assert {row.standard for row in judged("CN-2010:higher").values()} == {"CN-2010:higher"}


def test_what_no_layer_can_give_is_shown_as_supplied():
    rows = judged("CN-2004-eco", sewage_treatment=0.9, green_coverage=0.5)

    assert (rows["sewage_treatment"].basis, rows["green_coverage"].basis) == (
        "supplied",
        "measured",
    )
    by_hand = judge_profile(
        read_profile("CN-2022"),
        "garden",
        measured(tree_shrub_share=0.7),
        indicators=read_indicators(),
        facts={},
        missing={},
        supplied=("tree_shrub_share",),
    )
    assert {row.indicator for row in by_hand if row.basis == "supplied"} == {"tree_shrub_share"}


def test_service_coverage_is_only_as_sure_as_its_radii():
    assert judged("CN-2022:eco")["service_coverage"].mark == "provisional"  # number weak
    assert judged("GB55014-2021")["service_coverage"].mark == "verified"


def test_an_unknown_level_or_indicator_is_refused():
    profile = read_profile("CN-2010")
    rest = {"indicators": read_indicators(), "facts": {}, "missing": {}}
    with pytest.raises(DefinitionError):
        judge_profile(profile, "middle", {}, **rest)
    with pytest.raises(DefinitionError):
        judge_profile(profile, "basic", {}, **{**rest, "indicators": {}})


# --- over all rows


@pytest.mark.parametrize(
    ("rows", "verdict", "provisional"),
    [
        ((line(), line()), "pass", False),
        ((line(), line(mark="weak")), "pass", False),
        ((line(), line(mark="provisional")), "pass", True),
        ((line(), line("not_assessable", None)), "not_assessable", False),
        ((line(mark="provisional"), line("not_assessable")), "not_assessable", True),
        ((line("fail"), line("not_assessable"), line()), "fail", False),
        ((line("fail", "provisional"), line()), "fail", True),
        ((line("fail", "provisional"), line("fail")), "fail", False),
        ((line("fail"), line(mark="provisional")), "fail", False),
        ((line("fail", mandatory=False), line()), "pass", False),
        ((line("fail", mandatory=False),), "not_assessable", False),
        ((), "not_assessable", False),
    ],
)
def test_a_fail_outweighs_what_is_open_and_that_outweighs_a_pass(rows, verdict, provisional):
    result = overall(rows, standard="DEMO")

    assert (result.verdict, result.provisional, result.standard) == (verdict, provisional, "DEMO")
    assert (result.reason is None) == (verdict == "pass")


def test_the_review_ends_at_the_gate_items_that_fail():
    rows = judged("CN-2016", **{**RUILI, "park_area_per_capita": 9.0})
    result = overall(rows.values(), standard="CN-2016")

    assert result.review_ends == ("green_coverage", "green_space_ratio")
    assert result.provisional  # every number of 2016 is from memory
    assert overall([line("fail")], standard="DEMO").review_ends == ()


def test_a_city_that_meets_the_table_of_2005_passes_for_sure():
    values = dict(zip(GATES, (0.41, 0.36, 9.5), strict=True))
    result = overall(judged("CN-2005", **values).values(), standard="CN-2005")

    assert (result.verdict, result.provisional, result.review_ends) == ("pass", False, ())


TOKENS = st.sampled_from(["pass", "fail", "not_assessable"])
MARKS = st.sampled_from(["verified", "weak", "user", "provisional"])
ROWS = st.lists(st.builds(line, TOKENS, MARKS, mandatory=st.booleans()), max_size=6)


@given(rows=ROWS, position=st.integers(0, 5), better=st.sampled_from(["pass", "not_assessable"]))
def test_bettering_a_row_never_worsens_the_whole(rows, position, better):
    rank = {"fail": 0, "not_assessable": 1, "pass": 2}
    if position >= len(rows) or rank[rows[position].verdict] > rank[better]:
        return
    after = [*rows]
    after[position] = replace(rows[position], verdict=better)

    assert (
        rank[overall(after, standard="DEMO").verdict]
        >= rank[overall(rows, standard="DEMO").verdict]
    )


@given(rows=ROWS)
def test_without_its_provisional_rows_a_sure_fail_stays_a_fail(rows):
    whole = overall(rows, standard="DEMO")
    sure = overall([row for row in rows if row.mark != "provisional"], standard="DEMO")

    if whole.verdict == "fail":
        assert whole.provisional == (sure.verdict != "fail")


# --- only verified numbers


def test_rows_that_are_not_verified_are_listed():
    with pytest.raises(UnverifiedProfileError) as refused:
        require_verified(judged("CN-2022:eco").values())

    assert "green_coverage" in refused.value.rows  # weak
    assert "service_coverage" in refused.value.rows  # provisional through its radii
    assert "green_space_ratio" not in refused.value.rows  # no number, so no claim
    assert set(refused.value.found) == {"weak", "provisional"}


def test_verified_numbers_and_the_users_own_are_let_through():
    require_verified(judged("CN-2005").values())
    require_verified(judged("CN-2004-eco").values())
    require_verified(judged("GB55014-2021").values())
    require_verified([line(mark="user"), line(mark=None)])


def test_only_the_applicable_number_of_2010_counts():
    dense = {"construction_land_per_head_m2": 90.0}
    loose = {"construction_land_per_head_m2": 120.0}
    only = ["park_area_per_capita"]

    require_verified([judged("CN-2010", dense)[key] for key in only])
    with pytest.raises(UnverifiedProfileError):
        require_verified([judged("CN-2010", loose)[key] for key in only])
