"""Tree projects: what is built or planned, brought beside the zones of old trees.

Question   Which projects take how much of which zone, and how near do they come to the tree?
Enters     Zones and trees in a measuring CRS, and layers of projects in any.
Leaves     All projects in that CRS, and one row for each project on each zone.
Elsewhere  The geometry: delimit/tree_conflicts. Drawing the zones: tree_protection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.delimit.old_trees import CORNER, CROWN_MARGIN_M, ROUNDING_M
from greenspace.delimit.tree_conflicts import taken
from greenspace.prepare.ready import Ready
from greenspace.prepare.words_of_rows import words_of_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from greenspace.model.source import Finding, Source
    from greenspace.prepare.repair import Layer

    Shapes = NDArray[Any]


def tree_projects(
    zones: gpd.GeoDataFrame, given: Mapping[str, Layer | None]
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...], tuple[Source, ...]]:
    """Return all projects in the plane of the zones: ``kind``, ``project``, ``row``."""
    found = [
        gpd.GeoDataFrame({"kind": [], "project": [], "row": []}, geometry=[], crs=zones.crs).astype(
            object
        )
    ]
    if zones.empty or all(layer is None for layer in given.values()):
        return found[0].set_geometry("geometry"), (), ()
    ready = Ready(zones.crs, zones, "tree_zones")
    for kind, layer in given.items():
        if layer is None or not len(layer):
            continue
        frame = ready.layer(layer, kind, overlaps=False)
        data = {"kind": kind, "project": words_of_rows(frame, "name"), "row": list(frame.index)}
        found.append(gpd.GeoDataFrame(data, geometry=frame.geometry.to_numpy(), crs=zones.crs))
    filled = [frame for frame in found if len(frame)] or found
    return pd.concat(filled, ignore_index=True), ready.findings, ready.sources


def open_zones(
    zones: gpd.GeoDataFrame, points: gpd.GeoDataFrame, projects: gpd.GeoDataFrame, reach_m: float
) -> int:
    """Return how many trees have no zone or part of one, and a project within its greatest reach.

    A tree of a stand stands for all the ground between the trees of it.
    """
    whole = zones.loc[zones["complete"].astype(bool), "zone"]
    lacking = ~points["zone"].isin(whole).to_numpy(dtype=bool)
    ground, stand = points.geometry.to_numpy().copy(), points["stand"].to_numpy()
    for name in {name for name in stand[lacking] if name}:
        rows = np.flatnonzero(stand == name)
        ground[rows] = shapely.convex_hull(shapely.union_all(ground[rows]))
    return near_projects(ground[lacking], projects, reach_m)


def near_projects(ground: Shapes, projects: gpd.GeoDataFrame, within_m: float) -> int:
    """Return how many shapes have a project within a distance."""
    tree = shapely.STRtree(projects.geometry.to_numpy())
    found, _ = tree.query(ground, predicate="dwithin", distance=within_m)
    return len(np.unique(found))


def _corners_m(zones: gpd.GeoDataFrame, points: gpd.GeoDataFrame, zone_of: Any) -> Any:
    """Return how far corners of each zone stand out: by the widest arc that it is drawn of."""
    crown = points[["crown_ew_m", "crown_ns_m"]].max(axis=1).to_numpy() / 2.0 + CROWN_MARGIN_M
    reach = zones["trunk_reach_m"].fillna(0.0).to_numpy(dtype=float).copy()
    known = (zone_of >= 0) & np.isfinite(crown)
    np.maximum.at(reach, zone_of[known], crown[known])
    return CORNER * reach + ROUNDING_M


def tree_conflicts(
    zones: gpd.GeoDataFrame, points: gpd.GeoDataFrame, crown: Shapes, projects: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the projects that take ground of zones, as `TreeZones.conflicts` says."""
    zone_of = points["zone"].fillna(0).to_numpy(dtype=np.int64) - 1
    found = taken(
        zones.geometry.to_numpy(),
        projects.geometry.to_numpy(),
        points.geometry.to_numpy(),
        crown,
        zone_of,
        _corners_m(zones, points, zone_of),
    )
    of_zone, by = zones.iloc[found.zone], projects.iloc[found.project]
    return gpd.GeoDataFrame(
        {
            "zone": of_zone["zone"].to_numpy(),
            "tree": points["tree"].astype(object).to_numpy()[found.tree],
            "name": points["name"].to_numpy()[found.tree],
            "stand": of_zone["stand"].to_numpy(),
            "kind": by["kind"].to_numpy(),
            "project": by["project"].to_numpy(),
            "row": by["row"].astype(object).to_numpy(),
            "area_m2": found.area_m2,
            "share": found.area_m2 / of_zone["area_m2"].to_numpy(),
            "crown_m2": found.crown_m2,
            "in_crown": found.crown_m2 > 0,
            "distance_m": found.distance_m,
            "crown_gap_m": found.crown_gap_m,
        },
        geometry=found.ground,
        crs=zones.crs,
    )
