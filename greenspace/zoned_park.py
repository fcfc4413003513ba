"""Park zoning: a protected area cut into zones, held against its boundary and a scheme.

Question   Do the zones cover the boundary exactly, and does each have the share it must have?
Enters     Zones and boundary in any CRS, and a zoning scheme.
Leaves     Zoning: zones, tests with their places, area tables, and what was noticed.
Elsewhere  The geometry: delimit/zoning. Names of zones: zoning_rows. Tables: zoning_tables.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.delimit.zoning import NOISE_WIDTH_M, buffered, cover, united, within
from greenspace.errors import ColumnError, GeometryError, InputError
from greenspace.model.crs import parse_crs
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.model.zoning import Zoning
from greenspace.prepare.ready import Ready
from greenspace.prepare.repair import as_frame
from greenspace.read.zonings import read_zoning
from greenspace.zoning_held import Covered, Held
from greenspace.zoning_rows import zoning_rows
from greenspace.zoning_tables import zoning_ledgers
from greenspace.zoning_tests import MOST_NAMED, zoning_checks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenspace.delimit.zoning import Buffered
    from greenspace.model.city import City
    from greenspace.prepare.repair import Layer
    from greenspace.zoning_rows import ZoningRows

DEFAULT_SCHEME = "GB-T-39736-2020"
ZONES, BOUNDARY = "park_zones", "park_boundary"


def park_zoning(
    zones: Layer,
    boundary: Layer,
    *,
    scheme: Any = DEFAULT_SCHEME,
    crs: Any = None,
    buffer_m: float | None = None,
    noise_width_m: float = NOISE_WIDTH_M,
) -> Zoning:
    """Hold the zones of a protected area against its boundary and a zoning scheme.

    Tested are: names known to the scheme; no gap, no overlap, nothing beyond the boundary, each
    with area and place; every function zone in one control area; shares that add up to 1
    (within 1e-6) and keep the scheme's rules; and, where asked for, a buffer around the core.
    A share is the ground of a kind within the boundary, counted once, over the boundary. Where
    gaps, overlaps, unknown names or a seasonal core could decide a rule either way, it is not
    decided, and the text says why.

    Parameters
    ----------
    zones
        Polygons with a column ``zone``: names or ids of the scheme; where known ``level`` (the
        control area of a function zone), ``name``, and ``season`` (of a core of one season).
        Control areas and function zones may be one cut, or two that lie over each other.
    boundary
        Polygons of the whole.
    scheme
        ``"GB-T-39736-2020"``, ``"LY-T-2933-2018"``, or the path of a ``.toml`` of one's own.
    crs
        The CRS to measure in. ``None``: that of the boundary where it can measure.
    buffer_m
        The least distance of the core from ground beyond the boundary. No standard that was read
        gives one: it is the user's own.
    noise_width_m
        Ground of gaps and overlaps where no disc of this width fits is rounding of coordinates; it
        is added up and told.

    Raises
    ------
    CrsError, GeometryError, ColumnError
        Layers are no polygons, have no CRS, lie apart, or zones have no column ``zone``.
    DefinitionError
        The scheme is unknown or badly formed.
    InputError
        A width is none.

    Examples
    --------
    Core of 60 ha in a park of 100 ha; a strip of 10 m by 1 000 m is in no zone.

    >>> from shapely import box
    >>> park = gpd.GeoSeries([box(0, 0, 1000, 1000)], crs=6933)
    >>> zones = gpd.GeoDataFrame(
    ...     {"zone": ["核心保护区", "一般控制区"]},
    ...     geometry=[box(0, 0, 600, 1000), box(610, 0, 1000, 1000)],
    ...     crs=6933,
    ... )
    >>> found = park_zoning(zones, park)
    >>> {test.id: (test.passed, test.area_m2) for test in found.checks if test.id == "no_gap"}
    {'no_gap': (False, 10000.0)}
    """
    told = read_zoning(scheme)
    _require_widths(buffer_m, noise_width_m)
    _require_zone(zones)
    ready = Ready(None if crs is None else parse_crs(crs), boundary, BOUNDARY)
    whole = ready.dissolved(boundary, BOUNDARY)
    frame = ready.layer(zones, ZONES, overlaps=False)
    if not len(frame) or not shapely.intersects(shapely.union_all(frame.geometry), whole):
        raise GeometryError(
            "分区没有面，或全部位于边界之外。",
            "There are no zones, or all of them lie outside the boundary.",
            remedy=Text(zh="请核对两个图层和坐标系。", en="Check both layers and their CRS."),
            layer=ZONES,
        )
    rows = zoning_rows(frame, told)
    held = Held(
        rows=rows,
        whole=whole,
        covered=_covered(rows, whole, noise_width_m),
        buffered=None if buffer_m is None else buffered(whole, _core(rows), buffer_m),
        buffer_m=buffer_m,
        noise_width_m=noise_width_m,
    )
    held = replace(held, maybe=_maybe_core(held))
    findings = (*ready.findings, *_moved(zones, boundary), *_remarks(held))
    return Zoning(
        zones=_zones(rows),
        boundary=gpd.GeoSeries([whole], crs=ready.crs),
        scheme=told.name,
        checks=zoning_checks(held),
        ledgers=zoning_ledgers(held),
        findings=tuple(dict.fromkeys(findings)),
    )


def park_zoning_of(city: City, crs: Any = None) -> Zoning | None:
    """Return the zoning of a city's park; ``None`` where it has not both layers."""
    zones, boundary = city.layers.get(ZONES), city.layers.get(BOUNDARY)
    if zones is None or boundary is None:
        return None
    asked = city.tables.get("zoning", {})
    return park_zoning(
        zones,
        boundary,
        scheme=asked.get("scheme", DEFAULT_SCHEME),
        crs=city.crs if crs is None else crs,
        buffer_m=asked.get("buffer_m"),
    )


