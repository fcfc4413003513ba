"""Findings file: every finding where it lies, for a GIS that opens it on the spot.

Question   Where on the map is what was found?
Enters     An Inspection and a path.
Leaves     findings.gpkg: one layer a kind of shape, all findings as a table, and their style.
Elsewhere  The layers of a check: geopackage. Repaired copies: repaired.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from greenspace.present.geopackage import findings_table, write_ground
from greenspace.present.qgis_style import by_value, drawn, filled, marked, write_styles
from greenspace.present.words import SEVERITIES, both, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from greenspace.model.inspection import Inspection, Spot
    from greenspace.model.source import Severity
    from greenspace.present.qgis_style import Look

KINDS: Final = ("point", "line", "polygon")
LOOKS: Final[Mapping[str, Callable[[str], Look]]] = {
    "point": partial(marked, size=3.0),
    "line": partial(drawn, width=0.8),
    "polygon": lambda colour: filled(colour, outline=colour, width=0.8, brush="no"),
}
COLOURS: Final[Mapping[Severity, str]] = {
    "error": "#d73027",
    "warning": "#f09614",
    "note": "#5a78a0",
}


def write_findings(inspection: Inspection, path: Path) -> tuple[str, ...]:
    """Write the findings; return the names of the layers.

    ``findings`` is a table of all of them; ``findings_polygon``, ``findings_line`` and
    ``findings_point`` hold one row for each shape that a finding is about, with its style.
    """
    written = []
    frames = [_shapes(spot, inspection) for spot in inspection.spots if spot.shapes is not None]
    every = pd.concat(frames, ignore_index=True) if frames else None
    for dimension, kind in enumerate(KINDS):
        if every is None:
            break
        chosen = every[shapely.get_dimensions(every.geometry.to_numpy()) == dimension]
        if len(chosen):
            write_ground(chosen, path, f"findings_{kind}")
            written.append(f"findings_{kind}")
    table = findings_table(inspection.findings)
    pyogrio.write_dataframe(table, path, layer="findings", driver="GPKG")
    if written:
        styles = {layer: _qml(layer) for layer in written}
        write_styles(styles, path, description="greenspace validate")
    return (*written, "findings")


def _shapes(spot: Spot, inspection: Inspection) -> gpd.GeoDataFrame:
    """Return one row for every shape; parts of unlike kinds are told apart."""
    item = spot.finding
    series = spot.shapes if spot.shapes is not None else gpd.GeoSeries()
    shapes = shapely.force_2d(series.to_numpy())
    kept = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    shapes, labels = shapes[kept], np.asarray(series.index)[kept]
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    if mixed.any():
        parts, owner = shapely.get_parts(shapes, return_index=True)
        shapes, labels = parts, labels[owner]
    columns: dict[str, Any] = {
        "severity": item.severity,
        "code": clean(item.code),
        "layer": clean(item.layer or ""),
        "row": [clean(label) for label in labels] if item.rows else "",
        "text_zh": clean(item.text.zh),
        "text_en": clean(item.text.en),
        "area_m2": shapely.area(shapes),
        "file": clean(item.file or ""),
        "indicators": ", ".join(item.indicators),
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=inspection.crs)


def _qml(layer: str) -> str:
    """Return a style of QGIS: one thick outline for each severity, named in both languages."""
    look = LOOKS[layer.rpartition("_")[2]]
    return by_value(
        "severity", [(key, both(SEVERITIES[key]), look(COLOURS[key])) for key in COLOURS]
    )
