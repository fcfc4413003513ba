"""Sharing: who has how much park, and where most is missing.

Question   Is access shared alike, between groups and districts, and which places come off worst?
Enters     Places with a value and their residents, such as what `catchment_access` returned.
Leaves     A Fairness: Gini, Lorenz curve, groups or districts, and the worst places.
Elsewhere  The sums: measure/equity. The value itself: catchment, api, walking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.errors import ColumnError, InputError
from greenspace.measure.equity import gini, lorenz, mean_of_persons, shares_by_group
from greenspace.model.crs import parse_crs
from greenspace.model.fairness import Fairness
from greenspace.model.layers import overlap_area_m2
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.allocate import persons_of_zones
from greenspace.prepare.population import shared_ground_findings
from greenspace.prepare.ready import Ready, warn_of_changes
from greenspace.prepare.repair import as_frame, unplaced

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.prepare.repair import Layer

    Floats = NDArray[np.float64]
    Better = Literal["higher", "lower"]


def fairness(
    places: gpd.GeoDataFrame,
    *,
    value: str = "access",
    residents: str = "residents",
    group: str | Layer | None = None,
    better: Better = "higher",
    target: float | None = None,
    worst: int = 10,
    crs: Any = None,
) -> Fairness:
    """Ask how evenly a value is shared among residents, and where most is missing.

    Parameters
    ----------
    places
        Blocks or points with a value and residents, such as `gs.catchment_access` returns.
    value
        The column of what one resident of the place has: m² of park, a served share, or metres
        to the nearest park. Zero or more; infinite where no way leads to a park; missing where
        it is not known, which leaves the place out.
    residents
        The column of persons.
    group
        A column to compare by, such as a district or an income class; or a layer of districts,
        in which the middle of each place is looked for.
    better
        ``"lower"`` for distances.
    target
        What every resident should have; default: what one has on average. Needed where
        distances are infinite.
    worst
        How many of the worst places are listed.
    crs
        Measuring CRS, for means by area; default: that of `places` where it may measure.

    Returns
    -------
    Fairness
        ``gini``, ``mean`` beside ``mean_by_area``, ``persons_worse`` than the target,
        ``curve``, ``groups``, ``worst``.

    Raises
    ------
    ColumnError
        A column is missing or there twice, or holds negative numbers or no groups; residents are
        missing; values of which more is better are infinite.
    InputError
        There are no places; `better`, `target` or `worst` makes no sense; or distances are
        infinite without target.
    CrsError, GeometryError
        The places, or the districts, cannot be measured.

    References
    ----------
    docs/explanation/reach.md

    Examples
    --------
    >>> from shapely import box
    >>> blocks = gpd.GeoDataFrame({"access": [0.0, 12.0], "residents": [300, 100]}, crs=6933,
    ...     geometry=[box(0, 0, 100, 100), box(100, 0, 400, 100)])
    >>> found = fairness(blocks)
    >>> found.gini, found.mean, found.mean_by_area, found.worst["lacking_total"].tolist()
    (0.75, 3.0, 9.0, [900.0])
    """
    _require_words(better, target, worst)
    frame = as_frame(places, "places")
    if frame.empty:
        raise _no_places()
    persons = persons_of_zones(frame, residents, layer="places")
    values = _values(frame, value)
    if better == "higher" and np.isinf(values).any():
        raise _infinite(frame, value, values)
    known = ~np.isnan(values)
    if target is None and np.isinf(values[persons > 0]).any():
        raise _no_target(int(persons[np.isinf(values)].sum()))
    ready = Ready(None if crs is None else parse_crs(crs), *_base(frame))
    ground = _ground(frame, ready)
    seen = _Seen(values[known], persons[known], shapely.area(ground[known]))
    aim = seen.mean if target is None else float(target)
    asked, lack = known & (persons > 0), np.zeros(len(values))
    more, less = (aim, values) if better == "higher" else (values, aim)
    np.subtract(more, less, out=lack, where=asked)
    lack = np.maximum(lack, 0.0)
    shared = () if _dotted(frame) else shared_ground_findings(_on(ground, ready), "places")
    groups, outside = _groups(frame, ground, group, ready, (values, persons, lack > 0, known))
    warn_of_changes(ready.findings)
    return Fairness(
        value=value,
        persons=float(seen.persons.sum()),
        mean=seen.mean,
        mean_by_area=seen.mean_by_area,
        gini=gini(seen.values, seen.persons) if seen.finite else float("nan"),
        target=aim,
        persons_worse=float(persons[lack > 0].sum()),
        curve=lorenz(seen.values, seen.persons) if seen.finite else lorenz([]),
        groups=groups,
        worst=_worst(frame, lack, persons, worst),
        findings=(*ready.findings, *shared, *_unknown(frame, persons, known), *outside),
        sources=ready.sources,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """Places whose value is known."""

    values: Floats
    persons: Floats
    area: Floats

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.values[self.persons > 0]).all())

    @property
    def mean(self) -> float:
        return mean_of_persons(self.values, self.persons) if self.finite else float("nan")

    @property
    def mean_by_area(self) -> float:
        whole = bool(np.isfinite(self.values[self.area > 0]).all())
        return mean_of_persons(self.values, self.area) if whole else float("nan")


def _require_words(better: object, target: object, worst: object) -> None:
    number = isinstance(target, int | float | np.integer | np.floating) and not isinstance(
        target, bool
    )
    sound = {
        "better": better in ("higher", "lower"),
        "target": target is None or (number and np.isfinite(target) and target >= 0),  # type: ignore[call-overload, operator]
        "worst": isinstance(worst, int | np.integer) and not isinstance(worst, bool) and worst >= 0,
    }
    for name, given in (("better", better), ("target", target), ("worst", worst)):
        if not sound[name]:
            raise InputError(
                f"{name} 不能是 {given!r}。",
                f"{name} cannot be {given!r}.",
                remedy=Text(
                    zh='better 为 "higher" 或 "lower"；target 和 worst 不小于零。',
                    en='better is "higher" or "lower"; target and worst are zero or more.',
                ),
                found=given,
            )


def _no_places() -> InputError:
    return InputError(
        "places 没有任何行。",
        "The places have no rows.",
        remedy=Text(zh="请核对图层。", en="Check the layer."),
        layer="places",
        found=0,
    )


def _infinite(frame: gpd.GeoDataFrame, column: str, values: Floats) -> ColumnError:
    rows = np.isinf(values)
    return ColumnError(
        f'字段 {column} 有 {int(rows.sum())} 行为无穷，而 better 是 "higher"：没有人能有无穷多。',
        f"{int(rows.sum())} rows of the column {column} are infinite while more is better: nobody "
        "has infinitely much.",
        remedy=Text(zh='距离请用 better="lower"。', en='For distances, give better="lower".'),
        layer="places",
        column=column,
        rows=frame.index[rows],
    )


def _column(frame: gpd.GeoDataFrame, column: object) -> Any:
    """Return the only column of that name that is no geometry."""
    columns = [str(name) for name in frame.columns if frame[[name]].dtypes.iloc[0] != "geometry"]
    if not isinstance(column, str) or columns.count(column) != 1:
        shown = column if isinstance(column, str) else type(column).__name__
        raise ColumnError(
            f"没有唯一的字段 {shown!r}。",
            f"There is no single column {shown!r}.",
            remedy=Text(
                zh=f"现有字段：{'、'.join(columns)}。", en=f"There are: {', '.join(columns)}."
            ),
            layer="places",
            column=shown,
            found=tuple(columns),
        )
    return frame[column]


def _values(frame: gpd.GeoDataFrame, column: str) -> Floats:
    given = _column(frame, column)
    values: Floats = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = (values < 0) | (np.isnan(values) & given.notna().to_numpy())
    if bad.any():
        raise ColumnError(
            f"字段 {column} 有 {int(bad.sum())} 行为负或不是数字。",
            f"{int(bad.sum())} rows of the column {column} are negative or not a number.",
            remedy=Text(
                zh="请更正这些行；未知请留空。", en="Correct them; leave unknown ones empty."
            ),
            layer="places",
            column=column,
            rows=frame.index[bad],
            expected=">= 0",
        )
    return values


def _no_target(persons: int) -> InputError:
    return InputError(
        f"{persons:,} 人没有路可到公园（距离无穷），没有平均值可比。",
        f"No way leads {persons:,} persons to a park (their distance is infinite), so there is no "
        "mean to compare with.",
        remedy=Text(zh="请给出 target，例如 target=500。", en="Give one, such as target=500."),
        expected="target",
        found=persons,
    )


def _dotted(frame: gpd.GeoDataFrame) -> bool:
    return bool((frame.geom_type == "Point").any())


def _on(ground: NDArray[Any], ready: Ready) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=ground, crs=ready.crs)


def _base(frame: gpd.GeoDataFrame) -> tuple[Any, str]:
    """Return polygons that decide the measuring CRS: the places, or for points their extent."""
    bounds = frame[~unplaced(frame.geometry.to_numpy())].total_bounds
    if not _dotted(frame) or np.isnan(bounds).any():
        return frame, "places"
    extent = gpd.GeoSeries([shapely.box(*bounds).buffer(1e-6)], crs=frame.crs)
    return extent, "places"


def _ground(frame: gpd.GeoDataFrame, ready: Ready) -> NDArray[Any]:
    """Return the shapes of the places in the measuring CRS, one a row."""
    bare = frame[[frame.active_geometry_name]].assign(row=np.arange(len(frame)))
    ground = ready.points(bare, "places") if _dotted(frame) else ready.zones(bare, "places")
    shapes = np.full(len(frame), shapely.Point(), dtype=object)
    shapes[ground["row"].to_numpy()] = ground.geometry.to_numpy()
    return shapes


def _groups(
    frame: gpd.GeoDataFrame,
    ground: NDArray[Any],
    group: str | Layer | None,
    ready: Ready,
    columns: tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.bool_]],
) -> tuple[pd.DataFrame | None, tuple[Finding, ...]]:
    values, persons, worse, known = columns
    if group is None:
        return None, ()
    if not isinstance(group, gpd.GeoDataFrame | gpd.GeoSeries):
        names = _names(frame, group)
        return shares_by_group(values[known], persons[known], names[known], worse[known]), ()
    zones = ready.zones(group, "districts")
    tree = shapely.STRtree(zones.geometry.to_numpy())
    place, zone = tree.query(shapely.point_on_surface(ground), predicate="intersects")
    place_of_hit, order = place, np.lexsort((zone, place))
    place, first = np.unique(place[order], return_index=True)
    own = np.full(len(frame), -1)
    own[place] = zone[order][first]
    inside = known & (own >= 0)
    table = shares_by_group(values[inside], persons[inside], own[inside], worse[inside])
    table = table.reindex(np.arange(len(zones)))
    counts = ["places", "persons", "persons_worse"]
    table[counts] = table[counts].fillna(0)
    table.index = zones.index
    given = as_frame(group, "districts")
    kept = given.drop(columns=[name for name in table.columns if name in given.columns])
    whole = kept.assign(**{name: table[name].to_numpy() for name in table.columns})
    several = np.bincount(place_of_hit, minlength=len(frame)) > 1
    overlap = overlap_area_m2(zones.geometry)
    twice = _in_several(frame, persons, known & several, overlap) if overlap else ()
    return whole, (*_outside(frame, persons, known & (own < 0)), *twice)


def _names(frame: gpd.GeoDataFrame, group: object) -> NDArray[Any]:
    """Return the group of each place: words, numbers or nothing."""
    names = _column(frame, group)
    wrong = ~names.map(pd.api.types.is_scalar).to_numpy(dtype=bool)
    if wrong.any():
        raise ColumnError(
            f"字段 {group} 有 {int(wrong.sum())} 行不是文字或数字，不能分组。",
            f"{int(wrong.sum())} rows of the column {group} are no words or numbers to group by.",
            remedy=Text(zh="请换一个字段。", en="Choose another column."),
            layer="places",
            column=str(group),
            rows=frame.index[wrong],
        )
    return np.asarray(names, dtype=object)


def _in_several(
    frame: gpd.GeoDataFrame, persons: Floats, rows: NDArray[np.bool_], overlap: float
) -> tuple[Finding, ...]:
    text = Text(
        zh=f"各区相互重叠 {overlap:,.2f} 平方米：{int(rows.sum())} 处（{persons[rows].sum():,.0f} 人）"
        "同在几个区内，只计入第一个。",
        en=f"Districts overlap by {overlap:,.2f} m²: {int(rows.sum())} places with "
        f"{persons[rows].sum():,.0f} persons lie in several and count in the first alone.",
    )
    return (_told("districts_overlap", text, frame, rows),)


def _outside(
    frame: gpd.GeoDataFrame, persons: Floats, rows: NDArray[np.bool_]
) -> tuple[Finding, ...]:
    if not rows.any():
        return ()
    text = Text(
        zh=f"{int(rows.sum())} 处（{persons[rows].sum():,.0f} 人）不在任何一个区内，各区之和少于全部。",
        en=f"Places in no district: {int(rows.sum())}, with {persons[rows].sum():,.0f} persons; "
        "the districts hold less than all.",
    )
    return (_told("outside_districts", text, frame, rows),)


def _unknown(
    frame: gpd.GeoDataFrame, persons: Floats, known: NDArray[np.bool_]
) -> tuple[Finding, ...]:
    rows = ~known & (persons > 0)
    if not rows.any():
        return ()
    text = Text(
        zh=f"{int(rows.sum())} 处（{persons[rows].sum():,.0f} 人）数值未知，未计入。",
        en=f"Places whose value is not known, left out: {int(rows.sum())}, with "
        f"{persons[rows].sum():,.0f} persons.",
    )
    return (_told("value_unknown", text, frame, rows),)


def _told(code: str, text: Text, frame: gpd.GeoDataFrame, rows: NDArray[np.bool_]) -> Finding:
    return Finding(
        code=code,
        text=text,
        severity="warning",
        layer="places",
        rows=tuple(frame.index[rows]),
        count=int(np.count_nonzero(rows)),
    )


def _worst(frame: gpd.GeoDataFrame, lack: Floats, persons: Floats, count: int) -> gpd.GeoDataFrame:
    total = lack * persons
    order = np.lexsort((-persons, -total))
    rows = order[total[order] > 0][:count]
    return frame.iloc[rows].assign(lacking=lack[rows], lacking_total=total[rows])
