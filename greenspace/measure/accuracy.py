"""Accuracy: what reference points say of a classified map and of the true areas.

Question   How much of each class is there really, and how often is the map right?
Enters     Counts of points by map and reference class, and the areas of the strata.
Leaves     An AreaEstimate: adjusted areas and accuracies with errors and intervals.
Elsewhere  Drawing the points: measure/sampling. Zones: measure/zone_estimates.

Olofsson et al. 2013 (10.1016/j.rse.2012.10.031) and 2014 (10.1016/j.rse.2014.02.015) where the
strata are the map's classes, Stehman 2014 (10.1080/01431161.2014.930207) where they are not; the
former is the latter with points whose map class is their stratum, and so it is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenspace.errors import InputError
from greenspace.measure.areas import ROUNDING
from greenspace.measure.error_matrix import codes_of, is_missing, require_alike, table_of
from greenspace.measure.intervals import Strata, normal_quantile
from greenspace.model.estimate import AreaEstimate, Estimate
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Labels = Sequence[Any]

LEAST_POINTS = 2  # a variance is divided by the points less one
NOT_MAPPED = Text(
    zh="地图上没有这一类，用户精度无定义。",
    en="The map has none of this class, so its user's accuracy is undefined.",
)
NOT_FOUND = Text(
    zh="核查点中没有这一类，生产者精度无定义。",
    en="No reference point is of this class, so its producer's accuracy is undefined.",
)
NOT_IN_DOMAIN = Text(
    zh="没有核查点在所问的范围内。", en="No reference point lies on the ground that is asked for."
)
OTHER_CLASSES = Text(
    zh="分层不是参考类别，精度无定义。",
    en="The strata are not the reference classes, so accuracy is undefined.",
)


def area_estimate(
    error_matrix: pd.DataFrame | ArrayLike,
    mapped_areas: Mapping[Any, float] | pd.Series | ArrayLike,
    *,
    confidence: float = 0.95,
) -> AreaEstimate:
    r"""Estimate areas and accuracies from an error matrix, free of the map's own errors.

    Parameters
    ----------
    error_matrix
        Numbers of reference points: a row for each stratum of the map, a column for each
        reference class. Labels of a DataFrame are carried; rows and columns with the same
        labels may stand in any order.
    mapped_areas
        The area of each stratum, in any unit: in the order of the rows, or by label.
    confidence
        Of the intervals.

    Returns
    -------
    AreaEstimate
        User's, producer's and overall accuracy are undefined, with the reason, where rows and
        columns are not the same classes.

    Raises
    ------
    InputError
        A count is negative, broken or missing, a stratum has fewer than two points, areas do
        not match the strata, or there is no area at all.

    Notes
    -----
    With :math:`W_i` the share of stratum *i* and :math:`n_{ij}` its points of class *j*:
    :math:`\hat p_{\cdot j} = \sum_i W_i n_{ij} / n_i`, with variance
    :math:`\sum_i W_i^2 \frac{n_{ij}}{n_i} (1 - \frac{n_{ij}}{n_i}) / (n_i - 1)`.

    Examples
    --------
    The example of Olofsson et al. 2014, in pixels of 0.09 ha:

    >>> counts = [[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]]
    >>> found = area_estimate(counts, [18_000, 13_500, 288_000, 580_500])
    >>> round(found.areas[0].value), round(1.96 * found.areas[0].standard_error)
    (21158, 6158)
    """
    counts, strata, classes = table_of(error_matrix)
    areas = areas_of(mapped_areas, strata)
    square = set(strata) == set(classes)
    cells = np.zeros((len(strata), len(strata), len(classes)))
    if square:
        counts = counts[:, [classes.index(label) for label in strata]]
        classes = strata
    cells[np.arange(len(strata)), np.arange(len(strata))] = counts
    return _estimate(cells, areas, (strata, strata, classes), confidence)


def stehman_estimate(
    strata: ArrayLike,
    mapped: ArrayLike,
    reference: ArrayLike,
    strata_areas: Mapping[Any, float] | pd.Series,
    *,
    classes: Labels | None = None,
    confidence: float = 0.95,
    drawn: Mapping[Any, float] | None = None,
    domain_area: float | None = None,
) -> AreaEstimate:
    """Estimate areas and accuracies from points whose strata are not the map's classes.

    Parameters
    ----------
    strata, mapped, reference
        For each point the stratum it was drawn in, what the map says and what is so. One
        stratum over everything is a simple random sample.
    strata_areas
        The area of each stratum by its label, in any unit.
    classes
        Order of the classes; otherwise sorted by their text.
    confidence
        Of the intervals.
    drawn
        How many points were drawn in each stratum, where strata reach beyond the ground that is
        asked for and only the points on that ground are given: shares are then ratios of two
        totals. Left out: the points given are all.
    domain_area
        The area of that ground where it is known; otherwise it is estimated, too.

    Raises
    ------
    InputError
        As `area_estimate`; a label is missing or unknown, or fewer points were drawn than given.

    Examples
    --------
    >>> found = stehman_estimate([1, 1, 1, 1], list("ggnn"), list("ggng"), {1: 10.0})
    >>> found.areas["g"].value, round(found.producers_accuracy["g"].value, 3)
    (7.5, 0.667)
    """
    names = list(dict.fromkeys(strata_areas.keys()))
    rows = codes_of(strata, names, "strata")
    if classes is None:
        both = [*np.asarray(mapped, dtype=object).ravel(), *np.asarray(reference, dtype=object)]
        classes = sorted({label for label in both if not is_missing(label)}, key=str)
    said, true = codes_of(mapped, classes, "map"), codes_of(reference, classes, "reference")
    require_alike(rows, said)
    require_alike(rows, true)
    cells = np.zeros((len(names), len(classes), len(classes)))
    np.add.at(cells, (rows, said, true), 1)
    areas = areas_of(strata_areas, names)
    every = drawn_of(rows, names, drawn)
    found = _estimate(cells, areas, (names, list(classes), list(classes)), confidence, every)
    return found if domain_area is None else replace(found, total_area=float(domain_area))


def _estimate(
    cells: Floats,
    areas: Floats,
    labels: tuple[Labels, Labels, Labels],
    confidence: float,
    drawn: Floats | None = None,
) -> AreaEstimate:
    """Estimate from counts by stratum, map class and reference class, of so many points drawn."""
    names, mapped, classes = labels
    points = cells.sum(axis=(1, 2)) if drawn is None else drawn
    if not cells.any():
        raise InputError(NOT_IN_DOMAIN.zh, NOT_IN_DOMAIN.en, found=0)
    strata, kept = strata_of(points, areas, names, confidence)
    within = cells[kept] / strata.points[:, None, None]
    inside = cells[kept].sum(axis=(1, 2)) / strata.points
    part = float(strata.weight @ inside)
    of_class = {
        label: strata.part(within[:, :, j].sum(axis=1), inside, NOT_IN_DOMAIN)
        for j, label in enumerate(classes)
    }
    users, producers, overall = _accuracies(strata, within, mapped, classes)
    return AreaEstimate(
        classes=tuple(classes),
        total_area=float(areas.sum()) * part,
        points=int(cells.sum()),
        confidence=confidence,
        shares=MappingProxyType(of_class),
        users_accuracy=MappingProxyType(users),
        producers_accuracy=MappingProxyType(producers),
        overall_accuracy=overall,
        proportions=pd.DataFrame(
            np.tensordot(strata.weight, within, axes=1) / part,
            index=pd.Index(mapped, name="map"),
            columns=pd.Index(classes, name="reference"),
        ),
    )


def _accuracies(
    strata: Strata, within: Floats, mapped: Labels, classes: Labels
) -> tuple[dict[Hashable, Estimate], dict[Hashable, Estimate], Estimate]:
    """Return user's and producer's accuracy of each class, and the overall one."""
    if list(mapped) != list(classes):
        none = Estimate.none(OTHER_CLASSES)
        return dict.fromkeys(classes, none), dict.fromkeys(classes, none), none
    users, producers = {}, {}
    met = within.sum(axis=2) > 0  # strata by map class
    for k, label in enumerate(classes):
        right = within[:, k, k]
        here, elsewhere = met[:, k], np.delete(met, k, axis=1).any(axis=1)
        wrong = within[:, k, :].sum(axis=1) - right
        users[label] = strata.ratio(right, wrong, np.array([here, here]), NOT_MAPPED)
        lost = within[:, :, k].sum(axis=1) - right
        producers[label] = strata.ratio(right, lost, np.array([here, elsewhere]), NOT_FOUND)
    right, inside = np.trace(within, axis1=1, axis2=2), within.sum(axis=(1, 2))
    return users, producers, strata.part(right, inside, NOT_IN_DOMAIN)


def areas_of(given: Any, names: Labels) -> Floats:
    """Return the areas in the order of the strata, or refuse them."""
    if isinstance(given, Mapping | pd.Series):
        if set(given.keys()) != set(names) or len(given) != len(names):
            raise InputError(
                "面积的标签与分层不一致。",
                "The labels of the areas are not those of the strata.",
                expected=list(names),
                found=list(given.keys()),
            )
        by_label = dict(given)
        given = [by_label[name] for name in names]
    try:
        areas = np.array(given, dtype=float)
    except (TypeError, ValueError):
        areas = np.full(len(names), np.nan)
    sound = areas.shape == (len(names),)
    with np.errstate(over="ignore"):
        total = float(areas.sum())
    if not sound or not np.isfinite(total) or (areas < 0).any() or not total > 0:
        raise InputError(
            "每个分层应有一个非负的面积，且合计大于零。",
            "Each stratum needs one area of zero or more, and their sum must exceed zero.",
            expected=f"{len(names)} areas",
            found=given if sound else np.shape(areas),
        )
    return without_dust(areas)


def drawn_of(rows: NDArray[np.intp], names: Labels, drawn: Mapping[Any, float] | None) -> Floats:
    """Return how many points were drawn in each stratum: those given, or as many as is said."""
    given = np.bincount(rows, minlength=len(names)).astype(float)
    if drawn is None:
        return given
    said = np.array([drawn.get(name, np.nan) for name in names], dtype=float)
    if not np.all(np.isfinite(said) & (said >= given - ROUNDING * said)):
        raise InputError(
            "抽取的点数缺失，或少于给出的点数。",
            "The numbers of points drawn are missing, or below those of the points given.",
            rows=names,
            expected=given.tolist(),
            found=said.tolist(),
        )
    return said


def without_dust(areas: Floats) -> Floats:
    """Return areas of which those that only rounding left are zero.

    Examples
    --------
    >>> without_dust(np.array([5.0, 1e-15])).tolist()
    [5.0, 0.0]
    """
    return np.where(areas > ROUNDING * areas.sum(), areas, 0.0)


def strata_of(
    points: Floats, areas: Floats, names: Labels, confidence: float
) -> tuple[Strata, NDArray[np.bool_]]:
    """Return the strata that have an area, and which of all those are.

    Raises
    ------
    InputError
        A stratum has fewer than two points, or points and no area.
    """
    quantile = normal_quantile(confidence)
    _require_points(points, areas, names)
    kept = areas > 0
    return Strata(areas[kept] / areas.sum(), points[kept], quantile), kept


def _require_points(points: Floats, areas: Floats, names: Labels) -> None:
    """Refuse strata whose points cannot carry an estimate."""
    few = (areas > 0) & (points < LEAST_POINTS)
    if few.any():
        raise InputError(
            "有的分层没有核查点，或只有一个，无法估计。",
            "A stratum has no reference point, or only one, which gives no variance.",
            remedy=Text(zh="请补充核查点，或合并分层。", en="Add points or merge strata."),
            rows=[name for name, short in zip(names, few, strict=True) if short],
            expected=f"at least {LEAST_POINTS} points in each stratum",
            found=points[few].astype(int).tolist(),
        )
    stray = (areas == 0) & (points > 0)
    if stray.any():
        raise InputError(
            "有的分层面积为零，却有核查点。",
            "A stratum without area holds reference points.",
            rows=[name for name, lost in zip(names, stray, strict=True) if lost],
            expected="an area above zero",
            found=points[stray].astype(int).tolist(),
        )
