"""Estates: by hand, on estates of 100 x 100 m with green strips along their edge."""

from __future__ import annotations

from math import isnan

import pytest
from shapely import MultiPolygon

from greenspace.estates import gauge_estates
from tests.quarter import gauge, ledger, quarter, ratio, told, zones
from tests.town import at, layer

NEW, OLD = "new_residential_green_ratio", "rebuilt_residential_green_ratio"
GARDEN = ("garden_estate_share", "garden_estate_share_by_area", "garden_estate_count")
# A 40 of 100 m green, B 26, both new and in the first district; C 20, old, in the second
HOMES = layer(
    [at(0, 0, 100, 100), at(200, 0, 300, 100), at(600, 0, 700, 100)],
    name=["甲苑", "乙苑", "丙里"],
    status=["new", "新建", "旧区"],
    garden=["是", "是", "否"],
)
GREEN = layer([at(0, 0, 40, 100), at(200, 0, 226, 100), at(680, 0, 800, 100)])


def found(**layers):
    return gauge(gauge_estates, quarter(**{"residential": HOMES, "green": GREEN} | layers))


def test_each_kind_is_green_by_the_sum_of_its_estates():
    gauged = found()

    assert (ratio(gauged, NEW).numerator, ratio(gauged, NEW).denominator) == (6_600, 20_000)
    assert (ratio(gauged, OLD).numerator, ratio(gauged, OLD).denominator) == (2_000, 10_000)
    assert zones(gauged, NEW)["甲区"] == pytest.approx(0.33)
    assert isnan(zones(gauged, NEW)["乙区"])


def test_those_that_fall_short_are_told_though_the_city_passes():
    gauged = found()

    assert ratio(gauged, NEW).value >= 0.30
    new, old = told(gauged, "estates_short")
    assert (new.count, new.area_m2, new.indicators) == (1, 10_000, (NEW,))
    assert (old.count, old.area_m2, old.indicators) == (1, 10_000, (OLD,))
    short = ledger(gauged, "estates_short")
    # B: 0.30 x 10 000 - 2 600; C: 0.25 x 10 000 - 2 000; the one that lacks most comes first
    assert short["name"].tolist() == ["丙里", "乙苑"]
    assert short["short_m2"].tolist() == pytest.approx([500, 400])
    assert ledger(gauged, "estates")["meets"].tolist() == [True, False, False]
    assert ledger(gauged, "estates")["district"].tolist() == ["甲区", "甲区", "乙区"]


def test_under_a_standard_that_asks_for_no_ratio_falling_short_is_a_note():
    city = quarter(residential=HOMES, green=GREEN)

    silent = gauge(gauge_estates, city, standard="CN-2022", level="garden")

    assert {finding.severity for finding in told(silent, "estates_short")} == {"note"}
    assert {finding.severity for finding in told(found(), "estates_short")} == {"warning"}
    assert ledger(silent, "estates")["required"].tolist() == [0.30, 0.30, 0.25]


def test_exactly_the_ratio_meets_it():
    gauged = found(green=layer([at(0, 0, 30, 100), at(200, 0, 230, 100), at(675, 0, 700, 100)]))

    assert ledger(gauged, "estates")["meets"].tolist() == [True, True, True]
    assert ledger(gauged, "estates_short").empty
    assert not told(gauged, "estates_short")


def test_garden_estates_are_counted_by_their_title_and_told_where_they_fall_short():
    gauged = found()

    values = [ratio(gauged, name).value for name in GARDEN]
    assert values == pytest.approx([2 / 3, 2 / 3, 2])
    (short,) = told(gauged, "garden_short")
    assert (short.count, short.rows) == (1, (1,))
    assert zones(gauged, GARDEN[0]) == {"甲区": 1.0, "乙区": 0.0}


def test_without_a_title_nothing_is_guessed_from_the_green():
    gauged = found(residential=HOMES.drop(columns="garden"))

    assert set(gauged.missing) >= set(GARDEN)
    assert "garden" in gauged.missing[GARDEN[0]].en
    assert ratio(gauged, NEW).value == pytest.approx(0.33)
    assert ledger(gauged, "estates")["garden"].isna().all()


def test_a_title_that_is_neither_yes_nor_no_is_refused_and_the_green_goes_on():
    gauged = found(residential=HOMES.assign(garden=["是", "申报中", "否"]))

    assert set(gauged.missing) >= set(GARDEN)
    (refused,) = told(gauged, "refused_column")
    assert (refused.rows, refused.severity) == ((1,), "warning")
    assert ratio(gauged, NEW).value == pytest.approx(0.33)


