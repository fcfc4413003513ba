"""Tree register: the widths, ages and stands of old trees, as far as they can be believed.

Question   How wide are crown and trunk of each tree, and which rows do not say?
Enters     Points with the columns of a register: DBH in centimetres, crown widths in metres.
Leaves     Numbers in metres, NaN where a row has none; what cannot be is told and not used.
Elsewhere  Drawing zones: delimit/old_trees. Grades by age: model/old_trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.errors import ColumnError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.amounts_of_rows import amounts_of_rows
from greenspace.prepare.answers import yes_no
from greenspace.prepare.repair import as_frame
from greenspace.prepare.words_of_rows import words_of_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.prepare.repair import Layer

    Floats = NDArray[np.float64]

LAYER = "old_trees"
DBH_CM = (5.0, 500.0)  # below: metres in a column of centimetres; above: millimetres
THICK_CM = 250.0
CROWN_M = (1.0, 150.0)  # above: centimetres in a column of metres
WIDE_TRUNK = 0.5  # of the crown: a trunk wider than this is likely an error of unit
FURTHER_M = 0.5
CrownFrom = Literal["crown", "widths"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What is known of each tree, in the order of the rows.

    Attributes
    ----------
    half_ew, half_ns
        Half the widths of the crown, in metres; the same where only one width is recorded.
    ellipse
        Whether they were measured east–west and north–south.
    """

    name: list[str]
    age: Floats
    dbh_m: Floats
    half_ew: Floats
    half_ns: Floats
    ellipse: NDArray[np.bool_]
    stand: list[str]
    famous: NDArray[np.bool_]
    findings: tuple[Finding, ...]


def read_register(trees: gpd.GeoDataFrame, *, crown_from: CrownFrom = "crown") -> Register:
    """Return what a register says of each tree.

    Parameters
    ----------
    trees
        With one or more of the columns ``dbh`` (cm, at 1.3 m), ``crown`` (m), ``crown_ew`` and
        ``crown_ns`` (m); ``age`` (years), ``stand``, ``famous`` and ``name`` where known.
    crown_from
        What a crown is drawn from where a row has both: ``crown``, a circle, or ``widths``, an
        ellipse. Where it has one of them, that one.

    Raises
    ------
    ColumnError
        There is no column of trunks or crowns, or one holds something else than numbers.

    Examples
    --------
    >>> import geopandas as gpd
    >>> trees = gpd.GeoDataFrame(
    ...     {"dbh": [80, 0.9], "crown": [12.0, None]},
    ...     geometry=gpd.points_from_xy([0, 9], [0, 9]),
    ...     crs=6933,
    ... )
    >>> found = read_register(trees)
    >>> found.dbh_m.tolist(), found.half_ew.tolist(), [item.code for item in found.findings]
    ([0.8, nan], [6.0, nan], ['dbh_implausible'])
    """
    _require_widths(trees)
    dbh, told = _within(trees, "dbh", DBH_CM, _DBH)
    width: dict[str, Floats] = {}
    for key in ("crown", "crown_ew", "crown_ns"):
        width[key], found = _within(trees, key, CROWN_M, _CROWN)
        told += found
    half_ew, half_ns, ellipse, found = _halves(trees, width, crown_from)
    told += found
    told += _wide_trunks(trees, dbh / 100.0, half_ew + half_ns)
    told += _thick(trees, dbh)
    age, blank = _ages(trees)
    famous = np.zeros(len(trees), dtype=bool)
    if "famous" in trees.columns:
        famous, unsaid = yes_no(trees["famous"], LAYER)
        blank += unsaid
    return Register(
        name=words_of_rows(trees, "name"),
        age=age,
        dbh_m=dbh / 100.0,
        half_ew=half_ew,
        half_ns=half_ns,
        ellipse=ellipse,
        stand=words_of_rows(trees, "stand"),
        famous=famous,
        findings=(*told, *blank),
    )


