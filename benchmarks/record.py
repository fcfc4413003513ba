"""What results.json holds of a benchmark: its lines, the machine, the day, and how busy it was."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import greenspace

if TYPE_CHECKING:
    from benchmarks.table import Table

RESULTS = Path(__file__).with_name("results.json")
LIBRARIES = (
    "numpy",
    "scipy",
    "numba",
    "pandas",
    "shapely",
    "geopandas",
    "pyogrio",
    "pyproj",
    "rasterio",
    "matplotlib",
    "dask",
    "distributed",
)


def version_of(package: str) -> str | None:
    """Return the version of an installed package; None where there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def load() -> float | None:
    """Return how many processes wanted a processor in the last minute, where that is known."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def memory_gb() -> float | None:
    """Return the memory of the machine in 10⁹ bytes, where that is known."""
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names:
        return None
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1)


def machine() -> dict[str, Any]:
    """Return what the seconds depend on, and nothing that names the machine."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": memory_gb(),
        "system": platform.system(),
        "python": platform.python_version(),
        "libraries": {name: said for name in LIBRARIES if (said := version_of(name))},
    }


def recorded(table: Table, *, says: str, quick: bool, load_before: float | None) -> dict[str, Any]:
    """Return one benchmark as it stands in results.json."""
    lines = [asdict(line) for line in table.lines]
    for line in lines:
        line["peer_version"] = version_of(line["peer"]) if line["peer"] else None
    return {
        "says": says,
        "quick": quick,
        "date": datetime.now(UTC).date().isoformat(),
        "greenspace": greenspace.__version__,
        "machine": machine(),
        "load_before": load_before,
        "lines": lines,
        "figures": table.figures,
    }


def write(name: str, record: dict[str, Any], path: Path = RESULTS) -> None:
    """Put one benchmark into results.json; the others stay as they are."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    text = json.dumps(kept | {name: record}, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
