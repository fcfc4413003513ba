"""Roads: the rows of a road layer with class, width and name, cut to the built-up area.

Question   Which roads are there, how wide are they, and which of them can be judged?
Enters     A layer of lines in the measuring CRS, and the table of classes.
Leaves     The same rows with clean columns, and findings for what cannot be told.
Elsewhere  The table: read/roads. Measuring: measure/roads, measure/linear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import numpy as np
import pandas as pd
import shapely

from greenspace.model.roads import OTHER
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.answers import yes_no
from greenspace.prepare.lines import clip_lines

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.roads import RoadClasses
    from greenspace.model.source import Severity

    Mask = NDArray[np.bool_]

MOST_LISTED = 8
SAME_M = 1e-3  # lines this close all along are one
ALIKE = 0.85  # cosine of the angle up to which lines run beside each other
LEAST_WIDTH_M, MOST_WIDTH_M = 2.0, 200.0
TWICE = 0.5  # of a line, inside the red line of another row of the same road
BLANK = ("", "nan", "none", "<na>", "-", "—")
YES_NO = ("landscape", "demonstration")
NO_CLASS = Text(
    zh="没有道路等级的要素，按等级计的指标不计入：{count} 个，{length} m。",
    en="Rows without a class, in no number that goes by class: {count}, {length} m.",
)
UNKNOWN = Text(
    zh="道路等级不认识的要素，按等级计的指标不计入：{count} 个，{length} m（{words}）。",
    en="Rows whose class is not known, in no number that goes by class: {count}, {length} m "
    "({words}).",
)
OTHERS = Text(
    zh="不是城市道路的要素（{words}），不计入：{count} 个，{length} m。",
    en="Rows that are no city roads ({words}) were left out: {count}, {length} m.",
)
NO_WIDTH = Text(
    zh="没有宽度的要素，其范围内的绿化无法量算，不计入：{count} 个要素，{length} m。",
    en="Rows without a width, whose green cannot be measured, are not counted: {count}, {length} m.",
)
BAD_WIDTH = Text(
    zh="宽度不是数，或不在 2 到 {most:g} m 之间，按没有宽度处理：{count} 个要素，{length} m（{words}）。",
    en="Widths that are no number, or none between 2 and {most:g} m, are taken for none: {count} rows, "
    "{length} m ({words}).",
)
DIFFER = Text(
    zh="与另一条线完全相同而等级、宽度或路名不同的道路，以先画且有等级和宽度的为准：{count} 个要素，"
    "{length} m。",
    en="Roads that repeat another line with another class, width or name were left out for the "
    "first that has a class and a width: {count} rows, {length} m.",
)
REPEATED = Text(
    zh="与另一条线完全相同的道路，只计一次：{count} 个要素，{length} m。",
    en="Roads that repeat another line count once: {count} rows, {length} m.",
)
DOUBLE = Text(
    zh="同名（或无名而同等级）的道路在红线宽度内画了两条以上的线（如左右幅分别画线），长度重复计算："
    "{count} 个要素，{length} m。请每条道路只留一条中心线。",
    en="Lines of one name, or of one class without a name, run beside each other inside the red "
    "line, as where each carriageway is drawn: their length counts twice: {count} rows, {length} m. "
    "Keep one centre line a road.",
)


@dataclass(frozen=True, slots=True)
class Roads:
    """City roads inside the built-up area.

    Attributes
    ----------
    frame
        One row a road of the layer, on its index, cut to the built-up area: ``name`` ("" where
        there is none), ``class`` ("" where it is not known), ``width`` in m (NaN where it is not
        known), ``landscape`` and ``demonstration`` as they are written, where they are, and
        ``whole``, the line before it was cut.
    """

    frame: gpd.GeoDataFrame
    findings: tuple[Finding, ...]

    @property
    def lines(self) -> NDArray[Any]:
        """The centre lines."""
        return np.asarray(self.frame.geometry, dtype=object)

    @property
    def length_m(self) -> NDArray[np.float64]:
        """The length of each row."""
        return np.asarray(shapely.length(self.lines), dtype=float)

    @property
    def width_m(self) -> NDArray[np.float64]:
        """The red-line width of each row."""
        return np.asarray(self.frame["width"], dtype=float)

    @property
    def kind(self) -> NDArray[np.object_]:
        """The class of each row."""
        return np.asarray(self.frame["class"], dtype=object)

    @property
    def names(self) -> NDArray[np.object_]:
        """The name of each row."""
        return np.asarray(self.frame["name"], dtype=object)

    def says(self, column: str) -> tuple[Mask, tuple[Finding, ...]]:
        """Return which rows say yes in a column, none where it is not there, and what is told.

        Raises
        ------
        ColumnError
            A row says neither yes nor no.
        """
        if column not in self.frame:
            return np.zeros(len(self.frame), dtype=bool), ()
        return yes_no(self.frame[column], "roads")


def city_roads(
    layer: gpd.GeoDataFrame, classes: RoadClasses, ground: Any | None, name: str = "roads"
) -> Roads:
    """Return the roads of a layer with their class, width and name.

    Parameters
    ----------
    layer
        Lines without heights in the measuring CRS; columns ``class``, ``width``, ``name``,
        ``landscape`` and ``demonstration``, whichever there are.
    classes
        Such as `read_road_classes`.
    ground
        The dissolved built-up area; ``None``: roads are not cut.
    """
    found: list[Finding] = []
    frame = clip_lines(layer.assign(whole=layer.geometry.to_numpy()), ground)
    kinds, told = _kinds(frame, classes, name)
    found += told
    own = kinds != OTHER
    frame, kinds = frame[own], kinds[own]
    width, told = widths_of(frame, name)
    found += told
    names = [word_of(value) for value in _column(frame, "name")]
    kept = [column for column in YES_NO if column in frame]
    clean = frame[[frame.geometry.name, "whole", *kept]].assign(
        **{"name": names, "class": kinds, "width": width}
    )
    again, differ = _repeated(clean)
    found += _told("roads_repeated", REPEATED, clean, again & ~differ, name, "note")
    found += _told("roads_repeated_differ", DIFFER, clean, differ, name, "warning")
    clean = clean[~again]
    roads = Roads(clean, ())
    found += _told("roads_twice", DOUBLE, clean, drawn_twice(roads), name, "warning")
    return Roads(clean, tuple(found))


def drawn_twice(roads: Roads) -> Mask:
    """Return the rows that run mostly inside the red line of another line of the same road.

    Parts of one row are lines too. Rows are of one road where they have one name, or one class and
    no name.

    Examples
    --------
    >>> import geopandas as gpd
    >>> pair = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 90 0)", "LINESTRING (0 8, 90 8)"])
    >>> columns = {"name": ["环路"] * 2, "class": [""] * 2, "width": [40.0] * 2}
    >>> frame = gpd.GeoDataFrame(columns, geometry=pair)
    >>> drawn_twice(Roads(frame, ())).tolist()
    [True, True]
    """
    lines, row = shapely.get_parts(shapely.line_merge(roads.lines), return_index=True)
    width, names, kinds = roads.width_m[row], roads.names[row], roads.kind[row]
    twice = np.zeros(len(roads.frame), dtype=bool)
    known = np.flatnonzero(~np.isnan(width))
    left, right = shapely.STRtree(lines[known]).query(
        lines[known], predicate="dwithin", distance=width[known] / 2
    )
    left, right = known[left], known[right]
    unnamed = ((names[left] == "") | (names[right] == "")) & (kinds[left] == kinds[right])
    same = (left != right) & ((names[left] == names[right]) & (names[left] != "") | unnamed)
    left, right = left[same], right[same]
    near = shapely.buffer(lines[left], width[left] / 2, cap_style="flat")
    beside = shapely.intersection(lines[right], near)
    least = np.minimum(shapely.length(lines[left]), shapely.length(lines[right]))
    much = (shapely.length(beside) > TWICE * least) & _alike(lines[left], lines[right])
    twice[row[left[much]]] = twice[row[right[much]]] = True
    return twice


def _alike(one: NDArray[Any], other: NDArray[Any]) -> Mask:
    """Return whether lines run alike from end to end; one that closes is like every other."""
    first, second = (
        shapely.get_coordinates(shapely.get_point(each, -1))
        - shapely.get_coordinates(shapely.get_point(each, 0))
        for each in (one, other)
    )
    lengths = np.hypot(*first.T) * np.hypot(*second.T)
    return np.asarray(np.abs((first * second).sum(axis=1)) >= ALIKE * lengths)


def word_of(value: object) -> str:
    """Return a word in half-width letters without blanks around; "" where there is none."""
    word = normalize("NFKC", str(value)).strip()
    return "" if value is None or word.lower() in BLANK else word


def _column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    return frame[name] if name in frame else pd.Series("", index=frame.index, dtype=object)


def _repeated(frame: gpd.GeoDataFrame) -> tuple[Mask, Mask]:
    """Return the rows that repeat another line to a millimetre, and those that say otherwise.

    Of the rows of one line the first that has a class and a width stays, else one that has either.
    """
    lines = np.asarray(frame.geometry, dtype=object)
    bounds = shapely.bounds(lines)
    left, right = shapely.STRtree(lines).query(lines)
    near = (left < right) & (np.abs(bounds[left] - bounds[right]) <= SAME_M).all(axis=1)
    left, right = left[near], right[near]
    same = shapely.hausdorff_distance(lines[left], lines[right]) <= SAME_M
    said = frame[["class", "width", "name"]].to_numpy(dtype=object)
    rank = (said[:, 0] != "").astype(int) + ~pd.isna(said[:, 1])
    again, differ = np.zeros(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool)
    order = sorted(
        zip(left[same].tolist(), right[same].tolist(), strict=True),
        key=lambda pair: -max(rank[pair[0]], rank[pair[1]]),
    )
    for one, other in order:
        if again[one] or again[other]:
            continue
        kept, left_out = (one, other) if rank[one] >= rank[other] else (other, one)
        again[left_out] = True
        differ[left_out] = not pd.Series(said[kept]).equals(pd.Series(said[left_out]))
    return again, differ


def _kinds(
    frame: gpd.GeoDataFrame, classes: RoadClasses, name: str
) -> tuple[NDArray[np.object_], list[Finding]]:
    words = np.array([word_of(value) for value in _column(frame, "class")], dtype=object)
    known = {word: classes.of(word) for word in set(words)}
    kinds = np.array([known[word] or "" for word in words], dtype=object)
    strange = (kinds == "") & (words != "")
    near = {word: classes.nearest(word) for word in sorted(set(words[strange]))}
    guesses = [f"{word} → {guess}?" if guess else word for word, guess in near.items()]
    others = sorted(set(words[kinds == OTHER]))
    return kinds, [
        *_told("road_class_missing", NO_CLASS, frame, words == "", name, "warning"),
        *_told("road_class_unknown", UNKNOWN, frame, strange, name, "warning", guesses),
        *_told("roads_others", OTHERS, frame, kinds == OTHER, name, "note", others),
    ]


def widths_of(
    frame: gpd.GeoDataFrame, name: str, *, most_m: float = MOST_WIDTH_M
) -> tuple[NDArray[np.float64], list[Finding]]:
    """Return the width of each line in m, NaN where none is said; what is odd is told."""
    words = np.array([word_of(value) for value in _column(frame, "width")], dtype=object)
    width = pd.to_numeric(pd.Series(words, dtype=object), errors="coerce").to_numpy(dtype=float)
    bad = (words != "") & ~((width >= LEAST_WIDTH_M) & (width <= most_m))
    width = np.where(bad, np.nan, width)
    listed = sorted(set(words[bad]))
    return width, [
        *_told("road_width_missing", NO_WIDTH, frame, words == "", name, "warning"),
        *_told("road_width_odd", BAD_WIDTH, frame, bad, name, "warning", listed, most=most_m),
    ]


def _told(
    code: str,
    text: Text,
    frame: gpd.GeoDataFrame,
    rows: Mask,
    name: str,
    severity: Severity,
    words: list[str] | None = None,
    **limits: float,
) -> tuple[Finding, ...]:
    """Return one finding with rows, count and length, or nothing where there are none."""
    if not rows.any():
        return ()
    every = list(words or ())
    listed = every[:MOST_LISTED] + (["…"] if len(every) > MOST_LISTED else [])
    length = f"{shapely.length(frame.geometry.to_numpy()[rows]).sum():,.0f}"
    count = int(rows.sum())
    zh = text.zh.format(count=count, length=length, words="、".join(listed), **limits)
    en = text.en.format(count=count, length=length, words=", ".join(listed), **limits)
    return (
        Finding(
            code=code,
            text=Text(zh=zh, en=en),
            severity=severity,
            layer=name,
            rows=tuple(frame.index[rows]),
            count=count,
        ),
    )
