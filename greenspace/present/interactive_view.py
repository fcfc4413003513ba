"""Interactive view: what a page shows, before it is a page.

Question   Which layers, facts and words stand on an interactive map?
Enters     Shapes with looks, names and facts.
Leaves     Frozen values, and the bounds of all of them.
Elsewhere  From a check: interactive. From tables: explored. As HTML: interactive_page.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from greenspace.present.interactive_shapes import dimension_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from pyproj import CRS

Bounds = tuple[float, float, float, float]
KINDS: Final = ("point", "line", "polygon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line beside a shape: a label, a text for each shape, and the exact number where it has one.

    Attributes
    ----------
    notes
        What a number is held against and the verdict, one text a shape.
    folded
        Whether it is told only when asked for.
    """

    label: str
    shown: Sequence[str]
    exact: Sequence[str] = ()
    notes: Sequence[str] = ()
    folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLayer:
    """Shapes of one kind that are switched together.

    Attributes
    ----------
    look
        Properties of the Bokeh glyph; ``fill_color`` may be a list, one a shape.
    told
        Count and size, for the legend.
    shown
        Whether it is switched on at first.
    places
        The district of each shape, so that those of one name can be told apart.
    """

    key: str
    title: str
    shapes: NDArray[np.object_]
    look: Mapping[str, Any]
    names: Sequence[str] = ()
    facts: Sequence[Fact] = ()
    told: str = ""
    group: str = ""
    shown: bool = True
    places: Sequence[str] = ()

    @property
    def kind(self) -> str:
        """``polygon``, ``line`` or ``point``: the highest that is there."""
        return KINDS[dimension_of(self.shapes)]

    @property
    def fills(self) -> list[str] | None:
        """A colour for each shape, where they differ."""
        fill = self.look.get("fill_color")
        return None if fill is None or isinstance(fill, str) else list(fill)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backdrop:
    """A picture below the layers."""

    key: str
    title: str
    pixels: NDArray[np.uint8]
    bounds: Bounds
    shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    """What the colours of shaded shapes mean, from the low end to the high one."""

    colours: Sequence[str]
    low: str
    high: str
    none: str = ""  # the colour of zones without a value, where there are any


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything that a page shows."""

    title: str
    layers: Sequence[ViewLayer]
    crs: CRS | None
    subtitle: str = ""
    verdict: tuple[str, str] = ("", "")
    banner: str = ""
    notes: Sequence[str] = ()
    backdrops: Sequence[Backdrop] = ()
    ramp: Ramp | None = None

    @property
    def stretch(self) -> float:
        """Units of the map from west to east that are as long as one from south to north."""
        if self.crs is None or not self.crs.is_geographic:
            return 1.0
        _, south, _, north = self.bounds
        return 1 / max(cos(radians((south + north) / 2)), 0.01)

    @property
    def metres(self) -> bool:
        """Whether a unit of the map is a metre, so that a bar can tell lengths."""
        if self.crs is None or self.crs.is_geographic:
            return False
        return all(axis.unit_conversion_factor == 1 for axis in self.crs.axis_info[:2])

    @property
    def bounds(self) -> Bounds:
        """West, south, east and north of what is shown at first."""
        layers = [
            layer for layer in self.layers if not shapely.is_empty(_there(layer.shapes)).all()
        ]
        shown = [layer for layer in layers if layer.shown] or layers
        every = [shapely.total_bounds(layer.shapes) for layer in shown]
        every = every or [np.array(picture.bounds) for picture in self.backdrops]
        found = np.array(every or [(0.0, 0.0, 1.0, 1.0)])
        west, south = (float(value) for value in np.nanmin(found[:, :2], axis=0))
        east, north = (float(value) for value in np.nanmax(found[:, 2:], axis=0))
        return (west, south, east, north)


def _there(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapes[~shapely.is_missing(shapes)], dtype=object)
