"""Communities and plantable land: by hand, in a quarter of 1000 x 1000 m."""

from __future__ import annotations

from math import isnan, nan

import geopandas as gpd
import pandas as pd
import pytest
from shapely import MultiPolygon, Point

import greenspace as gs
from greenspace.communities import gauge_communities
from greenspace.errors import ColumnError, DataWarning
from greenspace.read.inspections import inspections_of, read_inspections
from tests.quarter import gauge, ledger, quarter, ratio, told, zones
from tests.town import CRS, X, Y, at, layer

PLANTED = "plantable_greened_share"
# A and B meet at x = 400; 100 m in the east are in no community
TOWN = layer(
    [at(0, 0, 400, 1000), at(400, 0, 900, 1000)],
    name=["东社区", "西社区"],
    households=[700, 1200],
    resident=["2000", 3000],
    floating=[100, None],
)
GREEN = layer([at(0, 0, 100, 1000), at(450, 0, 500, 1000)])
LAND = layer([at(0, 0, 200, 100), at(100, 0, 200, 100), at(450, 0, 550, 200)])
NOISE = gpd.GeoDataFrame(
    geometry=[Point(X + 10, Y + 10), Point(X + 500, Y + 10), Point(X + 950, Y + 10)], crs=CRS
)
ROUNDS = pd.DataFrame(
    {
        "community": ["东社区", "东社区", "南社区"],
        "date": ["2026-03-20", "2025-12-01", "2026-01-01"],
        "rating": ["优", "良", "中"],
    }
)


def found(**layers):
    every = {"communities": TOWN, "vegetation": GREEN, "plantable": LAND}
    return gauge(gauge_communities, quarter(**every | layers))


def test_plantable_land_is_green_by_the_vegetation_on_it_counted_once():
    gauged = found()

    # 200 x 100 and 100 x 200 m, half of each green; the second row repeats a part of the first,
    # the third lies across the line of the districts with its green half in the first
    share = ratio(gauged, PLANTED)
    assert (share.numerator, share.denominator) == pytest.approx((20_000, 40_000))
    assert zones(gauged, PLANTED) == pytest.approx({"甲区": 20_000 / 30_000, "乙区": 0})


def test_the_sheet_says_land_people_green_and_what_is_planted():
    rows = ledger(found(), "communities").set_index("name")

    assert rows["area_m2"].tolist() == [400_000, 500_000]
    assert rows["green_m2"].tolist() == pytest.approx([100_000, 50_000])
    assert rows["coverage"].tolist() == pytest.approx([0.25, 0.10])
    assert rows["plantable_m2"].tolist() == pytest.approx([20_000, 20_000])
    assert rows["planted"].tolist() == pytest.approx([0.5, 0.5])
    assert rows["planted_m2"].tolist() == pytest.approx([10_000, 10_000])
    assert rows.loc["东社区", ["households", "resident", "floating"]].tolist() == [700, 2000, 100]
    assert isnan(rows.loc["西社区", "floating"])
    assert rows["population"].isna().all()
    assert rows["district"].tolist() == ["甲区", "乙区"]


def test_gaps_and_overlaps_are_told():
    overlapping = TOWN.set_geometry([at(0, 0, 500, 1000), at(400, 0, 900, 1000)])

    sheet = gs.community_sheet(overlapping)

    assert told(found(), "outside_communities")[0].area_m2 == pytest.approx(100_000)
    (overlap,) = (f for f in sheet.attrs["findings"] if f.code == "overlap")
    assert overlap.area_m2 == pytest.approx(100_000)
    assert "counts in each" in overlap.text.en


def test_noise_sources_are_counted_where_they_lie_and_before_the_column():
    gauged = found(communities=TOWN.assign(noise_sources=[1, 4]), noise_sources=NOISE)
    column = found(communities=TOWN.assign(noise_sources=[1, 4]))

    assert ledger(gauged, "communities")["noise_sources"].tolist() == [1, 1]
    assert told(gauged, "noise_differs")[0].rows == (1,)
    assert told(gauged, "noise_outside")[0].rows == (2,)
    assert ledger(column, "communities")["noise_sources"].tolist() == [1, 4]


