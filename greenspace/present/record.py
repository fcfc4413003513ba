"""Record: a check as JSON that is the same, byte for byte, whenever the inputs are the same.

Question   What would another program need to know of this check?
Enters     A Check.
Leaves     A dict of plain values, and its text: no clock time, no absolute path.
Elsewhere  Where and when it ran: run.json, by write. Every key: docs/reference/check_json.md.

Numbers are in base units (shares 0-1, m2, m, persons) and unrounded; what does not exist is null.
Texts are ``{"zh", "en"}``.

city        name, date, population, population_basis, region, construction_land_per_head_m2,
            declared, supplied, provenance, report, editions, baseline, targets, bounds in degrees
standard    the id that was judged, with its level where one was named
software    name, version
inputs      path (relative to the manifest), sha256, roles; one entry a file
ratios      indicator, unit, value, numerator, denominator, unseen, bounds [low, high], interval
            [low, high, confidence], estimate, interval_method, interval_points, standard_error,
            no_interval, crs,
            tiers [[park m2, radius m]], judged, label, reason, sources, zones [{name, outside,
            and value to no_interval as above}]
verdicts    standard, indicator, name, unit, operator, value, threshold, readings, margin,
            verdict, mark, reason, source, gate, mandatory, basis, place, other_levels
overall     standard, verdict, provisional, review_ends, reason
trajectory  null without targets; else one entry an indicator: indicator, unit, better, start
            [decimal year, value], day, value, planned, state, reason, targets [{year, value,
            lacking, state, years_left, needed_per_year, needed_m2, needed_m2_per_year}]
declared    indicator, declared, half_step, measured, difference, left_open [low, high],
            standing, flatters, reason; one entry a declared figure
findings    code, severity, text, layer, rows, count, area_m2, indicators; worst first
"""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from importlib import metadata
from math import isfinite
from numbers import Integral, Real
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from greenspace.model.crs import degrees_of, is_local
from greenspace.model.words import Text
from greenspace.present.districts import zones_of
from greenspace.present.words import WORDS, json_text, worst_first

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyproj import CRS

    from greenspace.model.check import Check, Measured
    from greenspace.model.crs import Bounds
    from greenspace.model.declared import Declared
    from greenspace.model.quantity import Ratio
    from greenspace.model.source import Finding, Source
    from greenspace.model.trajectory import Course
    from greenspace.model.verdict import Verdict

Record = dict[str, Any]


def check_json(check: Check) -> str:
    """Return the record as JSON text that ends with a newline."""
    return json_text(check_record(check))


def check_record(check: Check) -> Record:
    """Return the record as plain values; the module lists its keys."""
    record: Record = {
        "city": _city(check),
        "standard": check.standard,
        "software": {"name": "greenspace", "version": software_version()},
        "inputs": inputs_record(check.inputs),
        "ratios": [_measured(item) for item in check.measured],
        "verdicts": [_verdict(item) for item in check.verdicts],
        "overall": {
            "standard": check.overall.standard,
            "verdict": check.overall.verdict,
            "provisional": check.overall.provisional,
            "review_ends": list(check.overall.review_ends),
            "reason": text_record(check.overall.reason),
        },
        "trajectory": None
        if check.trajectory is None
        else [course_record(course) for course in check.trajectory.courses],
        "declared": [_declared(item) for item in check.declared],
        "findings": [finding_record(item) for item in told_findings(check)],
    }
    plain: Record = scrubbed(record, folders_of(check.city.manifest))
    return plain


def told_findings(check: Check) -> tuple[Finding, ...]:
    """Return the findings, worst first and once, with files named from the manifest."""
    return relative_findings(check.findings, check.city.manifest)


def relative_findings(findings: tuple[Finding, ...], manifest: Path) -> tuple[Finding, ...]:
    """Return findings, worst first and once, with files named from a manifest's folder."""
    folders = folders_of(manifest)
    return tuple(
        replace(
            item,
            text=Text(
                zh=without_folder(item.text.zh, folders), en=without_folder(item.text.en, folders)
            ),
        )
        for item in worst_first(findings)
    )


