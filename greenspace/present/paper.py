"""Paper: the sizes of sheets, and where everything is on them.

Question   How large is the page, where on it is the map, and where the legend?
Enters     A size from A0 to A4, which way it lies, a warning that takes room.
Leaves     A Layout: boxes in mm from the lower left corner.
Elsewhere  Scales: printed_scale. Drawing: sheet_frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.present.lettering import MM, wrapped
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Mapping


Size = Literal["A0", "A1", "A2", "A3", "A4"]
SIZES: Final[Mapping[str, tuple[float, float]]] = {  # ISO 216, mm: short and long side
    "A0": (841.0, 1189.0),
    "A1": (594.0, 841.0),
    "A2": (420.0, 594.0),
    "A3": (297.0, 420.0),
    "A4": (210.0, 297.0),
}
LETTERS: Final[Mapping[str, float]] = {"A0": 14.0, "A1": 11.0, "A2": 9.0, "A3": 7.5, "A4": 6.5}
MARGIN: Final = 10.0
SIDE: Final = 26.0  # widths of a letter
BAND: Final = 34.0
BLOCK_ROWS: Final = 7
ROW: Final = 2.3
TITLE: Final = 4.0
LINE: Final = 1.4  # from one line of text to the next
NOTES_SHARE: Final = 0.36  # of the column


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on paper in mm from the lower left corner of the page."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y + self.height

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where everything is on a page; `letter` is the size of its letters in points."""

    size: str
    width: float
    height: float
    letter: float
    title: Box
    banner: Box
    map: Box
    legend: Box
    side: Box
    block: Box

    @property
    def em(self) -> float:
        """The size of the letters in mm."""
        return self.letter * MM

    @property
    def landscape(self) -> bool:
        """Whether the page is wider than high."""
        return self.width > self.height


def lay_out(size: str, *, landscape: bool, banner: str = "") -> Layout:
    """Return the boxes of a sheet: a side column where it lies, a band at the foot where it stands.

    Examples
    --------
    >>> sheet = lay_out("A3", landscape=True)
    >>> sheet.width, sheet.height, sheet.legend.x == sheet.side.x
    (420.0, 297.0, True)
    """
    short, long = SIZES[size]
    width, height = (long, short) if landscape else (short, long)
    em = LETTERS[size] * MM
    inner = Box(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
    column, block = SIDE * em, BLOCK_ROWS * ROW * em
    side_x = inner.right - column
    if landscape:
        right, foot = side_x - em, inner.y
        below = inner.top - inner.y - block
        notes = below * NOTES_SHARE
        side = Box(side_x, inner.y + block, column, notes)
        legend = Box(side_x, side.top, column, below - notes)
    else:
        right, foot = inner.right, inner.y + BAND * em
        side = Box(side_x, inner.y + block, column, foot - inner.y - block)
        legend = Box(inner.x, inner.y, inner.width - column, foot - inner.y)
        foot += em
    title = Box(inner.x, inner.top - TITLE * em, right - inner.x, TITLE * em)
    told = banner_lines(banner, LETTERS[size], title.width)
    tall = (len(told) * LINE + 1.0) * em if told else 0.0
    gutter = 2.2 * em  # for the coordinates
    top = title.y - tall
    return Layout(
        size=size,
        width=width,
        height=height,
        letter=LETTERS[size],
        title=title,
        banner=Box(inner.x, top, title.width, tall),
        map=Box(
            inner.x + gutter,
            foot + gutter,
            right - inner.x - gutter - (0 if landscape else em / 2),
            top - 0.8 * em - foot - gutter,
        ),
        legend=legend,
        side=side,
        block=Box(side_x, inner.y, column, block),
    )


def banner_lines(banner: str, letter: float, width: float) -> list[str]:
    """Return the lines of a warning across the sheet."""
    return wrapped(banner, letter, width - 2 * letter * MM, most=4) if banner else []


def check_looks(language: Any, palette: Any, landscape: Any = None) -> None:
    """Refuse a language, palette or way to lie that there is not.

    Examples
    --------
    >>> check_looks("zh", "safe", None)
    """
    asked = (("language", language, ("zh", "en")), ("palette", palette, ("standard", "safe")))
    for name, value, known in asked:
        if value not in known:
            raise _no_such(name, value, known)
    if landscape is not None and not isinstance(landscape, bool):
        raise _no_such("landscape", landscape, ("True", "False", "None"))


def _no_such(name: str, value: object, known: tuple[str, ...]) -> InputError:
    return InputError(
        f"{name} 不能是 {clean(value)}。",
        f"{name} cannot be {clean(value)}.",
        remedy=Text(f"可用：{'、'.join(known)}。", f"Use {', '.join(known)}."),
        expected=known,
        found=value,
    )


def paper_size(size: str) -> str:
    """Return the name of a paper as it is spelt here; refuse one that is not there."""
    found = str(size).strip().upper()
    if found in SIZES:
        return found
    raise InputError(
        f"没有 {clean(size)} 这种图纸。",
        f"There is no paper {clean(size)}.",
        remedy=Text(f"请用 {'、'.join(SIZES)} 之一。", f"Use one of {', '.join(SIZES)}."),
        expected=tuple(SIZES),
        found=size,
    )
