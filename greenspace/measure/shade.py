"""Shade: which roads have their footways and cycle paths under the crowns of trees.

Question   How much of the footway on each side of a road lies under canopy, and is it enough?
Enters     Footways that belong to roads, and crowns of trees, in one measuring CRS.
Leaves     Shares a side, and whether each road is tree-lined.
Elsewhere  Which footway belongs to which road: prepare/footways. Lengths: measure/linear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from greenspace.measure.areas import covered_area
from greenspace.measure.linear import covered_length

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from greenspace.measure.linear import Pieces

Sides = Literal["both", "mean"]
LEAST_CANOPY = 0.90
NOISE = 1e-9


def canopy_over(
    pieces: Pieces, polygons: NDArray[Any], crowns: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how much of each straight piece (m) and each polygon (m²) lies under crowns."""
    return covered_length(crowns, pieces), covered_area(crowns, polygons)


def shaded_roads(
    strips: pd.DataFrame, *, sides: Sides = "both", least_canopy: float = LEAST_CANOPY
) -> pd.DataFrame:
    """Return of each road that has footways how far they are shaded.

    Parameters
    ----------
    strips
        One row a piece of footway: ``road`` (position of the road), ``side``, ``kind``, ``drawn``
        (``line`` or ``polygon``: lines are measured by length, polygons by area), ``size`` and
        ``shaded``, its m or m² under canopy.
    sides
        ``both``: the footway and the cycle path of each side that has one must be shaded.
        ``mean``: all of them together.
    least_canopy
        From which share on footways count as shaded; the share itself is enough.

    Returns
    -------
    DataFrame
        By road: ``least`` and ``mean``, shares of the least shaded strip and of all, ``sides``, the
        number of sides with a footway, and ``tree_lined``.

    Examples
    --------
    >>> strips = pd.DataFrame({
    ...     "road": [0, 0, 0], "side": ["left", "left", "right"], "kind": "", "drawn": "line",
    ...     "size": [50.0, 50.0, 100.0], "shaded": [50.0, 48.0, 85.0],
    ... })
    >>> shaded_roads(strips)[["least", "mean"]].loc[0].tolist()
    [0.85, 0.915]
    >>> bool(shaded_roads(strips, sides="mean").loc[0, "tree_lined"])
    True
    """
    each = strips.groupby(["road", "side", "kind", "drawn"], sort=True)[["size", "shaded"]].sum()
    drawn = strips.groupby(["road", "drawn"], sort=True)[["size", "shaded"]].sum()
    least = (each["shaded"] / each["size"]).groupby("road").min()
    mean = (drawn["shaded"] / drawn["size"]).groupby("road").min()
    count = strips.groupby("road")["side"].nunique()
    table = pd.DataFrame({"least": least, "mean": mean, "sides": count})
    decides = table["least"] if sides == "both" else table["mean"]
    return table.assign(tree_lined=decides >= least_canopy * (1.0 - NOISE))
