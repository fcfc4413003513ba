"""Green-line plan: from a city's layers to numbered lines, held against what stands in them.

Question   Which green lines does this city hand in, and what is wrong inside them?
Enters     A City or its manifest.
Leaves     A GreenLinePlan; findings say what could not be done, and why.
Elsewhere  Each part: delimitation, line_points, guard, tree_protection, zoned_park. Files: present/.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import geopandas as gpd
import shapely

from greenspace.delimitation import green_lines_of
from greenspace.errors import GreenspaceError, InputError
from greenspace.guard import guard_of
from greenspace.line_points import control_points
from greenspace.model.green_line_plan import GreenLinePlan
from greenspace.model.source import Finding, finding_of
from greenspace.model.words import Text
from greenspace.present.words import worst_first
from greenspace.read.city import read_city
from greenspace.read.old_trees import read_tree_schemes
from greenspace.tree_protection import tree_zones_of
from greenspace.zoned_park import park_zoning_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from greenspace.model.city import City
    from greenspace.model.control_points import ControlPoints
    from greenspace.model.green_line import GreenLines
    from greenspace.model.old_trees import TreeScheme
    from greenspace.model.tree_zones import TreeZones

    Progress = Callable[[int, int, Text], None]

T = TypeVar("T")
GREEN: Final = ("green", "parks", "planned_green")
READING = Text(zh="读取城市", en="reading the city")
DRAWING = Text(zh="划定绿线并编控制点", en="drawing and numbering the lines")
TREES = Text(zh="划定古树保护范围", en="zones of old trees")
GUARDING = Text(zh="查绿线内的侵占", en="looking for encroachments")
ZONING = Text(zh="检验功能分区", en="testing park zones")
STEPS: Final = 5
TREE_SCHEME: Final = "city"
MISSING: Final[Mapping[str, Text]] = {  # layers without which a part is left out
    "planned_green": Text(
        zh="清单没有 planned_green 图层，未划规划绿线。",
        en="The manifest names no layer planned_green: no planned lines are drawn.",
    ),
    "ecological_control": Text(
        zh="清单没有 ecological_control 图层，未划生态控制线。",
        en="The manifest names no layer ecological_control: no control lines are drawn.",
    ),
    "green_lines": Text(
        zh="清单没有 green_lines 图层（已批准的绿线），未查侵占和修编前后的变化。",
        en="The manifest names no layer green_lines (approved lines): neither encroachments nor a "
        "revision are looked for.",
    ),
    "old_trees": Text(
        zh="清单没有 old_trees 图层，未划古树名木保护范围。",
        en="The manifest names no layer old_trees: no protection zones are drawn.",
    ),
}


def green_line_plan(city: City | Path | str, *, progress: Progress | None = None) -> GreenLinePlan:
    """Draw a city's green lines, number their points, and hold them against what came later.

    Existing lines enclose ``green`` (or ``parks``) and the zones of ``old_trees``, planned ones
    ``planned_green``, control lines ``ecological_control`` (GB/T 51163-2016); edges are brought
    to those of ``road_land``, ``water`` and ``construction_land``. Approved ``green_lines`` are
    held against ``construction``, ``road_widening`` and the oldest and newest image, and against
    the new lines for the balance. ``park_boundary`` with ``park_zones`` is tested as a zoning.
    Every layer but the green is optional: a finding says what was left out.

    Parameters
    ----------
    city
        A `City` or the path of its ``city.toml``; its table ``[green_line]`` has the tolerances.
    progress
        Called before each step with steps done, all steps and its name.

    Returns
    -------
    GreenLinePlan
        ``.lines``, ``.points``, ``.guard``, ``.trees``, ``.zoning``, ``.checks``, ``.ledgers``;
        areas in m² and coordinates in ``.crs``. ``.write(folder)`` writes the whole of it.

    Raises
    ------
    InputError
        The city has no green to enclose, or a layer cannot be read or measured.

    Examples
    --------
    >>> from greenspace.model.city import City
    >>> green_line_plan(City(name="清河", manifest=Path("city.toml")))
    Traceback (most recent call last):
    greenspace.errors.InputError: The city has no green to enclose. (file city.toml) ...
    """
    say = progress or _quiet
    say(0, STEPS, READING)
    if isinstance(city, str | Path):
        city = read_city(city)
    _require_green(city)
    say(1, STEPS, TREES)
    trees, no_trees = _tried(lambda: tree_zones_of(city))
    say(2, STEPS, DRAWING)
    lines, points = lines_of_city(city, trees)
    if trees is not None and trees.crs != lines.crs:  # one plane for every sheet of the atlas
        trees = tree_zones_of(city, crs=lines.crs)
    say(3, STEPS, GUARDING)
    guard, no_guard = _tried(lambda: guard_of(replace(city, crs=lines.crs), revised=lines))
    say(4, STEPS, ZONING)
    zoning, no_zoning = _tried(lambda: park_zoning_of(city, crs=lines.crs))
    parts = (lines, points, guard, trees, zoning)
    findings = [*city.findings, *_missing(city), *no_trees, *no_guard, *no_zoning]
    findings += [item for part in parts if part is not None for item in part.findings]
    return GreenLinePlan(
        city=city,
        lines=lines,
        points=points,
        guard=guard,
        trees=trees,
        tree_scheme=None if trees is None else _tree_scheme(),
        zoning=zoning,
        findings=worst_first(tuple(findings)),
    )


def _require_green(city: City) -> None:
    if any(len(city.layers[name]) for name in GREEN if city.layers.get(name) is not None):
        return
    raise InputError(
        "这座城市没有可以划线的绿地。",
        "The city has no green to enclose.",
        remedy=Text(
            zh="请在清单中加上 [layers.green]（或 parks、planned_green）。",
            en="Add [layers.green] to the manifest, or parks, or planned_green.",
        ),
        file=city.manifest.name,
        expected=GREEN,
        found=tuple(city.layers),
    )


def lines_of_city(city: City, trees: TreeZones | None) -> tuple[GreenLines, ControlPoints]:
    """Return lines on a plane that surveyors list coordinates in, as their points list them."""
    asked = dict(city.tables.get("green_line", {}))
    prefix = bool(asked.pop("zone_prefix", False))
    lines = green_lines_of(city, trees=trees, crs=city.crs, **asked)
    points = control_points(lines)
    if points.crs != lines.crs:
        lines = green_lines_of(city, trees=trees, crs=points.crs, **asked)
        points = control_points(lines)
    if prefix:
        points = control_points(lines, zone_prefix=True)
    return as_listed(lines, points), points


def as_listed(lines: GreenLines, points: ControlPoints) -> GreenLines:
    """Return lines with exactly the corners that the table of their points lists."""
    listed = points.drawn_lines.set_index("number").geometry
    shapes = listed.loc[lines.lines["number"]].to_numpy()
    frame = lines.lines.set_geometry(gpd.GeoSeries(shapes, index=lines.lines.index, crs=lines.crs))
    frame["area_m2"], frame["length_m"] = shapely.area(shapes), shapely.length(shapes)
    return replace(lines, lines=frame)


def _missing(city: City) -> Iterator[Finding]:
    """Give what is left out because a layer is not there."""
    for layer, text in MISSING.items():
        if city.layers.get(layer) is None:
            yield Finding(code="layer_missing", text=text, layer=layer)


def _tried(part: Callable[[], T]) -> tuple[T | None, tuple[Finding, ...]]:
    """Return a part that is not asked for by name, or why there is none: the rest goes on."""
    try:
        return part(), ()
    except GreenspaceError as error:
        return None, (finding_of(error),)


def _tree_scheme() -> TreeScheme:
    return next(scheme for scheme in read_tree_schemes() if scheme.id == TREE_SCHEME)


def _quiet(done: int, steps: int, step: Text) -> None:
    del done, steps, step
