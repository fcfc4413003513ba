"""Counting: homes and the green space about them, made ready for a yardstick.

Question   Who is counted here, and which share of them has such a green space within reach?
Enters     Homes, a population if there is one, zones, and layers of green space, in any CRS.
Leaves     Shares by rule, with everything that was noticed and the rule itself beside them.
Elsewhere  Which rules: yardsticks and three_thirty. The shares: measure/yardsticks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import InputError
from greenspace.measure.counted import by_zone, share_of
from greenspace.measure.service import reach_of
from greenspace.measure.yardsticks import fit_for, share_of_blocks, straight_share
from greenspace.model.counted import Counted
from greenspace.model.crs import parse_crs
from greenspace.model.quantity import Ratio
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.on_foot import foot_findings, reach_on_foot, ready_ways
from greenspace.park_remarks import Parks, reach_findings
from greenspace.prepare.counted import (
    across_findings,
    are_points,
    counts_source,
    persons_at,
    placed_homes,
    zone_total_findings,
)
from greenspace.prepare.population import COLUMN
from greenspace.prepare.ready import Ready, length_findings
from greenspace.prepare.repair import as_frame
from greenspace.residents import names_column, residents_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from greenspace.model.counted import Kind
    from greenspace.model.quantity import RatioTable
    from greenspace.model.source import Source
    from greenspace.model.yardsticks import ReachRule
    from greenspace.on_foot import Ways
    from greenspace.prepare.repair import Layer

STRAIGHT, ON_FOOT = "straight line", "on foot"
NO_PATHS = Text(
    zh="未给步行路径：按直线距离量取，比步行距离更宽松。",
    en="No paths are given: distances are straight lines, which reach farther than a walk.",
)


@dataclass(frozen=True, eq=False)
class Reached:
    """Which share of each home a rule reaches, by what rule, and what was noticed."""

    share: NDArray[np.float64]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]


class Counting:
    """Homes made ready and counted, and shares of them told alike.

    Parameters
    ----------
    homes
        Points, or polygons of residential land.
    population
        The column of persons; for polygons also what `residents_of` takes. Without it homes or
        land are counted.
    zones
        Count in each zone.
    crs
        The measuring CRS that the caller demands, if any.
    beside
        The layer that decides the CRS where homes are points and none is demanded.
    one_each
        Every polygon is one home.
    paths, entrances
        The ways that people walk, and where parks are entered, if a walk may be measured.
    """

    def __init__(
        self,
        homes: Layer,
        population: Any,
        zones: Layer | None,
        crs: Any,
        *,
        beside: tuple[Layer, str],
        one_each: bool = False,
        paths: Layer | None = None,
        entrances: Layer | None = None,
    ) -> None:
        if entrances is not None and paths is None:
            raise _no_way_to_entrances()
        self._paths, self._entrances = paths, entrances
        asked = None if crs is None else parse_crs(crs)
        base = beside if are_points(homes) else (homes, "homes")
        self.ready = Ready(asked, *base)
        self.zones: Any = zones
        self._labels = as_frame(homes, "homes").index
        counted, found = self._counted(homes, population, one_each=one_each)
        self.counts = counts_source(counted.kind, population)
        self.whole = counted
        ground = gpd.GeoDataFrame(geometry=counted.shapes, crs=self.ready.crs)
        self._findings = (*found, *length_findings(self.ready.crs, ground))
        self.places = None if zones is None else self.ready.zones(zones)
        if self.places is not None:
            counted = by_zone(counted, self.places)
            self._findings = (
                *self._findings,
                *_outside(self.whole.row, counted.row),
                *across_findings(self.whole, counted),
                *_zone_totals(counted, zones, population),
            )
        self.counted = counted

    @property
    def sources(self) -> tuple[Source, ...]:
        """The layers so far, and what is counted."""
        return (*self.ready.sources, self.counts)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed so far of layers and of who is counted."""
        return (*self.ready.findings, *self._findings)

    def _counted(
        self, homes: Layer, population: Any, *, one_each: bool
    ) -> tuple[Counted, tuple[Finding, ...]]:
        """Return who is counted at each home.

        Persons of a block are taken as spread evenly over it and stay with its own row; blocks
        that stand for their land, or that others are brought onto, share no ground.
        """
        points = are_points(homes)
        if points and not isinstance(population, str | None):
            raise _no_column(population)
        column = isinstance(population, str) and (
            points or names_column(population, as_frame(homes, "homes"))
        )
        apart = not (points or column or one_each)
        frame, row, findings = placed_homes(self.ready, homes, apart=apart)
        shapes = frame.geometry.to_numpy()
        kind: Kind = "residents"
        if column:
            amount, more = persons_at(homes, population, row)
        elif population is not None:
            found = residents_of(frame, population, self.ready, layer="homes")
            amount, more = found.persons, found.findings
        else:
            kind = "homes" if points or one_each else "land"
            amount = shapely.area(shapes) if kind == "land" else np.ones(len(row))
            more = ()
        whole = points or one_each
        counted = Counted(shapes, amount, kind, row, self.ready.crs, whole)
        return counted, _called((*findings, *more))

    def parks(self, layer: Layer, name: str) -> Parks:
        """Return a layer of green space made ready, with what the caller calls it."""
        return Parks(self.ready.layer(layer, name), name)

    def share(
        self,
        rule: ReachRule,
        parks: Parks,
        ways: Ways | None = None,
        *,
        findings: tuple[Finding, ...] = (),
    ) -> Ratio | RatioTable:
        """Return the share that has a green space as a rule asks for, on foot along ways."""
        reached = self.reached(rule, parks, ways)
        findings = (*findings, *reached.findings)
        return self.tell(rule.indicator, reached.share, *reached.sources, findings=findings)

    def reached(self, rule: ReachRule, parks: Parks, ways: Ways | None = None) -> Reached:
        """Return which share of each home has such a green space, with what is to be known of it."""
        indicator = self.counted.indicator(rule.indicator)
        drawn = reach_findings(parks, rule, indicator)
        if ways is None:
            share = straight_share(self.counted, parks.sizes, rule)
            return Reached(share, (rule.source(STRAIGHT),), drawn)
        share, found = self._walked(parks, rule, ways)
        walked = _called((*ways.findings, *found), parks.layer, indicator)
        return Reached(share, (rule.source(ON_FOOT),), (*drawn, *walked))

    def _walked(
        self, parks: Parks, rule: ReachRule, ways: Ways
    ) -> tuple[NDArray[np.float64], tuple[Finding, ...]]:
        counted = self.counted
        if not counted.whole:
            blocks = gpd.GeoSeries(counted.shapes, crs=counted.crs)
            green = gpd.GeoSeries(fit_for(parks.sizes, rule), crs=counted.crs)
            reach = reach_on_foot(reach_of(green, blocks, rule.tiers), ways)
            return share_of_blocks(reach), foot_findings(reach, ways)
        gates = parks.sizes.meet(rule)[ways.gates.park]
        spots = shapely.point_on_surface(counted.shapes)
        within = np.zeros(len(spots), dtype=bool)
        within[shapely.STRtree(fit_for(parks.sizes, rule)).query(spots, "intersects")[0]] = True
        xy = shapely.get_coordinates(spots)
        distance, _, offset = ways.walk_to(xy, gates=gates, limit_m=rule.within_m)
        astray = np.unique(counted.row[np.isnan(offset) & ~within])
        found = _off_network(self._labels[astray], len(np.unique(counted.row)), ways.snap_m)
        return (within | (distance <= rule.within_m)).astype(float), found

    def ways(self, parks: Parks) -> tuple[Ways | None, tuple[Finding, ...]]:
        """Return the ways to parks, or none and a warning that a straight line stands for a walk."""
        if self._paths is None:
            return None, (Finding(code="straight_line", text=NO_PATHS, severity="warning"),)
        ways, found, sources = ready_ways(self.ready, parks.frame, self._paths, self._entrances)
        for source in sources:
            self.ready.add_source(source)
        return ways, found

    def tell(
        self,
        rule: str,
        share: NDArray[np.float64],
        *sources: Source,
        findings: tuple[Finding, ...] = (),
        counted: Counted | None = None,
    ) -> Ratio | RatioTable:
        """Return the share of a rule with all that is to be known of it."""
        counted = self.counted if counted is None else counted
        return self.told(share_of(rule, counted, share), *sources, findings=findings)

    def told(
        self, measured: Ratio | RatioTable, *sources: Source, findings: tuple[Finding, ...] = ()
    ) -> Ratio | RatioTable:
        """Return what was measured with the layers and the rule behind it, on the caller's zones."""
        sources = (*self.sources, *sources)
        findings = (*self.findings, *findings)
        if isinstance(measured, Ratio):
            return measured.with_sources(*sources).with_findings(*findings)
        return measured.on(self.zones, sources=sources, findings=findings)


