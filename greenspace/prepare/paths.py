"""Paths: the rows of a path layer as lines that can be walked, each on its level.

Question   Which of these rows are ways on foot, and do they run on, over or under the ground?
Enters     A layer of lines in the measuring CRS, and the table of classes.
Leaves     Single lines with class and level, and what was left out, counted.
Elsewhere  The table: read/walkable. Joining the lines: prepare/noding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import shapely
from shapely import GeometryType

from greenspace.errors import CrsError, GeometryError
from greenspace.model.crs import why_not_measuring
from greenspace.model.source import Finding
from greenspace.model.walkable import words_of
from greenspace.model.words import Text
from greenspace.prepare.repair import as_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.walkable import Walkable

    Mask = NDArray[np.bool_]
    Words = NDArray[np.object_]

LINES = (GeometryType.LINESTRING, GeometryType.LINEARRING, GeometryType.MULTILINESTRING)
HIGHWAY, OTHER_TAGS = "highway", "other_tags"
ABSENT = frozenset({"", "0", "f", "false", "no", "nan", "none", "<na>"})
ON_GROUND = frozenset({"building_passage", "boardwalk", "low_water_crossing"})
MOST_LAYERS = 5  # what OpenStreetMap uses; other numbers in such a column mean something else
CLASSES_SHOWN = 8
NO_SHAPE = Text(
    zh="没有可用图形的要素，已略去：{count} 个。",
    en="Rows without a usable shape were left out: {count}.",
)
ZERO = Text(
    zh="长度为零的线，已略去：{count} 个。", en="Lines of no length were left out: {count}."
)
REPEATED = Text(
    zh="与另一条线完全相同的线（含方向相反），已略去：{count} 个要素。",
    en="Lines that repeat another one, in either direction, were left out: {count} rows.",
)
HEIGHTS = Text(
    zh="只用平面坐标，高程未用：坡道和台阶按水平距离计。",
    en="Heights are not used: ramps and stairs count with their level length.",
)
NO_WAY = Text(
    zh="没有 highway 标签的线（铁路、河道、围墙等）不是道路，已略去：{count} 个要素，占线长的 {share}。",
    en="Lines without the tag highway, such as railways, canals and walls, are no ways and were left "
    "out: {count} rows, {share} of the length.",
)
NOT_WALKED = Text(
    zh="按类别不可步行，已略去 {count} 个要素，占线长的 {share}：{classes}。",
    en="Left out as not walked by their class: {count} rows, {share} of the length: {classes}.",
)
CLOSED = Text(
    zh="标注为私有或禁止步行，已略去：{count} 个要素。",
    en="Left out as private or closed to people on foot: {count} rows.",
)
UNKNOWN = Text(
    zh="有 {count} 个要素（占线长的 {share}）没有类别或类别不在表中，按可步行处理：{classes}。",
    en="{count} rows ({share} of the length) have no class or one that the table does not know; they "
    "are walked: {classes}.",
)
BOTH_WAYS = Text(
    zh="单行道对步行不起作用，按双向计：{count} 个要素。",
    en="One-way streets are walked both ways: {count} rows.",
)


@dataclass(frozen=True, slots=True)
class Paths:
    """Single lines that are walked; ``kind`` and ``level`` of each, and the findings so far."""

    lines: NDArray[np.object_]
    kind: Words
    level: NDArray[np.int64]
    findings: tuple[Finding, ...]


def walked_lines(layer: gpd.GeoDataFrame, classes: Walkable | None, name: str) -> Paths:
    """Return the lines of a layer that can be walked.

    Raises
    ------
    GeometryError
        The layer holds points or polygons, or nothing that can be walked.
    CrsError
        Its CRS cannot measure.
    """
    frame = as_frame(layer, name)
    _require_measuring(frame, name)
    blank = _blank(frame.geometry.to_numpy())
    _require_lines(frame[~blank], name)
    findings = [*_told("paths_without_shape", NO_SHAPE, name, frame.index[blank])]
    if shapely.has_z(frame.geometry.to_numpy()).any():
        findings.append(Finding(code="paths_heights", text=HEIGHTS, layer=name))
    frame = frame[~blank]
    column = _class_column(frame, classes)
    kind = np.full(len(frame), "", dtype=object) if column is None else _words(frame, column)
    if classes is not None and column is None:
        findings.append(_no_class(classes, name))
    no_way = (kind == "") & (column == HIGHWAY)
    findings += _of_classes("paths_no_way", NO_WAY, frame, kind, no_way, name, "note")
    frame, kind = frame[~no_way], kind[~no_way]
    walked, told = _walked(frame, kind, classes, name)
    findings += [*told, *_both_ways(frame[walked], name)]
    frame, kind = frame[walked], kind[walked]
    level = _levels(frame, kind, classes)
    lines, row = shapely.get_parts(shapely.force_2d(frame.geometry.to_numpy()), return_index=True)
    lines = shapely.remove_repeated_points(lines)
    long = shapely.length(lines) > 0
    findings += _told("paths_zero_length", ZERO, name, frame.index[np.unique(row[~long])])
    if not long.any():
        raise _nothing_to_walk(name, len(layer), findings)
    again = np.zeros(len(lines), dtype=bool)
    again[long] = _repeated(lines[long], level[row[long]])
    findings += _told(
        "paths_repeated", REPEATED, name, frame.index[np.unique(row[again])], severity="note"
    )
    lines, row = lines[long & ~again], row[long & ~again]
    return Paths(lines, kind[row], level[row], tuple(findings))


def _repeated(lines: NDArray[np.object_], level: NDArray[np.int64]) -> Mask:
    """Return the lines that repeat an earlier one of their level, in either direction."""
    shapes = pd.Series(shapely.to_wkb(shapely.normalize(lines)))
    return pd.DataFrame({"shape": shapes, "level": level}).duplicated().to_numpy()


def _blank(shapes: NDArray[np.object_]) -> Mask:
    """Return rows without a shape, or with coordinates that are no numbers."""
    blank: Mask = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    coords, row = shapely.get_coordinates(shapes, return_index=True)
    blank[row[~np.isfinite(coords).all(axis=1)]] = True
    return blank


def _column(frame: pd.DataFrame, name: str) -> pd.Series[Any] | None:
    """Return a column by its name, or by its name in other letters; the first where several are."""
    names = [str(each) for each in frame.columns]
    for found in (names, [each.casefold() for each in names]):
        if name in found:
            return frame.iloc[:, found.index(name)]
    return None


def _class_column(frame: gpd.GeoDataFrame, classes: Walkable | None) -> str | None:
    """Return the column with the classes, ``None`` where there is none or no table asks.

    It is the first that holds a class of the table, or else the first that holds anything.
    """
    filled = []
    for name in () if classes is None else classes.columns:
        values = _column(frame, name)
        if classes is None or values is None or values.isna().all():
            continue
        if any(classes.walk(each) != "unknown" for each in pd.unique(_words(frame, name))):
            return name
        filled.append(name)
    return filled[0] if filled else None


def _words(frame: gpd.GeoDataFrame, column: str) -> Words:
    """Return the words of a column, or of a tag among the ``other_tags`` of an OSM file."""
    values = _column(frame, column)
    if values is not None:
        words: Words = np.where(values.isna(), "", values.astype(str)).astype(object)
        return words
    if OTHER_TAGS not in frame:
        return np.full(len(frame), "", dtype=object)
    found = frame[OTHER_TAGS].astype(str).str.extract(f'"{column}"=>"([^"]*)"', expand=False)
    return np.asarray(found.fillna(""), dtype=object)


def _each(words: Words, judge: Callable[[Collection[str]], bool]) -> Mask:
    """Return what a function says of the parts of each word that has any."""
    codes, distinct = pd.factorize(words)
    parts = [words_of(word) for word in distinct]
    return np.array([bool(each) and judge(each) for each in parts], dtype=bool)[codes]


def _tagged(frame: gpd.GeoDataFrame, tags: Mapping[str, frozenset[str]]) -> Mask:
    """Return the rows of which a tag has these values and no other."""
    hit = np.zeros(len(frame), dtype=bool)
    for tag, wanted in tags.items():
        hit |= _each(_words(frame, tag), wanted.issuperset)
    return hit


def _walked(
    frame: gpd.GeoDataFrame, kind: Words, classes: Walkable | None, name: str
) -> tuple[Mask, list[Finding]]:
    if classes is None or frame.empty:
        return np.ones(len(frame), dtype=bool), []
    codes, distinct = pd.factorize(kind)
    walk = np.array([classes.walk(each) for each in distinct])[codes]
    opened = _tagged(frame, classes.opens)
    by_class = (walk == "not_there") | ((walk == "not_walked") & ~opened)
    closed = (_tagged(frame, classes.closes) & ~opened) | _tagged(frame, classes.forbids)
    closed &= ~by_class
    unknown = (walk == "unknown") & (kind != "").any()
    told = [
        *_of_classes("paths_not_walked", NOT_WALKED, frame, kind, by_class, name, "note"),
        *_told("paths_closed", CLOSED, name, frame.index[closed], severity="note"),
        *_of_classes(
            "paths_unknown_class", UNKNOWN, frame, kind, unknown & ~closed, name, "warning"
        ),
    ]
    return ~(by_class | closed), told


def _levels(frame: gpd.GeoDataFrame, kind: Words, classes: Walkable | None) -> NDArray[np.int64]:
    """Return 0 on the ground, above it for bridges and below for tunnels, by class and tag."""
    level = np.zeros(len(frame), dtype=np.int64)
    if frame.empty:
        return level
    for tag, step in (("bridge", 1), ("tunnel", -1)):
        level[_each(_words(frame, tag), _is_structure)] = step
    if classes is not None:
        for names, step in ((classes.bridges, 1), (classes.tunnels, -1)):
            level[_each(kind, partial(_has, names))] = step
    layer = pd.to_numeric(pd.Series(_words(frame, "layer")), errors="coerce").to_numpy()
    said = (np.abs(layer) <= MOST_LAYERS) & (layer == np.round(layer)) & (layer != 0)
    level[said] = layer[said].astype(np.int64)
    return level


def _has(names: frozenset[str], parts: Collection[str]) -> bool:
    return not names.isdisjoint(parts)


def _is_structure(parts: Collection[str]) -> bool:
    return any(part not in ABSENT and part not in ON_GROUND for part in parts)


def _both_ways(frame: gpd.GeoDataFrame, name: str) -> tuple[Finding, ...]:
    words = _words(frame, "oneway")
    one = _each(words, lambda parts: any(part not in ABSENT | {"b"} for part in parts))
    return _told("paths_both_ways", BOTH_WAYS, name, frame.index[one], severity="note")


def _told(
    code: str,
    text: Text,
    name: str,
    rows: Any,
    *,
    severity: Literal["warning", "note"] = "warning",
    share: str = "",
    listed: tuple[str, ...] = (),
) -> tuple[Finding, ...]:
    """Return one finding with its rows, or nothing where there are none."""
    count = len(rows)
    if not count:
        return ()
    zh = text.zh.format(count=count, share=share, classes="、".join(listed))
    en = text.en.format(count=count, share=share, classes=", ".join(listed))
    return (
        Finding(
            code=code,
            text=Text(zh=zh, en=en),
            severity=severity,
            layer=name,
            rows=tuple(rows),
            count=count,
        ),
    )


def _of_classes(
    code: str,
    text: Text,
    frame: gpd.GeoDataFrame,
    kind: Words,
    rows: Mask,
    name: str,
    severity: Literal["warning", "note"],
) -> tuple[Finding, ...]:
    """Return one finding that names the classes and their share of the length of all lines."""
    length = frame.geometry.length.to_numpy()
    share = f"{length[rows].sum() / max(length.sum(), 1e-9):.1%}"
    counts = pd.Series(kind[rows]).value_counts(sort=True)
    listed = [f"{word or '—'} {number}" for word, number in counts.head(CLASSES_SHOWN).items()]
    listed += ["…"] if len(counts) > CLASSES_SHOWN else []
    return _told(
        code, text, name, frame.index[rows], severity=severity, share=share, listed=tuple(listed)
    )


def _no_class(classes: Walkable, name: str) -> Finding:
    columns = ", ".join(classes.columns)
    text = Text(
        zh=f"没有道路类别列（{columns}），所有线都按可步行处理，包括可能有的快速路。",
        en=f"There is no column with the classes of ways ({columns}): every line is walked, "
        "motorways too if there are any.",
    )
    return Finding(code="paths_no_class", text=text, severity="warning", layer=name)


def _require_measuring(frame: gpd.GeoDataFrame, name: str) -> None:
    why = why_not_measuring(frame.crs, None)
    if why is None:
        return
    raise CrsError(
        f"{name} 的坐标系 {frame.crs.name} 不能量算：{why.zh}。",
        f"The CRS of {name}, {frame.crs.name}, cannot measure: {why.en}.",
        remedy=Text(
            zh="请先投影，例如 paths.to_crs(4547)。", en="Project it first: paths.to_crs(4547)."
        ),
        layer=name,
        found=frame.crs.name,
    )


def _require_lines(frame: gpd.GeoDataFrame, name: str) -> None:
    other = ~np.isin(shapely.get_type_id(frame.geometry.to_numpy()), LINES)
    if not other.any():
        return
    found = ", ".join(sorted(set(frame.geometry.geom_type[other])))
    raise GeometryError(
        f"{name} 应为线，其中有 {int(other.sum())} 个要素是 {found}。",
        f"{name} should hold lines; {int(other.sum())} rows are {found}.",
        remedy=Text(
            zh="请给出道路或步行路的中心线；出入口是点，应作为 entrances 给出。",
            en="Give the centre lines of roads and paths; gates, which are points, go into "
            "entrances.",
        ),
        layer=name,
        rows=frame.index[other],
        expected="LineString",
        found=found,
    )


def _nothing_to_walk(name: str, count: int, findings: list[Finding]) -> GeometryError:
    zh = "".join(item.text.zh for item in findings)
    en = " ".join(item.text.en for item in findings)
    return GeometryError(
        f"{name} 的 {count} 个要素中没有可步行的线。{zh}",
        f"None of the {count} rows of {name} is a line that can be walked. {en}".strip(),
        remedy=Text(
            zh="请核对图层，以及道路类别所在的列。",
            en="Check the layer, and the column with the classes of its ways.",
        ),
        layer=name,
        expected="lines that can be walked",
        found=count,
    )
