"""Dated results: a folder of an earlier check as one date of its city.

Question   What did an earlier check of this city find?
Enters     A folder with check.json.
Leaves     One Dated, or one refusal that names file and key.
Elsewhere  The files of such a folder: read/results. Comparing dates: the composer dates.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from greenspace.errors import InputError
from greenspace.model.city import City
from greenspace.model.dates import Dated
from greenspace.model.quantity import Ratio
from greenspace.model.ratio import Interval
from greenspace.model.trajectory import Baseline
from greenspace.model.verdict import Verdict
from greenspace.model.words import Text
from greenspace.read.files import require_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RECORD = "check.json"
AGAIN = Text(
    zh="请用本版本重新运行 greenspace check … -o，或直接给出 city.toml。",
    en="Run greenspace check … -o again with this version, or name the city.toml.",
)
UNDATED = Text(
    zh="请在 city.toml 的 [city] 中写 date = 2026-06-30，再运行 greenspace check … -o。",
    en="Write date = 2026-06-30 in [city] of city.toml and run greenspace check … -o again.",
)


def read_dated(folder: Path) -> Dated:
    """Return what the check.json of a folder holds.

    Raises
    ------
    InputError
        There is none, it is no record of a check, or its city has no date.
    """
    path = require_file(folder / RECORD)
    try:
        record = json.loads(path.read_bytes().decode("utf-8-sig"))
        day = record["city"]["date"]
        if day is not None:
            return _dated(record, dt.date.fromisoformat(day), folder)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            "check.json 不是核查结果，或由别的版本写出。",
            "check.json is no record of a check, or was written by another version.",
            remedy=AGAIN,
            file=path,
            expected="check.json of greenspace check",
            found=type(error).__name__,
        ) from None
    raise InputError(
        "核查结果没有日期。",
        "The results have no date.",
        remedy=UNDATED,
        file=path,
        expected="date",
    )


def _dated(record: Mapping[str, Any], day: dt.date, folder: Path) -> Dated:
    judged = [item for item in record["ratios"] if item["judged"]]
    ratios = {item["indicator"]: _ratio(item) for item in reversed(judged)}
    verdicts = tuple(_verdict(row) for row in record["verdicts"])
    ratios |= {
        row.indicator: row.ratio
        for row in verdicts
        if row.ratio is not None and row.indicator not in ratios
    }
    bounds = record["city"].get("bounds")
    return Dated(
        label=folder.name,
        day=day,
        city=_city(record["city"], day, folder),
        standard=str(record["standard"]),
        ratios=ratios,
        verdicts=tuple(row for row in verdicts if row.standard == record["standard"]),
        crs=next((item["crs"] for item in judged if item["crs"]), None),
        bounds=None if bounds is None else tuple(float(value) for value in bounds),  # type: ignore[arg-type]
        witnesses={
            item["indicator"]: item["label"]["en"] for item in judged if item["label"] is not None
        },
    )


def _city(facts: Mapping[str, Any], day: dt.date, folder: Path) -> City:
    plan = facts.get("baseline")
    return City(
        name=str(facts["name"]),
        manifest=folder / RECORD,
        date=day,
        population=facts["population"],
        population_basis=facts["population_basis"],
        region=facts["region"],
        construction_land_per_head_m2=facts["construction_land_per_head_m2"],
        editions=dict(facts.get("editions") or {}),
        baseline=None if plan is None else Baseline(year=plan["year"], amounts=plan["amounts"]),
        targets={int(year): values for year, values in (facts.get("targets") or {}).items()},
    )


def _ratio(item: Mapping[str, Any]) -> Ratio:
    span = None
    if item["interval"] is not None:
        low, high, confidence = item["interval"]
        span = Interval(
            low,
            high,
            confidence,
            estimate=item["estimate"],
            points=item["interval_points"],
            standard_error=item.get("standard_error"),
        )
    return Ratio(
        item["indicator"],
        item["numerator"],
        item["denominator"],
        item["unit"],
        None,
        interval=span,
        unseen=item["unseen"],
        no_interval=_text(item["no_interval"]),
    )


def _verdict(row: Mapping[str, Any]) -> Verdict:
    value = row["value"]
    return Verdict(
        standard=row["standard"],
        indicator=row["indicator"],
        name=Text(**row["name"]),
        unit=row["unit"],
        operator=row["operator"],
        ratio=None if value is None else Ratio(row["indicator"], value, 1.0, row["unit"], None),
        threshold=row["threshold"],
        readings=tuple(row["readings"]),
        margin=row["margin"],
        verdict=row["verdict"],
        mark=row["mark"],
        reason=_text(row["reason"]),
        source=None,
        gate=row["gate"],
        mandatory=row["mandatory"],
        basis=row["basis"],
        other_levels=tuple((str(name), float(bar)) for name, bar in row["other_levels"].items()),
    )


def _text(words: Mapping[str, str] | None) -> Text | None:
    return None if words is None else Text(zh=words["zh"], en=words["en"])
