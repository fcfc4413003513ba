"""Green-line atlas: the sheets of a plan, page by page.

Question   Which pages does the atlas of a plan have, and what stands on each?
Enters     A GreenLinePlan, a paper, whether a page is a line or a district.
Leaves     atlas.pdf: an index over the whole plan, its pages, one of old trees and one of park zones
           where there are any, one page an encroachment.
Elsewhere  Drawing: plan_maps, tree_theme, zoning_theme, guard_maps. Paper, numbers and bookmarks: atlas.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import shapely

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.present.atlas import write_atlas_file
from greenspace.present.guard_maps import guard_themes
from greenspace.present.map_base import source_names
from greenspace.present.plan_maps import enclosed_roles, green_line_theme
from greenspace.present.tree_theme import tree_theme
from greenspace.present.words import clean
from greenspace.present.zoning_theme import zoning_theme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd

    from greenspace.model.control_points import ControlPoints
    from greenspace.model.green_line_plan import By, GreenLinePlan
    from greenspace.model.words import Language
    from greenspace.present.theme import Theme

    Bounds = tuple[float, float, float, float]

MARGIN: Final = 0.08  # of the longer side, around what a page shows
LEAST_MARGIN_M: Final = 10.0
TREES: Final = ("old_trees", "construction", "road_widening")
ZONES: Final = ("park_zones", "park_boundary")
OUTSIDE: Final = Text("各区之外", "outside the districts")


def write_plan_atlas(
    plan: GreenLinePlan,
    path: Path,
    *,
    language: Language,
    size: str,
    scale: int | None,
    by: By | None,
) -> None:
    """Write the atlas of a plan.

    Raises
    ------
    InputError
        Pages by district are asked for and the city has none, or the scale does not suit the
        paper.
    """
    overview = _theme(plan, plan.lines.lines, None)
    pages = plan_pages(plan, by)
    write_atlas_file(pages, path, overview=overview, size=size, scale=scale, language=language)


def plan_pages(plan: GreenLinePlan, by: By | None = None) -> list[Theme]:
    """Return the pages of the atlas of a plan, without its index.

    Raises
    ------
    InputError
        Pages by district are asked for and the city has none.
    """
    whole = plan.city.layers.get("districts") is None
    lines = _pages(plan, by or ("line" if whole else "district"))
    return [*lines, *_beside(plan), *_findings(plan)]


def _pages(plan: GreenLinePlan, by: By) -> Iterator[Theme]:
    """Give a theme for each line, or for each district."""
    lines = plan.lines.lines
    if by == "line":
        for number, name, shape in zip(lines["number"], lines["name"], lines.geometry, strict=True):
            yield _page(plan, f"{number} {clean(name)}".strip(), shape.bounds, key=str(number))
        return
    shown = shapely.is_empty(lines.geometry.to_numpy())
    districts = _districts(plan)
    for place, (name, shape) in enumerate(zip(districts["name"], districts.geometry, strict=True)):
        inside = shapely.intersects(lines.geometry.to_numpy(), shape)
        shown |= inside
        if inside.any():
            yield _page(plan, clean(name), shape.bounds, key=f"district_{place + 1:02d}")
    if not shown.all():
        rest = tuple(map(float, lines[~shown].total_bounds))
        yield _page(plan, OUTSIDE, (rest[0], rest[1], rest[2], rest[3]), key="outside")


def _districts(plan: GreenLinePlan) -> gpd.GeoDataFrame:
    districts = plan.city.layers.get("districts")
    if districts is None or districts.empty:
        raise InputError(
            "清单没有 districts 图层，图集无法按区分页。",
            "The manifest names no layer districts, so the atlas has no page for each.",
            remedy=Text(zh="请加该图层，或按线分页：--by line。", en="Add it, or use --by line."),
            layer="districts",
        )
    return districts if plan.crs is None else districts.to_crs(plan.crs)


def _page(plan: GreenLinePlan, title: str | Text, bounds: Bounds, *, key: str) -> Theme:
    """Return the plan around some ground, with its control points."""
    west, south, east, north = bounds
    more = max(MARGIN * max(east - west, north - south), LEAST_MARGIN_M)
    view = shapely.box(west - more, south - more, east + more, north + more)
    seen = plan.lines.lines[shapely.intersects(plan.lines.lines.geometry.to_numpy(), view)]
    theme = _theme(plan, seen, _of(plan.points, seen))
    told = title if isinstance(title, Text) else Text(title, title)
    facts = theme.facts
    whole = Text(f"{facts.title.zh} {told.zh}", f"{facts.title.en}: {told.en}")
    return replace(theme, key=key, bounds=view.bounds, facts=replace(facts, title=whole))


def _theme(plan: GreenLinePlan, seen: gpd.GeoDataFrame, points: ControlPoints | None) -> Theme:
    return green_line_theme(
        replace(plan.lines, lines=seen),
        points,
        **_facts(plan),
        sources=source_names(plan.inputs, enclosed_roles(plan.city)),
    )


def _facts(plan: GreenLinePlan) -> dict[str, Any]:
    return {"city": plan.city.name, "date": plan.city.date, "report": plan.report}


def _of(points: ControlPoints, lines: gpd.GeoDataFrame) -> ControlPoints:
    """Return the points of some lines."""
    courses = points.courses[points.courses["line"].isin(lines["number"])]
    own = points.points[points.points["point"].isin(courses["point"])]
    return replace(points, courses=courses, points=own)


def _beside(plan: GreenLinePlan) -> Iterator[Theme]:
    """Give the sheets of old trees and of park zones, where the plan has them."""
    facts = _facts(plan)
    if plan.trees is not None and plan.tree_scheme is not None and len(plan.trees.trees):
        sources = source_names(plan.inputs, TREES)
        yield tree_theme(plan.trees, plan.tree_scheme, **facts, sources=sources)
    if plan.zoning is not None and len(plan.zoning.zones):
        yield zoning_theme(plan.zoning, **facts, sources=source_names(plan.inputs, ZONES))


def _findings(plan: GreenLinePlan) -> tuple[Theme, ...]:
    if plan.guard is None:
        return ()
    images = plan.city.images
    ends = {file.resolve() for image in (*images[:1], *images[-1:]) for file in image.files}
    home = plan.city.manifest.parent
    sources = [
        item for item in plan.inputs if item.role != "image" or (home / item.name).resolve() in ends
    ]
    return guard_themes(plan.guard, **_facts(plan), sources=sources)
