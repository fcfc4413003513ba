"""International rules in a city's check: measured where its standard holds them, by persons or land."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import box

import greenspace as gs

X, Y = 500_000, 3_380_000
MANIFEST = """
[city]
name = "试城"
[layers.built_up]
path = "built_up.gpkg"
[layers.districts]
path = "districts.gpkg"
columns = { name = "NAME"@ }
[layers.parks]
path = "parks.gpkg"
[layers.residential]
path = "homes.gpkg"
"""


def layer(*shapes, **columns):
    placed = [box(X + a, Y + b, X + c, Y + d) for a, b, c, d in shapes]
    return gpd.GeoDataFrame(columns, geometry=placed, crs="EPSG:4547")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A park of 100 x 50 m = 0.5 ha, and homes 0-1000 m east of it in a strip."""
    folder = tmp_path_factory.mktemp("town")
    layer((0, 0, 2000, 1000)).to_file(folder / "built_up.gpkg")
    halves = layer((0, 0, 400, 1000), (400, 0, 2000, 1000), NAME=["甲", "乙"], POP=[300, 700])
    halves.to_file(folder / "districts.gpkg")
    layer((0, 0, 100, 50)).to_file(folder / "parks.gpkg")
    layer((100, 0, 1100, 50)).to_file(folder / "homes.gpkg")
    for name, people in (("people.toml", ', population = "POP"'), ("land.toml", "")):
        (folder / name).write_text(MANIFEST.replace("@", people), encoding="utf-8")
    return folder


def test_residents_are_counted_where_districts_say_how_many_there_are(town):
    check = gs.check(town / "people.toml", standard="WHO-300")
    ratio = check.ratios["who_300"]
    rows = check.table.set_index(["standard", "indicator"])

    # 甲: all 300 live within 300 m (100-400 m); 乙 begins where the 300 m end
    assert ratio.value == pytest.approx(0.3, abs=1e-6)
    assert check.ratios["who_300_1_ha"].value == 0.0
    row = rows.loc[("WHO-300", "who_300")]
    assert row["verdict"] == "not_assessable"
    assert "prints no share" in row["reason"]


def test_without_persons_land_is_measured_beside_and_the_row_says_why(town):
    check = gs.check(town / "land.toml", standard="WHO-300")
    beside = {item.ratio.indicator: item for item in check.measured}
    row = check.table.set_index(["standard", "indicator"]).loc[("WHO-300", "who_300")]

    assert beside["who_300_of_land"].ratio.value == pytest.approx(0.3, abs=1e-6)
    assert not beside["who_300_of_land"].judged
    assert "who_300" not in check.ratios
    assert "no persons by place" in row["reason"]


def test_a_living_circle_is_judged(town):
    check = gs.check(town / "people.toml", standard="GB50180-2018:new")
    row = check.table.set_index(["standard", "indicator"]).loc[
        ("GB50180-2018", "living_circle_5_green")
    ]

    # 0.5 ha, and 50 m wide: the park of a 5-minute circle; 5000 m2 for 1000 persons
    assert (row["value"], row["threshold"], row["verdict"]) == (pytest.approx(5.0), 1.0, "pass")


def test_other_standards_measure_none_of_them(town):
    check = gs.check(town / "people.toml", standard="CN-2010")
    assert not any(item.ratio.indicator.startswith(("who", "living")) for item in check.measured)


def test_reserves_say_who_measures_them(town):
    check = gs.check(town / "people.toml", standard="ANGSt-2010")
    row = check.table.set_index(["standard", "indicator"]).loc[
        ("ANGSt-2010", "angst_nature_reserves")
    ]

    assert (row["threshold"], row["verdict"]) == (10.0, "not_assessable")
    assert "gs.angst" in row["reason"]
