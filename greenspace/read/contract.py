"""Contracts kept: a layer that was read, held against what its name promises.

Question   Does this layer hold the right kind of shape, any rows at all, and its columns?
Enters     A GeoDataFrame from read/vector, and the contract of its name.
Leaves     The layer without its empty rows, and findings with their number.
Elsewhere  The contracts: model/layers. Mending shapes: prepare/repair.
"""

from __future__ import annotations

from difflib import get_close_matches
from math import cos, hypot, radians
from typing import TYPE_CHECKING, Final

import numpy as np

from greenspace.errors import ColumnError, CrsError, GeometryError, refuse
from greenspace.model.crs import degrees_of, is_local
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from pyproj import CRS

    from greenspace.errors import Refuse
    from greenspace.model.crs import Bounds
    from greenspace.model.layers import LayerContract

KINDS = {
    "polygon": {"Polygon", "MultiPolygon"},
    "line": {"LineString", "MultiLineString", "LinearRing"},
    "point": {"Point", "MultiPoint"},
}
KIND_WORDS = {
    "polygon": Text(zh="面", en="polygons"),
    "line": Text(zh="线", en="lines"),
    "point": Text(zh="点", en="points"),
    "other": Text(zh="几何集合", en="collections"),
}
LISTED_COLUMNS = 30
OUTLYING: Final = frozenset({"planned_green", "park_boundary", "park_zones"})
OUTLYING_M: Final = 100_000.0  # no district lies farther; another zone's metres do
DEGREE_M: Final = 111_195.0  # of latitude, on a sphere


