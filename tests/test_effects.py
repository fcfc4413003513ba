"""What putting a row right would change: held against measuring the corrected city again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import greenspace as gs
from greenspace.discrepancies import gauge_discrepancies
from greenspace.effects import Effects
from greenspace.measure.claims import shared_ground
from greenspace.measure.green_space import counted_green
from greenspace.model.declared import Correction
from greenspace.prepare.classify import OTHER_GREEN_CAP, split_green
from greenspace.read.definitions import read_classes
from greenspace.survey import Survey
from tests.quarter import scope_of
from tests.test_discrepancies import PEOPLE, city_of, found, of, parks
from tests.town import at, layer

TABLE = read_classes("2017")
CODES = ("G14", "G2", "EG1", "EG4")
LINE = shapely.box(0, 0, 40, 40)
corner = st.integers(-5, 40)
parcel = st.tuples(corner, corner, st.integers(1, 15), st.integers(1, 15), st.sampled_from(CODES))


def frame_of(parcels):
    shapes = [shapely.box(x, y, x + wide, y + high) for x, y, wide, high, _ in parcels]
    return layer(shapes, **{"class": [code for *_, code in parcels]})


def whole(green, land, cap):
    parts = split_green(green, LINE, land, TABLE)
    return counted_green(parts.inside.area, parts.adjacent.area, cap) / LINE.area


@settings(max_examples=30, deadline=None)
@given(
    st.lists(parcel, min_size=1, max_size=9),
    st.data(),
    st.sampled_from([None, shapely.box(0, 0, 20, 40), shapely.box(8, 8, 26, 30)]),
    st.sampled_from([0.0, 0.05, OTHER_GREEN_CAP]),
)
def test_an_effect_is_what_measuring_the_corrected_layer_again_gives(parcels, data, land, cap):
    rows = data.draw(st.lists(st.integers(0, len(parcels) - 1), unique=True, max_size=2))
    code = data.draw(st.sampled_from([None, *CODES]))
    new = data.draw(st.lists(parcel, max_size=1))
    green, added = frame_of(parcels), frame_of(new).geometry if new else ()
    kept = [
        (*it[:4], code) if place in rows else it
        for place, it in enumerate(parcels)
        if code is not None or place not in rows
    ]
    corrected = frame_of([*kept, *((*it[:4], "G2") for it in new)])
    after = whole(corrected, land, cap) if len(corrected) else 0.0
    change = after - whole(green, land, cap)

    correction = Correction(rows=tuple(rows), code=code, added=tuple(added))
    assert Effects(green, TABLE, LINE, land, cap=cap).of(correction) == pytest.approx(
        change, abs=1e-9
    )


@given(st.lists(parcel, max_size=8))
def test_ground_that_is_claimed_again_adds_up_to_the_sum_less_the_union(parcels):
    shapes = np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h, _ in parcels], dtype=object)
    again = sum(ground.area for _, _, ground in shared_ground(shapes).again())

    excess = shapely.area(shapes).sum() - shapely.union_all(shapes).area
    assert again == pytest.approx(excess, abs=1e-6)


def numbers(city):
    survey = Survey(city)
    survey.measure_park_area()
    survey.measure_green_space()
    return [
        survey.ratios[name].value if name in survey.ratios else 0.0
        for name in ("park_area_per_capita", "green_space_ratio")
    ]


def change(row):
    return [0.0 if np.isnan(row[key]) else row[key] for key in ("on_parks", "on_ratio")]


WEST = (at(0, 0, 100, 1000), "西园", "G14")
EAST = (at(500, 0, 600, 500), "东园", "G14")
HILL = (at(900, 0, 1000, 1000), "山", "EG1")
BELT = (at(550, 0, 650, 500), "铁路绿带", "G2")


@pytest.mark.parametrize(
    ("green", "land"),
    [
        ((WEST, EAST), None),
        ((WEST, EAST, BELT), None),  # what the belt has stays
        ((WEST, EAST, HILL), at(0, 0, 900, 1000)),  # the cap falls with the park
        ((WEST, EAST, BELT), at(0, 0, 500, 1000)),  # the park alone leads to the belt
    ],
)
def test_striking_a_bare_park_changes_what_it_says(tmp_path, green, land):
    ground = {} if land is None else {"construction_land": layer([land])}
    city = city_of(tmp_path, parks=parks(WEST, EAST), green=parks(*green), **ground)
    (row,) = of(found(city), "bare").to_dict("records")
    rest = parks(*(it for it in green if it is not EAST))
    after = numbers(replace(city, layers={**city.layers, "parks": parks(WEST), "green": rest}))

    assert change(row) == pytest.approx(np.subtract(after, numbers(city)))


def test_undeclared_green_beyond_construction_land_joins_under_the_cap(tmp_path):
    land = layer([at(350, 0, 1000, 1000)])
    city = city_of(tmp_path, parks=parks(EAST), green=parks(EAST), construction_land=land)
    (row,) = of(found(city), "undeclared").to_dict("records")
    more = parks(EAST, (at(0, 0, 350, 1000), "新绿", "G2"))
    after = numbers(replace(city, layers={**city.layers, "green": more}))

    assert change(row) == pytest.approx(np.subtract(after, numbers(city)))
    assert row["on_ratio"] == pytest.approx(0.01)  # a fifth of 0.05, not 0.35


def test_an_effect_is_measured_under_the_cap_of_the_judged_standard(tmp_path):
    """20 ha and a twentieth of them, of 100 ha; less 10 ha and a twentieth of those: 0.105."""
    own = tmp_path / "own.toml"
    own.write_text(
        'extends = "CN-2016"\n[[criterion]]\nindicator = "green_space_ratio"\nlevel = "garden"\n'
        '[[criterion.parameter]]\nname = "other_green_cap"\nvalue = 0.05\nmark = "user"\n'
        'source = { document = "文号", page = 7 }\n',
        encoding="utf-8",
    )
    bare = (at(800, 0, 900, 1000), "东园", "G14")
    city = city_of(
        tmp_path,
        parks=parks(WEST, bare),
        green=parks(WEST, bare, HILL),
        construction_land=layer([at(0, 0, 900, 1000)]),
    )
    checked = gs.check(city, standard=f"{own}:garden")
    (rows,) = (item.rows for item in checked.ledgers if item.id == "declared_parks")
    (row,) = rows[rows["name"] == "东园"].to_dict("records")

    assert row["on_ratio"] == pytest.approx(-0.105)
    assert checked.ratios["green_space_ratio"].value == pytest.approx(0.21)


NURSERY, PARK = (at(-50, 0, 50, 100), "城南苗圃"), (at(0, 0, 100, 100), "滨河公园")


@pytest.mark.parametrize(
    ("layers", "put_right"),
    [
        # a row of both layers, half beyond the line
        ({"parks": [(*NURSERY, "G139")], "green": [(*NURSERY, "G139")]}, "EG4"),
        ({"parks": [(*NURSERY, "G139")], "green": [WEST]}, "EG4"),
        # no park by its code, counted not at all as it is
        ({"parks": [(*PARK, "G2")], "green": [WEST]}, "G1"),
        ({"parks": [(*PARK, "G2"), (at(50, 0, 99, 100), "东园", "G14")]}, "G1"),
    ],
)
def test_a_park_of_another_name_changes_what_it_says(layers, put_right):
    def with_code(code):
        rows = {name: [list(row) for row in table] for name, table in layers.items()}
        for table in rows.values():
            if code is not None and table[0][1] != "西园":
                table[0][2] = code
        return city_of(**{name: parks(*table) for name, table in rows.items()})

    city = with_code(None)
    (row,) = of(found(city), "wrong_class").to_dict("records")

    assert change(row) == pytest.approx(np.subtract(numbers(with_code(put_right)), numbers(city)))


@pytest.mark.parametrize(
    ("code", "name", "put_right"),
    [
        ("EG4", "铁路防护绿地", "G2"),
        ("G14", "铁路防护绿地", "G2"),
        ("G1", "城南苗圃", "EG4"),
        ("EG2", "中央公园", "G1"),
        ("G2", "滨河公园", "G1"),
    ],
)
def test_a_green_parcel_of_another_name_changes_what_it_says(code, name, put_right):
    park, shape = (at(0, 0, 100, 100), "甲园", "G14"), at(50, 0, 150, 100)
    city = city_of(parks=parks(park), green=parks(park, (shape, name, code)))
    (row,) = of(found(city), "wrong_class").to_dict("records")
    listed = [park, (shape, name, put_right)] if put_right == "G1" else [park]
    green = parks(park, (shape, name, put_right))
    after = numbers(replace(city, layers={**city.layers, "parks": parks(*listed), "green": green}))

    assert row["layer"] == "green"
    assert change(row) == pytest.approx(np.subtract(after, numbers(city)))


def test_an_unspecific_code_of_regional_green_contradicts_no_park():
    assert found(city_of(green=parks((at(0, 0, 100, 100), "西山森林公园", "EG1")))) is None


def test_ground_counted_three_times_is_two_times_too_much():
    same = [(at(0, 0, 100, 100), name, "G14") for name in "甲乙丙"]
    rows = found(city_of(parks=parks(*same)))

    assert rows["kind"].tolist() == ["twice", "twice"]
    assert sorted(rows["row"]) == ["0, 1", "0, 1, 2"]
    assert rows["on_parks"].sum() == pytest.approx(-20_000 / PEOPLE)
    assert {text.en for text in rows["of"]} == {"a plain sum of the rows"}


def test_a_park_that_a_green_parcel_overlaps_is_counted_twice_in_that_layer():
    park = (at(0, 0, 100, 100), "甲园", "G14")
    belt = (at(50, 0, 150, 100), "绿带", "G2")
    (row,) = found(city_of(parks=parks(park), green=parks(park, belt))).to_dict("records")

    assert (row["kind"], row["layer"], row["row"]) == ("twice", "green", "0, 1")
    assert change(row) == pytest.approx([0.0, -0.005])


def test_rows_that_are_no_park_by_code_are_not_counted_twice_bare_or_outside(tmp_path):
    rows = parks((at(-50, 0, 50, 100), "东街", "G2"), (at(0, 0, 100, 100), "西园", "G14"),
                 (at(500, 0, 600, 100), "北街", "G2"))  # fmt: skip
    kinds = found(city_of(tmp_path, parks=rows))["kind"]

    assert kinds.tolist() == ["wrong_class", "wrong_class"]


def test_a_park_beyond_the_line_tells_of_both_sums():
    park = parks((at(-50, 0, 50, 100), "边园", "G14"))
    (row,) = found(city_of(parks=park, green=park)).to_dict("records")

    assert change(row) == pytest.approx([-0.5, -0.005])


def test_a_bare_park_in_a_larger_parcel_leaves_the_ratio_open_and_says_so(tmp_path):
    wide = parks((at(500, 0, 700, 500), "大绿地", "G14"))
    (row,) = of(found(city_of(tmp_path, parks=parks(EAST), green=wide)), "bare").to_dict("records")

    assert np.isnan(row["on_ratio"])
    assert "left open" in row["detail"].en


def test_why_undeclared_green_is_not_looked_for_is_told(tmp_path):
    for city, why in (
        (city_of(tmp_path, parks=parks(WEST)), "layer of green"),
        (city_of(parks=parks(WEST), green=parks(WEST)), "vegetation"),
    ):
        (finding,) = gauge_discrepancies(scope_of(city)).findings
        assert finding.code == "undeclared_not_looked_for"
        assert why in finding.text.en


def test_a_layer_of_green_without_rows_lacks_all_green(tmp_path):
    city = city_of(tmp_path, parks=parks(WEST), green=parks(WEST).iloc[:0])
    (row,) = of(found(city), "undeclared").to_dict("records")

    assert row["on_ratio"] == pytest.approx(0.25)


def test_codes_that_cannot_be_read_are_told_and_stop_nothing(tmp_path):
    unread = parks((at(500, 0, 600, 100), "东园", "ZZ"))
    gauged = gauge_discrepancies(scope_of(city_of(tmp_path, parks=unread, green=parks(WEST))))

    assert any(item.severity == "warning" and "ZZ" in item.text.en for item in gauged.findings)
