"""Zones of a park held against boundary and scheme: by hand, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
from shapely import box

from greenspace.errors import ColumnError, CrsError, DefinitionError, GeometryError, InputError
from greenspace.zoned_park import park_zoning

if TYPE_CHECKING:
    from pathlib import Path

    from greenspace.model.zoning import Zoning

X, Y, CRS = 500_000.0, 3_400_000.0, 4547
CORE, GENERAL = "核心保护区", "一般控制区"
PARK = gpd.GeoDataFrame({"name": ["park"]}, geometry=[box(X, Y, X + 1000, Y + 1000)], crs=CRS)


def cut(*rows: tuple, **columns: list) -> gpd.GeoDataFrame:
    """Return zones (zone, x0, y0, x1, y1) within the park of 1 km by 1 km."""
    shapes = [box(X + x0, Y + y0, X + x1, Y + y1) for _, x0, y0, x1, y1 in rows]
    return gpd.GeoDataFrame({"zone": [row[0] for row in rows], **columns}, geometry=shapes, crs=CRS)


def outcomes(found: Zoning) -> dict[str, bool | None]:
    return {item.id: item.passed for item in found.checks}


def check(found: Zoning, name: str):
    return next(item for item in found.checks if item.id == name)


def ledger(found: Zoning, name: str):
    return next(item for item in found.ledgers if item.id == name).rows


def test_an_exact_cut_passes_and_its_shares_are_those_of_its_areas() -> None:
    found = park_zoning(cut((CORE, 0, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000)), PARK)
    assert outcomes(found) == {
        "names_known": True,
        "no_gap": True,
        "no_overlap": True,
        "inside_boundary": True,
        "levels": None,
        "shares_sum": True,
        "share_core": True,
    }
    table = ledger(found, "zoning_areas")
    assert table["area_m2"].tolist() == [600_000, 400_000, 1_000_000]
    assert table["share"].tolist() == [0.6, 0.4, 1.0]
    assert check(found, "share_core").mark == "provisional"
    assert found.zones["zone"].tolist() == ["core", "general"]
    assert found.findings == ()


def test_half_is_enough_and_a_square_metre_less_is_not() -> None:
    half = park_zoning(cut((CORE, 0, 0, 500, 1000), (GENERAL, 500, 0, 1000, 1000)), PARK)
    less = park_zoning(cut((CORE, 0, 0, 499.999, 1000), (GENERAL, 499.999, 0, 1000, 1000)), PARK)
    assert outcomes(half)["share_core"] is True
    assert outcomes(less)["share_core"] is False


def test_a_gap_has_its_area_and_its_place() -> None:
    found = park_zoning(cut((CORE, 0, 0, 600, 1000), (GENERAL, 610, 0, 1000, 1000)), PARK)
    gap = check(found, "no_gap")
    assert (gap.passed, gap.count, gap.area_m2) == (False, 1, 10_000)
    assert gap.places.iloc[0].equals(box(X + 600, Y, X + 610, Y + 1000))
    row = ledger(found, "zoning_faults").iloc[0]
    assert (row["area_m2"], row["x"], row["y"]) == (10_000, X + 605, Y + 500)
    assert row["width_m"] == pytest.approx(2 * 10_000 / 2020)
    assert outcomes(found)["shares_sum"] is False
    assert outcomes(found)["share_core"] is True  # 60 to 61 %: above 50 % either way


def test_an_overlap_names_both_rows() -> None:
    zones = cut((CORE, 0, 0, 600, 1000), (GENERAL, 590, 0, 1000, 1000)).set_axis(["a", "b"])
    found = park_zoning(zones, PARK)
    assert check(found, "no_overlap").area_m2 == 10_000
    assert ledger(found, "zoning_faults")["zones"].tolist() == ["a, b"]
    balance = ledger(found, "zoning_balance")["area_m2"].tolist()
    assert balance == pytest.approx([1_010_000, -10_000, 0, 1_000_000])


def test_ground_beyond_the_boundary_is_told_and_in_no_share() -> None:
    found = park_zoning(cut((CORE, -50, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000)), PARK)
    assert check(found, "inside_boundary").area_m2 == 50_000
    assert ledger(found, "zoning_areas")["share"].tolist() == [0.6, 0.4, 1.0]


@pytest.mark.parametrize(("core_to", "general_from"), [(480, 520), (520, 480)])
def test_a_share_that_faults_could_turn_is_not_decided(core_to: int, general_from: int) -> None:
    """A gap of 48 to 52 %, and an overlap of the same ground."""
    zones = cut((CORE, 0, 0, core_to, 1000), (GENERAL, general_from, 0, 1000, 1000))
    test = check(park_zoning(zones, PARK), "share_core")
    assert test.passed is None
    assert "48.00%" in test.text.en
    assert "52.00%" in test.text.en


def test_a_seasonal_core_is_told_apart_and_may_leave_the_share_open() -> None:
    zones = cut(
        (CORE, 0, 0, 450, 1000), (CORE, 450, 0, 550, 1000), (GENERAL, 550, 0, 1000, 1000),
        season=[None, "5–9月", None],
    )  # fmt: skip
    found = park_zoning(zones, PARK)
    assert ledger(found, "zoning_areas")["share"].tolist() == [0.45, 0.1, 0.45, 1.0]
    assert found.zones["seasonal"].tolist() == [False, True, False]
    assert outcomes(found)["share_core"] is None
    assert outcomes(found)["shares_sum"] is True


def test_function_zones_belong_to_the_area_that_they_name() -> None:
    zones = cut(
        ("严格保护区", 0, 0, 600, 1000), ("生态保育区", 600, 0, 1000, 400), ("科教游憩区", 600, 400, 1000, 1000),
        level=[CORE, GENERAL, GENERAL],
    )  # fmt: skip
    found = park_zoning(zones, PARK)
    assert outcomes(found)["levels"] is True
    table = ledger(found, "zoning_areas")
    assert [zone and zone.en.split()[0] for zone in table["zone"]] == [
        None, "strict", None, "ecological", "science,", None,
    ]  # fmt: skip
    assert table["share"].tolist() == pytest.approx([0.6, 0.6, 0.4, 0.16, 0.24, 1.0])


def test_function_zones_drawn_over_control_areas_belong_where_they_lie() -> None:
    zones = cut(
        (CORE, 0, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000),
        ("严格保护区", 0, 0, 600, 1000), ("生态保育区", 600, 0, 1000, 400), ("科教游憩区", 600, 400, 1000, 990),
    )  # fmt: skip
    found = park_zoning(zones, PARK)
    assert found.zones["level"].tolist() == ["core", "general", "core", "general", "general"]
    assert outcomes(found)["levels"] is True
    assert outcomes(found)["no_gap"] is True
    assert check(found, "no_gap_functions").area_m2 == 4_000
    assert outcomes(found)["shares_sum"] is True


def test_a_function_zone_across_two_areas_is_no_part_of_one() -> None:
    zones = cut(
        (CORE, 0, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000),
        ("严格保护区", 0, 0, 500, 1000), ("生态保育区", 500, 0, 1000, 1000),
    )  # fmt: skip
    found = park_zoning(zones, PARK)
    test = check(found, "levels")
    assert (test.passed, test.count) == (False, 1)
    assert "100,000.00 m²" in test.text.en


def test_function_zones_of_one_area_alone_need_cover_that_area_alone() -> None:
    zones = cut(
        (CORE, 0, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000),
        ("生态保育区", 600, 0, 1000, 500), ("科教游憩区", 600, 500, 1000, 1000),
    )  # fmt: skip
    assert outcomes(park_zoning(zones, PARK))["no_gap_functions"] is True


def test_an_undivided_core_beside_function_zones_is_one_cut() -> None:
    zones = cut(
        (CORE, 0, 0, 600, 1000), ("生态保育区", 600, 0, 1000, 1000), level=["", GENERAL]
    )  # fmt: skip
    found = park_zoning(zones, PARK)
    assert "no_gap_functions" not in outcomes(found)
    assert all(passed for passed in outcomes(found).values())


def test_function_zones_without_their_area_leave_the_share_open() -> None:
    zones = cut(("严格保护区", 0, 0, 600, 1000), ("生态保育区", 600, 0, 1000, 1000))
    found = park_zoning(zones, PARK)
    assert outcomes(found)["levels"] is False
    assert outcomes(found)["share_core"] is None


@pytest.mark.parametrize("level", ["缓冲区", "严格保护区"])
def test_a_level_that_is_no_control_area_is_told(level: str) -> None:
    zones = cut(("严格保护区", 0, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000), level=[level, ""])
    assert outcomes(park_zoning(zones, PARK))["levels"] is False


def test_unknown_zones_are_listed_and_in_no_share() -> None:
    zones = cut((CORE, 0, 0, 600, 1000), ("缓冲区", 600, 0, 900, 1000), ("", 900, 0, 1000, 1000))
    found = park_zoning(zones, PARK)
    test = check(found, "names_known")
    assert (test.passed, test.count, test.area_m2) == (False, 2, 400_000)
    assert "缓冲区" in test.text.zh
    assert ledger(found, "zoning_areas")["area_m2"].tolist() == [600_000, 0, 400_000, 1_000_000]
    assert outcomes(found)["no_gap"] is True


def test_numbers_of_levels_say_nothing_and_names_may_be_written_otherwise() -> None:
    zones = cut(
        ("core", 0, 0, 600, 1000), (" General Control AREA", 600, 0, 1000, 1000), level=[1, 1]
    )
    assert outcomes(park_zoning(zones, PARK))["names_known"] is True


def test_a_core_keeps_its_buffer_or_does_not() -> None:
    """The core begins 40 m east of the boundary: 10 m by 920 m of it are nearer than 50 m."""
    core = (CORE, 40, 40, 960, 960)
    ring = box(X, Y, X + 1000, Y + 1000).difference(box(X + 40, Y + 40, X + 960, Y + 960))
    zones = cut(core, (GENERAL, 0, 0, 1, 1))
    zones.geometry = [zones.geometry.iloc[0], ring]
    assert outcomes(park_zoning(zones, PARK, buffer_m=40))["core_buffer"] is True
    found = park_zoning(zones, PARK, buffer_m=50)
    test = check(found, "core_buffer")
    assert (test.passed, test.mark) == (False, "user")
    assert test.area_m2 == pytest.approx(920**2 - 900**2)
    assert ledger(found, "zoning_core")["area_m2"].tolist() == pytest.approx(
        [920**2, 920**2 - 900**2, 820**2]
    )
    assert "core_buffer" not in outcomes(park_zoning(zones, PARK))


def test_the_forestry_scheme_has_another_name_and_no_share() -> None:
    zones = cut((CORE, 0, 0, 300, 1000), ("传统利用区", 300, 0, 1000, 1000), level=[CORE, GENERAL])
    found = park_zoning(zones, PARK, scheme="LY-T-2933-2018")
    assert outcomes(found)["names_known"] is True
    assert "share_core" not in outcomes(found)
    assert outcomes(park_zoning(zones, PARK))["names_known"] is False


OWN = """
id = "ours"
name = { zh = "某风景区", en = "a scenic area" }
[[level1]]
id = "first"
name = { zh = "一级保护区", en = "first grade" }
core = true
[[level1]]
id = "second"
name = { zh = "二级保护区", en = "second grade" }
names = ["缓冲"]
[[share]]
zone = "second"
at_most = 0.3
"""


def test_a_scheme_of_ones_own_is_held_to_its_own_rules(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(OWN, encoding="utf-8")
    zones = cut(("一级保护区", 0, 0, 600, 1000), ("缓冲", 600, 0, 1000, 1000))
    found = park_zoning(zones, PARK, scheme=file)
    assert outcomes(found)["share_second"] is False
    assert check(found, "share_second").mark == "user"
    assert found.scheme.en == "a scenic area"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('zone = "second"', 'zone = "third"'),
        ('names = ["缓冲"]', 'names = ["一级保护区"]'),
        ("at_most = 0.3", "at_most = 30"),
        ("at_most = 0.3", ""),
        ("core = true", 'core = "yes"'),
        ('id = "ours"', 'ID = "ours"'),
        ("[[share]]", "[[share"),
    ],
)
def test_a_badly_formed_scheme_is_refused(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionError):
        park_zoning(cut((CORE, 0, 0, 1, 1)), PARK, scheme=str(file))


def test_an_unknown_scheme_is_refused_with_those_there_are() -> None:
    with pytest.raises(DefinitionError) as caught:
        park_zoning(cut((CORE, 0, 0, 1, 1)), PARK, scheme="GB/T 39737-2020")
    assert "GB-T-39736-2020" in caught.value.expected
    assert park_zoning(cut((CORE, 0, 0, 1, 1)), PARK, scheme="GB/T 39736-2020").scheme.en


def test_degrees_and_another_crs_are_measured_in_metres_and_told() -> None:
    zones = cut((CORE, 0, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000))
    found = park_zoning(zones.to_crs(4490), PARK)
    assert found.crs == PARK.crs
    assert "zones_in_other_crs" in [item.code for item in found.findings]
    assert ledger(found, "zoning_areas")["share"].tolist() == pytest.approx(
        [0.6, 0.4, 1.0], abs=1e-5
    )


def test_a_cut_that_is_exact_in_degrees_is_exact_in_metres() -> None:
    """Edges of 1 km that meet other edges in their middle: bent alike, to less than 1 mm."""
    park = gpd.GeoSeries([box(114.0, 30.7, 114.01, 30.71)], crs=4490)
    shapes = [box(114.0, 30.7, 114.0063, 30.71), box(114.0063, 30.7, 114.01, 30.71)]
    found = park_zoning(
        gpd.GeoDataFrame({"zone": [CORE, GENERAL]}, geometry=shapes, crs=4490), park
    )
    assert found.crs.is_projected
    assert outcomes(found)["no_gap"] is True
    assert outcomes(found)["no_overlap"] is True
    assert ledger(found, "zoning_areas")["share"].tolist() == pytest.approx(
        [0.63, 0.37, 1], abs=1e-6
    )


def test_an_invalid_polygon_is_mended_and_told() -> None:
    zones = cut((CORE, 0, 0, 600, 1000), (GENERAL, 600, 0, 1000, 1000))
    eight = shapely.Polygon(
        [(X, Y), (X + 600, Y), (X + 600, Y + 1000), (X, Y + 1000), (X + 700, Y + 500)]
    )
    zones.geometry = [eight, zones.geometry.iloc[1]]
    found = park_zoning(zones, PARK)
    assert "made_valid" in [item.code for item in found.findings]
    assert outcomes(found)["no_gap"] is False


@pytest.mark.parametrize(
    ("zones", "options", "error"),
    [
        (lambda: cut((CORE, 0, 0, 1, 1)).rename(columns={"zone": "a"}), {}, ColumnError),
        (lambda: cut((CORE, 0, 0, 1, 1)).geometry, {}, ColumnError),
        (lambda: cut((CORE, 9000, 0, 9100, 1)), {}, GeometryError),
        (lambda: cut((CORE, 0, 0, 1, 1)).iloc[:0], {}, GeometryError),
        (lambda: cut((CORE, 0, 0, 1, 1)).set_geometry(gpd.points_from_xy([X], [Y], crs=CRS)), {}, GeometryError),
        (lambda: cut((CORE, 0, 0, 1, 1)).set_crs(None, allow_override=True), {}, CrsError),
        (lambda: cut((CORE, 0, 0, 1, 1)), {"crs": 3857}, CrsError),
        (lambda: cut((CORE, 0, 0, 1, 1)), {"buffer_m": -5}, InputError),
        (lambda: cut((CORE, 0, 0, 1, 1)), {"buffer_m": "50"}, InputError),
        (lambda: cut((CORE, 0, 0, 1, 1)), {"noise_width_m": float("nan")}, InputError),
    ],
)  # fmt: skip
def test_what_is_no_zoning_is_refused(zones, options: dict, error: type[InputError]) -> None:
    with pytest.raises(error):
        park_zoning(zones(), PARK, **options)
