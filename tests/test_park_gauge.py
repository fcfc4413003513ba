"""What a check says of parks: numbers by class, greening, the centre, the list of parks; by hand."""

from __future__ import annotations

import pytest

import greenspace as gs
from greenspace.errors import ColumnError
from tests.town import MANIFEST, at, layer

PARKS = layer(
    [
        at(-20, 0, 100, 1000),  # 12 ha, 10 ha of them inside; a pond of 2 ha
        at(500, 0, 600, 50),  # 0.5 ha
        at(600, 0, 700, 200),  # 2 ha
        at(700, 900, 740, 950),  # 2 000 m2
        at(1100, 400, 1200, 500),  # 1 ha beyond the line
        at(800, 0, 850, 100),  # a square of 0.5 ha in the layer of parks
    ],
    NAME=["西园", "小园", "东园", "角园", "外园", "广场"],
    CLASS=["G11", "G12", "G12", "G14", "G14", "G3"],
    OPEN=["是", "是", "否", "是", "是", "是"],
)
POND = layer([at(0, 0, 100, 200)])
GREEN = layer(
    [at(0, 0, 100, 1000), at(800, 0, 850, 100), at(400, 900, 420, 950)], CLASS=["G11", "G3", "G3"]
)
CANOPY = layer(
    [at(0, 0, 70, 1000), at(600, 0, 700, 100), at(800, 0, 850, 35), at(400, 900, 420, 940)]
)
CENTRE = layer([at(0, 0, 500, 1000)], NAME=["老城"], POP=[5000])
HISTORIC = layer([at(0, 0, 600, 1000)])
TABLES = """
[layers.water]
path = "city.gpkg"
layer = "pond"
[layers.centre]
path = "city.gpkg"
layer = "middle"
columns = { name = "NAME", population = "POP" }
[layers.historic]
path = "city.gpkg"
layer = "old"
"""
SWAP = {
    'layer = "parks"\ncolumns = { name = "NAME" }': 'layer = "by_class"\nedition = "2017"\n'
    'columns = { name = "NAME", class = "CLASS", open = "OPEN" }',
    'layer = "green"\n': 'layer = "with_squares"\n',
    'layer = "canopy"\n': 'layer = "thin"\n',
}
FRAMES = {
    "by_class": PARKS,
    "with_squares": GREEN,
    "thin": CANOPY,
    "pond": POND,
    "middle": CENTRE,
    "old": HISTORIC,
}


def check_with(town, name, *, swap=None, extra=TABLES, standard="GB55014-2021"):
    for key, frame in FRAMES.items():
        frame.to_file(town / "city.gpkg", layer=key)
    text = MANIFEST + extra
    for old, new in {**SWAP, **(swap or {})}.items():
        assert old in text, old
        text = text.replace(old, new)
    (town / name).write_text(text, encoding="utf-8")
    return gs.check(town / name, standard=standard)


@pytest.fixture(scope="module")
def check(town):
    return check_with(town, "by_class.toml")


@pytest.fixture(scope="module")
def parks(check):
    return next(ledger for ledger in check.ledgers if ledger.id == "parks").rows.set_index("name")


def found(check, code):
    return next((f for f in check.findings if f.code == code), None)


def reading(check, indicator):
    items = [m for m in check.measured if m.ratio.indicator == indicator]
    return {m.judged: m.ratio.value for m in items}


def test_classes_are_apart_inside_the_line_for_all_persons(check):
    # 10 000 persons; G11 10 ha inside, G12 2.5 ha
    assert check.ratios["comprehensive_park_per_capita"].value == pytest.approx(10.0)
    assert check.ratios["community_park_per_capita"].value == pytest.approx(2.5)
    rows = {v.indicator: v.verdict for v in check.verdicts}
    assert rows["comprehensive_park_per_capita"] == "pass"
    assert rows["community_park_per_capita"] == "fail"


def test_districts_have_their_own_parks_by_class(check):
    item = next(m for m in check.measured if m.ratio.indicator == "community_park_per_capita")

    # 甲区 (4 000 persons) has none; 乙区 (6 000) has 25 000 m2
    assert item.zones.value.tolist() == pytest.approx([0.0, 25_000 / 6_000])


def test_small_parks_count_and_what_is_left_without_them_stands_beside(check):
    assert reading(check, "community_park_per_capita") == pytest.approx({True: 2.5, False: 2.0})
    assert found(check, "park_undersized").rows == (1,)
    # the comprehensive park has 12 ha in all, 10 of them inside: its own size decides
    assert reading(check, "comprehensive_park_per_capita") == pytest.approx({True: 10.0})


