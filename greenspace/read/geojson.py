"""GeoJSON: which CRS the text itself names, before anyone believes it.

Question   Does this file name its CRS, disown it, or point at an address for it?
Enters     The path of a GeoJSON.
Leaves     What its ``crs`` member says; a refusal where that would have to be fetched.
Elsewhere  Reading the layer: read/ogr.
"""

from __future__ import annotations

import json
import mmap
import re
from typing import TYPE_CHECKING, Any, Literal

from pyproj import CRS
from pyproj.exceptions import CRSError as ProjCrsError

from greenspace.errors import CrsError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from pathlib import Path

MEMBER = re.compile(rb'"(?:crs|spatialReference)"\s*:\s*')
MEMBER_BYTES = 20_000
OPENGIS = ("http://www.opengis.net/def/crs/", "http://opengis.net/def/crs/")
Said = Literal["nothing", "none", "known", "unknown"]


def said_crs(path: Path) -> Said:
    """Return what a GeoJSON says of its CRS.

    Raises
    ------
    CrsError
        It names an address to fetch the CRS from.
    """
    if not path.stat().st_size:
        return "nothing"
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        first = text.find(b'"features"')
        last = text.rfind(b"]")
        for match in MEMBER.finditer(text):
            value = _value(text[match.end() : match.end() + MEMBER_BYTES])
            if isinstance(value, dict):
                return _said(value, path)
            if value is None and not first < match.start() < last:
                return "none"
    return "nothing"


def _value(text: bytes) -> Any:
    try:
        return json.JSONDecoder().raw_decode(text.decode("utf-8", "replace"))[0]
    except ValueError:
        return ""


def _said(member: dict[str, Any], path: Path) -> Said:
    if "type" not in member:  # Esri's own spelling, which GDAL reads
        return "known"
    properties = member.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    fetched = str(member["type"]).lower() in {"link", "url"} or "://" in str(properties)
    if fetched and not _is_opengis(name):
        raise CrsError(
            "GeoJSON 的坐标系要从网址取得，不予访问。",
            "The GeoJSON has its CRS fetched from an address, which is not visited.",
            remedy=Text(
                zh='请把 crs 成员改为名称，例如 "EPSG:4547"，或另存为 GeoPackage。',
                en='Name it in the crs member, such as "EPSG:4547", or save a GeoPackage.',
            ),
            file=path,
        )
    try:
        CRS.from_user_input(name)
    except (ProjCrsError, TypeError, ValueError):
        return "unknown"
    return "known"


def _is_opengis(name: object) -> bool:
    return isinstance(name, str) and name.startswith(OPENGIS)
