"""Calibration: the threshold that best agrees with what was seen on the ground.

Question   Above which value of the index are the points green that somebody saw to be green?
Enters     The value of the index at each point, and whether the point is green.
Leaves     One Decision, with its scores on the same points and cross-validated.
Elsewhere  Bringing points onto an image: prepare/field_points. Histograms: prepare/otsu.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import RasterError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.decision import Decision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.city import Objective

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

LEAST = 10  # points of each class
FOLDS = 5
SEED = 0
SAYS_BEST = {
    "f1": Text(zh="F1 最高", en="best F1"),
    "area": Text(zh="面积最相符", en="best area agreement"),
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a map agrees with points.

    Attributes
    ----------
    both, only_map, only_points, neither
        Points that are green in both, in one, in none.
    """

    both: int
    only_map: int
    only_points: int
    neither: int

    @classmethod
    def of(cls, mapped: Flags, green: Flags) -> Agreement:
        """Count points by what the map and what the ground says."""
        return cls(
            int(np.count_nonzero(mapped & green)),
            int(np.count_nonzero(mapped & ~green)),
            int(np.count_nonzero(~mapped & green)),
            int(np.count_nonzero(~mapped & ~green)),
        )

    @property
    def f1(self) -> float:
        """The harmonic mean of user's and producer's accuracy of green.

        Examples
        --------
        >>> Agreement(both=6, only_map=2, only_points=2, neither=9).f1
        0.75
        """
        return 2 * self.both / (2 * self.both + self.only_map + self.only_points)

    def score(self, objective: Objective) -> float:
        """How good the agreement is: F1, or how few points the two shares differ by, below 0."""
        return self.f1 if objective == "f1" else -float(abs(self.only_map - self.only_points))

    @property
    def shares(self) -> tuple[float, float]:
        """The shares of the points that are green by the map and on the ground."""
        count = self.both + self.only_map + self.only_points + self.neither
        return (self.both + self.only_map) / count, (self.both + self.only_points) / count

    @property
    def tells(self) -> bool:
        """Whether green points are called green more often than the others."""
        green, bare = self.both + self.only_points, self.only_map + self.neither
        return self.both * bare > self.only_map * green


def calibrated(values: Floats, green: Flags, objective: Objective, name: str) -> Decision:
    """Return the threshold that agrees best with points, and how well it does on others.

    Parameters
    ----------
    values
        The index at each point, all of them finite.
    green
        Whether each point is green on the ground.
    objective
        ``f1``: the greatest F1. ``area``: as many points green by the map as on the ground.
    name
        Where the points come from.

    Raises
    ------
    RasterError
        There are too few points of a class, or the index does not tell the classes apart, or
        no better than calling all points the same does.
    """
    require_enough(green)
    if len(np.unique(values)) == 1:
        raise _blind(float(values[0]), None)
    cut = best_cut(values, green, objective)
    here = Agreement.of(values > cut, green)
    apart = Agreement.of(cross_validated(values, green, objective), green)
    if not (here.tells and apart.tells):
        raise _blind(cut, apart)
    _require_better_than_one_class((here, apart), green, objective)
    best = SAYS_BEST[objective]
    told = f"{cut:.6g} ({best.en} at {len(values)} points of {name})"
    return Decision(cut, told, (_scores(cut, here, apart, best),))


def _require_better_than_one_class(
    scores: tuple[Agreement, Agreement], green: Flags, objective: Objective
) -> None:
    """Refuse a threshold where calling all points green, or none, agrees better than it does.

    Both scores of it are looked at, on the same points and on others.

    Raises
    ------
    RasterError
        It does.
    """
    alike = [Agreement.of(np.full(len(green), kind), green) for kind in (True, False)]
    best = max(each.score(objective) for each in alike)
    found = min(each.score(objective) for each in scores)
    if found >= best:
        return
    raise RasterError(
        f"把所有样本点判为同一类，比任何阈值都更相符（{best:.3f} 对 {found:.3f}）："
        "植被指数分不开样本点。",
        "To call all points the same agrees with them better than any threshold "
        f"({best:.3f} against {found:.3f}): the index does not tell them apart.",
        remedy=Text(
            zh="请补充较少一类的样本点，或直接给定阈值；并核对波段和影像的日期。",
            en="Add points of the rarer class, or pass a number; check the bands and the date of the "
            "image.",
        ),
        layer="samples",
        expected=best,
        found=found,
    )


