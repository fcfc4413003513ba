"""OGR: the vector files that GDAL reads, one layer at a time.

Question   What do GDAL's vector drivers say this file holds?
Enters     A path that exists.
Leaves     Layers as they are in the file, and refusals that name file and layer.
Elsewhere  Which reader for which source: read/vector. Opening: read/gdal. Shapefiles: read/shapefile.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
import pyogrio.raw
from pyproj.exceptions import CRSError as ProjCrsError

from greenspace.errors import CrsError, EncodingError, GeometryError, GreenspaceError, InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.attributes import with_lost_attributes
from greenspace.read.gdal import MEASURED, listening, opened, remarks_of
from greenspace.read.geojson import count_features, flawed_rows, meant_shapes, said_crs
from greenspace.read.geopackage import in_use_finding, stamp_of
from greenspace.read.kinds import kind_of_file
from greenspace.read.layer_reader import LayerInfo, RawLayer
from greenspace.read.losses import (
    arcs_finding,
    flattened,
    is_shape,
    why_not,
    without_hidden_curves,
    without_shapes,
    without_unbuildable,
)
from greenspace.read.text import encoding_of_text
from greenspace.read.wholeness import broken, meant_of_records, require_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STYLES = "layer_styles"
UNDEFINED = "Undefined "  # how GeoPackage calls the CRS of a layer that has none
ARC_KINDS = {"GPKG", "OpenFileGDB", "GML", "FlatGeobuf"}
ARCS = "'CIRCULARSTRING', 'COMPOUNDCURVE', 'CURVEPOLYGON', 'MULTICURVE', 'MULTISURFACE'"
LONGITUDE, LATITUDE = 180.0, 90.0

INSUNITS = re.compile(rb"\$INSUNITS\s+70\s+(\d+)")
METRES_OR_NONE = {0, 6}
DRAWING_UNITS = {
    1: Text(zh="英寸", en="inches"),
    2: Text(zh="英尺", en="feet"),
    4: Text(zh="毫米", en="millimetres"),
    5: Text(zh="厘米", en="centimetres"),
    7: Text(zh="千米", en="kilometres"),
    14: Text(zh="分米", en="decimetres"),
    21: Text(zh="美国测量英尺", en="US survey feet"),
}
SOURCE_PLACE = re.compile(r"(?:[A-Za-z]:)?[\\/][^\s,:]*\.(?:cpp|c|h), \d+:?")  # in GDAL's own code

CHECK_WHOLE = Text(zh="请核对文件是否完整。", en="Check that the file is whole.")
PARTS_TOGETHER = Text(
    zh="请核对文件是否完整；shapefile 需要 .shp、.shx、.dbf 在一起。",
    en="Check that the file is whole; a shapefile needs .shp, .shx and .dbf together.",
)
NO_CRS_IN_DXF = Text(zh="DXF 不记录坐标系。", en="A DXF does not record its CRS.")
CRS_DISOWNED = Text(
    zh="GeoJSON 的 crs 成员为 null 或无法识别，不能当作 WGS 84。",
    en="The crs member of the GeoJSON is null or unknown: it is not taken for WGS 84.",
)
NO_DEGREES = Text(
    zh="文件按规定应为 WGS 84 经纬度，坐标却超出 ±180°/±90°：它不是经纬度。",
    en="By its format the file is in degrees of WGS 84, but its coordinates lie beyond "
    "±180°/±90°: they are no degrees.",
)


@dataclass(frozen=True, slots=True)
class OgrReader:
    """A file of any kind that GDAL's vector drivers read."""

    path: Path

    def names(self) -> tuple[str, ...]:
        """Return the names of the layers."""
        with refusing(self.path), listening(), opened(self.path) as place:
            stamp = stamp_of(self.path)
            return _layer_names(place) if stamp is None else _known_names(place, stamp)

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return what the file says of each layer."""
        with refusing(self.path), listening(), opened(self.path) as place:
            require_whole(self.path, kind_of_file(self.path))
            return tuple(_layer_info(place, name) for name in _layer_names(place))

    def read(self, layer: str, *, encoding: str | None = None) -> RawLayer:
        """Read one layer.

        Raises
        ------
        InputError
            The file cannot be read.
        EncodingError
            The attributes cannot be decoded.
        GeometryError
            The layer has no shapes, or none that can be built.
        CrsError
            It names a CRS that has to be fetched.
        """
        kind = kind_of_file(self.path)
        with refusing(self.path, layer):
            require_whole(self.path, kind)
        said = said_crs(self.path) if kind == "GeoJSON" else "nothing"
        settings, encoding, findings = _encoding(self.path, kind, encoding)
        frame, told = read_frame(self.path, layer, encoding, **settings)
        frame, why = _without_false_crs(frame, kind, said)
        findings = (*findings, *in_use_finding(self.path, layer))
        return RawLayer(frame, (*findings, *told), why_no_crs=why)


@lru_cache(maxsize=64)
def _known_names(place: str, stamp: object) -> tuple[str, ...]:  # noqa: ARG001 - part of the key
    """Return the layers of a GeoPackage: to list them takes longer than to read one."""
    return _layer_names(place)


def _layer_names(place: str) -> tuple[str, ...]:
    """Return the layers; the table in which QGIS keeps its styles is none."""
    return tuple(str(name) for name in pyogrio.list_layers(place)[:, 0] if name != STYLES)


def _layer_info(place: str, name: str) -> LayerInfo:
    info = pyogrio.read_info(place, layer=name, force_feature_count=True)
    return LayerInfo(
        name,
        info["geometry_type"],
        None if UNDEFINED in (info["crs"] or "") else info["crs"],
        int(info["features"]),
        tuple(str(field) for field in info["fields"]),
    )


def _encoding(
    path: Path, kind: str, encoding: str | None
) -> tuple[dict[str, str], str | None, tuple[Finding, ...]]:
    """Tell the encoding: a DXF has to hear it from GDAL's settings, and often lies about it."""
    if kind == "DXF":
        content = path.read_bytes()
        found, findings = encoding_of_text(content, file=path, encoding=encoding)
        settings = {"DXF_ENCODING": found.removesuffix("-sig").upper()}
        return settings, None, (*findings, *_drawing_units(content))
    return {}, encoding, ()