def require_contract(
    frame: gpd.GeoDataFrame,
    contract: LayerContract,
    roles: Collection[str],
    *,
    file: Path | str,
    refuse: Refuse = refuse,
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return a layer whose rows all have shapes of the right kind.

    A column that happens to be called like a role, and is not mapped to it, is renamed.
    Where `refuse` returns, the layer goes on without what was refused.

    Raises
    ------
    GeometryError
        The layer is empty, or holds shapes of another kind: ``rows`` names them.
    ColumnError
        A column that the layer cannot do without is not mapped.
    """
    if frame.empty and not contract.may_be_empty:
        raise _empty(contract, file, 0)
    _require_columns(frame, contract, roles, file, refuse)
    missing = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    if missing.all() and len(frame):
        raise _empty(contract, file, len(frame))
    kept = frame[~missing]
    kept = _of_kind(kept, contract, file, refuse)
    kept, findings = _without_namesakes(kept, contract, roles)
    count = int(missing.sum())
    if not count:
        return kept, findings
    title = contract.title
    text = Text(
        zh=f"{title.zh}图层有 {count} 行没有图形，未计入。",
        en=f"The {title.en} layer has {count} rows without a shape; they were left out.",
    )
    finding = Finding(
        code="missing_shape",
        text=text,
        severity="warning",
        layer=contract.name,
        rows=tuple(frame.index[missing]),
        count=count,
    )
    return kept, (*findings, finding)


def _without_namesakes(
    frame: gpd.GeoDataFrame, contract: LayerContract, roles: Collection[str]
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    known = (*contract.required, *contract.optional)
    found = [role for role in known if role in frame.columns and role not in roles]
    findings = tuple(
        Finding(
            code="unmapped_column",
            text=Text(
                zh=f"{contract.title.zh}图层有字段 {role}，清单没有指定它，未使用；"
                f'要用请写 columns = {{ {role} = "{role}" }}。',
                en=f"The {contract.title.en} layer has a column {role} that the manifest does not"
                f' map; it is not used. To use it: columns = {{ {role} = "{role}" }}.',
            ),
            layer=contract.name,
        )
        for role in found
    )
    return frame.rename(columns={role: f"{role}_in_file" for role in found}), findings


def _empty(contract: LayerContract, file: Path | str, rows: int) -> GeometryError:
    zh = f"{contract.title.zh}图层是空的" + ("：没有一行有图形。" if rows else "。")
    en = f"The {contract.title.en} layer is empty" + (": no row has a shape." if rows else ".")
    return GeometryError(
        zh,
        en,
        remedy=Text(
            zh=f"请核对导出的文件；暂无此图层时，请删去 [{contract.table}]。",
            en=f"Check what was exported, or remove [{contract.table}] while you have none.",
        ),
        file=file,
        layer=contract.name,
        expected=contract.kind,
        found=rows,
    )


def _require_columns(
    frame: gpd.GeoDataFrame,
    contract: LayerContract,
    roles: Collection[str],
    file: Path | str,
    refuse: Refuse,
) -> None:
    lacking = [role for role in contract.required if role not in roles]
    if not lacking:
        return
    role = lacking[0]
    present = [str(name) for name in frame.columns if name != frame.geometry.name]
    near = get_close_matches(role, [name.lower() for name in present], n=1, cutoff=0.5)
    guess = next((name for name in present if near and name.lower() == near[0]), "…")
    listed = ", ".join(present[:LISTED_COLUMNS]) or "—"
    error = ColumnError(
        f"{contract.title.zh}图层没有指定 {role} 字段；现有字段：{listed}。",
        f"The {contract.title.en} layer has no column mapped to {role}; it holds: {listed}.",
        remedy=Text(
            zh=f'请在 [{contract.table}] 下写 columns = {{ {role} = "{guess}" }}。',
            en=f'Write columns = {{ {role} = "{guess}" }} in [{contract.table}].',
        ),
        file=file,
        layer=contract.name,
        column=role,
        expected=role,
        found=tuple(present),
    )
    refuse(error)


def _of_kind(
    frame: gpd.GeoDataFrame, contract: LayerContract, file: Path | str, refuse: Refuse
) -> gpd.GeoDataFrame:
    if contract.kind == "any":
        return frame
    types = frame.geom_type
    wrong = ~types.isin(KINDS[contract.kind])
    if not wrong.any():
        return frame
    asked = KIND_WORDS[contract.kind]
    counts = _counts(types[wrong])
    name, table = contract.name, contract.table
    if wrong.all():
        remedy = Text(
            zh=f"请为 [{table}] 指定一个{asked.zh}图层。",
            en=f"Give [{table}] a layer of {asked.en}.",
        )
    else:
        remedy = Text(
            zh=f"请把其中的{asked.zh}另存为单独的图层再用。",
            en=f"Save its {asked.en} as a layer of their own and use that.",
        )
    error = GeometryError(
        f"{contract.title.zh}图层应为{asked.zh}，却有{counts.zh}（共 {len(frame)} 行）。",
        f"The {contract.title.en} layer should hold {asked.en}, but has {counts.en}"
        f" among {len(frame)} rows.",
        remedy=remedy,
        file=file,
        layer=name,
        rows=frame.index[wrong],
        expected=contract.kind,
        found=dict(types[wrong].value_counts()),
    )
    if wrong.all():
        raise error
    refuse(error)
    return frame[~wrong]


def _counts(types: pd.Series) -> Text:
    kinds = types.map(lambda name: next((kind for kind, own in KINDS.items() if name in own), None))
    counts = kinds.fillna("other").value_counts()
    return Text(
        zh="、".join(f" {n} 个{KIND_WORDS[str(kind)].zh}" for kind, n in counts.items()),
        en=" and ".join(f"{n} {KIND_WORDS[str(kind)].en}" for kind, n in counts.items()),
    )


def require_overlap(
    layers: Mapping[str, gpd.GeoDataFrame], reference: str, *, refuse: Refuse = refuse
) -> tuple[Finding, ...]:
    """Refuse layers that lie wholly elsewhere than the reference layer.

    A new district or a national park may lie apart: a layer of `OUTLYING` is refused only where it is so far off that
    its CRS must be wrong, and told else.

    Raises
    ------
    GeometryError
        Two extents do not meet; both are printed with their CRS.
    CrsError
        A layer's coordinates cannot be in its CRS, or one layer is on the city's own grid
        and another is not.
    """
    told = []
    other = layers[reference]
    for name, frame in layers.items():
        try:
            if name == reference or not len(frame) or _meet(name, frame, reference, other):
                continue
            gap_m = _gap_m(_comparable(name, frame), _comparable(reference, other), frame.crs)
            if name in OUTLYING and gap_m <= OUTLYING_M:
                told.append(_outlying(name, frame, reference, other, gap_m))
            else:
                refuse(_elsewhere(name, frame, reference, other))
        except CrsError as error:
            refuse(error)
    return tuple(told)


def _meet(name: str, frame: gpd.GeoDataFrame, reference: str, other: gpd.GeoDataFrame) -> bool:
    if is_local(frame.crs) != is_local(other.crs):
        local, real = (name, reference) if is_local(frame.crs) else (reference, name)
        raise CrsError(
            f"图层 {local} 用地方坐标网格，图层 {real} 用真实坐标系，无法叠合。",
            f"Layer {local} is on the city's own grid and layer {real} in a real CRS.",
            remedy=Text(zh="请让所有图层使用同一种坐标系。", en="Bring all layers into one CRS."),
            layer=local,
            expected=(other if local == name else frame).crs.name,
            found=(frame if local == name else other).crs.name,
        )
    here, there = _comparable(name, frame), _comparable(reference, other)
    return not np.isfinite([*here, *there]).all() or _touch(here, there)


def _touch(here: Bounds, there: Bounds) -> bool:
    apart = here[0] > there[2] or there[0] > here[2] or here[1] > there[3] or there[1] > here[3]
    return not apart


def _gap_m(here: Bounds, there: Bounds, crs: CRS) -> float:
    """Return how far two extents are apart, about: in degrees, or in metres of a local grid."""
    east = max(here[0] - there[2], there[0] - here[2], 0.0)
    north = max(here[1] - there[3], there[1] - here[3], 0.0)
    if is_local(crs):
        return hypot(east, north)
    middle = (min(here[1], there[1]) + max(here[3], there[3])) / 2
    return hypot(east * cos(radians(middle)), north) * DEGREE_M


def _outlying(
    name: str, frame: gpd.GeoDataFrame, reference: str, other: gpd.GeoDataFrame, gap_m: float
) -> Finding:
    here, there = describe_extent(frame), describe_extent(other)
    text = Text(
        zh=f"与 {reference} 的范围不相接，相距约 {gap_m / 1000:,.1f} 千米：本图层 {here}，{reference} "
        f"{there}。若不是新区或国家公园，请核对坐标系。",
        en=f"It does not touch the extent of {reference}, about {gap_m / 1000:,.1f} km off: {here}; "
        f"{reference} covers {there}. Unless it is a new district or a national park, check the CRS.",
    )
    return Finding(
        code="outlying_layer", text=text, severity="warning", layer=name, count=len(frame)
    )


def _comparable(name: str, frame: gpd.GeoDataFrame) -> Bounds:
    west, south, east, north = (float(value) for value in frame.total_bounds)
    bounds = (west, south, east, north)
    if is_local(frame.crs):
        return bounds
    try:
        return degrees_of(bounds, frame.crs)
    except CrsError as error:
        raise CrsError(
            f"图层 {name} 的{error.problem.zh}",
            f"Layer {name}: {error.problem.en}",
            remedy=error.remedy,
            layer=name,
            expected=frame.crs.name,
            found=bounds,
        ) from error


def _elsewhere(
    name: str, frame: gpd.GeoDataFrame, reference: str, other: gpd.GeoDataFrame
) -> GeometryError:
    here, there = describe_extent(frame), describe_extent(other)
    remedy = Text(
        zh="请核对两个图层的坐标系，或是否导出了别的城市。",
        en="Check the CRS of both layers, and whether both are of this city.",
    )
    west, south, east, north = frame.total_bounds
    plain = frame.crs.is_geographic or is_local(frame.crs)
    if plain and _touch((south, west, north, east), _comparable(reference, other)):
        remedy = Text(
            zh=f"对调后即重合：{name} 的坐标看来是（北，东）次序，请对调后再存。",
            en=f"They do when swapped: {name} looks like (north, east). Swap its axes.",
        )
    return GeometryError(
        f"图层 {name} 与 {reference} 不在同一处：{name} 的范围是 {here}，"
        f"{reference} 的范围是 {there}。",
        f"Layer {name} does not overlap {reference}: {name} covers {here},"
        f" {reference} covers {there}.",
        remedy=remedy,
        layer=name,
        expected=there,
        found=here,
    )


def describe_extent(frame: gpd.GeoDataFrame) -> str:
    """Return an extent and its CRS for a sentence.

    Examples
    --------
    >>> import geopandas, shapely
    >>> describe_extent(geopandas.GeoDataFrame(geometry=[shapely.box(1, 2, 3, 4)], crs=4326))
    '[1.0000, 2.0000, 3.0000, 4.0000] (EPSG:4326)'
    """
    digits = 4 if frame.crs.is_geographic else 0
    rounded = (round(float(value), digits) for value in frame.total_bounds)
    numbers = ", ".join(f"{value:.{digits}f}" for value in rounded)
    code = frame.crs.to_epsg()
    return f"[{numbers}] ({f'EPSG:{code}' if code else frame.crs.name})"