def require_enough(green: Flags) -> None:
    """Refuse points of one class, or too few of one.

    Raises
    ------
    RasterError
        There are fewer than `LEAST` of a class.
    """
    found = {"green": int(np.count_nonzero(green)), "not_green": int(np.count_nonzero(~green))}
    if min(found.values()) >= LEAST:
        return
    raise RasterError(
        f"标定阈值至少需要绿与非绿各 {LEAST} 个影像上可见的样本点，"
        f"现有绿 {found['green']} 个、非绿 {found['not_green']} 个。",
        f"A threshold needs at least {LEAST} points of each class that the image shows; there "
        f"are {found['green']} green and {found['not_green']} not green.",
        remedy=Text(zh="请补充样本点，或直接给定阈值。", en="Add points, or pass a number."),
        layer="samples",
        expected=LEAST,
        found=found,
    )


def best_cut(values: Floats, green: Flags, objective: Objective) -> float:
    """Return the cut of the best agreement, the middle of the interval that has it.

    All cuts between two neighbouring values agree equally. Where several intervals are equally
    good, for ``area`` the one with the higher F1 is taken, then the widest, then the lowest.

    Examples
    --------
    >>> values = np.array([0.1, 0.2, 0.4, 0.6, 0.9])
    >>> best_cut(values, np.array([False, False, False, True, True]), "f1")
    0.5
    """
    steps, place = np.unique(values, return_inverse=True)
    greens = np.bincount(place, weights=green, minlength=len(steps))
    bares = np.bincount(place, weights=~green, minlength=len(steps))
    both = (greens.sum() - np.cumsum(greens))[:-1]
    only_map = (bares.sum() - np.cumsum(bares))[:-1]
    only_points = greens.sum() - both
    f1 = 2 * both / (2 * both + only_map + only_points)
    width = np.diff(steps)
    score = f1 if objective == "f1" else -np.abs(only_map - only_points)
    best = np.lexsort((np.arange(len(f1)), -width, -f1, -score))[0]
    low, high = float(steps[best]), float(steps[best + 1])
    middle = low + (high - low) / 2
    return middle if middle < high else low


def cross_validated(values: Floats, green: Flags, objective: Objective) -> Flags:
    """Return which points a threshold from the other points calls green.

    The points of each class are dealt into `FOLDS` parts at random, always in the same way
    and whatever their order; each part is judged by the threshold of the other parts.
    """
    rng = np.random.default_rng(SEED)
    part = np.zeros(len(values), dtype=int)
    for kind in (green, ~green):
        members = np.flatnonzero(kind)
        members = members[np.argsort(values[members], kind="stable")]
        part[rng.permutation(members)] = np.arange(len(members)) % FOLDS
    mapped = np.zeros(len(values), dtype=bool)
    for number in range(FOLDS):
        here = part == number
        others = values[~here]
        if len(np.unique(others)) > 1:
            mapped[here] = values[here] > best_cut(others, green[~here], objective)
    return mapped


def _scores(cut: float, here: Agreement, apart: Agreement, best: Text) -> Finding:
    count = here.both + here.only_map + here.only_points + here.neither
    (by_map, on_ground), (by_others, _) = here.shares, apart.shares
    text = Text(
        zh=f"阈值 {cut:.4f} 由 {count} 个样本点标定（{best.zh}）：F1 为 {here.f1:.3f}，"
        f"{FOLDS} 折交叉验证为 {apart.f1:.3f}；绿的点占比，影像上 {by_map:.1%}"
        f"（交叉验证 {by_others:.1%}），实地 {on_ground:.1%}。",
        en=f"The threshold {cut:.4f} is calibrated on {count} points ({best.en}): F1 "
        f"{here.f1:.3f} on the same points, {apart.f1:.3f} cross-validated in {FOLDS} folds; "
        f"share of green points {by_map:.1%} by the image ({by_others:.1%} cross-validated), "
        f"{on_ground:.1%} on the ground.",
    )
    return Finding(code="threshold_calibrated", text=text, layer="image", count=count)


def _blind(cut: float, apart: Agreement | None) -> RasterError:
    return RasterError(
        "植被指数分不开样本点：绿的点并不比非绿的点更高。",
        "The index does not tell the points apart: it is not higher where they are green.",
        remedy=Text(
            zh="请核对波段、样本点的坐标系和类别，以及影像的日期。",
            en="Check the bands, the CRS and the classes of the points, and the date of the image.",
        ),
        layer="samples",
        expected="higher where green",
        found=cut if apart is None else apart,
    )
