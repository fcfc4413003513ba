"""A street of 200 m whose numbers can be redone by hand, as layers in a plane."""

from __future__ import annotations

import geopandas as gpd
from shapely import LineString, box

CRS = "EPSG:4547"
X, Y = 500_000, 3_380_000


def at(x0, y0, x1, y1):
    return box(X + x0, Y + y0, X + x1, Y + y1)


def way(*points):
    return LineString([(X + x, Y + y) for x, y in points])


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def road(*lines, width=20.0, kind="支路", name="槐树街", **columns):
    shapes = lines or (way((0, 0), (200, 0)),)
    return layer(
        shapes,
        **{"class": [kind] * len(shapes), "width": [width] * len(shapes)},
        name=[name] * len(shapes),
        **columns,
    )
