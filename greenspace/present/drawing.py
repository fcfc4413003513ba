"""Drawing: green lines as a DXF that CAD programs open, with Chinese text.

Question   How do the lines reach those who draw, and are they the same lines there?
Enters     GreenLines, their control points, a language.
Leaves     The text of a DXF of AutoCAD 2010: x east, y north, metres.
Elsewhere  Names and looks of layers: cad_layers. Title, legend and table: drawing_notes.

Each ring is one closed LWPOLYLINE with the line's own coordinates; each line has one hatch, bound to
its rings. Times and random numbers of the format are fixed: the same lines give the same bytes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from ezdxf import const, units
from ezdxf.enums import MTextEntityAlignment
from ezdxf.filemanagement import new as new_drawing

from greenspace.model.gauss_kruger import ZONE_M, zone_of
from greenspace.present.cad_layers import Pen, set_up, without_codes
from greenspace.present.display import show
from greenspace.present.drawing_notes import write_notes, write_table

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ezdxf.document import Drawing
    from ezdxf.entities.lwpolyline import LWPolyline
    from shapely import LinearRing, Polygon

    from greenspace.model.control_points import ControlPoints
    from greenspace.model.green_line import GreenLines
    from greenspace.model.words import Language

VERSION: Final = "R2010"  # text is UTF-8
SHEET_M: Final = (0.76, 0.50)  # what an A1 has for the plan
SCALES: Final = (500, 1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000, 200_000, 500_000)
LABEL_MM, LEAST_LABEL, NUMBER_MM, POINT_MM = 3.0, 0.2, 1.2, 0.8
LABEL_BYTES: Final = 120  # number, name and area are one line of a DXF; tables have whole names
LABEL_ROWS: Final = 5  # heights of text in the radius of the circle that a label stands in
CIRCLE_WITH_DOT: Final = 32  # $PDMODE
DRAWN_AT: Final = "2451544.5"  # 2000-01-01 as a Julian day
TIMES: Final = re.compile(r"(\$TDU?(?:CREATE|UPDATE)\n *40\n)[^\n]*")
GUIDS: Final = re.compile(r"(\$(?:VERSION|FINGERPRINT)GUID\n *2\n)[^\n]*")
NOBODY: Final = "{00000000-0000-0000-0000-000000000000}"
MAKER: Final = re.compile(r"^([\d.]+\w*) @ [-0-9T:.+]+$", re.MULTILINE)


def drawing_dxf(
    lines: GreenLines,
    points: ControlPoints | None = None,
    *,
    language: Language = "zh",
    title: str | None = None,
    scale: int | None = None,
) -> str:
    """Return a drawing of lines, with their points and the table of these where they are given.

    Parameters
    ----------
    scale
        Text, dashes and dots are sized for a plot at 1:scale; default: a round one at which the
        plan fits an A1.
    """
    lines = without_zone(lines)
    west, south, east, north = map(float, lines.lines.total_bounds)
    bounds = (west, south, east, north)
    chosen = scale or fitting_scale(bounds)
    doc = new_drawing(VERSION, units=units.M)
    rows = lines.lines.sort_values("number", kind="stable")
    kinds = sorted(set(zip(rows["status"], rows["category"], strict=True)))
    names = set_up(doc, kinds, language=language, mm=chosen / 1000)
    pen = Pen(doc.modelspace(), names, chosen / 1000)
    _set_header(doc, pen.mm)
    for row in rows.to_dict("records"):
        _draw_line(pen, row, language)
    right = east
    if points is not None:
        _draw_points(pen, points)
        right = write_table(pen, points, bounds, language)
    write_notes(pen, lines, points, bounds, language=language, title=title, scale=chosen)
    _set_view(doc, (west, south, right, north))
    return _fixed(doc)


def without_zone(lines: GreenLines) -> GreenLines:
    """Return lines whose eastings have no number of their zone before them, as drawings have it."""
    zone = None if lines.crs is None else zone_of(lines.crs)
    if zone is None or not zone.number:
        return lines
    shift, bare = zone.number * ZONE_M, replace(zone, number=None).crs
    shapes = shapely.transform(
        lines.lines.geometry.to_numpy(), lambda xy: np.round(xy - (shift, 0.0), 3)
    )
    moved = lines.lines.set_geometry(shapes, crs=lines.crs).set_crs(bare, allow_override=True)
    return replace(lines, lines=moved)


def fitting_scale(bounds: tuple[float, float, float, float]) -> int:
    """Return a round scale at which ground fits an A1.

    Examples
    --------
    >>> fitting_scale((0, 0, 700, 400)), fitting_scale((0, 0, 7000, 4000))
    (1000, 10000)
    """
    needed = max((bounds[2] - bounds[0]) / SHEET_M[0], (bounds[3] - bounds[1]) / SHEET_M[1])
    return next((scale for scale in SCALES if scale >= needed), SCALES[-1])


def _set_header(doc: Drawing, mm: float) -> None:
    doc.header["$MEASUREMENT"] = 1  # metric
    doc.header["$LUNITS"] = 2  # decimal
    doc.header["$LUPREC"] = 3  # to the millimetre
    doc.header["$LTSCALE"] = 1.0
    doc.header["$PSLTSCALE"] = 0  # dashes are sized on the ground, in every viewport
    doc.header["$PDMODE"] = CIRCLE_WITH_DOT
    doc.header["$PDSIZE"] = POINT_MM * mm


def _draw_line(pen: Pen, row: dict[Hashable, Any], language: Language) -> None:
    """Draw the rings of a line over its hatch, and its label."""
    shape: Polygon = row["geometry"]
    status, category = str(row["status"]), str(row["category"])
    fill = {"layer": pen.names.fill(status, category)}
    hatch = pen.space.add_hatch(const.BYLAYER, dxfattribs={**fill, "associative": 1})
    layer = pen.names.outline(status, category)
    for place, ring in enumerate((shape.exterior, *shape.interiors)):
        drawn = _ring(pen, ring, layer)
        flags = const.BOUNDARY_PATH_OUTERMOST if place else const.BOUNDARY_PATH_EXTERNAL
        path = hatch.paths.add_polyline_path(_corners(ring), flags=flags)
        hatch.associate(path, [drawn])
    _label(pen, row, shape, language)


def _ring(pen: Pen, ring: LinearRing, layer: str) -> LWPolyline:
    attributes = {"layer": layer, "flags": const.LWPOLYLINE_PLINEGEN}  # dashes run round corners
    return pen.space.add_lwpolyline(_corners(ring), close=True, dxfattribs=attributes)


def _corners(ring: LinearRing) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(ring)[:-1]]


def _label(pen: Pen, row: dict[Hashable, Any], shape: Polygon, language: Language) -> None:
    """Write number, name and area into the widest part of a line, no larger than fits."""
    circle = shapely.maximum_inscribed_circle(shape, tolerance=max(shape.length / 500, 0.01))
    x, y = shapely.get_coordinates(circle)[0]
    least, most = LABEL_MM * LEAST_LABEL * pen.mm, LABEL_MM * pen.mm
    height = min(max(circle.length / LABEL_ROWS, least), most)
    parts = (row["number"], row["name"], show(float(shape.area), "m2", language))
    text = "\\P".join(without_codes(part, LABEL_BYTES) for part in parts if part)
    label = pen.space.add_mtext(
        text,
        dxfattribs={
            "layer": pen.names.plain("labels"),
            "style": pen.style,
            "char_height": height,
        },
    )
    label.set_location((x, y), attachment_point=MTextEntityAlignment.MIDDLE_CENTER)


def _draw_points(pen: Pen, points: ControlPoints) -> None:
    """Draw each control point once, x east and y north, with its number."""
    for point, (east, north) in zip(points.points["point"], points.places, strict=True):
        place = (float(east), float(north))
        pen.space.add_point(place, dxfattribs={"layer": pen.names.plain("points")})
        beside = (place[0] + POINT_MM * pen.mm, place[1] + POINT_MM * pen.mm)
        pen.text(str(int(point)), beside, NUMBER_MM, layer="numbers")


def _set_view(doc: Drawing, bounds: tuple[float, float, float, float]) -> None:
    """Let a program show the whole plan when it opens the drawing."""
    west, south, east, north = bounds
    space = doc.modelspace()
    space.reset_extents((west, south, 0), (east, north, 0))
    space.reset_limits((west, south), (east, north))
    height = max(north - south, (east - west) / 1.5) * 1.1
    doc.set_modelspace_vport(height, ((west + east) / 2, (south + north) / 2))


def _fixed(doc: Drawing) -> str:
    """Return the text of a drawing without the time at which it was written."""
    doc.classes.add_required_classes(doc.dxfversion)  # in the order of a set
    classes = sorted(doc.classes.classes.items())
    doc.classes.classes.clear()
    doc.classes.classes.update(classes)
    stream = StringIO()
    doc.write(stream)
    text = TIMES.sub(rf"\g<1>{DRAWN_AT}", stream.getvalue())
    return MAKER.sub(r"\g<1>", GUIDS.sub(rf"\g<1>{NOBODY}", text))
