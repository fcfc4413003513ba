"""Looks: how each class of a map is drawn, in the standard palette and in the safe one.

Question   Which colour, hatch, line type or mark does this class have for this reader?
Enters     The key of a map, and a palette.
Leaves     Looks by class.
Elsewhere  Fills of green classes: style. Drawing: plan_maps and the other themes.

The safe palette is Okabe and Ito's (2008), with hatches and line types where colours alone would
be near one another to a colour-blind reader; tests/present/test_looks.py holds it to that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from greenspace.present import canvas, style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from greenspace.present.theme import Palette

Stroke = str | tuple[float, tuple[float, ...]]
BLACK: Final = "#000000"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How one class is drawn: ground, a line, or marks.

    `colour` is the fill of ground and of marks, and the colour of a line; ``none`` leaves ground
    open. `line` is the line type of a line, and of the edge of ground.
    """

    kind: Literal["ground", "line", "mark"] = "ground"
    colour: str = "none"
    edge: str = style.INK
    width: float = 0.35
    line: Stroke = "solid"
    hatch: str = ""
    mark: str = "o"
    size: float = 6.0

    def draw(self, ax: Axes, shapes: Any, *, zorder: float) -> Artist:
        """Draw shapes, without any limits of the Axes, and return a sample for the legend."""
        if self.kind == "ground":
            canvas.polygons(ax, shapes, zorder=zorder, **self._ground())
        elif self.kind == "line":
            canvas.lines(ax, shapes, zorder=zorder, **self._line())
        else:
            canvas.points(ax, shapes, zorder=zorder, **self.mark_style())
        return self.sample()

    def sample(self) -> Artist:
        """Return the sample of a legend."""
        if self.kind == "ground":
            return Patch(**self._ground())
        if self.kind == "line":
            return Line2D([], [], **self._line())
        return Line2D([], [], **self.mark_style())

    def _ground(self) -> dict[str, Any]:
        return {
            "facecolor": self.colour,
            "edgecolor": self.edge,
            "linewidth": self.width,
            "linestyle": self.line,
            "hatch": self.hatch,
        }

    def _line(self) -> dict[str, Any]:
        return {"color": self.colour, "linewidth": self.width, "linestyle": self.line}

    def mark_style(self) -> dict[str, Any]:
        """Return how marks are drawn, as a line without its line."""
        return {
            "color": self.colour,
            "marker": self.mark,
            "markersize": self.size,
            "markeredgecolor": self.edge,
            "markeredgewidth": self.width,
            "linestyle": "none",
        }


def _fill(fill: style.Fill) -> Look:
    return Look(colour=fill.colour, hatch=fill.hatch)


def _ground(colour: str, hatch: str = "", **more: Any) -> Look:
    return Look(colour=colour, hatch=hatch, **more)


def _line(colour: str, width: float, line: Stroke = "solid") -> Look:
    return Look(kind="line", colour=colour, width=width, line=line)


def _mark(colour: str, mark: str, size: float = 7.0) -> Look:
    return Look(kind="mark", colour=colour, mark=mark, size=size, width=0.6)