def one_point_each(layer: Layer) -> gpd.GeoDataFrame:
    """Return a register with points for multipoints that hold one, which is how GIS writes them.

    Examples
    --------
    >>> import geopandas as gpd
    >>> one_point_each(gpd.GeoSeries([shapely.MultiPoint([(1, 2)])], crs=6933)).geom_type.tolist()
    ['Point']
    """
    frame = as_frame(layer, LAYER)
    shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
    lone = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT) & (
        shapely.get_num_geometries(shapes) == 1
    )
    points = np.where(lone, shapely.get_geometry(shapes, 0), shapes)
    return frame.set_geometry(gpd.GeoSeries(points, index=frame.index, crs=frame.crs))


def _require_widths(trees: gpd.GeoDataFrame) -> None:
    columns = set(map(str, trees.columns))
    if {"dbh", "crown"} & columns or {"crown_ew", "crown_ns"} <= columns:
        return
    own = tuple(str(name) for name in trees.columns if name != trees.active_geometry_name)
    listed = ", ".join(own) or "—"
    raise ColumnError(
        f"图层没有胸径 dbh 和冠幅 crown（或 crown_ew 与 crown_ns）字段；现有字段：{listed}。",
        "The layer has no column dbh (cm) and none of crown widths: crown, or crown_ew and "
        f"crown_ns (m). It has {listed}.",
        remedy=Text(
            zh='请改名，例如 rename(columns={"胸径": "dbh"})，或在清单 columns 中指定。',
            en='Rename yours, e.g. rename(columns={"DBH_CM": "dbh"}), or map it in the manifest.',
        ),
        layer=LAYER,
        expected="dbh, crown, or crown_ew and crown_ns",
        found=own,
    )


def _column(trees: gpd.GeoDataFrame, key: str) -> tuple[Floats, tuple[Finding, ...]]:
    if key not in trees.columns:
        return np.full(len(trees), np.nan), ()
    return amounts_of_rows(trees[key], LAYER)


def _ages(trees: gpd.GeoDataFrame) -> tuple[Floats, tuple[Finding, ...]]:
    """Return ages, which take no part in a zone: what is no number is told and not used."""
    if "age" not in trees.columns:
        return np.full(len(trees), np.nan), ()
    words = words_of_rows(trees, "age")
    values = pd.to_numeric(pd.Series(words, index=trees.index, name="age"), errors="coerce")
    number = (np.isfinite(values) & (values >= 0)).to_numpy()
    wrong = np.array([bool(word) for word in words], dtype=bool) & ~number
    age, blank = amounts_of_rows(values.where(number), LAYER)
    if not wrong.any():
        return age, blank
    odd = ", ".join(sorted({word for word, bad in zip(words, wrong, strict=True) if bad})[:5])
    text = Text(
        zh=f"{int(wrong.sum())} 行的树龄不是非负数（{odd}），不参与分级；保护范围不受影响。",
        en=f"Rows whose age is no number of zero or more ({odd}), which have no grade: "
        f"{int(wrong.sum())}. Their zones are drawn all the same.",
    )
    return age, (_told(trees, wrong, "age_unread", text), *blank)


_DBH = Text(
    zh="胸径应以厘米为单位（1.3 米高处）",
    en="DBH is in centimetres, at 1.3 m",
)
_CROWN = Text(zh="冠幅应以米为单位", en="crown widths are in metres")


def _within(
    trees: gpd.GeoDataFrame, key: str, limits: tuple[float, float], unit: Text
) -> tuple[Floats, list[Finding]]:
    """Return a column without what lies outside the limits, which is told; 0 says nothing."""
    values, _ = _column(trees, key)
    values = np.where(values == 0, np.nan, values)
    wrong = (values < limits[0]) | (values > limits[1])
    kept = np.where(wrong, np.nan, values)
    if not wrong.any():
        return kept, []
    odd = ", ".join(f"{value:g}" for value in sorted(set(values[wrong]))[:5])
    low, high = limits
    text = Text(
        zh=f"字段 {key} 有 {int(wrong.sum())} 行不可信（{odd}），未使用：{unit.zh}，"
        f"可信范围 {low:g}–{high:g}。",
        en=f"Rows of {key} that cannot be right ({odd}) and were not used: {int(wrong.sum())}; "
        f"{unit.en}, from {low:g} to {high:g}.",
    )
    code = "dbh_implausible" if key == "dbh" else "crown_implausible"
    return kept, [_told(trees, wrong, code, text)]