@pytest.mark.parametrize("word", ["在建", None])
def test_a_status_that_is_not_known_leaves_both_ratios_out_with_its_rows(word):
    gauged = found(residential=HOMES.assign(status=["new", word, "old"]))

    assert {NEW, OLD} <= set(gauged.missing)
    assert told(gauged, "refused_column")[0].rows == (1,)
    assert ratio(gauged, GARDEN[0]).value == pytest.approx(2 / 3)
    rows = ledger(gauged, "estates")
    assert rows["ratio"].tolist() == pytest.approx([0.4, 0.26, 0.2])
    assert rows["meets"].tolist() == [None, None, None]


def test_the_year_of_building_tells_new_from_old():
    homes = HOMES.drop(columns="status").assign(built=["2004年", 2000, "1999-12"])
    settings = {"residential": {"new_since": 2000}}

    gauged = gauge(gauge_estates, quarter(residential=homes, green=GREEN, settings=settings))
    without = found(residential=homes)

    assert ratio(gauged, NEW).denominator == 20_000
    assert {NEW, OLD} <= set(without.missing)


def test_without_parcels_there_is_no_ratio_and_the_titles_stay():
    gauged = found(green=None)

    assert {NEW, OLD} <= set(gauged.missing)
    assert ratio(gauged, GARDEN[2]).value == 2
    assert ledger(gauged, "estates")["ratio"].isna().all()


def test_a_kind_that_no_estate_has_is_undefined_and_says_so():
    gauged = found(residential=HOMES.assign(status="new"))

    assert isnan(ratio(gauged, OLD).value)
    assert "no rebuilt" in ratio(gauged, OLD).reason.en


def test_parcels_of_classes_that_are_no_green_land_do_not_count():
    green = GREEN.assign(**{"class": ["RG", "EG1", "G14"]})

    gauged = gauge(
        gauge_estates, quarter(residential=HOMES, green=green, editions={"green": "2017"})
    )
    unread = gauge(
        gauge_estates,
        quarter(
            residential=HOMES,
            green=green.assign(**{"class": ["RG", "Q7", "G14"]}),
            editions={"green": "2017"},
        ),
    )

    assert ratio(gauged, NEW).numerator == 4_000
    assert ratio(gauged, OLD).numerator == 2_000
    assert {NEW, OLD} <= set(unread.missing)


def test_overlapping_estates_stand_each_alone_in_the_list_and_once_in_the_sum():
    homes = layer(
        [at(0, 0, 100, 100), at(0, 0, 100, 200)], name=["甲苑", "乙苑"], status=["new", "new"]
    )

    gauged = found(residential=homes, green=layer([at(0, 0, 50, 100)]))

    assert ledger(gauged, "estates")["green_m2"].tolist() == [5_000, 5_000]
    assert (ratio(gauged, NEW).numerator, ratio(gauged, NEW).denominator) == (5_000, 20_000)
    assert ratio(gauged, NEW).numerator < ledger(gauged, "estates")["green_m2"].sum()


def test_parcels_that_overlap_or_cross_estates_are_cut_and_counted_once():
    green = layer([at(50, 0, 250, 100), at(50, 0, 100, 100), at(240, 50, 260, 60)])

    rows = ledger(found(green=green), "estates")

    # A: the east half; B: the west half and 10 x 10 m beyond it
    assert rows["green_m2"].tolist() == pytest.approx([5_000, 5_100, 0])


def test_plots_of_one_name_and_status_are_one_row():
    homes = layer(
        [at(0, 0, 100, 100), at(100, 0, 200, 100), at(600, 0, 650, 100), at(800, 0, 900, 100)],
        name=["甲苑", " 甲苑", "甲苑", None],
        status=["new", "new", "new", "new"],
        garden=["是", "否", "是", "是"],
    )

    gauged = found(residential=homes)

    rows = ledger(gauged, "estates")
    assert rows["plots"].tolist() == [3, 1]
    assert rows["area_m2"].tolist() == [25_000, 10_000]
    assert rows["district"].tolist() == ["甲区", "乙区"]  # the one that holds most of it
    assert rows["garden"].tolist() == [False, True]  # not where one of its plots has none
    assert told(gauged, "plots_joined")[0].rows == (0, 1, 2)
    assert told(gauged, "plots_spread")[0].rows == (0, 1, 2)
    assert told(gauged, "titles_differ")[0].rows == (0, 1, 2)
    assert ratio(gauged, "garden_estate_count").value == 1


