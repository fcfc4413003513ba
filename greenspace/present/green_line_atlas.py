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

import numpy as np
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
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.control_points import ControlPoints
    from greenspace.model.green_line_plan import By, GreenLinePlan
    from greenspace.model.words import Language
    from greenspace.present.theme import Theme

MARGIN: Final = 0.08  # of the longer side, around what a page shows
LEAST_MARGIN_M: Final = 10.0
TREES: Final = ("old_trees", "construction", "road_widening")
ZONES: Final = ("park_zones", "park_boundary")
BY_PLACE: Final = Text(
    "每条绿线整条计入其内部代表点所在的区，各区相加即全市",
    "each line counts whole, in the district that a point inside it lies in: pages add up to the city",
)
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
        for row, (number, name) in enumerate(zip(lines["number"], lines["name"], strict=True)):
            title, own = f"{number} {clean(name)}".strip(), lines.iloc[[row]]
            yield _page(plan, title, own, own.total_bounds, key=str(number))
        return
    districts = _districts(plan)
    home = _homes(lines, districts.geometry.to_numpy())
    for place, (name, shape) in enumerate(zip(districts["name"], districts.geometry, strict=True)):
        own = lines[home == place]
        if len(own):
            key = f"district_{place + 1:02d}"
            yield _page(plan, clean(name), own, shape.bounds, key=key, remark=BY_PLACE)
    rest = lines[home < 0]
    if len(rest):
        yield _page(plan, OUTSIDE, rest, rest.total_bounds, key="outside", remark=BY_PLACE)


def _homes(lines: gpd.GeoDataFrame, districts: NDArray[Any]) -> NDArray[np.int64]:
    """Return the first district that a point inside each line lies in, -1 where there is none."""
    home = np.full(len(lines), -1)
    inside = shapely.point_on_surface(lines.geometry.to_numpy())
    line, place = shapely.STRtree(districts).query(inside, predicate="intersects")
    order = np.argsort(-place, kind="stable")
    home[line[order]] = place[order]
    return home


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


def _page(
    plan: GreenLinePlan,
    title: str | Text,
    own: gpd.GeoDataFrame,
    bounds: Iterable[float],
    *,
    key: str,
    remark: Text | None = None,
) -> Theme:
    """Return the plan around some ground: its own lines with their points, the others in grey."""
    west, south, east, north = map(float, bounds)
    more = max(MARGIN * max(east - west, north - south), LEAST_MARGIN_M)
    spread = shapely.box(west - more, south - more, east + more, north + more)
    view = shapely.union(spread, shapely.box(*own.total_bounds)).bounds
    others = plan.lines.lines.drop(own.index).geometry.to_numpy()
    beside = others[shapely.intersects(others, shapely.box(*view))]
    theme = _theme(plan, own, _of(plan.points, own), beside)
    told = title if isinstance(title, Text) else Text(title, title)
    facts = theme.facts
    whole = Text(f"{facts.title.zh} {told.zh}", f"{facts.title.en}: {told.en}")
    remarks = facts.remarks if remark is None else (*facts.remarks, remark)
    facts = replace(facts, title=whole, remarks=remarks)
    return replace(theme, key=key, bounds=view, facts=facts)


def _theme(
    plan: GreenLinePlan,
    seen: gpd.GeoDataFrame,
    points: ControlPoints | None,
    beside: NDArray[Any] | None = None,
) -> Theme:
    return green_line_theme(
        replace(plan.lines, lines=seen),
        points,
        beside=beside,
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
