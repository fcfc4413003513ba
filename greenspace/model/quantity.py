"""Quantities: a number that remembers both of its halves.

Question   What is this figure made of, and when does it not exist?
Enters     A numerator and a denominator in base units, with where they came from.
Leaves     Ratio for one place, RatioTable for many.
Elsewhere  Percent, hectares and maps: present/. Pass or fail: evaluate/.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import isfinite, nan
from typing import TYPE_CHECKING, Any, Literal

from greenspace.errors import InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes
    from pyproj import CRS

    from greenspace.model.source import Finding, Source

Unit = Literal["1", "m2", "m2/person", "m", "count", "degC"]

UNDEFINED = Text(
    zh="分母为零，该值无定义。",
    en="The denominator is zero, so the value is undefined.",
)
UNSEEN = Text(zh="影像上完全看不到该区域。", en="The image shows nothing of this place.")


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of an error-adjusted estimate, in the ratio's own unit."""

    low: float
    high: float
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measured indicator: numerator over denominator, and where both came from.

    Parameters
    ----------
    indicator
        Identifier of the indicator, such as ``green_coverage``.
    numerator, denominator
        Finite and not negative, in base units (m2, m, persons, count); a difference of
        temperatures (unit ``degC``), over 1, may be negative.
    unit
        Unit of the quotient.
    crs
        The CRS that areas were measured in, ``None`` where there is none.
    sources
        Inputs and rules behind the number.
    interval
        Of the error-adjusted estimate; need not contain `value`.
    findings
        What was noticed on the way.
    unseen
        For imagery: the area in m2 that the image does not show. It is in neither half.
    place
        The zone this is, where it is one of several.
    undefined
        Why there is no value, where a better reason is known than the zero denominator.

    Raises
    ------
    InputError
        A half is NaN, infinite, or negative where it is no difference.

    Examples
    --------
    >>> ratio = Ratio("green_coverage", 30.0, 100.0, "1", None)
    >>> ratio.value
    0.3
    >>> empty = Ratio("green_coverage", 0.0, 0.0, "1", None)
    >>> empty.value, empty.reason.en
    (nan, 'The denominator is zero, so the value is undefined.')
    """

    indicator: str
    numerator: float
    denominator: float
    unit: Unit
    crs: CRS | None
    sources: tuple[Source, ...] = ()
    interval: Interval | None = None
    findings: tuple[Finding, ...] = ()
    unseen: float | None = field(default=None, kw_only=True)
    place: str | None = field(default=None, kw_only=True)
    undefined: Text | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse halves that are not numbers."""
        for name in ("numerator", "denominator", "unseen"):
            half = getattr(self, name)
            signed = name == "numerator" and self.unit == "degC"
            if half is not None and (not isfinite(half) or (half < 0 and not signed)):
                raise InputError(
                    f"{self.indicator} 的 {name} 不是非负有限数。",
                    f"The {name} of {self.indicator} is not a finite number of zero or more.",
                    expected="a finite number >= 0",
                    found=half,
                )

    @property
    def value(self) -> float:
        """The quotient, or NaN where the denominator is zero."""
        return self.numerator / self.denominator if self.denominator else nan

    @property
    def reason(self) -> Text | None:
        """Why there is no value, or ``None`` where there is one."""
        if self.denominator:
            return None
        if self.undefined is not None:
            return self.undefined
        return UNSEEN if self.unseen else UNDEFINED

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and greatest value that the unseen area leaves open."""
        whole = self.denominator + (self.unseen or 0.0)
        if not whole:
            return (nan, nan)
        if not self.unseen:
            return (self.value, self.value)
        return (self.numerator / whole, (self.numerator + self.unseen) / whole)

    def with_findings(self, *findings: Finding) -> Ratio:
        """Return the same ratio with more findings."""
        return replace(self, findings=(*self.findings, *findings))

    def with_sources(self, *sources: Source) -> Ratio:
        """Return the same ratio with more sources."""
        return replace(self, sources=(*self.sources, *sources))

    def to_frame(self) -> pd.DataFrame:
        """Return one row with at least ``numerator``, ``denominator`` and ``value``."""
        import pandas as pd

        row: dict[str, object] = {
            "indicator": self.indicator,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "value": self.value,
            "unit": self.unit,
        }
        if self.unseen is not None:
            row["unseen"] = self.unseen
        return pd.DataFrame([row])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the two halves as one bar; returns the Axes."""
        from greenspace.present.charts import draw_ratio

        return draw_ratio(self, ax=ax)

    def _repr_html_(self) -> str:
        from greenspace.present.tables import ratio_html

        return ratio_html(self)


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
        return RatioTable(
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
        )

    def sourced(self, sources: tuple[Source, ...]) -> RatioTable:
        """Return the same numbers with these sources in place of the present ones."""
        table = self.on(self._zones)
        table.sources = tuple(sources)
        return table

    def take(self, rows: Sequence[int]) -> RatioTable:
        """Return some of the zones, by position."""
        picked = list(rows)
        return RatioTable(
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
        )

    def __len__(self) -> int:
        """Return the number of zones."""
        return len(self._zones)

    def ratio(self, position: int, *, place: str | None = None) -> Ratio:
        """Return one zone, by position, as a Ratio."""
        return Ratio(
            self.indicator,
            float(self._numerator[position]),
            float(self._denominator[position]),
            self.unit,
            self.crs,
            self.sources,
            findings=self.findings,
            unseen=None if self._unseen is None else float(self._unseen[position]),
            place=place if place is not None else str(self._zones.index[position]),
        )

    def total(self) -> Ratio:
        """Return the ratio of the sums over all zones.

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
        )

    def _require_apart(self) -> None:
        from greenspace.model.layers import overlap_area_m2

        overlap = overlap_area_m2(self._zones.geometry)
        if overlap > 0:
            raise InputError(
                f"各区相互重叠 {overlap:.2f} 平方米（按图层坐标），求和会重复计算。",
                f"Zones overlap by {overlap:.2f} square units, so a sum would count ground twice.",
                remedy=Text(zh="请先消除重叠。", en="Remove the overlaps first."),
                found=overlap,
            )

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return a copy of the zones with ``numerator``, ``denominator`` and ``value``.

        Imagery adds ``unseen``, ``low`` and ``high``: the m2 that the image does not show and
        the bounds that this leaves. ``value`` is NaN where the denominator is zero.
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

    def _repr_html_(self) -> str:
        from greenspace.present.tables import ratio_table_html

        return ratio_table_html(self)
