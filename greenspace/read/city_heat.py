"""City heat: the [heat] table of a manifest, with the records of stations that it names.

Question   Which days at which stations does this city bring, and which summer is asked for?
Enters     A Desk and a checked manifest.
Leaves     A HeatRecord; the file is kept with its checksum, findings are on the desk.
Elsewhere  The table of stations: read/stations. The mean: measure/heat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.errors import ManifestError
from greenspace.model.city import SUMMER_MONTHS, HeatRecord
from greenspace.model.words import Text
from greenspace.read.stations import Layout, read_stations

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from greenspace.read.desk import Desk
    from greenspace.read.manifest import Manifest


def find_heat(desk: Desk, manifest: Manifest) -> HeatRecord | None:
    """Return the records of stations, ``None`` where the manifest has none.

    Raises
    ------
    InputError
        As `greenspace.read.stations.read_stations`.
    ManifestError
        The records do not reach the summer that is asked for.
    """
    table = manifest.heat
    if table is None:
        return None
    path = desk.find(table.stations, "stations")
    layout = Layout(
        columns=table.columns, urban=tuple(table.urban), hinterland=tuple(table.hinterland)
    )
    days, findings = read_stations(path, layout, encoding=table.encoding)
    if table.year is not None:
        _require_summer(days, table.year, desk.manifest)
    desk.keep(path, "stations")
    desk.findings.extend(findings)
    return HeatRecord(days=days, year=table.year, least_share=table.least_share)


def _require_summer(days: pd.DataFrame, year: int, manifest: Path) -> None:
    date = days["date"].dt
    known = sorted(map(int, date.year[date.month.isin(SUMMER_MONTHS)].unique()), reverse=True)
    if year in known:
        return
    listed = ", ".join(map(str, known)) or "—"
    raise ManifestError(
        f"气象站记录中没有 heat.year = {year} 的夏季（6—8 月），有：{listed}。",
        f"The records of stations have no summer of heat.year = {year}; they have {listed}.",
        remedy=Text(
            zh="请改写 year，或去掉它以评最近的夏季。",
            en="Name another year, or leave it out for the newest.",
        ),
        file=manifest,
        layer="stations",
        expected=tuple(known),
        found=year,
    )
