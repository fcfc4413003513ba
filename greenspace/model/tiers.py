"""Tiers: which park reaches how far.

Question   From which size on does a park serve its surroundings, and up to which distance?
Enters     Pairs of least park area and service radius.
Leaves     Checked tiers, and the source that names them beside a number.
Elsewhere  Buffers: measure/service. Tiers by edition: definitions/profiles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Any

from greenspace.errors import InputError
from greenspace.model.source import Source
from greenspace.model.words import Text

if TYPE_CHECKING:
    from greenspace.model.definition import Citation, Mark, Profile, Tiers

SERVICE = "service_coverage"
HISTORIC_AREA, HISTORIC_RADIUS = "historic_area_min_m2", "historic_radius_m"
CHECK_UP_TIERS: Tiers = ((5000.0, 500.0), (2000.0, 300.0))
CHECK_UP = Text(
    zh="2021 年城市体检指标体系（已核对 [94]）", en="2021 city check-up, 城市体检 (verified [94])"
)


@dataclass(frozen=True, eq=False, slots=True)
class Historic:
    """Historic ground, and the lesser parks that serve too where they lie on it."""

    ground: Any
    tiers: Tiers


def require_tiers(tiers: object) -> Tiers:
    """Return tiers as pairs of floats.

    Raises
    ------
    InputError
        A tier is not a pair of a least area of zero or more and a positive radius, or a park
        would reach less far than a smaller one, or two distances.

    Examples
    --------
    >>> require_tiers([(1000, 500)])
    ((1000.0, 500.0),)
    """
    try:
        pairs = tuple(_pair(tier) for tier in tiers)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        pairs = ()
    sound = all(isfinite(a) and a >= 0 and isfinite(r) and r > 0 for a, r in pairs)
    if not pairs or not sound:
        raise InputError(
            f"tiers 应为（公园最小面积 m²，半径 m）的列表，而不是 {tiers!r}。",
            f"tiers should be pairs of least park area (m²) and radius (m), not {tiers!r}.",
            remedy=Text(
                zh="例如 ((5000, 500), (2000, 300))。", en="E.g. ((5000, 500), (2000, 300))."
            ),
            found=tiers,
        )
    steps = sorted(pairs)
    for (less, near), (more, far) in pairwise(steps):
        if far < near or (less == more and far != near):
            raise InputError(
                f"tiers 自相矛盾：{less:.12g} m² 以上为 {near:.12g} m，{more:.12g} m² 以上为 "
                f"{far:.12g} m。",
                f"tiers contradict each other: from {less:.12g} m² on {near:.12g} m, from "
                f"{more:.12g} m² on {far:.12g} m.",
                remedy=Text(
                    zh="每个最小面积只给一个半径；公园越大，半径不得越小。",
                    en="Give one radius for each least area, and larger parks no lesser one.",
                ),
                found=tiers,
            )
    return pairs


def _pair(tier: Any) -> tuple[float, float]:
    if isinstance(tier, str | bytes):  # "55" is no pair of 5 and 5
        raise TypeError(tier)
    area, radius = tier
    return float(area), float(radius)


def tier_source(tiers: Tiers, note: Text | None = None) -> Source:
    """Return the source that names the tiers beside a number.

    Examples
    --------
    >>> tier_source(((5000.0, 500.0), (2000.0, 300.0))).name
    '>= 5000 m2: 500 m; >= 2000 m2: 300 m'
    """
    steps = "; ".join(f">= {area:.12g} m2: {radius:.12g} m" for area, radius in tiers)
    return Source(role="tiers", name=steps, note=note)


def historic_source(tiers: Tiers, note: Text | None = None) -> Source:
    """Return the source that names the tiers of the historic district beside a number."""
    return replace(tier_source(tiers, note), role="historic_tiers")


def tiers_at(profile: Profile, level: str) -> tuple[Tiers, Text]:
    """Return the tiers by which a standard measures service, and where they stand.

    A standard that prints none is measured by those of the 2021 city check-up.
    """
    row = next((row for row in profile.at(level) if row.indicator == SERVICE), None)
    if row is None or row.tiers is None:
        return CHECK_UP_TIERS, CHECK_UP
    return row.tiers, _note(row.tiers_source, row.tiers_mark)


def historic_tiers_at(profile: Profile, level: str) -> tuple[Tiers, Text] | None:
    """Return the lesser tiers of parks in the historic district, and where they stand.

    ``None`` where the standard's row of service coverage has no such parameters.
    """
    rows = (row for row in profile.at(level) if row.indicator == SERVICE)
    found = {item.name: item for row in rows for item in row.parameters}
    least, radius = found.get(HISTORIC_AREA), found.get(HISTORIC_RADIUS)
    if least is None or radius is None:
        return None
    return require_tiers([(least.value, radius.value)]), _note(least.source, least.mark)


def _note(cited: Citation | None, mark: Mark | None) -> Text:
    where = "" if cited is None else f"{cited.document} {cited.clause} {cited.address}".strip()
    return Text(zh=f"{where}（{mark}）", en=f"{where} ({mark})")