def test_a_comprehensive_park_on_the_line_counts_as_one(check):
    ratio = check.ratios["comprehensive_parks_per_10k"]

    assert (ratio.numerator, ratio.denominator) == (1, 1)
    assert "rule" in {source.role for source in ratio.sources}


def test_a_square_in_the_layer_of_parks_is_no_park_area(check):
    # 10 ha + 0.5 + 2 + 0.2, without the square of 0.5 ha and the park beyond the line
    assert check.ratios["park_area_per_capita"].value == pytest.approx(12.7)
    assert found(check, "class_no_park").rows == (5,)


def test_park_land_is_without_water_and_within_the_line(check):
    # land: 8 + 0.5 + 2 + 0.2 ha; green: 70 x 800 + 100 x 100 m2
    ratio = check.ratios["park_greening_share"]

    assert (ratio.numerator, ratio.denominator) == pytest.approx((66_000, 107_000))
    short = found(check, "parks_short_of_green")
    assert short.rows == (1, 2, 3)
    # 0.65 x 5 000, 0.65 x 20 000 - 10 000, 0.65 x 2 000
    assert short.area_m2 == pytest.approx(3_250 + 3_000 + 1_300)


def test_without_a_layer_of_water_the_share_is_said_to_be_too_low(town):
    dry = check_with(town, "dry.toml", extra="")

    # canopy over the pond is canopy over land then: 66 000 + 14 000 of 127 000 m2
    assert dry.ratios["park_greening_share"].value == pytest.approx(80_000 / 127_000)
    assert found(dry, "park_water_unknown") is not None


def test_squares_are_measured_and_a_green_one_is_told_and_not_added(check):
    # 35 % of 5 000 m2 and 80 % of 1 000 m2
    ratio = check.ratios["square_greening_share"]

    assert ratio.value == pytest.approx((1_750 + 800) / 6_000)
    told = found(check, "square_counts_as_park")
    assert (told.rows, told.area_m2) == ((2,), pytest.approx(1_000))
    assert found(check, "squares_short_of_green").rows == (1,)  # 35 % is not more than 35 %


def test_the_centre_has_its_own_parks_and_persons(check):
    assert check.ratios["centre_park_area_per_capita"].value == pytest.approx(100_000 / 5_000)
    (row,) = next(ledger for ledger in check.ledgers if ledger.id == "centre").rows.to_dict(
        "records"
    )
    assert (row["name"], row["persons"]) == ("老城", 5_000)
    assert row["area_m2"] == pytest.approx(500_000)
    assert row["park_m2"] == pytest.approx(100_000)
    assert row["park_per_head"] == pytest.approx(20.0)


def test_a_centre_is_cut_at_the_built_up_line_and_what_lies_beyond_is_told(town):
    # 500 m of it inside, 300 m beyond; of the park at x = -20 to 100, 100 m count
    wide = layer([at(-300, 0, 500, 1000)], NAME=["老城"], POP=[5000])
    wide.to_file(town / "city.gpkg", layer="wide")
    far = check_with(
        town, "wide.toml", swap={}, extra=TABLES.replace('"middle"', '"wide"'), standard="CN-2005"
    )

    assert far.ratios["centre_park_area_per_capita"].value == pytest.approx(20.0)
    assert found(far, "centre_beyond_line").area_m2 == pytest.approx(300_000)


def test_a_centre_without_persons_has_a_reason(town):
    swap = {
        'columns = { name = "NAME", population = "POP" }\n[layers.historic]': "[layers.historic]"
    }
    blind = check_with(town, "blind.toml", swap=swap, standard="CN-2005")

    row = next(v for v in blind.verdicts if v.indicator == "centre_park_area_per_capita")
    assert row.verdict == "not_assessable"
    assert "population" in row.reason.en


def test_the_list_has_every_park_with_what_counts_and_why_not(parks):
    assert parks["area_m2"].tolist() == pytest.approx(
        [120_000, 5_000, 20_000, 2_000, 10_000, 5_000]
    )
    assert parks["inside_m2"].tolist() == pytest.approx([100_000, 5_000, 20_000, 2_000, 0, 5_000])
    assert parks["counts"].tolist() == [True, True, True, True, False, False]
    assert parks["open"].tolist() == [True, True, False, True, True, True]
    assert parks["water_m2"].tolist() == pytest.approx([20_000, 0, 0, 0, 0, 0])
    assert parks["district"].tolist() == ["甲区", "乙区", "乙区", "乙区", "", "乙区"]
    assert parks["radius_m"].tolist()[:5] == [500, 500, 500, 300, 500]
    assert parks["tier_m2"].tolist()[:5] == [5000, 5000, 5000, 2000, 5000]
    assert parks.loc["广场", ["radius_m", "tier_m2"]].isna().all()
    assert parks.loc["西园", "green_share"] == pytest.approx(0.70)
    assert parks.loc["东园", "short_m2"] == pytest.approx(3_000)
    assert parks.loc["广场", "class_name"].zh == "广场用地"
    assert "建成区" in parks.loc["外园", "remark"].zh
    assert "GB 55014" in parks.loc["小园", "remark"].en
    assert "not open" in parks.loc["东园", "remark"].en
    assert parks.loc["角园", "remark"] is None


