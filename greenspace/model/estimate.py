"""Estimates: a figure from a sample of reference points, with how far it may be off.

Question   What does the sample say of the truth, and how surely?
Enters     A value with its standard error and interval, or the reason why there is none.
Leaves     Estimate for one figure, AreaEstimate for all classes of a map, ZoneEstimate a zone.
Elsewhere  Estimating: measure/accuracy, measure/zone_estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Literal

from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

ZoneMethod = Literal["poststratified", "weighted", "synthetic"]

BASES: dict[str, Text] = {
    "poststratified": Text(
        zh="用区内的核查点，按区内制图类别面积加权",
        en="from the zone's own points, weighted by its mapped areas",
    ),
    "weighted": Text(
        zh="用区内的核查点，按抽样权重估计",
        en="from the zone's own points, by their sampling weights",
    ),
    "synthetic": Text(
        zh="合成值：全市误差矩阵套用于本区制图面积，无置信区间",
        en="synthetic: the city's error matrix on the zone's mapped areas, without a probability",
    ),
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure from a sample.

    Attributes
    ----------
    value, standard_error
        Both NaN where the figure is undefined.
    low, high
        The confidence interval; it need not be centred on `value`. NaN where there is none.
    undefined
        Why there is no value.

    Examples
    --------
    >>> share = Estimate(0.25, 0.02, 0.21, 0.3)
    >>> share.times(100.0)
    Estimate(value=25.0, standard_error=2.0, low=21.0, high=30.0, undefined=None)
    """

    value: float
    standard_error: float
    low: float
    high: float
    undefined: Text | None = None

    @classmethod
    def none(cls, reason: Text) -> Estimate:
        """Return a figure that does not exist."""
        return cls(nan, nan, nan, nan, reason)

    def times(self, factor: float) -> Estimate:
        """Return the figure in another unit, such as a share as an area."""
        return Estimate(
            self.value * factor,
            self.standard_error * factor,
            self.low * factor,
            self.high * factor,
            self.undefined,
        )


@dataclass(frozen=True, slots=True)
class AreaEstimate:
    """What reference points say of a map: areas without its errors, and its accuracy.

    Attributes
    ----------
    classes
        Labels of the reference classes, in order.
    total_area
        Sum of the strata, in the unit they came in.
    points
        How many reference points.
    shares, areas
        Of each class, adjusted for the errors of the map.
    users_accuracy, producers_accuracy
        Of each class: how much of what is mapped as it is it, and how much of it is mapped.
    overall_accuracy
        The share of the area that is mapped right.
    proportions
        Estimated share of the area in each cell: rows the map's classes, columns reference.
    """

    classes: tuple[Hashable, ...]
    total_area: float
    points: int
    confidence: float
    shares: Mapping[Hashable, Estimate]
    users_accuracy: Mapping[Hashable, Estimate]
    producers_accuracy: Mapping[Hashable, Estimate]
    overall_accuracy: Estimate
    proportions: pd.DataFrame

    @property
    def areas(self) -> dict[Hashable, Estimate]:
        """The adjusted area of each class."""
        return {label: share.times(self.total_area) for label, share in self.shares.items()}

    def to_frame(self) -> pd.DataFrame:
        """Return one row a class: its area, share and accuracies, each with error and interval.

        ``half_width`` is the normal quantile times the standard error, as papers print it after
        a plus-minus sign. ``low`` and ``high`` are limits that hold near 0 and 1 too, so they are
        not symmetric.
        """
        import pandas as pd

        quantile = NormalDist().inv_cdf(0.5 + self.confidence / 2.0)
        figures = {
            "area": self.areas,
            "share": self.shares,
            "users_accuracy": self.users_accuracy,
            "producers_accuracy": self.producers_accuracy,
        }
        columns: dict[str, list[float]] = {}
        for name, found in figures.items():
            estimates = [found[label] for label in self.classes]
            columns[name] = [one.value for one in estimates]
            columns[f"{name}_standard_error"] = [one.standard_error for one in estimates]
            columns[f"{name}_half_width"] = [quantile * one.standard_error for one in estimates]
            columns[f"{name}_low"] = [one.low for one in estimates]
            columns[f"{name}_high"] = [one.high for one in estimates]
        return pd.DataFrame(columns, index=pd.Index(self.classes, name="class"))

    def _repr_html_(self) -> Any:
        return self.to_frame().to_html()


@dataclass(frozen=True, slots=True)
class ZoneEstimate:
    """The share of one class in one zone.

    Attributes
    ----------
    method
        ``poststratified`` and ``weighted`` rest on the zone's own points. ``synthetic`` does not:
        it carries no standard error and no interval.
    points
        How many reference points lie in the zone.
    """

    zone: Hashable
    method: ZoneMethod
    points: int
    share: Estimate

    @property
    def basis(self) -> Text:
        """What the figure rests on, in words."""
        return BASES[self.method]
