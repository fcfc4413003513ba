"""Shapes that no library of the tests can write: arcs, surfaces and measures, put in by hand."""

from __future__ import annotations

import sqlite3
import struct

import geopandas as gpd
from shapely import Point

HEADER = 8  # of a shape in a GeoPackage without envelope: "GP", version, flags, CRS
NO_ENVELOPE = 0b00000001


def write_shapes(path, shapes, *, kind="GEOMETRY", crs=4547, layer="parks"):
    """Write shapes given as WKB, or None, into a GeoPackage as they stand."""
    points = gpd.GeoDataFrame(
        {"n": range(len(shapes))}, geometry=[Point(0, 0)] * len(shapes), crs=crs
    )
    points.to_file(path, layer=layer, SPATIAL_INDEX="NO", geometry_type="Unknown")
    header = struct.pack("<2sBBi", b"GP", 0, NO_ENVELOPE, crs)
    with sqlite3.connect(path) as base:
        for n, shape in enumerate(shapes):
            content = None if shape is None else header + shape
            base.execute(f'UPDATE "{layer}" SET geom = ? WHERE n = ?', (content, n))
        base.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = ?", (kind,))
    base.close()
    return path


def circle(radius=1.0, at=(0.0, 0.0)):
    """Return the WKB of a curve polygon: one full circle of four arcs."""
    east, north = at
    turns = [(-1, 0), (0, 1), (1, 0), (0, -1), (-1, 0)]
    points = b"".join(struct.pack("<dd", east + radius * x, north + radius * y) for x, y in turns)
    return struct.pack("<BIIBII", 1, 10, 1, 1, 8, len(turns)) + points


def tin():
    """Return the WKB of a surface of one triangle."""
    ring = struct.pack("<III12d", 1003, 1, 4, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0)
    return struct.pack("<BII", 1, 1016, 1) + b"\x01" + struct.pack("<I", 1017) + ring[4:]


def broken_ring():
    """Return the WKB of a polygon whose ring has two points."""
    return struct.pack("<BIII4d", 1, 3, 1, 2, 0, 0, 0, 0)
