"""Green-line layers: a plan as a GeoPackage that QGIS opens with its line types.

Question   How do lines, points and findings lie in a GIS?
Enters     A GreenLinePlan, a path.
Leaves     lines.gpkg: ``lines``, ``points``, ``changes``, what else there is, and its styles.
Elsewhere  The same for CAD: drawing. Styles: qgis_style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from greenspace.model.green_line import CATEGORIES, STATUSES
from greenspace.model.words import Text
from greenspace.present.cad_layers import CATEGORY_COLOURS, STATUS_COLOURS
from greenspace.present.geopackage import findings_table, write_ground
from greenspace.present.qgis_style import by_rule, by_value, filled, marked, single, write_styles
from greenspace.present.record import relative_findings
from greenspace.present.words import both, clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from greenspace.model.control_points import ControlPoints
    from greenspace.model.green_line_plan import GreenLinePlan

KINDS: Final[Mapping[str, tuple[Text, str]]] = {
    "construction": (Text("建设项目", "construction"), "#d73027"),
    "road": (Text("道路拓宽", "widened road"), "#f46d43"),
    "image": (Text("影像变化", "change in the image"), "#a50026"),
}
FAILED, TREE, CHANGE, POINT = "#d73027", "#8a5a2b", "#5a78a0", "#c00000"
ZONE_COLOURS: Final = ("#1b7837", "#7fbf7b", "#d9f0d3", "#e7d4e8", "#af8dc3", "#762a83")
OPACITY, LIGHT = 90, 60


def write_plan_layers(plan: GreenLinePlan, path: Path) -> tuple[str, ...]:
    """Write every layer that holds anything, all findings as a table, and the styles.

    Returns
    -------
    tuple
        The names of the layers and of the table of findings.
    """
    styles = {}
    for name, (frame, style) in _layers(plan).items():
        if len(frame):
            write_ground(told_layer(frame), path, name, single=name == "lines")
            styles[name] = style
    found = findings_table(relative_findings(plan.findings, plan.city.manifest))
    pyogrio.write_dataframe(found, path, layer="findings", driver="GPKG")
    write_styles(styles, path, description="greenspace green-line")
    return (*styles, "findings")


def told_layer(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer whose words are in both languages and harmless."""
    told: dict[str, Any] = {}
    for name in frame.columns.drop(frame.geometry.name):
        column = frame[name]
        plain = pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_dtype(column)
        told[str(name)] = column.to_numpy() if plain else [_word(value) for value in column]
    return gpd.GeoDataFrame(told, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _word(value: Any) -> str | None:
    if isinstance(value, Text):
        return clean(both(value))
    return None if value is None or value is pd.NA or value != value else clean(value)  # noqa: PLR0124 - NaN


def point_layer(points: ControlPoints, crs: Any) -> gpd.GeoDataFrame:
    """Return control points in the plane of the lines; columns as surveyors write them."""
    table, shapes = points.points, shapely.points(points.places)
    columns = {"point": table["point"], "x_north": table["x"], "y_east": table["y"]}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


def _layers(plan: GreenLinePlan) -> dict[str, tuple[gpd.GeoDataFrame, str]]:
    """Return each layer with its style."""
    dot = single(marked(POINT, size=1.4), label="point")
    layers = {
        "lines": (plan.lines.lines, line_style(plan.lines.lines)),
        "points": (point_layer(plan.points, plan.crs), dot),
        "changes": (_changes(plan), single(marked(CHANGE, shape="cross2"))),
    }
    places = list(_places(plan))
    if places:
        every = pd.concat(places, ignore_index=True)
        layers["failed_checks"] = (every, single(_hatched(FAILED), label="check"))
    if plan.trees is not None:
        zone = single(filled(TREE, outline=TREE, line="dashed", opacity=LIGHT), label="name")
        layers["tree_zones"] = (plan.trees.zones, zone)
        layers["tree_conflicts"] = (plan.trees.conflicts, single(_hatched(FAILED)))
    if plan.guard is not None:
        looks = [(kind, both(title), _hatched(colour)) for kind, (title, colour) in KINDS.items()]
        layers["encroachments"] = (plan.guard.encroachments, by_value("kind", looks))
    if plan.zoning is not None:
        layers["park_zones"] = (plan.zoning.zones, _zone_style(plan.zoning.zones))
    return layers


def line_style(lines: gpd.GeoDataFrame) -> str:
    """Return QML: a line type and colour a status, a fill a category, numbers on the lines."""
    looks = []
    for status, category in sorted(set(zip(lines["status"], lines["category"], strict=True))):
        look = filled(
            CATEGORY_COLOURS[category][1],
            outline=STATUS_COLOURS[status][1],
            line=STATUSES[status].line,
            width=0.6,
            opacity=OPACITY,
        )
        title = f"{both(STATUSES[status].title)} · {both(CATEGORIES[category])}"
        rule = f"\"status\" = '{status}' AND \"category\" = '{category}'"
        looks.append((rule, title, look))
    return by_rule(looks, label="number")


def _hatched(colour: str) -> Any:
    return filled(colour, outline=colour, width=0.6, brush="b_diagonal")


def _zone_style(zones: gpd.GeoDataFrame) -> str:
    titles = dict(zip(map(clean, zones["zone"]), zones["title"], strict=True))
    looks = [
        (zone, both(title) if isinstance(title, Text) else clean(title), _zone(place))
        for place, (zone, title) in enumerate(titles.items())
    ]
    return by_value("zone", looks)


def _zone(place: int) -> Any:
    return filled(ZONE_COLOURS[place % len(ZONE_COLOURS)], outline="#1f2a24", opacity=2 * OPACITY)


def _changes(plan: GreenLinePlan) -> gpd.GeoDataFrame:
    """Return the places where slivers, gaps and edges were resolved, as points."""
    rows = plan.lines.changes.rows
    if not {"x", "y"} <= set(rows):
        rows = rows.head(0).assign(x=[], y=[])
    shapes = gpd.points_from_xy(rows["x"].astype(float), rows["y"].astype(float))
    return gpd.GeoDataFrame(rows.drop(columns=["x", "y"]), geometry=shapes, crs=plan.crs)


def _places(plan: GreenLinePlan) -> Iterator[gpd.GeoDataFrame]:
    """Give the ground on which a test failed, with the test's name."""
    for check in plan.checks:
        if check.passed is not False or check.places is None or not len(check.places):
            continue
        shapes = check.places.to_crs(plan.crs) if check.places.crs else check.places
        flat = shapely.force_2d(shapes.to_numpy())
        ground = flat[shapely.get_dimensions(flat) == 2]  # noqa: PLR2004
        columns = {"check": check.id, "title": [both(check.title)] * len(ground)}
        yield gpd.GeoDataFrame(columns, geometry=ground, crs=plan.crs)