def test_the_last_rating_comes_first_and_all_are_kept_in_order():
    sheet = gs.community_sheet(TOWN, inspections=ROUNDS)

    east, west = sheet.to_dict("records")
    assert (east["rating"], str(east["rated_on"]), east["inspections"]) == ("优", "2026-03-20", 2)
    assert east["ratings"] == "2025-12-01 良; 2026-03-20 优"
    assert (west["rating"], west["inspections"]) == (None, 0)
    (unknown,) = (f for f in sheet.attrs["findings"] if f.code == "community_unknown")
    assert unknown.count == 1
    assert "南社区" in unknown.text.en


def test_the_public_sheet_is_that_of_the_check():
    sheet = gs.community_sheet(
        TOWN, vegetation=GREEN, plantable=LAND, noise_sources=NOISE, districts=quarter().districts
    )

    checked = ledger(found(noise_sources=NOISE), "communities")
    pd.testing.assert_frame_equal(sheet, checked, check_dtype=False)


def test_in_another_crs_it_says_the_same():
    sheet = gs.community_sheet(TOWN.to_crs(4326), vegetation=GREEN, plantable=LAND, crs=CRS)

    assert sheet["green_m2"].tolist() == pytest.approx([100_000, 50_000], rel=1e-5)


def test_without_vegetation_nothing_green_is_said():
    sheet = gs.community_sheet(TOWN, plantable=LAND)
    gauged = found(vegetation=None)

    assert sheet[["green_m2", "coverage", "planted"]].isna().all(axis=None)
    assert sheet["plantable_m2"].tolist() == pytest.approx([20_000, 20_000])
    assert PLANTED in gauged.missing
    assert ledger(gauged, "communities")["green_m2"].isna().all()


@pytest.mark.parametrize("word", ["约300户", -3, True])
def test_households_that_are_no_number_are_told_and_left_empty(word):
    gauged = found(communities=TOWN.assign(households=pd.Series([700, word], dtype=object)))

    assert told(gauged, "not_a_number")[0].rows == (1,)
    assert ledger(gauged, "communities")["households"].tolist() == pytest.approx(
        [700, nan], nan_ok=True
    )
    assert ledger(gauged, "communities")["green_m2"].notna().all()


def test_names_that_are_shared_or_missing_are_told_apart_by_row():
    gauged = found(communities=TOWN.assign(name=["新华社区", "新华社区"]))

    assert ledger(gauged, "communities")["name"].tolist() == ["新华社区 #1", "新华社区 #2"]
    assert told(gauged, "community_names")[0].count == 2


def test_a_community_without_a_shape_keeps_its_row():
    town = TOWN.set_geometry([TOWN.geometry[0], MultiPolygon()])
    with pytest.warns(DataWarning, match="empty"):
        sheet = gs.community_sheet(town, vegetation=GREEN)

    assert sheet["name"].tolist() == ["东社区", "西社区"]
    assert sheet["area_m2"].tolist() == [400_000, 0]
    assert isnan(sheet["coverage"][1])


def test_without_plantable_land_in_the_city_there_is_a_reason():
    beyond = found(plantable=layer([at(2000, 0, 2100, 100)]))

    assert isnan(ratio(beyond, PLANTED).value)
    assert "no plantable" in ratio(beyond, PLANTED).reason.en
    assert PLANTED in found(plantable=None).missing
    assert PLANTED in found(built_up=None).missing
    assert not found(communities=None).ledgers


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"date": ["昨天", "2026-01-01", "2026-01-01"]}, "date"),
        ({"community": ["", "东社区", "东社区"]}, "community"),
        ({"rating": [None, "优", "优"]}, "rating"),
    ],
)
def test_inspections_that_say_too_little_are_refused_with_their_rows(change, column):
    with pytest.raises(ColumnError) as refusal:
        inspections_of(ROUNDS.assign(**change))

    assert (refusal.value.column, refusal.value.rows) == (column, (0,))


def test_a_table_of_inspections_is_read_by_the_names_of_its_columns(tmp_path):
    path = tmp_path / "rounds.csv"
    path.write_bytes("社区名称,检查日期,等级\n东社区,2026年3月20日,优\n".encode("gbk"))

    rows, _ = read_inspections(path)

    assert rows[["community", "rating"]].to_numpy().tolist() == [["东社区", "优"]]
    with pytest.raises(ColumnError):
        read_inspections(path, {"rating": "得分"})


def test_communities_without_names_are_refused():
    with pytest.raises(ColumnError) as refusal:
        gs.community_sheet(TOWN.drop(columns="name"))

    assert refusal.value.column == "name"
