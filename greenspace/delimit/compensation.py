"""Compensation: the ground that green lines lose and the ground that makes up for it.

Question   Is as much ground inside the lines after a revision, and after works, as before?
Enters     Valid polygons before and after, with the group of each, and ground built over.
Leaves     Rows of square metres in which before - lost + made up is after, to the last digit.
Elsewhere  What works take: encroachment. Words and verdict: guard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.delimit.encroachment import polygon_parts, slivers
from greenspace.model.green_line import GRID_M

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    Shapes = NDArray[Any]

GRAIN: Final = 2.0**-20  # m2, a square millimetre: sums of its multiples are exact to 8 000 km2


@dataclass(frozen=True, slots=True)
class Account:
    """What became of some ground, in square metres.

    Attributes
    ----------
    kept
        Inside before and after.
    lost, made_up
        Inside before only; inside after only.
    regrouped
        Of `lost`: inside a line of another group after.

    Examples
    --------
    >>> account = Account(kept=70.0, lost=30.0, made_up=10.0)
    >>> account.before, account.after, account.net
    (100.0, 80.0, -20.0)
    """

    kept: float
    lost: float
    made_up: float
    regrouped: float = 0.0

    @property
    def before(self) -> float:
        """Ground inside before."""
        return self.kept + self.lost

    @property
    def after(self) -> float:
        """Ground inside after."""
        return self.kept + self.made_up

    @property
    def net(self) -> float:
        """What is gained, or with a minus sign lost, all in all."""
        return self.made_up - self.lost


def account(before: Any, after: Any, *, whole_after: Any = None) -> Account:
    """Return what became of the ground of one shape.

    Parameters
    ----------
    before, after
        Valid ground, or empty.
    whole_after
        The ground of all groups after, where `before` is of one.

    Examples
    --------
    >>> account(shapely.box(0, 0, 10, 1), shapely.box(4, 0, 12, 1))
    Account(kept=6.0, lost=4.0, made_up=2.0, regrouped=0.0)
    """
    lost = _less(before, after)
    regrouped = 0.0
    if whole_after is not None:
        regrouped = _m2(shapely.intersection(lost, whole_after))
    return Account(
        kept=_m2(shapely.intersection(before, after)),
        lost=_m2(lost),
        made_up=_m2(shapely.difference(after, before)),
        regrouped=regrouped,
    )


def accounts(
    before: Shapes,
    after: Shapes,
    groups_before: Sequence[Hashable],
    groups_after: Sequence[Hashable],
    built: Shapes,
) -> tuple[dict[Hashable, Account], Account]:
    """Return the account of each group of lines, and that of all ground once.

    Ground that goes from one group to another is lost to the first and makes up in the second;
    in the account of all it is neither.

    Parameters
    ----------
    built
        Ground that works take: no line has it after.

    Examples
    --------
    >>> old, new = np.array([shapely.box(0, 0, 10, 1)]), np.array([shapely.box(0, 0, 8, 1)])
    >>> rows, whole = accounts(old, new, ["planned"], ["existing"], np.array([]))
    >>> rows["planned"].lost, rows["planned"].regrouped, whole.lost
    (10.0, 8.0, 2.0)
    """
    gone = shapely.union_all(built)
    whole_before = shapely.union_all(before)
    whole_after = _less(shapely.union_all(after), gone)
    own_before, own_after = _places(groups_before), _places(groups_after)
    rows = {}
    for group in dict.fromkeys((*groups_before, *groups_after)):
        old = shapely.union_all(before[own_before.get(group, [])])
        new = _less(shapely.union_all(after[own_after.get(group, [])]), gone)
        rows[group] = account(old, new, whole_after=whole_after)
    return rows, account(whole_before, whole_after)


def of_lines(
    before: Shapes, after: Shapes, built: Shapes
) -> tuple[tuple[Account, ...], tuple[Account, ...]]:
    """Return what each line before lost, and what each line after adds to all of before.

    Lines of one set that do not overlap add up to the account of all.

    Examples
    --------
    >>> old, new = np.array([shapely.box(0, 0, 10, 1)]), np.array([shapely.box(4, 0, 12, 1)])
    >>> lost, gained = of_lines(old, new, np.array([]))
    >>> lost[0].lost, gained[0].made_up
    (4.0, 2.0)
    """
    held = _ground(shapely.difference(_near(before, after), _near(before, built)))
    lost = tuple(
        Account(_m2(shapely.intersection(line, near)), _m2(shapely.difference(line, near)), 0.0)
        for line, near in zip(before, held, strict=True)
    )
    known = _ground(shapely.union(_near(after, before), _near(after, built)))
    gained = tuple(Account(0.0, 0.0, _m2(ground)) for ground in shapely.difference(after, known))
    return lost, gained


def parted(shapes: Shapes, others: Shapes) -> tuple[Shapes, Shapes]:
    """Return what of each shape lies inside the union of others, and what outside it.

    Examples
    --------
    >>> inside, outside = parted(np.array([shapely.box(0, 0, 3, 1)]), np.array([shapely.box(2, 0, 9, 1)]))
    >>> inside[0].area, outside[0].area
    (1.0, 2.0)
    """
    near = _near(shapes, others)
    return _ground(shapely.intersection(shapes, near)), _ground(shapely.difference(shapes, near))


def first_enclosed(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """Return lines after that stand beside those before, and ground enclosed for the first time.

    A line of a category that no line had before holds ground of old lines, but new ground in it
    was green all along and makes up for nothing. ``None`` where lines before do not say their
    category, so that this cannot be told.

    Examples
    --------
    >>> def lines(category, *sides):
    ...     return gpd.GeoDataFrame({"category": category}, geometry=[shapely.box(*sides)], index=[0])
    >>> like, first = first_enclosed(lines("park", 0, 0, 3, 1), lines("scenic", 2, 0, 9, 1))
    >>> like.area.tolist(), first.area.tolist()
    ([1.0], [6.0])
    """
    known = set(before["category"])
    new = ~after["category"].isin(known)
    if not new.any() or not len(before):
        return after, after[:0]
    if known & {"", "other"}:
        return after, None
    inside, outside = parted(after.geometry.to_numpy()[new], before.geometry.to_numpy())
    like = pd.concat([after[~new], _with_ground(after[new], inside)])
    return like, _with_ground(after[new], outside)


def control_turned(
    control: gpd.GeoDataFrame, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return lines after without ground that only control lines held before, and that ground.

    It was kept from building already, so it makes up for nothing. Ground nowhere wider than 1 mm
    is rounding along a common edge and stays.

    Examples
    --------
    >>> def lines(*sides):
    ...     return gpd.GeoDataFrame(geometry=[shapely.box(*sides)])
    >>> rest, turned = control_turned(lines(5, 0, 9, 1), lines(0, 0, 4, 1), lines(4, 0, 7, 1))
    >>> rest.area.tolist(), turned.area.tolist()
    ([1.0], [2.0])
    """
    held = [shapely.union_all(lines.geometry.to_numpy()) for lines in (control, before)]
    only = np.array([shapely.difference(*held)], dtype=object)
    inside, outside = parted(after.geometry.to_numpy(), only)
    if slivers(polygon_parts(inside)[0], GRID_M, 0.0).all():
        return after, after[:0]
    return _with_ground(after, outside), _with_ground(after, inside)


