"""Otsu's threshold: the cut that best parts a histogram in two, where it has two parts.

Question   Where does the histogram of an index fall into green and not green?
Enters     Counts of equal bins and their range.
Leaves     One Decision, or the reason why there is none.
Elsewhere  Streaming the histogram: prepare/vegetation.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import gaussian_filter1d

from greenspace.errors import RasterError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.decision import Decision

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 4096
LOW, HIGH = -1.0, 1.0
CLASSES = 2
SMOOTHING = 1 / 8  # standard deviation of the smoothing, as a share of the gap of the means
DEPTH = 0.15
CHANCE = 3.0
USUAL = (0.1, 0.5)
MEASURED_NEAR_INFRARED = {"ndvi", "evi", "savi"}
ANOTHER_WAY = Text(
    zh='请给定阈值，例如 threshold=0.3；或用样本点标定：threshold={"samples": "points.gpkg"}。',
    en='Pass a number, e.g. threshold=0.3, or field points: threshold={"samples": "points.gpkg"}.',
)


@dataclass(frozen=True, slots=True)
class Valley:
    """How far a histogram lies, at a cut, below the lower of the peaks beside it.

    Attributes
    ----------
    depth
        As a share of that peak: 1 where nothing lies at the cut, 0 where there is no valley.
    required
        What it should be: `DEPTH`, or more where so few pixels could show as much by chance.
    """

    depth: float
    required: float

    @property
    def deep(self) -> bool:
        """Whether it counts as a valley."""
        return self.depth >= self.required


def otsu_decision(counts: NDArray[np.int64], index: str, file: str | None = None) -> Decision:
    """Return Otsu's threshold of a histogram of an index from `LOW` to `HIGH`.

    Raises
    ------
    RasterError
        The histogram is empty, or has no valley at the cut.
    """
    cut = otsu_threshold(counts)
    valley = valley_at(counts, cut)
    if not valley.deep:
        raise _no_valley(cut, valley, file)
    text = Text(
        zh=f"Otsu 法取得的阈值为 {cut:.4f}，直方图在此处比较低的峰低 {valley.depth:.0%}。",
        en=f"The threshold found by Otsu's method is {cut:.4f}; the histogram lies "
        f"{valley.depth:.0%} below its lower peak there.",
    )
    found = [Finding(code="otsu_threshold", text=text, layer="image")]
    if index in MEASURED_NEAR_INFRARED and not USUAL[0] <= cut <= USUAL[1]:
        found.append(_unusual(cut, index))
    return Decision(cut, f"{cut:.6g} (Otsu)", tuple(found))


def otsu_threshold(counts: NDArray[np.int64], low: float = LOW, high: float = HIGH) -> float:
    """Return the cut that best separates a histogram into two classes (Otsu 1979).

    The bin border with the greatest variance between classes; where empty bins make several
    borders equal, their middle. Whether there are two classes is asked by `valley_at`.

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
            remedy=ANOTHER_WAY,
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


def valley_at(
    counts: NDArray[np.int64], cut: float, low: float = LOW, high: float = HIGH
) -> Valley:
    """Return how deep a valley the cut of a histogram lies in.

    The histogram is smoothed by a Gaussian whose standard deviation is an eighth of the gap
    between the means of the two classes. The depth is ``1 - at the cut / lower peak``, the
    peaks being the highest places on either side of the cut. `CHANCE` standard errors of a
    count of as many pixels as the smoothing lays together at that peak are required at least.

    Examples
    --------
    >>> two = np.repeat([0, 60, 0, 60, 0], 40)
    >>> valley = valley_at(two, 100.0, 0.0, 200.0)
    >>> round(valley.depth, 2), valley.required
    (0.95, 0.15)
    """
    step = (high - low) / len(counts)
    border = round((cut - low) / step)
    places = np.arange(len(counts)) + 0.5
    means = [
        float(np.average(places[side], weights=counts[side]))
        for side in (np.s_[:border], np.s_[border:])
    ]
    width = (means[1] - means[0]) * SMOOTHING
    smooth = gaussian_filter1d(counts.astype(float), width, mode="reflect")
    peak = float(min(smooth[:border].max(), smooth[border:].max()))
    depth = 1.0 - float(smooth[border - 1] + smooth[border]) / 2.0 / peak
    together = max(peak * 2.0 * sqrt(pi) * width, 1.0)
    return Valley(depth=max(depth, 0.0), required=max(DEPTH, CHANCE / sqrt(together)))


def _no_valley(cut: float, valley: Valley, file: str | None) -> RasterError:
    why = Text(zh="", en="")
    if valley.required > 1:
        why = Text(zh="，而且像元太少，不足为凭", en=", and so few pixels prove nothing")
    elif valley.required > DEPTH:
        why = Text(
            zh=f"，像元少时要更深，此处为 {valley.required:.0%}",
            en=f", more where pixels are few: {valley.required:.0%} here",
        )
    return RasterError(
        f"植被指数的直方图在 Otsu 阈值 {cut:.4f} 处没有谷，分不出绿与非绿："
        f"此处比较低的峰低 {valley.depth:.1%}，至少应低 {DEPTH:.0%}{why.zh}。",
        f"The histogram of the index has no valley at Otsu's threshold {cut:.4f}, so green and "
        f"not green cannot be told apart by it: it lies {valley.depth:.1%} below the lower peak "
        f"there, and should by {DEPTH:.0%} at least{why.en}.",
        remedy=ANOTHER_WAY,
        file=file,
        expected=valley.required,
        found=valley.depth,
    )


def _unusual(cut: float, index: str) -> Finding:
    low, high = USUAL
    text = Text(
        zh=f"Otsu 阈值 {cut:.4f} 不在常见的 {low:g}–{high:g} 之内：它可能分开的是水与陆地，或疏绿与浓绿。"
        "请对照影像核对，或给定阈值、用样本点标定。",
        en=f"Otsu's threshold of {index.upper()}, {cut:.4f}, lies beyond the usual {low:g} to "
        f"{high:g}: it may part water from land, or sparse green from dense. Hold it against the "
        "image, or pass a number or field points.",
    )
    return Finding(
        code="otsu_unusual",
        text=text,
        severity="warning",
        layer="image",
        indicators=("green_coverage",),
    )
