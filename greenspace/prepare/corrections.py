"""Corrections: polygons that an interpreter lays over what an image shows.

Question   Which ground do these polygons make green, and which do they make bare?
Enters     A GreenRaster, layers of polygons, and for corrections their ``action``.
Leaves     A lazy Corrected, which is a GreenRaster too; refusals of what cannot be read.
Elsewhere  Areas with exact edges: measure/patches. Putting the two together: tally.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import numpy as np
import shapely
from affine import Affine

from greenspace.errors import ColumnError, GeometryError
from greenspace.model.crs import is_local
from greenspace.model.grid import Strip
from greenspace.model.layers import OVERLAP_TOLERANCE
from greenspace.model.words import Text
from greenspace.prepare.project import to_crs
from greenspace.prepare.repair import as_frame, repair_polygons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.grid import GreenRaster, Grid, Window
    from greenspace.model.source import Finding, Source
    from greenspace.prepare.repair import Layer

ADD = ("add", "增", "加", "增加")
REMOVE = ("remove", "删", "减", "删除")
CANOPY, CORRECTIONS = "canopy", "corrections"
GREEN, BARE = 1, 2


@dataclass(frozen=True, eq=False)
class Overlay:
    """One layer of polygons over a map.

    Attributes
    ----------
    frame
        A boolean column ``adds`` says what each row does.
    listed
        Whether findings name its rows, and those that change nothing.
    """

    name: str
    frame: gpd.GeoDataFrame
    listed: bool


def canopy_overlay(layer: Layer, name: str = CANOPY) -> Overlay:
    """Return a layer of vegetation: every polygon makes its ground green."""
    frame = as_frame(layer, name)
    return Overlay(name, frame[[frame.active_geometry_name]].assign(adds=True), listed=False)


def corrections_overlay(layer: Layer, name: str = CORRECTIONS) -> Overlay:
    """Return a layer of corrections with its actions understood.

    Raises
    ------
    ColumnError
        There is no column ``action``, or a row says something that is neither add nor remove.
    """
    frame = as_frame(layer, name)
    known = {**dict.fromkeys(ADD, True), **dict.fromkeys(REMOVE, False)}
    words = [normalize("NFKC", str(word)).strip().lower() for word in _actions(frame, name)]
    strange = [row for row, word in zip(frame.index, words, strict=True) if word not in known]
    if strange:
        found = dict.fromkeys(word for word in words if word not in known)
        listed = ", ".join(list(found)[:5])
        raise ColumnError(
            f"修正图层有 {len(strange)} 行的 action 既不是增也不是删：{listed}。",
            f"{len(strange)} rows of the corrections have an action that is neither add nor "
            f"remove: {listed}.",
            remedy=Text(
                zh=f"增：{'、'.join(ADD)}；删：{'、'.join(REMOVE)}。",
                en=f"Write one of {', '.join(ADD)} or {', '.join(REMOVE)}.",
            ),
            layer=name,
            column="action",
            rows=strange,
            expected=(*ADD, *REMOVE),
            found=tuple(found),
        )
    adds = np.array([known[word] for word in words], dtype=bool)
    return Overlay(name, frame[[frame.active_geometry_name]].assign(adds=adds), listed=True)


def _actions(frame: gpd.GeoDataFrame, name: str) -> Any:
    if "action" in frame.columns:
        return frame["action"]
    columns = tuple(str(column) for column in frame.columns)
    raise ColumnError(
        "修正图层没有字段 action。",
        "The corrections have no column action.",
        remedy=Text(
            zh='请加上该字段，每行写 add（增）或 remove（删）；清单中可写 columns = { action = "…" }。',
            en="Add one that says add or remove in each row; in a manifest, map it with "
            'columns = { action = "…" }.',
        ),
        layer=name,
        column="action",
        found=columns,
    )


def require_agreement(frame: gpd.GeoDataFrame, name: str) -> None:
    """Refuse ground that one row adds and another removes.

    Raises
    ------
    GeometryError
        Names the rows; polygons that share less than a ten-millionth only touch.
    """
    adds, shapes = frame["adds"].to_numpy(), frame.geometry.to_numpy()
    add, remove = np.flatnonzero(adds), np.flatnonzero(~adds)
    left, right = shapely.STRtree(shapes[add]).query(shapes[remove], predicate="intersects")
    left, right = remove[left], add[right]
    shared = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    least = np.minimum(shapely.area(shapes[left]), shapely.area(shapes[right]))
    clash = shared > OVERLAP_TOLERANCE * least
    if not clash.any():
        return
    rows = frame.index[np.unique(np.concatenate((left[clash], right[clash])))]
    raise GeometryError(
        f"修正图层中增与删重叠 {shared[clash].sum():.6g} 平方米：同一块地说法相反。",
        f"Corrections add and remove the same ground, {shared[clash].sum():.6g} m² of it.",
        remedy=Text(
            zh="请裁去重叠处，只留一种说法；行的先后不作数。",
            en="Cut the overlap so that one of them holds; the order of rows decides nothing.",
        ),
        layer=name,
        rows=rows,
        expected="polygons of unlike action apart",
        found=float(shared[clash].sum()),
    )


@dataclass(frozen=True, eq=False)
class Corrected:
    """A raster with layers of polygons over it, the lowest first. Lazy.

    Zones are measured with the exact edges of the polygons. Window by window, as for pictures
    and masks, a polygon decides the pixels whose middle it covers.
    """

    raster: GreenRaster
    overlays: tuple[Overlay, ...]

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""
        return self.raster.grid

    @property
    def sources(self) -> tuple[Source, ...]:
        """What the raster rests on; the polygons are named where they are measured."""
        return self.raster.sources

    @property
    def parallel(self) -> bool:
        """Whether several threads may stream at once."""
        return self.raster.parallel

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed about the raster."""
        return self.raster.findings()

    def strips(self, windows: Iterable[Window]) -> Iterator[Strip]:
        """Yield the pixels of each window with the polygons burnt in."""
        for strip in self.raster.strips(windows):
            green, seen = strip.green.copy(), strip.seen.copy()
            for stamp in self._stamps:
                drawn = stamp.window(strip.window)
                green[drawn == GREEN], green[drawn == BARE] = 1, 0
                seen |= drawn > 0
            yield Strip(strip.window, green, seen)

    @cached_property
    def _stamps(self) -> tuple[_Stamp, ...]:
        return tuple(_Stamp.of(overlay, self.grid) for overlay in self.overlays)


