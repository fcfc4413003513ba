"""Alignment: whether an image lies under the outlines that it should show.

Question   Do image and vectors lie apart, by how many metres, and which layers say so?
Enters     What says where an image is green; layers of polygons in any CRS.
Leaves     An ImageShift for one layer; findings for a city.
Elsewhere  Scoring steps: measure/registration. Layers against each other: read/offset.

At most eight windows of 512 × 512 pixels are read, those in which most outlines lie.
"""

from __future__ import annotations

from math import cos, isnan, nan, radians, sin
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import GeometryError, InputError
from greenspace.measure.registration import (
    FAR,
    LEAST_POINTS,
    NEAR,
    PARTS,
    contrasts,
    edges_of,
    fit,
    settled,
    within,
)
from greenspace.model.crs import is_local, to_degrees
from greenspace.model.grid import WGS84, Window
from greenspace.model.image_shift import ImageShift
from greenspace.model.layers import LAYERS
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.corrections import Corrected
from greenspace.prepare.indices import spectral_index
from greenspace.prepare.project import to_crs
from greenspace.prepare.repair import as_frame
from greenspace.prepare.vegetation import Vegetation
from greenspace.tally import as_raster, plane_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from greenspace.measure.registration import Edges, Fit
    from greenspace.model.grid import GreenRaster, Grid
    from greenspace.prepare.repair import Layer

    Image = tuple[Window, NDArray[np.float32]]

EDGED = ("vegetation", "green", "parks", "water", "residential")
WINDOW, MOST_WINDOWS = 512, 8
MOST_CORNERS, MOST_NEAR, MOST_FAR = 20_000, 4000, 1500


def image_shift(vegetation: Any, layer: Layer) -> ImageShift:
    """Find the shift between an image and outlines that it should show.

    The outlines are laid over the image at steps of up to 32 pixels each way, and what lies just
    inside is compared with what lies just outside. Rotated and south-up images will do.

    Parameters
    ----------
    vegetation
        What `gs.vegetation` returned (its index is compared, no threshold is needed), or a raster
        of 0/1 or shares.
    layer
        Polygons whose edges the image shows: parcels of green, parks, water, crowns. Limits that
        nothing on the ground follows, such as census tracts, tell nothing.

    Returns
    -------
    ImageShift
        Where it is not ``sure`` its numbers are NaN, and ``reason`` says why.

    Raises
    ------
    CrsError
        The layer has no CRS, or no way leads from it to the image's.
    GeometryError
        It is no layer, or has no polygons.
    RasterError
        The image cannot be read, or has no CRS.

    Examples
    --------
    >>> image_shift("missing.tif", None)
    Traceback (most recent call last):
    greenspace.errors.RasterError: It cannot be opened as an image: ...
    """
    raster = as_raster(vegetation)
    raster = raster.raster if isinstance(raster, Corrected) else raster
    frame = as_frame(layer, "layer")
    if not (shapely.area(frame.geometry.to_numpy()) > 0).any():
        raise GeometryError(
            "图层没有面，无轮廓可比。",
            "The layer has no polygons: there are no outlines to compare.",
            remedy=Text(
                zh="请给出影像上看得出边界的面图层。",
                en="Give polygons whose edges the image shows.",
            ),
            layer="layer",
            expected="Polygon",
            found=tuple(frame.geom_type.dropna().unique()),
        )
    (found,) = _fits(raster, {"layer": frame}).values()
    return _shift(found, raster.grid)


def alignment_findings(
    raster: GreenRaster, layers: Mapping[str, gpd.GeoDataFrame], image: str
) -> tuple[Finding, ...]:
    """Return a warning where layers of a city say that an image is shifted against them.

    A note, where there are such layers and none can tell.
    """
    shown = {name: layers[name] for name in EDGED if name in layers}
    if not shown:
        return ()
    try:
        fits = _fits(raster, shown)
    except InputError:  # told where the image and the layers are measured
        return ()
    right = {name: found for name, found in fits.items() if found.sure and not found.above_one}
    apart = {
        name: _shift(found, raster.grid)
        for name, found in fits.items()
        if found.above_one and found.is_off(right.values())
    }
    if apart:
        return (_apart(apart, list(right), image),)
    return () if right else (_untold(fits, image),)


