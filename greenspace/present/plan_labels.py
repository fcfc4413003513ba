"""Plan labels: numbers on a map that never lie upon one another.

Question   Where is there room for each number, and how many find none?
Enters     Points with numbers, the more important ones first.
Leaves     Texts on the Axes, placed anew whenever the map is drawn, at whatever scale.
Elsewhere  What the numbers are of: plan_maps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.text import Text as Drawn

from greenspace.present import canvas, style
from greenspace.present.fonts import chinese_font, drawable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from numpy.typing import NDArray

    from greenspace.present.looks import Look

    Floats = NDArray[np.float64]

BEHIND: Final = {"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.5}
GAP_PT: Final = 1.5
STEPS_PT: Final = (9.0, 16.0)
WAYS: Final = np.array([[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, 1], [1, -1], [-1, -1]])
LEAST_APART_PT: Final = 5.0  # between control points: nearer ones would run into a band
ABOVE: Final = 11.0
PLAIN: Final = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}


class Labels(Artist):
    """Writes each number where there is room, with a leader where that is beside its place.

    Attributes
    ----------
    hidden
        How many of the numbers that ought to be written found no room when it was last drawn.
    """

    def __init__(self, ax: Axes, note: str = "") -> None:
        super().__init__()
        self.hidden = 0
        self._ax = ax
        self._texts: list[Drawn] = []
        self._marks: _Marks | None = None
        self._leaders = LineCollection([], colors=style.FAINT, linewidths=0.4)
        ax.add_collection(self._leaders, autolim=False)
        self._leaders.set_zorder(ABOVE - 0.5)
        self._words = note
        self._note = canvas.write(
            ax, 0.99, 0.008, note, size=6.5, ha="right", va="bottom", bbox=PLAIN
        )
        self._note.set(visible=False, zorder=ABOVE + 4)
        self.set_zorder(ABOVE)
        ax.add_artist(self)

    def add(self, places: Floats, words: Sequence[str], *, size: float, colour: str) -> None:
        """Add numbers at places of the map, those first that matter most."""
        for (x, y), text in zip(places, words, strict=True):
            self._texts.append(self._text(float(x), float(y), text, size, colour))

    def mark(self, places: Floats, words: Sequence[str], look: Look, apart: float) -> None:
        """Add marks with small numbers, for scales at which they stand `apart` enough."""
        dots = Line2D(*places.T, **look.mark_style())
        self._belongs(dots)
        self._marks = _Marks(places, words, dots, self._text(0, 0, "0", 4.5, look.colour), apart)

    def get_children(self) -> list[Artist]:
        """Return what it is made of, so that fonts and glyphs are found."""
        marks = [] if self._marks is None else [self._marks.dots, self._marks.text]
        return [*self._texts, *marks]

    def draw(self, renderer: RendererBase) -> None:
        """Place and draw everything for the map as it is being drawn."""
        if not self.get_visible():
            return
        page = _Page(self._ax, renderer, len(self._texts))
        if self._marks is not None:
            self._marks.draw_dots(page)
        leaders: list[Floats] = []
        self.hidden = 0
        for text in self._texts:
            place = text.get_position()
            x, y = page.turn.transform(place)
            if not page.frame.contains(x, y):
                continue
            box = text.get_window_extent(renderer)
            spot = page.free(x, y, box.width, box.height)
            if spot is None:
                self.hidden += 1
                continue
            there = page.turn.inverted().transform(spot)
            text.set_position((float(there[0]), float(there[1])))
            text.draw(renderer)
            text.set_position(place)
            if spot != (x, y):
                leaders.append(np.array([place, there]))
        if self._marks is not None:
            self._marks.draw_words(page)
        self._leaders.set_segments(leaders)
        self._leaders.draw(renderer)
        self._note.set_text(drawable(self._words.format(count=self.hidden)))
        self._note.set_visible(self.hidden > 0)
        self.stale = False

    def _text(self, x: float, y: float, words: str, size: float, colour: str) -> Drawn:
        text = Drawn(
            x,
            y,
            drawable(words),
            fontproperties=chinese_font(size),
            parse_math=False,
            color=colour,
            ha="center",
            va="center",
            bbox=dict(BEHIND),  # an outline around letters would leave no words in a PDF
        )
        self._belongs(text)
        return text

    def _belongs(self, artist: Artist) -> None:
        artist.axes = self._ax
        figure = self._ax.get_figure(root=False)
        if figure is not None:
            artist.set_figure(figure)
        artist.set_transform(self._ax.transData)
        artist.set_clip_path(self._ax.patch)


class _Marks:
    """Marks and their small numbers, all of them by one text that is moved about."""

    def __init__(
        self, places: Floats, words: Sequence[str], dots: Line2D, text: Drawn, apart: float
    ) -> None:
        self.dots, self.text = dots, text
        self._places, self._words, self._apart = places, words, apart

    def apart(self, page: _Page) -> bool:
        return self._apart * page.pixels_per_unit >= LEAST_APART_PT * page.pixel

    def draw_dots(self, page: _Page) -> None:
        if self.apart(page):
            self.dots.draw(page.renderer)

    def draw_words(self, page: _Page) -> None:
        if not self.apart(page):
            return
        self.text.set_text("0")
        digit = self.text.get_window_extent(page.renderer)
        spots = page.turn.transform(self._places)
        frame = page.frame
        seen = (spots >= (frame.x0, frame.y0)).all(axis=1) & (spots <= (frame.x1, frame.y1)).all(
            axis=1
        )
        for row in np.flatnonzero(seen).tolist():
            words = self._words[row]
            x, y = map(float, spots[row])
            spot = page.free(x, y, digit.width * len(words), digit.height, beside=True)
            if spot is not None:
                east, north = map(float, page.turn.inverted().transform(spot))
                self.text.set(text=words, position=(east, north))
                self.text.draw(page.renderer)


class _Page:
    """The map as it is being drawn, and which of it is written on."""

    def __init__(self, ax: Axes, renderer: RendererBase, most: int) -> None:
        self.renderer, self.turn = renderer, ax.transData
        self.frame: Any = ax.get_window_extent(renderer)
        self.pixel = float(np.asarray(renderer.points_to_pixels(1.0)))
        ends = self.turn.transform([(0.0, 0.0), (1.0, 0.0)])
        self.pixels_per_unit = float(np.hypot(*(ends[1] - ends[0])))
        self._boxes, self._count = np.empty((max(most, 16), 4)), 0

    def free(
        self, x: float, y: float, width: float, height: float, *, beside: bool = False
    ) -> tuple[float, float] | None:
        """Return the first place at or about a point where a box is free, and take it."""
        half = np.array([width, height]) / 2 + GAP_PT * self.pixel / 2
        steps = (2.0,) if beside else STEPS_PT
        moves = [WAYS * (half + step * self.pixel / 2) for step in steps]
        if not beside:
            moves.insert(0, np.zeros((1, 2)))
        middles = np.array([x, y]) + np.concatenate(moves)
        boxes = np.hstack([middles - half, middles + half])
        frame = self.frame
        inside = (boxes >= (frame.x0, frame.y0) * 2) & (boxes <= (frame.x1, frame.y1) * 2)
        for place in np.flatnonzero(inside.all(axis=1) & ~self._meet(boxes)):
            self._take(boxes[place])
            return float(middles[place, 0]), float(middles[place, 1])
        return None

    def _meet(self, boxes: Floats) -> NDArray[np.bool_]:
        """Return which boxes meet any that is taken."""
        taken = self._boxes[: self._count]
        sides = (boxes[:, None, :2] < taken[:, 2:]) & (boxes[:, None, 2:] > taken[:, :2])
        meet = sides[..., 0] & sides[..., 1]
        return np.asarray(np.any(meet, axis=1), dtype=bool)

    def _take(self, box: Floats) -> None:
        if self._count == len(self._boxes):
            self._boxes = np.concatenate([self._boxes, np.empty_like(self._boxes)])
        self._boxes[self._count] = box
        self._count += 1
