"""Attributes: what a data frame would lose of the fields of a file.

Question   Is every field still there, and every whole number as it was?
Enters     A layer as pyogrio read it, and where it read it.
Leaves     The layer with what was lost put back, and findings that say so.
Elsewhere  Reading: read/ogr. Shapes that are lost: read/losses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio
import pyogrio.raw
from pandas.api.types import is_float_dtype

from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

GEOMETRY = "geometry"  # what pyogrio calls the shapes, whatever field has that name
EXACT = 2.0**53  # beyond it a float skips whole numbers
SQL_KINDS = {"GPKG", "SQLite"}  # which hear SQLite's own SQL, all others GDAL's
WHOLE = {"int64", "uint64"}


def with_lost_attributes(
    frame: gpd.GeoDataFrame, place: str, layer: str, encoding: str | None
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return a layer with a field called ``geometry``, and with whole numbers to the last digit."""
    where: dict[str, Any] = {"layer": layer, "encoding": encoding}
    info = pyogrio.read_info(place, **where)
    kinds = dict(zip(map(str, info["fields"]), map(str, info["dtypes"]), strict=True))
    rounded = [
        name
        for name, kind in kinds.items()
        if kind in WHOLE and name != GEOMETRY and _is_rounded(frame[name])
    ]
    for name in rounded:
        escape = '""' if info["driver"] in SQL_KINDS else '\\"'
        quoted = '"' + name.replace('"', escape) + '"'
        frame[name] = _exactly(place, name, quoted, where).set_axis(frame.index)
    if GEOMETRY not in kinds:
        return frame, ()
    values = pyogrio.raw.read(place, columns=[GEOMETRY], read_geometry=False, **where)[3][0]
    name = free_name("geometry_in_file", [str(column) for column in frame.columns])
    text = Text(
        zh=f"字段 {GEOMETRY} 与图形列同名，读入后称为 {name}。",
        en=f"A field is called {GEOMETRY}, as the shapes are; it was read as {name}.",
    )
    return frame.assign(**{name: values}), (Finding(code="renamed", text=text, layer=layer),)


def _is_rounded(column: pd.Series[Any]) -> bool:
    return is_float_dtype(column) and bool((column.abs() >= EXACT).any())


def _exactly(place: str, name: str, quoted: str, where: dict[str, Any]) -> pd.Series[Any]:
    """Return whole numbers with gaps: without the gaps they come as they are."""
    rows: dict[str, Any] = {**where, "read_geometry": False, "return_fids": True}
    everywhere = pyogrio.raw.read(place, columns=[], **rows)[1]
    _, filled, _, values = pyogrio.raw.read(
        place, columns=[name], where=f"{quoted} IS NOT NULL", **rows
    )
    numbers = pd.Series(pd.array(values[0], dtype="Int64"), index=filled)
    return numbers.reindex(everywhere)


def free_name(name: str, taken: Sequence[str]) -> str:
    """Return a name that is not taken.

    Examples
    --------
    >>> free_name("class_in_file", ["class_in_file"])
    'class_in_file_'
    """
    while name in taken:
        name += "_"
    return name
