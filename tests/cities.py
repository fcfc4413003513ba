"""Folders of results as a check writes them, with numbers made up by hand."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
from shapely import box

from greenspace.league_rows import row_of
from greenspace.model.league import CityRow, CityVerdict
from greenspace.model.words import Text

if TYPE_CHECKING:
    from pathlib import Path

COVERAGE, PARKS, SERVICE = "green_coverage", "park_area_per_capita", "service_coverage"
UNITS = {COVERAGE: "1", PARKS: "m2/person", SERVICE: "1"}
LAW = "GB55014-2021"
TOKENS = {"p": "pass", "f": "fail", "n": "not_assessable"}


def verdict(indicator: str, letter: str, *, standard: str = "CN-2022", **changes: Any) -> dict:
    """Return one entry of ``verdicts``; the letter is that of pass, fail or not assessable."""
    row = {
        "standard": standard,
        "indicator": indicator,
        "name": {"zh": f"{indicator} 名", "en": indicator.replace("_", " ")},
        "unit": UNITS[indicator],
        "operator": ">=",
        "value": 0.35996,
        "threshold": 0.36,
        "readings": [0.36],
        "margin": None,
        "verdict": TOKENS[letter],
        "mark": "verified",
        "reason": None,
        "source": None,
        "gate": False,
        "mandatory": True,
        "basis": "supplied",
        "place": None,
        "other_levels": {},
    }
    return row | changes


def record(
    rows: list[dict], *, name: str = "清河", day: str | None = "2026-06-30", **changes: Any
) -> dict:
    """Return a check.json."""
    own = [row["verdict"] for row in rows if row["standard"] != LAW and row["mandatory"]]
    worst = next((t for t in ("fail", "not_assessable") if t in own), "pass")
    city = dict.fromkeys(("population", "population_basis", "region"))
    city |= {"name": name, "date": day, "construction_land_per_head_m2": None}
    made = {
        "city": city,
        "standard": next((r["standard"] for r in rows if r["standard"] != LAW), "CN-2022"),
        "software": {"name": "greenspace", "version": "0.1.0"},
        "inputs": [{"path": "city.toml", "sha256": "a" * 64, "roles": ["manifest"]}],
        "ratios": [],
        "verdicts": rows,
        "overall": {"verdict": worst, "provisional": False},
        "findings": [],
    }
    return made | changes


def write_results(folder: Path, made: dict, *, ground: gpd.GeoDataFrame | None = None) -> Path:
    """Write check.json, layers.gpkg where there is ground, and run.json with their checksums."""
    folder.mkdir(parents=True)
    (folder / "check.json").write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    if ground is not None:
        ground.to_file(folder / "layers.gpkg", layer="built_up", engine="pyogrio")
    files = [
        {"path": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(folder.iterdir())
    ]
    software = {"name": "greenspace", "version": "0.1.0"}
    run = {"manifest": "city.toml", "libraries": {}, "software": software, "files": files}
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    return folder


def ground(*bounds: float, crs: str | None = "EPSG:4547") -> gpd.GeoDataFrame:
    """Return a built-up area that is one box."""
    return gpd.GeoDataFrame(geometry=[box(*bounds)], crs=crs)


def city(folder: Path, made: dict, *, state: str = "checked", **more: Any) -> CityRow:
    """Write a folder of results and return its line."""
    write_results(folder, made, ground=more.pop("ground", None))
    return row_of(folder, id=folder.name, manifest=f"{folder.name}/city.toml", state=state, **more)


def made_city(key: str, letters: dict[str, str], **changes: Any) -> CityRow:
    """Return a line without a folder: indicator to p, f or n."""
    standard = changes.setdefault("standard", "CN-2022")
    rows = tuple(
        CityVerdict(
            standard=standard,
            indicator=indicator,
            name=Text(indicator, indicator),
            unit="1",
            value=0.3,
            threshold=0.36,
            operator=">=",
            verdict=TOKENS[letter],
            mark="verified",
            mandatory=True,
        )
        for indicator, letter in letters.items()
    )
    base = {"state": "checked", "manifest": key, "verdict": "fail", "rows": rows, "name": key}
    return CityRow(id=key, **(base | changes))
