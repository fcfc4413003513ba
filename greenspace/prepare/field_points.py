"""Field points: places on the ground, brought onto the pixels of an image.

Question   Which pixel does each point stand on, and does the image reach it?
Enters     A layer of points with reference classes, and the image's grid.
Leaves     FieldPoints with a pixel each; points outside are counted.
Elsewhere  Words for classes: prepare/reference. The threshold from them: prepare/calibration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import CrsError, GeometryError, RasterError
from greenspace.model.place import require_place
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.calibration import require_enough
from greenspace.prepare.project import to_crs
from greenspace.prepare.reference import reference_classes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from greenspace.model.city import Objective
    from greenspace.model.grid import Grid, Window
    from greenspace.model.source import Source

    Ints = NDArray[np.int64]

POINTS = (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)


@dataclass(frozen=True, slots=True, eq=False)
class FieldPoints:
    """Points inside an image, each with its pixel and its class on the ground.

    Attributes
    ----------
    rows, cols
        The pixel of each point.
    green
        Whether each is green on the ground.
    objective
        What a threshold from them should do best.
    source
        Where they come from.
    outside
        How many more lie beyond the image.
    repeated, torn
        How many more share the pixel of another one and its class; or of one of the other class.
    remarks
        What reading them took for granted.
    """

    rows: Ints
    cols: Ints
    green: NDArray[np.bool_]
    objective: Objective
    source: Source
    outside: int
    repeated: int = 0
    torn: int = 0
    remarks: tuple[Finding, ...] = ()

    def within(self, windows: Iterable[Window]) -> Iterator[tuple[Window, Ints]]:
        """Yield the windows that hold points, each with the points that it holds."""
        for window in windows:
            down, right = self.rows - window.row, self.cols - window.col
            inside = (down >= 0) & (down < window.height) & (right >= 0) & (right < window.width)
            if inside.any():
                yield window, np.flatnonzero(inside)

    def findings(self, unseen: int) -> tuple[Finding, ...]:
        """Return what was noticed, and which points the image does not reach or does not show."""
        beyond = Text(
            zh=f"有 {self.outside} 个样本点在影像之外，未使用。",
            en=f"{self.outside} sample points lie outside the image and are not used.",
        )
        hidden = Text(
            zh=f"有 {unseen} 个样本点处影像不可见（无数据、云、指数无意义），未使用。",
            en=f"{unseen} sample points stand where the image shows nothing (no data, cloud, "
            "index undefined) and are not used.",
        )
        again = Text(
            zh=f"有 {self.repeated} 个样本点与另一个同类样本点落在同一像元，每个像元只计一次。",
            en=f"{self.repeated} sample points stand on the pixel of another of the same class: a pixel "
            "counts once.",
        )
        both = Text(
            zh=f"有 {self.torn} 个样本点所在的像元既有绿的点、也有非绿的点，未使用。",
            en=f"{self.torn} sample points stand on pixels that are green by one point and not by "
            "another, and are not used.",
        )
        told = (
            ("samples_outside", beyond, self.outside),
            ("samples_unseen", hidden, unseen),
            ("samples_repeated", again, self.repeated),
            ("samples_contradict", both, self.torn),
        )
        unused = tuple(
            Finding(code=code, text=text, severity="warning", layer="samples", count=count)
            for code, text, count in told
            if count
        )
        return self.remarks + unused


def field_points(
    points: gpd.GeoDataFrame, grid: Grid, *, column: str, objective: Objective, source: Source
) -> FieldPoints:
    """Bring points onto the pixels of an image.

    Raises
    ------
    CrsError
        Points or image have no CRS, or the points do not fit theirs.
    GeometryError
        A row has no point.
    ColumnError
        A class is missing or not known.
    RasterError
        No point lies on the image, or too few pixels of a class have one.
    """
    if points.crs is None:
        raise _no_crs("样本点没有坐标系。", "The sample points have no CRS.", source)
    if grid.crs is None:
        raise _no_crs(
            "影像没有坐标系，样本点无法落到像元上。",
            "The image has no CRS, so points cannot be brought onto its pixels.",
            source,
        )
    points = _single(points)
    require_place(points, layer="samples")
    green = reference_classes(points, column)
    moved = to_crs(points[[points.geometry.name]], grid.crs, "samples")
    east, north = moved.geometry.x.to_numpy(), moved.geometry.y.to_numpy()
    back = ~grid.transform
    cols = np.floor(back.a * east + back.b * north + back.c).astype(np.int64)
    rows = np.floor(back.d * east + back.e * north + back.f).astype(np.int64)
    inside = (rows >= 0) & (rows < grid.height) & (cols >= 0) & (cols < grid.width)
    if not inside.any():
        raise _all_outside(len(points), grid)
    rows, cols, green = rows[inside], cols[inside], green[inside]
    kept, torn = _one_a_pixel(rows * grid.width + cols, green)
    require_enough(green[kept])
    return FieldPoints(
        rows[kept],
        cols[kept],
        green[kept],
        objective,
        source,
        outside=int(np.count_nonzero(~inside)),
        repeated=len(rows) - torn - len(kept),
        torn=torn,
        remarks=tuple(points.attrs.get("findings", ())),
    )


def _one_a_pixel(pixels: Ints, green: NDArray[np.bool_]) -> tuple[Ints, int]:
    """Return the first point of each pixel whose points agree, and how many disagree.

    Examples
    --------
    >>> _one_a_pixel(np.array([7, 7, 3, 5, 5]), np.array([True, True, False, True, False]))
    (array([0, 2]), 2)
    """
    _, first, place, count = np.unique(
        pixels, return_index=True, return_inverse=True, return_counts=True
    )
    greens = np.bincount(place, weights=green, minlength=len(first))
    agree = (greens == 0) | (greens == count)
    return np.sort(first[agree]), int(count[~agree].sum())


def _no_crs(zh: str, en: str, source: Source) -> CrsError:
    remedy = Text(zh="请先写明坐标系。", en="Say which it is.")
    return CrsError(zh, en, remedy=remedy, layer="samples", file=source.name)


def _single(points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one point a row; a multipoint of one counts as that."""
    shapes = points.geometry.to_numpy()
    lone = np.isin(shapely.get_type_id(shapes), POINTS) & (shapely.get_num_geometries(shapes) == 1)
    wrong = ~(lone & np.isfinite(shapely.bounds(shapes)).all(axis=1))
    if not len(points) or wrong.any():
        raise GeometryError(
            f"样本点图层有 {int(wrong.sum())} 行不是单个点，共 {len(points)} 行。",
            f"{int(wrong.sum())} of {len(points)} rows of the sample points hold no single point.",
            remedy=Text(
                zh="每行应有一个点；多点请先拆开。",
                en="Each row should hold one point; take multipoints apart first.",
            ),
            layer="samples",
            rows=points.index[wrong],
            expected="Point",
        )
    single = gpd.GeoSeries(shapely.get_geometry(shapes, 0), index=points.index, crs=points.crs)
    return points.set_geometry(single)


def _all_outside(count: int, grid: Grid) -> RasterError:
    box = ", ".join(f"{value:.4f}" for value in grid.bounds)
    return RasterError(
        f"{count} 个样本点都在影像之外，影像范围为 [{box}]。",
        f"All {count} sample points lie outside the image, which covers [{box}].",
        remedy=Text(zh="请核对两者的坐标系。", en="Check the CRS of both."),
        layer="samples",
        expected=grid.bounds,
        found=0,
    )
