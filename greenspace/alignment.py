"""Alignment: whether an image lies under the outlines that it should show.

Question   Do image and vectors lie apart, by how many metres, and which layers say so?
Enters     What says where an image is green; layers of polygons in any CRS.
Leaves     An ImageShift for one layer; findings for a city.
Elsewhere  Scoring steps: measure/registration. Layers against each other: read/offset.

At most eight windows of 512 × 512 pixels are read, those in which most outlines lie.
"""

from __future__ import annotations

from math import cos, radians, sin
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import InputError
from greenspace.measure.registration import MARGIN, REACH, contrasts, edges_of, fit, within
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

EDGED = ("vegetation", "green", "parks", "water", "residential")
WINDOW, MOST_WINDOWS = 512, 8
MOST_CORNERS, MOST_POINTS = 20_000, 4000


def image_shift(vegetation: Any, layer: Layer) -> ImageShift:
    """Find the shift between an image and outlines that it should show.

    The outlines are laid over the image at steps of up to 8 pixels each way, and what lies just
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
        ``sure`` tells whether four parts of the ground agree; else nothing can be told.

    Raises
    ------
    CrsError
        The layer has no CRS, or no way leads from it to the image's.
    GeometryError
        It is no layer.
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
    return () if right else (_untold(image),)


def _fits(raster: GreenRaster, layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, Fit]:
    windows = _busiest(raster, layers)
    edges = {name: _edges(raster, frame, windows, name) for name, frame in layers.items()}
    pieces: dict[str, list[Any]] = {name: [] for name in layers}
    for window, values in _surface(raster, windows):
        for name, every in edges.items():
            near = every.at(_inside(every, [window]))
            pieces[name].append((near, contrasts(values, near, window.col, window.row)))
    return {name: fit(found) for name, found in pieces.items()}


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
    wide = [window for window in found if min(window.height, window.width) > 2 * MARGIN]
    return sorted(wide, key=lambda window: (window.row, window.col))


def _corners(raster: GreenRaster, frame: gpd.GeoDataFrame, name: str) -> NDArray[np.float64]:
    every = shapely.get_coordinates(frame.geometry.to_numpy())
    some = every[:: max(1, -(-len(every) // MOST_CORNERS))]
    points = gpd.GeoDataFrame(geometry=shapely.points(some), crs=frame.crs)
    corners: NDArray[np.float64] = shapely.get_coordinates(_in_pixels(points, raster, name))
    return corners


def _edges(raster: GreenRaster, frame: gpd.GeoDataFrame, windows: list[Window], name: str) -> Edges:
    """Return points on the outlines that cross some windows, as many as are looked at."""
    there = to_crs(_footprints(raster, windows, frame), frame.crs, name)
    shapes = frame.geometry.to_numpy()
    met = np.unique(shapely.STRtree(shapes).query(there.geometry.to_numpy(), "intersects")[1])
    corners = np.cumsum(shapely.get_num_coordinates(shapes[met]))
    step = max(1, -(-int(corners[-1] if len(corners) else 0) // MOST_CORNERS))
    edges = edges_of(_in_pixels(frame.iloc[met[::step]], raster, name))
    kept = np.flatnonzero(_inside(edges, windows))
    return edges.at(kept[:: max(1, -(-len(kept) // MOST_POINTS))])


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


def _inside(edges: Edges, windows: Iterable[Window]) -> NDArray[np.bool_]:
    inside = np.zeros(len(edges.points), dtype=bool)
    for window in windows:
        inside |= within(edges, window.col, window.row, window.width, window.height)
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
    east, north = _metres(grid, found.right, found.down)
    return ImageShift(
        right_px=found.right,
        down_px=found.down,
        east_m=east,
        north_m=north,
        spread_px=found.spread,
        points=found.points,
        sure=found.sure,
        above_one=found.above_one,
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


def _untold(name: str) -> Finding:
    text = Text(
        zh=f"看不出影像 {name} 与矢量是否错位：影像上显出的轮廓太少，或相差超过 {REACH} 个像元。",
        en=f"Whether the image {name} lies exactly under the vectors cannot be told: too few "
        f"outlines show in it, or they lie more than {REACH} pixels apart.",
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
