"""Progress: the change of one indicator between two dates, and whether it is more than error.

Question   How much has it changed, how fast, and could the errors of the maps explain it?
Enters     Two measurements of one indicator.
Leaves     A Step.
Elsewhere  Yearly targets: evaluate/trajectory. Two images pixel by pixel: measure/change.
"""

from __future__ import annotations

from math import isnan, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from greenspace.evaluate.rehearsal import standard_error_of
from greenspace.model.dates import Step
from greenspace.model.words import Text

if TYPE_CHECKING:
    from greenspace.model.quantity import Ratio
    from greenspace.model.trajectory import Sight

CONFIDENCE = 0.95
NOISE = 1e-9  # of the greater value: the last digits of sums in another order
NO_VALUE = Text(zh="有一个日期没有数值。", en="One of the dates has no value.")


def step_between(
    first: Sight, last: Sight, *, barrier: Text | None = None, caution: Text | None = None
) -> Step:
    """Return the change between two measurements.

    The mapped values are compared. Whether the change is beyond error is asked of the
    error-adjusted estimates, whose errors are taken as independent: points of their own at each
    date.

    Parameters
    ----------
    barrier
        Why the two may not be compared, such as another basis of the population.
    caution
        Why part of the change may be that of the method: the change is given, and nothing is said
        of whether it is more than error.
    """
    indicator = first.ratio.indicator
    if barrier is None and (isnan(first.ratio.value) or isnan(last.ratio.value)):
        barrier = NO_VALUE
    if barrier is not None:
        return Step(
            indicator=indicator,
            start=first.day,
            end=last.day,
            change=None,
            per_year=None,
            reason=barrier,
        )
    change = _change(first.ratio.value, last.ratio.value)
    years = last.when - first.when
    error, beyond = (None, None) if caution is not None else _error(first.ratio, last.ratio)
    return Step(
        indicator=indicator,
        start=first.day,
        end=last.day,
        change=change,
        per_year=change / years if years > 0 else None,
        error=error,
        beyond_error=beyond,
        caution=caution,
    )


def _change(first: float, last: float) -> float:
    """Return the difference; nothing where it is but the noise of summing.

    Examples
    --------
    >>> _change(0.1 + 0.2, 0.3), _change(0.3, 0.5)
    (0.0, 0.2)
    """
    change = last - first
    return 0.0 if abs(change) <= NOISE * max(abs(first), abs(last)) else change


def _error(first: Ratio, last: Ratio) -> tuple[float | None, bool | None]:
    spans = (first.interval, last.interval)
    errors = [None if span is None else standard_error_of(span) for span in spans]
    if spans[0] is None or spans[1] is None or errors[0] is None or errors[1] is None:
        return None, None
    reach = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2) * sqrt(errors[0] ** 2 + errors[1] ** 2)
    return reach, abs(spans[1].estimate - spans[0].estimate) > reach