def _require_widths(buffer_m: float | None, noise_width_m: float) -> None:
    for name, value in (("buffer_m", buffer_m), ("noise_width_m", noise_width_m)):
        if value is None:
            continue
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        if not (number and math.isfinite(value) and value >= 0):
            raise InputError(
                f"{name} 应为不小于 0 的数（米），而不是 {value!r}。",
                f"{name} should be a number of metres, 0 or more, not {value!r}.",
                expected="metres of 0 or more",
                found=value,
            )


def _require_zone(zones: Layer) -> None:
    columns = as_frame(zones, ZONES).columns
    if "zone" in columns:
        return
    own = ", ".join(str(name) for name in columns)
    raise ColumnError(
        f"分区图层没有 zone 字段；现有字段：{own}。",
        f"The layer of zones has no column zone. It has {own}.",
        remedy=Text(
            zh='请改名，例如 rename(columns={"功能区": "zone"})，或在清单 columns 中指定。',
            en='Rename yours, e.g. rename(columns={"ZONE": "zone"}), or map it in the manifest.',
        ),
        layer=ZONES,
        column="zone",
        found=tuple(map(str, columns)),
    )


def _core(rows: ZoningRows) -> Any:
    core = {kind.id for kind in rows.scheme.of_level(1) if kind.core}
    own = np.array([level in core for level in rows.level], dtype=bool)
    return united(rows.shapes[own & rows.areas])


def _maybe_core(held: Held) -> Buffered | None:
    shapes = [*held.rows.shapes[held.lost(1)], *held.gaps(1)]
    if held.buffer_m is None or not shapes:
        return None
    return buffered(held.whole, united(np.array(shapes, dtype=object)), held.buffer_m)


