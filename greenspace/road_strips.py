"""Road strips: the footways and cycle paths on each side of each road, and their shade.

Question   Which pieces of footway run along which side of which road, and how far under crowns?
Enters     City roads, footways as lines or polygons, and crowns of trees.
Leaves     One row a piece, the footways of no road, and roads with too little on a side.
Elsewhere  Geometry: measure/bands. Judging roads by their strips: measure/shade, road_measures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.measure.bands import Bands, bands_beside, crossings, held_elsewhere, run_along
from greenspace.measure.beside import follow, in_crossings, length_beside, nearest_ground
from greenspace.measure.linear import SECTION_M, pieces_of
from greenspace.measure.roads import road_land
from greenspace.measure.shade import canopy_over
from greenspace.prepare.clip import polygonal
from greenspace.prepare.footways import (
    NAMED_M,
    SLACK_M,
    UNKNOWN_HALF_M,
    kind_words,
    names_of,
    side_words,
)
from greenspace.prepare.lines import clip_lines, linear, lines_and_polygons

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.prepare.ready import Ready
    from greenspace.prepare.repair import Layer
    from greenspace.prepare.roads import Roads

    Ints = NDArray[np.int64]
    Shapes = NDArray[Any]

LEAST_BESIDE = 0.5  # of a road's length: below, the side has no footway
REST_M = 0.5  # a rest of a footway, cut along a red line, that is no footway
EMPTY: Any = np.empty(0, dtype=object)


@dataclass(frozen=True, slots=True)
class _Beside:
    """The ground beside the roads: for footways that name their road, and for others."""

    roads: Roads
    named: Bands
    open: Bands
    taken: Shapes
    reach_m: NDArray[np.float64]


def strips_beside(
    ready: Ready, roads: Roads, footways: Layer, crowns: Shapes, ground: Any | None
) -> tuple[pd.DataFrame, list[object], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the pieces of footways by road and side, and how far they are shaded.

    Returns
    -------
    tuple
        The pieces, as `shaded_roads` takes them; the rows of footways that belong to no road; of
        each road whether a side was left out whose footways run along too little of it; and
        whether the road lies in crossings.
    """
    beside = _beside(roads, ground)
    parts, lost = [_no_strips()], []
    lines, polygons = lines_and_polygons(footways, "footways")
    if len(lines):
        frame = clip_lines(ready.lines(lines, "footways"), ground)
        rows = _of_lines(frame, beside, crowns)
        lost += list(frame.index[np.setdiff1d(np.arange(len(frame)), rows["row"])])
        parts.append(rows)
    if len(polygons):
        frame = ready.layer(polygons, "footways", overlaps=False)
        rows = _of_polygons(frame, beside, crowns)
        lost += list(frame.index[np.setdiff1d(np.arange(len(frame)), rows["row"])])
        parts.append(rows)
    strips = pd.concat(parts, ignore_index=True)
    enough, partly = _enough(strips, beside)
    return strips[enough], lost, partly, in_crossings(roads.lines, beside.taken)


def _beside(roads: Roads, ground: Any | None) -> _Beside:
    whole = roads.frame["whole"].to_numpy(dtype=object)
    half = roads.width_m / 2
    taken = crossings(whole, road_land(whole, 2 * (half + SLACK_M), ground))
    reach = np.where(np.isnan(half), UNKNOWN_HALF_M, half) + NAMED_M
    named = roads.names != ""
    held = held_elsewhere(road_land(whole, 2 * half, ground))
    return _Beside(
        roads,
        bands_beside(whole, np.where(named, reach, np.nan), ground),
        bands_beside(whole, half + SLACK_M, ground, shapely.union(taken, held)),
        taken,
        reach,
    )


def _no_strips() -> pd.DataFrame:
    kinds = {"row": int, "road": int, "side": object, "kind": object, "drawn": object}
    kinds |= {"size": float, "shaded": float, "shape": object}
    return pd.DataFrame({key: pd.Series(dtype=kind) for key, kind in kinds.items()})


def _by_name(footways: gpd.GeoDataFrame, beside: _Beside) -> list[tuple[Bands, Ints]]:
    """Return the ground where to look for footways, and the rows for which to look there."""
    names = names_of(footways)
    return [
        (beside.named, np.flatnonzero(names != "")),
        (beside.open, np.flatnonzero(names == "")),
    ]


