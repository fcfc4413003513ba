"""Guard maps: one map a finding, with the line, what stands in it and how it looked before.

Question   Where exactly does a line lose ground, and what do images of both dates show there?
Enters     A Guard.
Leaves     A Theme for each finding, the largest first.
Elsewhere  Finding them: guard. Sheets and atlases: paper, atlas.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from greenspace.model.green_line import STATUSES
from greenspace.model.words import Text
from greenspace.present import canvas
from greenspace.present.map_base import source_names
from greenspace.present.plan_labels import Labels
from greenspace.present.style import FAINT, INK
from greenspace.present.theme import LegendRow, SheetFacts, Theme
from greenspace.present.theme_words import theme_word
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from greenspace.model.declared import Chip
    from greenspace.model.encroachment import Guard
    from greenspace.model.source import Source
    from greenspace.model.words import Language
    from greenspace.present.theme import Palette

ROOM: Final = 2.2  # how much wider the map is than what it shows
LEAST_M: Final = 60.0
CHIP_SHARE: Final = 0.25  # of the width of the map, and of its height
CHIP_GAP: Final = 0.012
ON_TOP: Final = 20  # above the numbers of lines
DASHES: Final = {"solid": "-", "dashed": "--", "dashdot": "-."}
COLOURS: Final[Mapping[str, Mapping[str, str]]] = {  # safe: of Okabe and Ito
    "standard": {"line": "#1b7837", "fill": "#dcefd8", "taken": "#d7301f", "other": "#f4a582"},
    "safe": {"line": "#0072b2", "fill": "#d9ecf7", "taken": "#d55e00", "other": "#f0c26a"},
}
WORDS: Final = {
    "construction": Text("建设项目侵占", "built on by construction"),
    "road": Text("道路拓宽侵占", "taken by a widened road"),
    "image": Text("由绿变为非绿", "from green to not green"),
}
LAYER_OF: Final = {"construction": "construction", "road": "road_widening", "image": "image"}
DATES: Final = ("before", "after")
NEIGHBOURS: Final = Text("相邻绿线", "neighbouring lines")
OTHERS: Final = Text("其他侵占", "other findings")
BEFORE_AND_AFTER: Final = (Text("前期影像", "image before"), Text("后期影像", "image after"))
RULE: Final = Text(
    "《城市绿线管理办法》；GB/T 51163-2016", "Measures on Urban Green Lines; GB/T 51163-2016"
)


def guard_themes(
    guard: Guard,
    *,
    city: str = "",
    date: date | None = None,
    report: Mapping[str, str] | None = None,
    sources: Sequence[Source] = (),
) -> tuple[Theme, ...]:
    """Return a map of each finding, in the order of their ranks.

    Parameters
    ----------
    city, date, report
        What the sheets say of the city, as `SheetFacts` has them.
    sources
        Files of lines and works, and of role ``image`` those of the two images: each sheet names
        what is drawn on it.
    """
    if guard.lines is None:
        return ()
    places = [_Place(guard, row) for row in range(len(guard.encroachments))]
    return tuple(
        Theme(
            key=f"encroachment_{place.row + 1:02d}",
            facts=SheetFacts(
                city=clean(city),
                title=place.title,
                date=date,
                sources=source_names(sources, place.roles),
                crs=guard.encroachments.crs,
                standard=RULE,
                report=report or {},
                remarks=place.remarks,
            ),
            bounds=place.bounds,
            draw=place.draw,
        )
        for place in places
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """One finding and what lies around it."""

    guard: Guard
    row: int

    @property
    def _found(self) -> Any:
        return self.guard.encroachments.iloc[self.row]

    @property
    def title(self) -> Text:
        found = self._found
        kind, line = WORDS[found["kind"]], clean(found["line"])
        return Text(
            zh=f"绿线侵占 {found['rank']}：{line}，{kind.zh}",
            en=f"Finding {found['rank']}: line {line}, {kind.en}",
        )

    @property
    def remarks(self) -> tuple[Text, ...]:
        found = self._found
        area = f"{found['area_m2']:,.2f}"
        if isnan(found["low_m2"]):
            return (
                Text(
                    zh=f"侵占 {area} 平方米；图纸误差未知，不给区间。",
                    en=f"{area} m² taken; how far the drawings are off is not known.",
                ),
            )
        low, high = (f"{found[name]:,.2f}" for name in ("low_m2", "high_m2"))
        return (
            Text(
                zh=f"由绿变为非绿 {area} 平方米（{low} 至 {high}）。",
                en=f"{area} m² from green to not green ({low} to {high}).",
            ),
        )

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """The extent of the map: the finding in the middle of a square with room around it."""
        west, south, east, north = self._found.geometry.bounds
        half = max(LEAST_M, ROOM * max(east - west, north - south)) / 2
        x, y = (west + east) / 2, (south + north) / 2
        return x - half, y - half, x + half, y + half

    @property
    def _around(self) -> Any:
        """What a sheet of any shape may show."""
        west, south, east, north = self.bounds
        return shapely.box(2 * west - east, 2 * south - north, 2 * east - west, 2 * north - south)

    @property
    def roles(self) -> set[str]:
        """The layers that the map is drawn from."""
        kinds = self.guard.encroachments["kind"][self._near | self._own]
        pictures = any(self._chip(name) is not None for name in DATES)
        return {"green_lines", *map(LAYER_OF.__getitem__, kinds), *(("image",) if pictures else ())}

    @property
    def _own(self) -> NDArray[np.bool_]:
        return np.asarray(np.arange(len(self.guard.encroachments)) == self.row, dtype=bool)

    @property
    def _near(self) -> NDArray[np.bool_]:
        """Other findings that a sheet of any shape may show."""
        near = self.guard.encroachments.geometry.intersects(self._around).to_numpy()
        return np.asarray(near & ~self._own, dtype=bool)

    def draw(self, ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        """Draw lines, findings and the pictures of both dates."""
        colours = COLOURS[palette]
        rows = self._lines(ax, colours, language) + self._findings(ax, colours, language)
        for place, name in enumerate(DATES):
            chip = self._chip(name)
            if chip is not None:
                self._picture(ax, chip, place, colours, language)
        return rows

    def _lines(self, ax: Axes, colours: Mapping[str, str], language: Language) -> list[LegendRow]:
        lines = self.guard.lines
        assert lines is not None  # noqa: S101 - there are no themes without
        near = lines[lines.intersects(self._around)]
        own = near[near["number"] == self._found["line"]]
        others = near[near["number"] != self._found["line"]]
        rows = []
        for each, words, colour, fill, width, order in (
            (own, None, colours["line"], colours["fill"], 2.0, 4),
            (others, NEIGHBOURS, FAINT, "#f3f3ee", 0.9, 2),
        ):
            for status in dict.fromkeys(each["status"]):
                shapes = each.geometry[each["status"] == status].to_numpy()
                style: dict[str, Any] = {
                    "facecolor": fill,
                    "edgecolor": colour,
                    "linewidth": width,
                    "linestyle": DASHES[STATUSES[status].line],
                }
                canvas.polygons(ax, shapes, zorder=order, **style)
                title = STATUSES[status].title.of(language)
                mark = "：" if language == "zh" else ": "
                label = title if words is None else f"{words.of(language)}{mark}{title}"
                area = float(shapely.area(shapes).sum()) if words is None else None
                rows.append(LegendRow(handle=Patch(**style), label=label, area_m2=area))
        self._numbers(ax, near, language)
        return rows

    def _numbers(self, ax: Axes, near: Any, language: Language) -> None:
        """Write the numbers of lines where there is room, that of the line itself first."""
        view = shapely.box(*self.bounds)
        open_ground = shapely.difference(near.geometry.to_numpy(), self._found.geometry)
        seen = shapely.intersection(open_ground, view)
        beyond = shapely.intersection(near.geometry.to_numpy(), self._around)
        places = shapely.point_on_surface(np.where(shapely.area(seen) > 0, seen, beyond))
        own = (near["number"] == self._found["line"]).to_numpy()
        order = np.lexsort((-shapely.area(seen), ~own))
        words = [clean(near["number"].iloc[row]) for row in order]
        labels = Labels(ax, theme_word("not_labelled", language))
        labels.add(shapely.get_coordinates(places[order]), words, size=8, colour=INK)

    def _findings(
        self, ax: Axes, colours: Mapping[str, str], language: Language
    ) -> list[LegendRow]:
        frame, found = self.guard.encroachments, self._found
        near = self._near
        rows = []
        look: dict[str, Any] = {
            "facecolor": colours["other"],
            "edgecolor": INK,
            "linewidth": 0.4,
            "alpha": 0.7,
        }
        if near.any():
            canvas.polygons(ax, frame.geometry[near], zorder=5, **look)
            rows.append(LegendRow(handle=Patch(**look), label=OTHERS.of(language)))
        look = {
            "facecolor": "none",
            "edgecolor": colours["taken"],
            "linewidth": 1.4,
            "hatch": "////",
        }
        canvas.polygons(ax, [found.geometry], zorder=6, **look)
        mark = "：" if language == "zh" else ": "
        parts = (WORDS[found["kind"]].of(language), clean(found["name"]))
        label = mark.join(filter(None, parts))
        mine = LegendRow(
            handle=Patch(**look), label=label, count=1, area_m2=float(found["area_m2"])
        )
        return [mine, *rows]

    def _chip(self, name: str) -> Chip | None:
        key = f"guard_{name}_{self.row + 1:02d}"
        return next((chip for chip in self.guard.chips if chip.id == key), None)

    def _picture(
        self, ax: Axes, chip: Chip, place: int, colours: Mapping[str, str], language: Language
    ) -> None:
        """Put a picture at the upper edge of the map, the earlier on the left; north is right."""
        left, bottom = CHIP_GAP + place * (CHIP_GAP + CHIP_SHARE), 1 - CHIP_GAP - CHIP_SHARE
        inset = ax.inset_axes((left, bottom, CHIP_SHARE, CHIP_SHARE), zorder=ON_TOP, anchor="NW")
        inset.imshow(chip.pixels, interpolation="nearest", aspect="equal")
        for ring in chip.rings:
            for width, colour in ((2.4, "white"), (1.2, colours["taken"])):
                inset.add_line(Line2D(*ring.T, color=colour, linewidth=width))
        high, wide = chip.pixels.shape[:2]
        inset.set(xlim=(-0.5, wide - 0.5), ylim=(high - 0.5, -0.5), xticks=[], yticks=[])
        words = BEFORE_AND_AFTER[place].of(language)
        label = " ".join(filter(None, (words, self.guard.dates[place])))
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
        canvas.write(inset, 0.03, 0.03, label, size=7, va="bottom", bbox=box)