def _covered(rows: ZoningRows, whole: Any, noise_width_m: float) -> tuple[Covered, ...]:
    """Return how each cut covers its ground: function zones of a second cut their control areas."""
    areas = np.flatnonzero(rows.areas)
    first = Covered(rows=areas, cover=cover(whole, rows.shapes[areas], noise_width_m))
    if not rows.nested:
        return (first,)
    above = np.flatnonzero(rows.upper)
    divided = {rows.level[row] for row in above}
    own = areas[~rows.functions[areas]]
    below = [rows.shapes[row] for row in own if rows.level[row] in divided]
    ground = within(shapely.union_all(below), whole)
    second = cover(ground, rows.shapes[above], noise_width_m)
    return first, Covered(rows=above, cover=second, functions=True)


def _zones(rows: ZoningRows) -> gpd.GeoDataFrame:
    frame, kinds = rows.frame, rows.kinds
    words = [word or "?" for word in rows.words]
    return gpd.GeoDataFrame(
        {
            "zone": ["" if kind is None else kind.id for kind in kinds],
            "level": rows.level,
            "title": [
                Text(word, word) if kind is None else kind.name
                for kind, word in zip(kinds, words, strict=True)
            ],
            "name": rows.name,
            "season": rows.season,
            "tier": [0 if kind is None else kind.level for kind in kinds],
            "seasonal": rows.seasonal,
            "area_m2": frame.area.to_numpy(),
        },
        index=frame.index,
        geometry=frame.geometry,
        crs=frame.crs,
    )


def _moved(zones: Layer, boundary: Layer) -> Iterator[Finding]:
    if zones.crs == boundary.crs:
        return
    yield Finding(
        code="zones_in_other_crs",
        text=Text(
            zh=f"分区（{zones.crs.name}）与边界（{boundary.crs.name}）坐标系不同，投影后的公共边可能相差"
            "几毫米以上；缝隙和重叠请在同一坐标系中核对。",
            en=f"Zones ({zones.crs.name}) and boundary ({boundary.crs.name}) are in different CRS: "
            "edges that they share may come apart by millimetres or more. Look at gaps and overlaps "
            "in one CRS.",
        ),
        severity="note",
        layer=ZONES,
    )


def _remarks(held: Held) -> Iterator[Finding]:
    rows = held.rows
    for part in held.covered:
        if part.cover.noise_count:
            width = held.noise_width_m * 1000
            yield Finding(
                code="zoning_noise",
                text=Text(
                    zh=f"{part.cover.noise_count} 处宽不超过 {width:g} 毫米的缝隙、重叠或越界按坐标取舍处理，"
                    f"合计 {part.cover.noise_m2:.6f} 平方米。",
                    en=f"Gaps, overlaps and excesses no wider than {width:g} mm, taken as rounding: "
                    f"{part.cover.noise_count}, {part.cover.noise_m2:.6f} m² in all.",
                ),
                severity="note",
                layer=ZONES,
                count=part.cover.noise_count,
                area_m2=part.cover.noise_m2,
            )
    if rows.seasonal.any():
        said = sorted(
            {season for season, own in zip(rows.season, rows.seasonal, strict=True) if own}
        )
        words = "、".join(said[:MOST_NAMED]) + ("…" if len(said) > MOST_NAMED else "")
        yield Finding(
            code="core_of_a_season",
            text=Text(
                zh=f"{int(rows.seasonal.sum())} 行核心区按 season（{words}）视为只在该季节是核心区。",
                en=f"Rows taken as core in a season only, by their season ({words}): "
                f"{int(rows.seasonal.sum())}.",
            ),
            severity="note",
            layer=ZONES,
            rows=tuple(rows.frame.index[rows.seasonal]),
            count=int(rows.seasonal.sum()),
        )
    idle = np.array([bool(season) for season in rows.season], dtype=bool) & ~rows.seasonal
    if idle.any():
        yield Finding(
            code="season_not_core",
            text=Text(
                zh=f"{int(idle.sum())} 行填了 season 但不在核心保护区，未使用。",
                en=f"Rows with a season that are no core, where it is not used: {int(idle.sum())}.",
            ),
            severity="warning",
            layer=ZONES,
            rows=tuple(rows.frame.index[idle]),
            count=int(idle.sum()),
        )
