"""Pen: drawing on a page in millimetres.

Question   How do lines, boxes and words come to an exact place on paper?
Enters     A figure that is the page; places in mm from its lower left corner.
Leaves     Artists on the figure.
Elsewhere  Where things go: paper. How wide words are: lettering. The map itself: sheet_frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import Affine2D

from greenspace.present.fonts import chinese_font
from greenspace.present.lettering import literal
from greenspace.present.style import INK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.transforms import Transform

    from greenspace.present.paper import Box

INCH: Final = 25.4


class Pen:
    """Draws on a page of its own, in mm."""

    def __init__(self, width: float, height: float) -> None:
        self.figure = Figure(figsize=(width / INCH, height / INCH), facecolor="white")
        FigureCanvasAgg(self.figure)

    @property
    def mm(self) -> Transform:
        """From mm on the page to where the figure draws."""
        return Affine2D().scale(1 / INCH) + self.figure.dpi_scale_trans

    def write(self, x: float, y: float, text: str, size: float, **style: Any) -> None:
        """Write one line on a baseline, literally."""
        self.figure.text(
            x,
            y,
            literal(text),
            transform=self.mm,
            fontproperties=chinese_font(size),
            parse_math=False,
            usetex=False,
            **{"color": INK, "va": "baseline", "rotation_mode": "anchor", **style},
        )

    def box(self, box: Box, **style: Any) -> None:
        """Draw a rectangle."""
        look = {"facecolor": "none", "edgecolor": INK, "linewidth": 0.5, **style}
        self.figure.add_artist(
            Rectangle((box.x, box.y), box.width, box.height, transform=self.mm, **look)
        )

    def shape(self, corners: Sequence[tuple[float, float]], **style: Any) -> None:
        """Draw a polygon."""
        self.figure.add_artist(Polygon(list(corners), transform=self.mm, **style))

    def rules(self, segments: Sequence[Sequence[tuple[float, float]]], **style: Any) -> None:
        """Draw straight lines."""
        look = {"colors": INK, "linewidths": 0.4, **style}
        self.figure.add_artist(LineCollection(list(segments), transform=self.mm, **look))
