"""Access: how much park each place may call its own, shared with all who reach the same parks.

Question   How many m² of park does a person in each place have, by floating catchments?
Enters     Pairs of facility and place with their distance, what facilities supply, who lives where.
Leaves     Supply a person in each place and at each facility, and facilities that nobody reaches.
Elsewhere  Distances: catchment (straight), measure/network (on foot). Fairness: measure/equity.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import isclose, isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from greenspace.errors import InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EXACT = 1e-9
STEPS = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))  # Luo and Qi 2009, the slower of their decays
BETA = -1.0


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """What floating catchments give.

    Attributes
    ----------
    per_person
        By place, supply a person: 0 where no facility is in reach; NaN where nobody lives in
        reach of a facility that this place reaches (so nobody lives in the place either).
    ratio
        By facility, its supply over the weighted persons in its catchment; NaN where there are
        none.
    idle
        Facilities with supply and without a person in their catchment.
    """

    per_person: Floats
    ratio: Floats
    idle: Ints


def catchment_access(
    facility: Ints, place: Ints, weight: Floats, *, supply: Floats, population: Floats
) -> Access:
    """Share what facilities supply among those who reach them, in two steps.

    ``R_j = S_j / Σ_k w_kj P_k`` over the places that reach facility j, then
    ``A_i = Σ_j w_ij R_j`` over the facilities that place i reaches. With weights of 0 and 1
    this is 2SFCA, with falling ones E2SFCA and its kin. Everything supplied arrives:
    ``Σ A_i P_i = Σ S_j`` over the facilities that somebody reaches, which is held here each time.

    Parameters
    ----------
    facility, place
        Positions, one pair each; pairs out of reach are left out.
    weight
        Of each pair, zero or more (`kernel_weights`).
    supply
        Of each facility, such as its m².
    population
        Of each place, persons.

    Raises
    ------
    InputError
        A number is missing, negative or infinite; a pair stands there twice.

    References
    ----------
    Luo and Wang 2003, doi:10.1068/b29120; Luo and Qi 2009, doi:10.1016/j.healthplace.2009.06.002.

    Examples
    --------
    Two parks of 100 m² and three places of 10 persons; the middle one reaches both.

    >>> found = catchment_access(
    ...     np.array([0, 0, 1, 1]), np.array([0, 1, 1, 2]), np.ones(4),
    ...     supply=np.array([100.0, 100.0]), population=np.array([10.0, 10.0, 10.0]))
    >>> found.per_person, found.ratio
    (array([ 5., 10.,  5.]), array([5., 5.]))
    """
    for name, numbers in (("supply", supply), ("population", population), ("weight", weight)):
        _require_amounts(name, numbers)
    linked = weight > 0
    shape = len(supply), len(population)
    weights = csr_array((weight[linked], (facility[linked], place[linked])), shape=shape)
    if weights.nnz != np.count_nonzero(linked):
        raise InputError(
            "同一设施与地点的组合出现了两次，会重复计算。",
            "A pair of facility and place stands there twice and would count twice.",
            remedy=Text(zh="请每对只保留一行。", en="Keep one row a pair."),
            found=int(np.count_nonzero(linked) - weights.nnz),
        )
    people = weights @ population
    ratio = np.full(len(supply), np.nan)
    np.divide(supply, people, out=ratio, where=people > 0)
    lonely = (people <= 0).astype(float)
    open_ended = (weights.T @ (lonely * (supply > 0))) > 0
    per_person = weights.T @ np.where(people > 0, ratio, 0.0)
    _require_all_shared(per_person, population, float(supply[people > 0].sum()))
    per_person[open_ended] = np.nan
    idle = np.flatnonzero((people <= 0) & (supply > 0))
    return Access(per_person, ratio, idle)


def _require_amounts(name: str, numbers: Floats) -> None:
    bad = ~(np.isfinite(numbers) & (numbers >= 0))
    if bad.any():
        raise InputError(
            f"{name} 有 {int(bad.sum())} 个数缺失、为负或无穷。",
            f"{int(bad.sum())} numbers of {name} are missing, negative or infinite.",
            remedy=Text(zh="请补全或更正这些行。", en="Fill in or correct those rows."),
            rows=np.flatnonzero(bad),
            expected=">= 0",
            found=tuple(numbers[bad][:5]),
        )


def _require_all_shared(per_person: Floats, population: Floats, reached: float) -> None:
    shared = float(per_person @ population)
    if not isclose(shared, reached, rel_tol=EXACT):
        raise InputError(
            f"各地分得的总量 {shared:.10g} 不等于可达设施的供给 {reached:.10g}：数值相差过大，无法计算。",
            f"What places receive, {shared:.10g}, is not what reached facilities supply, "
            f"{reached:.10g}: the numbers lie too far apart to be computed with.",
            remedy=Text(
                zh="请核对供给和人口的数量级。",
                en="Check the magnitudes of supply and population.",
            ),
            expected=reached,
            found=shared,
        )


def kernel_weights(
    distance_m: Floats,
    radius_m: float,
    method: str = "gaussian",
    *,
    steps: tuple[tuple[float, float], ...] = STEPS,
    beta: float = BETA,
) -> Floats:
    """Return how much each distance counts: 0 beyond the radius, whatever the kernel.

    Parameters
    ----------
    distance_m
        Zero or more; infinite where there is no way.
    radius_m
        The edge of the catchment, itself inside.
    method
        ``2sfca``: 1 throughout. ``e2sfca``: falling in `steps`. ``gaussian``:
        ``(e^(-½(d/r)²) - e^(-½)) / (1 - e^(-½))``, 0 at the edge. ``density``:
        ``¾ (1 - (d/r)²)``. ``power``: ``d^beta``, at most 1. ``exponential``: ``e^(-d/r)``.
    steps
        Of ``e2sfca``: pairs of a share of the radius and the weight up to there, never rising.
    beta
        Of ``power``: the exponent, below 0.

    Raises
    ------
    InputError
        The method is not known, or radius, steps or beta make no kernel.

    Examples
    --------
    >>> kernel_weights(np.array([0.0, 1.0, 2.0, 3.0, 4.0]), 3.0).round(7).tolist()
    [1.0, 0.8626563, 0.4935753, 0.0, 0.0]
    """
    if not isinstance(method, str) or method not in KERNELS:
        raise InputError(
            f"没有名为 {method!r} 的可达性方法。",
            f"There is no method {method!r} of access.",
            remedy=Text(zh=f"可选：{'、'.join(KERNELS)}。", en=f"There are: {', '.join(KERNELS)}."),
            expected=tuple(KERNELS),
            found=method,
        )
    if not (_is_number(radius_m) and radius_m > 0):
        raise _unfit("radius_m", radius_m, "> 0")
    if not (_is_number(beta) and beta < 0):
        raise _unfit("beta", beta, "< 0")
    _require_steps(steps)
    if not (np.asarray(distance_m) >= 0).all():
        raise _unfit("distance_m", "NaN / < 0", ">= 0")
    weight = np.zeros(len(distance_m))
    near = distance_m <= radius_m
    weight[near] = KERNELS[method](distance_m[near], radius_m, steps, beta)
    return weight


def _is_number(given: Any) -> bool:
    number = isinstance(given, int | float | np.integer | np.floating)
    return number and not isinstance(given, bool) and isfinite(given)


def _require_steps(steps: object) -> None:
    try:
        limits, weights = zip(*((limit, weight) for limit, weight in steps), strict=True)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        limits, weights = (), ()
    numbers = limits and all(map(_is_number, (*limits, *weights)))
    if not (
        numbers
        and all(a < b for a, b in pairwise((0.0, *limits)))
        and all(a >= b > 0 for a, b in pairwise((weights[0], *weights)))
        and limits[-1] == 1.0
    ):
        expected = "((0 < share <= 1, weight > 0), ...), shares rising to 1, weights never rising"
        raise _unfit("steps", steps, expected)


def _unfit(name: str, found: Any, expected: str) -> InputError:
    return InputError(
        f"{name} 应为 {expected}，而不是 {found!r}。",
        f"{name} should be {expected}, not {found!r}.",
        remedy=Text(zh="请更正该参数。", en="Correct the argument."),
        expected=expected,
        found=found,
    )


def _dichotomy(distance: Floats, _radius: float, _steps: Any, _beta: float) -> Floats:
    return np.ones(len(distance))


def _stepped(
    distance: Floats, radius: float, steps: tuple[tuple[float, float], ...], _beta: float
) -> Floats:
    limits = np.array([limit for limit, _ in steps]) * radius
    limits[-1] = radius
    return np.array([weight for _, weight in steps])[np.searchsorted(limits, distance)]


def _gaussian(distance: Floats, radius: float, _steps: Any, _beta: float) -> Floats:
    edge = np.exp(-0.5)
    bell: Floats = (np.exp(-0.5 * (distance / radius) ** 2) - edge) / (1.0 - edge)
    return np.maximum(bell, 0.0)


def _density(distance: Floats, radius: float, _steps: Any, _beta: float) -> Floats:
    weight: Floats = 0.75 * (1.0 - (distance / radius) ** 2)
    return weight


def _power(distance: Floats, _radius: float, _steps: Any, beta: float) -> Floats:
    weight: Floats = np.maximum(distance, 1.0) ** beta
    return weight


def _exponential(distance: Floats, radius: float, _steps: Any, _beta: float) -> Floats:
    weight: Floats = np.exp(-distance / radius)
    return weight


KERNELS: Mapping[str, Callable[[Floats, float, Any, float], Floats]] = {
    "2sfca": _dichotomy,
    "e2sfca": _stepped,
    "gaussian": _gaussian,
    "density": _density,
    "power": _power,
    "exponential": _exponential,
}
