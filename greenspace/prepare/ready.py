"""Ready: layers that may be measured, in one step.

Question   Are these layers valid polygons in the measuring CRS, and what did that take?
Enters     Layers as the user gave them.
Leaves     Layers repaired and projected, with every finding and source gathered.
Elsewhere  The steps: prepare/repair, prepare/project.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.errors import DataWarning, GeometryError
from greenspace.model.crs import (
    SCALE_LIMIT,
    degrees_of,
    is_local,
    linear_error,
    measuring_crs,
)
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.prepare.datum import datum_findings, same_datum
from greenspace.prepare.lines import repair_lines
from greenspace.prepare.project import to_crs
from greenspace.prepare.repair import as_frame, overlap_findings, repair_points, repair_polygons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import geopandas as gpd
    from pyproj import CRS

    from greenspace.prepare.repair import Layer

    Repair = Callable[[Layer, str], tuple[gpd.GeoDataFrame, tuple[Finding, ...]]]

BENT_SHARE = 1e-9
CALM_SHARE = 1e-8  # small shapes, stored in a file in another CRS
CHANGES = {"collapsed", "empty_dropped", "made_valid", "unplaced_dropped"}


class Ready:
    """The measuring CRS, and layers made ready for it one by one.

    Parameters
    ----------
    asked
        The CRS that the caller demands, if any.
    base
        The denominator layer, which decides the CRS where none is asked for.
    name
        What to call that layer.
    """

    def __init__(self, asked: CRS | None, base: Layer, name: str) -> None:
        frame, _ = repair_polygons(base, name)
        if frame.empty:
            raise GeometryError(
                f"{name} 没有任何面。",
                f"{name} holds no polygons.",
                remedy=Text(zh="请核对图层。", en="Check the layer."),
                layer=name,
            )
        bounds = tuple(float(value) for value in frame.total_bounds)
        self.crs, findings = measuring_crs(asked, frame.crs, bounds)  # type: ignore[arg-type]
        self._findings: dict[Finding, None] = dict.fromkeys(findings)
        self._sources: list[Source] = []
        self._left_out: dict[str, gpd.GeoDataFrame] = {}
        self._datum = self.crs if asked is not None else frame.crs
        self._done: dict[tuple[int, str, bool], tuple[Layer, gpd.GeoDataFrame]] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found in all layers so far, each once."""
        return tuple(self._findings)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The layers so far."""
        return tuple(self._sources)

    def layer(
        self, layer: Layer, name: str, *, overlaps: bool = True, keep_rows: bool = False
    ) -> gpd.GeoDataFrame:
        """Return a layer repaired and in the measuring CRS; rows without a shape only if kept."""
        return self._layer(layer, name, keep_rows=keep_rows, overlaps=overlaps)

    def zones(self, layer: Layer, name: str = "zones") -> gpd.GeoDataFrame:
        """Return zones likewise, with a row for every row given; zones may overlap."""
        return self._layer(layer, name, keep_rows=True, overlaps=False)

    def points(self, layer: Layer, name: str, *, several: bool = False) -> gpd.GeoDataFrame:
        """Return a layer of points in the measuring CRS; rows without a point are left out.

        With `several`, a row may have more than one.

        Raises
        ------
        GeometryError
            The layer holds other shapes.
        """
        return self._simple(layer, name, partial(repair_points, several=several))

    def lines(self, layer: Layer, name: str) -> gpd.GeoDataFrame:
        """Return a layer of lines in the measuring CRS; rows without a length are left out.

        Raises
        ------
        GeometryError
            The layer holds other shapes.
        """
        return self._simple(layer, name, repair_lines)

    def _simple(self, layer: Layer, name: str, repair: Repair) -> gpd.GeoDataFrame:
        frame, dropped = repair(layer, name)
        if len(frame) < len(layer):
            self._keep_left_out(layer, name, repair)
        apart = not same_datum(frame.crs, self._datum)
        shifted = datum_findings(frame, self.crs, name) if apart else ()
        self._findings |= dict.fromkeys((*dropped, *shifted))
        self._sources.append(Source(role=name, name=f"{len(layer)} rows, {layer.crs.name}"))
        return to_crs(frame, self.crs, name)

    def left_out(self, name: str) -> gpd.GeoDataFrame | None:
        """Return the rows of a layer so far that were left out as they have no shape, if any."""
        return self._left_out.get(name)

    def _keep_left_out(self, layer: Layer, name: str, repair: Repair) -> None:
        """Keep the rows that a repair leaves out; labels may stand there twice, so by position."""
        frame = as_frame(layer, name)
        kept, _ = repair(frame.reset_index(drop=True), name)
        self._left_out[name] = frame[~np.isin(np.arange(len(frame)), kept.index)]

    def add_source(self, source: Source) -> None:
        """Add an input that is no layer."""
        self._sources.append(source)

    def dissolved(self, layer: Layer, name: str) -> Any:
        """Return the union of a layer."""
        return shapely.union_all(self.layer(layer, name).geometry.to_numpy())

    def _layer(
        self, layer: Layer, name: str, *, keep_rows: bool, overlaps: bool
    ) -> gpd.GeoDataFrame:
        key = (id(layer), name, keep_rows)
        if key not in self._done:  # the layer is kept, so that no other one gets its id
            self._done[key] = layer, self._made_ready(layer, name, keep_rows=keep_rows)
        moved = self._done[key][1]
        if overlaps:
            self._findings |= dict.fromkeys(overlap_findings(moved, name))
        self._sources.append(Source(role=name, name=f"{len(layer)} rows, {layer.crs.name}"))
        return moved.copy(deep=False)

    def _made_ready(self, layer: Layer, name: str, *, keep_rows: bool) -> gpd.GeoDataFrame:
        frame, repaired = repair_polygons(layer, name, keep_rows=keep_rows)
        if len(frame) < len(layer):
            self._keep_left_out(layer, name, repair_polygons)
        moved = to_crs(frame, self.crs, name)
        apart = not same_datum(frame.crs, self._datum)
        shifted = datum_findings(frame, self.crs, name) if apart else ()
        moved, bent = repair_polygons(moved, name, keep_rows=True)
        noise = BENT_SHARE * float(moved.area.sum())
        again = tuple(item for item in bent if (item.area_m2 or 0.0) > noise)
        calm = CALM_SHARE * float(moved.area.sum())
        told = tuple(_calm(item, calm) for item in repaired)
        self._findings |= dict.fromkeys((*told, *shifted, *again))
        return moved


def _calm(item: Finding, noise: float) -> Finding:
    """Return a repair that moved no more ground than another CRS does as a note."""
    moved = item.area_m2
    if item.code != "made_valid" or moved is None or moved > noise:
        return item
    return replace(item, severity="note")


def first_with_rows(*layers: tuple[Layer, str]) -> tuple[Layer, str]:
    """Return the first layer that has a row, to decide the CRS; the first where none has.

    Examples
    --------
    >>> import geopandas as gpd
    >>> one = gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=6933)
    >>> first_with_rows((one[:0], "residential"), (one, "parks"))[1]
    'parks'
    """
    filled = [pair for pair in layers if len(as_frame(*pair))]
    return (filled or layers)[0]


def length_findings(crs: CRS, layer: gpd.GeoDataFrame) -> tuple[Finding, ...]:
    """Return a finding where distances in the measuring CRS are off by more than 0.5 percent.

    A plane that is true to area need not be true to length, and radii are lengths.
    """
    if layer.empty or is_local(crs):
        return ()
    error = linear_error(crs, degrees_of(tuple(layer.to_crs(crs).total_bounds), crs))
    if error <= SCALE_LIMIT:
        return ()
    text = Text(
        zh=f"{crs.name} 在本区域的长度变形达 {error:.1%}，服务半径会失真；请改用当地投影。",
        en=f"Lengths in {crs.name} are off by up to {error:.1%} here, and so are service radii: "
        "use a local projection.",
    )
    return (Finding(code="linear_scale", text=text, severity="warning"),)


def warn_of_changes(findings: Iterable[Finding]) -> None:
    """Warn a caller in a script of every change made to the layers."""
    for finding in findings:
        if finding.code in CHANGES:
            warnings.warn(f"{finding.layer}: {finding.text.en}", DataWarning, stacklevel=3)
