"""Three green lines with a hole, a shared edge and hostile names; and their points, by hand."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.model.control_points import ControlPoints
from greenspace.model.green_line import GreenLines
from greenspace.model.ledger import Column, Ledger
from greenspace.model.words import Text

EAST, NORTH = 512_345.678, 3_438_123.456
HOSTILE = "防护{\\fArial;林}\\P%%c^J\x1b[31m\u202e带\\U+0041"
NO_CHANGES = Ledger(
    "green_line_changes", Text("变动", "changes"), (Column("kind", Text("类", "kind")),),
    pd.DataFrame({"kind": []}),
)  # fmt: skip


def box(west, south, east, north):
    shape = shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)
    return shapely.set_precision(shape, 0.001)


def lines(crs=4547, names=("城南公园", HOSTILE, "")):
    park = box(0, 0, 400, 300).difference(box(100, 100, 200, 200))
    rows = [
        ("L001", "existing", "park", "G11", names[0], shapely.set_precision(park, 0.001)),
        ("L002", "planned", "protective", "G2", names[1], box(400, 0, 460, 300)),
        ("L003", "control", "riverbank", "", names[2], box(0, 320, 460, 400)),
    ]
    columns = ["number", "status", "category", "class", "name", "geometry"]
    frame = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=crs)
    frame.insert(5, "area_m2", frame.area)
    frame.insert(6, "length_m", frame.length)
    return GreenLines(lines=frame, changes=NO_CHANGES, limits=None)


def points(drawn, prefix=None):
    """Number the corners in the order of the lines: what delimit/ does better."""
    shift = 0 if prefix is None else prefix * 1_000_000
    numbers, rows = {}, []
    for line, shape in zip(drawn.lines["number"], drawn.lines.geometry, strict=True):
        for ring, edge in enumerate((shape.exterior, *shape.interiors)):
            at = shapely.get_coordinates(edge)
            for order, (here, there) in enumerate(pairwise(at), 1):
                number = numbers.setdefault(tuple(here), len(numbers) + 1)
                far = float(np.hypot(*(there - here)))
                rows.append((line, ring, order, number, here[1], here[0] + shift, far))
    each = [(number, north, east + shift) for (east, north), number in numbers.items()]
    return ControlPoints(
        points=pd.DataFrame(each, columns=["point", "x", "y"]),
        courses=pd.DataFrame(rows, columns=["line", "ring", "order", "point", "x", "y", "edge_m"]),
        closing=pd.DataFrame(columns=["line", "ring", "points", "length_m", "area_m2", "error_m"]),
        crs=drawn.crs,
        prefix=prefix,
    )
