"""Community rows: what one sheet says of each community, cell by cell.

Question   Who lives in this community, how green is it, and how was it rated?
Enters     Communities in the measuring CRS, and what lies in them.
Leaves     One row a community; what cannot be used is told and left empty.
Elsewhere  The gauge and the public function: communities.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.measure.areas import covered
from greenspace.model.ledger import Column
from greenspace.model.names import name_of
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.numbers import numbers_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.holdings import Gathering
    from greenspace.model.quantity import RatioTable

LAYER = "communities"
COUNTS = ("households", "population", "resident", "floating", "noise_sources")
GREEN = (
    *("green_m2", "coverage", "unseen_m2", "plantable_m2"),
    *("plantable_unseen_m2", "planted_m2", "planted"),
)
MOST_LISTED = 5
COLUMNS = (
    Column("name", Text("社区", "community")),
    Column("district", Text("区", "district")),
    Column("area_m2", Text("面积", "area"), "m2"),
    Column("households", Text("户数", "households"), "count"),
    Column("population", Text("人口", "population"), "person"),
    Column("resident", Text("常住人口", "residents"), "person"),
    Column("floating", Text("流动人口", "floating population"), "person"),
    Column("green_m2", Text("绿化面积", "green area"), "m2"),
    Column("coverage", Text("绿化覆盖率", "green coverage"), "1"),
    Column("unseen_m2", Text("影像看不到", "unseen by the image"), "m2"),
    Column("plantable_m2", Text("宜绿化用地", "plantable land"), "m2"),
    Column("plantable_unseen_m2", Text("其中影像看不到", "of it unseen"), "m2"),
    Column("planted_m2", Text("其中已绿化", "of it green"), "m2"),
    Column("planted", Text("宜绿化用地绿化率", "plantable land that is green"), "1"),
    Column("noise_sources", Text("登记噪声源", "noise sources"), "count"),
    Column("rating", Text("最近评级", "last rating")),
    Column("rated_on", Text("最近自查", "last inspection"), "date"),
    Column("inspections", Text("自查次数", "inspections"), "count"),
    Column("ratings", Text("历次评级", "all ratings")),
)

NOISE_SAID = {
    "noise_outside": Text(
        zh="{count} 个噪声源不在任何社区内。", en="Noise sources that lie in no community: {count}."
    ),
    "noise_on_line": Text(
        zh="{count} 个噪声源同在几个社区内或其界线上，计入第一个。",
        en="Noise sources that lie in several communities or on their line, counted in the first: "
        "{count}.",
    ),
    "noise_elsewhere": Text(
        zh="{count} 个噪声源写明的社区与所在社区不同，按所在位置计。",
        en="Noise sources that lie in another community than they name, counted where they lie: "
        "{count}.",
    ),
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """What lies in communities, in the measuring CRS; whatever is unknown is ``None``."""

    plantable: NDArray[Any] | None
    noise_sources: gpd.GeoDataFrame | None
    inspections: pd.DataFrame | None


def sheet_zones(communities: gpd.GeoDataFrame, land: NDArray[Any] | None) -> NDArray[Any]:
    """Return what is to be measured for a sheet: each community, then its plantable land."""
    shapes = communities.geometry.to_numpy()
    return shapes if land is None else np.concatenate((shapes, covered(land, shapes)))


def sheet_rows(
    communities: gpd.GeoDataFrame,
    grounds: Grounds,
    green: RatioTable | None,
    found: Gathering,
) -> pd.DataFrame:
    """Return one row a community, in their order; what cannot be used is told and left empty.

    Parameters
    ----------
    communities
        Valid polygons in the measuring CRS, with ``name`` and ``district``.
    green
        The vegetation of `sheet_zones`; ``None`` where it is not known.
    """
    names = _names(communities, found)
    rows = pd.DataFrame({"name": names, "district": communities["district"].to_numpy()})
    rows["area_m2"] = shapely.area(communities.geometry.to_numpy())
    _add_counts(rows, communities, grounds.noise_sources, found)
    _add_green(rows, communities, grounds.plantable, green)
    _add_ratings(rows, grounds.inspections, found)
    return rows[[column.key for column in COLUMNS]]


def _names(communities: gpd.GeoDataFrame, found: Gathering) -> list[str]:
    """Return the names, told apart by row where one is missing or shared."""
    written = [name_of(name) for name in communities["name"]]
    doubtful = np.array([not name or written.count(name) > 1 for name in written], dtype=bool)
    if doubtful.any():
        text = Text(
            zh=f"{int(doubtful.sum())} 个社区没有名称或重名，已按行号加以区分；自查记录无法对应。",
            en=f"Communities without a name, or with one that another has: {int(doubtful.sum())}. They "
            "are told apart by row; no inspection can be theirs.",
        )
        rows = tuple(communities.index[doubtful])
        found.note([_finding("community_names", text, LAYER, rows)])
    return [
        f"{name or '—'} #{row}" if unclear else name
        for row, (name, unclear) in enumerate(zip(written, doubtful, strict=True), 1)
    ]


def _add_counts(
    rows: pd.DataFrame,
    communities: gpd.GeoDataFrame,
    noise: gpd.GeoDataFrame | None,
    found: Gathering,
) -> None:
    for key in COUNTS:
        rows[key] = np.nan
        if key in communities.columns:
            rows[key], findings = numbers_of(communities[key], LAYER)
            found.note(findings)
    if noise is None:
        return
    told = rows["noise_sources"].to_numpy()
    rows["noise_sources"] = _noise_of(rows["name"].to_list(), communities, noise, found)
    differ = ~np.isnan(told) & (told != rows["noise_sources"].to_numpy())
    if differ.any():
        text = Text(
            zh=f"{int(differ.sum())} 个社区的 noise_sources 与噪声源图层的点数不同，以图层为准。",
            en=f"Communities whose noise_sources differ from the points of that layer, which count: "
            f"{int(differ.sum())}.",
        )
        found.note([_finding("noise_differs", text, LAYER, tuple(communities.index[differ]))])


def _noise_of(
    names: list[str], communities: gpd.GeoDataFrame, noise: gpd.GeoDataFrame, found: Gathering
) -> NDArray[np.float64]:
    """Return how many noise sources lie in each community, each counted once.

    Of several that hold a point, the one that its column ``community`` names has it, else the
    first.
    """
    shapes, points = communities.geometry.to_numpy(), noise.geometry.to_numpy()
    holders: list[list[int]] = [[] for _ in points]
    for point, place in np.transpose(
        shapely.STRtree(shapes).query(points, predicate="intersects")
    ).tolist():
        holders[point].append(place)
    said = [""] * len(noise)
    if "community" in noise.columns:
        said = [name_of(name) for name in noise["community"]]
    counts, spots = np.zeros(len(shapes)), np.zeros((len(NOISE_SAID), len(noise)), dtype=bool)
    for point, places in enumerate(holders):
        named = [place for place in places if names[place] == said[point]]
        if places:
            counts[min(named or places)] += 1
        spots[:, point] = (
            not places,
            len(places) > 1 and not named,
            bool(places and said[point] and not named),
        )
    for (code, text), which in zip(NOISE_SAID.items(), spots, strict=True):
        if which.any():
            told = _filled(text, int(which.sum()))
            found.note([_finding(code, told, "noise_sources", tuple(noise.index[which]))])
    return counts


def _filled(text: Text, count: int) -> Text:
    return Text(zh=text.zh.format(count=count), en=text.en.format(count=count))


def _add_green(
    rows: pd.DataFrame,
    communities: gpd.GeoDataFrame,
    land: NDArray[Any] | None,
    green: RatioTable | None,
) -> None:
    count = len(communities)
    for key in GREEN:
        rows[key] = np.nan
    if land is not None:
        rows["plantable_m2"] = shapely.area(sheet_zones(communities, land)[count:])
    if green is None:
        return
    table = green.to_frame()
    share = table["value"].to_numpy()
    seen = np.where(np.isnan(share), np.nan, table["numerator"].to_numpy())
    rows["green_m2"], rows["coverage"] = seen[:count], share[:count]
    unseen = "unseen" in table.columns
    if unseen:
        rows["unseen_m2"] = table["unseen"].to_numpy()[:count]
    if land is not None:
        rows["planted_m2"], rows["planted"] = seen[count:], share[count:]
        if unseen:
            rows["plantable_unseen_m2"] = table["unseen"].to_numpy()[count:]


def _add_ratings(rows: pd.DataFrame, inspections: pd.DataFrame | None, found: Gathering) -> None:
    rows["rating"], rows["rated_on"], rows["ratings"] = None, None, None
    rows["inspections"] = np.nan
    if inspections is None:
        return
    known = set(rows["name"])
    strange = sorted(set(inspections["community"]) - known)
    if strange:
        found.note([_unknown_communities(strange, known, inspections)])
    rows["inspections"] = 0.0
    for name, rounds in inspections.groupby("community", sort=False):
        (at,) = np.nonzero(rows["name"].to_numpy() == name)
        if not len(at):
            continue
        days = [day.date() for day in rounds["date"]]
        every = "; ".join(f"{d} {r}" for d, r in zip(days, rounds["rating"], strict=True))
        rows.loc[at, "rating"] = rounds["rating"].iloc[-1]
        rows.loc[at, "rated_on"] = days[-1]
        rows.loc[at, "inspections"] = float(len(rounds))
        rows.loc[at, "ratings"] = every


def _unknown_communities(strange: list[str], known: set[str], inspections: pd.DataFrame) -> Finding:
    near = {name: next(iter(get_close_matches(name, known, n=1)), None) for name in strange}
    listed = ", ".join(f"{n} → {g}?" if g else n for n, g in list(near.items())[:MOST_LISTED])
    rows = tuple(inspections.index[inspections["community"].isin(strange)])
    text = Text(
        zh=f"{len(rows)} 行自查记录的社区不在社区图层中，未采用：{listed}。",
        en=f"Inspections of communities that the layer does not hold, left out: {len(rows)} ({listed}).",
    )
    return _finding("community_unknown", text, "inspections", rows)


def _finding(code: str, text: Text, layer: str, rows: tuple[object, ...]) -> Finding:
    return Finding(
        code=code, text=text, severity="warning", layer=layer, rows=rows, count=len(rows)
    )
