"""Change: what became of the green of a place between two dates.

Question   How much green was gained, lost and kept, on the ground that both images saw?
Enters     Square metres a zone, and how far reference points say they are off.
Leaves     Change for one place, ChangeTable for many, patches as polygons on request.
Elsewhere  Measuring: measure/change. Comparing images: prepare/two_dates. Showing: present/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite, nan
from numbers import Real
from typing import TYPE_CHECKING, Any

from greenspace.errors import InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd
    from matplotlib.axes import Axes
    from pyproj import CRS

    from greenspace.model.check import Picture
    from greenspace.model.estimate import AreaEstimate, ZoneEstimate
    from greenspace.model.source import Finding, Source

KINDS = ("not_green", "gained", "lost", "kept")
AREAS = (*KINDS, "unseen", "straddling", "edge_change")
ESTIMATED = ("gained", "lost")

NO_CHANGE_REFERENCE = Text(
    zh="没有变化核查点，故不知变化面积的误差。两期各自的精度相乘并不是变化的精度："
    "两期的错判往往落在同一处。请用 draw_points 在变化图上分层抽取核查点，逐点判读两期，"
    "再以 reference 给出。",
    en="There are no reference points of change, so its error is not known. The product of both "
    "dates' accuracies is not the accuracy of change, for their errors tend to fall on the "
    "same ground. Draw points with draw_points, look each up on both dates, and pass them as "
    "reference.",
)
ZONES_OVERLAP = Text(
    zh="分区相互重叠，核查点会同属几个分区，故不分区估计。",
    en="Zones overlap, so that a reference point may lie in several, and no zone is estimated.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one place between two dates, in square metres.

    Attributes
    ----------
    gained, lost, kept, not_green
        Green only later, only before, on both dates, on neither: on ground seen on both.
    unseen
        Not seen on one date or both.
    straddling
        Area of pixels that lie across an edge of the other image's classes: none of the other
        five is off by more than this because the grids are unlike. 0 where grids nest, and on
        ground where polygons were laid over an image.
    edge_change
        How much of `gained` and `lost` lies within one pixel of an edge between green and not
        green in the coarser image: a shift of one image against the other makes such change.
    estimate
        Of the total: what reference points say of the four areas.
    estimates
        Of a zone: what they say of ``gained`` and ``lost``, as shares of the ground seen on both.
    no_estimate
        Why they say nothing.

    Examples
    --------
    >>> change = Change(gained=10.0, lost=30.0, kept=20.0, not_green=40.0, unseen=0.0)
    >>> change.before, change.after, round(change.net_points, 9)
    (0.5, 0.3, -20.0)
    """

    gained: float
    lost: float
    kept: float
    not_green: float
    unseen: float
    straddling: float = 0.0
    edge_change: float = 0.0
    crs: CRS | None = None
    sources: tuple[Source, ...] = ()
    findings: tuple[Finding, ...] = ()
    place: str | None = None
    estimate: AreaEstimate | None = None
    estimates: Mapping[str, ZoneEstimate] = field(default_factory=dict)
    no_estimate: Text | None = NO_CHANGE_REFERENCE

    def __post_init__(self) -> None:
        """Refuse areas that are no numbers."""
        for name in AREAS:
            area = getattr(self, name)
            if not isfinite(area) or area < 0:
                raise InputError(
                    f"变化面积 {name} 不是非负有限数。",
                    f"The area {name} of change is not a finite number of zero or more.",
                    expected="a finite number >= 0",
                    found=area,
                )

    @property
    def seen(self) -> float:
        """Ground that both images show."""
        return self.gained + self.lost + self.kept + self.not_green

    @property
    def before(self) -> float:
        """Green coverage of the earlier date on the ground seen on both; NaN where there is none."""
        return (self.lost + self.kept) / self.seen if self.seen else nan

    @property
    def after(self) -> float:
        """Green coverage of the later date on the same ground."""
        return (self.gained + self.kept) / self.seen if self.seen else nan

    @property
    def net_points(self) -> float:
        """Change of coverage in percentage points."""
        return 100.0 * (self.gained - self.lost) / self.seen if self.seen else nan


