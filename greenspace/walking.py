"""Walking: what parks serve on foot, and how far each home is from one.

Question   What share of residential land, and which homes, have a park within a walk?
Enters     Parks, homes, paths and gates in any CRS.
Leaves     A Ratio or RatioTable, or the homes with their distances.
Elsewhere  The network and its gates: on_foot. In a straight line: api. A whole city: survey.
"""

from __future__ import annotations

from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from greenspace.errors import GeometryError, InputError
from greenspace.measure import walk_service
from greenspace.measure.nearest import nearest_parks
from greenspace.measure.service import reach_of
from greenspace.measure.walk_service import SNAP_M
from greenspace.model.crs import parse_crs
from greenspace.model.source import Finding
from greenspace.model.tiers import CHECK_UP, CHECK_UP_TIERS, require_tiers, tier_source
from greenspace.model.words import Text
from greenspace.on_foot import foot_findings, reach_on_foot, ready_ways, snap_source
from greenspace.prepare.blocks import disjoint_blocks
from greenspace.prepare.gates import EVERY_M
from greenspace.prepare.new_columns import require_free
from greenspace.prepare.park_points import ASK_THE_COMMAND, require_ground
from greenspace.prepare.ready import Ready, first_with_rows, length_findings, warn_of_changes
from greenspace.prepare.repair import as_frame, unplaced

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.definition import Tiers
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.on_foot import Ways
    from greenspace.prepare.repair import Layer

AREAL = 2  # dimensions
COLUMNS: Final = (
    "distance_m", "edge_distance_m", "park", "offset_m", "snapped", "straight_m"
)  # fmt: skip
OUTLINE_M = 25.0  # between points of a block's outline from which people may set out


def network_service_coverage(
    parks: Layer,
    residential: Layer,
    paths: Layer,
    *,
    tiers: Tiers | None = None,
    entrances: Layer | None = None,
    zones: Layer | None = None,
    crs: Any = None,
    snap_m: float = SNAP_M,
    every_m: float = EVERY_M,
    barriers: Layer | None = None,
) -> Ratio | RatioTable:
    """Measure the share of residential land that is served by parks on foot.

    ``area(residential ∩ straight-line service area ∩ ground along paths) / area(residential)``.
    The radius of each park is walked along the network, from its gates; to both sides of a path
    land is served as far as what is left of the radius, at most `snap_m`. Land within a park that
    has a radius is served by it. No standard that was
    read judges this number: it stands beside `service_coverage`, and never exceeds it.

    Parameters
    ----------
    parks
        Park polygons; the area of each row decides its tier.
    residential
        Residential land; overlaps count once.
    paths
        Lines of paths and streets, walked both ways. Classes that are not walked are left out
        and counted; docs/how_to/walking.md names them.
    tiers
        As in `service_coverage`.
    entrances
        Points where parks are entered, with a column ``park`` or beside their park. Parks
        without any are entered where paths cross their edge, else from their edge.
    zones
        Measure the residential land of each zone.
    crs
        Measuring CRS; default: that of `residential` where it may measure.
    snap_m
        How far off a path a gate, or land that is served, may lie. Without such a cap the answer
        would be the straight line again.
    every_m
        Distance of points on the edge of parks that no path crosses.
    barriers
        Polygons, such as water, that nobody crosses but by a path: land on the other bank is
        not served across them. Railways are no polygons here: the ways alone tell of them.

    Returns
    -------
    Ratio or RatioTable
        Halves in m2, values 0 to 1; without residential land there is no value, but a reason.

    Raises
    ------
    GeometryError
        No gate of any park lies within `snap_m` of a path, or as in `green_coverage`.
    InputError
        A tier is not a pair of positive numbers, or a distance is not positive.
    CrsError
        As in `green_coverage`.

    References
    ----------
    docs/explanation/reach.md.

    Examples
    --------
    The gate of a park of 5 000 m² opens on a street; homes lie along its first kilometre, 20 m
    deep. In a straight line and on foot the first 500 m are served: at 400 m there are 100 m left.

    >>> import geopandas as gpd
    >>> from shapely import LineString, Point, box
    >>> park = gpd.GeoSeries([box(-100, -25, 0, 25)], crs=6933)
    >>> homes = gpd.GeoSeries([box(0, 0, 1000, 20)], crs=6933)
    >>> street = gpd.GeoSeries([LineString([(0, 0), (1000, 0)])], crs=6933)
    >>> gate = gpd.GeoSeries([Point(0, 0)], crs=6933)
    >>> round(network_service_coverage(park, homes, street, entrances=gate).value, 3)
    0.499
    """
    snap_m, every_m = require_length(snap_m, "snap_m"), require_length(every_m, "every_m")
    require_ground(parks, ASK_THE_COMMAND)
    asked = None if crs is None else parse_crs(crs)
    steps = CHECK_UP_TIERS if tiers is None else require_tiers(tiers)
    rule = tier_source(steps, CHECK_UP if tiers is None else None)
    ready = Ready(asked, *first_with_rows((residential, "residential"), (parks, "parks")))
    homes, shared = disjoint_blocks(ready.layer(residential, "residential", overlaps=False))
    green = ready.layer(parks, "parks")
    ways, shifted, lines = ready_ways(
        ready, green, paths, entrances, snap_m=snap_m, every_m=every_m
    )
    water = None if barriers is None else ready.layer(barriers, "barriers", overlaps=False)
    reach = reach_on_foot(reach_of(green.geometry, homes.geometry, steps), ways, water)
    sources = (*ready.sources, *lines, rule, snap_source(snap_m))
    lengths = length_findings(ready.crs, homes)
    told = (*shared, *shifted, *lengths, *ways.findings, *foot_findings(reach, ways))
    if zones is None:
        warn_of_changes(ready.findings)
        ratio = walk_service.network_service_coverage(reach)
        return ratio.with_sources(*sources).with_findings(*ready.findings, *told)
    places = ready.zones(zones)
    warn_of_changes(ready.findings)
    table = walk_service.network_service_coverage_by_zone(reach, places)
    return table.on(zones, sources=sources, findings=(*ready.findings, *told))


