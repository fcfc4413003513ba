"""Strata: where reference points were drawn, and how many in each stratum.

Question   For how much ground does each point stand?
Enters     The columns stratum and stratum_area_m2, points on the ground that is asked for or not.
Leaves     Areas and numbers of points by stratum; a refusal where a stratum was not looked at.
Elsewhere  The points' classes: prepare/reference_points. Estimates: measure/accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenspace.errors import ColumnError, InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

LAYER = "reference"
STRATUM, STRATUM_AREA = "stratum", "stratum_area_m2"
CUT_AREA = STRATUM_AREA[:10]  # what a shapefile leaves of it
ERRORS = 3.0


def strata_columns(
    frame: gpd.GeoDataFrame,
) -> tuple[dict[str, NDArray[Any]], tuple[Finding, ...]]:
    """Return the strata as text with one area each, where the layer has any.

    Raises
    ------
    ColumnError
        A point has no stratum, or a stratum has not one area above zero.
    """
    if STRATUM not in frame.columns or frame[STRATUM].isna().all():
        return {}, ()
    names = frame[STRATUM].map(lambda value: str(value).strip())
    missing = frame[STRATUM].isna().to_numpy() | (names == "").to_numpy()
    found: dict[str, NDArray[Any]] = {STRATUM: names.to_numpy()}
    column, told = STRATUM_AREA, tuple[Finding, ...]()
    if STRATUM_AREA not in frame.columns and CUT_AREA in frame.columns:
        column, told = CUT_AREA, (_cut(),)
    if column in frame.columns:
        areas = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float)
        missing = missing | ~(np.isfinite(areas) & (areas > 0))
        several = pd.Series(areas).groupby(names.to_numpy()).nunique()
        missing = missing | names.isin(several.index[several > 1]).to_numpy()
        found[STRATUM_AREA] = areas
    if missing.any():
        raise ColumnError(
            f"有 {missing.sum()} 个核查点没有层名，或同一层的 {STRATUM_AREA} 缺失、不为正或不一致。",
            f"{missing.sum()} reference points have no stratum, or their stratum has no single "
            f"{STRATUM_AREA} above zero.",
            remedy=Text(
                zh="请为每层的所有点写同一个面积（平方米）。",
                en="Write one area in m2 for all points of a stratum.",
            ),
            layer=LAYER,
            column=column,
            rows=frame.index[missing],
        )
    return found, told


def _cut() -> Finding:
    text = Text(
        zh=f"字段 {CUT_AREA} 按 {STRATUM_AREA} 读取：Shapefile 只保留字段名的前 10 个字母。",
        en=f"The column {CUT_AREA} was read as {STRATUM_AREA}: a shapefile keeps ten letters of a "
        "name.",
    )
    return Finding(code="stratum_area_restored", text=text, layer=LAYER)


def drawn_by_classes(
    points: gpd.GeoDataFrame, seen: NDArray[np.bool_], mapped: NDArray[Any]
) -> bool:
    """Return whether points were drawn by the map's own classes, or everywhere alike.

    Parameters
    ----------
    points
        All that were drawn.
    seen
        Which of them the map shows, on the ground that is asked for or not.
    mapped
        The map's class of each of these.

    Raises
    ------
    ColumnError
        They were drawn in strata of another kind, without areas.
    """
    if STRATUM not in points.columns or list(points[STRATUM][seen]) == list(mapped):
        return True
    if STRATUM_AREA in points.columns:
        return False
    strata = points[STRATUM].unique().tolist()
    if len(strata) == 1:
        return True
    raise ColumnError(
        f"核查点按 {len(strata)} 层抽取，各层不是现在的图的类别，却没有字段 {STRATUM_AREA}："
        "不知每点代表多大面积。",
        f"The points were drawn in {len(strata)} strata that are not the classes of the judged "
        f"map, and there is no column {STRATUM_AREA}: for how much ground each stands is not known.",
        remedy=Text(
            zh=f"请为每点写其所在层的面积 {STRATUM_AREA}（平方米）；若非分层抽取，请去掉字段 {STRATUM}。",
            en=f"Write the area of its stratum beside each point, in {STRATUM_AREA}; where points "
            f"were not drawn in strata, leave the column {STRATUM} out.",
        ),
        layer=LAYER,
        column=STRATUM_AREA,
        found=strata,
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """Strata of points.

    Attributes
    ----------
    areas_m2
        Of each stratum, as its points say.
    points
        Drawn in each stratum. Where some on the ground in question were not visited, less by the
        same part, so that the ones visited there keep their part of the stratum.
    part
        Of the points of each stratum, those on the ground in question.
    """

    areas_m2: Mapping[Hashable, float]
    points: Mapping[Hashable, float]
    part: Mapping[Hashable, float]

    def within_m2(self) -> tuple[float, float]:
        """Return the least and greatest area of the ground in question, by chance alone.

        Examples
        --------
        >>> least, most = Drawn({"a": 100.0}, {"a": 100.0}, {"a": 0.5}).within_m2()
        >>> round(least), round(most)
        (35, 65)
        """
        area = np.array([self.areas_m2[name] for name in self.areas_m2])
        count = np.array([self.points[name] for name in self.areas_m2])
        part = np.array([self.part[name] for name in self.areas_m2])
        near = (part * count + 1.0) / (count + 2.0)  # not sure of all or none after a few points
        error = sqrt(float(np.sum(area**2 * near * (1.0 - near) / count)))
        most = min(float(area @ part) + ERRORS * error, float(area.sum()))
        return max(float(area @ part) - ERRORS * error, 0.0), most


def strata_drawn(points: gpd.GeoDataFrame, ground: NDArray[np.bool_]) -> Drawn:
    """Return how many points were drawn in each stratum, and how many lie on some ground.

    Raises
    ------
    InputError
        Points of a stratum lie on that ground, and none of them was visited.

    Examples
    --------
    >>> import geopandas as gpd
    >>> columns = {"stratum": list("aaab"), "stratum_area_m2": [9.0] * 3 + [1.0]}
    >>> drawn = gpd.GeoDataFrame(columns | {"visited": [True, False, False, True]})
    >>> strata_drawn(drawn, np.array([True, True, False, False])).points
    {'a': 1.5, 'b': 1.0}
    """
    table = pd.DataFrame(
        {
            "area": points[STRATUM_AREA].to_numpy(),
            "ground": ground,
            "visited": ground & points["visited"].to_numpy(dtype=bool),
        }
    )
    groups = table.groupby(points[STRATUM].to_numpy())
    there, visited, every = groups["ground"].sum(), groups["visited"].sum(), groups.size()
    empty = there.index[(there > 0) & (visited == 0)].tolist()
    if empty:
        raise InputError(
            f"有 {len(empty)} 层在量算范围内的核查点都没有填写实际类别，这些层无从估计。",
            f"{len(empty)} strata have points on the ground in question, and none of them has a "
            "class: nothing is known of these strata.",
            remedy=Text(
                zh="请补充核查这些层的点。", en="Visit points of these strata and fill them in."
            ),
            layer=LAYER,
            rows=empty,
            expected="a class at two points of each stratum, or more",
            found=there[empty].astype(int).tolist(),
        )
    # so multiplied first, whole numbers stay whole where all were visited or all lie there
    points = (visited * every / there).where(there > 0, every.astype(float))
    return Drawn(groups["area"].first().to_dict(), points.to_dict(), (there / every).to_dict())
