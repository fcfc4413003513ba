"""Findings file: every finding where it lies, for a GIS that opens it on the spot.

Question   Where on the map is what was found?
Enters     An Inspection and a path.
Leaves     findings.gpkg: one layer a kind of shape, all findings as a table, and their style.
Elsewhere  The layers of a check: geopackage. Repaired copies: repaired.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from greenspace.present.geopackage import findings_table, write_ground
from greenspace.present.words import SEVERITIES, clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from greenspace.model.inspection import Inspection, Spot

KINDS: Final = ("point", "line", "polygon")
SYMBOLS: Final = ("marker", "line", "fill")
COLOURS: Final[Mapping[str, str]] = {
    "error": "215,48,39,255",
    "warning": "240,150,20,255",
    "note": "90,120,160,255",
}
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)  # the same findings give the same file


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
        pyogrio.write_dataframe(_styles(written), path, layer="layer_styles", driver="GPKG")
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


def _styles(layers: list[str]) -> pd.DataFrame:
    """Return the table in which QGIS looks for the style of a GeoPackage's layers."""
    return pd.DataFrame(
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": layers,
            "f_geometry_column": "geom",
            "styleName": "severity",
            "styleQML": [_qml(layer) for layer in layers],
            "styleSLD": "",
            "useAsDefault": True,
            "description": "greenspace validate",
            "owner": "",
            "ui": "",
            "update_time": pd.Series([EPOCH] * len(layers)),
        }
    )


def _qml(layer: str) -> str:
    """Return a style of QGIS: one thick outline for each severity, named in both languages."""
    kind = SYMBOLS[KINDS.index(layer.rpartition("_")[2])]
    categories, symbols = [], []
    for number, (severity, colour) in enumerate(COLOURS.items()):
        title = f"{SEVERITIES[severity].zh} {SEVERITIES[severity].en}"  # type: ignore[index]
        categories.append(
            f'<category render="true" symbol="{number}" value="{severity}" label="{title}"/>'
        )
        symbols.append(_symbol(number, kind, colour))
    return (
        '<!DOCTYPE qgis><qgis version="3.22">'
        '<renderer-v2 type="categorizedSymbol" attr="severity" enableorderby="0">'
        f"<categories>{''.join(categories)}</categories><symbols>{''.join(symbols)}</symbols>"
        "</renderer-v2></qgis>"
    )


def _symbol(number: int, kind: str, colour: str) -> str:
    simple, options = {
        "fill": (
            "SimpleFill",
            {"color": colour, "style": "no", "outline_color": colour, "outline_width": "0.8"},
        ),
        "line": ("SimpleLine", {"line_color": colour, "line_width": "0.8"}),
        "marker": ("SimpleMarker", {"name": "circle", "color": colour, "size": "3"}),
    }[kind]
    inner = "".join(f'<Option name="{k}" type="QString" value="{v}"/>' for k, v in options.items())
    return (
        f'<symbol name="{number}" type="{kind}" alpha="1"><layer class="{simple}" enabled="1" '
        f'pass="0" locked="0"><Option type="Map">{inner}</Option></layer></symbol>'
    )