def laid_over(raster: GreenRaster) -> tuple[str, ...]:
    """Return what lies over a raster, layer by layer, for whoever opens a file of it."""
    overlays = raster.overlays if isinstance(raster, Corrected) else ()
    return tuple(
        f"{overlay.name}: {int(overlay.frame['adds'].sum())} add, "
        f"{int((~overlay.frame['adds']).sum())} remove"
        for overlay in overlays
    )


@dataclass(frozen=True, eq=False)
class _Stamp:
    """Polygons on the plane of a grid, to be burnt into its windows."""

    grid: Grid
    shapes: NDArray[Any]
    values: NDArray[np.uint8]
    tree: shapely.STRtree

    @classmethod
    def of(cls, overlay: Overlay, grid: Grid) -> _Stamp:
        frame, _ = repair_polygons(overlay.frame, overlay.name)
        if grid.crs is not None and not (is_local(frame.crs) and is_local(grid.crs)):
            frame = to_crs(frame, grid.crs, overlay.name)
        shapes = frame.geometry.to_numpy()
        values = np.where(frame["adds"], GREEN, BARE).astype(np.uint8)
        return cls(grid, shapes, values, shapely.STRtree(shapes))

    def window(self, window: Window) -> NDArray[np.uint8]:
        """Return what the polygons say of each pixel's middle: 0 where they say nothing."""
        from rasterio.features import rasterize

        corner = self.grid.transform @ Affine.translation(window.col, window.row)
        shape = (window.height, window.width)
        ends = [corner @ (col, row) for col in (0, shape[1]) for row in (0, shape[0])]
        near = np.sort(self.tree.query(shapely.MultiPoint(ends).envelope))
        drawn: NDArray[np.uint8] = np.zeros(shape, dtype=np.uint8)
        if len(near):
            pairs = zip(self.shapes[near], self.values[near].tolist(), strict=True)
            rasterize(pairs, out=drawn, transform=corner)
        return drawn
