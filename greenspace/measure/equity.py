"""Equity: how evenly something is shared among persons.

Question   Who has how much of it: all alike, or few nearly everything?
Enters     A value a place, such as m² a person, and the persons in each.
Leaves     A Gini coefficient, a Lorenz curve, and shares by group.
Elsewhere  What is shared: measure/access, measure/service. Places with shapes: sharing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenspace.errors import InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def gini(values: ArrayLike, persons: ArrayLike | None = None) -> float:
    """Return the Gini coefficient of something shared among persons.

    ``G = 1 - Σ (p_k - p_{k-1}) (L_k + L_{k-1})`` over places from the least value on, with p
    the share of persons and L the share of all that they hold so far: 0 where everybody has
    alike, near 1 where one holds everything.

    Parameters
    ----------
    values
        What each person of a place has: zero or more. Where nobody lives it may be missing.
    persons
        Of each place; one each where they are not given.

    Returns
    -------
    float
        NaN where nobody lives anywhere, or nobody has anything: then there is nothing to share.

    Raises
    ------
    InputError
        A value or a number of persons is missing, negative or infinite, or their lengths differ.

    References
    ----------
    docs/explanation/reach.md

    Examples
    --------
    >>> gini([1, 2, 3, 4]), gini([5, 5]), gini([0, 0, 0, 1]), gini([0, 0])
    (0.25, 0.0, 0.75, nan)
    >>> gini([0, 1], persons=[3, 1])
    0.75
    """
    people, held = _curve(values, persons)
    if np.isnan(held).any():
        return float("nan")
    below = float(np.sum(np.diff(people) * (held[1:] + held[:-1])))
    return max(0.0, 1.0 - below)


def lorenz(values: ArrayLike, persons: ArrayLike | None = None) -> pd.DataFrame:
    """Return the Lorenz curve of something shared among persons.

    Parameters
    ----------
    values, persons
        As of `gini`.

    Returns
    -------
    DataFrame
        ``persons_share`` and ``held_share``, both from 0 to 1: the share of all that the
        persons with the least hold together. NaN where there is nothing to share.

    Raises
    ------
    InputError
        As `gini`.

    References
    ----------
    docs/explanation/reach.md

    Examples
    --------
    >>> lorenz([3, 1]).values.tolist()
    [[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]]
    """
    people, held = _curve(values, persons)
    return pd.DataFrame({"persons_share": people, "held_share": held})


def _curve(values: ArrayLike, persons: ArrayLike | None) -> tuple[Floats, Floats]:
    amounts, people = _amounts(values, persons)
    order = np.argsort(amounts, kind="stable")
    people, total = people[order], amounts[order] * people[order]
    return _cumulative(people), _cumulative(total)


def _cumulative(parts: Floats) -> Floats:
    """Return shares of the whole so far, from 0 to exactly 1; NaN where the whole is 0."""
    whole = np.concatenate(([0.0], np.cumsum(parts)))
    if whole[-1] <= 0:
        return np.full(len(whole), np.nan)
    shares: Floats = whole / whole[-1]
    return shares


def _amounts(values: ArrayLike, persons: ArrayLike | None) -> tuple[Floats, Floats]:
    amounts = _numbers("values", values)
    people = np.ones(len(amounts)) if persons is None else _numbers("persons", persons)
    if len(people) != len(amounts):
        raise InputError(
            f"values 有 {len(amounts)} 个数，persons 有 {len(people)} 个。",
            f"There are {len(amounts)} values and {len(people)} numbers of persons.",
            remedy=Text(zh="请每处各给一个。", en="Give one of each a place."),
            expected=len(amounts),
            found=len(people),
        )
    _require("persons", people, np.ones(len(people), dtype=bool))
    lived = people > 0
    _require("values", amounts, lived)
    return amounts[lived], people[lived]


def _numbers(name: str, given: ArrayLike) -> Floats:
    found: Any = pd.to_numeric(pd.Series(given).reset_index(drop=True), errors="coerce")
    numbers: Floats = found.to_numpy(dtype=float, na_value=np.nan)
    if numbers.ndim != 1:
        raise InputError(f"{name} 应为一列数。", f"{name} should be one column of numbers.")
    return numbers


def _require(name: str, numbers: Floats, asked: NDArray[np.bool_]) -> None:
    bad = asked & ~(np.isfinite(numbers) & (numbers >= 0))
    if bad.any():
        raise InputError(
            f"{name} 有 {int(bad.sum())} 个数缺失、为负或无穷。",
            f"{int(bad.sum())} of {name} are missing, negative or infinite.",
            remedy=Text(zh="请补全或更正这些行。", en="Fill in or correct those rows."),
            rows=np.flatnonzero(bad),
            expected=">= 0",
            found=tuple(numbers[bad][:5]),
        )


def mean_of_persons(values: Floats, persons: Floats) -> float:
    """Return the mean over persons, NaN where there are none; values without persons do not count.

    Examples
    --------
    >>> mean_of_persons(np.array([1.0, 4.0, np.nan]), np.array([2.0, 1.0, 0.0]))
    2.0
    """
    lived = persons > 0
    if not lived.any():
        return float("nan")
    return float(values[lived] @ persons[lived] / persons[lived].sum())


def shares_by_group(
    values: Floats, persons: Floats, group: NDArray[Any], worse: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return what each group holds beside how many it is.

    Parameters
    ----------
    values, persons
        Of each place.
    group
        To which each place belongs; those with a missing one are a group too.
    worse
        Which places are worse off than they should be.

    Returns
    -------
    DataFrame
        A row a group in their order: ``places``, ``persons``, ``persons_share``, ``mean``,
        ``held_share``, ``persons_worse``, ``gini``. Values that are not finite leave the
        group's mean, share and Gini undefined.

    Examples
    --------
    >>> shares_by_group(np.array([1.0, 3.0]), np.array([1.0, 1.0]), np.array(["a", "b"]),
    ...     np.array([True, False]))[["persons_share", "held_share"]].values.tolist()
    [[0.5, 0.25], [0.5, 0.75]]
    """
    frame = pd.DataFrame({"group": group, "value": values, "persons": persons, "worse": worse})
    frame["held"] = np.multiply(values, persons, out=np.zeros(len(persons)), where=persons > 0)
    frame["persons_worse"] = np.where(worse, persons, 0.0)
    rows = []
    held, people = frame["held"].sum(), frame["persons"].sum()
    for name, part in frame.groupby("group", dropna=False, sort=True):
        own, theirs = part["value"].to_numpy(), part["persons"].to_numpy()
        sound = bool(np.isfinite(own[theirs > 0]).all())
        rows.append(
            {
                "group": name,
                "places": len(part),
                "persons": theirs.sum(),
                "persons_share": theirs.sum() / people if people else np.nan,
                "mean": mean_of_persons(own, theirs) if sound else np.nan,
                "held_share": part["held"].sum() / held if held and np.isfinite(held) else np.nan,
                "persons_worse": part["persons_worse"].sum(),
                "gini": gini(own, theirs) if sound else np.nan,
            }
        )
    columns = ["places", "persons", "persons_share", "mean", "held_share", "persons_worse", "gini"]
    return pd.DataFrame(rows, columns=["group", *columns]).set_index("group")
