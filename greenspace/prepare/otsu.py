"""Otsu's threshold: the cut that best parts a histogram in two.

Question   Where does the histogram of an index fall into green and not green?
Enters     Counts of equal bins and their range.
Leaves     One cut, or the reason why there is none.
Elsewhere  Streaming the histogram: prepare/vegetation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import RasterError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 4096
LOW, HIGH = -1.0, 1.0
CLASSES = 2


def otsu_threshold(counts: NDArray[np.int64], low: float = LOW, high: float = HIGH) -> float:
    """Return the cut that best separates a histogram into two classes (Otsu 1979).

    The bin border with the greatest variance between classes; where empty bins make several
    borders equal, their middle.

    Raises
    ------
    RasterError
        No bin is filled, or only one.

    Examples
    --------
    >>> counts = np.array([5, 5, 0, 0, 5, 5])
    >>> otsu_threshold(counts, 0.0, 6.0)
    3.0
    """
    if not counts.any():
        raise RasterError(
            "影像上没有任何有效像元（全部无数据或被遮盖）。",
            "The image shows nothing: every pixel is nodata or masked.",
            remedy=Text(zh="请核对 nodata 和掩膜。", en="Check nodata and the mask."),
        )
    if np.count_nonzero(counts) < CLASSES:
        raise RasterError(
            "影像的植被指数几乎处处相同，Otsu 法无法分出两类。",
            "The index is the same almost everywhere, so Otsu's method finds no two classes.",
            remedy=Text(
                zh="请给定阈值，例如 threshold=0.3。", en="Pass a number, e.g. threshold=0.3."
            ),
        )
    centres = low + (np.arange(len(counts)) + 0.5) * (high - low) / len(counts)
    below = np.cumsum(counts)[:-1].astype(float)
    above = counts.sum() - below
    moment = np.cumsum(counts * centres)
    both = (below > 0) & (above > 0)
    gap = np.zeros(len(below))
    mean_below = moment[:-1][both] / below[both]
    mean_above = (moment[-1] - moment[:-1][both]) / above[both]
    gap[both] = below[both] * above[both] * (mean_above - mean_below) ** 2
    best = np.flatnonzero(gap >= gap.max() * (1 - 1e-12))
    best = best[below[best] == below[best[0]]]
    return float(low + (best.mean() + 1.0) * (high - low) / len(counts))
