"""New parks: what each park serves that no other does, and what proposed ones would add.

Question   Which residential land hangs on each park, and where would a new one do most?
Enters     Parks, candidate sites and residential land in any CRS, population if known.
Leaves     The parks or the candidates with the land and residents that are theirs, and a rank.
Elsewhere  The arithmetic: measure/park_gain. The share served: api.service_coverage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenspace.measure import park_gain, service
from greenspace.measure.areas import covered_area
from greenspace.model.crs import parse_crs
from greenspace.model.source import Finding
from greenspace.model.tiers import CHECK_UP, CHECK_UP_TIERS, require_tiers, tier_source
from greenspace.model.words import Text
from greenspace.prepare.blocks import disjoint_blocks
from greenspace.prepare.new_columns import require_free
from greenspace.prepare.park_points import parks_ready
from greenspace.prepare.ready import Ready, length_findings, warn_of_changes
from greenspace.remarks import cut_findings, cut_park_findings
from greenspace.residents import residents_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.definition import Tiers
    from greenspace.prepare.repair import Layer

    Floats = NDArray[np.float64]

BELOW, NOTHING_NEW, ALREADY = "below_tiers", "nothing_unserved", "served_by_better"
NO_SHAPE = "no_shape"
LOSSES = ("radius_m", "reached_m2", "alone_m2")
GAINS = (
    "area_m2",
    "radius_m",
    "on_residential_m2",
    "gain_m2",
    "gain_residents",
    "rank",
    "marginal_m2",
    "marginal_residents",
    "coverage_after",
    "reason",
)


class _Setting:
    """Parks, blocks and residents made ready once, with what was noticed on the way."""

    def __init__(
        self,
        parks: Layer,
        residential: Layer,
        tiers: Tiers | None,
        population: Any,
        point_radius_m: float | None,
        crs: Any,
    ) -> None:
        self.tiers = CHECK_UP_TIERS if tiers is None else require_tiers(tiers)
        self.rule = tier_source(self.tiers, CHECK_UP if tiers is None else None)
        self.point_radius_m = point_radius_m
        self.ready = Ready(None if crs is None else parse_crs(crs), residential, "residential")
        land = self.ready.layer(residential, "residential", overlaps=False)
        self.blocks, shared = disjoint_blocks(land)
        self.parks, points = parks_ready(
            parks, self.ready, point_radius_m=point_radius_m, keep_rows=True
        )
        self.reach = service.reach_of(
            self.parks.geometry, self.blocks.geometry, self.tiers, point_radius_m=point_radius_m
        )
        self.persons: Floats | None = None
        self.noticed = [*shared, *points, *length_findings(self.ready.crs, self.blocks)]
        if population is not None:
            residents = residents_of(self.blocks, population, self.ready)
            self.persons = residents.persons
            self.noticed += residents.findings

    def told(self, table: gpd.GeoDataFrame, *more: Finding) -> gpd.GeoDataFrame:
        """Return a table with its sources and findings in ``attrs``."""
        warn_of_changes(self.ready.findings)
        table.attrs["sources"] = (*self.ready.sources, self.rule)
        table.attrs["findings"] = (*self.ready.findings, *self.noticed, *more)
        return table


def park_contributions(
    parks: Layer,
    residential: Layer,
    *,
    tiers: Tiers | None = None,
    point_radius_m: float | None = None,
    crs: Any = None,
) -> gpd.GeoDataFrame:
    """Measure the residential land that each park alone serves: what is lost without it.

    Land within reach of two parks hangs on neither, so the sum over parks is less than the
    land served.

    Parameters
    ----------
    parks, residential, tiers, point_radius_m, crs
        As in `service_coverage`.

    Returns
    -------
    GeoDataFrame
        The parks in the measuring CRS, on the caller's index, with ``radius_m`` (0 below every
        tier), ``reached_m2`` (residential land within reach) and ``alone_m2`` (within reach of no
        other park); rows without a shape have no numbers (NaN). ``attrs`` holds ``sources`` and
        ``findings``.

    Raises
    ------
    InputError, CrsError, GeometryError
        As in `service_coverage`, or there is no residential land.
    ColumnError
        `parks` has a column of one of these names.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> parks = gpd.GeoSeries(box([0, 700], 0, [100, 800], 50), crs=6933)
    >>> homes = gpd.GeoSeries([box(100, 0, 700, 50)], crs=6933)
    >>> park_contributions(parks, homes)[["reached_m2", "alone_m2"]].to_numpy().tolist()
    [[25000.0, 5000.0], [25000.0, 5000.0]]
    """
    require_free(parks, LOSSES, "parks")
    setting = _Setting(parks, residential, tiers, None, point_radius_m, crs)
    reach = setting.reach
    whole = park_gain.joined(reach.buffers, reach.park, len(reach.radius))
    table = setting.parks.assign(
        radius_m=reach.radius,
        reached_m2=covered_area(reach.blocks, whole),
        alone_m2=park_gain.contributions(reach),
    )
    table.loc[table.is_empty.to_numpy(), list(LOSSES)] = np.nan
    return setting.told(table, *cut_park_findings(setting.parks.geometry, setting.tiers))


def new_park_gain(
    candidates: Layer,
    parks: Layer,
    residential: Layer,
    *,
    tiers: Tiers | None = None,
    population: Any = None,
    point_radius_m: float | None = None,
    crs: Any = None,
) -> gpd.GeoDataFrame:
    """Measure what candidate sites would add to the residential land served, and rank them.

    A candidate serves by the tier of its own area, in a straight line, as in
    `service_coverage`. The rank is greedy: the candidate that adds most residents (land, where
    no population is given) is first, then the one that adds most to that. Residential land and
    residents are counted as they are today, those on the site itself too.

    Parameters
    ----------
    candidates
        Sites as polygons; or as points, with `point_radius_m`.
    parks, residential, tiers, point_radius_m, crs
        As in `service_coverage`.
    population
        The name of a column of `residential`; a layer of points or of zones with a column
        ``population``; or a raster of persons a pixel. Residents are taken to live evenly on
        the land of their block.

    Returns
    -------
    GeoDataFrame
        The candidates in the measuring CRS, on the caller's index, with ``area_m2``,
        ``radius_m``, ``on_residential_m2`` (of the site itself), ``gain_m2``,
        ``gain_residents`` (NaN without a population), ``rank`` (missing where nothing is added),
        ``marginal_m2`` and ``marginal_residents`` (after all of a better rank),
        ``coverage_after`` (share of residential land served once it and all of a better rank
        are built) and ``reason`` where there is no rank: ``below_tiers``,
        ``nothing_unserved``, ``served_by_better`` or ``no_shape``. ``attrs`` holds ``sources`` and ``findings``.

    Raises
    ------
    InputError, CrsError, GeometryError
        As in `service_coverage`, or there is no residential land.
    ColumnError
        `candidates` has a column of one of these names.
    ColumnError, RasterError
        The population cannot be used as described.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> sites = gpd.GeoSeries(box([0, 950, 0], 0, [100, 1050, 9], 50), crs=6933)
    >>> homes = gpd.GeoSeries([box(100, 0, 950, 50)], crs=6933)
    >>> found = new_park_gain(sites, sites[:0], homes)
    >>> found[["gain_m2", "rank", "marginal_m2", "reason"]].values.tolist()
    [[25000.0, 1, 25000.0, ''], [25000.0, 2, 17500.0, ''], [0.0, <NA>, 0.0, 'below_tiers']]
    """
    require_free(candidates, GAINS, "candidates")
    setting = _Setting(parks, residential, tiers, population, point_radius_m, crs)
    reach, ready = setting.reach, setting.ready
    sites, points = parks_ready(
        candidates, ready, "candidates", point_radius_m=point_radius_m, keep_rows=True
    )
    buffers, owner, radius = service.served_ground(
        sites.geometry, setting.tiers, point_radius_m=point_radius_m
    )
    gain = park_gain.gains(reach, buffers, owner, len(sites), setting.persons)
    on_homes = covered_area(reach.blocks, sites.geometry.to_numpy())
    table = sites.assign(
        area_m2=sites.area,
        radius_m=radius,
        on_residential_m2=on_homes,
        gain_m2=gain.land_m2,
        gain_residents=gain.persons,
        rank=pd.array(np.where(gain.rank > 0, gain.rank, 1), dtype="Int64"),
        marginal_m2=gain.marginal_m2,
        marginal_residents=gain.marginal_persons,
        coverage_after=_coverage_after(reach, gain),
        reason=_reasons(radius, gain),
    )
    table.loc[gain.rank == 0, "rank"] = pd.NA
    blank = table.is_empty.to_numpy()
    table.loc[blank, [name for name in GAINS if name not in ("rank", "reason")]] = np.nan
    table.loc[blank, "reason"] = NO_SHAPE
    there = setting.parks.geometry
    cut = service.cut_parks(pd.concat([there, sites.geometry]), setting.tiers)
    return setting.told(
        table,
        *points,
        *_below_findings(table),
        *_home_findings(on_homes),
        *cut_findings(there.index[cut[: len(there)]]),
        *cut_findings(sites.index[cut[len(there) :]], "candidates"),
    )


def _coverage_after(reach: service.Reach, gain: park_gain.Gain) -> Floats:
    """Return the share served with each candidate and all of a better rank; NaN without homes."""
    share = np.full(len(gain.rank), np.nan)
    whole, served = float(reach.block_m2.sum()), float(reach.served_m2.sum())
    order = np.argsort(np.where(gain.rank > 0, gain.rank, len(gain.rank) + 1), kind="stable")
    order = order[gain.rank[order] > 0]
    if whole > 0:
        share[order] = np.minimum((served + np.cumsum(gain.marginal_m2[order])) / whole, 1.0)
    return share


def _reasons(radius: Floats, gain: park_gain.Gain) -> NDArray[Any]:
    reason = np.full(len(radius), "", dtype=object)
    unranked = gain.rank == 0
    reason[unranked] = ALREADY
    reason[unranked & (gain.land_m2 <= 0)] = NOTHING_NEW
    reason[radius == 0] = BELOW
    return reason


def _below_findings(table: gpd.GeoDataFrame) -> tuple[Finding, ...]:
    below = (table["reason"] == BELOW).to_numpy()
    if not below.any():
        return ()
    count = int(below.sum())
    text = Text(
        zh=f"{count} 个备选地块小于最小一档面积，没有服务半径，增益为 0。",
        en=f"Candidates below every tier, which serve nothing and add 0: {count}.",
    )
    return (
        Finding(
            code="candidates_below_tiers",
            text=text,
            severity="note",
            layer="candidates",
            rows=tuple(table.index[below]),
            count=count,
        ),
    )


def _home_findings(on_homes: Floats) -> tuple[Finding, ...]:
    area = float(on_homes.sum())
    if area <= 0:
        return ()
    count = int((on_homes > 0).sum())
    text = Text(
        zh=f"{count} 个备选地块占用居住用地共 {area / 1e4:.2f} 公顷；居住用地和居民均按现状计。",
        en=f"Candidates that lie on residential land: {count}, {area / 1e4:.2f} ha in all. Land and "
        "residents are counted as they are today.",
    )
    return (
        Finding(
            code="candidates_on_homes",
            text=text,
            severity="note",
            layer="candidates",
            count=count,
            area_m2=area,
        ),
    )
