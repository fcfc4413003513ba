"""Park greening: how green the land of a city's parks and squares is, by its own vegetation.

Question   What share of park land do plants cover, and which parks fall short by how much?
Enters     The parks of a city made ready, or a Scope.
Leaves     Green by row, and a Gauged with the city's number and what should be told.
Elsewhere  One layer alone: park_interior. The list of parks: park_ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from greenspace.class_codes import class_table
from greenspace.cover import NO_VEGETATION
from greenspace.errors import InputError
from greenspace.model.check import Measured
from greenspace.model.gauged import Gauged
from greenspace.model.quantity import Ratio
from greenspace.model.source import Finding, finding_of
from greenspace.model.words import Text
from greenspace.park_interior import PARK_GREENING, SQUARE_GREENING
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.overlaps import settle_overlaps
from greenspace.prepare.park_classes import are_squares
from greenspace.scope import no_layer

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from greenspace.city_parks import CityParks
    from greenspace.model.definition import Operator
    from greenspace.model.quantity import RatioTable
    from greenspace.scope import Scope

    Floats = NDArray[np.float64]

LAW_SHARES = {PARK_GREENING: 0.65, SQUARE_GREENING: 0.35}  # more than, GB 55014-2021 [96b]
PARK_LIKE = 0.65  # of a square, CJJ/T 85-2017
NO_LAND = Text(zh="建成区内没有公园陆地。", en="There is no park land in the built-up area.")
NO_SQUARES = Text(zh="建成区内没有广场用地。", en="There is no square in the built-up area.")
NO_SQUARE_CLASS = Text(
    zh="CJJ/T 85-2002 没有广场用地一类，无从得知哪些是广场。",
    en="CJJ/T 85-2002 has no class of squares, so nobody can tell which parcels are squares.",
)
NO_CODES = Text(
    zh="绿地图层没有分类代码（class 与 edition），无从得知哪些是广场。",
    en="The green parcels have no class codes (class and edition): which are squares is not known.",
)
PONDS = Finding(
    code="park_water_unknown",
    text=Text(
        zh="清单没有水域图层：公园内的水面计作陆地，绿化占地比例偏低。",
        en="The manifest has no layer of water: ponds in parks count as land, and their greening "
        "comes out too low.",
    ),
    severity="warning",
    layer="parks",
    indicators=(PARK_GREENING,),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Greening:
    """Green land by row, in m2; NaN where nothing is known.

    Attributes
    ----------
    land, green, unseen
        Land that was seen, what of it is green, and land that the image does not show.
    short
        What lacks to the share that is asked for.
    """

    land: Floats
    green: Floats
    unseen: Floats
    short: Floats


def greening_of_parks(parks: CityParks) -> tuple[Greening, Gauged]:
    """Return how green the land of each park is, and the share of all of them."""
    scope, land = parks.scope, parks.land
    if not (land.geometry.area.to_numpy() > 0).any():
        return _nothing(len(land)), Gauged(missing={PARK_GREENING: NO_LAND})
    told = () if parks.water is not None else (PONDS,)
    roles = ("parks", "built_up", *(("water",) if parks.water is not None else ()))
    return _measured(scope, land, PARK_GREENING, roles, told)


def gauge_squares(scope: Scope) -> Gauged:
    """Measure how green the squares of a city are, and tell those that count as parks."""
    built_up, layer = scope.terrain.built_up, scope.city.layers.get("green")
    if built_up is None or layer is None:
        lacking = no_layer("built_up" if built_up is None else "green")
        return Gauged(missing={SQUARE_GREENING: lacking})
    table = class_table(scope.city, "green", layer)
    if table is None or table.edition == "2002":
        why = NO_CODES if table is None else NO_SQUARE_CLASS
        return Gauged(missing={SQUARE_GREENING: why})
    green = scope.terrain.ready.layer(layer, "green", overlaps=False)
    squares = green[are_squares(green["class"], table)]
    squares = settle_overlaps(clip_polygons(squares, built_up))
    if squares.empty:
        return Gauged(missing={SQUARE_GREENING: NO_SQUARES})
    found, gauged = _measured(scope, squares, SQUARE_GREENING, ("green", "built_up"), ())
    return replace(gauged, findings=(*gauged.findings, *_park_like(scope, squares, found)))


def least_share(scope: Scope, indicator: str) -> tuple[float, Operator]:
    """Return the share that the judged standard asks for, or else the law, and how."""
    rows = (row for row in scope.profile.at(scope.level) if row.indicator == indicator)
    asked = (
        (value, row.operator)
        for row in rows
        for number in row.thresholds
        for value in number.values[:1]  # noqa: PD011 - not a pandas object
        if not number.when
    )
    return next(asked, (LAW_SHARES[indicator], ">"))


def _measured(
    scope: Scope,
    ground: gpd.GeoDataFrame,
    indicator: str,
    roles: tuple[str, ...],
    told: tuple[Finding, ...],
) -> tuple[Greening, Gauged]:
    try:
        table = scope.cover.green_in(gpd.GeoDataFrame(geometry=ground.geometry))
    except InputError as error:
        if error.problem == NO_VEGETATION:
            return _nothing(len(ground)), Gauged(missing={indicator: NO_VEGETATION})
        finding = replace(finding_of(error), severity="warning", indicators=(indicator,))
        return _nothing(len(ground)), Gauged(
            missing={indicator: error.problem}, findings=(finding,)
        )
    found = _by_row(table, least_share(scope, indicator)[0])
    sources = (*scope.city.sources(*roles), *table.sources)
    seen = table.ratio(0).unseen is not None
    ratio = Ratio(
        indicator,
        float(found.green.sum()),
        float(found.land.sum()),
        "1",
        table.crs,
        sources,
        unseen=float(found.unseen.sum()) if seen else None,
        no_interval=table.ratio(0).no_interval,
    )
    short = _short_findings(ground, found, indicator, least_share(scope, indicator))
    return found, Gauged(
        measured=(Measured(ratio=ratio),), findings=(*told, *short), used=frozenset(roles)
    )


def _by_row(table: RatioTable, least: float) -> Greening:
    frame: pd.DataFrame = table.to_frame()
    land, green = (frame[name].to_numpy(dtype=float) for name in ("denominator", "numerator"))
    unseen = frame["unseen"].to_numpy(dtype=float) if "unseen" in frame else np.zeros(len(frame))
    return Greening(
        land=land, green=green, unseen=unseen, short=np.maximum(least * land - green, 0.0)
    )


def _nothing(count: int) -> Greening:
    blank = np.full(count, np.nan)
    return Greening(land=blank, green=blank, unseen=blank, short=blank)


def _short_findings(
    ground: gpd.GeoDataFrame, found: Greening, indicator: str, asked: tuple[float, Operator]
) -> tuple[Finding, ...]:
    least, operator = asked
    share = np.divide(
        found.green, found.land, out=np.full(len(ground), np.inf), where=found.land > 0
    )
    rows = share <= least if operator == ">" else share < least
    if not rows.any():
        return ()
    layer = "parks" if indicator == PARK_GREENING else "green"
    what = ("公园", "parks") if layer == "parks" else ("广场", "squares")
    sign = "大于" if operator == ">" else "不低于"
    area = float(found.short[rows].sum())
    text = Text(
        zh=f"有 {int(rows.sum())} 块{what[0]}的绿化占陆地比例达不到{sign} {least:.0%}，共缺 {area:,.0f} 平方米。",
        en=f"Rows of {what[1]} whose land is not {operator} {least:.0%} green: {int(rows.sum())}. "
        f"They lack {area:,.0f} m² together.",
    )
    finding = Finding(
        code=f"{what[1]}_short_of_green",
        text=text,
        layer=layer,
        rows=tuple(ground.index[rows]),
        count=int(rows.sum()),
        area_m2=area,
        indicators=(indicator,),
    )
    return (finding,)


def _park_like(scope: Scope, squares: gpd.GeoDataFrame, found: Greening) -> tuple[Finding, ...]:
    """Return the squares that are so green that their edition counts them as parks."""
    rows = (found.land > 0) & (found.green >= PARK_LIKE * found.land)
    if not rows.any():
        return ()
    area = float(squares.geometry.area.to_numpy()[rows].sum())
    persons = scope.city.population
    zh = en = ""
    if persons:
        zh = f"计入则人均公园绿地增加 {area / persons:.2f} 平方米。"
        en = f" With them park area is {area / persons:.2f} m² a head larger."
    text = Text(
        zh=f"有 {int(rows.sum())} 处广场绿化占地不低于 {PARK_LIKE:.0%}，按 CJJ/T 85-2017 可计入公园绿地"
        f"（{area / 1e4:.2f} 公顷），未计入。{zh}",
        en=f"Squares that are at least {PARK_LIKE:.0%} green, which CJJ/T 85-2017 counts as parks: "
        f"{int(rows.sum())}, {area / 1e4:.2f} ha. They are not added.{en}",
    )
    finding = Finding(
        code="square_counts_as_park",
        text=text,
        layer="green",
        rows=tuple(squares.index[rows]),
        count=int(rows.sum()),
        area_m2=area,
        indicators=(SQUARE_GREENING, "park_area_per_capita"),
    )
    return (finding,)
