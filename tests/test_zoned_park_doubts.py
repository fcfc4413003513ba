"""Zones that contradict themselves, and which share or buffer they leave undecided."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import box

from greenspace.errors import InputError
from greenspace.zoned_park import park_zoning
from tests.test_zoned_park import (
    CORE,
    CRS,
    GENERAL,
    PARK,
    X,
    Y,
    check,
    cut,
    ledger,
    outcomes,
)

STRICT, CONSERVATION = "严格保护区", "生态保育区"


def test_a_gap_between_function_zones_leaves_the_control_areas_decided() -> None:
    """Core 45 % exactly; 10 % of the general area are in no function zone."""
    zones = cut(
        (CORE, 0, 0, 450, 1000), (GENERAL, 450, 0, 1000, 1000), (CONSERVATION, 450, 0, 900, 1000)
    )
    found = park_zoning(zones, PARK)
    assert check(found, "no_gap_functions").area_m2 == 100_000
    assert outcomes(found)["no_gap"] is True
    assert outcomes(found)["share_core"] is False


def test_a_row_whose_level_contradicts_its_zone_leaves_the_share_open() -> None:
    zones = cut(
        (CORE, 0, 0, 450, 1000), (CORE, 450, 0, 550, 1000), (GENERAL, 550, 0, 1000, 1000),
        level=[CORE, GENERAL, GENERAL],
    )  # fmt: skip
    found = park_zoning(zones, PARK)
    assert outcomes(found)["levels"] is False
    share = check(found, "share_core")
    assert share.passed is None
    assert "45.00% and 55.00%" in share.text.en
    assert ledger(found, "zoning_areas")["share"].tolist() == [0.45, 0.45, 0.1, 1.0]
    assert found.zones["level"].tolist() == ["core", "", "general"]


@pytest.mark.parametrize("core_to", [490, 510])
def test_a_core_drawn_as_a_function_zone_alone_is_core_beside_a_divided_general_area(
    core_to: int,
) -> None:
    zones = cut(
        (STRICT, 0, 0, core_to, 1000), (GENERAL, core_to, 0, 1000, 1000),
        (CONSERVATION, core_to, 0, 1000, 1000),
        level=[CORE, None, GENERAL],
    )  # fmt: skip
    found = park_zoning(zones, PARK)
    assert outcomes(found) == {
        "names_known": True,
        "no_gap": True,
        "no_overlap": True,
        "inside_boundary": True,
        "no_gap_functions": True,
        "no_overlap_functions": True,
        "inside_boundary_functions": True,
        "levels": True,
        "shares_sum": True,
        "share_core": core_to > 500,
    }


def test_a_function_zone_over_ground_of_another_level_than_its_own_is_an_overlap() -> None:
    zones = cut(
        (CORE, 0, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000), (CONSERVATION, 400, 0, 600, 1000),
        level=[None, None, GENERAL],
    )  # fmt: skip
    found = park_zoning(zones, PARK)
    assert check(found, "no_overlap").area_m2 == 200_000
    assert outcomes(found)["share_core"] is None  # 40 to 60 %


@pytest.mark.parametrize("season", ["否", "无", "全年", "No", "all year", "ALL-YEAR", " 常年 "])
def test_a_season_that_is_none_or_the_whole_year_is_none(season: str) -> None:
    zones = cut((CORE, 0, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000), season=[season, season])
    found = park_zoning(zones, PARK)
    assert outcomes(found)["share_core"] is True
    assert not found.zones["seasonal"].any()
    assert found.findings == ()


def test_words_taken_as_a_season_are_told() -> None:
    zones = cut((CORE, 0, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000), season=["冬", None])
    told = next(item for item in park_zoning(zones, PARK).findings)
    assert (told.code, told.rows) == ("core_of_a_season", (0,))
    assert "冬" in told.text.en


def test_a_season_drawn_over_the_core_of_the_whole_year_counts_once() -> None:
    zones = cut(
        (CORE, 0, 0, 550, 1000), (CORE, 450, 0, 550, 1000), (GENERAL, 550, 0, 1000, 1000),
        season=[None, "冬", None],
    )  # fmt: skip
    found = park_zoning(zones, PARK)
    assert outcomes(found)["shares_sum"] is True
    assert ledger(found, "zoning_areas")["share"].tolist() == [0.55, 0.0, 0.45, 1.0]
    assert outcomes(found)["share_core"] is None  # 45 to 55 %


def test_ground_that_may_be_core_leaves_the_buffer_open() -> None:
    core = box(X + 200, Y + 200, X + 800, Y + 800)
    odd = box(X, Y + 200, X + 200, Y + 800)
    rest = PARK.geometry.iloc[0].difference(core.union(odd))
    for name, expected in ((GENERAL, True), ("??", None)):
        zones = gpd.GeoDataFrame(
            {"zone": [CORE, name, GENERAL]}, geometry=[core, odd, rest], crs=CRS
        )
        assert outcomes(park_zoning(zones, PARK, buffer_m=100))["core_buffer"] is expected
        assert outcomes(park_zoning(zones, PARK, buffer_m=250))["core_buffer"] is False


def test_rounding_that_is_no_gap_does_not_spoil_the_sum() -> None:
    """1 mm of 100 m: 1e-5 of the park."""
    park = gpd.GeoSeries([box(X, Y, X + 100, Y + 100)], crs=CRS)
    found = park_zoning(cut((CORE, 0, 0, 60, 100), (GENERAL, 60.001, 0, 100, 100)), park)
    assert (outcomes(found)["no_gap"], outcomes(found)["shares_sum"]) == (True, True)
    wider = park_zoning(cut((CORE, 0, 0, 60, 100), (GENERAL, 60.002, 0, 100, 100)), park)
    assert (outcomes(wider)["no_gap"], outcomes(wider)["shares_sum"]) == (False, False)


@pytest.mark.parametrize("width", [True, -1, float("nan"), "30"])
def test_a_width_is_a_number_of_metres(width: object) -> None:
    zones = cut((CORE, 0, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000))
    with pytest.raises(InputError):
        park_zoning(zones, PARK, buffer_m=width)
