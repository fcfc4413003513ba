"""Chips: pictures of places in the judged image, with the outline of what is asked about.

Question   What does the image show where a parcel is in doubt, and all in all?
Enters     The judged vegetation, shapes in a measuring CRS.
Leaves     A Chip for each shape that the image reaches; no pixel read that no chip shows. The
           reduced picture in colours.
Elsewhere  Reading windows: prepare/chips. Writing files: present/chips.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import InputError
from greenspace.model.crs import is_local
from greenspace.model.declared import Chip
from greenspace.prepare.chips import WAYS, chips_of, colours_of
from greenspace.prepare.colours import coloured_picture
from greenspace.prepare.project import to_crs
from greenspace.prepare.vegetation import Vegetation
from greenspace.read.block_cache import few_blocks_kept
from greenspace.read.raster import ImageBands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from affine import Affine
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.check import Picture

SIDES_PX = (64, 128, 256, 384)  # a larger place is shown around a point on it
MARGIN = 1.25


def chips_at(
    image: Any, shapes: Sequence[Any], crs: CRS | None, *, prefix: str
) -> tuple[Chip, ...]:
    """Return a picture of each shape; none where no image with colours lies behind the map.

    Parameters
    ----------
    image
        What `gs.vegetation` returned.
    shapes
        Polygons in `crs`; the number of a chip is the place of its shape among them.
    """
    found = colouring(image) if shapes else None
    if found is None:
        return ()
    reader, colours = found
    frame = gpd.GeoDataFrame(geometry=list(shapes), crs=crs)
    there = image.grid.crs
    if crs is not None and there is not None and not (is_local(crs) and is_local(there)):
        frame = to_crs(frame, there, "chips")  # a city has one grid of its own
    pixels = shapely.transform(frame.geometry.to_numpy(), _to_pixels(~image.grid.transform))
    boxes = shapely.bounds([max(shapely.get_parts([shape]), key=shapely.area) for shape in pixels])
    wide = MARGIN * np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    sides = np.array(SIDES_PX)[np.minimum(np.searchsorted(SIDES_PX, wide), len(SIDES_PX) - 1)]
    on_surface = shapely.get_coordinates(shapely.point_on_surface(pixels))
    middles = np.where(
        (wide > SIDES_PX[-1])[:, None], on_surface, (boxes[:, :2] + boxes[:, 2:]) / 2
    )
    inside = (boxes[:, 2] > 0) & (boxes[:, 3] > 0)
    inside &= (boxes[:, 0] < image.grid.width) & (boxes[:, 1] < image.grid.height)
    made = []
    for place in np.flatnonzero(inside):
        side = int(sides[place])
        xy = np.array([image.grid.transform @ tuple(middles[place])])
        (picture,) = chips_of(reader, colours, xy, side_px=side)
        corner = np.floor(middles[place]) - side // 2
        rings = tuple(ring - corner for ring in _rings(pixels[place]))
        made.append(
            Chip(
                id=f"{prefix}_{place + 1:02d}",
                place=int(place),
                pixels=picture,
                rings=rings,
                colours=WAYS[colours],
            )
        )
    return tuple(made)


def coloured(picture: Picture | None, image: Any) -> Picture | None:
    """Return a picture with the colours of the image behind it, as it is where there are none."""
    found = None if picture is None else colouring(image)
    if picture is None or found is None:
        return picture
    reader, colours = found
    try:
        with few_blocks_kept(reader.grid):
            return coloured_picture(picture, reader, colours)
    except InputError:  # a band that decides nothing stops no check
        return picture


def colouring(image: Any) -> tuple[ImageBands, tuple[str, ...]] | None:
    """Return what reads the bands for red, green and blue, and their names, where there are any."""
    if not isinstance(image, Vegetation) or not isinstance(image.reader, ImageBands):
        return None
    reader = image.reader.with_colours()
    colours = colours_of(reader.places)
    return None if colours is None else (reader, colours)


def _to_pixels(back: Affine) -> Any:
    def moved(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = xy.T
        return np.column_stack((back.a * x + back.b * y + back.c, back.d * x + back.e * y + back.f))

    return moved


def _rings(shape: Any) -> list[NDArray[np.float64]]:
    parts = shapely.get_parts([shape])
    polygons = [part for part in parts if part.geom_type == "Polygon"]
    lines = [ring for part in polygons for ring in (part.exterior, *part.interiors)]
    return [shapely.get_coordinates(line) for line in lines]
