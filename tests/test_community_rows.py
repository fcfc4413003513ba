"""Community rows: points on lines, what no image shows, names that are numbers."""

from __future__ import annotations

from math import nan

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

import greenspace as gs
from greenspace.community_rows import Grounds, sheet_rows
from greenspace.errors import ColumnError
from greenspace.holdings import Gathering
from greenspace.model.quantity import RatioTable
from greenspace.read.inspections import inspections_of
from tests.quarter import DISTRICTS
from tests.town import CRS, X, Y, at, layer

TOWN = layer([at(0, 0, 400, 1000), at(400, 0, 900, 1000)], name=["东社区", "西社区"])


def noise(x, community=None):
    return gpd.GeoDataFrame({"community": [community]}, geometry=[Point(X + x, Y + 5)], crs=CRS)


def codes(sheet):
    return [finding.code for finding in sheet.attrs["findings"]]


def rounds(*rows):
    return inspections_of(pd.DataFrame(rows, columns=["community", "date", "rating"]))


@pytest.mark.parametrize(
    ("x", "community", "counted", "told"),
    [
        (400, "西社区", [0, 1], []),
        (400, None, [1, 0], ["noise_on_line"]),
        (10, "西社区", [1, 0], ["noise_elsewhere"]),
        (950, "西社区", [0, 0], ["noise_outside"]),
    ],
)
def test_a_noise_source_is_counted_once_where_it_lies(x, community, counted, told):
    sheet = gs.community_sheet(TOWN, noise_sources=noise(x, community))

    assert sheet["noise_sources"].tolist() == counted
    assert codes(sheet) == told


def test_what_no_image_shows_is_unknown_and_the_columns_multiply_out():
    land = layer([at(300, 0, 400, 100), at(500, 0, 600, 100)]).geometry.to_numpy()
    shapes = [*TOWN.geometry, *land]
    green = RatioTable(
        "green_coverage",
        gpd.GeoDataFrame(geometry=shapes, crs=CRS),
        [0.0, 90_000.0, 0.0, 2_000.0],
        [0.0, 450_000.0, 0.0, 8_000.0],
        "1",
        CRS,
        unseen=[400_000.0, 50_000.0, 10_000.0, 2_000.0],
    )
    frame = TOWN.assign(district="")

    rows = sheet_rows(frame, Grounds(land, None, None), green, Gathering())

    assert rows["green_m2"].tolist() == pytest.approx([nan, 90_000], nan_ok=True)
    assert rows["planted_m2"].tolist() == pytest.approx([nan, 2_000], nan_ok=True)
    seen = rows["plantable_m2"] - rows["plantable_unseen_m2"]
    assert (rows["planted"] * seen)[1] == pytest.approx(rows["planted_m2"][1])


def test_names_that_are_numbers_are_found_in_the_inspections():
    table = pd.DataFrame(
        {"community": [101, 102], "date": ["2026-06-01"] * 2, "rating": ["优", "差"]}
    )

    sheet = gs.community_sheet(TOWN.assign(name=[101.0, 102.0]), inspections=table)

    assert sheet["name"].tolist() == ["101", "102"]
    assert sheet["rating"].tolist() == ["优", "差"]


def test_districts_without_names_are_refused():
    with pytest.raises(ColumnError) as refusal:
        gs.community_sheet(TOWN, districts=DISTRICTS[["geometry"]])

    assert refusal.value.layer == "districts"


def test_a_row_that_stands_there_again_counts_once():
    rows, findings = rounds(*[("东", "2026-06-01", "优")] * 3)

    assert rows["rating"].tolist() == ["优"]
    assert [(item.code, item.rows) for item in findings] == [("inspection_again", (1, 2))]


def test_ratings_of_one_day_that_differ_are_one_inspection_with_both():
    rows, findings = rounds(
        ("东", "2026-06-01", "优"), ("东", "2026-06-01", "差"), ("东", "2025-06-01", "良")
    )

    assert rows["rating"].tolist() == ["良", "优/差"]
    assert [(item.code, item.rows) for item in findings] == [("inspection_differs", (0, 1))]


def test_a_day_to_come_is_told():
    _, findings = rounds(("东", "2099-01-01", "优"))

    assert [(item.code, item.rows) for item in findings] == [("inspection_ahead", (0,))]
