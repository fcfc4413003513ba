"""Declared against measured: four standings of a figure that a city says of itself.

Question   Does the declared figure agree with the measured one, as far as both are known?
Enters     A figure with the step of its last digit, and a Ratio.
Leaves     One Declared.
Elsewhere  Reading figures: read/amounts. All figures of a city: declaration.

The declared figure stands for all that rounds to it. The measurement leaves open what lies
between its mapped value, the bounds of what the image does not show, and the interval of the
error-adjusted estimate.
"""

from __future__ import annotations

from math import isclose, isfinite, nan
from typing import TYPE_CHECKING, Literal

from greenspace.model.declared import Declared
from greenspace.model.words import Text

if TYPE_CHECKING:
    from greenspace.model.declared import Standing
    from greenspace.model.quantity import Ratio

TIE = 1e-9  # of the figure: a value on the edge of what rounds to it still does
NOT_MEASURED = Text(zh="没有量算此项。", en="This was not measured.")


def hold_declared(
    indicator: str,
    declared: float,
    ratio: Ratio | None,
    *,
    half_step: float = 0.0,
    better: Literal["higher", "lower"] = "higher",
    missing: Text | None = None,
) -> Declared:
    """Hold one declared figure against what was measured.

    - *confirmed*: the measured value rounds to the declared figure;
    - *within error*: it does not, but something does that the measurement leaves open: unseen
      ground, or the interval of the error-adjusted estimate;
    - *overstated*, *understated*: all that rounds to the figure lies above, or below, whatever the
      measurement leaves open;
    - *not assessable*: nothing was measured, or it has no value.

    Parameters
    ----------
    half_step
        Half of the last digit that is declared: 0.0005 for 41.4 %.
    better
        Which way is better for the city; says whether a difference flatters it.
    missing
        Why nothing was measured.

    Examples
    --------
    >>> from greenspace.model.quantity import Ratio
    >>> land = Ratio("green_space_ratio", 381.0, 1000.0, "1", None)
    >>> hold_declared("green_space_ratio", 0.381, land, half_step=0.0005).standing
    'confirmed'
    >>> hold_declared("green_space_ratio", 0.39, land, half_step=0.0005).standing
    'overstated'
    """
    if ratio is None or not isfinite(ratio.value):
        why = (ratio.reason if ratio is not None else missing) or NOT_MEASURED
        return Declared(
            indicator=indicator,
            declared=declared,
            half_step=half_step,
            ratio=ratio,
            standing="not_assessable",
            difference=nan,
            low=nan,
            high=nan,
            reason=why,
        )
    low, high = left_open(ratio)
    standing = _standing(declared, half_step, ratio.value, low, high)
    return Declared(
        indicator=indicator,
        declared=declared,
        half_step=half_step,
        ratio=ratio,
        standing=standing,
        difference=declared - ratio.value,
        low=low,
        high=high,
        flatters=standing == ("overstated" if better == "higher" else "understated"),
        reason=ratio.no_interval,
    )


def left_open(ratio: Ratio) -> tuple[float, float]:
    """Return the least and greatest value that a measurement leaves open.

    An estimate without an interval of its own (a synthetic one) opens nothing.

    Examples
    --------
    >>> from greenspace.model.quantity import Interval, Ratio
    >>> span = Interval(0.34, 0.40, estimate=0.37)
    >>> left_open(Ratio("green_coverage", 0.33, 1.0, "1", None, interval=span))
    (0.33, 0.4)
    """
    ends = [ratio.value, *ratio.bounds]
    if ratio.interval is not None:
        ends += [ratio.interval.low, ratio.interval.high]
    known = [end for end in ends if isfinite(end)]
    return min(known), max(known)


def _standing(
    declared: float, half_step: float, measured: float, low: float, high: float
) -> Standing:
    least, most = declared - half_step, declared + half_step
    if _meets(least, most, measured, measured):
        return "confirmed"
    if _meets(least, most, low, high):
        return "within_error"
    return "overstated" if declared > measured else "understated"


def _meets(least: float, most: float, low: float, high: float) -> bool:
    def reaches(one: float, other: float) -> bool:
        return one <= other or isclose(one, other, rel_tol=TIE, abs_tol=0.0)

    return reaches(least, high) and reaches(low, most)
