"""Georeference: in which CRS the coordinates of a layer are, by file and by user.

Question   What do these numbers mean on the ground?
Enters     A layer as its source has it, and the CRS that the user names, if any.
Leaves     The layer in a CRS that its coordinates fit, and findings on what that rests.
Elsewhere  Numbers that do not fit: model/place. Moving layers to be measured: prepare/project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.errors import CrsError
from greenspace.model.crs import is_local, local_metre, parse_crs, why_not_measuring
from greenspace.model.gauss_kruger import OLD_DATUMS, datum_of
from greenspace.model.offset_coordinates import is_shifted, offset_name, to_wgs84
from greenspace.model.place import require_place
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

GIVE_CRS = Text(
    zh='请在清单该图层下写 crs = "EPSG:4547"（或函数参数 crs=）。',
    en='Write crs = "EPSG:4547" in the layer\'s table (or pass crs=).',
)
NO_CRS = Text(zh="图层没有坐标系。", en="The layer has no CRS.")
EARTH_M = 6371008.8
WGS84 = "EPSG:4326"


def georeferenced(
    frame: gpd.GeoDataFrame,
    given: object,
    *,
    file: Path | str,
    layer: str | None,
    why_no_crs: Text | None = None,
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return a layer in the CRS that its source and the user agree on.

    Parameters
    ----------
    frame
        As read; its CRS is ``None`` where the source says none.
    given
        What the user names: a CRS, ``"local-metre"``, ``"GCJ-02"`` or ``"BD-09"``.
    why_no_crs
        What is said where neither names one.

    Raises
    ------
    CrsError
        No CRS is known, two contradict each other, or the coordinates do not fit.
    """
    offset = offset_name(given)
    if offset is not None:
        return _moved(frame, offset, file, layer)
    if frame.crs is None and given is None:
        why = why_no_crs or NO_CRS
        raise CrsError(why.zh, why.en, remedy=GIVE_CRS, file=file, layer=layer)
    frame = _with_crs(frame, given, file, layer)
    require_place(frame, file=file, layer=layer)
    return frame, _datum_findings(frame.crs)


def _with_crs(
    frame: gpd.GeoDataFrame, given: object, file: Path | str, layer: str | None
) -> gpd.GeoDataFrame:
    asked = None if given is None else parse_crs(given)
    if frame.crs is None:
        return frame.set_crs(asked)
    if is_local(frame.crs) and (asked is None or is_local(asked)):
        return _on_local_grid(frame, file, layer)
    if asked is not None and not frame.crs.equals(asked, ignore_axis_order=True):
        raise _contradiction(frame.crs.name, asked.name, file, layer)
    return frame


def _on_local_grid(
    frame: gpd.GeoDataFrame, file: Path | str, layer: str | None
) -> gpd.GeoDataFrame:
    """Return a layer on the one local grid, whatever its file calls that grid."""
    why = why_not_measuring(frame.crs, None)
    if why is None:
        return frame.set_crs(local_metre(), allow_override=True)
    raise CrsError(
        f"地方坐标网格的单位不是米：{why.zh}。",
        f"The local grid cannot measure: {why.en}.",
        remedy=Text(zh="请换算成米后再用。", en="Convert the file to metres."),
        file=file,
        layer=layer,
        expected="metre",
        found=frame.crs.axis_info[0].unit_name if frame.crs.axis_info else None,
    )


def _contradiction(found: str, asked: str, file: Path | str, layer: str | None) -> CrsError:
    return CrsError(
        f"文件的坐标系是 {found}，而给定的是 {asked}。",
        f"The file is in {found}, but {asked} was given.",
        remedy=Text(
            zh="请删去 crs，或先更正文件的坐标系。", en="Leave crs out, or correct the file."
        ),
        file=file,
        layer=layer,
        expected=asked,
        found=found,
    )


def _datum_findings(crs: CRS) -> tuple[Finding, ...]:
    datum = datum_of(crs)
    if datum not in OLD_DATUMS:
        return ()
    text = Text(
        zh=f"坐标基准是 {datum}；没有官方转换参数时，与 CGCS2000 的图层叠合会差几十米甚至更多。",
        en=f"The datum is {datum}: without official parameters it can only be laid over layers"
        " in CGCS2000 with an error of tens of metres, or more.",
    )
    return (Finding(code="old_datum", text=text),)


def _moved(
    frame: gpd.GeoDataFrame, name: str, file: Path | str, layer: str | None
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return a layer of a Chinese web map, moved to where it lies in WGS 84."""
    says = frame.crs
    if says is not None and not (says.is_geographic and _is_modern(says)):
        raise _contradiction(says.name, name, file, layer)
    frame = frame.set_crs(WGS84, allow_override=True)
    require_place(frame, file=file, layer=layer)
    points = shapely.get_coordinates(frame.geometry)
    shifted = is_shifted(points[:, 0], points[:, 1])
    if not shifted.any():
        raise CrsError(
            f"坐标不在中国境内，{name} 在那里没有偏移。",
            f"The coordinates lie outside China, where {name} has no offset.",
            remedy=Text(zh="请核对图层，或删去 crs。", en="Check the layer, or leave crs out."),
            file=file,
            layer=layer,
            found=name,
        )
    mean_m = float(_distance_m(points, _unshifted(points, name))[shifted].mean())
    moved = shapely.transform(frame.geometry.to_numpy(), lambda some: _unshifted(some, name))
    text = Text(
        zh=f"按您所写，{len(frame)} 行由 {name} 换算为 WGS 84，平均移动 {mean_m:.0f} 米；"
        "换算公式未经官方公布。",
        en=f"{len(frame)} rows were moved from {name} to WGS 84, as you said, by {mean_m:.0f} m"
        " on average; the formula was never published officially.",
    )
    finding = Finding(code="offset_undone", text=text, severity="warning", count=len(frame))
    return frame.set_geometry(list(moved), crs=WGS84), (finding,)


def _is_modern(crs: CRS) -> bool:
    """Return whether a CRS is WGS 84 or CGCS2000, which web maps take as one."""
    return datum_of(crs) == "CGCS2000" or "WGS 84" in crs.name or "WGS_1984" in crs.name


def _unshifted(points: NDArray[Any], name: str) -> NDArray[np.float64]:
    return np.column_stack(to_wgs84(name, points[:, 0], points[:, 1]))


def _distance_m(points: NDArray[Any], others: NDArray[Any]) -> NDArray[np.float64]:
    degrees = others - points
    east = degrees[:, 0] * np.cos(np.radians(points[:, 1]))
    distance: NDArray[np.float64] = np.radians(np.hypot(east, degrees[:, 1])) * EARTH_M
    return distance
