"""A folder of results becomes a line, whatever it holds."""

from __future__ import annotations

import json

import pytest
from shapely import box

from greenspace.league_rows import row_of
from greenspace.model.words import Text
from tests.cities import COVERAGE, LAW, PARKS, city, ground, record, verdict, write_results

ROWS = [
    verdict(COVERAGE, "f"),
    verdict(PARKS, "n", threshold=None, reason={"zh": "缺", "en": "none"}),
    verdict(PARKS, "p", standard=LAW),
]


def test_a_line_holds_what_the_record_says(tmp_path):
    made = city(tmp_path / "q", record(ROWS))

    assert (made.name, made.standard, made.year) == ("清河", "CN-2022", 2026)
    assert (made.verdict, made.provisional, made.version) == ("fail", False, "0.1.0")
    assert made.judged[None, COVERAGE].value == 0.35996
    assert made.judged[None, PARKS].reason == Text("缺", "none")
    assert made.judged[LAW, PARKS].verdict == "pass"


def test_an_outline_lies_where_the_built_up_area_does(tmp_path):
    # EPSG:4547: 500 000 m east is longitude 114; 3 444 000 m north is close to latitude 31.11
    made = city(tmp_path / "q", record(ROWS), ground=ground(499e3, 3444e3, 501e3, 3446e3))

    west, south, east, north = made.outline.bounds
    assert (west + east) / 2 == pytest.approx(114.0, abs=1e-9)
    assert north - south == pytest.approx(2000 / 110_870, rel=1e-3)  # metres a degree at 31 N


def test_an_outline_is_simple_and_a_small_town_keeps_its_shape(tmp_path):
    round_town = ground(0, 0, 1, 1)
    round_town.geometry = round_town.translate(500e3, 3444e3).buffer(150, quad_segs=200)
    made = city(tmp_path / "q", record(ROWS), ground=round_town)

    assert 10 < len(made.outline.exterior.coords) < 200


@pytest.mark.parametrize("crs", [None, 'LOCAL_CS["grid",UNIT["metre",1]]'])
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_grid_of_ones_own_has_no_outline_and_says_so(tmp_path, crs):
    made = city(tmp_path / "q", record(ROWS), ground=ground(0, 0, 1000, 1000, crs=crs))

    assert made.outline is None
    assert "grid of its own" in made.no_outline.en
    assert made.counted


def test_no_layers_no_outline(tmp_path):
    made = city(tmp_path / "q", record(ROWS))

    assert made.outline is None
    assert made.no_outline is not None


def without(key, inner=None):
    made = record(ROWS)
    if inner is None:
        made.pop(key)
    else:
        made[key] = made[key][0].copy() if isinstance(made[key], list) else made[key].copy()
        made[key].pop(inner)
        if key == "verdicts":
            made[key] = [made[key]]
    return made


@pytest.mark.parametrize(
    "made",
    [
        without("city"),
        without("overall"),
        without("verdicts", "mandatory"),
        without("city", "date"),
        without("overall", "provisional"),
        record([verdict(COVERAGE, "p") | {"indicator": "of_tomorrow"}]),
        record([verdict(COVERAGE, "p") | {"verdict": "maybe"}]),
        record(ROWS, day="some day"),
        record(ROWS, standard=7),
        {},
    ],
)
def test_results_of_another_version_are_a_failed_line_that_says_so(tmp_path, made):
    line = city(tmp_path / "q", made, state="kept")

    assert (line.state, line.rows, line.verdict) == ("failed", (), None)
    assert "q/check.json" in line.why[-1].en
    assert "greenspace check" in line.why[-1].en
    assert str(tmp_path) not in line.why[-1].zh


def test_an_edited_record_is_a_failed_line(tmp_path):
    folder = write_results(tmp_path / "q", record(ROWS))
    text = (folder / "check.json").read_text(encoding="utf-8").replace('"fail"', '"pass"')
    (folder / "check.json").write_text(text, encoding="utf-8")
    line = row_of(folder, id="q", manifest="q", state="kept")

    assert line.state == "failed"
    assert "edited" in line.why[0].en


@pytest.mark.parametrize("content", [None, "", "[]", "{", "\x00", json.dumps({"city": {}})])
def test_whatever_lies_there_is_a_failed_line(tmp_path, content):
    (tmp_path / "q").mkdir()
    if content is not None:
        (tmp_path / "q" / "check.json").write_text(content, encoding="utf-8")

    assert row_of(tmp_path / "q", id="q", manifest="q", state="checked").state == "failed"


def test_what_is_known_already_is_kept(tmp_path):
    why = Text("影像变了", "the image changed")
    assert city(tmp_path / "q", record(ROWS), state="stale", why=(why,)).why == (why,)
    failed = row_of(tmp_path / "none", id="n", manifest="n", state="failed", why=(why,))
    assert (failed.state, failed.why) == ("failed", (why,))


def test_the_sample_city_is_a_line_with_the_verdicts_of_its_check(sample_check, tmp_path):
    from greenspace.present.geopackage import write_geopackage
    from greenspace.present.record import check_json

    check = sample_check("CN-2022")
    folder = write_results(tmp_path / "q", json.loads(check_json(check)))
    write_geopackage(check, folder / "layers.gpkg")
    line = row_of(folder, id="q", manifest="q", state="checked")

    held = [(v.standard, v.indicator, v.verdict, v.mark, v.mandatory) for v in check.verdicts]
    said = [(r.standard, r.indicator, r.verdict, r.mark, r.mandatory) for r in line.rows]
    assert said == held
    assert line.verdict == check.verdict
    assert line.year == check.city.date.year
    assert line.outline.within(box(114.0, 30.4, 114.3, 30.7))
