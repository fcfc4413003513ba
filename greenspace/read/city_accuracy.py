"""City accuracy: the [accuracy] table of a manifest, as points or as an error matrix.

Question   Which reference points does this city bring, or which counts of them?
Enters     A Desk and a checked manifest.
Leaves     An AccuracyRecord; the file is kept with its checksum.
Elsewhere  What the points say of the map: assessment. Estimates: measure/accuracy.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from greenspace.errors import GeometryError, ManifestError
from greenspace.model.city import AccuracyRecord
from greenspace.model.crs import local_metre
from greenspace.model.layers import REFERENCE
from greenspace.model.words import Text
from greenspace.read.contract import require_contract
from greenspace.read.vector import read_layer

if TYPE_CHECKING:
    from greenspace.read.desk import Desk
    from greenspace.read.manifest import AccuracyTable, Manifest

CLASSES = 2
FORMS = Text(
    zh='请写 reference = "reference.gpkg"，或 matrix = [[97, 3], [4, 96]] 和 '
    "areas = [绿的平方米, 非绿的平方米]；行为制图类别、列为实际类别，先绿后非绿。",
    en='Write reference = "reference.gpkg", or matrix = [[97, 3], [4, 96]] with '
    "areas = [m2 of green, m2 of not green]: rows as mapped, columns in truth, green first.",
)


def find_accuracy(desk: Desk, manifest: Manifest, *, local: bool) -> AccuracyRecord | None:
    """Return what the manifest says of accuracy, ``None`` where it says nothing.

    Parameters
    ----------
    local
        Whether all layers of the city are on its own grid.

    Raises
    ------
    ManifestError
        Both or neither of points and matrix are given; the matrix is not one of two classes,
        holds what is no count, or a row without points.
    InputError
        The points cannot be read, or are not what the table promises.
    """
    table = manifest.accuracy
    if table is None:
        return None
    if (table.reference is None) == (table.matrix is None):
        raise _refusal(desk, "reference, matrix", None)
    if table.reference is not None:
        return AccuracyRecord(points=_points(desk, table, table.reference, local=local))
    return _matrix(desk, table)


def _points(desk: Desk, table: AccuracyTable, written: str, *, local: bool) -> gpd.GeoDataFrame:
    path = desk.find(written, REFERENCE.name)
    crs = local_metre() if local else table.crs
    with desk.naming(REFERENCE.name):
        frame = read_layer(
            path, layer=table.layer, encoding=table.encoding, crs=crs, columns=table.columns
        )
    desk.keep(path, REFERENCE.name, table.layer)
    told = frame.attrs.pop("findings", ())
    desk.findings.extend(replace(item, layer=REFERENCE.name) for item in told)
    known = (*REFERENCE.required, *REFERENCE.optional)
    roles = {*table.columns, *(name for name in known if name in frame.columns)}
    frame, remarks = require_contract(frame, REFERENCE, roles, file=path, refuse=desk.refuse)
    desk.findings.extend(remarks)
    many = shapely.get_num_geometries(frame.geometry.to_numpy()) > 1
    if many.any():
        raise GeometryError(
            f"有 {many.sum()} 行的核查点是多点，不知指哪一个。",
            f"{many.sum()} rows of the reference points hold several points: which is meant?",
            remedy=Text(zh="请把多点打散为单点。", en="Split them into single points."),
            file=path,
            layer=REFERENCE.name,
            rows=frame.index[many],
            expected="Point",
            found="MultiPoint",
        )
    single = shapely.get_geometry(shapely.force_2d(frame.geometry.to_numpy()), 0)
    return frame.set_geometry(gpd.GeoSeries(single, index=frame.index, crs=frame.crs))


def _matrix(desk: Desk, table: AccuracyTable) -> AccuracyRecord:
    rows, areas = table.matrix or [], table.areas or []
    if len(rows) != CLASSES or any(len(row) != CLASSES for row in rows):
        raise _refusal(desk, "matrix", rows)
    counts = [number for row in rows for number in row]
    if not all(isfinite(n) and n >= 0 and n == int(n) for n in counts):
        raise _refusal(desk, "matrix", rows)
    if len(areas) != CLASSES or not all(isfinite(area) and area > 0 for area in areas):
        raise _refusal(desk, "areas", table.areas)
    empty = [place for place, row in enumerate(rows, 1) if not sum(row)]
    if empty:
        raise _refusal(desk, "matrix", rows, rows_without=empty)
    (a, b), (c, d) = ([int(number) for number in row] for row in rows)
    return AccuracyRecord(matrix=((a, b), (c, d)), areas_m2=(areas[0], areas[1]))


def _refusal(
    desk: Desk, key: str, found: object, rows_without: list[int] | None = None
) -> ManifestError:
    zh, en = f"[accuracy] 的 {key} 不能用：{found}。", f"{key} in [accuracy] will not do: {found}."
    if found is None and key == "areas":
        zh = "[accuracy] 有 matrix 而没有 areas：误差矩阵需要各制图类别的面积。"
        en = "[accuracy] has matrix and no areas: an error matrix needs the mapped area of each class."
    elif found is None:
        zh = f"[accuracy] 应写 {key} 之一。"
        en = f"[accuracy] needs one of {key}, and not both."
    if rows_without:
        zh = f"误差矩阵第 {rows_without[0]} 行没有点：这一类没有核查，无法估计。"
        en = f"Row {rows_without[0]} of the error matrix has no points: nothing is known of it."
    return ManifestError(
        zh,
        en,
        remedy=FORMS,
        file=desk.manifest,
        layer=REFERENCE.name,
        rows=rows_without or (),
        expected=key,
        found=found,
    )
