"""Units: by hand, on units of 100 x 100 m held to the ratio of their kind."""

from __future__ import annotations

from math import nan

import pytest

import greenspace as gs
from greenspace.errors import DefinitionError
from greenspace.read.definitions import read_profile
from greenspace.units import gauge_units
from tests.quarter import gauge, ledger, quarter, ratio, told, zones
from tests.town import at, layer

# Units: a school 35 of 100 m green, a works 20, a shop 10, a water works, each of 1 ha
UNITS = layer(
    [at(0, 0, 100, 100), at(200, 0, 300, 100), at(600, 0, 700, 100), at(800, 0, 900, 100)],
    name=["一中", "机床厂", "商场", "水厂"],
    kind=["学校", "Factory", "商业", "公用设施"],
    garden=["是", "否", "是", "否"],
    advanced=["是", "否", "否", "否"],
)
UNIT_GREEN = layer([at(0, 0, 35, 100), at(200, 0, 220, 100), at(600, 0, 610, 100)])


def units(**layers):
    return gauge(gauge_units, quarter(**{"units": UNITS, "green": UNIT_GREEN} | layers))


def test_units_are_held_to_the_ratio_of_their_kind():
    gauged = units()

    assert ratio(gauged, "unit_green_ratio").value == pytest.approx(6_500 / 40_000)
    share = ratio(gauged, "unit_compliance_share")
    assert (share.numerator, share.denominator) == (2, 3)  # the water works has no ratio
    assert told(gauged, "kind_without_ratio")[0].rows == (3,)
    rows = ledger(gauged, "units")
    assert rows["required"].tolist() == pytest.approx([0.35, 0.20, 0.20, nan], nan_ok=True)
    assert rows["meets"].tolist() == [True, True, False, None]
    short = ledger(gauged, "units_short")
    assert (short["name"].tolist(), short["short_m2"].tolist()) == (["商场"], [1_000])
    assert zones(gauged, "unit_compliance_share") == {"甲区": 1.0, "乙区": 0.0}


def test_units_with_a_title_are_counted_by_number_and_by_area():
    wide = UNITS.set_geometry([at(0, 0, 100, 400), *UNITS.geometry[1:]]).set_crs(UNITS.crs)

    gauged = units(units=wide)

    assert ratio(gauged, "garden_unit_share").value == pytest.approx(2 / 4)
    assert ratio(gauged, "garden_unit_share_by_area").value == pytest.approx(5 / 7)
    assert ratio(gauged, "advanced_unit_share").value == pytest.approx(1 / 4)
    assert told(gauged, "garden_short")[0].count == 2


def test_a_kind_that_is_not_known_is_refused_with_the_nearest_word():
    gauged = units(units=UNITS.assign(kind=["学校", "工业企", "商业", ""]))

    assert "工业企业" in gauged.missing["unit_compliance_share"].en
    assert told(gauged, "refused_column")[0].rows == (1, 3)
    assert ratio(gauged, "unit_green_ratio").value == pytest.approx(6_500 / 40_000)
    assert ledger(gauged, "units")["kind"].tolist()[1] == "工业企"


def test_units_without_kinds_titles_or_parcels_give_reasons():
    bare = units(units=UNITS[["name", "geometry"]])
    without = units(green=None)

    assert "kind" in bare.missing["unit_compliance_share"].en
    assert {"garden_unit_share", "garden_unit_share_by_area", "advanced_unit_share"} <= set(
        bare.missing
    )
    assert {"unit_green_ratio", "unit_compliance_share"} <= set(without.missing)
    assert ratio(without, "garden_unit_share").value == 0.5
    assert set(units(units=None).missing) == {
        "unit_green_ratio",
        "unit_compliance_share",
        "garden_unit_share",
        "garden_unit_share_by_area",
        "advanced_unit_share",
    }


OWN = """id="OWN"
extends="CN-2000"
title={{zh="自",en="own"}}
[[criterion]]
indicator="unit_compliance_share"
level="medium"
operator=">="
value=0.7
mark="user"
source={{document="局文",page=1}}
[[criterion.parameter]]
name="institution_min"
value={value}
unit="1"
mark="user"
source={{document="局文",page=2}}
"""


