"""Intervals: stratified shares and ratios of shares, with limits that hold near 0 and 1.

Question   How far may a share estimated from strata be off?
Enters     Weights and points of the strata, and shares of the points in each.
Leaves     Estimates: value, standard error, lower and upper limit.
Elsewhere  What the shares stand for: measure/accuracy.

Standard errors are the stratified ones of Olofsson et al. (2014) and Stehman (2014). Limits
combine the Wilson limits of the strata by their squared distances from the value (Donner and Zou
2012), because value plus and minus 1.96 standard errors covers too seldom where errors are rare.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import InputError
from greenspace.model.estimate import Estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.words import Text

    Floats = NDArray[np.float64]


def normal_quantile(confidence: float) -> float:
    """Return how many standard errors a two-sided interval reaches.

    Examples
    --------
    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    if not isinstance(confidence, int | float) or not 0.0 < confidence < 1.0:
        raise InputError(
            "置信水平应在 0 和 1 之间。",
            "A confidence lies between 0 and 1.",
            expected="0 < confidence < 1",
            found=confidence,
        )
    return NormalDist().inv_cdf(0.5 + confidence / 2.0)


@dataclass(frozen=True, slots=True)
class Strata:
    """Weights (they sum to 1) and numbers of points of the strata, and the normal quantile."""

    weight: Floats
    points: Floats
    quantile: float

    def share(self, found: Floats) -> Estimate:
        """Estimate the share of the whole from its shares among the points of each stratum.

        Examples
        --------
        >>> strata = Strata(np.array([0.5, 0.5]), np.array([100.0, 100.0]), 1.96)
        >>> share = strata.share(np.array([0.9, 0.1]))
        >>> round(share.value, 3), round(share.standard_error, 4)
        (0.5, 0.0213)
        """
        value = float(self.weight @ found)
        variance = self.weight**2 @ (found * (1.0 - found) / (self.points - 1.0))
        down, up = self._reach(found)
        return Estimate(
            value,
            sqrt(variance),
            max(value - sqrt(down @ down), 0.0),
            min(value + sqrt(up @ up), 1.0),
        )

    def part(self, found: Floats, inside: Floats, undefined: Text) -> Estimate:
        """Estimate the share of a domain from what was found in it, and what was in it at all.

        Strata may reach beyond the domain: both are shares of all points drawn in a stratum.

        Examples
        --------
        >>> from greenspace.model.words import Text
        >>> strata = Strata(np.array([0.9, 0.1]), np.array([450.0, 450.0]), 1.96)
        >>> share = strata.part(np.array([0.0, 1.0]), np.array([1 / 9, 1.0]), Text("无", "None"))
        >>> round(share.value, 3)
        0.5
        """
        if np.all(inside == 1.0):
            return self.share(found)
        met = inside > 0.0  # a stratum that has no point in the domain is taken to be outside
        rest = np.maximum(inside - found, 0.0)  # below zero by rounding alone
        return self.ratio(found, rest, np.array([met, met]), undefined)

    def ratio(self, hit: Floats, miss: Floats, can: NDArray[np.bool_], undefined: Text) -> Estimate:
        """Estimate hit / (hit + miss) of the whole from both shares among the points.

        Parameters
        ----------
        hit, miss
            Shares that exclude each other, one number a stratum.
        can
            Two rows: in which strata a hit, and a miss, can be met at all.
        undefined
            The reason where neither occurs.
        """
        hits, misses = float(self.weight @ hit), float(self.weight @ miss)
        both = hits + misses
        if both <= 0.0:
            return Estimate.none(undefined)
        value = hits / both
        residue = (1.0 - value) ** 2 * hit + value**2 * miss
        mean = (1.0 - value) * hit - value * miss
        spread = np.maximum(residue - mean**2, 0.0) / (self.points - 1.0)
        error = sqrt(self.weight**2 @ spread) / both
        hit_down, hit_up = (can[0] * reach for reach in self._reach(hit))
        miss_down, miss_up = (can[1] * reach for reach in self._reach(miss))
        tied = _tie(hit, miss)
        low = _lower(hits, misses, hit_down, miss_up, tied)
        high = 1.0 - _lower(misses, hits, miss_down, hit_up, tied)
        return Estimate(value, error, min(low, value), max(high, value))  # rounding alone

    def _reach(self, share: Floats) -> tuple[Floats, Floats]:
        """Return how far below and above a share its Wilson limits lie, weighted."""
        z, n = self.quantile, self.points
        scale = 1.0 + z * z / n
        centre = (share + z * z / (2.0 * n)) / scale
        half = z * np.sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n)) / scale
        return self.weight * (share - centre + half), self.weight * (centre + half - share)


def _tie(hit: Floats, miss: Floats) -> Floats:
    """Return how strongly hits and misses of one stratum exclude each other: 0 to 1.

    Where every point is one or the other, one more hit is one miss fewer.
    """
    rest = (1.0 - hit) * (1.0 - miss)
    tied = np.ones_like(hit)
    np.divide(np.sqrt(hit * miss), np.sqrt(rest), out=tied, where=rest > 0.0)
    return tied


def _lower(hits: float, misses: float, down: Floats, up: Floats, tied: Floats) -> float:
    """Return the lower limit of hits / (hits + misses).

    It is the share P at which hits (1 - P) exceed misses P by just the combined distance of
    their limits: a quadratic in P / (1 - P), solved without cancellation.
    """
    least = max(hits**2 - float(down @ down), 0.0)
    most = misses**2 - float(up @ up)
    cross = hits * misses + float((tied * down) @ up)
    root = sqrt(max(cross**2 - least * most, 0.0))
    whole = least + cross + root
    return least / whole if whole > 0.0 else 0.0
