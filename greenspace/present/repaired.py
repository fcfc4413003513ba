"""Repaired: copies of a city's layers without their defects, and the manifest that names them.

Question   Which files would a check read after the repair?
Enters     An Inspection with mended layers, and the folder for them.
Leaves     layers.gpkg with every layer under its name, and a city.toml that leads to it.
Elsewhere  The repair: prepare/mend. What was found: findings_file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from os import fspath
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from greenspace.model.city import SamplesSpec, Variable
from greenspace.model.crs import is_local
from greenspace.model.layers import LAYERS
from greenspace.present.draft import toml_string
from greenspace.present.geopackage import findings_table, write_ground
from greenspace.present.record import crs_name
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyproj import CRS

    from greenspace.model.city import City, ImageSpec, MaskSpec
    from greenspace.model.inspection import Inspection, Mended

FILE: Final = "layers.gpkg"
BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
TAKEN: Final = frozenset({"fid", "geom"})
HEAD: Final = """\
# 由 greenspace validate --repair 写成：图层是修复后的副本，原文件未改动。
# Written by greenspace validate --repair: the layers are repaired copies, the originals untouched.
"""


def write_repaired(inspection: Inspection, folder: Path, final: Path) -> None:
    """Write the mended layers and their manifest into a folder.

    Parameters
    ----------
    final
        Where the folder will lie in the end; the paths of images start there.

    The layers ``dropped`` and ``repairs`` hold the rows that were dropped, and what was done.
    While something could not be mended there is no manifest: a check would go on without it.
    """
    for item in inspection.mended:
        if len(item.layer):
            write_ground(_safe(item.layer), folder / FILE, item.name)
    gone = [row for item in inspection.mended for row in _dropped(item)]
    if gone:
        write_ground(pd.concat(gone, ignore_index=True), folder / FILE, "dropped")
    told = [change for item in inspection.mended for change in item.changes]
    changes = findings_table([*told, *inspection.unmended])
    pyogrio.write_dataframe(changes, folder / FILE, layer="repairs", driver="GPKG")
    if inspection.unmended:
        return
    unused = [item for item in inspection.city.findings if item.code == "not_used"]
    notes = "".join(f"# {clean(item.text.zh)}\n# {clean(item.text.en)}\n" for item in unused)
    text = HEAD + notes + "\n".join(_manifest(inspection, final))
    (folder / "city.toml").write_text(text, encoding="utf-8", newline="\n")


def _safe(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer whose columns a GeoPackage can hold: no two alike but for their case."""
    taken = set(TAKEN)
    renamed = {}
    for column in layer.columns:
        name = str(column)
        while column != layer.geometry.name and name.casefold() in taken:
            name += "_"
        taken.add(name.casefold())
        renamed[column] = name
    frame = layer.rename(columns=renamed)
    for column in frame.columns:
        if column != frame.geometry.name and frame[column].dtype == object:
            frame[column] = frame[column].map(str, na_action="ignore")
    return frame


def _dropped(item: Mended) -> Iterator[gpd.GeoDataFrame]:
    """Yield the dropped rows of a layer, their attributes as one text."""
    for gone in item.dropped:
        own = ["area_before_m2", "area_after_m2", "repair"]
        facts = pd.DataFrame(gone.drop(columns=[gone.geometry.name, *own])).astype(str)
        columns = {
            "layer": item.name,
            "row": [clean(label) for label in gone.index],
            "repair": gone["repair"].to_numpy(),
            "area_before_m2": gone["area_before_m2"].to_numpy(),
            "attributes": [json.dumps(row, ensure_ascii=False) for row in facts.to_dict("records")],
        }
        yield gpd.GeoDataFrame(columns, geometry=gone.geometry.to_numpy(), crs=gone.crs)


