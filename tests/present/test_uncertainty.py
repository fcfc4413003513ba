"""The estimate and its interval stand beside the mapped value in every output, named."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import pytest
from openpyxl import load_workbook

from greenspace.model.quantity import NO_REFERENCE, SYNTHETIC, Interval, Ratio
from greenspace.model.words import Text
from greenspace.present.geopackage import write_geopackage
from greenspace.present.record import check_json
from greenspace.present.report import report_html
from greenspace.present.tables import ratio_html, ratio_table_html
from greenspace.present.terminal import as_text, text_table
from greenspace.present.uncertainty import error_facts
from greenspace.present.workbook import write_workbook

EAST = Interval(0.36, 0.44, estimate=0.40, points=31)
WEST = Interval.synthetic(0.30, points=4)
NASTY_REASON = Text(zh="=无", en="<none>")


@pytest.fixture
def assessed(check):
    first, *others = check.measured
    first = replace(first, zones=first.zones.assessed([EAST, WEST]))
    return replace(check, measured=(first, *others))


def test_facts_are_the_estimate_and_its_interval_or_the_reason():
    sure = Ratio("green_coverage", 3.0, 10.0, "1", None, interval=EAST, unseen=0.0)

    assert error_facts(sure, "en") == [
        ("estimate", "40.00%"),
        ("interval", "36.00%–44.00% (95%, reference points: 31)"),
    ]
    synthetic = replace(sure, interval=WEST)
    assert error_facts(synthetic, "en") == [
        ("estimate", "30.00%"),
        ("no_interval", SYNTHETIC.en),
    ]
    assert error_facts(replace(sure, interval=None), "zh") == [("no_interval", NO_REFERENCE.zh)]
    assert error_facts(replace(sure, interval=None, unseen=None), "zh") == []


def test_the_record_holds_them_for_the_city_and_its_zones(assessed):
    first, second, *_ = json.loads(check_json(assessed))["ratios"]
    east, west, outside = first["zones"]

    assert (first["estimate"], first["interval"]) == (0.355, [0.33, 0.38, 0.95])
    assert (first["interval_method"], first["no_interval"]) == ("direct", None)
    assert (east["estimate"], east["interval_points"]) == (0.40, 31)
    assert (west["estimate"], west["interval"]) == (0.30, None)
    assert (west["interval_method"], west["no_interval"]["en"]) == ("synthetic", SYNTHETIC.en)
    assert outside["no_interval"] == {"zh": NO_REFERENCE.zh, "en": NO_REFERENCE.en}
    assert (second["interval"], second["no_interval"]) == (None, None)  # not from imagery


def test_the_workbook_holds_them_as_numbers(assessed, tmp_path):
    path = tmp_path / "indicators.xlsx"
    write_workbook(assessed, path)
    book = load_workbook(path)
    of_city = [cell.value for cell in book["指标 Indicators"][4]]
    assert of_city[8:12] == [0.355, 0.33, 0.38, 0.95]
    rows = [[cell.value for cell in row] for row in book["分区 Districts"].iter_rows()]
    east, west, outside = (row for row in rows if row[0] and "green coverage" in row[0])
    assert east[9:13] == [0.40, 0.36, 0.44, 0.95]
    assert west[9:13] == [0.30, None, None, None]
    assert "no probability" in west[13]
    assert NO_REFERENCE.en in outside[13]


def test_the_report_names_mapped_value_and_estimate(assessed):
    page = report_html(assessed, "zh")

    assert "误差校正估计值（不用于判定）" in page
    assert '校正估计 40.00%</span><span class="remark">36.00%–44.00%</span>' in page
    assert "合成估计 30.00%</span></td>" in page


def test_the_notebook_shows_them_by_zone_and_escapes_the_reason(assessed):
    zones = assessed.measured[0].zones
    html = ratio_table_html(zones)
    assert "36.00%–44.00% (95%, reference points: 31)" in html
    mixed = ratio_table_html(zones.assessed([EAST, NASTY_REASON]))
    assert "&lt;none&gt;" in mixed
    assert "<none>" not in mixed
    assert "误差校正估计" in ratio_html(assessed.measured[0].ratio)


def test_the_geopackage_holds_them(assessed, tmp_path):
    write_geopackage(assessed, tmp_path / "layers.gpkg")
    frame = gpd.read_file(tmp_path / "layers.gpkg", layer="districts")
    assert frame["green_coverage_estimate"].tolist() == [0.40, 0.30]
    assert frame["green_coverage_interval_method"].tolist() == ["direct", "synthetic"]


def test_the_terminal_says_the_interval_or_why_there_is_none(check):
    assert "误差校正估计 35.50%" in as_text(text_table(check, "zh", 200), width=200)
    first, *others = check.measured
    bare = replace(first, ratio=replace(first.ratio, interval=None))
    changed = replace(check, measured=(bare, *others))
    assert "没有参考点" in as_text(text_table(changed, "zh", 200), width=200)