def test_phases_of_one_estate_have_ratios_of_their_own_and_one_title():
    homes = layer(
        [at(0, 0, 100, 100), at(200, 0, 300, 100)], name="甲苑", status=["new", "old"], garden="是"
    )

    gauged = found(residential=homes)

    assert [ratio(gauged, name).value for name in GARDEN] == [1, 1, 1]
    assert ratio(gauged, GARDEN[0]).denominator == 1
    assert zones(gauged, GARDEN[0])["甲区"] == 1
    assert ledger(gauged, "estates")["required"].tolist() == [0.30, 0.25]
    assert ratio(gauged, NEW).value == pytest.approx(0.40)
    assert ratio(gauged, OLD).value == pytest.approx(0.26)
    assert not told(gauged, "plots_spread")


def test_rows_outside_the_city_stop_nothing():
    homes = layer(
        [at(0, 0, 100, 100), at(2000, 0, 2100, 100)],
        name=["甲苑", "远"],
        status=["new", "在建"],
        garden=["是", "待定"],
    )

    gauged = found(residential=homes)

    assert ratio(gauged, NEW).value == pytest.approx(0.40)
    assert ratio(gauged, GARDEN[2]).value == 1
    assert told(gauged, "plots_outside")[0].rows == (1,)


def test_estates_beyond_the_built_up_area_are_cut_or_left_out_and_told():
    homes = layer(
        [at(950, 0, 1050, 100), at(1100, 0, 1200, 100), at(999.9, 200, 1100, 300)],
        name=["甲", "乙", "丙"],
        status="new",
    )

    gauged = found(residential=homes)

    assert ledger(gauged, "estates")["area_m2"].tolist() == [5_000]
    assert told(gauged, "plots_outside")[0].rows == (1, 2)
    assert told(gauged, "plots_cut")[0].area_m2 == pytest.approx(5_000)
    assert ratio(gauged, NEW).denominator == 5_000


def test_an_estate_without_a_shape_or_a_district_is_no_trouble():
    homes = layer([at(0, 0, 100, 100), MultiPolygon()], name=["甲", "乙"], status="new")

    gauged = gauge(gauge_estates, quarter(residential=homes, green=GREEN, districts=None))

    assert ledger(gauged, "estates")["district"].tolist() == [""]
    assert next(m for m in gauged.measured if m.ratio.indicator == NEW).zones is None


def test_coverage_stands_beside_the_ratio_and_does_not_change_it():
    gauged = found(vegetation=layer([at(0, 0, 90, 100)]))

    rows = ledger(gauged, "estates")
    assert rows["coverage"].tolist() == pytest.approx([0.9, 0.0, 0.0])
    assert rows["ratio"].tolist() == pytest.approx([0.4, 0.26, 0.2])
    assert ledger(found(), "estates")["coverage"].isna().all()


def test_a_profile_that_asks_for_another_ratio_is_followed(tmp_path):
    text = (
        'id="OWN"\ntitle={zh="自",en="own"}\ndocument="自编"\nlevels=["basic"]\n'
        'level_names={basic={zh="基本",en="basic"}}\n[[criterion]]\n'
        f'indicator="{NEW}"\nlevel="basic"\noperator=">"\nvalue=0.40\n'
        'mark="user"\nsource={document="自编",page=1}\n'
    )
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")

    gauged = gauge(
        gauge_estates,
        quarter(residential=HOMES, green=GREEN),
        standard=str(tmp_path / "own.toml"),
        level="basic",
    )

    rows = ledger(gauged, "estates")
    assert rows["required"].tolist() == [0.40, 0.40, 0.25]  # the silent one as in the text of 2000
    assert rows["meets"].tolist() == [False, False, False]  # 0.40 is not above 0.40


def test_exemplary_yards_are_counted_once_a_name_and_district():
    yards = layer(
        [at(0, 0, 1, 1)] * 5,
        name=["甲院", "甲院", "甲院", None, None],
        district=["甲区", "甲区", "乙区", None, None],
    )

    gauged = found(exemplary_yards=yards)

    assert ratio(gauged, "exemplary_yard_count").value == 4
    assert told(gauged, "registered_twice")[0].rows == (1,)
    assert "exemplary_yard_count" in found().missing


def test_no_estates_at_all_give_reasons():
    gauged = found(residential=None)
    outside = found(residential=layer([at(2000, 0, 2100, 100)], status=["new"], garden=["是"]))

    assert {NEW, OLD, *GARDEN} <= set(gauged.missing)
    assert isnan(ratio(outside, NEW).value)
    assert isnan(ratio(outside, GARDEN[0]).value)
    assert ratio(outside, GARDEN[2]).value == 0
    assert ledger(outside, "estates").empty
    assert ledger(outside, "estates_short").empty
