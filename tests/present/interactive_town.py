"""A town on an interactive map, whose every name is out to break the page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
from shapely import LineString, Point, box

from greenspace import check
from tests.town import CRS, X, Y, at, write_town

if TYPE_CHECKING:
    from pathlib import Path

    from greenspace.model.check import Check

HOSTILE = (
    "</script><script>document.title='broken'</script>",
    "<img src=x onerror=\"document.title='broken'\">",
    "${document.title='broken'} @{xs}{safe} $$\\input{a}$$",
    "\"'`\u2028\u2029\\\x1b[31m&amp;",
)
CITY = "<b>城</b></title><script>document.title='broken'</script>"


def hostile_check(folder: Path) -> Check:
    """The check of the town, with hostile names, roads, a tree and a speck of a park."""
    found = check(write_town(folder) / "city.toml")
    names = list(HOSTILE)
    parks = gpd.GeoDataFrame(
        {"name": [*names, "小园"]},
        geometry=[
            *(at(x, 600, x + 60, 660) for x in (110, 210, 310, 610)),
            at(700, 700, 700.01, 700.01),
        ],
        crs=CRS,
    )
    roads = gpd.GeoDataFrame(
        {"name": ["环路", names[0]], "shaded": [True, False]},
        geometry=[
            LineString([(X + 20, Y + 20), (X + 980, Y + 20)]),
            LineString([(X + 20, Y + 980), (X + 980, Y + 980)]),
        ],
        crs=CRS,
    )
    trees = gpd.GeoDataFrame({"name": ["老槐"]}, geometry=[Point(X + 450, Y + 850)], crs=CRS)
    lines = gpd.GeoDataFrame(
        {"number": ["L001", "L002"], "name": ["甲", None], "status": ["existing", "规划"]},
        geometry=[box(X, Y, X + 90, Y + 90), box(X + 100, Y, X + 190, Y + 90)],
        crs=CRS,
    )
    layers = {**found.layers, "parks": parks, "roads": roads, "old_trees": trees}
    city = replace(found.city, name=CITY, layers={**found.city.layers, "green_lines": lines})
    return replace(found, city=city, layers=layers)


def data_of(page: str) -> dict[str, Any]:
    """Return the data that a page carries."""
    inside = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert inside is not None
    found: dict[str, Any] = json.loads(inside[1])
    return found