@pytest.mark.parametrize("code", ["G3", "G2", "EG4", "EG12", "RG"])
def test_rows_that_are_no_park_serve_no_homes_and_what_they_would_is_told(town, code):
    # homes at x = 100 to 800, y = 400 to 500; the park in the far corner reaches none of them
    shapes = [at(950, 950, 1000, 1000), at(100, 400, 200, 500)]
    rows = layer(shapes, NAME=["角", "地"], CLASS=["G14", code], OPEN=["是", "否"])
    rows.to_file(town / "city.gpkg", layer="other_green")
    only = check_with(town, "other.toml", swap={'layer = "by_class"': 'layer = "other_green"'})

    assert only.ratios["service_coverage"].value == 0
    would = found(only, "no_park_would_serve")
    assert (would.rows, would.area_m2) == ((1,), pytest.approx(10_000))
    assert "85." in would.text.en or "86." in would.text.en  # 100 m + 500 m of 700 m
    assert "service_coverage" in found(only, "class_no_park").indicators
    assert found(only, "park_not_open") is None  # it is no park


def test_near_rows_of_one_name_that_would_serve_further_together_are_told(town):
    shapes = [at(300, 600, 340, 680), at(380, 600, 420, 680)]  # 3 200 m2 each, a road between
    rows = layer(shapes, NAME=["园", "园"], CLASS=["G14"] * 2, OPEN=["是", "否"])
    rows.to_file(town / "city.gpkg", layer="by_road")
    cut = check_with(town, "by_road.toml", swap={'layer = "by_class"': 'layer = "by_road"'})

    assert found(cut, "parks_of_several_rows_serve_apart").rows == (0, 1)
    assert found(cut, "park_not_open").rows == (1,)


def test_parks_beyond_the_line_serve_and_what_they_do_is_told(town):
    # homes at x = 100 to 800: the park at x = 1 100 reaches 500 m back to x = 600
    shapes = [at(0, 0, 9, 9), at(1100, 400, 1200, 500)]
    only = layer(shapes, NAME=["角", "外园"], CLASS=["G14"] * 2, OPEN=["是"] * 2)
    only.to_file(town / "city.gpkg", layer="only")
    far = check_with(town, "far_parks.toml", swap={'layer = "by_class"': 'layer = "only"'})

    told = found(far, "parks_beyond_line")
    assert told.rows == (1,)
    assert "0.00%" in told.text.en
    assert f"{far.ratios['service_coverage'].value:.2%}" in told.text.en


def test_parks_without_codes_have_reasons_in_place_of_numbers(town):
    swap = {
        'layer = "by_class"\nedition = "2017"\ncolumns = { name = "NAME", class = "CLASS", '
        'open = "OPEN" }': 'layer = "by_class"'
    }
    bare = check_with(town, "bare.toml", swap=swap)

    rows = {v.indicator: v for v in bare.verdicts}
    for name in ("comprehensive_park_per_capita", "community_park_per_capita"):
        assert rows[name].verdict == "not_assessable"
        assert "class" in rows[name].reason.en
    assert rows["park_greening_share"].value is not None


def coded(town, *codes):
    PARKS.assign(CLASS=list(codes)).to_file(town / "city.gpkg", layer="coded")
    return check_with(town, "coded.toml", swap={'layer = "by_class"': 'layer = "coded"'})


def test_a_park_of_no_middle_class_leaves_no_number_by_class(town):
    doubtful = coded(town, "G11", "G1", "G12", "G14", "G14", "G3")

    row = next(v for v in doubtful.verdicts if v.indicator == "community_park_per_capita")
    assert row.verdict == "not_assessable"
    assert "G1 " in row.reason.en
    assert doubtful.ratios["park_area_per_capita"].value == pytest.approx(12.7)


def test_an_unknown_code_of_a_park_is_refused_with_its_row_and_the_nearest_code(town):
    with pytest.raises(ColumnError) as caught:
        coded(town, "G11", "C11", "G12", "G14", "G14", "G3")
    assert (caught.value.layer, caught.value.rows, caught.value.expected) == ("parks", (1,), "G11")


def test_parks_of_two_editions_are_refused(town):
    with pytest.raises(ColumnError):
        coded(town, "G11", "G122", "G139", "G14", "G14", "G3")