def _pairs(footways: gpd.GeoDataFrame, rows: Ints, bands: Bands, roads: Roads) -> tuple[Ints, Ints]:
    """Return footways and faces that they meet, of the road that they name if they name one."""
    shapes = footways.geometry.to_numpy()
    at, face = shapely.STRtree(bands.faces).query(shapes[rows], predicate="intersects")
    names = names_of(footways)[rows[at]]
    fits = (names == "") | (names == roads.names[bands.road[face]])
    return rows[at[fits]], face[fits]


def _of_lines(lines: gpd.GeoDataFrame, beside: _Beside, crowns: Shapes) -> pd.DataFrame:
    found = [_no_strips()]
    for bands, rows in _by_name(lines, beside):
        row, face = _pairs(lines, rows, bands, beside.roads)
        cut = linear(shapely.intersection(lines.geometry.to_numpy()[row], bands.faces[face]))
        pieces = pieces_of(cut, SECTION_M)
        row, face = row[pieces.owner], face[pieces.owner]
        shaded, _ = canopy_over(pieces, EMPTY, crowns)
        road, names = bands.road[face], names_of(lines)[row]
        own = run_along(pieces.lines, pieces.middle, beside.roads.lines[road])
        own[own] = bands.nearest(pieces.middle[own], road[own], names[own], beside.roads.names)
        frame = _rows(lines, bands, row, face, pieces.lines).assign(own=own)
        frame = frame.assign(drawn="line", size=pieces.length_m, shaded=shaded)
        found.append(frame[frame.pop("own")])
    return pd.concat(found, ignore_index=True)


def _of_polygons(polygons: gpd.GeoDataFrame, beside: _Beside, crowns: Shapes) -> pd.DataFrame:
    found = [_no_strips()]
    for bands, rows in _by_name(polygons, beside):
        row, face = _pairs(polygons, rows, bands, beside.roads)
        shapes = polygons.geometry.to_numpy()
        wide, cut = _width(shapes), shapely.intersection(shapes[row], bands.faces[face])
        pieces, row, face = _parts(cut, row, face, wide)
        names = names_of(polygons)[row]
        own = nearest_ground(pieces, bands.road[face], bands, names, beside.roads.names)
        pieces, row, face = _parts(own, row, face, wide)
        _, shaded = canopy_over(pieces_of(EMPTY, SECTION_M), pieces, crowns)
        along = follow(pieces, bands.lines[bands.road[face]])
        frame = _rows(polygons, bands, row, face, pieces).assign(own=along)
        frame = frame.assign(drawn="polygon", size=shapely.area(pieces), shaded=shaded)
        found.append(frame[frame.pop("own")])
    return pd.concat(found, ignore_index=True)


def _parts(
    shapes: Shapes, row: Ints, face: Ints, wide_m: NDArray[np.float64]
) -> tuple[Shapes, Ints, Ints]:
    """Return the connected parts of shapes but for thin rests, with row and face of each."""
    pieces, of = shapely.get_parts(polygonal(shapes), return_index=True)
    row, face = row[of], face[of]
    real = _width(pieces) > np.minimum(REST_M, wide_m[row] / 4)
    return pieces[real], row[real], face[real]


def _width(shapes: Shapes) -> NDArray[np.float64]:
    """Return the width of strips in the mean."""
    length = np.maximum(shapely.length(shapes), np.finfo(float).tiny)
    return np.asarray(2 * shapely.area(shapes) / length, dtype=float)


def _rows(
    footways: gpd.GeoDataFrame, bands: Bands, row: Ints, face: Ints, pieces: Shapes
) -> pd.DataFrame:
    """Return pieces with road, side and kind."""
    said = footways["side"].iloc[row] if "side" in footways else None
    sides = side_words(said, bands.left[face])
    kinds = kind_words(footways.get("kind"), len(footways))
    columns = {"row": row, "road": bands.road[face], "side": sides, "kind": kinds[row]}
    return pd.DataFrame(columns | {"shape": pieces})


def _enough(strips: pd.DataFrame, beside: _Beside) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the pieces on sides that have a footway, and the roads with a side that has less."""
    partly = np.zeros(len(beside.roads.frame), dtype=bool)
    if strips.empty:
        return np.zeros(0, dtype=bool), partly
    group = np.asarray(strips.groupby(["road", "side"]).ngroup(), dtype=np.int64)
    road = strips["road"].to_numpy(dtype=np.int64)
    pieces = strips["shape"].to_numpy(dtype=object)
    lines = beside.roads.lines
    share = length_beside(lines, beside.reach_m, beside.taken, pieces, road, group)
    enough = share[group] >= LEAST_BESIDE
    partly[road[~enough]] = True
    return enough, partly
