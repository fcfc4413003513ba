"""Style: classes keep their edition, and the areas count ground once."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib import resources

import geopandas as gpd
import pandas as pd
import pytest

from greenspace.present import style
from greenspace.present.style import class_areas, fill_of, major_class


@pytest.mark.parametrize(
    ("code", "edition", "name"),
    [
        ("G2", "2017", "防护绿地"),
        ("G2", "2002", "生产绿地"),
        ("G3", "2017", "广场用地"),
        ("G3", "2002", "防护绿地"),
        ("SG", "2017", "附属绿地"),
        ("EG4", "2017", "区域绿地"),
        ("G1", None, "未分类绿地"),
    ],
)
def test_a_code_means_what_its_edition_says(code, edition, name):
    assert fill_of(major_class(code, edition), edition).name.zh == name


@pytest.mark.parametrize("edition", ["2002", "2017"])
def test_colours_are_those_of_the_class_tables(edition):
    folder = resources.files("greenspace") / "definitions" / "classes"
    table = tomllib.loads((folder / f"cjjt85-{edition}.toml").read_text(encoding="utf-8"))

    assert {key: fill.colour for key, fill in style.FILLS[edition].items()} == table["colours"]


def test_areas_by_hand(check):
    found = {part.code: (part.count, part.area_m2, part.inside_m2) for part in class_areas(check)}

    assert found == {
        "G1": (1, 80_000.0, 80_000.0),  # 200 x 400
        "G2": (1, 20_000.0, 20_000.0),  # 400 x 50
        "G3": (1, 3_600.0, 3_600.0),  # 60 x 60
        "XG": (1, 90_000.0, 90_000.0),  # 300 x 300
        "EG": (1, 100_000.0, 0.0),  # 200 x 500, outside the line
    }


def test_a_parcel_given_twice_is_counted_twice_and_measured_once(check):
    green = check.layers["green"]
    twice = gpd.GeoDataFrame(pd.concat([green, green.iloc[[0]]]), crs=green.crs)

    park = class_areas(replace(check, layers={**check.layers, "green": twice}))[0]

    assert (park.count, park.area_m2) == (2, 80_000.0)


def test_likes_in_lightness_differ_by_hatch():
    def lightness(colour):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for table in style.FILLS.values():
        fills = list(table.values())
        for one in fills:
            for other in fills:
                close = abs(lightness(one.colour) - lightness(other.colour)) < 20
                assert one is other or not close or one.hatch != other.hatch