def _drawing_units(drawing: bytes) -> tuple[Finding, ...]:
    """Say that a drawing states another unit than metres; templates often state a wrong one."""
    stated = INSUNITS.search(drawing)
    code = int(stated.group(1)) if stated else 0
    if code in METRES_OR_NONE:
        return ()
    unit = DRAWING_UNITS.get(code, Text(zh=f"代号 {code}", en=f"code {code}"))
    text = Text(
        zh=f"图形文件写明的单位是{unit.zh}（$INSUNITS = {code}）；坐标按原数读入，未换算。"
        "若确实不是米，请先换算成米。",
        en=f"The drawing states {unit.en} as its unit ($INSUNITS = {code}); its coordinates were "
        "taken as they stand. If they are not in metres, convert them first.",
    )
    return (Finding(code="drawing_units", text=text, severity="warning"),)


def read_frame(
    path: Path, layer: str, encoding: str | None, **settings: str
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return one layer as GDAL reads it, flat and straight, and what that took.

    The index counts the rows of the file, also where shapes that cannot be built are left out.
    """
    with (
        listening() as heard,
        refusing(path, layer, encoding),
        opened(path, **settings) as place,
    ):
        frame, lost = _read(place, path, layer, encoding)
        arcs = _arcs(place, layer, kind_of_file(path), frame)
    measured = any(text.startswith(MEASURED) for text in heard)
    frame, flat = flattened(frame, layer=layer, measured=measured)
    return frame, (*lost, *flat, *arcs_finding(arcs, layer), *remarks_of(heard, layer))


def _read(
    place: str, path: Path, layer: str, encoding: str | None
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    frame = pyogrio.read_dataframe(place, layer=layer, encoding=encoding, on_invalid="ignore")
    if not isinstance(frame, gpd.GeoDataFrame):
        raise GeometryError(
            "该图层没有几何图形。",
            "The layer has no shapes.",
            remedy=Text(zh="请指定含图形的图层。", en="Name a layer with shapes."),
            file=path,
            layer=layer,
        )
    flawed = flawed_rows(path) if kind_of_file(path) == "GeoJSON" else []
    frame = without_shapes(without_hidden_curves(frame), flawed)
    frame, told = with_lost_attributes(frame, place, layer, encoding)
    gaps = bool(frame.geometry.isna().any())
    written = _written_shapes(place, path, len(frame), gaps=gaps)
    if not gaps:
        return frame, told
    sources = pyogrio.raw.read(place, layer=layer, encoding=encoding, columns=[])[2]
    frame, lost = without_unbuildable(
        frame,
        written or [is_shape(source) for source in sources],
        lambda at: "GeoJSON" if written else why_not(sources[at]),
        file=path,
        layer=layer,
    )
    return frame, (*told, *lost)


def _written_shapes(place: str, path: Path, rows: int, *, gaps: bool) -> list[bool] | None:
    """Return where a GeoJSON means to have a shape, if in doubt; refuse one not read to its end."""
    if kind_of_file(path) != "GeoJSON":
        return None
    if pyogrio.read_info(place)["driver"] == "GeoJSONSeq":
        meant = list(meant_of_records(path))
    elif gaps or count_features(path) != rows:
        meant = meant_shapes(path)
    else:
        return None
    if len(meant) == rows:
        return meant
    raise broken(
        path,
        f"文本有 {len(meant)} 条记录，只读出 {rows} 行",
        f"its text has {len(meant)} records, of which {rows} could be read",
    )


def _arcs(place: str, layer: str, kind: str, frame: gpd.GeoDataFrame) -> int | None:
    """Count the shapes of curved kinds, which are made straight without a word; a DXF cannot tell."""
    if kind == "DXF":
        return None
    if kind not in ARC_KINDS or (frame.geom_type.dropna() == "Point").all():
        return 0
    name = layer.replace("\\", "\\\\").replace('"', '\\"')
    fids = pyogrio.raw.read(
        place,
        sql=f'SELECT FID FROM "{name}" WHERE OGR_GEOMETRY IN ({ARCS})',  # noqa: S608 - quoted
        sql_dialect="OGRSQL",
        read_geometry=False,
        return_fids=True,
    )[1]
    return len(fids)


def _without_false_crs(
    frame: gpd.GeoDataFrame, kind: str, said: str
) -> tuple[gpd.GeoDataFrame, Text | None]:
    if kind == "DXF":
        return frame, NO_CRS_IN_DXF
    if frame.crs is None:
        return frame, None
    why = None
    if said in {"none", "unknown"}:
        why = CRS_DISOWNED
    elif kind == "KML" or (kind == "GeoJSON" and said == "nothing"):
        west, south, east, north = frame.total_bounds
        beyond = max(-west, east) > LONGITUDE or max(-south, north) > LATITUDE
        why = NO_DEGREES if beyond else None
    if why is not None or frame.crs.name.startswith(UNDEFINED):
        return frame.set_crs(None, allow_override=True), why
    return frame, None


@contextmanager
def refusing(path: Path, layer: str | None = None, encoding: str | None = None) -> Iterator[None]:
    """Turn whatever pyogrio, pyproj or pandas say into a refusal."""
    try:
        yield
    except GreenspaceError:
        raise
    except (UnicodeDecodeError, LookupError) as error:
        raise EncodingError(
            f"属性文字不能按 {encoding or 'UTF-8'} 解码。",
            f"The attributes cannot be decoded as {encoding or 'UTF-8'}.",
            remedy=Text(
                zh='请写明编码，例如 encoding = "gb18030"。',
                en='Name the encoding, for example encoding = "gb18030".',
            ),
            file=path,
            layer=layer,
            found=encoding,
        ) from error
    except ProjCrsError as error:
        raise CrsError(
            "无法识别文件写明的坐标系。",
            "The CRS that the file names is not known.",
            remedy=Text(
                zh="请在 GIS 软件中重新指定坐标系后另存。",
                en="Set the CRS anew in a GIS and save the layer.",
            ),
            file=path,
            layer=layer,
        ) from error
    except (RuntimeError, ValueError, ArithmeticError, OSError, NameError, TypeError) as error:
        raise unreadable(path, error, layer) from error


def unreadable(path: Path, error: object, layer: str | None = None) -> InputError:
    """Return the refusal of a file that GDAL cannot open."""
    said = re.sub(rf"[^\s'\"]*[/\\](?={re.escape(path.name)})", "", str(error))  # private copies
    said = SOURCE_PLACE.sub("", said).strip(" .")
    return InputError(
        f"不能作为矢量文件打开：{said}。",
        f"It cannot be opened as a vector file: {said}.",
        remedy=PARTS_TOGETHER if path.suffix.lower() == ".shp" else CHECK_WHOLE,
        file=path,
        layer=layer,
    )
