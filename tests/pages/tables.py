"""Pieces of TOML on a page: put into a file, or read by the reader whose they are."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from greenspace.read.definitions import read_indicators, read_profile
from greenspace.read.land_cover import read_land_cover
from greenspace.read.manifest import LayerTable, Manifest, read_manifest
from greenspace.read.province import read_province
from greenspace.read.zonings import read_zoning

if TYPE_CHECKING:
    from pathlib import Path

BASE = {"id": "OUR-PAGE", "extends": "CN-2022", "title": {"zh": "页", "en": "Page"}}
APPENDED = {"criterion"}  # other lists are named anew


def named_in(body: str) -> str | None:
    """Return the file that the first line names, as in ``# our-2022.toml``."""
    first = re.match(r"# *([\w./-]+\.toml)\n", body)
    return first[1] if first else None


def put_into(path: Path, body: str) -> None:
    """Put the tables of a block into a file of TOML, and let its reader read it."""
    path.write_text(
        dumped(merged(tomllib.loads(path.read_text(encoding="utf-8")), tomllib.loads(body))),
        encoding="utf-8",
    )
    read_whole(path)


def read_piece(body: str, manifest: Path, folder: Path) -> None:
    """Read a piece by the reader whose keys it has; a key that no reader knows is refused."""
    data = tomllib.loads(body)
    whole = folder / "piece.toml"
    if set(data) <= set(LayerTable.model_fields):
        data = {"layers": {"parks": {"path": "parks.csv", **data}}}
    base = BASE if "criterion" in data else {}
    if set(data) <= set(Manifest.model_fields):
        base = tomllib.loads(manifest.read_text(encoding="utf-8"))
    whole.write_text(dumped(merged(base, data)), encoding="utf-8")
    read_whole(whole)
    whole.unlink()


def read_whole(path: Path) -> None:
    """Read a file of TOML by the reader that it is for."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    if set(data) <= set(Manifest.model_fields) and not isinstance(data.get("city"), list):
        read_manifest(path, read_indicators())
    elif "codes" in data:
        read_land_cover(str(path))
    elif isinstance(data.get("city"), list):
        read_province(path)
    elif "level1" in data:
        read_zoning(str(path))
    elif "criterion" in data or "extends" in data:
        read_profile(path)
    else:
        raise AssertionError(f"whose keys are these? {sorted(data)}")


def merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return tables put together, the new one's words before the old one's."""
    result = dict(old)
    for key, value in new.items():
        if key in APPENDED:
            result[key] = [*old.get(key, []), *value]
        elif isinstance(value, dict) and isinstance(old.get(key), dict) and "path" not in value:
            result[key] = merged(old[key], value)
        else:
            result[key] = value
    return result


def dumped(data: dict[str, Any]) -> str:
    """Spell tables in TOML, every value in one line; ``id = …`` first, tables after it."""
    plain = {key: value for key, value in data.items() if not isinstance(value, dict)}
    tables = {key: value for key, value in data.items() if isinstance(value, dict)}
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in (plain | tables).items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        inside = (f"{_key(key)} = {_value(item)}" for key, item in value.items())
        return f"{{ {', '.join(inside)} }}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)
