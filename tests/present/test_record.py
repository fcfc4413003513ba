"""Record: the schema, and the promise on bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.present.record import check_json, check_record, relative_name, without_folder

TOP = [
    "city",
    "standard",
    "software",
    "inputs",
    "ratios",
    "verdicts",
    "overall",
    "trajectory",
    "declared",
    "findings",
]


def test_the_keys_that_are_fixed(check):
    record = check_record(check)

    assert list(record) == TOP
    assert record["standard"] == "CN-2010"
    assert record["overall"]["verdict"] == "fail"
    assert record["overall"]["provisional"] is False
    assert {"indicator", "unit", "value", "numerator", "denominator", "interval", "zones"} <= set(
        record["ratios"][0]
    )
    assert record["ratios"][0]["interval"] == [0.33, 0.38, 0.95]


def test_text_is_utf8_and_ends_with_a_newline(check):
    text = check_json(check)

    assert text.endswith("}\n")
    assert "清河" in text
    assert json.loads(text) == check_record(check)


def test_the_same_check_gives_the_same_bytes_wherever_it_lies(builder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    places = [Path("/data/a"), Path("/somewhere/else/b"), Path("relative/c"), tmp_path]

    def lying_in(place):
        check = builder(place)
        return replace(check, city=replace(check.city, report={"plan": f"{place}/plan.pdf"}))

    texts = {check_json(lying_in(place)) for place in places}

    assert len(texts) == 1
    assert "/data" not in texts.pop()


def test_floats_survive_the_round_trip(check):
    told = json.loads(check_json(check))["ratios"][0]["bounds"]

    assert tuple(told) == check.measured[0].ratio.bounds


def test_what_is_undefined_is_null(check):
    zone = check_record(check)["ratios"][1]["zones"][1]

    assert (zone["value"], zone["numerator"], zone["unseen"], zone["bounds"]) == (
        None,
        0,
        None,
        None,
    )
    assert "NaN" not in check_json(check)


def test_infinite_numbers_are_null_too(check):
    odd = Finding(code="x", text=Text("x", "x"), area_m2=inf)

    assert check_record(replace(check, findings=(odd,)))["findings"][0]["area_m2"] is None


def test_the_ground_outside_all_zones_has_its_row(check):
    zones = check_record(check)["ratios"][0]["zones"]

    assert [zone["outside"] for zone in zones] == [False, False, True]
    assert zones[-1]["name"] == "outside all zones"


def test_one_input_a_file_and_no_absolute_path(check):
    sources = (
        *check.inputs,
        Source(role="water", name="/mnt/far/water.shp", sha256="c" * 64),
        Source(role="roads", name="D:\\data\\roads.shp", sha256="d" * 64),
    )
    inputs = check_record(replace(check, inputs=sources))["inputs"]

    assert [item["path"] for item in inputs] == [
        "image.tif",
        "layers.gpkg",
        "roads.shp",
        "water.shp",
    ]
    assert inputs[1]["roles"] == ["green:green", "parks:parks"]


@pytest.mark.parametrize("name", ["a.shp", "../b/a.shp", "sub/a.shp"])
def test_relative_names_stay(name):
    assert relative_name(name) == name


def test_folders_are_cut_as_either_system_spells_them():
    assert without_folder("in C:\\city\\green.shp", ("C:\\city",)) == "in green.shp"
    assert without_folder("in a/b/green.shp", ("a/b",)) == "in green.shp"
    assert without_folder("in data/b/green.shp", ("a/b",)) == "in data/b/green.shp"


def test_numpy_numbers_are_plain(check):
    import numpy as np

    odd = Finding(code="x", text=Text("x", "x"), count=np.int64(3), rows=(np.int64(1), "a"))

    record = check_record(replace(check, findings=(odd,)))["findings"][0]

    assert (record["count"], record["rows"]) == (3, [1, "a"])
