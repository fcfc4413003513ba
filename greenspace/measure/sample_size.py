"""Sample size: how many points in which stratum for an interval of a wanted width.

Question   How many reference points are enough, and where do they go?
Enters     Areas of the strata, a guess of the share in each, the wanted half-width.
Leaves     Points a stratum, and the half-width that they will give if the guess holds.
Elsewhere  Drawing them: measure/sampling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from greenspace.errors import InputError
from greenspace.measure.accuracy import areas_of
from greenspace.measure.intervals import normal_quantile
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Allocation = Literal["neyman", "proportional", "equal"]
LEAST_POINTS = 50  # in the smallest stratum: Olofsson et al. 2014 advise 50 to 100
MOST_POINTS = 1_000_000


@dataclass(frozen=True, slots=True)
class SampleSize:
    """Points of each stratum.

    Attributes
    ----------
    needed
        The least number by the formula, before a least number a stratum.
    points
        What to draw, by stratum.
    half_width
        What the points will give, if the guessed shares hold.
    """

    needed: int
    points: Mapping[Hashable, int]
    half_width: float


def sample_size(
    areas: Mapping[Any, float],
    expected: Mapping[Any, float],
    half_width: float,
    *,
    allocation: Allocation = "neyman",
    least: int = LEAST_POINTS,
    confidence: float = 0.95,
) -> SampleSize:
    r"""Return how many points to draw in each stratum for an interval of a wanted half-width.

    Parameters
    ----------
    areas
        Of each stratum, in any unit.
    expected
        A guess for each stratum. For the area of a class: the share of it that is of the class
        in truth. For the overall accuracy: the share that is mapped right.
    half_width
        Wanted for the share of the whole: 0.02 is two percentage points either way.
    allocation
        ``neyman``: by area and spread, the fewest points. ``proportional``: by area.
        ``equal``: the same everywhere.
    least
        In any stratum, so that a rare class can be told at all.
    confidence
        Of the interval.

    Notes
    -----
    :math:`n = \sum_i (W_i S_i)^2 / w_i \; / \; S^2` with :math:`S_i^2 = p_i (1 - p_i)`, the
    share :math:`w_i` of the points in stratum *i* and the wanted standard error *S*. For Neyman's
    allocation that is :math:`(\sum_i W_i S_i / S)^2`, equation 13 of Olofsson et al. 2014.

    Raises
    ------
    InputError
        A guess is not a share or is missing, or the half-width asks for over a million points.

    Examples
    --------
    The example of Olofsson et al. 2014, for a standard error of 0.01:

    >>> areas = {"loss": 0.02, "gain": 0.015, "forest": 0.32, "other": 0.645}
    >>> right = {"loss": 0.7, "gain": 0.6, "forest": 0.9, "other": 0.95}
    >>> sample_size(areas, right, 0.0196).needed
    641
    """
    if not isinstance(areas, Mapping) or not isinstance(expected, Mapping):
        raise _refusal("areas and expected shares by stratum", type(areas).__name__)
    names = list(areas.keys())
    weight = areas_of(areas, names)
    weight = weight / weight.sum()
    shares = _shares(expected, names)
    if not isinstance(half_width, int | float) or not 0.0 < half_width < 1.0 or least < 0:
        raise _refusal("0 < half_width < 1", half_width)
    spread = weight * np.sqrt(shares * (1.0 - shares))
    part = _parts(allocation, weight, spread)
    error = half_width / normal_quantile(confidence)
    terms = np.divide(spread**2, part, out=np.zeros_like(spread), where=spread > 0)
    needed = float(terms.sum()) / error**2
    if needed > MOST_POINTS:
        raise _refusal(f"at most {MOST_POINTS:_} points", f"{needed:.0f}")
    points = np.array([max(ceil(needed * one - 1e-9), least) for one in part])
    points = np.where(weight > 0, points, 0)
    given = np.divide(spread**2, points, out=np.zeros_like(spread), where=points > 0)
    return SampleSize(
        needed=ceil(needed - 1e-9),
        points={name: int(count) for name, count in zip(names, points, strict=True)},
        half_width=half_width * sqrt(given.sum()) / error,
    )


def _parts(allocation: Allocation, weight: Floats, spread: Floats) -> Floats:
    """Return which part of the points goes to each stratum."""
    if allocation == "proportional":
        return weight
    if allocation == "equal":
        return (weight > 0) / np.count_nonzero(weight)
    if allocation != "neyman":
        raise _refusal("neyman, proportional or equal", allocation)
    return spread / spread.sum() if spread.sum() > 0 else weight


def _shares(expected: Mapping[Any, float], names: list[Hashable]) -> Floats:
    if set(expected) != set(names):
        raise _refusal(list(names), list(expected))
    try:
        shares = np.array([expected[name] for name in names], dtype=float)
    except (TypeError, ValueError):
        shares = np.full(len(names), np.nan)
    if not np.all((shares >= 0.0) & (shares <= 1.0)):
        raise _refusal("shares from 0 to 1", list(expected.values()))
    return shares


def _refusal(expected: object, found: object) -> InputError:
    return InputError(
        "按这些条件无法确定核查点数。",
        "No number of reference points follows from this.",
        remedy=Text(
            zh="请检查半宽、分配方式和各分层的预期比例。",
            en="Look at the half-width, the allocation and the expected share of each stratum.",
        ),
        expected=expected,
        found=found,
    )
