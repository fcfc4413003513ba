"""Ratio tables: the same indicator for many zones, on the caller's own rows.

Question   What is this figure in each zone, and what in all of them together?
Enters     Zones, and a numerator and a denominator for each in base units.
Leaves     A RatioTable; one row of it, or the total, as a Ratio.
Elsewhere  One number: model/ratio. Measuring: measure/. Showing: present/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenspace.errors import InputError
from greenspace.model.ratio import NO_REFERENCE, Interval, Ratio, interval_cells
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from pyproj import CRS

    from greenspace.model.page import Page
    from greenspace.model.ratio import Unit
    from greenspace.model.source import Finding, Source
    from greenspace.model.words import Language

NOT_ADDED = Text(
    zh="各区的区间不能相加；请以全部范围为一个区，用 gs.assess 评价。",
    en="Intervals of zones do not add up: assess the whole as one zone with gs.assess.",
)


class RatioTable:
    """The same indicator for many zones, on the caller's index.

    Parameters
    ----------
    indicator
        Identifier of the indicator.
    zones
        The zones, in their own order; copied.
    numerator, denominator, unseen
        One number a zone, in base units.
    unit, crs, sources, findings
        As in `Ratio`.
    capped
        Why the rows do not add up (a cap applies to each zone on its own), if so.
    intervals
        For imagery, a zone's interval or the reason why it has none, one a zone, or one reason
        for all; zones of imagery of which nothing is said have no reference points.

    Attributes
    ----------
    undefined
        By zone, why it has no value, where a better reason is known than the zero denominator.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> zones = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=6933)
    >>> table = RatioTable("green_coverage", zones, [1.0, 2.0], [4.0, 4.0], "1", zones.crs)
    >>> table.total().value
    0.375
    """

    def __init__(
        self,
        indicator: str,
        zones: gpd.GeoDataFrame | gpd.GeoSeries,
        numerator: Any,
        denominator: Any,
        unit: Unit,
        crs: CRS | None,
        sources: tuple[Source, ...] = (),
        findings: tuple[Finding, ...] = (),
        *,
        unseen: Any = None,
        capped: Text | None = None,
        intervals: Sequence[Interval | Text | None] | Text | None = None,
    ) -> None:
        import numpy as np

        self.indicator = indicator
        self.unit: Unit = unit
        self.crs = crs
        self.sources = tuple(sources)
        self.findings = tuple(findings)
        self.capped = capped
        self._zones = zones.copy()
        self._numerator = np.array(numerator, dtype=float)
        self._denominator = np.array(denominator, dtype=float)
        self._unseen = None if unseen is None else np.array(unseen, dtype=float)
        for name in ("numerator", "denominator", "unseen"):
            self._require_halves(name)
        self.intervals = self._intervals_of(intervals)
        self.undefined: tuple[Text | None, ...] = (None,) * len(self)

    def _intervals_of(
        self, given: Sequence[Interval | Text | None] | Text | None
    ) -> tuple[Interval | Text | None, ...]:
        """Return what is known of each zone's error; nothing where no image is behind it."""
        nothing = None if self._unseen is None else NO_REFERENCE
        if given is None or isinstance(given, Text):
            return (given or nothing,) * len(self)
        if len(given) != len(self):
            raise InputError(
                f"{self.indicator} 应为每个区域一个区间或一个理由。",
                f"{self.indicator} must have one interval, or one reason, a zone.",
                expected=len(self),
                found=len(given),
            )
        return tuple(item or nothing for item in given)

    def _require_halves(self, name: str) -> None:
        import numpy as np

        half = getattr(self, f"_{name}")
        if half is None:
            return
        bad = ~np.isfinite(half) | (half < 0)
        if half.shape != (len(self._zones),) or bad.any():
            raise InputError(
                f"{self.indicator} 的 {name} 应为每个区域一个非负有限数。",
                f"The {name} of {self.indicator} must be one finite number >= 0 a zone.",
                rows=self._zones.index[bad] if half.shape == (len(self._zones),) else (),
            )

    def on(
        self,
        zones: gpd.GeoDataFrame | gpd.GeoSeries,
        *,
        sources: tuple[Source, ...] = (),
        findings: tuple[Finding, ...] = (),
    ) -> RatioTable:
        """Return the same numbers on the caller's own zones, with more sources and findings."""
        table = RatioTable(
            self.indicator,
            zones,
            self._numerator,
            self._denominator,
            self.unit,
            self.crs,
            (*self.sources, *sources),
            (*self.findings, *findings),
            unseen=self._unseen,
            capped=self.capped,
            intervals=self.intervals,
        )
        table.undefined = self.undefined
        return table

    def undefined_by(self, reasons: Sequence[Text | None]) -> RatioTable:
        """Return the same numbers, each zone with the reason, if any, why its denominator is 0."""
        table = self.on(self._zones)
        table.undefined = tuple(reasons)
        return table

    def assessed(self, intervals: Sequence[Interval | Text | None]) -> RatioTable:
        """Return the same numbers, each zone with its interval or the reason for none."""
        table = self.on(self._zones)
        table.intervals = self._intervals_of(intervals)
        return table

    def sourced(self, sources: tuple[Source, ...]) -> RatioTable:
        """Return the same numbers with these sources in place of the present ones."""
        table = self.on(self._zones)
        table.sources = tuple(sources)
        return table

    def called(self, indicator: str) -> RatioTable:
        """Return the same numbers as another indicator, such as green cover as that of parks."""
        table = self.on(self._zones)
        table.indicator = indicator
        return table

    def take(self, rows: Sequence[int]) -> RatioTable:
        """Return some of the zones, by position."""
        picked = list(rows)
        table = RatioTable(
            self.indicator,
            self._zones.iloc[picked],
            self._numerator[picked],
            self._denominator[picked],
            self.unit,
            self.crs,
            self.sources,
            self.findings,
            unseen=None if self._unseen is None else self._unseen[picked],
            capped=self.capped,
            intervals=[self.intervals[position] for position in picked],
        )
        table.undefined = tuple(self.undefined[position] for position in picked)
        return table

    def __len__(self) -> int:
        """Return the number of zones."""
        return len(self._zones)

    def ratio(self, position: int, *, place: str | None = None) -> Ratio:
        """Return one zone, by position, as a Ratio."""
        error = self.intervals[position]
        return Ratio(
            self.indicator,
            float(self._numerator[position]),
            float(self._denominator[position]),
            self.unit,
            self.crs,
            self.sources,
            error if isinstance(error, Interval) else None,
            self.findings,
            unseen=None if self._unseen is None else float(self._unseen[position]),
            place=place if place is not None else str(self._zones.index[position]),
            no_interval=error if isinstance(error, Text) else None,
            undefined=self.undefined[position],
        )

    def total(self) -> Ratio:
        """Return the ratio of the sums over all zones; intervals do not add up to one.

        Raises
        ------
        InputError
            Zones overlap, so that sums would count ground twice, or a cap applies to each
            zone on its own, so that the rows do not add up.
        """
        if self.capped is not None:
            raise InputError(
                f"{self.capped.zh}各区之和不等于全市。",
                f"{self.capped.en} The zones do not add up to the city.",
                remedy=Text(
                    zh="请不分区（zones=None）重新计算全市。",
                    en="Measure the city with zones=None.",
                ),
            )
        self._require_apart()
        return Ratio(
            self.indicator,
            float(self._numerator.sum()),
            float(self._denominator.sum()),
            self.unit,
            self.crs,
            self.sources,
            None,
            self.findings,
            unseen=None if self._unseen is None else float(self._unseen.sum()),
            no_interval=self._why_no_interval(),
        )

    def _why_no_interval(self) -> Text | None:
        """Return why the total has none: what all zones say, else that none can be added up."""
        every = set(self.intervals)
        alone = every.pop() if len(every) == 1 else NOT_ADDED
        return NOT_ADDED if isinstance(alone, Interval) else alone

    def _require_apart(self) -> None:
        from greenspace.model.crs import why_not_measuring
        from greenspace.model.layers import overlap_area_m2

        overlap = overlap_area_m2(self._zones.geometry)
        if overlap > 0:
            crs = self._zones.crs
            metres = crs is not None and why_not_measuring(crs, None) is None
            raise InputError(
                f"各区相互重叠{f' {overlap:.2f} 平方米' if metres else ''}，求和会重复计算。",
                f"Zones overlap{f' by {overlap:.2f} m²' if metres else ''}, so a sum would count "
                "ground twice.",
                remedy=Text(zh="请先消除重叠。", en="Remove the overlaps first."),
                found=overlap,
            )

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return a copy of the zones with ``numerator``, ``denominator`` and ``value``.

        Imagery adds ``unseen``, ``low`` and ``high``: the m2 that the image does not show and
        the bounds that this leaves; then ``estimate``, ``interval_low``, ``interval_high``,
        ``confidence``, ``interval_method`` and ``interval_reason``: what reference points say.
        ``value`` is as mapped, NaN where the denominator is zero.
        """
        import geopandas as gpd
        import numpy as np

        frame = self._zones
        if isinstance(frame, gpd.GeoSeries):
            frame = gpd.GeoDataFrame(geometry=frame)
        frame = frame.copy()
        frame["numerator"] = self._numerator
        frame["denominator"] = self._denominator
        frame["value"] = self._quotient()
        if self._unseen is not None:
            frame["unseen"] = self._unseen
            bounds = np.array([self.ratio(i).bounds for i in range(len(frame))]).reshape(-1, 2)
            frame["low"], frame["high"] = bounds[:, 0], bounds[:, 1]
        if any(item is not None for item in self.intervals):
            cells = [interval_cells(self.ratio(i)) for i in range(len(frame))]
            for name in cells[0]:
                frame[name] = [row[name] for row in cells]
        return frame

    def _quotient(self) -> Any:
        import numpy as np

        value = np.full(len(self._zones), np.nan)
        np.divide(self._numerator, self._denominator, out=value, where=self._denominator > 0)
        return value

    @property
    def value(self) -> pd.Series:
        """The quotient a zone, on the caller's index; NaN where undefined."""
        import pandas as pd

        return pd.Series(self._quotient(), index=self._zones.index, name=self.indicator)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the zones shaded by value; returns the Axes."""
        from greenspace.present.charts import draw_ratio_table

        return draw_ratio_table(self, ax=ax)

    def explore(
        self,
        column: str = "value",
        *,
        tooltip: bool | str | int | Sequence[str] | None = True,
        cmap: str | Colormap = "Greens",
        language: Language = "zh",
    ) -> Page:
        """Return an interactive map of the zones that shows itself in Jupyter, as in geopandas.

        Unlike there, it takes no tiles and nothing else of the network.

        Parameters
        ----------
        column
            Of `to_frame`, by which the zones are shaded.
        tooltip
            The columns told of the zone under the pointer: ``True`` all, a number the first ones,
            ``False`` or ``None`` none.
        cmap
            A matplotlib colour map, or its name.

        Raises
        ------
        ColumnError
            There is no such column, or `column` holds no numbers.
        GeometryError
            The zones have no shapes.
        InputError
            There is no such colour map or language.
        MissingExtraError
            Bokeh is not installed.
        """
        from greenspace.present.explored import explore_ratio_table

        return explore_ratio_table(self, column, tooltip=tooltip, cmap=cmap, language=language)

    def _repr_html_(self) -> str:
        from greenspace.present.tables import ratio_table_html

        return ratio_table_html(self)
