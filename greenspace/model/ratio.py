"""Ratios: a number that remembers both of its halves, and how far the image may mislead it.

Question   What is this figure made of, when does it not exist, how sure is it?
Enters     A numerator and a denominator in base units, with where they came from.
Leaves     Ratio for one place, with an Interval or the reason why it has none.
Elsewhere  Many zones: model/ratio_table. Percent, hectares: present/. Pass or fail: evaluate/.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import isfinite, isnan, nan
from typing import TYPE_CHECKING, Literal

from greenspace.errors import InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from pyproj import CRS

    from greenspace.model.source import Finding, Source

Unit = Literal["1", "m2", "m2/person", "m", "count", "degC"]
Method = Literal["direct", "synthetic"]

UNDEFINED = Text(
    zh="分母为零，该值无定义。",
    en="The denominator is zero, so the value is undefined.",
)
NO_HOMES = Text(zh="没有居住用地。", en="There is no residential land.")
UNSEEN = Text(zh="影像上完全看不到该区域。", en="The image shows nothing of this place.")


NO_REFERENCE = Text(
    zh="没有参考点，故无误差校正估计和区间。请用 gs.draw_reference_sample 抽取核查点，"
    "实地核查后在 [accuracy] 中写 reference。",
    en="There are no reference points, so there is no error-adjusted estimate and no interval. "
    "Draw points with gs.draw_reference_sample, visit them, and name the file as reference "
    "in [accuracy].",
)
SYNTHETIC = Text(
    zh="此处参考点太少，不能直接估计：估计值为合成值，套用全图误分率，无区间，不具置信概率。",
    en="Too few reference points lie here for an estimate of its own: the estimate is synthetic, "
    "from the error rates of the whole map, without interval or probability.",
)
OF_MATRIX = Text(
    zh="误差矩阵不说明核查点在哪里：估计值为合成值，套用全图误分率，无区间，不具置信概率。",
    en="An error matrix does not say where its points lie: the estimate is synthetic, from the "
    "error rates of the whole map, without interval or probability.",
)
POLYGONS_UNJUDGED = Text(
    zh="没有用参考点核查这些图斑，故无误差校正估计和区间。请给出有实际类别的点：gs.assess，或 [accuracy]。",
    en="No reference points were held against these polygons, so there is no error-adjusted estimate "
    "and no interval. Give points with the class in truth: gs.assess, or [accuracy].",
)


@dataclass(frozen=True, slots=True)
class Interval:
    """What reference points say of a ratio from imagery, in the ratio's own unit.

    Parameters
    ----------
    low, high
        About `estimate`; the mapped value may lie outside. NaN where `method` is synthetic.
    confidence
        Probability with which such intervals hold the truth; ``None`` where it is synthetic.
    estimate
        The error-adjusted value.
    method
        ``direct``: from points in this place. ``synthetic``: the whole map's rates of error
        applied to this place, an estimate without interval or probability.
    points
        Reference points in this place; ``None`` where an error matrix does not say.
    standard_error
        Of `estimate`, where the estimator gives it; the ends need not be symmetric about it.

    Raises
    ------
    InputError
        Not ``low <= estimate <= high`` with a confidence.

    Examples
    --------
    >>> Interval(0.33, 0.38, estimate=0.355).estimate, Interval.synthetic(0.3).low
    (0.355, nan)
    """

    low: float
    high: float
    confidence: float | None = 0.95
    estimate: float = field(kw_only=True)
    method: Method = field(default="direct", kw_only=True)
    points: int | None = field(default=None, kw_only=True)
    standard_error: float | None = field(default=None, kw_only=True)

    @classmethod
    def synthetic(cls, estimate: float, points: int | None = None) -> Interval:
        """Return an estimate without ends and without a confidence."""
        return cls(nan, nan, None, estimate=estimate, method="synthetic", points=points)

    def __post_init__(self) -> None:
        """Refuse ends that do not enclose the estimate."""
        if self.method == "synthetic":
            bare = self.confidence is None and isnan(self.low) and isnan(self.high)
            sound = bare and isfinite(self.estimate)
        else:
            sound = self.confidence is not None and self.low <= self.estimate <= self.high
        if not sound:
            raise InputError(
                "区间不包含其估计值。",
                "The interval does not hold its own estimate.",
                expected="low <= estimate <= high",
                found=(self.low, self.estimate, self.high),
            )


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
        Of the error-adjusted estimate; need not contain `value`, which is as mapped.
    findings
        What was noticed on the way.
    no_interval
        For imagery: why there is no interval, or none but a synthetic estimate; said of itself
        where nobody says.
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
    no_interval: Text | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse halves that are not numbers; leave no number of imagery without its error."""
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
        why = self.no_interval
        if self.interval is not None:
            lent = SYNTHETIC if self.interval.points is not None else OF_MATRIX
            why = lent if self.interval.method == "synthetic" else None
        elif why is None and self.unseen is not None:
            why = NO_REFERENCE
        object.__setattr__(self, "no_interval", why)

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
        """Return one row with at least ``numerator``, ``denominator`` and ``value``.

        Imagery adds ``unseen``, and of the interval what `interval_cells` gives.
        """
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
        if self.interval is not None or self.no_interval is not None:
            row |= interval_cells(self)
        return pd.DataFrame([row])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the two halves as one bar; returns the Axes."""
        from greenspace.present.charts import draw_ratio

        return draw_ratio(self, ax=ax)

    def _repr_html_(self) -> str:
        from greenspace.present.tables import ratio_html

        return ratio_html(self)


def interval_cells(ratio: Ratio) -> dict[str, object]:
    """Return the interval of a ratio for a frame: NaN and the reason where there is none.

    Examples
    --------
    >>> interval_cells(Ratio("green_coverage", 3.0, 10.0, "1", None, unseen=0.0))["estimate"]
    nan
    """
    span = ratio.interval
    return {
        "estimate": nan if span is None else span.estimate,
        "interval_low": nan if span is None else span.low,
        "interval_high": nan if span is None else span.high,
        "confidence": nan if span is None or span.confidence is None else span.confidence,
        "interval_method": "" if span is None else span.method,
        "interval_reason": "" if ratio.no_interval is None else ratio.no_interval.en,
    }