def _halves(
    trees: gpd.GeoDataFrame, width: dict[str, Floats], crown_from: CrownFrom
) -> tuple[Floats, Floats, NDArray[np.bool_], list[Finding]]:
    circle, ew, ns = width["crown"], width["crown_ew"], width["crown_ns"]
    measured, round_ = np.isfinite(ew) & np.isfinite(ns), np.isfinite(circle)
    ellipse = measured & (True if crown_from == "widths" else ~round_)
    told = []
    lone = (np.isfinite(ew) ^ np.isfinite(ns)) & ~round_
    if lone.any():
        text = Text(
            zh=f"{int(lone.sum())} 株只有一个方向的冠幅，未用来推测另一方向。",
            en="Trees with a crown width in one direction alone, from which the other was not "
            f"guessed: {int(lone.sum())}.",
        )
        told.append(_told(trees, lone, "crown_one_width", text))
    further = measured & round_ & (np.fmax(ew, ns) > circle + 2 * FURTHER_M) & ~ellipse
    if further.any():
        text = Text(
            zh=f"{int(further.sum())} 株按冠幅画圆，但所测东西或南北冠幅伸出圆外 {FURTHER_M} 米以上；"
            '如以实测冠幅为准，请用 crown_from="widths"。',
            en=f"Trees drawn as a circle of their crown width although a measured width reaches "
            f'more than {FURTHER_M} m beyond it: {int(further.sum())}. Use crown_from="widths" '
            "to go by the measured widths.",
        )
        told.append(_told(trees, further, "crown_widths_differ", text))
    half_ew = np.where(ellipse, ew, circle) / 2.0
    half_ns = np.where(ellipse, ns, circle) / 2.0
    return half_ew, half_ns, ellipse, told


def _wide_trunks(trees: gpd.GeoDataFrame, dbh_m: Floats, crown_m: Floats) -> list[Finding]:
    wide = dbh_m > WIDE_TRUNK * crown_m
    if not wide.any():
        return []
    text = Text(
        zh=f"{int(wide.sum())} 株的胸径超过冠幅一半，可能单位有误；按所填值计。",
        en=f"Trees with a trunk wider than half their crown, maybe an error of unit; used as "
        f"written: {int(wide.sum())}.",
    )
    return [_told(trees, wide, "trunk_wider_than_crown", text)]


def _thick(trees: gpd.GeoDataFrame, dbh_cm: Floats) -> list[Finding]:
    thick = dbh_cm > THICK_CM
    if not thick.any():
        return []
    most = float(dbh_cm[thick].max())
    text = Text(
        zh=f"{int(thick.sum())} 株胸径超过 {THICK_CM:g} 厘米（最大 {most:g}），极少见，可能是毫米；按所填值计，"
        f"20 倍胸径达 {most / 5:.0f} 米。",
        en=f"Trees with a DBH above {THICK_CM:g} cm (up to {most:g}), which few trees have, maybe "
        f"millimetres; used as written, 20 DBH reach {most / 5:.0f} m: {int(thick.sum())}.",
    )
    return [_told(trees, thick, "trunk_very_thick", text)]


def _told(trees: gpd.GeoDataFrame, rows: NDArray[np.bool_], code: str, text: Text) -> Finding:
    return Finding(
        code=code,
        text=text,
        severity="warning",
        layer=LAYER,
        rows=tuple(trees.index[rows]),
        count=int(rows.sum()),
    )
