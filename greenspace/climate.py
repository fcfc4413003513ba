"""Climate: the heat island of a table of stations, for scripts and for a city's check.

Question   By how much are summer days warmer in the city than around it?
Enters     A table of daily maxima, as a file or a DataFrame.
Leaves     A Ratio in degrees Celsius.
Elsewhere  Reading: read/stations. Means: measure/heat. A whole city: pipeline.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from greenspace.errors import InputError
from greenspace.measure import heat
from greenspace.model.check import Measured
from greenspace.model.gauged import Gauged
from greenspace.model.names import name_of
from greenspace.model.source import Source
from greenspace.model.words import Text
from greenspace.read.files import require_file, sha256_of
from greenspace.read.stations import Layout, read_stations, stations_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from greenspace.model.quantity import Ratio
    from greenspace.scope import Scope

NO_STATIONS = Text(
    zh="清单没有气象站记录（[heat]）；也可在 [supplied] 中填报。",
    en="The manifest has no records of stations ([heat]); the city may also supply the number "
    "under [supplied].",
)


def heat_island(
    stations: pd.DataFrame | Path | str,
    *,
    year: int | None = None,
    urban: Iterable[str | int] = (),
    hinterland: Iterable[str | int] = (),
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    least_share: float = heat.LEAST_SHARE,
) -> Ratio:
    """Measure the heat-island intensity (城市热岛效应强度) of air temperature.

    Mean of the daily maximum air temperatures of June to August at urban stations, less the
    same at stations of the hinterland. Land-surface temperature from a satellite is another thing.

    Parameters
    ----------
    stations
        A DataFrame, or a CSV file in UTF-8 or GBK: one row a station and day.
    year
        The summer; default: the newest that both sides have. Others are told in a finding.
    urban, hinterland
        Names or numbers of the stations, in place of a column ``zone`` (urban/城区,
        hinterland/郊区), which must not contradict them.
    columns
        Columns by role, ``station``, ``date``, ``tmax`` and ``zone``, where their names do not
        tell.
    encoding
        Of the file, where its bytes do not tell.
    least_share
        Share of the 92 days that a station must have measured to be counted; the standard is
        silent, 0.9 is a choice of this library.

    Returns
    -------
    Ratio
        The difference in °C over 1, negative where the city is cooler; NaN with a reason where
        no summer is long enough on both sides.

    Raises
    ------
    ColumnError
        A column is missing, a date cannot be read, or the numbers are no degrees Celsius.
    InputError
        A side has no station, a day contradicts itself, or the record lacks the year.

    References
    ----------
    docs/explanation/heat_island.md

    Examples
    --------
    >>> days = pd.date_range("2026-06-01", "2026-08-31")
    >>> town = pd.DataFrame({"station": "A", "zone": "城区", "date": days, "tmax_c": 33.0})
    >>> farm = pd.DataFrame({"station": "B", "zone": "郊区", "date": days, "tmax_c": 31.5})
    >>> heat_island(pd.concat([town, farm])).value
    1.5
    """
    layout = Layout(columns=columns or {}, urban=_names(urban), hinterland=_names(hinterland))
    source = None
    if isinstance(stations, pd.DataFrame):
        rows, findings = stations_of(stations.reset_index(drop=True), layout)
    elif not isinstance(stations, Path | str):
        raise InputError(
            f"stations 应是 DataFrame 或文件路径，而不是 {type(stations).__name__}。",
            f"stations should be a DataFrame or the path of a file, not {type(stations).__name__}.",
            remedy=Text(zh="每站每日一行。", en="One row a station and day."),
            expected=("DataFrame", "path"),
            found=type(stations).__name__,
        )
    else:
        rows, findings = read_stations(stations, layout, encoding=encoding)
        file = require_file(stations)
        source = Source(role="stations", name=file.name, sha256=sha256_of(file))
    ratio = heat.heat_island(rows, year=year, least_share=least_share, source=source)
    return ratio.with_findings(*findings)


def gauge_heat(scope: Scope) -> Gauged:
    """Measure the heat island of a city that brings records of stations."""
    record = scope.city.heat
    if record is None:
        return Gauged(missing={heat.HEAT_ISLAND: NO_STATIONS})
    (source,) = scope.city.sources("stations")
    ratio = heat.heat_island(
        record.days, year=record.year, least_share=record.least_share, source=source
    )
    return Gauged(measured=(Measured(ratio=ratio),), findings=ratio.findings)


def _names(stations: Iterable[str | int]) -> tuple[str, ...]:
    return (stations,) if isinstance(stations, str) else tuple(map(name_of, stations))
