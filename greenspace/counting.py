"""Counting: homes and the green space about them, made ready for a yardstick.

Question   Who is counted here, and which share of them has such a green space within reach?
Enters     Homes, a population if there is one, zones, and layers of green space, in any CRS.
Leaves     Shares by rule, with everything that was noticed and the rule itself beside them.
Elsewhere  Which rules: yardsticks and three_thirty. The shares: measure/yardsticks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.measure.counted import by_zone, share_of
from greenspace.measure.service import cut_parks
from greenspace.measure.yardsticks import straight_share
from greenspace.model.counted import Counted
from greenspace.model.crs import parse_crs
from greenspace.model.quantity import Ratio
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.counted import are_points, counts_source, persons_at, placed_homes
from greenspace.prepare.ready import Ready, length_findings
from greenspace.prepare.repair import as_frame
from greenspace.remarks import cut_park_findings
from greenspace.residents import residents_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.counted import Kind
    from greenspace.model.quantity import RatioTable
    from greenspace.model.source import Source
    from greenspace.model.yardsticks import ReachRule
    from greenspace.prepare.repair import Layer

STRAIGHT = "straight line"
NO_PATHS = Text(
    zh="未给步行路径：按直线距离量取，比步行距离更宽松。",
    en="No paths are given: distances are straight lines, which reach farther than a walk.",
)


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
    ) -> None:
        asked = None if crs is None else parse_crs(crs)
        base = beside if are_points(homes) else (homes, "homes")
        self.ready = Ready(asked, *base)
        self.zones: Any = zones
        counted, found = self._counted(homes, population, one_each=one_each)
        self.counts = counts_source(counted.kind, population)
        self.whole = counted
        ground = gpd.GeoDataFrame(geometry=counted.shapes, crs=self.ready.crs)
        self._findings = (*found, *length_findings(self.ready.crs, ground))
        self.places = None if zones is None else self.ready.zones(zones)
        if self.places is not None:
            counted = by_zone(counted, self.places)
            self._findings = (*self._findings, *_outside(self.whole.row, counted.row))
        self.counted = counted

    def _counted(
        self, homes: Layer, population: Any, *, one_each: bool
    ) -> tuple[Counted, tuple[Finding, ...]]:
        """Return who is counted at each home.

        Persons of a block are taken as spread evenly over it and stay with its own row; blocks
        that stand for their land, or that others are brought onto, share no ground.
        """
        points = are_points(homes)
        column = isinstance(population, str) and (
            points or population in as_frame(homes, "homes").columns
        )
        apart = not (points or column or one_each)
        frame, row, findings = placed_homes(self.ready, homes, apart=apart)
        shapes = frame.geometry.to_numpy()
        kind: Kind = "residents"
        if column:
            amount, more = persons_at(homes, population, row)
        elif population is not None:
            found = residents_of(frame, population, self.ready)
            amount, more = found.persons, found.findings
        else:
            kind = "homes" if points or one_each else "land"
            amount = shapely.area(shapes) if kind == "land" else np.ones(len(row))
            more = ()
        whole = points or one_each
        counted = Counted(shapes, amount, kind, row, self.ready.crs, whole)
        return counted, (*findings, *more)

    @property
    def straight_findings(self) -> tuple[Finding, ...]:
        """A warning that a walk was meant and a straight line was taken."""
        return (Finding(code="straight_line", text=NO_PATHS, severity="warning"),)

    def share(
        self, rule: ReachRule, parks: gpd.GeoDataFrame, *, on_foot: bool = False
    ) -> Ratio | RatioTable:
        """Return the share that has a green space as a rule asks for.

        Parameters
        ----------
        on_foot
            The rule means a walk, so that a straight line is told as a finding.
        """
        share = straight_share(self.counted, parks.geometry, rule)
        found = cut_park_findings(cut_parks(parks.geometry, rule.tiers))
        if on_foot:
            found = (*found, *self.straight_findings)
        return self.tell(rule.indicator, share, rule.source(STRAIGHT), findings=found)

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
        sources = (*self.ready.sources, self.counts, *sources)
        findings = (*self.ready.findings, *self._findings, *findings)
        if isinstance(measured, Ratio):
            return measured.with_sources(*sources).with_findings(*findings)
        return measured.on(self.zones, sources=sources, findings=findings)


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