def software_version() -> str:
    """Return the version of this package."""
    try:
        return metadata.version("greenspace")
    except metadata.PackageNotFoundError:
        return "unknown"


def relative_name(name: str) -> str:
    """Return a file name without the folders of one machine.

    Examples
    --------
    >>> relative_name("data/a.shp"), relative_name("D:/maps/a.shp"), relative_name("/x/a.tif")
    ('data/a.shp', 'a.shp', 'a.tif')
    """
    for kind in (PurePosixPath, PureWindowsPath):
        if kind(name).is_absolute():
            return kind(name).name
    return name


def crs_name(crs: CRS | None) -> str | None:
    """Return authority and code, the name where there is no code.

    Examples
    --------
    >>> from pyproj import CRS
    >>> crs_name(CRS.from_epsg(4547))
    'EPSG:4547'
    """
    if crs is None:
        return None
    authority = crs.to_authority(min_confidence=100)
    return str(crs.name) if authority is None else ":".join(authority)


def _city(check: Check) -> Record:
    city = check.city
    return {
        "name": city.name,
        "date": None if city.date is None else city.date.isoformat(),
        "population": city.population,
        "population_basis": city.population_basis,
        "region": city.region,
        "construction_land_per_head_m2": city.construction_land_per_head_m2,
        "declared": dict(city.declared),
        "supplied": dict(city.supplied),
        "provenance": {name: str(told) for name, told in city.provenance.items()},
        "report": dict(city.report),
        "editions": dict(city.editions),
        "baseline": None if city.baseline is None else asdict(city.baseline),
        "targets": {str(year): dict(values) for year, values in city.targets.items()},
        "bounds": None if (place := place_of(check)) is None else list(place),
    }


def place_of(check: Check) -> Bounds | None:
    """Return west, south, east, north of the built-up area in degrees, where they are known."""
    ground = check.layers.get("built_up")
    if ground is None or check.crs is None or is_local(check.crs) or not len(ground):
        return None
    west, south, east, north = (float(value) for value in ground.total_bounds)
    return degrees_of((west, south, east, north), check.crs)


def inputs_record(sources: Iterable[Source]) -> list[Record]:
    """Return files with their checksums and what they were used for, one entry a file."""
    found: dict[tuple[str, str | None], set[str]] = {}
    for source in sources:
        role = f"{source.role}:{source.layer}" if source.layer else source.role
        found.setdefault((relative_name(source.name), source.sha256), set()).add(role)
    return [
        {"path": path, "sha256": sha256, "roles": sorted(roles)}
        for (path, sha256), roles in sorted(
            found.items(), key=lambda entry: (entry[0][0], entry[0][1] or "")
        )
    ]


def _measured(item: Measured) -> Record:
    ratio = item.ratio
    return {
        "indicator": ratio.indicator,
        "unit": ratio.unit,
        **_halves(ratio),
        **_error(ratio),
        "crs": crs_name(ratio.crs),
        "tiers": None if item.tiers is None else [list(tier) for tier in item.tiers],
        "judged": item.judged,
        "label": text_record(item.label),
        "reason": text_record(ratio.reason),
        "sources": [
            {
                "role": source.role,
                "name": relative_name(source.name),
                "layer": source.layer,
                "note": text_record(source.note),
            }
            for source in ratio.sources
        ],
        "zones": None
        if item.zones is None
        else [
            {
                "name": WORDS["outside"].en if zone.outside else zone.name,
                "outside": zone.outside,
                **_halves(zone.ratio),
                **_error(zone.ratio),
            }
            for zone in zones_of(item)
        ],
    }


def _halves(ratio: Ratio) -> Record:
    return {
        "value": ratio.value,
        "numerator": ratio.numerator,
        "denominator": ratio.denominator,
        "unseen": ratio.unseen,
        "bounds": None if ratio.unseen is None else list(ratio.bounds),
    }


