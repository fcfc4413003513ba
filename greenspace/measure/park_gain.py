"""Park gain: the residential land that hangs on one park, built or only proposed.

Question   What would be lost without each park, and what would each new one add?
Enters     A Reach, and what candidates would serve.
Leaves     Square metres and persons by park, and the order in which candidates add most.
Elsewhere  Service itself: measure/service.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.expanse import NOTHING, in_threads, polygons_only
from greenspace.model.streaming import thread_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.measure.service import Reach

    Shapes = NDArray[Any]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DUST = 1e-9  # of what a candidate adds alone: less is rounding


@dataclass(frozen=True, eq=False)
class Gain:
    """What candidates add to the land served, one entry a candidate.

    Attributes
    ----------
    land_m2
        Residential land newly served where this one alone is built.
    persons
        Persons on it, by the share of each block's land; NaN where no population is given.
    rank
        1 for the candidate that adds most, 2 for the one that adds most after it, and so on;
        0 where it adds nothing.
    marginal_m2, marginal_persons
        What it adds once all of a better rank are built.
    """

    land_m2: Floats
    persons: Floats
    rank: Ints
    marginal_m2: Floats
    marginal_persons: Floats


def contributions(reach: Reach) -> Floats:
    """Return the residential land that each park alone serves, in m²: lost without it.

    Land within reach of two parks hangs on neither. Parks below every tier have 0.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from greenspace.measure.service import reach_of
    >>> parks = gpd.GeoSeries(shapely.box([0, 700], 0, [100, 800], 50), crs=6933)
    >>> homes = gpd.GeoSeries([shapely.box(100, 0, 700, 50)], crs=6933)
    >>> contributions(reach_of(parks, homes, ((5000, 500),))).tolist()  # 400 m are of both
    [5000.0, 5000.0]
    """
    count = len(reach.radius)
    whole = joined(reach.buffers, reach.park, count)
    built = np.flatnonzero(reach.radius)
    tree = shapely.STRtree(whole[built])

    def alone(row: int) -> Any:
        near = built[tree.query(whole[row])]
        return shapely.difference(whole[row], shapely.union_all(whole[near[near != row]]))

    with ThreadPoolExecutor(thread_count(parallel=True)) as pool:
        lone = np.array([*pool.map(alone, built.tolist()), NOTHING], dtype=object)[:-1]
    row, _, shared = _meeting(lone, reach.blocks)
    return np.bincount(built[row], shapely.area(shared), count).astype(float)


def gains(reach: Reach, buffers: Shapes, owner: Ints, count: int, persons: Floats | None) -> Gain:
    """Return what candidates add to the land served, alone and after the better ones.

    The order is greedy: first the candidate that adds most persons, then the one that adds
    most to that; those that add land without persons follow by land, and where no population
    is given land decides alone. Ties go to the earlier row. A set chosen as a whole may add
    more than the first few of this order.

    Parameters
    ----------
    reach
        Of the parks that are there.
    buffers, owner
        What candidates would serve, in pieces, and which candidate each belongs to.
    count
        How many candidates there are.
    persons
        By block; spread evenly over its land.
    """
    whole = joined(buffers, owner, count)
    row, block, shares = _meeting(whole, reach.unserved_parts)
    density = np.full(len(reach.blocks), np.nan)
    if persons is not None:
        has_land = reach.block_m2 > 0
        density = np.zeros(len(reach.blocks))
        density[has_land] = persons[has_land] / reach.block_m2[has_land]
    new = _New(row, block, shares, whole, density, ranked_by_land=persons is None)
    land, people = new.totals()
    rank, marginal, marginal_people = new.greedy()
    return Gain(land, people, rank, marginal, marginal_people)


class _New:
    """Ground newly served, in one piece for each pair of candidate and block."""

    def __init__(
        self,
        row: Ints,
        block: Ints,
        ground: Shapes,
        buffers: Shapes,
        density: Floats,
        *,
        ranked_by_land: bool,
    ) -> None:
        self.row, self.block, self.ground = row, block, ground
        self.buffers, self.density, self.by_land = buffers, density, ranked_by_land
        self.area = np.asarray(shapely.area(ground), dtype=float)

    def totals(self) -> tuple[Floats, Floats]:
        """Return land and persons by candidate."""
        count = len(self.buffers)
        land = np.bincount(self.row, self.area, count).astype(float)
        if self.by_land:
            return land, np.full(count, np.nan)
        return land, np.bincount(self.row, self.area * self.density[self.block], count).astype(
            float
        )

    def greedy(self) -> tuple[Ints, Floats, Floats]:
        """Return ranks, and what each adds at its turn; what is left shrinks on the way."""
        count = len(self.buffers)
        rank = np.zeros(count, dtype=np.int64)
        added, added_people = np.zeros(count), np.full(count, np.nan if self.by_land else 0.0)
        left, alone = np.ones(count, dtype=bool), self.totals()[0]
        for turn in range(1, count + 1):
            land, people = self.totals()
            land[~left | (land <= DUST * alone)] = 0.0
            inhabited = not self.by_land and people[land > 0].sum() > 0
            worth = np.where(land > 0, people, 0.0) if inhabited else land
            best = int(np.argmax(worth))
            if worth[best] <= 0:
                break
            rank[best], added[best], added_people[best] = turn, land[best], people[best]
            left[best] = False
            self._build(best)
        return rank, added, added_people

    def _build(self, best: int) -> None:
        """Take out of all candidates what one of them serves now."""
        touched = self.block[(self.row == best) & (self.area > 0)]
        here = np.flatnonzero((self.area > 0) & np.isin(self.block, touched))
        shapely.prepare(self.buffers[best])
        here = here[shapely.intersects(self.buffers[best], self.ground[here])]
        rest = polygons_only(shapely.difference(self.ground[here], self.buffers[best]))
        self.ground[here], self.area[here] = rest, shapely.area(rest)


def joined(pieces: Shapes, owner: Ints, count: int) -> Shapes:
    """Return the pieces of each owner as one shape, empty where it has none.

    Examples
    --------
    >>> squares = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> shapely.area(joined(squares, np.array([1, 1]), 2)).tolist()
    [0.0, 3.0]
    """
    whole = np.full(count, NOTHING, dtype=object)
    order = np.argsort(owner, kind="stable")
    ends = np.cumsum(np.bincount(owner, minlength=count))[:-1]
    for row, run in enumerate(np.split(pieces[order], ends) if count else ()):
        if len(run):
            whole[row] = run[0] if len(run) == 1 else shapely.union_all(run)
    return whole


def _meeting(shapes: Shapes, blocks: Shapes) -> tuple[Ints, Ints, Shapes]:
    """Return which shapes meet which blocks, and the polygons that they share."""
    shape, block = shapely.STRtree(blocks).query(shapes, predicate="intersects")
    shapely.prepare(shapes)
    shared = blocks[block].astype(object)
    cut = ~shapely.contains_properly(shapes[shape], shared)
    shared[cut] = polygons_only(in_threads(shapely.intersection, shared[cut], shapes[shape[cut]]))
    return shape, block, shared
