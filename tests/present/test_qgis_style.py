"""Styles of QGIS: well-formed, in the table where QGIS looks, with whatever stands in the words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from xml.etree import ElementTree as ET

import pyogrio
import pytest

from greenspace.present.qgis_style import by_rule, by_value, filled, marked, single, write_styles
from tests.green_plan import lines

HOSTILE = "\"'><script>&amp;"


def parsed(qml):
    return ET.fromstring(qml)  # noqa: S314 - our own words


def options(symbol):
    return {item.get("name"): item.get("value") for item in symbol.iter("Option")}


@pytest.mark.parametrize(
    ("line", "said"), [("solid", "solid"), ("dashed", "dash"), ("dashdot", "dash dot")]
)
def test_line_types_are_those_of_qgis(line, said):
    look = filled("#0b6b34", outline="#d06a00", line=line, opacity=90)
    found = options(parsed(single(look)).find(".//symbol"))
    assert found["outline_style"] == said
    assert (found["color"], found["outline_color"]) == ("11,107,52,90", "208,106,0,255")


def test_each_rule_has_the_symbol_of_its_place():
    looks = [(f"\"a\" = '{n}'", f"{n}{HOSTILE}", marked("#000000", size=n)) for n in (1, 2)]
    root = parsed(by_rule(looks, label="number"))
    rules = [(item.get("filter"), item.get("label")) for item in root.iter("rule")]
    assert rules == [(rule, title) for rule, title, _ in looks]
    sizes = {item.get("name"): options(item)["size"] for item in root.iter("symbol")}
    assert [sizes[item.get("symbol")] for item in root.iter("rule")] == ["1", "2"]
    assert root.find(".//text-style").get("fieldName") == "number"


def test_values_with_any_sign_stay_values():
    root = parsed(by_value("kind", [(HOSTILE, HOSTILE, marked("#123456"))]))
    assert root.find(".//category").get("value") == HOSTILE


def test_the_table_is_a_geopackage_s_own_with_a_key(tmp_path):
    path = tmp_path / "lines.gpkg"
    lines().lines.to_file(path, layer="lines", driver="GPKG")
    write_styles({"lines": single(marked("#123456"))}, path, description="绿线")
    with closing(sqlite3.connect(path)) as base:
        columns = [row[1] for row in base.execute("PRAGMA table_info(layer_styles)")]
        kind = base.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchone()
        row = base.execute(
            "SELECT id, f_table_name, f_geometry_column, useAsDefault FROM layer_styles"
        ).fetchone()
    assert columns == [
        "id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName",
        "styleQML", "styleSLD", "useAsDefault", "description", "owner", "ui", "update_time",
    ]  # fmt: skip
    assert kind == ("attributes",)
    assert row == (1, "lines", "geom", 1)
    assert pyogrio.read_info(path, layer="lines")["geometry_name"] == "geom"
