"""Three, thirty, three hundred: trees in view, canopy about the home, a park within 300 m.

Question   Which homes have three trees in view, 30 % canopy about them and a park near them?
Enters     Homes, trees, canopy, parks and neighbourhoods, in any CRS.
Leaves     Ratios by indicator, one for each part and one for all three; or the parts of each home.
Elsewhere  Other yardsticks: yardsticks. The rules and their marks: model/yardsticks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.counting import Counting
from greenspace.errors import ColumnError, InputError
from greenspace.measure.yardsticks import canopy_share, number_within
from greenspace.model import yardsticks as rules
from greenspace.model.quantity import Ratio
from greenspace.model.source import Source
from greenspace.model.words import Text
from greenspace.prepare.counted import are_points
from greenspace.prepare.neighbourhoods import (
    beyond_findings,
    large_findings,
    unplaced_findings,
)
from greenspace.prepare.ready import warn_of_changes
from greenspace.prepare.repair import as_frame
from greenspace.prepare.trees import single_trees

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.counted import Counted
    from greenspace.model.quantity import RatioTable
    from greenspace.model.source import Finding
    from greenspace.prepare.repair import Layer

COLUMNS = ("trees_in_view", "canopy_share", "park_within_300_m", "all_three")
NO_NEIGHBOURHOOD = Text(
    zh="没有一处住宅在所给的社区内。", en="No home lies in any of the neighbourhoods given."
)
QUAD_SEGMENTS = 64
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class _Parts:
    """What each home has; `canopy` is NaN where its neighbourhood is not known."""

    counting: Counting
    trees: NDArray[np.int64]
    canopy: NDArray[np.float64]
    park: NDArray[np.bool_]
    sources: tuple[Source, ...]
    noticed: Mapping[str, tuple[Finding, ...]]
    of_homes: tuple[Finding, ...]

    @property
    def enough_trees(self) -> NDArray[np.bool_]:
        return self.trees >= rules.LEAST_TREES

    @property
    def enough_canopy(self) -> NDArray[np.bool_]:
        return np.nan_to_num(self.canopy) >= rules.LEAST_CANOPY * (1.0 - ROUNDING)

    @property
    def known(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.canopy)

    @property
    def all_three(self) -> NDArray[np.bool_]:
        return self.enough_trees & self.enough_canopy & self.park

    def findings(self, rule: str) -> tuple[Finding, ...]:
        """Return what was noticed of a part, of all parts for all three."""
        own = (rule,) if rule in self.noticed else tuple(self.noticed)
        return (*self.of_homes, *(finding for part in own for finding in self.noticed[part]))

    def share(
        self, rule: str, met: NDArray[np.bool_], *, of_known: bool = False
    ) -> Ratio | RatioTable:
        """Return the share of the homes that meet a part, of those of known canopy if need be."""
        whole = self.counting.counted
        amount = np.where(self.known, whole.amount, 0.0) if of_known else whole.amount
        measured = self.counting.tell(
            rule,
            met.astype(float),
            *self.sources,
            findings=self.findings(rule),
            counted=replace(whole, amount=amount),
        )
        if isinstance(measured, Ratio) and whole.amount.any() and not amount.any():
            return replace(measured, undefined=NO_NEIGHBOURHOOD)
        return measured


def three_thirty_three_hundred(
    homes: Layer,
    trees: Layer,
    canopy: Layer,
    parks: Layer,
    *,
    view_m: float,
    neighbourhoods: Layer | None = None,
    neighbourhood_m: float | None = None,
    paths: Layer | None = None,
    entrances: Layer | None = None,
    population: Any = None,
    zones: Layer | None = None,
    crs: Any = None,
) -> dict[str, Ratio | RatioTable]:
    """Measure 3-30-300: each of its parts, and all three together, home by home.

    ``three_trees_in_view``, ``thirty_percent_canopy``, ``park_within_300_m`` and
    ``three_thirty_three_hundred``; without `population` their names end in ``_of_homes``.

    Parameters
    ----------
    homes
        Points, or polygons of buildings: each row is one home.
    trees
        Points, or polygons of single crowns. Each crown is one tree, also where a row has
        several; what is there twice counts once, and crowns of more than 1 000 m2 are told.
    canopy
        Polygons of tree canopy; overlaps count once.
    parks
        Parks; those of 1 ha or more count (a provisional number).
    view_m
        Trees no farther than this from the home stand for trees in view. No standard says how
        far; walls and hills are not looked at.
    neighbourhoods, neighbourhood_m
        One of the two: polygons, of which a home belongs to the first that holds it, or the
        radius about the home. Homes in no polygon are left out of canopy and of all three, and
        counted in a finding.
    paths, entrances
        As in `living_circles`: with paths the 300 m are walked.
    population
        The column of persons of `homes`.
    zones
        Measure the homes of each zone.
    crs
        Measuring CRS; default: that of `homes` where it may measure, of `parks` where homes are
        points.

    Returns
    -------
    dict of str to Ratio or RatioTable
        By indicator; values 0 to 1.

    Raises
    ------
    InputError
        A distance is not a positive number, or not exactly one kind of neighbourhood is given.
    ColumnError, CrsError, GeometryError
        As in `who_300`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> homes = gpd.GeoSeries([Point(0, 0), Point(500, 0)], crs=6933)
    >>> trees = gpd.GeoSeries([Point(5, 0), Point(9, 0), Point(0, 9), Point(500, 9)], crs=6933)
    >>> canopy = gpd.GeoSeries([box(-100, -100, 100, 0), box(400, 0, 600, 10)], crs=6933)
    >>> park = gpd.GeoSeries([box(-400, 0, -300, 100)], crs=6933)
    >>> found = three_thirty_three_hundred(homes, trees, canopy, park, view_m=20,
    ...     neighbourhood_m=100)
    >>> [ratio.value for ratio in found.values()]
    [0.5, 0.5, 0.5, 0.5]
    """
    parts = _parts(
        Counting(
            homes,
            population,
            zones,
            crs,
            beside=(parks, "parks"),
            one_each=True,
            paths=paths,
            entrances=entrances,
        ),
        (trees, canopy, parks),
        view_m,
        (neighbourhoods, neighbourhood_m),
    )
    warn_of_changes(parts.counting.ready.findings)
    found = (
        parts.share(rules.TREES, parts.enough_trees),
        parts.share(rules.CANOPY, parts.enough_canopy, of_known=True),
        parts.share(rules.PARK_300.indicator, parts.park),
        parts.share(rules.ALL_THREE, parts.all_three, of_known=True),
    )
    return {measured.indicator: measured for measured in found}


def three_thirty_three_hundred_by_home(
    homes: Layer,
    trees: Layer,
    canopy: Layer,
    parks: Layer,
    *,
    view_m: float,
    neighbourhoods: Layer | None = None,
    neighbourhood_m: float | None = None,
    paths: Layer | None = None,
    entrances: Layer | None = None,
    crs: Any = None,
) -> gpd.GeoDataFrame:
    """Return what each home has of 3-30-300, on the caller's rows.

    Parameters
    ----------
    homes, trees, canopy, parks, view_m, neighbourhoods, neighbourhood_m, paths, entrances, crs
        As in `three_thirty_three_hundred`.

    Returns
    -------
    GeoDataFrame
        The homes with ``trees_in_view`` (a number), ``canopy_share`` (0 to 1, NaN where the
        home lies in no neighbourhood), ``park_within_300_m`` and ``all_three`` (true, false, or
        missing where canopy is not known and would decide). Homes without a shape are left out.
        ``.attrs`` has ``findings`` and ``sources``.

    Raises
    ------
    ColumnError
        The homes have a column of such a name already.
    InputError, CrsError, GeometryError
        As in `three_thirty_three_hundred`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> homes = gpd.GeoSeries([Point(0, 0)], crs=6933)
    >>> lawn = gpd.GeoSeries([box(0, 0, 100, 100)], crs=6933)
    >>> found = three_thirty_three_hundred_by_home(homes, homes, lawn, lawn, view_m=20,
    ...     neighbourhoods=gpd.GeoSeries([box(-100, 0, 100, 100)], crs=6933))
    >>> found[["trees_in_view", "canopy_share", "all_three"]].values.tolist()
    [[1, 0.5, False]]
    """
    _require_free(homes)
    parts = _parts(
        Counting(
            homes,
            None,
            None,
            crs,
            beside=(parks, "parks"),
            one_each=True,
            paths=paths,
            entrances=entrances,
        ),
        (trees, canopy, parks),
        view_m,
        (neighbourhoods, neighbourhood_m),
    )
    warn_of_changes(parts.counting.ready.findings)
    told = as_frame(homes, "homes").iloc[parts.counting.counted.row].copy()
    decided = parts.known | ~(parts.enough_trees & parts.park)
    all_three = pd.arrays.BooleanArray(parts.all_three, ~decided)
    found = (parts.trees, parts.canopy, parts.park, all_three)
    told = told.assign(**dict(zip(COLUMNS, found, strict=True)))
    noticed = (*parts.counting.findings, *parts.findings(rules.ALL_THREE))
    told.attrs["findings"] = tuple(dict.fromkeys(noticed))
    told.attrs["sources"] = (*parts.counting.sources, *parts.sources)
    return told


def _parts(
    counting: Counting,
    layers: tuple[Layer, Layer, Layer],
    view_m: float,
    about: tuple[Layer | None, float | None],
) -> _Parts:
    trees, canopy, parks = layers
    view = _distance(view_m, "view_m")
    counted, ready = counting.counted, counting.ready
    rows = (
        ready.points(trees, "trees")
        if are_points(trees)
        else ready.layer(trees, "trees", overlaps=False)
    )
    each, of_trees = single_trees(rows)
    cover = ready.layer(canopy, "canopy", overlaps=False)
    places, where = _neighbourhoods(counting, counted, *about)
    spaces = counting.parks(parks, "parks")
    ways, told = counting.ways(spaces)
    reached = counting.reached(rules.PARK_300, spaces, ways)
    shares, held = np.full(len(counted.shapes), np.nan), where >= 0
    shares[held] = canopy_share(cover.geometry.to_numpy(), places)[where[held]]
    sources = (
        Source(role="rule", name=f">= 3 trees within {view:.12g} m", note=rules.VIEW_NOTE),
        Source(role="rule", name=f">= 30 % canopy, {_area_name(*about)}", note=rules.CANOPY_NOTE),
        *reached.sources,
    )
    return _Parts(
        counting,
        number_within(counted.shapes, each, view),
        shares,
        reached.share > 0,
        sources,
        {
            rules.TREES: of_trees,
            rules.CANOPY: (*unplaced_findings(~held), *beyond_findings(places[where[held]], cover)),
            rules.PARK_300.indicator: (*told, *reached.findings),
        },
        large_findings(counting.whole.shapes),
    )


def _require_free(homes: Layer) -> None:
    """Refuse homes with a column that the parts of each home would replace."""
    taken = [name for name in COLUMNS if name in as_frame(homes, "homes").columns]
    if taken:
        raise ColumnError(
            f"homes 已有字段 {'、'.join(taken)}，会被结果覆盖。",
            f"The homes have columns that the result would replace: {', '.join(taken)}.",
            remedy=Text(zh="请先改名。", en="Rename them first."),
            layer="homes",
            column=taken[0],
            found=tuple(taken),
        )


def _neighbourhoods(
    counting: Counting, counted: Counted, polygons: Layer | None, radius_m: float | None
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return neighbourhoods, and the position of each home's, -1 where it has none."""
    if (polygons is None) == (radius_m is None):
        raise InputError(
            "请给出 neighbourhoods 或 neighbourhood_m 之一。",
            "Give either neighbourhoods or neighbourhood_m.",
            remedy=Text(
                zh="neighbourhoods 为社区面图层，neighbourhood_m 为以住宅为中心的半径。",
                en="neighbourhoods is a layer of polygons, neighbourhood_m a radius about the home.",
            ),
            expected="one of the two",
        )
    if polygons is None:
        radius = _distance(radius_m, "neighbourhood_m")
        round_homes = shapely.buffer(counted.shapes, radius, quad_segs=QUAD_SEGMENTS)
        return round_homes, np.arange(len(counted.shapes))
    places = counting.ready.layer(polygons, "neighbourhoods").geometry.to_numpy()
    point, place = shapely.STRtree(places).query(
        shapely.point_on_surface(counted.shapes), predicate="intersects"
    )
    where = np.full(len(counted.shapes), len(places))
    np.minimum.at(where, point, place)
    return places, np.where(where == len(places), -1, where)


def _distance(value: object, name: str) -> float:
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not isfinite(value) or value <= 0:  # type: ignore[arg-type, operator]
        raise InputError(
            f"{name} 应为正数（米），而不是 {value!r}。",
            f"{name} should be a positive number of metres, not {value!r}.",
            found=value,
        )
    return float(value)  # type: ignore[arg-type]


def _area_name(polygons: Layer | None, radius_m: float | None) -> str:
    return f"within {radius_m:.12g} m of the home" if polygons is None else "neighbourhoods given"
