"""GeoJSON: what the text itself says, before anyone believes what GDAL makes of it.

Question   Does this file name its CRS, disown it, or point at an address; how many shapes has it?
Enters     The path of a GeoJSON.
Leaves     What its ``crs`` member says; a refusal where that would have to be fetched; its shapes.
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
NUMBERS = re.compile(rb'"coordinates"\s*:\s*\[[\[\]\d\s.,eE+-]*')
FEATURE = re.compile(rb'"type"\s*:\s*"Feature"')
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


def count_features(path: Path) -> int:
    """Return how often a GeoJSON says ``Feature``: a quick guess, as texts may say it too."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return sum(1 for _ in FEATURE.finditer(text))


def meant_shapes(path: Path) -> list[bool]:
    """Return for each feature of a GeoJSON, or of Esri's, whether it is meant to have a shape."""
    document = json.loads(path.read_bytes().decode("utf-8-sig", "replace"))
    features = document.get("features", [document])
    return [is_meant(feature) for feature in features]


def flawed_rows(path: Path) -> list[int]:
    """Return the features with coordinates that are no numbers: GDAL drops only those parts."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        if not _breaks_off(text):
            return []
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig", "replace"))
    except ValueError:  # one record a line
        return []
    shapes = [feature.get("geometry", feature) for feature in document.get("features", [document])]
    return [at for at, shape in enumerate(shapes) if _breaks_off(json.dumps(shape).encode())]


def _breaks_off(text: bytes | mmap.mmap) -> bool:
    return any(
        match.group().count(b"[") != match.group().count(b"]") for match in NUMBERS.finditer(text)
    )


def is_meant(feature: object) -> bool:
    """Return whether a feature, or a shape on its own, has a shape to be built."""
    if not isinstance(feature, dict):
        return False
    shape = feature.get("geometry") if "geometry" in feature or "properties" in feature else feature
    return bool(shape) and not (isinstance(shape, dict) and shape.get("coordinates") == [])


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