_GREEN: Final[Mapping[str, Look]] = {
    "park": _fill(style.PARK),
    "protective": _fill(style.PROTECTIVE),
    "square": _fill(style.SQUARE),
    "attached": _fill(style.ATTACHED),
    "production": _fill(style.PRODUCTION),
    "regional": _fill(style.REGIONAL),
    "other": _fill(style.OTHER),
    "unclassed": _fill(style.UNCLASSED),
}
_GREEN_SAFE: Final[Mapping[str, Look]] = {
    "park": _ground(GREEN),
    "protective": _ground("#00382a"),
    "square": _ground(YELLOW, "...."),
    "attached": _ground("#cfe8dd"),
    "production": _ground(VERMILION, "\\\\\\\\"),
    "regional": _ground(ORANGE, "////"),
    "other": _ground("#b3a25a", "////"),
    "unclassed": _ground("#e3e3e3", "xx"),
}
_PLAN: Final[Mapping[str, Look]] = {
    "riverbank": _ground("#9fd3c7", "----"),
    "woods": _ground("#5f8f4e", "||||"),
    "wetland": _ground("#7fb8c9", "----"),
    "scenic": _ground("#c9b458", "++++"),
    "relic": _ground("#c99a6b", "xxxx"),
    "old_tree": _ground("#8c5a2b", "oo"),
    "other": _ground("#b5b58f", "\\\\\\\\"),
}
_PLAN_SAFE: Final[Mapping[str, Look]] = {
    "riverbank": _ground(SKY),
    "woods": _ground("#00634a", "||||"),
    "wetland": _ground(BLUE, "----"),
    "scenic": _ground(PURPLE, "++++"),
    "relic": _ground("#7a3b63", "xxxx"),
    "old_tree": _ground("#f6f0c4", "oo"),
}
_STATUS: Final[Mapping[str, Look]] = {
    "existing": _line("#0b6b2b", 0.8, "solid"),
    "planned": _line("#0b6b2b", 1.0, "dashed"),
    "control": _line("#0b6b2b", 1.1, "dashdot"),
    "point": Look(kind="mark", colour="#c0392b", mark="o", size=2.4, width=0.0),
}
_STATUS_SAFE: Final[Mapping[str, Look]] = {
    "existing": _line(BLACK, 0.8, "solid"),
    "planned": _line(BLUE, 1.0, "dashed"),
    "control": _line(VERMILION, 1.1, "dashdot"),
    "point": Look(kind="mark", colour=VERMILION, mark="s", size=2.4, width=0.0),
}
_SERVICE: Final[Mapping[str, Look]] = {
    "service_area": _ground("#dfeaf5", edge=style.SERVICE, width=0.7, line="--"),
    "served": _ground(style.SERVED, edge="#4c7396"),
    "lost": _ground(style.LOST, "....", edge="#7a5c00"),
    "unserved": _ground(style.UNSERVED, "////", edge="#5a2408"),
    "parks": _fill(style.PARK),
}
_SERVICE_SAFE: Final[Mapping[str, Look]] = {
    "service_area": _ground("#f3f6f9", edge=BLUE, width=0.8, line="--"),
    "served": _ground(SKY),
    "lost": _ground(YELLOW, "...."),
    "unserved": _ground(VERMILION, "////"),
    "parks": _ground("#00634a"),
}
_ROADS: Final[Mapping[str, Look]] = {
    "greened": _line("#b9dfa5", 4.2),
    "not_greened": _line("#e6dccb", 4.2),
    "tree_lined": _line("#1d6b2a", 2.0),
    "not_lined": _line("#d9822b", 1.6, (0, (4, 1.6))),
    "not_judged": _line("#8d8677", 0.7),
}
_ROADS_SAFE: Final[Mapping[str, Look]] = {
    "greened": _line("#6fbfa5", 4.2),
    "not_greened": _line("#f7dcc8", 4.2),
    "tree_lined": _line("#00382a", 2.0),
    "not_lined": _line(VERMILION, 1.6, (0, (4, 1.6))),
    "not_judged": _line("#4a4a4a", 0.9, (0, (1.5, 1.2))),
}
_CHANGE: Final[Mapping[str, Look]] = {
    "gained": _ground("#1b7837", edge="none"),
    "lost": _ground("#b2452e", edge="none"),
    "kept": _ground("#bfe0a8", edge="none"),
    "not_green": _ground("#f4f2ea", edge="none"),
    "unseen": _ground(style.UNSEEN, style.UNSEEN_HATCH, edge=style.FAINT),
}
_CHANGE_SAFE: Final[Mapping[str, Look]] = {
    "gained": _ground(BLUE, edge="none"),
    "lost": _ground(VERMILION, "////", edge="#5a2800"),
    "kept": _ground("#93cfb6", edge="none"),
    "not_green": _ground("#f7f5ee", edge="none"),
    "unseen": _ground("#c9c9c9", "xxx", edge=style.FAINT),
}
_TREES: Final[Mapping[str, Look]] = {
    "grade_1": _mark("#8e1b1b", "*", 12.0),
    "grade_2": _mark("#d9822b", "^"),
    "grade_3": _mark("#e9c46a", "s", 6.0),
    "famous": _mark("#6a3d9a", "D", 6.0),
    "no_grade": _mark("#6aa84f", "o", 5.5),
    "no_age": _mark("#ffffff", "X", 6.5),
    "zone": _ground("#cfe3b4", edge="#5c7a2d", width=0.8, line="--"),
    "conflict": _ground("#e8743b", "////", edge="#5a2408"),
    "road": _line("#b9b2a2", 0.7),
}
_TREES_SAFE: Final[Mapping[str, Look]] = {
    "grade_1": _mark(VERMILION, "*", 12.0),
    "grade_2": _mark(BLUE, "^"),
    "grade_3": _mark(YELLOW, "s", 6.0),
    "famous": _mark(PURPLE, "D", 6.0),
    "no_grade": _mark(GREEN, "o", 5.5),
    "no_age": _mark("#ffffff", "X", 6.5),
    "zone": _ground("#e6f0ea", edge="#00634a", width=0.8, line="--"),
    "conflict": _ground(VERMILION, "////", edge=BLACK),
    "road": _line("#9a9a9a", 0.7),
}
_ZONES: Final = (  # in the order of a scheme's zones
    _ground("#1e5a32"),
    _ground("#6db36d"),
    _ground("#e9d08a", "...."),
    _ground("#d98c5f", "////"),
    _ground("#8fb8de", "\\\\\\\\"),
    _ground("#b79ac8", "xx"),
    _ground("#d9d4c5", "++"),
)
_ZONES_SAFE: Final = (
    _ground("#00382a"),
    _ground(GREEN, "||||"),
    _ground(YELLOW, "...."),
    _ground(ORANGE, "////"),
    _ground(SKY, "\\\\\\\\"),
    _ground(PURPLE, "xx"),
    _ground("#dddddd", "++"),
)
_SEVERAL: Final[Mapping[str, tuple[Mapping[str, Look], Mapping[str, Look]]]] = {
    "green_space": (_GREEN, _GREEN_SAFE),
    "green_line": (
        {**_GREEN, **_PLAN, **_STATUS},
        {**_GREEN_SAFE, **_PLAN_SAFE, **_STATUS_SAFE},
    ),
    "service": (_SERVICE, _SERVICE_SAFE),
    "roads": (_ROADS, _ROADS_SAFE),
    "change": (_CHANGE, _CHANGE_SAFE),
    "trees": (_TREES, _TREES_SAFE),
    "zoning": tuple(  # type: ignore[dict-item]
        {f"zone_{place}": look for place, look in enumerate(looks)}
        for looks in (_ZONES, _ZONES_SAFE)
    ),
}
THEMES: Final = tuple(_SEVERAL)


def looks_of(theme: str, palette: Palette) -> Mapping[str, Look]:
    """Return how the classes of a map are drawn.

    Examples
    --------
    >>> looks_of("service", "safe")["unserved"].hatch
    '////'
    """
    standard, safe = _SEVERAL[theme]
    return safe if palette == "safe" else standard


def zone_look(place: int, palette: Palette) -> Look:
    """Return how the zone at this place of a scheme is drawn; beyond the list, paler ones."""
    looks = list(looks_of("zoning", palette).values())
    look = looks[place % len(looks)]
    return look if place < len(looks) else replace(look, hatch=look.hatch + "oo")
