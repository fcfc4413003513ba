"""Effects: what putting rows of the green layer right would change of the green-space ratio.

Question   By how much would the ratio differ, were these parcels struck, recoded or added?
Enters     The green parcels of a city, its ground, and a Correction.
Leaves     The ratio remeasured less the ratio measured.
Elsewhere  Which rows are odd: claims. The measuring itself: prepare/classify, measure/green_space.

Only what a correction touches is measured again: its parcels, the connected pieces of green beyond
construction land that they reach, and all parcels that meet those. All else is in both numbers.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.measure.green_space import counted_green
from greenspace.prepare.classify import TOUCH_M, split_green

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.classes import ClassTable
    from greenspace.model.declared import Correction

AROUND_M = 1.0


class _Parts(NamedTuple):
    inside: float
    adjacent: float


class Effects:
    """The green parcels of a city, and what corrections of them would change.

    Parameters
    ----------
    green
        All rows of the layer in the measuring CRS.
    table
        The classes of their edition, ``None`` where they have no codes.
    line, construction_land
        The built-up area and construction land, dissolved.
    cap
        How much other green counts, as a share of the rest: that of the judged standard.
    """

    def __init__(
        self,
        green: gpd.GeoDataFrame,
        table: ClassTable | None,
        line: Any,
        construction_land: Any | None,
        *,
        cap: float,
    ) -> None:
        self.green, self.table, self.line, self.land = green, table, line, construction_land
        self.cap = cap
        self.shapes: NDArray[Any] = green.geometry.to_numpy()

    def of(self, correction: Correction) -> float:
        """Return by how much the ratio would differ."""
        touched = [*self.shapes[list(correction.rows)], *correction.added]
        rows = self._around(touched)
        before = self.green.iloc[rows]
        was, now = self._measured(before), self._measured(self._corrected(rows, correction))
        inside = max(0.0, self._whole.inside + now.inside - was.inside)
        adjacent = max(0.0, self._whole.adjacent + now.adjacent - was.adjacent)
        change = self._counted(_Parts(inside, adjacent)) - self._counted(self._whole)
        return float(change / self.line.area)

    @property
    def value(self) -> float:
        """The ratio as it is."""
        return float(self._counted(self._whole) / self.line.area)

    @cached_property
    def _whole(self) -> _Parts:
        return self._measured(self.green)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)

    @cached_property
    def _beyond(self) -> NDArray[Any]:
        """The connected pieces of green within the line and beyond construction land."""
        if self.land is None:
            return np.array([], dtype=object)
        green = shapely.union_all(self.shapes).intersection(self.line)
        pieces: NDArray[Any] = shapely.get_parts(green.difference(self.land))
        return pieces

    def _around(self, touched: list[Any]) -> NDArray[np.int64]:
        """Return the rows that decide how the touched ground counts."""
        ground = np.array(touched, dtype=object)
        if len(self._beyond):
            pieces = shapely.STRtree(self._beyond).query(
                ground, predicate="dwithin", distance=2 * TOUCH_M
            )[1]
            ground = np.concatenate([ground, self._beyond[np.unique(pieces)]])
        return np.unique(self._tree.query(ground, predicate="intersects")[1])

    def _corrected(self, rows: NDArray[np.int64], correction: Correction) -> gpd.GeoDataFrame:
        frame = self.green.iloc[rows]
        ours = np.isin(rows, correction.rows)
        if correction.code is None:
            frame = frame[~ours]
        elif ours.any():
            codes = frame["class"].astype(object).mask(ours, correction.code)
            frame = frame.assign(**{"class": codes})
        if not correction.added:
            return frame
        more: dict[str, Any] = {"geometry": list(correction.added)}
        if self.table is not None:
            more["class"] = self._plain_code
        joined = pd.concat([frame[frame.columns.intersection(more)], pd.DataFrame(more)])
        return gpd.GeoDataFrame(joined, geometry="geometry", crs=self.green.crs)

    @cached_property
    def _plain_code(self) -> str:
        """A code whose parcels count whole."""
        entries = () if self.table is None else self.table.entries.values()
        return next(entry.code for entry in entries if entry.role == "green")

    def _measured(self, green: gpd.GeoDataFrame) -> _Parts:
        if not len(green):
            return _Parts(0.0, 0.0)
        line, land = self.line, self.land
        if len(green) < len(self.green):
            west, south, east, north = green.total_bounds
            around = shapely.box(west, south, east, north).buffer(AROUND_M, join_style="mitre")
            line = line.intersection(around)
            land = None if land is None else land.intersection(around)
        parts = split_green(green, line, land, self.table)
        return _Parts(float(parts.inside.area), float(parts.adjacent.area))

    def _counted(self, parts: _Parts) -> float:
        return float(counted_green(parts.inside, parts.adjacent, self.cap))
