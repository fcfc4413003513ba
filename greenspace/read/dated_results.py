"""Dated results: a folder of an earlier check as one date of its city.

Question   What did an earlier check of this city find?
Enters     A folder with check.json.
Leaves     One Dated, or one refusal that names file and key.
Elsewhere  The files of such a folder: read/results. Comparing dates: the composer dates.
"""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from greenspace.errors import InputError
from greenspace.model.city import City
from greenspace.model.dates import Dated
from greenspace.model.quantity import Ratio
from greenspace.model.ratio import Interval
from greenspace.model.source import Source
from greenspace.model.trajectory import Baseline
from greenspace.model.verdict import Verdict
from greenspace.model.words import Text
from greenspace.read.definitions import read_indicators
from greenspace.read.files import require_file
from greenspace.read.record_shape import AGAIN, require_record
from greenspace.read.results import read_results

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

RECORD = "check.json"
LOWEST = "lowest_district_"
UNDATED = Text(
    zh="请在 city.toml 的 [city] 中写 date = 2026-06-30，再运行 greenspace check … -o。",
    en="Write date = 2026-06-30 in [city] of city.toml and run greenspace check … -o again.",
)


def read_dated(folder: Path) -> Dated:
    """Return what the check.json of a folder holds.

    Raises
    ------
    InputError
        There is none, it is no record of a check, it was edited since, or its city has no date.
    """
    record = read_record(folder)
    path = folder / RECORD
    with _of_a_check(path):
        day = record["city"]["date"]
        if day is not None:
            return _dated(record, dt.date.fromisoformat(day), folder)
    raise InputError(
        "核查结果没有日期。",
        "The results have no date.",
        remedy=UNDATED,
        file=path,
        expected="date",
    )


def read_record(folder: Path) -> Mapping[str, Any]:
    """Return the check.json of a folder of results, whole and as the check wrote it.

    Raises
    ------
    InputError
        There is none, it is no record of a check by this version, or it was edited since.
    """
    path = require_file(folder / RECORD)
    with _of_a_check(path):
        record: Mapping[str, Any] = json.loads(path.read_bytes().decode("utf-8-sig"))
        require_record(record, read_indicators(), path)
        _require_unedited(folder, path)
    return record


@contextmanager
def _of_a_check(path: Path) -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            "check.json 不是核查结果，或由别的版本写出。",
            "check.json is no record of a check, or was written by another version.",
            remedy=AGAIN,
            file=path,
            expected="check.json of greenspace check",
            found=type(error).__name__,
        ) from None


def _require_unedited(folder: Path, path: Path) -> None:
    """Refuse a record whose checksum is not the one that run.json holds."""
    results = read_results(folder)
    listed = any(item["path"] == RECORD for item in results.run["files"])
    if listed and RECORD not in results.edited:
        return
    raise InputError(
        "check.json 与 run.json 中的校验和不符：核查之后被改动过。",
        "check.json does not have the checksum that run.json holds: it was edited after the check.",
        remedy=AGAIN,
        file=path,
        expected="the check.json that the check wrote",
    )


def _dated(record: Mapping[str, Any], day: dt.date, folder: Path) -> Dated:
    judged = [item for item in record["ratios"] if item["judged"]]
    every = {item["indicator"]: item for item in reversed(judged)}
    ratios = {name: _ratio(item, item) for name, item in every.items()}
    verdicts = tuple(_verdict(row, every) for row in record["verdicts"])
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
        standard_sha256=own_standard(record),
        ratios=ratios,
        verdicts=tuple(row for row in verdicts if row.standard == record["standard"]),
        crs=next((item["crs"] for item in judged if item["crs"]), None),
        bounds=None if bounds is None else tuple(float(value) for value in bounds),  # type: ignore[arg-type]
        witnesses={
            item["indicator"]: item["label"]["en"] for item in judged if item["label"] is not None
        },
    )


def own_standard(record: Mapping[str, Any]) -> str | None:
    """Return the checksum of the user's own standard that judged, ``None`` for the library's."""
    every = record.get("inputs", ())
    return next((item.get("sha256") for item in every if "standard" in item.get("roles", ())), None)


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
        supplied=dict(facts.get("supplied") or {}),
        editions=dict(facts.get("editions") or {}),
        baseline=None if plan is None else Baseline(year=plan["year"], amounts=plan["amounts"]),
        targets={int(year): values for year, values in (facts.get("targets") or {}).items()},
    )


def _ratio(whole: Mapping[str, Any], item: Mapping[str, Any], name: str = "") -> Ratio:
    """Return the number of a whole entry, or of one of its zones."""
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
        name or whole["indicator"],
        item["numerator"],
        item["denominator"],
        whole["unit"],
        None,
        sources=tuple(
            Source(
                role=each["role"], name=each["name"], layer=each["layer"], note=_text(each["note"])
            )
            for each in whole["sources"]
        ),
        interval=span,
        unseen=item["unseen"],
        no_interval=_text(item["no_interval"]),
    )


def _of_row(row: Mapping[str, Any], every: Mapping[str, Mapping[str, Any]]) -> Ratio | None:
    """Return the number of a row: that of the lowest district has its halves among the zones."""
    name, value = row["indicator"], row["value"]
    if value is None:
        return None
    whole = every.get(name.removeprefix(LOWEST))
    if row["basis"] == "measured" and name.startswith(LOWEST) and whole is not None:
        zones = whole["zones"] or ()
        same = [zone for zone in zones if zone["name"] == row["place"] and not zone["outside"]]
        for item in same or [whole]:
            if item["value"] == value:
                return _ratio(whole, item, name)
    role = "supplied" if row["basis"] == "supplied" else "record"
    return Ratio(name, value, 1.0, row["unit"], None, sources=(Source(role=role, name=RECORD),))


def _verdict(row: Mapping[str, Any], every: Mapping[str, Mapping[str, Any]]) -> Verdict:
    return Verdict(
        standard=row["standard"],
        indicator=row["indicator"],
        name=Text(**row["name"]),
        unit=row["unit"],
        operator=row["operator"],
        ratio=_of_row(row, every),
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