def _called(
    findings: Iterable[Finding], parks: str = "parks", indicator: str | None = None
) -> tuple[Finding, ...]:
    """Return findings under the names that layers and indicators have here."""
    names = {"residential": "homes", "parks": parks}
    return tuple(
        replace(
            item,
            layer=names.get(item.layer or "", item.layer),
            indicators=(indicator,) if indicator and item.indicators else item.indicators,
        )
        for item in findings
    )


def _zone_totals(counted: Counted, zones: Any, population: Any) -> tuple[Finding, ...]:
    """Return where the persons of another layer come out otherwise than the zones name them."""
    if not isinstance(population, gpd.GeoDataFrame) or counted.zone is None:
        return ()
    persons = np.bincount(counted.zone, counted.amount, len(zones)).astype(float)
    return zone_total_findings(persons, zones, COLUMN)


def _off_network(astray: pd.Index[Any], count: int, snap_m: float) -> tuple[Finding, ...]:
    """Return the homes without a path: an error where they are most, for the layers do not fit."""
    if not len(astray):
        return ()
    text = Text(
        zh=f"{count} 处住宅中有 {len(astray)} 处在 {snap_m:g} m 内没有步行路，按步行服务不到计："
        "路网可能没有覆盖到那里。",
        en=f"Homes with no path within {snap_m:g} m, which count as out of reach on foot: "
        f"{len(astray)} of {count}. The network may not extend to them.",
    )
    finding = Finding(
        code="homes_off_network",
        text=text,
        severity="error" if 2 * len(astray) > count else "warning",
        layer="homes",
        rows=tuple(astray),
        count=len(astray),
    )
    return (finding,)


def _no_column(population: object) -> InputError:
    return InputError(
        "住宅为点时，人口应为其字段名。",
        "Where homes are points, the population is a column of theirs.",
        remedy=Text(
            zh="请把人口写入点的字段，或改用居住用地面。",
            en="Write the persons into a column of the points, or give residential land instead.",
        ),
        layer="homes",
        expected="the name of a column",
        found=type(population).__name__,
    )


def _no_way_to_entrances() -> InputError:
    return InputError(
        "给出了公园出入口，却没有步行路径。",
        "Entrances are given, but no paths that lead to them.",
        remedy=Text(zh="请用 paths 给出步行路径。", en="Give the ways that people walk as paths."),
        layer="entrances",
    )


def _outside(whole: NDArray[np.int64], inside: NDArray[np.int64]) -> tuple[Finding, ...]:
    count = len(np.setdiff1d(whole, inside))
    if not count:
        return ()
    text = Text(
        zh=f"{count} 处住宅或居住用地不在任何分区内，未计入各区。",
        en=f"Homes or blocks that lie in no zone and are counted in none: {count}.",
    )
    return (
        Finding(
            code="homes_outside_zones", text=text, severity="warning", layer="homes", count=count
        ),
    )
