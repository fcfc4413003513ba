"""CAD layers: what the layers, line types and text of a drawing are called and how they look.

Question   On which layer of a drawing does a line of this status and category lie?
Enters     A status, a category, a language, the scale that is plotted at.
Leaves     Layers, line types and a text style in a document of ezdxf; text without codes.
Elsewhere  What is drawn on them: drawing, drawing_table. Colours of maps: style.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ezdxf import const
from ezdxf.enums import MTextEntityAlignment, TextEntityAlignment

from greenspace.model.green_line import CATEGORIES, STATUSES
from greenspace.model.words import Text
from greenspace.present import style
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ezdxf.document import Drawing
    from ezdxf.layouts.layout import Modelspace

    from greenspace.model.words import Language

TEXT_STYLE: Final = "GREENSPACE"
FONT_FILE: Final = "simsun.ttc"  # on every Windows; elsewhere a program takes what it has
FONT_FAMILY: Final = "SimSun"
LINE_TYPES: Final[Mapping[str, tuple[str, tuple[float, ...]]]] = {  # mm on paper: dash, -gap, dot
    "solid": ("CONTINUOUS", ()),
    "dashed": ("GL_DASHED", (4.0, -2.0)),
    "dashdot": ("GL_DASHDOT", (6.0, -1.5, 0.0, -1.5)),
}
STATUS_COLOURS: Final[Mapping[str, tuple[int, str]]] = {  # of CAD's own table, and true
    "existing": (96, "#0b6b34"),
    "planned": (30, "#d06a00"),
    "control": (202, "#7a3fa0"),
}
CATEGORY_COLOURS: Final[Mapping[str, tuple[int, str]]] = {
    "park": (82, style.PARK.colour),
    "protective": (97, style.PROTECTIVE.colour),
    "square": (85, style.SQUARE.colour),
    "attached": (71, style.ATTACHED.colour),
    "production": (64, style.PRODUCTION.colour),
    "regional": (54, style.REGIONAL.colour),
    "riverbank": (141, "#7fb7c9"),
    "woods": (106, "#3d6b57"),
    "wetland": (121, "#6fc2ad"),
    "scenic": (51, "#c9c46a"),
    "relic": (33, "#b98c5a"),
    "old_tree": (24, "#8a5a2b"),
    "other": (55, style.UNCLASSED.colour),
}
STATUS_WORDS: Final[Mapping[str, Text]] = {
    "existing": Text("现状", "EXISTING"),
    "planned": Text("规划", "PLANNED"),
    "control": Text("生态控制", "CONTROL"),
}
OUTLINES: Final = Text("绿线", "GREENLINE")
FILLS: Final = Text("填充", "FILL")
PLAIN_LAYERS: Final[Mapping[str, tuple[Text, int]]] = {
    "labels": (Text("绿线标注", "LABELS"), 7),
    "points": (Text("控制点", "POINTS"), 1),
    "numbers": (Text("控制点号", "POINT-NUMBERS"), 1),
    "table": (Text("控制点表", "POINT-TABLE"), 7),
    "notes": (Text("图名说明", "NOTES"), 7),
}
OUTLINE_WEIGHT: Final = 50  # hundredths of a millimetre
TRANSPARENCY: Final = 0.55
LINE_SPACING: Final = 5 / 3  # heights of text from line to line at a factor of 1
WIDE: Final = 0xFEE0  # from a sign to its wide form
CODES: Final = {ord(sign): ord(sign) + WIDE for sign in r"\{}^"}
LONGEST: Final = 240  # bytes: programs cut a longer line of a DXF amid a character
PERCENT: Final = chr(ord("%") + WIDE)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a drawing's layers: Chinese ones, or such as every program can spell."""

    language: Language

    def outline(self, status: str, category: str) -> str:
        """Return the layer of a line's rings.

        Examples
        --------
        >>> Names("zh").outline("existing", "park"), Names("en").outline("planned", "old_tree")
        ('绿线-现状-公园绿地', 'GREENLINE-PLANNED-OLD_TREE')
        """
        return self._of(OUTLINES, status, category)

    def fill(self, status: str, category: str) -> str:
        """Return the layer of a line's hatch."""
        return self._of(FILLS, status, category)

    def plain(self, key: str) -> str:
        """Return a layer that holds neither."""
        return PLAIN_LAYERS[key][0].of(self.language)

    def _of(self, kind: Text, status: str, category: str) -> str:
        name = CATEGORIES[category].zh if self.language == "zh" else category.upper()
        return f"{kind.of(self.language)}-{STATUS_WORDS[status].of(self.language)}-{name}"


