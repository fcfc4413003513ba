"""Coverage files: the green coverage of zones for spreadsheets, a GIS and a wall.

Question   What lies in the folder after ``greenspace coverage -o``?
Enters     A CoverageMap, the picture of its raster, a folder that may be filled.
Leaves     coverage.txt, coverage.csv, coverage.gpkg (zones and findings), map.png and map.pdf.
Elsewhere  The mask: mask_file. All or nothing: folder. The map: coverage_sheet.
"""

from __future__ import annotations

import csv
from functools import partial
from math import isnan
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from greenspace.model.ratio import interval_cells
from greenspace.model.written import defused
from greenspace.present.coverage_sheet import draw_coverage
from greenspace.present.coverage_view import coverage_view
from greenspace.present.geopackage import findings_table, write_ground
from greenspace.present.sheets import render
from greenspace.present.terminal import as_text
from greenspace.present.words import clean, worst_first

if TYPE_CHECKING:
    from pathlib import Path

    from greenspace.model.check import Picture
    from greenspace.model.coverage_map import CoverageMap
    from greenspace.model.words import Language

WIDTH: Final = 110
TABLE: Final = "coverage.csv"
LAYERS: Final = "coverage.gpkg"


def write_coverage_files(
    cover: CoverageMap, picture: Picture | None, folder: Path, language: Language
) -> None:
    """Write table, layers and map.

    Raises
    ------
    InputError
        A file cannot be written.
    """
    facts = zone_facts(cover, language)
    write_facts(facts, folder / TABLE)
    shapes = cover.table.to_frame().geometry
    zones = gpd.GeoDataFrame(facts, geometry=shapes.to_numpy(), crs=shapes.crs)
    write_ground(zones, folder / LAYERS, "zones")
    found = findings_table(worst_first(cover.findings))
    pyogrio.write_dataframe(found, folder / LAYERS, layer="findings", driver="GPKG")
    view = coverage_view(cover, language, WIDTH)
    (folder / "coverage.txt").write_text(as_text(view, width=WIDTH), encoding="utf-8-sig")
    png, pdf = render(partial(draw_coverage, cover, picture, language=language))
    (folder / "map.png").write_bytes(png)
    (folder / "map.pdf").write_bytes(pdf)


def zone_facts(cover: CoverageMap, language: Language) -> pd.DataFrame:
    """Return one row a zone: name, three areas, value or why there is none, what bounds it."""
    rows = []
    for place, name in enumerate(cover.names):
        ratio = cover.table.ratio(place)
        low, high = ratio.bounds
        row = {
            "name": clean(name),
            "green_m2": ratio.numerator,
            "seen_m2": ratio.denominator,
            "unseen_m2": ratio.unseen,
            "value": ratio.value,
            "low": low,
            "high": high,
        }
        row |= interval_cells(ratio)
        why = {"reason": ratio.reason, "interval_reason": ratio.no_interval}
        rows.append(row | {k: "" if w is None else w.of(language) for k, w in why.items()})
    return pd.DataFrame(rows)


def write_facts(facts: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV that a spreadsheet opens, no text of which it takes for a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # Excel knows it by the mark
        rows = csv.writer(file)
        rows.writerow(facts.columns)
        rows.writerows([_cell(value) for value in row] for row in facts.itertuples(index=False))


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return defused(clean(value))
    return "" if isinstance(value, float) and isnan(value) else value
