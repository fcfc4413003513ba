"""Rehearsal: the probability that a row is met, from what reference points say of the map.

Question   If somebody measured again without the errors of this map, would the row be met?
Enters     Verdicts with their ratios.
Leaves     One Passing for every row that rests on an image and every number on record.
Elsewhere  Estimates and their errors: measure/accuracy. Judging, which is by the map: compare.
"""

from __future__ import annotations

from math import isnan
from statistics import NormalDist
from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.evaluate.compare import NO_NUMBER, RISING, meets
from greenspace.model.rehearsal import Passing
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from greenspace.model.definition import Operator
    from greenspace.model.quantity import Interval, Ratio
    from greenspace.model.verdict import Verdict

NO_ERROR = Text(
    zh="没有误差矩阵或核查点，不能给出概率。",
    en="There is no error matrix and there are no reference points, so there is no probability.",
)


def passing_probability(
    estimate: float, standard_error: float, operator: Operator, threshold: float
) -> float:
    """Return 1 - Φ((threshold - estimate) / standard error), reversed where lower passes.

    An approximation: the error of the estimate is taken as normal. ``>`` and ``>=`` are the same
    where there is an error, because a single number has no probability of its own; with an error
    of zero the comparison itself decides.

    Raises
    ------
    InputError
        The standard error is negative, or a number is not finite.

    Examples
    --------
    >>> passing_probability(0.36, 0.01, ">=", 0.36)
    0.5
    >>> round(passing_probability(0.38, 0.01, ">=", 0.36), 4)
    0.9772
    >>> passing_probability(8.0, 0.0, ">", 8.0)
    0.0
    """
    if not standard_error >= 0 or isnan(estimate) or isnan(threshold):
        raise InputError(
            "标准误应为非负数。",
            "A standard error is zero or more, and the numbers are known.",
            expected="standard_error >= 0",
            found=(estimate, standard_error, threshold),
        )
    if standard_error == 0:
        return float(meets(estimate, operator, threshold))
    below = NormalDist().cdf((threshold - estimate) / standard_error)
    return 1.0 - below if operator in RISING else below


def passings(verdicts: Iterable[Verdict]) -> tuple[Passing, ...]:
    """Return the probability of every row that rests on an image, once a number on record."""
    return tuple(item for row in verdicts for item in _of_row(row))


def from_image(ratio: Ratio | None) -> bool:
    """Return whether a number carries the errors of a map."""
    return ratio is not None and (
        ratio.unseen is not None or ratio.interval is not None or ratio.no_interval is not None
    )


def standard_error_of(span: Interval) -> float | None:
    """Return the standard error of an interval's estimate, ``None`` where it is synthetic.

    As the estimator gives it, else half the width over the normal quantile.
    """
    if span.confidence is None:
        return None
    if span.standard_error is not None:
        return span.standard_error
    return (span.high - span.low) / 2 / NormalDist().inv_cdf(0.5 + span.confidence / 2)


def _of_row(row: Verdict) -> Iterator[Passing]:
    ratio = row.ratio
    if ratio is None or not from_image(ratio):
        return
    for threshold in dict.fromkeys(row.readings) or (None,):
        yield _passing(row, ratio, threshold)


def _passing(row: Verdict, ratio: Ratio, threshold: float | None) -> Passing:
    span = ratio.interval
    error = None if span is None else standard_error_of(span)
    reason = None
    if error is None:
        reason = ratio.reason or ratio.no_interval or NO_ERROR
    elif threshold is None:
        reason = row.reason or NO_NUMBER
    probability = None
    if span is not None and error is not None and threshold is not None:
        probability = passing_probability(span.estimate, error, row.operator, threshold)
    return Passing(
        standard=row.standard,
        indicator=row.indicator,
        name=row.name,
        unit=row.unit,
        operator=row.operator,
        mapped=None if isnan(ratio.value) else ratio.value,
        threshold=threshold,
        estimate=None if span is None else span.estimate,
        standard_error=error,
        probability=probability,
        reason=reason,
        place=ratio.place,
    )
