"""Tables of zones and green lines in a notebook: shaded, told, and refused by name."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from greenspace.errors import ColumnError, InputError
from greenspace.model.green_line import GreenLines
from greenspace.model.ledger import Ledger
from greenspace.model.quantity import RatioTable
from greenspace.model.words import Text
from tests.present.interactive_town import data_of

CRS = "EPSG:4547"


@pytest.fixture(scope="module")
def table():
    zones = gpd.GeoDataFrame(
        {"name": ["东", "<b>西</b>", "空"], "mayor": ["甲", "乙", None]},
        geometry=[box(x, 0, x + 100, 100) for x in (0, 100, 200)],
        crs=CRS,
    )
    return RatioTable("green_space_ratio", zones, [1, 2, 0], [4, 4, 0], "1", zones.crs)


def zones_of(page):
    (layer,) = data_of(page.html)["layers"]
    return layer, {label: (shown, exact) for label, shown, exact in layer["facts"]}


def test_zones_are_shaded_and_told(table):
    layer, facts = zones_of(table.explore())

    assert layer["names"] == ["东", "<b>西</b>", "空"]
    assert facts["数值"] == (["25.00%", "50.00%", "—"], ["0.25", "0.5", ""])
    assert facts["mayor"][0] == ["甲", "乙", ""]
    light, dark, none = layer["fills"]
    assert light > dark  # the greener the darker
    assert none == "#c9c9c9"


def test_a_tooltip_chooses_columns_as_in_geopandas(table):
    assert list(zones_of(table.explore(tooltip=["value"]))[1]) == ["数值"]
    assert list(zones_of(table.explore(tooltip="mayor"))[1]) == ["mayor"]
    assert zones_of(table.explore(tooltip=False))[1] == {}


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"column": "none"}, ColumnError),
        ({"column": "mayor"}, ColumnError),
        ({"tooltip": ["none"]}, ColumnError),
        ({"cmap": "no such map"}, InputError),
    ],
)
def test_what_cannot_be_shown_is_refused(table, asked, refusal):
    with pytest.raises(refusal):
        table.explore(**asked)


def test_each_status_of_green_lines_is_a_layer():
    shapes = [box(0, 0, 10, 10), box(20, 0, 30, 10)]
    lines = gpd.GeoDataFrame(
        {
            "number": ["L001", "L002"],
            "status": ["existing", "planned"],
            "category": ["park", "woods"],
            "class": ["G11", ""],
            "name": ["西园", ""],
            "area_m2": [100.0, 100.0],
            "length_m": [40.0, 40.0],
        },
        geometry=shapes,
        crs=CRS,
    )
    nothing = Ledger("green_line_changes", Text("改动", "changes"), (), pd.DataFrame())

    page = GreenLines(lines=lines, changes=nothing, limits=None).explore(language="en")

    existing, planned = data_of(page.html)["layers"]
    assert existing["title"] == "existing green line"
    assert existing["names"] == ["L001 西园"]
    assert ["area", ["100 m²"], ["100.0 m²"]] in existing["facts"]
    assert planned["names"] == ["L002"]
