"""The pages of benchmarks and scale show what was measured, and compute from it as by hand."""

from __future__ import annotations

import json
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results.json"
ASKED = {
    "coverage",
    "import_time",
    "network",
    "scale_out",
    "service",
    "two_step",
    "whole_check",
}
RECORD = {"says", "quick", "date", "greenspace", "machine", "load_before", "lines", "figures"}
LINE = {
    "name": str,
    "shown": str,
    "ours": float | int | None,
    "theirs": float | int | None,
    "unit": str | None,
    "peer": str | None,
    "peer_version": str | None,
    "ratio": float | int | None,
    "goal": str | None,
    "reached": bool | None,
}
BY_HAND = {
    "cities": {
        "seconds": {
            "1": {"serial": 31.0, "two_workers": 33.0, "start": 2.0},
            "8": {"serial": 240.0, "two_workers": 150.0, "start": 2.0},
        },
        "built_up_km2": 4.0,
    },
    "image": {"serial": {"seconds_per_gpx": 5.0, "bytes_per_gpx": 4e9}},
}

pytestmark = pytest.mark.skipif(not RESULTS.is_file(), reason="no benchmarks beside these tests")


@pytest.fixture
def pages(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "_ext"))
    return import_module("benchmark_pages")


@pytest.fixture(scope="module")
def results():
    return json.loads(RESULTS.read_text(encoding="utf-8"))


def test_every_benchmark_is_there_and_results_are_of_no_other(results):
    assert set(results) == ASKED
    assert all((ROOT / "benchmarks" / f"{name}.py").is_file() for name in ASKED)


@pytest.mark.parametrize("name", sorted(ASKED))
def test_results_keep_to_their_schema(results, name):
    record = results[name]

    assert set(record) == RECORD
    assert date.fromisoformat(record["date"])
    assert {"cores", "memory_gb", "system", "python", "libraries"} == set(record["machine"])
    assert record["lines"]
    for line in record["lines"]:
        assert set(line) == set(LINE)
        assert all(isinstance(line[key], kind) for key, kind in LINE.items()), line
        assert (line["reached"] is None) or line["goal"], "only what was promised is reached"
        assert (line["peer"] is None) or line["peer_version"], "a peer stands with its version"


def test_results_name_no_place_on_the_machine(results):
    text = json.dumps(results)

    assert [word for word in ("/tmp", "/home", "/root", "/work") if word in text] == []  # noqa: S108


def test_the_page_shows_every_benchmark_with_every_line(results, pages):
    source = (ROOT / "docs" / "reference" / "benchmarks.md").read_text(encoding="utf-8")
    rows = [row.strip("| ") for row in pages.filled(source).splitlines()]

    for name, record in results.items():
        assert f"## {name}" in rows
        for line in record["lines"]:
            name_cell, shown = (pages.table(["a"], [[line[key]]]) for key in ("name", "shown"))
            cells = " | ".join(text.splitlines()[-1].strip("| ") for text in (name_cell, shown))
            assert any(row.startswith(cells) for row in rows), line["name"]
    assert "<!-- benchmarks:" not in "\n".join(rows)


def test_a_missed_goal_and_small_data_are_said(pages, results):
    record = results["import_time"]
    line = record["lines"][-1] | {"goal": "<= 0.3", "reached": False}

    assert pages.line_row(line)[-1] == "**no**"
    assert pages.line_row(line | {"reached": None})[-1] == ""
    assert pages.SMALL in pages.condition(record | {"quick": True})
    assert pages.SMALL not in pages.condition(record | {"quick": False})


def test_arithmetic_of_scale_is_that_of_the_hand(pages):
    scale = pages.Scale.of(BY_HAND)

    assert scale.city_s == 30.0  # 240 s ÷ 8
    assert scale.efficiency == pytest.approx(0.8)  # 240 ÷ 150 ÷ 2
    assert scale.gpx == pytest.approx(0.8)  # 200 km² = 2e8 m², ÷ 0.25 m² = 8e8 pixels
    assert scale.least_s == pytest.approx(34.0)  # 30 + 0.8 × 5
    assert scale.most_s == pytest.approx(1504.0)  # 30 × 200 ÷ 4 + 4
    assert scale.hours(700, 1, scale.least_s) == pytest.approx(6.6111, abs=1e-4)  # 23 800 ÷ 3600
    assert scale.hours(700, 2, scale.least_s) == pytest.approx(4.1319, abs=1e-4)  # ÷ 1.6
    assert scale.hours(1, 16, 3600.0) == 1.0  # a city is not shared by workers
    assert scale.hours(700, 16, scale.most_s) == pytest.approx(22.8472, abs=1e-4)  # ÷ 12.8


def test_the_page_of_scale_computes_from_what_was_measured(pages, results):
    source = (ROOT / "docs" / "explanation" / "scale.md").read_text(encoding="utf-8")
    text = pages.filled(source)
    if "scale_out" not in results:
        assert text.count(pages.NOT_YET) == source.count("<!-- benchmarks:") == 3
        return
    cities = results["scale_out"]["figures"]["cities"]
    image = results["scale_out"]["figures"]["image"]["serial"]
    count = max(cities["seconds"], key=int)
    a_city = cities["seconds"][count]["serial"] / int(count)
    hours = 700 * (a_city + 0.8 * image["seconds_per_gpx"]) / 3600

    assert "<!-- benchmarks:" not in text
    last = next(row for row in text.splitlines() if row.startswith("| 700 |"))
    assert last.split("|")[2].strip() == "560"  # 700 × 0.8 Gpx
    assert last.split("|")[4].strip().startswith(f"{pages.short(hours)} – ")
    assert "not measured" in text