def own(folder, value, **layers):
    (folder / "own.toml").write_text(OWN.format(value=value), encoding="utf-8")
    city = quarter(**{"units": UNITS, "green": UNIT_GREEN} | layers)
    return gauge(gauge_units, city, standard=str(folder / "own.toml"))


def test_the_ratios_of_the_standards_row_go_before_those_of_the_table(tmp_path):
    gauged = own(tmp_path, 0.36)  # the school has 35 %

    assert ledger(gauged, "units")["required"].tolist() == pytest.approx(
        [0.36, 0.20, 0.20, nan], nan_ok=True
    )
    share = ratio(gauged, "unit_compliance_share")
    assert (share.numerator, share.denominator) == (1, 3)
    note = next(item.note for item in gauged.ledgers if item.id == "units")
    assert "36%" in note.en
    assert "局文" in note.zh
    assert "35%" not in note.en
    assert "局文 p. 2" in {source.name for source in share.sources}


def test_a_parameter_that_asks_nothing_is_refused_when_read(tmp_path):
    with pytest.raises(DefinitionError, match="institution_min"):
        own(tmp_path, 0)


def test_a_parameter_that_asks_for_the_whole_unit_is_a_reason(tmp_path):
    gauged = own(tmp_path, 1)

    assert "institution_min" in gauged.missing["unit_compliance_share"].en
    assert ratio(gauged, "unit_green_ratio").value == pytest.approx(6_500 / 40_000)
    assert ledger(gauged, "units")["required"].isna().all()


def test_a_ratio_of_all_units_together_is_owed_by_none_alone():
    city = quarter(units=UNITS, green=UNIT_GREEN)
    assert any(row.indicator == "unit_green_ratio" for row in read_profile("TUMEN").at("2011"))

    gauged = gauge(gauge_units, city, standard="TUMEN", level="2011")

    assert ledger(gauged, "units")["required"].tolist()[:3] == [0.35, 0.20, 0.20]
    note = next(item.note for item in gauged.ledgers if item.id == "units_short")
    assert "all units together" in note.en
    assert told(gauged, "units_short")[0].severity == "note"
    assert told(units(), "units_short")[0].severity == "warning"


def test_each_kind_has_its_row():
    twice = UNITS.assign(kind=["学校", "工业", "factory", "公用设施"])

    rows = ledger(units(units=twice), "unit_kinds").set_index("units")

    school, works = ledger(units(units=twice), "unit_kinds").to_dict("records")[:2]
    assert (school["units"], school["green_m2"], school["complying"]) == (1, 3_500, 1)
    assert (works["units"], works["area_m2"], works["green_m2"]) == (2, 20_000, 3_000)
    assert (works["ratio"], works["required"], works["complying"]) == (0.15, 0.20, 1)
    assert rows["complying"].isna().sum() == 1  # of the water works nothing is asked


def test_a_unit_of_one_name_is_one_for_titles_and_one_a_kind_for_its_ratio():
    one = UNITS.assign(name="一中", kind=["学校", "小学", "商业", "商业"], garden="是")

    gauged = units(units=one)

    assert ratio(gauged, "garden_unit_share").denominator == 1
    assert ratio(gauged, "unit_compliance_share").denominator == 2
    assert ledger(gauged, "units")["plots"].tolist() == [2, 2]


def test_a_public_institution_is_known_and_not_judged():
    gauged = units(units=UNITS.assign(kind=["学校", "工业", "商业", "事业单位"]))

    assert ratio(gauged, "unit_compliance_share").denominator == 3
    assert told(gauged, "kind_without_ratio")[0].rows == (3,)


def test_labels_that_stand_twice_multiply_nothing():
    twice = UNITS.set_axis([7, 7, 7, 8])

    listed = gs.unit_list(twice, UNIT_GREEN)

    assert listed["name"].tolist() == UNITS["name"].tolist()
    assert listed["green_m2"].tolist() == pytest.approx([3_500, 2_000, 1_000, 0])
    assert gs.unit_green(twice, UNIT_GREEN)["unit_compliance_share"].numerator == 2
