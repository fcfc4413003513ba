"""Scan: which files of a folder could be layers and images of a city.

Question   What lies in this folder, and what of the manifest might each file be?
Enters     A folder, as an office keeps it.
Leaves     Candidates with what each says of itself; files are only looked into.
Elsewhere  Names and their meaning: read/guess. The draft: present/draft.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pyogrio
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError

from greenspace.errors import InputError
from greenspace.model.candidate import Candidate
from greenspace.model.classes import spell
from greenspace.model.layers import LAYERS
from greenspace.model.words import Text
from greenspace.read.definitions import read_classes
from greenspace.read.gdal import opened
from greenspace.read.guess import guess_bands, guess_date, guess_layer, guess_roles, is_mask
from greenspace.read.image_path import locate
from greenspace.read.osm import SUFFIXES
from greenspace.read.vector import list_layers, reader_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenspace.read.layer_reader import LayerInfo

VECTORS = {".gpkg", ".shp", ".geojson", ".json", ".gdb", ".zip", ".fgb", ".tab", ".pbf", ".osm"}
VECTORS |= {".kml", ".kmz", ".gml", ".dxf", ".csv", ".parquet", ".geoparquet"}
RASTERS = {".tif", ".tiff", ".img", ".vrt", ".jp2"}
WHOLE = {".shp", ".zip", ".csv", ".parquet", ".geoparquet"}
QUIET = {".json", ".zip", ".csv", ".parquet"}  # often something else altogether
DEPTH = 2
RESULTS = {"check.json", "run.json"}
CODES_READ = 2000
CODES_KNOWN = 0.5
KINDS = {"Polygon": "polygon", "LineString": "line", "Point": "point"}
CLOSED = Text(zh="不能打开", en="cannot be opened")
CRS_NOT_SAID = Text(zh="没有坐标系", en="no CRS")


def scan_folder(folder: Path | str) -> tuple[Candidate, ...]:
    """Return what a folder and the folders in it hold, in the order of their names.

    OpenStreetMap extracts come last: a city's own layers go before them.
    Folders with the results of an earlier check are passed over.

    Raises
    ------
    InputError
        There is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(
            "找不到文件夹。",
            "The folder does not exist.",
            remedy=Text(zh="请核对路径。", en="Check the path."),
            file=folder,
        )
    found: list[Candidate] = []
    for path in _files(folder, DEPTH):
        found.extend(_candidates(path, path.relative_to(folder).as_posix()))
    return tuple(sorted(found, key=lambda item: item.path.lower().endswith(SUFFIXES)))


def _files(folder: Path, depth: int) -> Iterator[Path]:
    items = sorted(folder.iterdir(), key=lambda item: item.name)
    if any(item.name in RESULTS for item in items):
        return
    for item in items:
        if item.name.startswith("."):
            continue
        suffix = item.suffix.lower()
        if item.is_dir() and suffix != ".gdb":
            if depth > 1:
                yield from _files(item, depth - 1)
        elif suffix in VECTORS | RASTERS:
            yield item


def _candidates(path: Path, name: str) -> list[Candidate]:
    if not _can_be_written(name):
        shown = name.encode("utf-8", "replace").decode("utf-8")
        remark = Text(zh="文件名不是有效文字，请改名", en="its name is not valid text: rename it")
        return [Candidate(path=shown, kind="any", remark=remark)]
    if path.suffix.lower() in RASTERS:
        return [_raster(path, name)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of coordinates that are not ours to use
            infos = list_layers(path)
    except (InputError, UnicodeDecodeError):
        if path.suffix.lower() in QUIET:
            return []
        return [Candidate(path=name, kind="any", remark=CLOSED)]
    return [_vector(path, name, info, len(infos)) for info in infos if info.geometry_type]


def _can_be_written(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _vector(path: Path, name: str, info: LayerInfo, layers: int) -> Candidate:
    kind = kind_of(info.geometry_type)
    guess = guess_layer([info.name, path.stem, path.parent.name])
    codes = _code_column(path, info) if kind == "polygon" else None
    if guess is None and codes is not None:
        guess = "green"
    if guess is not None and not _fits(kind, guess):
        guess = None
    roles: dict[str, str] = {}
    edition = None
    if guess is not None:
        roles = guess_roles(info.columns, LAYERS[guess])
        roles.pop("built", None)  # means something only beside new_since, which nobody can guess
        if "edition" in LAYERS[guess].settings:
            roles.pop("class", None)
            if codes is not None:
                roles["class"], edition = codes
    return Candidate(
        path=name,
        kind=kind,
        layer=info.name if layers > 1 else None,
        crs=_crs_name(info.crs),
        count=info.feature_count,
        columns=info.columns,
        guess=guess,
        roles=roles,
        edition=edition,
        remark=None if info.crs else CRS_NOT_SAID,
    )


def kind_of(geometry_type: str | None) -> str:
    """Return the kind of shape behind a file's own name for it.

    Examples
    --------
    >>> kind_of("MultiPolygon Z"), kind_of("Unknown")
    ('polygon', 'any')
    """
    text = geometry_type or ""
    return next((kind for word, kind in KINDS.items() if word in text), "any")


def _fits(kind: str, guess: str) -> bool:
    return "any" in (kind, LAYERS[guess].kind) or kind == LAYERS[guess].kind


def _code_column(path: Path, info: LayerInfo) -> tuple[str, str] | None:
    """Return the column that holds class codes of green land, and their edition."""
    column = guess_roles(info.columns, LAYERS["green"]).get("class")
    if column is None or not info.feature_count:
        return None
    try:
        codes = [spell(code) for code in _values(path, info.name, column)]
    except (RuntimeError, ValueError, LookupError):
        return None
    shares = {
        edition: sum(classes.role(code) is not None for code in codes) / max(len(codes), 1)
        for edition in ("2017", "2002")
        for classes in (read_classes(edition),)
    }
    edition = max(shares, key=lambda key: shares[key])
    if shares[edition] < CODES_KNOWN or not any(re.match(r"[GX]", code) for code in codes):
        return None
    return column, edition


def _values(path: Path, layer: str, column: str) -> list[object]:
    """Return the first values of a column; of a shapefile all are read, to know its encoding."""
    if path.suffix.lower() in WHOLE:
        table = reader_of(path).read(layer).frame.head(CODES_READ)
    else:
        with opened(path) as place:
            table = pyogrio.read_dataframe(
                place, layer=layer, columns=[column], read_geometry=False, max_features=CODES_READ
            )
    return list(table[column].dropna())


def _crs_name(crs: str | None) -> str | None:
    return None if crs is None else crs.splitlines()[0][:60]


def _raster(path: Path, name: str) -> Candidate:
    try:
        with locate(path).opened() as image:
            crs = image.crs.to_string() if image.crs else None
            alpha = ColorInterp.alpha in image.colorinterp
            descriptions, count = list(image.descriptions), int(image.count)
    except (InputError, RasterioError):
        return Candidate(path=name, kind="raster", remark=CLOSED)
    bands = {} if alpha else guess_bands(descriptions)
    remark: Text | None = None if crs else CRS_NOT_SAID
    if not bands:
        remark = Text(
            zh=f"{count} 个波段，看不出红光和近红外",
            en=f"{count} bands, red and near infrared not told",
        )
    guess = "image" if bands and crs else None
    return Candidate(
        path=name,
        kind="raster",
        crs=_crs_name(crs),
        count=count,
        guess="mask" if is_mask(path.name, count) else guess,
        date=guess_date(path.name),
        bands=bands,
        remark=remark,
    )