def without_codes(text: object, most: int = LONGEST) -> str:
    r"""Return text in which nothing steers a CAD program: signs of its codes become wide ones.

    What takes more bytes in UTF-8 than a line may have ends in dots.

    Examples
    --------
    >>> ascii(without_codes("A^J 50% %%c"))
    "'A\\uff3eJ 50% \\uff05\\uff05c'"
    >>> without_codes("A long name", most=8)
    'A lon…'
    """
    written = clean(text).translate(CODES).replace("%%", 2 * PERCENT)
    signs = written.encode()
    if len(signs) <= most:
        return written
    return signs[: most - len("…".encode())].decode(errors="ignore") + "…"


def set_up(
    doc: Drawing, kinds: Iterable[tuple[str, str]], *, language: Language, mm: float
) -> Names:
    """Give a document its text style, line types, and the layers of these statuses and categories.

    Parameters
    ----------
    mm
        A millimetre on paper, in metres on the ground.
    """
    names, other = Names(language), Names("en" if language == "zh" else "zh")
    doc.styles.add(TEXT_STYLE, font=FONT_FILE).set_extended_font_data(FONT_FAMILY)
    for name, pattern in LINE_TYPES.values():
        if pattern:
            steps = [step * mm for step in pattern]
            doc.linetypes.add(name, [sum(map(abs, steps)), *steps], description=name)
    for status, category in kinds:
        outline = doc.layers.add(
            names.outline(status, category),
            color=STATUS_COLOURS[status][0],
            true_color=_number(STATUS_COLOURS[status][1]),
            linetype=LINE_TYPES[STATUSES[status].line][0],
            lineweight=OUTLINE_WEIGHT,
        )
        outline.description = other.outline(status, category)
        fill = doc.layers.add(
            names.fill(status, category),
            color=CATEGORY_COLOURS[category][0],
            true_color=_number(CATEGORY_COLOURS[category][1]),
        )
        fill.transparency = TRANSPARENCY
        fill.description = other.fill(status, category)
    for key, (_, colour) in PLAIN_LAYERS.items():
        doc.layers.add(names.plain(key), color=colour).description = other.plain(key)
    return names


def _number(colour: str) -> int:
    return int(colour.removeprefix("#"), 16)


@dataclass(frozen=True, slots=True)
class Pen:
    """What draws in a document: its model space, names of layers, a millimetre on paper in metres."""

    space: Modelspace
    names: Names
    mm: float
    style: str = TEXT_STYLE

    def text(
        self,
        words: object,
        place: tuple[float, float],
        height_mm: float,
        *,
        layer: str,
        align: TextEntityAlignment = TextEntityAlignment.LEFT,
    ) -> None:
        """Write one line of text, without codes, so high on paper."""
        written = self.space.add_text(
            without_codes(words),
            height=height_mm * self.mm,
            dxfattribs={"layer": self.names.plain(layer), "style": self.style},
        )
        written.set_placement(place, align=align)

    def column(
        self,
        rows: Iterable[object],
        place: tuple[float, float],
        height_mm: float,
        step_mm: float,
        *,
        layer: str,
    ) -> None:
        """Write lines of text below one another, flush right at a place: the middle of the first."""
        cells = [without_codes(row) for row in rows]
        if not all(map(str.isascii, cells)):  # an MTEXT is cut into lines by signs, not by bytes
            for number, cell in enumerate(cells):
                at = (place[0], place[1] - number * step_mm * self.mm)
                self.text(cell, at, height_mm, layer=layer, align=TextEntityAlignment.MIDDLE_RIGHT)
            return
        top = place[1] + height_mm / 2 * self.mm
        written = self.space.add_mtext(
            "\\P".join(cells),
            dxfattribs={
                "layer": self.names.plain(layer),
                "style": self.style,
                "char_height": height_mm * self.mm,
                "line_spacing_style": const.MTEXT_EXACT,
                "line_spacing_factor": step_mm / height_mm / LINE_SPACING,
            },
        )
        written.set_location((place[0], top), attachment_point=MTextEntityAlignment.TOP_RIGHT)

    def rule(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        *,
        layer: str,
        line_type: str = "BYLAYER",
    ) -> None:
        """Draw a thin straight line."""
        look = {"layer": self.names.plain(layer), "linetype": line_type}
        self.space.add_line(start, end, dxfattribs=look)

    def swatch(
        self, corner: tuple[float, float], wide_mm: float, high_mm: float, colour: tuple[int, str]
    ) -> None:
        """Fill a small rectangle, as a sample of a colour."""
        west, south = corner
        east, north = west + wide_mm * self.mm, south + high_mm * self.mm
        look = {"layer": self.names.plain("notes"), "true_color": _number(colour[1])}
        sample = self.space.add_hatch(colour[0], dxfattribs=look)
        sample.transparency = TRANSPARENCY
        sample.paths.add_polyline_path([(west, south), (east, south), (east, north), (west, north)])
