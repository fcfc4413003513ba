"""Three green lines with a hole, a shared edge and hostile names; and their points, by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.model.city import City
from greenspace.model.control_points import ControlPoints
from greenspace.model.encroachment import Guard
from greenspace.model.green_line import GreenLines, Limits
from greenspace.model.green_line_plan import GreenLinePlan
from greenspace.model.ledger import Column, Ledger
from greenspace.model.plan_check import PlanCheck
from greenspace.model.source import Finding, Source
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


def table(id_, **columns):
    heads = tuple(Column(name, Text(name, name)) for name in columns)
    return Ledger(id_, Text(f"表 {id_}", f"table {id_}"), heads, pd.DataFrame(columns))


def plan(home, *, prefix=None):
    """A plan of the three lines with a failed test, an encroachment and zones of trees."""
    drawn = lines()
    failed = PlanCheck(
        id="no_overlap",
        title=Text("现状与规划不重叠", "existing and planned do not overlap"),
        passed=False,
        text=Text("重叠 1 处", "1 overlap"),
        mark="weak",
        count=1,
        area_m2=25.0,
        places=gpd.GeoSeries([box(395, 0, 400, 5)], crs=drawn.crs),
    )
    untested = PlanCheck(
        id="revision", title=Text("修编不减少", "not reduced"), passed=None,
        text=Text("没有已批准的绿线", "no approved lines"),
    )  # fmt: skip
    changes = table(
        "green_line_changes", kind=[Text("缝隙", "gap")], area_m2=[1.5], x=[EAST], y=[NORTH]
    )
    drawn = replace(
        drawn,
        changes=changes,
        checks=(failed, untested),
        ledgers=(table("green_lines", number=["L001", "L002", "L003"]),),
        limits=Limits(
            tolerance_m=0.5, max_area_change=0.005, max_displacement_m=1.0, area_change=0.0004,
            displacement_m=0.31,
        ),
    )  # fmt: skip
    found = gpd.GeoDataFrame(
        {
            "rank": [1], "line": ["L001"], "kind": ["construction"], "name": [HOSTILE],
            "area_m2": [100.0], "low_m2": [np.nan], "high_m2": [np.nan],
        },
        geometry=[box(0, 0, 10, 10)],
        crs=drawn.crs,
    )  # fmt: skip
    guard = Guard(encroachments=found, balance=table("balance", lost_m2=[100.0]))
    note = Finding(code="overlap", text=Text(f"{home}/绿地.gpkg 重叠", f"{home}/a.gpkg overlaps"))
    city = City(
        name="清河{\\P}",
        manifest=home / "city.toml",
        inputs=(Source(role="green", name="绿地.gpkg", layer="green", sha256="0" * 64),),
    )
    return GreenLinePlan(
        city=city, lines=drawn, points=points(drawn, prefix), guard=guard, findings=(note,)
    )
