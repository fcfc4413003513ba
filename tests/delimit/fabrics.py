"""Random fabrics of parcels, drawn badly: gaps, overlaps and wavy edges between neighbours."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

WEST, SOUTH = 500_000, 3_380_000


def fabric(seed, *, across=4, size_m=60.0, apart_m=0.2, wave_m=0.05):
    """Return parcels of a Voronoi fabric, each grown or shrunk a little, in EPSG:4547."""
    rng = np.random.default_rng(seed)
    spots = np.stack(np.meshgrid(np.arange(across), np.arange(across)), -1).reshape(-1, 2)
    points = spots * size_m + rng.uniform(-0.35, 0.35, spots.shape) * size_m + (WEST, SOUTH)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    ground = shapely.box(WEST, SOUTH, WEST + across * size_m, SOUTH + across * size_m)
    cells = shapely.segmentize(shapely.intersection(cells, ground), 7.0)
    wavy = shapely.transform(
        cells,
        lambda xy: xy + wave_m * np.stack([np.sin(xy[:, 1] * 37), np.cos(xy[:, 0] * 29)], axis=1),
    )
    grown = [
        shapely.buffer(cell, width, join_style="mitre")
        for cell, width in zip(wavy, rng.uniform(-apart_m, apart_m, len(wavy)), strict=True)
    ]
    shapes = shapely.make_valid(np.array(grown)[rng.random(len(grown)) < 0.75])
    columns = {
        "status": rng.choice(["existing", "planned"], len(shapes)),
        "category": rng.choice(["park", "protective", "square"], len(shapes)),
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4547)


def box(west, south, east, north):
    """Return a box whose corner lies in the middle of a zone."""
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def parcels(*shapes, **columns):
    """Return parcels with status, category, class and name."""
    common = {"status": "existing", "category": "park", "class": "", "name": ""}
    layer = gpd.GeoDataFrame(geometry=list(shapes), crs=4547)
    return layer.assign(**(common | columns))


def drawn_apart(lines):
    """Return how much ground the lines of one plane share."""
    shapes = lines.geometry.to_numpy()
    return float(shapely.area(shapes).sum() - shapely.union_all(shapes).area)