def _fits(raster: GreenRaster, layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, Fit]:
    windows = _busiest(raster, layers)
    images = [(window, values.astype(np.float32)) for window, values in _surface(raster, windows)]
    fits = {}
    for name, frame in layers.items():
        edges = _edges(raster, frame, windows, name)
        near = _fit(images, edges, NEAR, MOST_NEAR)
        far = _fit(images, edges, FAR, MOST_FAR)
        if isnan(far.right):  # clouds or rims leave too few points: look less far
            far = _fit(images, edges, FAR // 2, MOST_FAR)
        fits[name] = settled(near, far)
    return fits


def _fit(images: list[Image], edges: Edges, reach: int, most: int) -> Fit:
    """Return the fit of some of the points, as many as are looked at so far away."""
    whole = edges.at(_inside(edges, [window for window, _ in images], reach))
    some = whole.at(slice(None, None, max(1, -(-len(whole.points) // most))))
    pieces = []
    for window, values in images:
        near = some.at(_inside(some, [window], reach))
        pieces.append((near, contrasts(values, near, window.col, window.row, reach=reach)))
    return fit(pieces)


def _busiest(raster: GreenRaster, layers: Mapping[str, gpd.GeoDataFrame]) -> list[Window]:
    """Return the windows in which most corners of outlines lie."""
    grid = raster.grid
    corners = np.concatenate([_corners(raster, frame, name) for name, frame in layers.items()])
    inside = (corners >= 0).all(axis=1) & (corners < (grid.width, grid.height)).all(axis=1)
    squares, counts = np.unique(corners[inside] // WINDOW, axis=0, return_counts=True)
    busiest = squares[np.argsort(-counts, kind="stable")[:MOST_WINDOWS]].astype(int) * WINDOW
    found = [
        Window(row, col, min(WINDOW, grid.height - row), min(WINDOW, grid.width - col))
        for col, row in busiest.tolist()
    ]
    wide = [window for window in found if min(window.height, window.width) > 2 * NEAR]
    return sorted(wide, key=lambda window: (window.row, window.col))


def _corners(raster: GreenRaster, frame: gpd.GeoDataFrame, name: str) -> NDArray[np.float64]:
    every = shapely.get_coordinates(frame.geometry.to_numpy())
    some = every[:: max(1, -(-len(every) // MOST_CORNERS))]
    points = gpd.GeoDataFrame(geometry=shapely.points(some), crs=frame.crs)
    corners: NDArray[np.float64] = shapely.get_coordinates(_in_pixels(points, raster, name))
    return corners


def _edges(raster: GreenRaster, frame: gpd.GeoDataFrame, windows: list[Window], name: str) -> Edges:
    """Return points on the outlines that cross some windows."""
    there = to_crs(_footprints(raster, windows, frame), frame.crs, name)
    shapes = frame.geometry.to_numpy()
    met = np.unique(shapely.STRtree(shapes).query(there.geometry.to_numpy(), "intersects")[1])
    corners = np.cumsum(shapely.get_num_coordinates(shapes[met]))
    step = max(1, -(-int(corners[-1] if len(corners) else 0) // MOST_CORNERS))
    return edges_of(_in_pixels(frame.iloc[met[::step]], raster, name))


def _footprints(
    raster: GreenRaster, windows: Iterable[Window], frame: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    boxes = [shapely.box(w.col, w.row, w.col + w.width, w.row + w.height) for w in windows]

    shapes = _placed(np.array(boxes, dtype=object), raster.grid.transform)
    return gpd.GeoDataFrame(geometry=shapes, crs=plane_of(raster, frame))


def _in_pixels(frame: gpd.GeoDataFrame, raster: GreenRaster, name: str) -> NDArray[Any]:
    on_raster = to_crs(frame, plane_of(raster, frame), name)
    return _placed(on_raster.geometry.to_numpy(), ~raster.grid.transform)


def _placed(shapes: NDArray[Any], transform: Any) -> NDArray[Any]:
    def place(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transform @ (points[:, 0], points[:, 1]))

    placed: NDArray[Any] = shapely.transform(shapes, place)
    return placed


def _inside(edges: Edges, windows: Iterable[Window], reach: int) -> NDArray[np.bool_]:
    inside = np.zeros(len(edges.points), dtype=bool)
    for window in windows:
        inside |= within(edges, window.col, window.row, window.width, window.height, reach=reach)
    return inside


def _surface(
    raster: GreenRaster, windows: Iterable[Window]
) -> Iterator[tuple[Window, NDArray[np.float64]]]:
    """Yield what an image shows: its index, or how green it is; NaN where it shows nothing."""
    if isinstance(raster, Vegetation):
        index = spectral_index(raster.index)
        for window, bands, seen in raster.reader.stream(index.bands, windows):
            yield window, np.where(seen, np.clip(index.compute(*bands), -1.0, 1.0), np.nan)
    else:
        for strip in raster.strips(windows):
            yield strip.window, np.where(strip.seen, strip.green, np.nan)


def _shift(found: Fit, grid: Grid) -> ImageShift:
    right, down = (found.right, found.down) if found.sure else (nan, nan)
    east, north = _metres(grid, right, down) if found.sure else (nan, nan)
    return ImageShift(
        right_px=right,
        down_px=down,
        east_m=east,
        north_m=north,
        spread_px=found.spread,
        points=found.points,
        sure=found.sure,
        above_one=found.above_one,
        reason=None if found.sure else _why(found),
    )


def _why(found: Fit) -> Text:
    if found.points < PARTS * LEAST_POINTS:
        return Text(
            zh=f"影像所示范围内的轮廓太少（{found.points} 个点）。",
            en=f"Too few outlines lie on what the image shows ({found.points} points).",
        )
    return Text(
        zh=f"没有唯一吻合的移动：影像上看不出这些轮廓，或轮廓成行重复，或相差超过 {FAR - 1} 个像元。",
        en="No one shift fits: the image does not show these outlines, they repeat as rows of houses "
        f"do, or they lie more than {FAR - 1} pixels off.",
    )


def _metres(grid: Grid, right: float, down: float) -> tuple[float, float]:
    """Return a step of pixels in the middle of an image as metres to the east and the north."""
    col, row = grid.width / 2, grid.height / 2
    (x, y), end = grid.transform @ (col, row), grid.transform @ (col + right, row + down)
    if grid.crs is None or is_local(grid.crs):
        return end[0] - x, end[1] - y
    degrees = to_degrees(grid.crs)
    azimuth, _, metres = WGS84.inv(*degrees.transform(x, y), *degrees.transform(*end))
    return metres * sin(radians(azimuth)), metres * cos(radians(azimuth))


def _apart(apart: Mapping[str, ImageShift], right: list[str], name: str) -> Finding:
    told_zh = "；".join(
        f"{LAYERS[layer].title.zh}：向东 {_signed(s.east_m)} 米、向北 {_signed(s.north_m)} 米（向右 "
        f"{_signed(s.right_px)}、向下 {_signed(s.down_px)} 像元，四部分相差 {s.spread_px:.1f} 像元以内）"
        for layer, s in apart.items()
    )
    told_en = "; ".join(
        f"{layer}: {_signed(s.east_m)} m east, {_signed(s.north_m)} m north ({_signed(s.right_px)} "
        f"pixels right, {_signed(s.down_px)} down; four parts of the ground agree within "
        f"{s.spread_px:.1f})"
        for layer, s in apart.items()
    )
    zh = f"影像 {name} 上的边界偏离矢量轮廓。{told_zh}。"
    en = f"The edges in the image {name} lie off the outlines. {told_en}."
    if right:
        zh += f"与{'、'.join(LAYERS[layer].title.zh for layer in right)}则相符，请先核对上述图层。"
        en += f" {', '.join(right)} fit: check the other layers first."
    zh += "请配准，或核对两者的坐标系和坐标基准；未作任何改动。"
    en += " Register the image, or check the CRS and datum of both. Nothing was moved."
    return _finding("image_shifted", Text(zh=zh, en=en), "warning", name)


def _signed(value: float) -> str:
    return f"{round(value, 1) + 0.0:+.1f}"  # no -0.0


def _untold(fits: Mapping[str, Fit], name: str) -> Finding:
    why = {layer: _why(found) for layer, found in fits.items()}
    zh = "；".join(f"{LAYERS[layer].title.zh}：{text.zh[:-1]}" for layer, text in why.items())
    en = " ".join(f"{layer}: {text.en}" for layer, text in why.items())
    text = Text(
        zh=f"看不出影像 {name} 与矢量是否错位。{zh}。请把矢量叠在影像上目视核对。",
        en=f"Whether the image {name} lies exactly under the vectors cannot be told. {en} Lay the "
        "vectors over the image and look.",
    )
    return _finding("image_shift_unknown", text, "note", name)


def _finding(code: str, text: Text, severity: Any, name: str) -> Finding:
    return Finding(
        code=code,
        text=text,
        severity=severity,
        layer="image",
        indicators=("green_coverage",),
        file=name,
    )