def walking_distance(
    parks: Layer,
    homes: Layer,
    paths: Layer,
    *,
    entrances: Layer | None = None,
    crs: Any = None,
    snap_m: float = SNAP_M,
    every_m: float = EVERY_M,
) -> gpd.GeoDataFrame:
    """Return how far it is on foot from each home to the nearest park.

    The way leads from the home straight to the nearest path, along the network to a gate, and
    from there to the park; within a park there is none to go. Of a block the home is a point
    within it (``point_on_surface``).

    Parameters
    ----------
    parks
        Park polygons of any size.
    homes
        Points, or polygons of blocks, in any CRS.
    paths, entrances, every_m
        As in `network_service_coverage`.
    crs
        Measuring CRS; default: that of `parks` where it may measure.
    snap_m
        How far off a path a home or a gate may lie.

    Returns
    -------
    GeoDataFrame
        The homes as they were given, row by row, with

        - ``distance_m``: metres to walk; infinite where ways lead to no park, not a number where
          no path lies within `snap_m`; 0 within a park;
        - ``edge_distance_m``: for blocks, the least from points every 25 m of their outline;
        - ``park``: label of the park's row, ``None`` where no way leads to one;
        - ``offset_m``: from the home to its path, not a number where it has none;
        - ``snapped``: whether it has one;
        - ``straight_m``: to the nearest park in a straight line.

        What was noticed lies in ``.attrs["findings"]``, homes without a path among it.

    Raises
    ------
    GeometryError
        Homes are neither points nor polygons, no gate of any park lies within `snap_m` of a
        path, or as in `green_coverage`.
    ColumnError
        Homes have a column of one of these names: it would be lost.
    InputError
        A distance is not positive.
    CrsError
        As in `green_coverage`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point, box
    >>> park = gpd.GeoSeries([box(-100, -25, 0, 25)], crs=6933)
    >>> street = gpd.GeoSeries([LineString([(0, 0), (300, 0), (300, 400)])], crs=6933)
    >>> homes = gpd.GeoSeries([Point(310, 50), Point(0, 300)], crs=6933)
    >>> walking_distance(park, homes, street)[["distance_m", "straight_m"]].round().values.tolist()
    [[360.0, 311.0], [nan, 275.0]]
    """
    snap_m, every_m = require_length(snap_m, "snap_m"), require_length(every_m, "every_m")
    frame = as_frame(homes, "homes")
    require_free(frame, COLUMNS, "homes")
    require_ground(parks, ASK_THE_COMMAND)
    ready = Ready(None if crs is None else parse_crs(crs), *_base(parks, frame))
    green = ready.layer(parks, "parks")
    shapes, blocks = _placed(ready, frame)
    ways, shifted, _ = ready_ways(ready, green, paths, entrances, snap_m=snap_m, every_m=every_m)
    warn_of_changes(ready.findings)
    found = ways_of_homes(ways, shapes, blocks=blocks)
    columns = {str(name): found[name].set_axis(frame.index) for name in found}
    told = frame.assign(**columns)
    told.attrs["findings"] = (
        *ready.findings, *shifted, *ways.findings, *_lost_homes(told, snap_m)
    )  # fmt: skip
    return told


def _base(parks: Layer, homes: gpd.GeoDataFrame) -> tuple[Layer, str]:
    """Return the layer that decides the CRS: where there are no parks, the ground of the homes."""
    if len(as_frame(parks, "parks")) or not len(homes):
        return parks, "parks"
    around = shapely.buffer(shapely.box(*homes.total_bounds), 1e-3)
    return homes.iloc[:1].set_geometry([around], crs=homes.crs), "homes"