def _with_ground(lines: gpd.GeoDataFrame, ground: Shapes) -> gpd.GeoDataFrame:
    found = lines.set_geometry(gpd.GeoSeries(ground, index=lines.index, crs=lines.crs))
    return found[shapely.area(ground) > 0]


def _less(shape: Any, taken: Any) -> Any:
    """Return the ground of a shape without that of another: no edge or corner is left of it."""
    return _ground(np.array([shapely.difference(shape, taken)], dtype=object))[0]


def _ground(shapes: Shapes) -> Shapes:
    """Return the polygons of each shape; empty where it has none."""
    parts, owner = polygon_parts(shapes)
    found = np.full(len(shapes), shapely.MultiPolygon(), dtype=object)
    places, first = np.unique(owner, return_index=True)
    for place, own in zip(places, np.split(parts, first[1:]), strict=False):
        found[place] = shapely.multipolygons(own)
    return found


def _near(shapes: Shapes, others: Shapes) -> Shapes:
    """Return for each shape the union of the others that it meets."""
    shape, other = shapely.STRtree(others).query(shapes, predicate="intersects")
    order = np.argsort(shape, kind="stable")
    places, first = np.unique(shape[order], return_index=True)
    found = np.full(len(shapes), shapely.Polygon(), dtype=object)
    for place, near in zip(places, np.split(other[order], first[1:]), strict=False):
        found[place] = shapely.union_all(others[near])
    return found


def _places(groups: Sequence[Hashable]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = {}
    for place, group in enumerate(groups):
        found.setdefault(group, []).append(place)
    return found


def _m2(shape: Any) -> float:
    return float(np.round(shapely.area(shape) / GRAIN) * GRAIN)
