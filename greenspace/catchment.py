"""Catchment: how much park a person in each place has, shared with all who reach the same parks.

Question   How many m² of park a person does each place have within a radius?
Enters     Parks, places with their population, and perhaps paths, in any CRS.
Leaves     The places with access, residents and parks reached; findings in ``attrs``.
Elsewhere  The sums: measure/access. Who lives where: residents. Who has how much of it: sharing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.errors import InputError
from greenspace.measure import access
from greenspace.measure.access import BETA, STEPS, kernel_weights
from greenspace.measure.walk_service import SNAP_M
from greenspace.model.crs import parse_crs
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.on_foot import ready_ways
from greenspace.prepare.allocate import persons_of_zones
from greenspace.prepare.gates import EVERY_M
from greenspace.prepare.overlaps import settle_overlaps
from greenspace.prepare.park_points import require_ground
from greenspace.prepare.population import shared_ground_findings
from greenspace.prepare.ready import Ready, length_findings, warn_of_changes
from greenspace.prepare.repair import as_frame
from greenspace.residents import names_column, residents_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.on_foot import Ways
    from greenspace.prepare.repair import Layer

    Floats = NDArray[np.float64]
    Pairs = tuple[NDArray[np.int64], NDArray[np.int64], Floats]

ROW = "greenspace row"


def catchment_access(
    parks: Layer,
    demand: Layer,
    *,
    population: Any,
    radius_m: float,
    method: str = "gaussian",
    steps: tuple[tuple[float, float], ...] = STEPS,
    beta: float = BETA,
    paths: Layer | None = None,
    entrances: Layer | None = None,
    snap_m: float = SNAP_M,
    every_m: float = EVERY_M,
    crs: Any = None,
) -> gpd.GeoDataFrame:
    """Measure the park area a person of each place, by floating catchments (两步移动搜寻法).

    Each park's m² are shared among the residents within its radius, weighted by distance; each
    place adds up what the parks within the radius give one of its persons. All that reached
    parks have is handed out: ``Σ access · residents = Σ area``, which is held on every call.

    Parameters
    ----------
    parks
        Park polygons; ground that two of them share belongs to the smaller one.
    demand
        Where people live: points, or blocks, of which a point within is meant
        (``point_on_surface``). Distances run to it from the edge of the park, in a straight
        line where no paths are given.
    population
        The name of a column of `demand`; for blocks also a layer of points or zones with a
        column ``population``, or a raster of persons a pixel.
    radius_m
        How far people go to a park.
    method
        How weight falls with distance: ``"2sfca"`` not at all, ``"e2sfca"`` in `steps`,
        ``"gaussian"``, ``"density"``, ``"power"`` with `beta`, ``"exponential"``. It is 0
        beyond the radius for all.
    steps
        Of ``"e2sfca"``: pairs of a share of the radius and the weight up to there.
    beta
        Of ``"power"``: the exponent, below 0.
    paths, entrances, snap_m, every_m
        To measure distances on foot, as in `network_service_coverage`.
    crs
        Measuring CRS; default: that of the blocks, else of the parks, where it may measure.

    Returns
    -------
    GeoDataFrame
        The rows of `demand` with ``access`` (m² a person), ``residents`` and
        ``parks_reached`` (those whose weight here is above 0), which replace columns of the same
        name. Access is 0 where no park is in reach, and NaN where a reached park has nobody in
        its catchment or the row has no shape. ``attrs["findings"]`` and ``attrs["sources"]`` say more.

    Raises
    ------
    ColumnError
        A number of residents is missing, negative or not a number.
    InputError
        The radius or method makes no catchment, or the population is no such thing.
    CrsError, GeometryError, RasterError
        A layer or raster cannot be measured, demand has no rows, or paths lead to no park.

    References
    ----------
    Luo and Wang 2003, doi:10.1068/b29120; Dai 2010, doi:10.1016/j.healthplace.2010.06.012.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> park = gpd.GeoSeries([box(0, 0, 100, 100)], crs=6933)
    >>> homes = gpd.GeoDataFrame({"P": [30, 20, 9]}, crs=6933,
    ...     geometry=[Point(150, 50), Point(200, 50), Point(900, 50)])
    >>> found = catchment_access(park, homes, population="P", radius_m=200, method="2sfca")
    >>> found["access"].tolist()
    [200.0, 200.0, 0.0]
    """
    kernel_weights(np.zeros(0), radius_m, method, steps=steps, beta=beta)  # refused before reading
    require_ground(parks)
    given = as_frame(demand, "demand")
    if _dotted(given) and not names_column(population, given):
        raise _no_blocks()
    ready = Ready(None if crs is None else parse_crs(crs), *_base(given, parks))
    placed = _places(given, ready)
    rows, places = placed[ROW].to_numpy(), placed.drop(columns=ROW)
    green = ready.layer(parks, "parks")
    persons = residents_of(places, population, ready, layer="demand")
    points = shapely.point_on_surface(places.geometry.to_numpy())
    off = np.zeros(len(points), dtype=bool)
    noticed: tuple[Finding, ...] = ()
    if paths is None:
        park, place, distance_m = _straight(green.geometry.to_numpy(), points, radius_m)
    else:
        ways, shifted, lines = ready_ways(
            ready, green, paths, entrances, snap_m=snap_m, every_m=every_m
        )
        park, place, distance_m, found_path = _on_foot(ways, points, radius_m)
        noticed = (*shifted, *ways.findings, *_astray_findings(places, ~found_path, snap_m))
        off = ~found_path
        ready.add_source(*lines)
    warn_of_changes(ready.findings)
    weight = kernel_weights(distance_m, radius_m, method, steps=steps, beta=beta)
    supply = shapely.area(settle_overlaps(green).geometry.to_numpy())
    found = access.catchment_access(park, place, weight, supply=supply, population=persons.persons)
    reached = np.bincount(place[weight > 0], minlength=len(places))
    per_person = np.where(off | shapely.is_empty(points), np.nan, found.per_person)
    everybody = persons.persons
    if len(rows) < len(given):  # points without a place: they keep their persons
        everybody = persons_of_zones(given, population, layer="demand")
    result = given.copy()
    result["access"] = _in_rows(per_person, rows, np.full(len(given), np.nan))
    result["residents"] = everybody
    result["parks_reached"] = _in_rows(reached, rows, np.zeros(len(given), dtype=reached.dtype))
    result.attrs["findings"] = (
        *ready.findings,
        *persons.findings,
        *noticed,
        *length_findings(ready.crs, green),
        *shared_ground_findings(places, "demand"),
        *_idle_findings(green, found.idle, supply),
        *_reach_findings(places, per_person, persons.persons, reached, off),
    )
    result.attrs["sources"] = ready.sources
    return result


def _dotted(demand: gpd.GeoDataFrame) -> bool:
    return bool((demand.geom_type == "Point").any())


def _no_blocks() -> InputError:
    return InputError(
        "demand 是点，人口只能取自它的字段。",
        "The demand is points, so the population can only be one of its columns.",
        remedy=Text(
            zh="请给字段名；图层或栅格的人口请摊到地块（面）上。",
            en="Name a column; give blocks where a layer or raster counts the people.",
        ),
        layer="demand",
        expected="a column name",
    )


def _base(demand: gpd.GeoDataFrame, parks: Layer) -> tuple[Layer, str]:
    return (parks, "parks") if _dotted(demand) else (demand, "demand")


def _places(demand: gpd.GeoDataFrame, ready: Ready) -> gpd.GeoDataFrame:
    numbered = demand.assign(**{ROW: np.arange(len(demand))})
    if _dotted(demand):
        return ready.points(numbered, "demand")
    return ready.zones(numbered, "demand")


def _in_rows(values: NDArray[Any], rows: NDArray[np.int64], filled: NDArray[Any]) -> NDArray[Any]:
    filled[rows] = values
    return filled


def _straight(parks: NDArray[Any], points: NDArray[Any], radius_m: float) -> Pairs:
    point, park = shapely.STRtree(parks).query(points, predicate="dwithin", distance=radius_m)
    return park, point, shapely.distance(parks[park], points[point])


def _on_foot(
    ways: Ways, points: NDArray[Any], radius_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, NDArray[np.bool_]]:
    """Return pairs of park and point by the way from the park, and which points have a path."""
    known = points.copy()
    known[shapely.is_empty(points)] = None
    xy = np.column_stack([shapely.get_x(known), shapely.get_y(known)])
    (park, point, distance_m), on_path = ways.pairs_with(xy, radius_m)
    inside, here = shapely.STRtree(ways.ground).query(points, predicate="intersects")
    on_path[inside] = True  # within a park there is no way to go
    park, point = np.append(here, park), np.append(inside, point)
    pair, first = np.unique(np.stack([park, point]), axis=1, return_index=True)
    distance_m = np.append(np.zeros(len(here)), distance_m)[first]
    return pair[0], pair[1], distance_m, on_path


def _astray_findings(
    places: gpd.GeoDataFrame, rows: NDArray[np.bool_], snap_m: float
) -> tuple[Finding, ...]:
    if not rows.any():
        return ()
    text = Text(
        zh=f"{int(rows.sum())} 处 {snap_m:g} m 内没有步行路：人均无定义，其居民不参与分配。",
        en=f"Places with no path within {snap_m:g} m: {int(rows.sum())}. Their access is undefined, "
        "and their residents share no park.",
    )
    return (_told("homes_off_network", text, places, rows),)


def _idle_findings(
    parks: gpd.GeoDataFrame, idle: NDArray[np.int64], supply: Floats
) -> tuple[Finding, ...]:
    if not len(idle):
        return ()
    area = float(supply[idle].sum())
    text = Text(
        zh=f"{len(idle)} 个公园（{area:,.0f} 平方米）半径内无人居住，未分给任何人。",
        en=f"Parks with nobody in their catchment: {len(idle)}, with {area:,.0f} m² that nobody "
        "is given.",
    )
    finding = Finding(
        code="parks_without_people",
        text=text,
        layer="parks",
        rows=tuple(parks.index[idle]),
        count=len(idle),
        area_m2=area,
    )
    return (finding,)


def _reach_findings(
    places: gpd.GeoDataFrame,
    per_person: Floats,
    persons: Floats,
    reached: NDArray[np.int64],
    off: NDArray[np.bool_],
) -> tuple[Finding, ...]:
    findings = []
    far = (reached == 0) & (persons > 0) & ~np.isnan(per_person)
    if far.any():
        text = Text(
            zh=f"{int(far.sum())} 处（{persons[far].sum():,.0f} 人）半径内没有公园，人均为 0。",
            en=f"Places without a park in reach, whose access is 0: {int(far.sum())}, with "
            f"{persons[far].sum():,.0f} persons.",
        )
        findings.append(_told("no_park_in_reach", text, places, far))
    unknown = np.isnan(per_person) & ~off  # those are told already
    if unknown.any():
        text = Text(
            zh=f"{int(unknown.sum())} 处的人均公园面积无定义：没有图形，或可达的公园半径内无人居住。",
            en=f"Places whose access is undefined, as they have no shape or reach a park with nobody "
            f"in its catchment: {int(unknown.sum())}.",
        )
        findings.append(_told("access_undefined", text, places, unknown))
    return tuple(findings)


def _told(code: str, text: Text, places: gpd.GeoDataFrame, rows: NDArray[np.bool_]) -> Finding:
    return Finding(
        code=code,
        text=text,
        layer="demand",
        rows=tuple(places.index[rows]),
        count=int(np.count_nonzero(rows)),
    )
