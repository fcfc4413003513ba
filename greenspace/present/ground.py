"""Ground: what an image shows, as the lowest layer of a map.

Question   Where is it green, where not, and where does the image show nothing?
Enters     A Picture of green shares; Axes; the areas behind it.
Leaves     The picture on the Axes, and three entries for the legend.
Elsewhere  Frame, north and legend: canvas. The maps: maps, coverage_sheet.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.image import AxesImage
from pyproj import Transformer

from greenspace.present import canvas, style
from greenspace.present.display import show
from greenspace.present.words import word

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.check import Picture
    from greenspace.model.crs import Bounds
    from greenspace.model.quantity import Ratio
    from greenspace.model.words import Language

BARE: Final = "#ece7d6"
VEGETATION_RAMP: Final = LinearSegmentedColormap.from_list("vegetation", [BARE, style.VEGETATION])


def draw_ground(ax: Axes, picture: Picture, crs: CRS, ramp: Colormap = VEGETATION_RAMP) -> Bounds:
    """Draw what the image shows, and return its bounds on the map."""
    green, (west, south, east, north) = in_crs(picture, picture.green, crs)
    ax.patch.set(facecolor=style.UNSEEN, edgecolor=style.FAINT, hatch=style.UNSEEN_HATCH)
    lay_picture(ax, np.ma.masked_invalid(green), (west, south, east, north), ramp)
    return (west, south, east, north)


def draw_image(ax: Axes, picture: Picture, crs: CRS) -> None:
    """Draw the colours of the image; nothing where it has none."""
    if picture.colours is None:
        return
    colours, (west, south, east, north) = in_crs(picture, picture.colours, crs)
    lay_picture(ax, colours, (west, south, east, north))


def lay_picture(ax: Axes, pixels: Any, bounds: Bounds, ramp: Colormap | None = None) -> None:
    """Lay pixels below a map, its first row at the north; limits and aspect stay as they are."""
    west, south, east, north = bounds
    image = AxesImage(
        ax,
        cmap=ramp,
        interpolation="nearest",
        origin="upper",
        extent=(west, east, south, north),
        zorder=1,
    )
    image.set_data(pixels)
    image.set_clim(0, 1)
    image.set_clip_path(ax.patch)
    ax.add_image(image)


def ground_entries(ratio: Ratio | None, language: Language) -> list[tuple[Artist, str]]:
    """Name the three kinds of ground with the areas of a number."""
    parts: list[tuple[str, str, float | None]] = [
        ("green_ground", style.VEGETATION, None),
        ("bare_ground", BARE, None),
        ("unseen_ground", style.UNSEEN, None),
    ]
    if ratio is not None:
        areas = (ratio.numerator, ratio.denominator - ratio.numerator, ratio.unseen)
        parts = [(key, fill, area) for (key, fill, _), area in zip(parts, areas, strict=True)]
    entries: list[tuple[Artist, str]] = []
    for key, fill, area in parts:
        hatch = style.UNSEEN_HATCH if key == "unseen_ground" else ""
        name = word(key, language)
        label = (
            name
            if area is None
            else word("legend_area", language).format(name=name, area=show(area, "m2", language))
        )
        entries.append(
            (canvas.patch(facecolor=fill, hatch=hatch, edgecolor=style.FAINT, lw=0.35), label)
        )
    return entries


def in_crs(picture: Picture, pixels: NDArray[Any], crs: CRS) -> tuple[NDArray[Any], Bounds]:
    """Return the pixels of a picture in the frame of the map, each the nearest one."""
    if picture.crs == crs:
        return pixels, picture.bounds
    rows, cols = pixels.shape[:2]
    west, south, east, north = Transformer.from_crs(
        picture.crs, crs, always_xy=True
    ).transform_bounds(*picture.bounds)
    step = max((east - west) / cols, (north - south) / rows)
    width, height = ceil((east - west) / step), ceil((north - south) / step)
    x, y = np.meshgrid(
        west + step * (np.arange(width) + 0.5), north - step * (np.arange(height) + 0.5)
    )
    there_x, there_y = Transformer.from_crs(crs, picture.crs, always_xy=True).transform(x, y)
    left, bottom, right, top = picture.bounds
    col = np.floor((there_x - left) / (right - left) * cols)
    row = np.floor((top - there_y) / (top - bottom) * rows)
    inside = (col >= 0) & (col < cols) & (row >= 0) & (row < rows)
    nothing = np.nan if pixels.dtype.kind == "f" else 0
    turned = np.full((height, width, *pixels.shape[2:]), nothing, dtype=pixels.dtype)
    turned[inside] = pixels[row[inside].astype(int), col[inside].astype(int)]
    return turned, (west, north - step * height, west + step * width, north)
