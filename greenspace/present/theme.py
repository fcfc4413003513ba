"""Theme: what one map shows, apart from the paper it is printed on.

Question   What is drawn, what does its legend say, and what must stand on its sheet?
Enters     Facts about the data, and a function that draws on Axes.
Leaves     A value that any sheet can carry.
Elsewhere  Themes of results: plan_maps. Sheets and their files: paper, atlas, map_file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from pyproj import CRS

    from greenspace.model.words import Language, Text

Palette = Literal["standard", "safe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendRow:
    """One row of a legend: a sample, what it is called, how many there are and how much.

    Attributes
    ----------
    of
        What is counted: a key of measure_words.
    shapes
        What the figures are of, so that a page of a part can have those of the part.
    plain
        What it is called on such a page, where the label itself has figures of the whole.
    """

    handle: Artist
    label: str
    count: int | None = None
    area_m2: float | None = None
    length_m: float | None = None
    of: str = "place"
    shapes: Any = field(default=None, compare=False, repr=False)
    plain: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """What a sheet says of its data.

    Attributes
    ----------
    report
        The manifest's ``[report]``: who drew, checked and approved, the sheet's numbers.
    standard
        The standard and its edition, where the map rests on one.
    banner
        A warning that must stand on the sheet.
    imagery
        Whether `date` is that of an image.
    """

    city: str
    title: Text
    date: date | None
    sources: tuple[str | Text, ...]
    crs: CRS | None
    standard: Text | None = None
    report: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Text, ...] = ()
    banner: Text | None = None
    imagery: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One map: its facts, its extent in the facts' CRS, and how it is drawn.

    `draw` draws on the Axes in the language and palette and returns the legend; it sets no
    limits, frame, title or legend.
    """

    key: str
    facts: SheetFacts
    bounds: tuple[float, float, float, float]
    draw: Callable[[Axes, Language, Palette], Sequence[LegendRow]]