def _manifest(inspection: Inspection, final: Path) -> Iterator[str]:
    city = inspection.city
    yield from _table("city", _facts(city, final))
    yield from _table("measure", {"crs": _crs_text(inspection.crs)})
    for item in inspection.mended:
        if len(item.layer):
            yield from _table(f"layers.{item.name}", _layer(item, city))
    for image in city.images:
        yield from _table("image", _image(image, final), many=True)
    method = city.vegetation_method
    yield from _table(
        "vegetation",
        {
            "index": method.index,
            "threshold": _threshold(method.threshold, final),
            "source": method.source,
            "classes": _from(method.classes, final)
            if isinstance(method.classes, Path)
            else method.classes,
            "crops": method.crops or None,
        },
    )
    for name, words in city.tables.items():
        yield from _table(name, {key: _placed(value, final) for key, value in words.items()})
    yield from _table("declared", city.declared)
    yield from _table("supplied", {name: _supplied(city, name) for name in city.supplied})
    if city.baseline is not None:
        yield from _table("baseline", {"year": city.baseline.year, **city.baseline.amounts})
    for year, values in city.targets.items():
        yield from _table(f"targets.{year}", values)
    yield from _table("report", city.report)


def _supplied(city: City, name: str) -> Any:
    value, told = city.supplied[name], city.provenance.get(name)
    if told is None:
        return value
    kept = {"value": value, "source": told.source, "date": told.date}
    return {key: part for key, part in kept.items() if part is not None}


def _facts(city: City, final: Path) -> dict[str, Any]:
    raster = city.population_raster
    return {
        "name": city.name,
        "date": city.date,
        "standard": city.standard,
        "population": city.population if raster is None else {"raster": _from(raster, final)},
        "population_basis": city.population_basis,
        "region": city.region,
        "construction_land_per_head_m2": city.construction_land_per_head_m2,
    }


def _layer(item: Mended, city: City) -> dict[str, Any]:
    contract = LAYERS[item.name]
    roles = [role for role in (*contract.required, *contract.optional) if role in item.layer]
    return {
        "path": FILE,
        "layer": item.name,
        "columns": {role: role for role in roles} or None,
        "edition": city.editions.get(item.name),
        **city.settings.get(item.name, {}),
    }


def _image(image: ImageSpec, final: Path) -> dict[str, Any]:
    return {
        "path": _paths(image.path, final),
        "date": image.date,
        "sensor": image.sensor,
        "bands": None if image.bands is None else dict(image.bands),
        "scale": image.scale,
        "offset": image.offset,
        "nodata": image.nodata,
        "mask": None if image.mask is None else _mask(image.mask, final),
        "crs": image.crs,
        "on_bad_tile": image.on_bad_tile if image.on_bad_tile != "refuse" else None,
        "allow_outside": image.allow_outside or None,
    }


def _paths(path: Any, final: Path) -> Any:
    if isinstance(path, Mapping):
        return {band: _paths(part, final) for band, part in path.items()}
    if isinstance(path, tuple):
        return tuple(_paths(part, final) for part in path)
    if isinstance(path, Variable):
        return fspath(Variable(Path(_from(path.path, final)), path.name))
    return _from(path, final)


def _mask(mask: MaskSpec, final: Path) -> str | dict[str, Any]:
    path = _from(mask.path, final)
    told = {way: getattr(mask, way) for way in ("codes", "values", "bits")}
    ways = {way: value for way, value in told.items() if value is not None}
    return {"path": path, **ways} if ways else path


def _threshold(told: float | str | SamplesSpec, final: Path) -> float | str | dict[str, Any]:
    if not isinstance(told, SamplesSpec):
        return told
    facts = {"layer": told.layer, "column": told.column, "objective": told.objective}
    kept = {key: value for key, value in facts.items() if value is not None}
    return {"samples": _from(Path(told.samples), final), **kept}


def _placed(value: Any, final: Path) -> Any:
    return _from(value, final) if isinstance(value, Path) else value


def _from(path: Path, folder: Path) -> str:
    try:
        return Path(relpath(path.absolute(), folder)).as_posix()
    except ValueError:  # another drive
        return path.absolute().as_posix()


def _crs_text(crs: CRS | None) -> str | None:
    if crs is None or is_local(crs):
        return None if crs is None else "local-metre"
    name = crs_name(crs)
    return name if name is not None and ":" in name else crs.to_wkt()


def _table(name: str, values: Mapping[str, Any], *, many: bool = False) -> Iterator[str]:
    kept = {key: value for key, value in values.items() if value is not None}
    if kept:
        yield f"[[{name}]]" if many else f"[{name}]"
        yield from _pairs(kept)
        yield ""


def _value(value: Any) -> str:
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(_pairs(value)) + " }"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    return str(value)  # a date


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        yield f"{key if BARE.fullmatch(key) else toml_string(key)} = {_value(value)}"
