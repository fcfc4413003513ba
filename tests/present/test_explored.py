"""Tables of zones and green lines in a notebook: shaded, told, and refused by name."""

from __future__ import annotations

import geopandas as gpd
import matplotlib as mpl
import pandas as pd
import pytest
from shapely import box

from greenspace.errors import ColumnError, GeometryError, InputError
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
    return layer, {label: (shown, exact) for label, shown, exact, *_ in layer["facts"]}


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
    assert ["area", ["100 m²"], ["100.0 m²"]] in [fact[:3] for fact in existing["facts"]]
    assert planned["names"] == ["L002"]


def test_words_of_geopandas_and_matplotlib_are_taken(table):
    named = zones_of(table.explore(cmap="Greens"))[0]["fills"]

    assert zones_of(table.explore(cmap=mpl.colormaps["Greens"]))[0]["fills"] == named
    assert zones_of(table.explore(tooltip=None))[1] == {}
    assert list(zones_of(table.explore(tooltip=2))[1]) == ["name", "mayor"]


def test_zones_without_any_shape_are_refused():
    zones = pd.DataFrame({"name": ["甲"]})

    with pytest.raises(GeometryError):
        RatioTable("green_space_ratio", zones, [1], [4], "1", None).explore()


def test_a_zone_without_a_shape_leaves_the_others_their_place(table):
    zones = table.to_frame()[["name", "geometry"]]
    zones.loc[1, "geometry"] = None

    page = RatioTable("green_space_ratio", zones, [1, 2, 0], [4, 4, 0], "1", zones.crs).explore()

    assert [len(shape) for shape in zones_of(page)[0]["shapes"]] == [1, 0, 1]
    assert "无数值" in page.html.partition('id="data"')[0]


@pytest.mark.parametrize(("crs", "bar"), [(4547, True), (2263, False), (None, False)])
def test_a_scale_bar_stands_where_map_units_are_metres(crs, bar):
    zones = gpd.GeoDataFrame(geometry=[box(900_000, 200_000, 901_000, 201_000)], crs=crs)
    page = RatioTable("green_space_ratio", zones, [1], [4], "1", zones.crs).explore()

    figure = page.html.partition('id="figure">')[2].partition("</script>")[0]
    assert ('"ScaleBar"' in figure) is bar


def test_a_page_is_short_where_it_is_named(table):
    assert len(repr(table.explore())) < 60
