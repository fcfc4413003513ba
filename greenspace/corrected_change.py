"""Corrected change: two images with what an interpreter laid over either, as one comparison.

Question   What became of ground of which polygons say what there was on a date?
Enters     Two images, some with corrections or canopy over them; zones; points.
Leaves     Areas with the exact edges of the polygons, classes at points, what was changed.
Elsewhere  Comparing pixels: prepare/two_dates. The arithmetic: measure/change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.change_remarks import of_date
from greenspace.measure.change import Date, change_areas, codes_at, with_patches
from greenspace.measure.coverage import raster_land
from greenspace.measure.point_classes import GREEN, NOT_GREEN, NOT_SEEN, polygon_classes
from greenspace.measure.point_classes import raster_classes as classes_at
from greenspace.model.grid import UNSEEN
from greenspace.prepare.corrections import Corrected
from greenspace.prepare.project import to_crs
from greenspace.prepare.ready import Ready
from greenspace.prepare.two_dates import TwoDates
from greenspace.tally import laid_over, plane_of, with_overlays

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.measure.patches import Land, Patches
    from greenspace.model.grid import GreenRaster
    from greenspace.model.source import Finding, Source


@dataclass(frozen=True, eq=False)
class Side:
    """One date: the image alone, the patches over it, and what is to be told of them."""

    image: GreenRaster
    patches: tuple[Patches, ...] = ()
    findings: tuple[Finding, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two dates in one measuring CRS.

    Attributes
    ----------
    images
        The images alone.
    crs
        The measuring CRS, in which the patches lie.
    """

    images: TwoDates
    before: Side
    after: Side
    crs: CRS

    @property
    def corrected(self) -> bool:
        """Whether anything lies over either image."""
        return bool(self.before.patches or self.after.patches)

    def areas(self, zones: gpd.GeoSeries, on_raster: gpd.GeoSeries) -> NDArray[np.float64]:
        """Return what became of each zone, with the exact edges of patches."""
        rows = change_areas(self.images, zones, on_raster)
        if not self.corrected:
            return rows
        dates = [Date(partial(self._land, side.image), side.patches) for side in self._sides]
        return with_patches(rows, zones.to_numpy(), dates[0], dates[1], self._images_alone)

    def codes(self, points: gpd.GeoDataFrame) -> NDArray[np.uint8]:
        """Return the code of change at points on the plane of the images' grid."""
        shapes = points.geometry.to_numpy()
        codes = codes_at(self.images, shapely.get_x(shapes), shapely.get_y(shapes))
        if not self.corrected:
            return codes
        measured = to_crs(points, self.crs, "reference").geometry.to_numpy()
        said = [_said(side.patches, measured) for side in self._sides]
        spoken = (said[0] != NOT_SEEN) | (said[1] != NOT_SEEN)
        for side, classes in zip(self._sides, said, strict=True):
            there = to_crs(points, plane_of(side.image, points), "reference").geometry
            shown = classes_at(side.image, shapely.get_coordinates(there.to_numpy()))
            classes[classes == NOT_SEEN] = shown[classes == NOT_SEEN]
        seen = (said[0] != NOT_SEEN) & (said[1] != NOT_SEEN)
        found = np.where(seen, said[1] + 2 * said[0], UNSEEN).astype(np.uint8)
        return np.where(spoken, found, codes)

    @property
    def _sides(self) -> tuple[Side, Side]:
        return self.before, self.after

    def _land(self, image: GreenRaster, shapes: NDArray[Any]) -> Land:
        frame = gpd.GeoDataFrame(geometry=shapes, crs=self.crs)
        there = to_crs(frame, plane_of(image, frame), "zones")
        return raster_land(image, shapes, there.geometry)

    def _images_alone(self, shapes: NDArray[Any]) -> NDArray[np.float64]:
        frame = gpd.GeoDataFrame(geometry=shapes, crs=self.crs)
        there = to_crs(frame, plane_of(self.images, frame), "zones")
        return change_areas(self.images, frame.geometry, there.geometry)


def comparison_of(
    dates: TwoDates, ground: gpd.GeoDataFrame, on_raster: gpd.GeoDataFrame, asked: CRS | None
) -> Comparison:
    """Take apart what lies over the images and measure what it changes in the zones.

    Parameters
    ----------
    ground, on_raster
        The zones in the measuring CRS, and in that of the finer image.
    asked
        The measuring CRS, where one was asked for.

    Raises
    ------
    GeometryError
        Corrections add and remove the same ground.
    """
    sides = [
        _side(name, raster, ground, on_raster, asked)
        for name, raster in (("before", dates.before), ("after", dates.after))
    ]
    bare = all(not side.patches for side in sides)
    images = dates if bare else TwoDates(sides[0].image, sides[1].image)
    return Comparison(images, sides[0], sides[1], ground.crs)


def _side(
    name: str,
    raster: GreenRaster,
    ground: gpd.GeoDataFrame,
    on_raster: gpd.GeoDataFrame,
    asked: CRS | None,
) -> Side:
    if not isinstance(raster, Corrected):
        return Side(raster)
    ready = Ready(asked, on_raster, "zones")
    laid = laid_over(raster, ready)
    names = {overlay.name for overlay in raster.overlays}
    _, changed = with_overlays(raster, laid, ground, plane_of(raster, ground))
    told = [item for item in ready.findings if item.layer in names]
    return Side(
        raster.raster,
        laid.patches,
        tuple(of_date(name, (*told, *changed))),
        tuple(replace(source, role=f"{source.role}, {name}") for source in ready.sources),
    )


def _said(layers: tuple[Patches, ...], points: NDArray[Any]) -> NDArray[np.int8]:
    """Return what layers of patches, the lowest first, say at points; else unseen."""
    found = np.full(len(points), NOT_SEEN, dtype=np.int8)
    for layer in layers:
        found[polygon_classes(layer.bare, points) == GREEN] = NOT_GREEN
        found[polygon_classes(layer.green, points) == GREEN] = GREEN
    return found
