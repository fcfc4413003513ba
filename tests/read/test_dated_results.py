"""A record of a check read again: what was edited or contradicts itself is refused by its key."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

import greenspace as gs
from greenspace.errors import InputError
from greenspace.model.city import City
from greenspace.present.record import check_record
from greenspace.present.write import write_run
from greenspace.read.dated_results import read_dated


def layer(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4547)


def square(west, south, side):
    return box(500_000 + west, 3_400_000 + south, 500_000 + west + side, 3_400_000 + south + side)


@pytest.fixture(scope="module")
def record():
    halves = [square(0, 0, 1000), square(1000, 0, 1000)]
    city = City(
        name="方城",
        manifest=Path("city.toml"),
        date=date(2026, 6, 30),
        standard="CN-2010",
        population=5000.0,
        editions={"green": "2017"},
        targets={2027: {"green_space_ratio": 0.2}},
        supplied={"road_area_per_capita": 8.0},
        layers={
            "built_up": layer(*halves),
            "districts": layer(*halves, name=["W", "E"]),
            "green": layer(square(0, 0, 500), square(1000, 0, 300), **{"class": ["G11", "G11"]}),
        },
    )
    return check_record(gs.check(city))


def written(record, folder):
    (folder / "check.json").write_text(json.dumps(record), encoding="utf-8")
    write_run({"manifest": "city.toml"}, folder, datetime(2026, 1, 1, tzinfo=UTC))
    return folder


def test_the_lowest_district_keeps_its_halves(record, tmp_path):
    ratio = read_dated(written(record, tmp_path)).ratios["lowest_district_green_space_ratio"]
    assert (ratio.numerator, ratio.denominator) == (90_000.0, 1_000_000.0)


def test_a_record_that_was_edited_is_refused(record, tmp_path):
    folder = written(record, tmp_path)
    assert read_dated(folder).city.name == "方城"
    (folder / "check.json").write_text(json.dumps({**record, "note": 1}), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_dated(folder)
    assert str(caught.value.file) == str(folder / "check.json")


def first(record):
    return next(item for item in record["ratios"] if item["indicator"] == "green_space_ratio")


def row(record):
    return next(item for item in record["verdicts"] if item["indicator"] == "green_space_ratio")


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (lambda r: first(r).update(numerator="abc"), "numerator"),
        (lambda r: first(r).update(numerator=1e7), "value"),
        (lambda r: first(r).update(numerator=float("nan")), "numerator"),
        (lambda r: first(r).update(unseen=-5.0), "unseen"),
        (lambda r: first(r).update(indicator="nonsense"), "indicator"),
        (lambda r: first(r).update(unit="m2/person"), "unit"),
        (lambda r: first(r)["zones"][0].update(value=0.5), "zones.0.value"),
        (lambda r: row(r).update(value=0.5), "value"),
        (lambda r: row(r).update(verdict="zzz"), "verdict"),
        (lambda r: row(r).update(operator="=>"), "operator"),
        (lambda r: row(r).update(readings=["a"]), "readings"),
        (lambda r: r["city"].update(bounds=[1.0, 2.0, 3.0]), "city.bounds"),
        (lambda r: r["city"].update(name=None), "city.name"),
        (lambda r: r["city"].update(population="x"), "city.population"),
        (lambda r: r["city"].update(targets={"2028": {"nonsense": 1.0}}), "targets.2028.nonsense"),
        (lambda r: r["city"].update(targets=[1]), "city.targets"),
        (
            lambda r: r["city"].update(targets={"2028": {"green_coverage": "x"}}),
            "city.targets.2028",
        ),
        (lambda r: r.pop("verdicts"), "verdicts"),
    ],
)
def test_what_no_check_writes_is_refused_by_its_key(record, tmp_path, spoil, key):
    spoilt = json.loads(json.dumps(record))
    spoil(spoilt)
    with pytest.raises(InputError) as caught:
        read_dated(written(spoilt, tmp_path))
    assert str(caught.value.file) == str(tmp_path / "check.json")
    assert key in str(caught.value.expected)
