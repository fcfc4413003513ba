"""Guard images: green that is gone inside green lines, as two images show it.

Question   Which ground of a line was green and is no more, and how sure is that?
Enters     Two images, lines in the measuring CRS, perhaps reference points of change.
Leaves     The ground a line lost with bounds of its area; the green lost under any shapes.
Elsewhere  Comparing images: comparison. Works on the lines: guard.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from greenspace.change_remarks import DATES, date_findings
from greenspace.comparison import DRAWN, green_change, green_of
from greenspace.delimit.encroachment import taken
from greenspace.measure.areas import DUST
from greenspace.measure.zonal import shares_by_class
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.loss_limits import NOT_LOST, SURELY, LossLimits
from greenspace.prepare.project import to_crs
from greenspace.prepare.two_dates import TwoDates
from greenspace.prepare.vectorise import patches_of
from greenspace.read.block_cache import few_blocks_kept
from greenspace.tally import zones_on_raster

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.change import Change
    from greenspace.prepare.repair import Layer

LOST: Final = {code: kind for code, kind in DRAWN.items() if kind == "lost"}
TOLD_M2: Final = 0.005  # less would read 0.00 m2
REACH_PX: Final = 2  # pixels that a line cuts are drawn whole, and cut with it
BY_POINTS = Text(
    zh="变化核查点的置信区间（95%），上限另计未见的地",
    en="95 % interval of reference points of change; high with ground unseen",
)
BY_SIGHT = Text(
    zh="两期影像各错位不超过一个像元（较粗一期）时，真实减少量在两限之间；上限计入未见的地；不含判读误差",
    en="the true loss lies between the limits where either image is off by a pixel of the coarser one "
    "or less, in any direction; high with ground unseen; errors of classification are in neither",
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Square metres of green that was lost, and what they may be."""

    area_m2: float
    low_m2: float
    high_m2: float
    basis: Text


@dataclass(frozen=True, slots=True, eq=False)
class Loss:
    """What became of lines between two images.

    Attributes
    ----------
    line
        The lines that lost ground, by position.
    ground
        What each of them lost, in patches of the smallest size and more.
    bounds
        Of each.
    unseen_m2
        Of every line, whether it lost ground or not.
    hidden
        Lines of whose unseen ground, with the patches left out, a finding could be made.
    """

    line: NDArray[np.int64]
    ground: NDArray[Any]
    bounds: tuple[Bounds, ...]
    unseen_m2: NDArray[np.float64]
    hidden: NDArray[np.bool_]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class Images:
    """Two images as they were given, and what they show of change."""

    given: tuple[Any, Any]
    dates: TwoDates
    crs: CRS

    @classmethod
    def of(cls, images: tuple[Any, Any], given: tuple[Any, Any], crs: CRS) -> Images:
        """Open two images, the earlier first; their days are those of the images `given`."""
        dates = (green_of(image, name) for image, name in zip(images, DATES, strict=True))
        return cls(given, TwoDates(*dates), crs)

    def lost_on(
        self, lines: gpd.GeoDataFrame, *, smallest_m2: float, reference: Layer | None
    ) -> Loss:
        """Return the green that each line lost; smaller patches are counted and left out.

        Raises
        ------
        InputError
            The earlier image is the later one.
        """
        told = date_findings(*self.given, self.dates)
        table = self._change(lines, reference)
        patches = self._patches(lines, smallest_m2)
        cut = taken(
            lines.geometry.to_numpy(), patches.geometry.to_numpy(), width_m=0, least_m2=smallest_m2
        )
        own = np.unique(cut.line)
        ground = np.array(
            [shapely.union_all(cut.ground[cut.line == line]) for line in own], dtype=object
        )
        rows = [table.change(line) for line in range(len(lines))]
        sizes = shapely.area(lines.geometry.to_numpy())
        limits = self._limits(lines)
        bounds = tuple(
            bounds_of(rows[line], limits[line], float(shapely.area(shape)), float(sizes[line]))
            for line, shape in zip(own, ground, strict=True)
        )
        lost, unseen = np.array([(row.lost, row.unseen) for row in rows]).T
        unseen[unseen <= DUST * sizes] = 0.0
        small = lost.copy()
        small[own] -= shapely.area(ground)
        small[small <= DUST * sizes] = 0.0
        found = (
            *told,
            *table.findings,
            *_without_points(table),
            *_specks(float(small.sum()), smallest_m2),
        )
        return Loss(
            line=own,
            ground=ground,
            bounds=bounds,
            unseen_m2=unseen,
            hidden=(unseen > 0) & (unseen + small >= smallest_m2),
            findings=found,
        )

    def lost_under(self, shapes: gpd.GeoSeries) -> tuple[Bounds, ...]:
        """Return the green that was lost under each shape, whatever the size of its patches."""
        if shapes.empty:
            return ()
        frame = gpd.GeoDataFrame(geometry=shapes)
        table = self._change(frame, None)
        sizes = shapely.area(shapes.to_numpy())
        rows = [table.change(row) for row in range(len(shapes))]
        return tuple(
            bounds_of(
                change, limits, change.lost if change.lost > DUST * size else 0.0, float(size)
            )
            for change, limits, size in zip(rows, self._limits(frame), sizes, strict=True)
        )

    def _limits(self, zones: gpd.GeoDataFrame) -> list[tuple[float, float]]:
        """Return what each zone lost at least and at most, if an image is off by up to a pixel."""
        on_raster = zones_on_raster(self.dates, zones)
        with few_blocks_kept(self.dates.grid):
            shares = shares_by_class(LossLimits(self.dates), on_raster.geometry, SURELY + 1)
        sizes = shapely.area(zones.geometry.to_numpy())
        least, most = shares[:, SURELY] * sizes, (1 - shares[:, NOT_LOST]) * sizes
        return list(zip(least.tolist(), most.tolist(), strict=True))

    def _change(self, zones: gpd.GeoDataFrame, reference: Layer | None) -> Any:
        return green_change(
            self.dates.before, self.dates.after, zones, crs=self.crs, reference=reference
        )

    def _patches(self, lines: gpd.GeoDataFrame, smallest_m2: float) -> gpd.GeoDataFrame:
        on_raster = zones_on_raster(self.dates, lines)
        reach = on_raster.geometry.buffer(REACH_PX * self.dates.grid.pixel_size, join_style="mitre")
        with few_blocks_kept(self.dates.grid):
            found = patches_of(
                self.dates, LOST, smallest_m2=smallest_m2, within=reach, crs=on_raster.crs
            )
        return to_crs(found.frame, self.crs, "image")


