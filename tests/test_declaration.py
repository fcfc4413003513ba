"""Declared figures of a city against its survey, by hand and by refusal."""

from __future__ import annotations

import pytest

import greenspace as gs
from greenspace.declaration import declared_ledger, declared_of
from greenspace.errors import InputError, ManifestError
from greenspace.model.city import City
from greenspace.model.quantity import Interval, Ratio

LAND = Ratio("green_space_ratio", 381.4, 1000.0, "1", None)
PARKS = Ratio("park_area_per_capita", 1140.0, 100.0, "m2/person", None)
COVER = Ratio(
    "green_coverage", 370, 1000, "1", None, interval=Interval(0.38, 0.44, estimate=0.41), unseen=0.0
)
CLASS = Ratio("surface_water_class", 4.0, 1.0, "count", None)


def test_figures_are_held_by_the_digits_they_are_printed_with():
    table = gs.compare_declared(
        {
            "green_space_ratio": "38.1%",
            "park_area_per_capita": 11.6,
            "green_coverage": "42.0%",
            "surface_water_class": "III类",
            "service_coverage": 0.9,
        },
        [LAND, PARKS, COVER, CLASS],
    ).set_index("indicator")

    assert table["standing"].to_dict() == {
        "green_space_ratio": "confirmed",
        "park_area_per_capita": "overstated",
        "green_coverage": "within_error",
        "surface_water_class": "understated",
        "service_coverage": "not_assessable",
    }
    assert table.loc["park_area_per_capita", "difference"] == pytest.approx(0.2)
    assert table.loc["green_coverage", "estimate"] == 0.41
    assert table.loc["surface_water_class", "flatters"]
    assert table.loc["service_coverage", "reason"]


def test_fewer_digits_stand_for_more():
    for written, standing in (("38%", "confirmed"), ("38.0%", "understated"), (0.38, "confirmed")):
        table = gs.compare_declared({"green_space_ratio": written}, [LAND])
        assert table["standing"].tolist() == [standing]


def test_a_slip_in_a_figure_is_refused():
    for wrong in ({"green_space_ratio": 38.1}, {"green_ratio": 0.4}):
        with pytest.raises(ManifestError):
            gs.compare_declared(wrong, [LAND])
    with pytest.raises(InputError):
        gs.compare_declared({}, [LAND, LAND])


def test_a_city_is_told_of_each_figure_and_what_it_supplies_itself_is_no_measurement(tmp_path):
    city = City(
        name="清河",
        manifest=tmp_path / "city.toml",
        declared={"green_space_ratio": 0.381, "sewage_treatment": 0.9, "heat_island": 2.0},
        declared_steps={"green_space_ratio": 0.001},
        supplied={"sewage_treatment": 0.9},
    )
    held = declared_of(city, {"green_space_ratio": LAND}, {})
    ledger = declared_ledger(held)

    assert [item.standing for item in held] == ["confirmed", "not_assessable", "not_assessable"]
    assert "supplie" in held[1].reason.en
    assert ledger.id == "declared"
    assert ledger.rows["measured"].iloc[0].en == "38.14%"
    assert ledger.rows["measured"].iloc[1].en == "—"
    assert ledger.rows["standing"].iloc[0].zh == "相符"
