"""Service files: what parks serve, for spreadsheets, a GIS and a wall.

Question   What lies in the folder after ``greenspace service -o``?
Enters     A ServiceMap, a folder that may be filled.
Leaves     service.txt, .csv, .xlsx and .gpkg, blocks.csv, parks.csv, maps as PNG and PDF.
Elsewhere  All or nothing: folder. The maps: service_sheet.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyogrio

from greenspace.present.coverage_files import WIDTH, write_facts
from greenspace.present.geopackage import findings_table, write_ground
from greenspace.present.service_sheet import draw_served, draw_walking
from greenspace.present.service_view import reason_of, service_view, zone_titles
from greenspace.present.service_words import service_word
from greenspace.present.sheets import render
from greenspace.present.terminal import as_text
from greenspace.present.words import clean, worst_first
from greenspace.present.workbook import write_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd

    from greenspace.model.quantity import Ratio
    from greenspace.model.service_map import ServiceMap
    from greenspace.model.words import Language

LAYERS: Final = "service.gpkg"


def write_service_files(service: ServiceMap, folder: Path, language: Language) -> None:
    """Write tables, layers and maps.

    Raises
    ------
    InputError
        A file cannot be written.
    """
    results = result_facts(service, language)
    blocks, parks = _told(service.blocks), _told(service.parks)
    found = findings_table(worst_first(service.findings))
    write_facts(results, folder / "service.csv")
    tables = {"coverage": results, "blocks": _plain(blocks), "parks": _plain(parks)}
    write_facts(tables["blocks"], folder / "blocks.csv")
    write_facts(tables["parks"], folder / "parks.csv")
    titled = {service_word(key, language): table for key, table in tables.items()}
    titled[service_word("findings", language)] = found
    write_tables(titled, folder / "service.xlsx")
    for name, layer in {"parks": parks, "blocks": blocks, **_ground(service)}.items():
        if not layer.empty:
            write_ground(layer, folder / LAYERS, name)
    pyogrio.write_dataframe(found, folder / LAYERS, layer="findings", driver="GPKG")
    view = service_view(service, language, WIDTH, every_finding=True)
    (folder / "service.txt").write_text(as_text(view, width=WIDTH), encoding="utf-8-sig")
    draw = {"served": draw_served} | ({"walking": draw_walking} if service.on_foot else {})
    for name, sheet in draw.items():
        png, pdf = render(partial(sheet, service, language=language))
        (folder / f"{name}.png").write_bytes(png)
        (folder / f"{name}.pdf").write_bytes(pdf)


def result_facts(service: ServiceMap, language: Language) -> pd.DataFrame:
    """Return one row an indicator and zone: value, both halves, and why there is no value."""
    rows = [_fact(ratio, "", language) for ratio in service.ratios.values()]
    labels = service.ground["zones"]["row"].tolist() if service.zones else []
    for table in service.zones.values():
        for place, (name, row) in enumerate(
            zip(zone_titles(service, language), labels, strict=True)
        ):
            rows.append(_fact(table.ratio(place), name, language) | {"zone_row": row})
    facts = pd.DataFrame(rows)
    facts["zone_row"] = pd.Series([fact["zone_row"] for fact in rows], dtype=object)
    return facts


def _fact(ratio: Ratio, zone: str, language: Language) -> dict[str, Any]:
    people = ratio.indicator.startswith("residents")
    return {
        "indicator": ratio.indicator,
        "zone": zone,
        "zone_row": None,  # of the whole
        "value": ratio.value,
        "served": ratio.numerator,
        "of": ratio.denominator,
        "unit": "person" if people else "m2",
        "reason": reason_of(ratio, language),
    }


def _told(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer whose words are safe, and whose ways that do not exist are empty."""
    layer = layer.copy()
    for name in layer.columns.drop(layer.geometry.name):
        if not pd.api.types.is_numeric_dtype(layer[name]):
            layer[name] = ["" if value is None else clean(value) for value in layer[name]]
    for name in {"foot_m", "foot_edge_m"} & set(layer):
        layer[name] = layer[name].replace(np.inf, np.nan)
    return layer


def _plain(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    plain = pd.DataFrame(layer.drop(columns=layer.geometry.name))
    rows = [name for name in plain if plain[name].dtype == "Int64"]  # whole numbers, or empty
    for name in rows:
        plain[name] = pd.Series([None if v is pd.NA else v for v in plain[name]], dtype=object)
    return plain


def _ground(service: ServiceMap) -> dict[str, gpd.GeoDataFrame]:
    return {name: _told(layer) for name, layer in _layers(service)}


def _layers(service: ServiceMap) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Give the ground, and the zones with their numbers."""
    for name, layer in service.ground.items():
        zones = service.zones if name == "zones" else {}
        columns = {
            f"{indicator}_{half}": table.to_frame()[half].to_numpy()
            for indicator, table in zones.items()
            for half in ("value", "numerator", "denominator")
        }
        yield name, layer.assign(**columns)