def bounds_of(
    change: Change, limits: tuple[float, float], area_m2: float, size_m2: float
) -> Bounds:
    """Return what a loss may be: by reference points, else by what a shift of a pixel can do.

    Parameters
    ----------
    limits
        The loss at least and at most, as `LossLimits` has it.
    area_m2
        Of the loss that is shown.
    size_m2
        Of the ground that it lies in.

    Examples
    --------
    >>> from greenspace.model.change import Change
    >>> change = Change(gained=0, lost=40, kept=50, not_green=0, unseen=10)
    >>> found = bounds_of(change, (25.0, 70.0), 40.0, 100.0)
    >>> found.low_m2, found.high_m2
    (25.0, 70.0)
    """
    estimate = change.estimates.get("lost")
    if estimate is not None:
        share = estimate.share.times(change.seen)
        if isfinite(share.low) and isfinite(share.high):
            return Bounds(area_m2, share.low, share.high + change.unseen, BY_POINTS)
    least, most = limits
    high = min(size_m2, max(most, change.lost))
    return Bounds(area_m2, min(least, area_m2), max(area_m2, high), BY_SIGHT)


def _without_points(table: Any) -> tuple[Finding, ...]:
    if isinstance(table.by_zone, Text):
        return (Finding(code="loss_without_points", text=table.by_zone, layer="image"),)
    return ()


def _specks(lost_m2: float, smallest_m2: float) -> tuple[Finding, ...]:
    if lost_m2 < TOLD_M2:
        return ()
    text = Text(
        zh=f"绿线内另有 {lost_m2:,.2f} 平方米由绿变为非绿，各图斑不足 {smallest_m2:g} 平方米，不列为发现。",
        en=f"Another {lost_m2:,.2f} m² inside the lines went from green to not green in patches "
        f"below {smallest_m2:g} m², which are no findings.",
    )
    return (Finding(code="loss_below_smallest", text=text, layer="image", area_m2=lost_m2),)
