"""Image shift: how far an image lies from outlines that it should show.

Question   By how many pixels and metres, and is that sure?
Enters     What alignment found.
Leaves     One frozen value.
Elsewhere  Finding it: alignment, measure/registration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greenspace.model.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageShift:
    """The step from outlines to the edges that an image shows.

    Attributes
    ----------
    right_px, down_px
        In pixels along the image's columns and rows; NaN where it is not sure.
    east_m, north_m
        The same on the ground, in metres.
    spread_px
        How far four parts of the ground are from that step at most, each taken by itself;
        infinite where one has none.
    points
        Points on outlines that were looked at.
    sure
        Whether the four agree within a pixel, and no other shift fits about as well.
    above_one
        Whether the shift is sure and longer than a pixel, `spread_px` taken off.
    reason
        Why it is not sure, ``None`` where it is.
    """

    right_px: float
    down_px: float
    east_m: float
    north_m: float
    spread_px: float
    points: int
    sure: bool
    above_one: bool
    reason: Text | None = None