@dataclass(frozen=True, kw_only=True, eq=False)
class ChangeTable:
    """What became of each zone between two dates, on the caller's index.

    Parameters
    ----------
    zones
        The zones, in their own order.
    areas
        Seven numbers a zone, in square metres and in the order of `AREAS`.
    estimate, no_estimate
        What reference points say of all zones together, or why nothing is said.
    by_zone
        What they say of each zone's ``gained`` and ``lost``, or why nothing is said.
    draw
        Draws the patches of a least area.
    sample
        Draws so many points of each kind, by a seed.
    look
        Makes a small picture of what both images see green: a map's lowest layer.
    """

    zones: gpd.GeoDataFrame | gpd.GeoSeries
    areas: Any
    crs: CRS | None
    sources: tuple[Source, ...] = ()
    findings: tuple[Finding, ...] = ()
    estimate: AreaEstimate | None = None
    no_estimate: Text | None = NO_CHANGE_REFERENCE
    by_zone: Mapping[str, Sequence[ZoneEstimate]] | Text = NO_CHANGE_REFERENCE
    draw: Callable[[float], gpd.GeoDataFrame] | None = field(default=None, repr=False)
    sample: Callable[[Mapping[str, int], int], gpd.GeoDataFrame] | None = field(
        default=None, repr=False
    )
    look: Callable[[], Picture | None] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        """Return the number of zones."""
        return len(self.zones)

    def change(self, position: int) -> Change:
        """Return one zone, by position."""
        place = str(self.zones.index[position])
        if isinstance(self.by_zone, Text):
            return self._change(self.areas[position], place=place, no_estimate=self.by_zone)
        found = {kind: every[position] for kind, every in self.by_zone.items()}
        return self._change(self.areas[position], place=place, estimates=found, no_estimate=None)

    def total(self) -> Change:
        """Return the sums over all zones, with what reference points say of them.

        Raises
        ------
        InputError
            Zones overlap, so that sums would count ground twice.
        """
        from greenspace.model.layers import overlap_area_m2

        overlap = overlap_area_m2(self.zones.geometry)
        if overlap > 0:
            raise InputError(
                f"各区相互重叠 {overlap:.2f} 平方米（按图层坐标），求和会重复计算。",
                f"Zones overlap by {overlap:.2f} square units, so a sum would count ground twice.",
                remedy=Text(zh="请先消除重叠。", en="Remove the overlaps first."),
                found=overlap,
            )
        return self._change(
            self.areas.sum(axis=0), estimate=self.estimate, no_estimate=self.no_estimate
        )

    def _change(self, row: Any, **known: Any) -> Change:
        areas: dict[str, Any] = dict(zip(AREAS, map(float, row), strict=True))
        return Change(**areas, crs=self.crs, sources=self.sources, findings=self.findings, **known)

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return a copy of the zones with the areas in m2 and the coverage of both dates.

        ``gained_m2``, ``lost_m2``, ``kept_m2``, ``not_green_m2``, ``unseen_m2``,
        ``straddling_m2`` and ``edge_change_m2`` as in `Change`; ``before`` and ``after``
        are shares of the ground seen on both dates, ``net_points`` their difference in
        percentage points; NaN where there is no such ground. Reference points add
        ``gained_estimate_m2``, ``gained_low_m2``, ``gained_high_m2`` and ``gained_method``, and
        the same of ``lost``; a synthetic estimate has no interval.
        """
        import geopandas as gpd

        frame = self.zones
        if isinstance(frame, gpd.GeoSeries):
            frame = gpd.GeoDataFrame(geometry=frame)
        frame = frame.copy()
        rows = [self.change(position) for position in range(len(self))]
        for name in (*ESTIMATED, "kept", "not_green", *AREAS[len(KINDS) :]):
            frame[f"{name}_m2"] = [float(getattr(row, name)) for row in rows]
        for name in ("before", "after", "net_points"):
            frame[name] = [float(getattr(row, name)) for row in rows]
        for kind in () if isinstance(self.by_zone, Text) else ESTIMATED:
            areas = [row.estimates[kind].share.times(row.seen) for row in rows]
            frame[f"{kind}_estimate_m2"] = [area.value for area in areas]
            frame[f"{kind}_low_m2"] = [area.low for area in areas]
            frame[f"{kind}_high_m2"] = [area.high for area in areas]
            frame[f"{kind}_method"] = [row.estimates[kind].method for row in rows]
        return frame

    def polygons(self, *, smallest_m2: float) -> gpd.GeoDataFrame:
        """Draw what was gained and lost as patches; reads both images again.

        Parameters
        ----------
        smallest_m2
            The smallest mapping unit: smaller patches are left out, and
            ``attrs["findings"]`` counts them.

        Returns
        -------
        GeoDataFrame
            ``class`` (``gained`` or ``lost``), ``area_m2`` and polygons along the edges of
            pixels, in the CRS of the finer image, largest first. Pixels belong together where
            they share a side; those whose centre lies in no zone are left out. A polygon laid
            over an image decides the pixels whose middle it covers.

        Raises
        ------
        InputError
            `smallest_m2` is no number of zero or more.
        """
        given: object = smallest_m2
        number = isinstance(given, Real) and not isinstance(given, bool)
        if not number or not isfinite(smallest_m2) or smallest_m2 < 0:
            raise InputError(
                f"smallest_m2 应为非负的面积，而不是 {smallest_m2!r}。",
                f"smallest_m2 should be an area of zero or more, not {smallest_m2!r}.",
                remedy=Text(zh="例如 smallest_m2=400。", en="For example smallest_m2=400."),
                expected="a finite number >= 0",
                found=smallest_m2,
            )
        if self.draw is None:
            raise _no_images()
        return self.draw(float(smallest_m2))

    def draw_points(self, points: Mapping[str, int], *, seed: int) -> gpd.GeoDataFrame:
        """Draw places to look up on both dates, by chance and stratified by mapped change.

        Parameters
        ----------
        points
            How many of each kind: ``{"gained": 50, "lost": 50, "kept": 50, "not_green": 200}``.
            Kinds that are mapped somewhere need two at least.
        seed
            The same seed draws the same points; keep it with them.

        Returns
        -------
        GeoDataFrame
            At the centres of pixels that both dates see, in the CRS of the finer image: ``id``,
            ``stratum`` (the mapped kind), ``stratum_area_m2``, ``x``, ``y``, and ``before`` and
            ``after`` to be filled with green or not_green. Filled in, it is the `reference` of
            `green_change`.

        Raises
        ------
        InputError
            A kind has fewer pixels in the zones than points are wanted, or is not one of the four.
        """
        if self.sample is None:
            raise _no_images()
        return self.sample(points, seed)

    def plot(self, ax: Axes | None = None, *, smallest_m2: float = 0.0) -> Axes:
        """Draw what was gained and lost over the zones; returns the Axes."""
        from greenspace.present.change import draw_change

        return draw_change(self, self.polygons(smallest_m2=smallest_m2), ax=ax)

    def _repr_html_(self) -> str:
        from greenspace.present.change import change_table_html

        return change_table_html(self)


def _no_images() -> InputError:
    return InputError(
        "该结果没有附带影像，无法绘制图斑或抽取核查点。",
        "This result has no images behind it, so neither patches nor points can be drawn.",
    )
