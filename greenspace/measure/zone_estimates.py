"""Zone estimates: what reference points say of single districts.

Question   How much of a class is there in each zone, and does the zone's own sample say so?
Enters     Points with their zone, the mapped areas of each zone, the strata of the whole.
Leaves     One ZoneEstimate a zone: direct with an interval, or synthetic without.
Elsewhere  The whole city: measure/accuracy.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

from greenspace.measure.accuracy import (
    areas_of,
    drawn_of,
    stehman_estimate,
    strata_of,
    without_dust,
)
from greenspace.measure.error_matrix import codes_of
from greenspace.model.estimate import Estimate, ZoneEstimate
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

LEAST_DIRECT = 30
LEAST_STRATUM = 2
NOTHING_MAPPED = Text(
    zh="该区没有可见的制图面积。", en="Nothing of this zone is mapped, so there is no share."
)
NOT_SAMPLED = Text(
    zh="该区的制图类别中有一类没有核查点，无法套用全市误差矩阵。",
    en="The zone holds a map class without reference points, so the city's matrix says nothing of it.",
)


def zone_estimates(
    zones: ArrayLike,
    mapped: ArrayLike,
    reference: ArrayLike,
    zone_areas: pd.DataFrame,
    strata_areas: Mapping[Any, float],
    *,
    label: Hashable,
    strata: ArrayLike | None = None,
    drawn: Mapping[Any, float] | None = None,
    least_points: int = LEAST_DIRECT,
    confidence: float = 0.95,
) -> tuple[ZoneEstimate, ...]:
    """Estimate the share of one class in each zone.

    Parameters
    ----------
    zones, mapped, reference
        For each point the zone that it lies in (anything else: in none), what the map says and
        what is so.
    zone_areas
        Mapped area of each zone (rows) by map class (columns), in one unit.
    strata_areas
        Area of each stratum of the whole sample; of each map class where `strata` is left out.
    label
        The class whose share is wanted.
    strata
        The stratum of each point. Left out: the map's classes, or a simple random sample.
    drawn
        How many points were drawn in each stratum, as in `stehman_estimate`.
    least_points
        A zone with fewer points has no figure of its own.
    confidence
        Of the intervals.

    Returns
    -------
    tuple of ZoneEstimate
        In the order of the rows. With enough points: ``poststratified`` by the zone's own map
        classes, where the strata are those and each has two points; otherwise ``weighted``, the
        ratio of two totals by the sampling weights. With fewer: ``synthetic``, the city's error
        matrix on the zone's mapped areas, which has no interval.

    Examples
    --------
    >>> import pandas as pd
    >>> areas = pd.DataFrame([[30.0, 70.0]], index=["north"], columns=["g", "n"])
    >>> points = [["north"] * 40, ["g"] * 20 + ["n"] * 20, ["g"] * 18 + ["n"] * 22]
    >>> found, = zone_estimates(*points, areas, {"g": 30.0, "n": 70.0}, label="g")
    >>> found.method, round(found.share.value, 3)
    ('poststratified', 0.27)
    """
    names: list[Any] = list(zone_areas.index)
    classes: list[Any] = list(zone_areas.columns)
    place = _places(zones, names)
    drawn_in = mapped if strata is None else strata
    whole = stehman_estimate(
        drawn_in,
        mapped,
        reference,
        strata_areas,
        classes=classes,
        confidence=confidence,
        drawn=drawn,
    )
    strata_names = list(strata_areas.keys())
    rows = codes_of(drawn_in, strata_names, "strata")
    every = drawn_of(rows, strata_names, drawn)
    said = codes_of(mapped, classes, "map")
    true = codes_of(reference, classes, "reference") == classes.index(label)
    table = zone_areas.to_numpy(dtype=float)
    results = []
    for position, name in enumerate(names):
        here = np.equal(place, position)
        mapped_here, count = without_dust(table[position]), int(here.sum())
        if count < least_points or not mapped_here.sum() > 0:
            share = _synthetic(whole.proportions.to_numpy(), mapped_here, classes.index(label))
            results.append(ZoneEstimate(name, "synthetic", count, share))
        elif strata is None and _can_poststratify(said[here], mapped_here):
            share = _poststratified(said[here], true[here], mapped_here, confidence)
            results.append(ZoneEstimate(name, "poststratified", count, share))
        else:
            areas = areas_of(strata_areas, strata_names)
            share = _weighted(rows, here & true, here, (every, areas), confidence)
            results.append(ZoneEstimate(name, "weighted", count, share))
    return tuple(results)


def _places(zones: ArrayLike, names: list[Hashable]) -> NDArray[np.intp]:
    """Return the row of each point's zone, -1 where it lies in none."""
    rows = {name: row for row, name in enumerate(names)}
    given = np.asarray(zones, dtype=object).ravel().tolist()
    return np.array([rows.get(zone, -1) for zone in given], dtype=np.intp)


def _can_poststratify(said: NDArray[np.intp], mapped_areas: Floats) -> bool:
    counts = np.bincount(said, minlength=len(mapped_areas))
    return bool(np.all(np.where(mapped_areas > 0, counts >= LEAST_STRATUM, counts == 0)))


def _poststratified(
    said: NDArray[np.intp], true: NDArray[np.bool_], mapped_areas: Floats, confidence: float
) -> Estimate:
    width = len(mapped_areas)
    counts = np.bincount(said, minlength=width).astype(float)
    hits = np.bincount(said, weights=true, minlength=width)
    strata, kept = strata_of(counts, mapped_areas, range(width), confidence)
    return strata.share(hits[kept] / counts[kept])


def _weighted(
    rows: NDArray[np.intp],
    hit: NDArray[np.bool_],
    here: NDArray[np.bool_],
    strata_of_whole: tuple[Floats, Floats],
    confidence: float,
) -> Estimate:
    """Estimate the ratio of two totals, both of the points in the zone."""
    counts, areas = strata_of_whole
    width = len(areas)
    hits = np.bincount(rows, weights=hit, minlength=width)
    inside = np.bincount(rows, weights=here, minlength=width)
    strata, kept = strata_of(counts, areas, range(width), confidence)
    points = counts[kept]
    return strata.part(hits[kept] / points, inside[kept] / points, NOTHING_MAPPED)


def _synthetic(proportions: Floats, mapped_areas: Floats, column: int) -> Estimate:
    """Apply the city's shares of each map class to the zone's mapped areas."""
    total = mapped_areas.sum()
    if not total > 0:
        return Estimate.none(NOTHING_MAPPED)
    sampled = proportions.sum(axis=1)
    if np.any((mapped_areas > 0) & (sampled <= 0)):
        return Estimate.none(NOT_SAMPLED)
    shares = np.divide(
        proportions[:, column], sampled, out=np.zeros_like(sampled), where=sampled > 0
    )
    return Estimate(float(mapped_areas @ shares / total), nan, nan, nan)