def _error(ratio: Ratio) -> Record:
    span = ratio.interval
    return {
        "interval": None
        if span is None or span.confidence is None
        else [span.low, span.high, span.confidence],
        "estimate": None if span is None else span.estimate,
        "interval_method": None if span is None else span.method,
        "interval_points": None if span is None else span.points,
        "standard_error": None if span is None else span.standard_error,
        "no_interval": text_record(ratio.no_interval),
    }


def _verdict(item: Verdict) -> Record:
    cited = item.source
    return {
        "standard": item.standard,
        "indicator": item.indicator,
        "name": text_record(item.name),
        "unit": item.unit,
        "operator": item.operator,
        "value": item.value,
        "threshold": item.threshold,
        "readings": list(item.readings),
        "margin": item.margin,
        "verdict": item.verdict,
        "mark": item.mark,
        "reason": text_record(item.reason),
        "source": None
        if cited is None
        else {"document": cited.document, "clause": cited.clause, "address": cited.address},
        "gate": item.gate,
        "mandatory": item.mandatory,
        "basis": item.basis,
        "place": item.ratio.place if item.ratio else None,
        "other_levels": dict(item.other_levels),
    }


def course_record(course: Course) -> Record:
    """Return an indicator on its way to its targets as plain values."""
    return {
        "indicator": course.indicator,
        "unit": course.unit,
        "better": course.better,
        "start": None if course.start is None else list(course.start),
        "day": course.day.isoformat(),
        "value": course.value,
        "planned": course.planned,
        "state": course.state,
        "reason": text_record(course.reason),
        "targets": [asdict(view) for view in course.targets],
    }


def _declared(item: Declared) -> Record:
    return {
        "indicator": item.indicator,
        "declared": item.declared,
        "half_step": item.half_step,
        "measured": None if item.ratio is None else item.ratio.value,
        "difference": item.difference,
        "left_open": [item.low, item.high],
        "standing": item.standing,
        "flatters": item.flatters,
        "reason": text_record(item.reason),
    }


def finding_record(item: Finding) -> Record:
    """Return a finding as plain values."""
    return {
        "code": item.code,
        "severity": item.severity,
        "text": text_record(item.text),
        "layer": item.layer,
        "rows": [row if isinstance(row, Integral | str) else str(row) for row in item.rows],
        "count": item.count,
        "area_m2": item.area_m2,
        "indicators": list(item.indicators),
    }


def text_record(text: Text | None) -> Record | None:
    """Return a text in both languages."""
    return None if text is None else {"zh": text.zh, "en": text.en}


def scrubbed(value: Any, folders: tuple[str, ...]) -> Any:
    """Make values plain, not-a-numbers null, and paths below the manifest relative."""
    if isinstance(value, dict):
        return {str(key): scrubbed(inner, folders) for key, inner in value.items()}
    if isinstance(value, list):
        return [scrubbed(inner, folders) for inner in value]
    if isinstance(value, str):
        return without_folder(value, folders)
    return value if value is None or isinstance(value, bool) else _number(value)


def _number(value: Any) -> int | float | str | None:
    """Return a plain number, null where it is none, text for whatever else."""
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if isfinite(value) else None
    return str(value)


def without_folder(text: str, folders: tuple[str, ...]) -> str:
    """Return text in which files below these folders are named from there.

    Examples
    --------
    >>> without_folder("in /data/city/a.shp", ("/data/city",))
    'in a.shp'
    """
    for folder in folders:
        below = rf"(?<![\w./\\-]){re.escape(folder)}[/\\]+"
        text = re.sub(below, "", text)
    return text


def folders_of(manifest: Path) -> tuple[str, ...]:
    """Return the manifest's folder as it may be spelt, the longest first."""
    folder = manifest.parent
    spelt = {str(folder), folder.as_posix(), str(folder.absolute()), str(folder.resolve())}
    kept = {name.rstrip("/\\") for name in spelt} - {"", "."}
    return tuple(sorted(kept, key=lambda name: (-len(name), name)))
