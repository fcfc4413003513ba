"""Green-line record: a plan as JSON that is the same, byte for byte, for the same inputs.

Question   What would another program need to know of these lines?
Enters     A GreenLinePlan.
Leaves     Its text: no clock time, no absolute path; what does not exist is null.
Elsewhere  Where and when it ran: run.json, by green_line_files. Shapes: green_line_layers.

city      name, date, report
software  name, version
crs       authority and code, or the name
inputs    path (relative to the manifest), sha256, roles; one entry a file
limits    tolerance_m, and of area change and displacement what was allowed and what was reached
lines     number, status, category, class, name, area_m2, length_m, rings, points
sums      count, area_m2, length_m by status
checks    id, title, passed (null: could not be tested), text, mark, count, area_m2
tables    one entry a ledger: id, title, note, columns [{key, title, unit}], rows
findings  code, severity, text, layer, rows, count, area_m2, indicators; worst first
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from greenspace.model.green_line import STATUSES
from greenspace.model.words import Text
from greenspace.present.record import (
    crs_name,
    finding_record,
    folders_of,
    inputs_record,
    relative_findings,
    scrubbed,
    software_version,
    text_record,
)
from greenspace.present.words import json_text

if TYPE_CHECKING:
    import geopandas as gpd

    from greenspace.model.green_line_plan import GreenLinePlan
    from greenspace.model.ledger import Ledger
    from greenspace.model.plan_check import PlanCheck

    Record = dict[str, Any]


def plan_json(plan: GreenLinePlan) -> str:
    """Return the record as JSON text that ends with a newline."""
    return json_text(plan_record(plan))


def plan_record(plan: GreenLinePlan) -> Record:
    """Return the record as plain values; the module lists its keys."""
    city = plan.city
    record: Record = {
        "city": {
            "name": city.name,
            "date": None if city.date is None else city.date.isoformat(),
            "report": dict(city.report),
        },
        "software": {"name": "greenspace", "version": software_version()},
        "crs": crs_name(plan.crs),
        "inputs": inputs_record(plan.inputs),
        "limits": None if plan.lines.limits is None else asdict(plan.lines.limits),
        "sums": sums_by_status(plan.lines.lines),
        "lines": _lines(plan.lines.lines),
        "checks": [_check(check) for check in plan.checks],
        "tables": [_table(ledger) for ledger in plan.ledgers],
        "findings": [
            finding_record(item) for item in relative_findings(plan.findings, city.manifest)
        ],
    }
    plain: Record = scrubbed(record, folders_of(city.manifest))
    return plain


def sums_by_status(lines: gpd.GeoDataFrame) -> dict[str, dict[str, float]]:
    """Return how many lines each status has, their area and their length."""
    found = {}
    for status in STATUSES:
        of = lines[lines["status"] == status]
        sums = {name: float(of[name].sum()) for name in ("area_m2", "length_m")}
        found[status] = {"count": len(of), **sums}
    return found


def _lines(lines: gpd.GeoDataFrame) -> list[Record]:
    shapes = lines.geometry.to_numpy()
    rings = 1 + shapely.get_num_interior_rings(shapes)
    corners = shapely.get_num_coordinates(shapes) - rings
    plain = lines.drop(columns=lines.geometry.name).assign(rings=rings, points=corners)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def _check(check: PlanCheck) -> Record:
    return {
        "id": check.id,
        "title": text_record(check.title),
        "passed": check.passed,
        "text": text_record(check.text),
        "mark": check.mark,
        "count": check.count,
        "area_m2": check.area_m2,
    }


def _table(ledger: Ledger) -> Record:
    keys = [column.key for column in ledger.columns]
    rows = ledger.rows[keys].astype(object).itertuples(index=False, name=None)
    return {
        "id": ledger.id,
        "title": text_record(ledger.title),
        "note": text_record(ledger.note),
        "columns": [
            {"key": column.key, "title": text_record(column.title), "unit": column.unit}
            for column in ledger.columns
        ],
        "rows": [[_cell(value) for value in row] for row in rows],
    }


def _cell(value: Any) -> Any:
    if isinstance(value, Text):
        return text_record(value)
    if value is pd.NA or value is pd.NaT:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value
