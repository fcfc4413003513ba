"""Geopackage: the geometry of a check, with its numbers, for any GIS.

Question   Where are the homes that no park reaches, and what did each district score?
Enters     A Check and a path.
Leaves     layers.gpkg: one layer for each kind of ground, and the findings as a table.
Elsewhere  Pictures of the same: maps. Drawings for CAD: drawing.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from greenspace.errors import InputError
from greenspace.model.ratio import interval_cells
from greenspace.model.words import Text
from greenspace.present.districts import zones_of
from greenspace.present.record import told_findings
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from greenspace.model.check import Check, Measured
    from greenspace.model.source import Finding

PLAIN_LAYERS: Final = (
    "built_up",
    "green",
    "parks",
    "service_area",
    "served",
    "unserved",
    "service_area_on_foot",
    "served_on_foot",
    "unserved_on_foot",
    "lost_on_foot",
    "walking_network",
)
WALK: Final = ("from_m", "to_m", "left_m")
COLUMNS: Final = ("name", "class", "status", "owner", "park", "tier", "radius_m", "reason", *WALK)
POLYGONAL: Final = frozenset({"Polygon", "MultiPolygon"})


def write_geopackage(check: Check, path: Path) -> tuple[str, ...]:
    """Write the layers that exist; return their names."""
    written = []
    districts = _districts(check)
    if districts is not None:
        write_ground(districts, path, "districts")
        written.append("districts")
    for name in PLAIN_LAYERS:
        layer = check.layers.get(name)
        if layer is not None and not layer.empty:
            write_ground(_plain(layer), path, name)
            written.append(name)
    table = findings_table(told_findings(check))
    pyogrio.write_dataframe(table, path, layer="findings", driver="GPKG")
    return (*written, "findings")


def _districts(check: Check) -> gpd.GeoDataFrame | None:
    """Return the districts with halves, value and unseen of each number as columns."""
    layer = check.layers.get("districts")
    if layer is None or layer.empty:
        return None
    frame = _plain(layer)
    added: dict[str, list[Any]] = {}
    for item in check.measured:
        rows = [zone for zone in zones_of(item) if not zone.outside]
        if not _same(frame, [zone.name for zone in rows]):
            continue
        zones = [zone.ratio for zone in rows]
        stem = item.ratio.indicator
        again = not item.judged and stem in check.ratios
        if again or f"{stem}_value" in added:
            stem = f"{stem}_{_beside(item)}"
        added[f"{stem}_value"] = [ratio.value for ratio in zones]
        added[f"{stem}_numerator"] = [ratio.numerator for ratio in zones]
        added[f"{stem}_denominator"] = [ratio.denominator for ratio in zones]
        if item.ratio.unseen is not None:
            added[f"{stem}_unseen"] = [ratio.unseen for ratio in zones]
        if any(ratio.interval is not None for ratio in zones):
            for name in interval_cells(item.ratio):
                added[f"{stem}_{name}"] = [interval_cells(ratio)[name] for ratio in zones]
    return frame.join(pd.DataFrame(added, index=frame.index))


def _beside(item: Measured) -> str:
    """Name what tells a number from the judged one: its label, or its tiers."""
    if item.label is not None:
        return item.label.en.replace(" ", "_")
    steps = item.tiers or ()
    return "_".join(f"{area:g}m2_{radius:g}m" for area, radius in steps) or "beside"


def _same(frame: gpd.GeoDataFrame, names: list[str]) -> bool:
    """Whether these zones are the districts, and not other ground of the city."""
    if "name" in frame.columns:
        return [clean(name) for name in frame["name"]] == names
    return len(frame) == len(names)


def _plain(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the columns that the vocabulary knows, as numbers or as text on one line."""
    kept: dict[str, Any] = {}
    for name in COLUMNS:
        if name in layer.columns:
            column = layer[name]
            kept[name] = column if pd.api.types.is_numeric_dtype(column) else _words(column)
    shapes = shapely.force_2d(layer.geometry.to_numpy())
    frame = gpd.GeoDataFrame(kept, geometry=shapes, crs=layer.crs)
    if set(frame.geom_type) <= POLYGONAL:
        frame["area_m2"] = frame.geometry.area
    return frame


def _words(column: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else clean(value) for value in column]


def findings_table(found: Sequence[Finding]) -> pd.DataFrame:
    """Return findings as a table without hostile text, for a GIS or a database."""
    return pd.DataFrame(
        {
            "severity": pd.Series([item.severity for item in found], dtype=object),
            "code": pd.Series([clean(item.code) for item in found], dtype=object),
            "layer": pd.Series([clean(item.layer or "") for item in found], dtype=object),
            "text_zh": pd.Series([clean(item.text.zh) for item in found], dtype=object),
            "text_en": pd.Series([clean(item.text.en) for item in found], dtype=object),
            "count": pd.Series([item.count for item in found], dtype=float),
            "area_m2": pd.Series([item.area_m2 for item in found], dtype=float),
            "rows": pd.Series(
                [clean(", ".join(map(str, item.rows))) for item in found], dtype=object
            ),
            "file": pd.Series([clean(item.file or "") for item in found], dtype=object),
            "indicators": pd.Series([", ".join(item.indicators) for item in found], dtype=object),
        }
    )


def write_ground(frame: gpd.GeoDataFrame, path: Path, layer: str, *, single: bool = False) -> None:
    """Write one layer with its geometry; `single` polygons stay so, others are written as many.

    Raises
    ------
    InputError
        It cannot be written.
    """
    many = set(frame.geom_type) <= POLYGONAL and not single
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="'crs' was not provided")  # a city's own grid
        try:
            frame.to_file(path, layer=layer, driver="GPKG", engine="pyogrio", promote_to_multi=many)
        except pyogrio.errors.DataSourceError as error:
            raise InputError(
                f"无法写入图层 {layer}：{error}",
                f"Layer {layer} cannot be written: {error}",
                remedy=Text("请检查磁盘空间和写权限。", "Check disk space and permissions."),
                file=path.name,
                layer=layer,
            ) from error
