"""League tables: cities and rows as data frames, for analysis and for every file of a league.

Question   Which columns does one line of a city have, and which a row that cities fail?
Enters     A League, or its tallies.
Leaves     Data frames in base units; names free of control characters.
Elsewhere  Counting: evaluate/league. Files: league_files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd

from greenspace.present.words import clean, word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from greenspace.model.league import CityRow, CityVerdict, League, Tally
    from greenspace.model.words import Language

    Column = tuple[str | None, str]  # the law, where it is one of its rows, and the indicator

HEAD: Final = ("id", "name", "manifest", "state", "counted", "standard", "year", "verdict")
TAIL: Final = ("version", "why_zh", "why_en", "no_outline_zh", "no_outline_en")
FAILURES: Final = (
    *("standard", "kind", "indicator", "name_zh", "name_en", "year"),
    *("failed", "assessed", "share", "not_assessable", "provisional", "cities"),
)
LINES: Final = (
    *("id", "name", "state", "year", "standard", "kind", "indicator", "name_zh", "name_en"),
    *("unit", "value", "operator", "threshold", "verdict", "mark", "reason_zh", "reason_en"),
)


def columns_of(league: League) -> tuple[Column, ...]:
    """Return what the cities are judged by, worst first; then what only uncounted ones have."""
    ranked = [(t.standard if t.kind == "law" else None, t.indicator) for t in league.tallies]
    held = [key for city in league.rows for key in city.judged]
    every = [*ranked, *held]
    return tuple(dict.fromkeys(sorted(every, key=lambda key: key[0] is not None)))


def column_name(column: Column) -> str:
    """Return the stem of the columns of an indicator; rows of the law begin with its id.

    Examples
    --------
    >>> column_name((None, "green_coverage")), column_name(("GB55014-2021", "service_coverage"))
    ('green_coverage', 'GB55014-2021:service_coverage')
    """
    law, indicator = column
    return indicator if law is None else f"{law}:{indicator}"


def city_frame(league: League) -> pd.DataFrame:
    """Return one row a city: ``<indicator>`` in base units and ``<indicator>_verdict``."""
    columns = columns_of(league)
    rows = [_city(city) | _judged(city, columns) | _told(city) for city in league.rows]
    names = [f"{column_name(column)}{end}" for column in columns for end in ("", "_verdict")]
    frame = pd.DataFrame(rows, columns=[*HEAD, "provisional", *names, *TAIL])
    numbers = {column_name(column): "float64" for column in columns}
    return frame.astype(
        {"counted": "bool", "provisional": "bool", "year": "Int64"}
        | numbers
        | {name: "object" for name in names if name not in numbers}
    )


def city_ground(league: League) -> gpd.GeoDataFrame:
    """Return the same with the outline of each city in EPSG:4326."""
    shapes = gpd.GeoSeries([city.outline for city in league.rows], crs="EPSG:4326")
    return gpd.GeoDataFrame(city_frame(league), geometry=shapes)


def failure_frame(tallies: Iterable[Tally]) -> pd.DataFrame:
    """Return one row a tally, in their order."""
    rows = [
        {
            "standard": clean(item.standard),
            "kind": item.kind,
            "indicator": item.indicator,
            "name_zh": clean(item.name.zh),
            "name_en": clean(item.name.en),
            "year": item.year,
            "failed": len(item.failed),
            "assessed": item.assessed,
            "share": item.share,
            "not_assessable": item.not_assessable,
            "provisional": item.provisional,
            "cities": ", ".join(map(clean, item.failed)),
        }
        for item in tallies
    ]
    return pd.DataFrame(rows, columns=list(FAILURES)).astype({"year": "Int64", "share": "float64"})


def line_frame(league: League) -> pd.DataFrame:
    """Return one row a city and row of its standard, law rows after its own."""
    rows = [_line(city, row) for city in league.rows for row in city.rows]
    numbers = {"year": "Int64", "value": "float64", "threshold": "float64"}
    return pd.DataFrame(rows, columns=list(LINES)).astype(numbers)


def league_banner(league: League, language: Language) -> str:
    """Return the warning about rows whose number is provisional, each row of a standard once."""
    rows = {
        (row.standard, row.indicator)
        for city in league.rows
        for row in city.rows
        if row.mark == "provisional"
    }
    return word("banner", language).format(count=len(rows)) if rows else ""


def city_label(city: CityRow) -> str:
    """Return the name of a city with its year, or the name of its folder where it has none."""
    name = clean(city.name) or clean(city.id)
    return name if city.year is None else f"{name} {city.year}"


def kind_of(city: CityRow, row: CityVerdict) -> str:
    """Return whether a row is mandatory, another one, or of the law."""
    if row.standard != city.standard:
        return "law"
    return "mandatory" if row.mandatory else "other"


def _city(city: CityRow) -> dict[str, Any]:
    return {
        "id": clean(city.id),
        "name": clean(city.name),
        "manifest": clean(city.manifest),
        "state": city.state,
        "counted": city.counted,
        "standard": None if city.yardstick is None else clean(city.yardstick),
        "year": city.year,
        "verdict": city.verdict,
        "provisional": city.provisional,
    }


def _judged(city: CityRow, columns: Iterable[Column]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    judged = city.judged
    for column in columns:
        row, name = judged.get(column), column_name(column)
        found[name] = None if row is None else row.value
        found[f"{name}_verdict"] = None if row is None else row.verdict
    return found


def _told(city: CityRow) -> dict[str, Any]:
    lacking = city.no_outline
    return {
        "version": None if city.version is None else clean(city.version),
        "why_zh": " ".join(clean(text.zh) for text in city.why),
        "why_en": " ".join(clean(text.en) for text in city.why),
        "no_outline_zh": "" if lacking is None else clean(lacking.zh),
        "no_outline_en": "" if lacking is None else clean(lacking.en),
    }


def _line(city: CityRow, row: CityVerdict) -> dict[str, Any]:
    return {
        "id": clean(city.id),
        "name": clean(city.name),
        "state": city.state,
        "year": city.year,
        "standard": clean(row.standard),
        "kind": kind_of(city, row),
        "indicator": row.indicator,
        "name_zh": clean(row.name.zh),
        "name_en": clean(row.name.en),
        "unit": row.unit,
        "value": row.value,
        "operator": row.operator,
        "threshold": row.threshold,
        "verdict": row.verdict,
        "mark": row.mark,
        "reason_zh": "" if row.reason is None else clean(row.reason.zh),
        "reason_en": "" if row.reason is None else clean(row.reason.en),
    }
