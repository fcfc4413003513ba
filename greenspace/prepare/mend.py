"""Mend: a copy of one layer in which every shape is sound and no ground stands there twice.

Question   What would this layer be without its defects, and what did each row lose or gain?
Enters     A layer in the measuring CRS, and whose claim to shared ground is stronger.
Leaves     The mended rows with their area before and after, the dropped rows, counts by reason.
Elsewhere  Single steps: prepare/repair, prepare/overlaps, prepare/slivers. Writing: present/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.model.ground import valid_ground
from greenspace.model.inspection import Mended
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.clip import polygonal
from greenspace.prepare.overlaps import overlaps, repeated_rows, settle_overlaps
from greenspace.prepare.slivers import fill_gaps, thin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

REASONS: Mapping[str, Text] = {
    "missing_shape": Text(zh="删去没有可用图形的行", en="rows without a usable shape dropped"),
    "mixed": Text(
        zh="混合图形只留其中的面", en="shapes of several kinds: only their polygons kept"
    ),
    "made_valid": Text(
        zh="修复无效图形（GEOS make_valid，structure 法）",
        en="invalid shapes made valid (GEOS make_valid, structure method)",
    ),
    "collapsed": Text(zh="删去没有面积或长度的图形", en="shapes without area or length dropped"),
    "repeated": Text(zh="删去图形和属性都重复的行", en="rows that repeat another dropped"),
    "overlap": Text(
        zh="重叠部分归分类优先者，同类归较小者",
        en="shared ground given to the stronger class, among equals to the smaller shape",
    ),
    "covered": Text(zh="删去完全被占用的行", en="rows dropped whose ground all belongs to others"),
    "sliver": Text(
        zh="删去宽不足 0.5 米的碎片（指标可能随之变动）",
        en="slivers under 0.5 m wide dropped (numbers may move with them)",
    ),
    "gap": Text(
        zh="不足 0.5 米的缝隙并入共边最长的相邻图形（指标可能随之变动）",
        en="gaps under 0.5 m given to the neighbour with the longest edge (numbers may move)",
    ),
    "undecided": Text(
        zh="未修复：重复或重叠的行中哪一行正确，须由您决定",
        en="not repaired: which of the rows that repeat or overlap is right must be decided",
    ),
}
JUDGED = {"districts", "communities"}  # each row has a result of its own: none is settled
BEFORE, AFTER, WHY = "area_before_m2", "area_after_m2", "repair"


def mend_layer(
    layer: gpd.GeoDataFrame,
    name: str,
    *,
    left_out: gpd.GeoDataFrame | None = None,
    priority: Callable[[gpd.GeoDataFrame], NDArray[Any]] | None = None,
    may_overlap: bool = False,
) -> Mended:
    """Mend one layer: valid shapes, no repeats, no overlaps, no slivers, no gaps.

    Of districts and communities only the shapes are made valid: each row is judged by itself,
    and to settle a contradiction between two would change what they are judged by.

    Parameters
    ----------
    layer
        In the measuring CRS, shapes as they were read.
    left_out
        Rows that reading left out; their polygons go back, the others join the dropped ones.
    priority
        Gives rows their claim to shared ground, lower is stronger; see `settle_overlaps`.
    may_overlap
        Whether shapes of this layer overlap by nature, as canopies do.

    Examples
    --------
    >>> from shapely import box
    >>> parks = gpd.GeoDataFrame(geometry=[box(0, 0, 2, 1), box(1, 0, 4, 1)], crs=6933)
    >>> mended = mend_layer(parks, "parks")
    >>> mended.layer[["area_before_m2", "area_after_m2", "repair"]].values.tolist()
    [[2.0, 2.0, ''], [3.0, 2.0, 'overlap']]
    """
    bench = _Bench(layer, name)
    bench.set_aside(left_out)
    bench.validate()
    if name in JUDGED:
        bench.leave()
        return bench.result()
    bench.drop("repeated", repeated_rows(bench.rows)[0])
    if bench.areal and not may_overlap:
        bench.settle(priority)
        bench.drop("sliver", thin(bench.shapes))
        bench.fill()
    return bench.result()


class _Bench:
    """One layer on the bench, with a note of every row that a step changed."""

    def __init__(self, layer: gpd.GeoDataFrame, name: str) -> None:
        self.name = name
        self.rows = layer
        self.before = pd.Series(layer.geometry.area, index=layer.index)
        self.why: dict[object, list[str]] = {}
        self.dropped: list[gpd.GeoDataFrame] = []
        self.changes: dict[str, tuple[list[object], float]] = {}
        self.areal = bool(shapely.get_dimensions(self.shapes).max(initial=0) == 2)  # noqa: PLR2004

    @property
    def shapes(self) -> NDArray[Any]:
        """The shapes as they stand."""
        shapes: NDArray[Any] = self.rows.geometry.to_numpy()
        return shapes

    def set_aside(self, left_out: gpd.GeoDataFrame | None) -> None:
        if left_out is None:
            return
        area = left_out.geometry.area.fillna(0.0)
        mixed = (area > 0) & self.areal & (self.name not in JUDGED)
        if mixed.any():
            self._take_back(left_out[mixed])
        if not mixed.all():
            self._drop("missing_shape", left_out[~mixed], area[~mixed])

    def _take_back(self, mixed: gpd.GeoDataFrame) -> None:
        shapes = polygonal(mixed.geometry.to_numpy())
        back = mixed.set_geometry(gpd.GeoSeries(shapes, index=mixed.index, crs=mixed.crs))
        if back.geometry.name != self.rows.geometry.name:
            back = back.rename_geometry(self.rows.geometry.name)
        self.rows = pd.concat([self.rows, back.reindex(columns=self.rows.columns)]).sort_index()
        self.before = pd.Series(self.rows.geometry.area, index=self.rows.index)
        for label in back.index:
            self.why[label] = ["mixed"]
        self._count("mixed", list(back.index), float(back.geometry.area.sum()))

    def validate(self) -> None:
        broken = ~shapely.is_valid(self.shapes) & (shapely.get_dimensions(self.shapes) > 1)
        mended = self.shapes.copy()
        mended[broken] = valid_ground(mended[broken])
        size = shapely.area(mended) if self.areal else shapely.length(mended)
        pointlike = shapely.get_dimensions(self.shapes) < 1
        collapsed = (size == 0) & ~pointlike
        self.drop("collapsed", collapsed)
        self._change("made_valid", mended[~collapsed])

    def settle(self, priority: Callable[[gpd.GeoDataFrame], NDArray[Any]] | None) -> None:
        claims = None if priority is None else priority(self.rows)
        self._change("overlap", settle_overlaps(self.rows, claims).geometry.to_numpy())
        self.drop("covered", shapely.is_empty(self.shapes))

    def leave(self) -> None:
        """Note the rows that contradict each other, and change none of them."""
        pairs = overlaps(self.rows)
        alike = self.rows.index[np.logical_or(*repeated_rows(self.rows))]
        rows = list(dict.fromkeys([*alike, *pairs["left"], *pairs["right"]]))
        if rows:
            self._count("undecided", rows, float(pairs["area_m2"].sum()))

    def fill(self) -> None:
        filled, _ = fill_gaps(self.rows)
        self._change("gap", filled.geometry.to_numpy())

    def drop(self, reason: str, mask: NDArray[np.bool_]) -> None:
        if mask.any():
            gone = self.rows[mask]
            self._drop(reason, gone, gone.geometry.area)
            self.rows = self.rows[~mask]

    def _drop(self, reason: str, gone: gpd.GeoDataFrame, area: pd.Series) -> None:
        before = self.before.reindex(gone.index)
        columns = {BEFORE: before.fillna(area), AFTER: 0.0, WHY: reason}
        self.dropped.append(gone.assign(**columns))
        self._count(reason, list(gone.index), float(area.sum()))

    def _change(self, reason: str, shapes: NDArray[Any]) -> None:
        changed = np.array([new is not old for new, old in zip(shapes, self.shapes, strict=True)])
        if not changed.any():
            return
        moved = np.abs(shapely.area(shapes) - shapely.area(self.shapes))
        labels = list(self.rows.index[changed])
        for label in labels:
            self.why.setdefault(label, []).append(reason)
        self._count(reason, labels, float(moved.sum()))
        fresh = gpd.GeoSeries(shapes, index=self.rows.index, crs=self.rows.crs)
        self.rows = self.rows.set_geometry(fresh)

    def _count(self, reason: str, labels: list[object], area: float) -> None:
        rows, so_far = self.changes.get(reason, ([], 0.0))
        self.changes[reason] = ([*rows, *labels], so_far + area)

    def result(self) -> Mended:
        why = ["; ".join(self.why.get(label, ())) for label in self.rows.index]
        columns = {
            BEFORE: self.before[self.rows.index],
            AFTER: shapely.area(self.shapes),
            WHY: why,
        }
        return Mended(
            name=self.name,
            layer=self.rows.assign(**columns),
            dropped=tuple(self.dropped),
            changes=tuple(self._told()),
        )

    def _told(self) -> list[Finding]:
        return [
            Finding(
                code=f"repair_{reason}",
                text=REASONS[reason],
                layer=self.name,
                rows=tuple(rows),
                count=len(rows),
                area_m2=area,
            )
            for reason, (rows, area) in self.changes.items()
        ]
