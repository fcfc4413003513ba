"""City heat: the [heat] table of a manifest, with the records of stations that it names.

Question   Which days at which stations does this city bring, and which summer is asked for?
Enters     A Desk and a checked manifest.
Leaves     A HeatRecord; the file is kept with its checksum, findings are on the desk.
Elsewhere  The table of stations: read/stations. The mean: measure/heat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.model.city import HeatRecord
from greenspace.read.stations import Layout, read_stations

if TYPE_CHECKING:
    from greenspace.read.desk import Desk
    from greenspace.read.manifest import Manifest


def find_heat(desk: Desk, manifest: Manifest) -> HeatRecord | None:
    """Return the records of stations, ``None`` where the manifest has none.

    Raises
    ------
    InputError
        As `greenspace.read.stations.read_stations`.
    """
    table = manifest.heat
    if table is None:
        return None
    path = desk.find(table.stations, "stations")
    layout = Layout(
        columns=table.columns, urban=tuple(table.urban), hinterland=tuple(table.hinterland)
    )
    days, findings = read_stations(path, layout, encoding=table.encoding)
    desk.keep(path, "stations")
    desk.findings.extend(findings)
    return HeatRecord(days=days, year=table.year, least_share=table.least_share)