def _placed(ready: Ready, homes: gpd.GeoDataFrame) -> tuple[NDArray[Any], bool]:
    """Return the shape of each home in the measuring CRS, empty where it has none."""
    given = homes.geometry.to_numpy()
    kinds = shapely.get_dimensions(given)
    if (kinds == 0).any() and (kinds == AREAL).any():
        raise _mixed(homes, kinds)
    if not (kinds == 0).any():
        return ready.zones(homes, "homes").geometry.to_numpy(), True
    placed = ready.points(homes, "homes").geometry.to_numpy()
    shapes = np.full(len(homes), shapely.Point(), dtype=object)
    shapes[~(shapely.is_missing(given) | shapely.is_empty(given) | unplaced(given))] = placed
    return shapes, False


def _mixed(homes: gpd.GeoDataFrame, kinds: NDArray[np.int64]) -> GeometryError:
    points, blocks = int((kinds == 0).sum()), int((kinds == AREAL).sum())
    return GeometryError(
        f"homes 中既有点（{points} 个）又有面（{blocks} 个）。",
        f"homes holds points ({points}) and polygons ({blocks}).",
        remedy=Text(zh="请分两次量算。", en="Measure them one after the other."),
        layer="homes",
        rows=tuple(homes.index[kinds == 0]),
        expected="points, or polygons",
        found=("points", "polygons"),
    )


def ways_of_homes(ways: Ways, homes: NDArray[Any], *, blocks: bool = True) -> pd.DataFrame:
    """Return the new columns of `walking_distance`, of homes that are ready, to all parks of ways."""
    spots = shapely.point_on_surface(homes)
    walked, gate, offset = ways.walk_to(_xy(spots))
    on_path = ~np.isnan(offset)
    row = np.where(gate >= 0, ways.gates.park[gate], -1) if len(ways.gates.park) else gate
    straight, closest = nearest_parks(ways.ground, spots)
    inside = straight == 0.0
    row = np.where(inside, closest, row)
    park = np.full(len(homes), None, dtype=object)
    labels = np.fromiter(ways.parks, dtype=object, count=len(ways.parks))
    park[row >= 0] = labels[row[row >= 0]]
    found = pd.DataFrame(
        {
            "distance_m": np.where(inside, 0.0, np.where(on_path, walked, np.nan)),
            "park": pd.Series(park, dtype=object),
            "offset_m": offset,
            "snapped": on_path,
            "straight_m": straight,
        }
    )
    if blocks:
        found.insert(1, "edge_distance_m", _from_outline(ways, homes))
    return found


def _from_outline(ways: Ways, blocks: NDArray[Any]) -> NDArray[np.float64]:
    """Return the least way from points of each block's outline; nan where none has a path."""
    lines = shapely.segmentize(shapely.boundary(blocks), OUTLINE_M)
    xy, block = shapely.get_coordinates(lines, return_index=True)
    distance, _, offset = ways.walk_to(xy)
    distance = np.where(np.isnan(offset), np.nan, distance)
    distance[shapely.STRtree(ways.ground).query(shapely.points(xy), "intersects")[0]] = 0.0
    least = np.full(len(blocks), np.nan)
    np.fmin.at(least, block, distance)
    return least


def _xy(points: NDArray[Any]) -> NDArray[np.float64]:
    known = points.copy()
    known[shapely.is_empty(points)] = None
    return np.column_stack([shapely.get_x(known), shapely.get_y(known)])


def _lost_homes(homes: gpd.GeoDataFrame, snap_m: float) -> tuple[Finding, ...]:
    """Return the homes without a path, and those from which ways lead to no park."""
    astray = homes.index[np.isnan(homes["distance_m"].to_numpy())]
    cut_off = homes.index[np.isinf(homes["distance_m"].to_numpy())]
    found = []
    if len(astray):
        text = Text(
            zh=f"{len(astray)} 处住所 {snap_m:g} m 内没有步行路：没有步行距离，不计为 0。",
            en=f"Homes with no path within {snap_m:g} m: {len(astray)}. They have no walking"
            " distance; it is not 0.",
        )
        found.append(_about("homes_off_network", text, astray))
    if len(cut_off):
        text = Text(
            zh=f"{len(cut_off)} 处住所有步行路，但走不到任何公园（路网不连通）：距离为无穷大。",
            en=f"Homes whose paths lead to no park, the network being in pieces: {len(cut_off)}."
            " Their distance is infinite.",
        )
        found.append(_about("homes_cut_off", text, cut_off))
    return tuple(found)


def _about(code: str, text: Text, rows: pd.Index[Any]) -> Finding:
    return Finding(
        code=code,
        text=text,
        severity="warning",
        layer="homes",
        rows=tuple(rows),
        count=len(rows),
        indicators=(walk_service.INDICATOR,),
    )


def require_length(value: Any, name: str) -> float:
    """Return a length above 0, and refuse what is none.

    Examples
    --------
    >>> require_length(np.float32(50), "snap_m")
    50.0

    Raises
    ------
    InputError
        It is not.
    """
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not (number and isfinite(value) and value > 0):
        raise InputError(
            f"{name} 应为正的长度（米），而不是 {value!r}。",
            f"{name} should be a length in metres above 0, not {value!r}.",
            found=value,
        )
    return float(value)
