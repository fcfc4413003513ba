"""Raster files: named bands of one image, streamed by windows.

Question   Which numbers does each pixel hold, and does the image show it at all?
Enters     An image, the names of its bands, scale, offset, nodata and a mask.
Leaves     An ImageBands that yields bands and seen pixels window by window.
Elsewhere  Kinds of image: read/origin. Indices and thresholds: prepare/vegetation.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
from affine import Affine
from rasterio.features import geometry_mask

from greenspace.errors import RasterError
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.read.origin import open_origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from greenspace.model.grid import Grid, Window
    from greenspace.read.origin import Header, Origin

    Bands = tuple[NDArray[np.float64], ...]

RAW = (1.0, 0.0)
SAY_NODATA = Text(
    zh="请指定 nodata=0；若 0 是真实数值，请指定一个不出现的值，如 nodata=-1。",
    en="Pass nodata=0; where 0 is a real value, pass one that does not occur, such as nodata=-1.",
)


@dataclass(frozen=True, kw_only=True)
class ImageBands:
    """Named bands of an image; nothing but headers is read until it is streamed.

    Attributes
    ----------
    places
        Band name to origin and band number.
    origins
        The distinct origins behind the bands.
    nodata
        Overrides what the image says.
    hidden
        Window to the pixels that a mask hides, where there is one.
    """

    places: Mapping[str, tuple[Origin, int]]
    origins: tuple[Origin, ...]
    scale: float | None = None
    offset: float | None = None
    nodata: float | None = None
    hidden: Origin | PolygonMask | None = None
    remarks: tuple[Finding, ...] = ()

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""
        return self.origins[0].header.grid

    @property
    def source(self) -> Source:
        """Which file this is."""
        return Source(role="image", name=", ".join(o.header.name for o in self.origins))

    @property
    def scaled(self) -> bool:
        """Whether values are physical, not raw numbers: as given, or as the image declares."""
        if self.scale is not None and self.offset is not None:
            return True
        return all(
            (origin.header.scales[number - 1], origin.header.offsets[number - 1]) != RAW
            for origin, number in self.places.values()
        )

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed; reads the image's border where nodata is not declared."""
        return (*self.remarks, *self._nodata_findings)

    @cached_property
    def _nodata_findings(self) -> tuple[Finding, ...]:
        if self.nodata is not None or all(o.header.says_nodata for o in self.origins):
            return ()
        blank = _blank_border_pixels(self.origins)
        if blank:
            raise RasterError(
                f"影像没有 nodata 标记，而边缘有 {blank} 个像元在所有波段都为 0。",
                f"The image declares no nodata, and {blank} pixels at its border are 0 "
                "in all bands.",
                remedy=SAY_NODATA,
                file=self.source.name,
                found=blank,
            )
        text = Text(
            zh="影像没有 nodata 标记，全部像元按有效处理。",
            en="The image declares no nodata; all pixels are taken as valid.",
        )
        return (Finding(code="nodata_undeclared", text=text, layer="image"),)

    def stream(
        self, bands: tuple[str, ...], windows: Iterable[Window]
    ) -> Iterator[tuple[Window, Bands, NDArray[np.bool_]]]:
        """Yield the bands as float64 and the seen pixels of each window.

        Raises
        ------
        RasterError
            A window cannot be decoded, or undeclared nodata touches the border.
        """
        _ = self._nodata_findings
        with ExitStack() as stack:
            readings = {id(o): stack.enter_context(o.session()) for o in self.origins}
            hides = None if self.hidden is None else stack.enter_context(self.hidden.session())
            for window in windows:
                yield self._window(bands, window, readings, hides)

    def _window(
        self,
        bands: tuple[str, ...],
        window: Window,
        readings: Mapping[int, Callable[..., Any]],
        hides: Callable[..., Any] | None,
    ) -> tuple[Window, Bands, NDArray[np.bool_]]:
        seen = np.ones((window.height, window.width), dtype=bool)
        values = []
        for band in bands:
            origin, number = self.places[band]
            raw, data = readings[id(origin)](number, window)
            seen &= data if self.nodata is None else self._not_nodata(raw, data, origin)
            values.append(self._physical(raw, origin, number))
        if hides is not None:
            hidden, _ = hides(1, window)
            seen &= hidden == 0
        return window, tuple(values), seen

    def _not_nodata(
        self, raw: NDArray[Any], data: NDArray[np.bool_], origin: Origin
    ) -> NDArray[np.bool_]:
        """Put the given nodata in place of the declared value; a mask keeps its meaning."""
        kept: NDArray[np.bool_] = raw != self.nodata
        return kept & data if origin.header.masked else kept

    def _physical(self, raw: NDArray[Any], origin: Origin, number: int) -> NDArray[np.float64]:
        header = origin.header
        scale = header.scales[number - 1] if self.scale is None else self.scale
        offset = header.offsets[number - 1] if self.offset is None else self.offset
        values = raw.astype(np.float64)
        if scale != 1.0:
            values *= scale
        if offset != 0.0:
            values += offset
        return values


@dataclass(frozen=True, slots=True)
class PolygonMask:
    """Polygons that hide every pixel they touch."""

    shapes: tuple[Any, ...]
    grid: Grid

    @contextmanager
    def session(self) -> Iterator[Callable[[int, Window], tuple[NDArray[Any], None]]]:
        """Return a reading that burns the polygons into one window."""
        yield self._read

    def _read(self, number: int, window: Window) -> tuple[NDArray[Any], None]:
        del number
        corner = self.grid.transform @ Affine.translation(window.col, window.row)
        shape = (window.height, window.width)
        return geometry_mask(self.shapes, shape, corner, all_touched=True, invert=True), None


def open_image(
    image: Any,
    *,
    need: tuple[str, ...],
    bands: Mapping[str, int] | None = None,
    scale: float | None = None,
    offset: float | None = None,
    nodata: float | None = None,
    mask: Any = None,
) -> ImageBands:
    """Open the headers of an image and name its bands.

    Parameters
    ----------
    image
        A path, URL, open dataset, DataArray, or a mapping of band names to paths.
    need
        Band names that will be read.
    bands
        Band name to number, from 1; else the descriptions in the image decide.
    scale, offset
        ``value = number * scale + offset``; else what the image declares.
    nodata
        Value that means unseen, in place of what the image says.
    mask
        A raster of the same grid whose non-zero pixels are unseen, or a GeoDataFrame of
        polygons that hide what they touch.

    Raises
    ------
    RasterError
        A band is missing or named twice, or grids differ.
    """
    remarks: tuple[Finding, ...] = ()
    if isinstance(image, Mapping):
        _require_bands(need, image, "image")
        places = _places_of_files(image, bands)
    else:
        origin = open_origin(image)
        numbers, remarks = _band_numbers(origin.header, need, bands)
        if origin.header.alpha in {*numbers.values(), *(bands or {}).values()}:
            origin = _without_alpha(origin)
        places = {name: (origin, number) for name, number in numbers.items()}
    origins = tuple({id(origin): origin for origin, _ in places.values()}.values())
    for other in origins[1:]:
        _require_same_grid(origins[0].header.grid, other.header)
    remarks += _scale_remarks(places, scale, offset)
    hidden = None if mask is None else _open_mask(mask, origins[0].header.grid)
    return ImageBands(
        places=places,
        origins=origins,
        scale=scale,
        offset=offset,
        nodata=nodata,
        hidden=hidden,
        remarks=remarks,
    )


def _band_numbers(
    header: Header, need: tuple[str, ...], bands: Mapping[str, int] | None
) -> tuple[dict[str, int], tuple[Finding, ...]]:
    if bands is None:
        return _described_bands(header, need)
    _require_bands(need, bands, header.name)
    numbers = {name: bands[name] for name in need}
    known = range(1, header.count + 1)
    wrong = {name: number for name, number in numbers.items() if number not in known}
    if wrong or len(set(numbers.values())) < len(numbers):
        raise RasterError(
            f"波段编号 {numbers} 有误：影像有 {header.count} 个波段，编号从 1 起，且不得重复。",
            f"The band numbers {numbers} are wrong: the image has {header.count} bands, "
            "counted from 1, each used once.",
            remedy=Text(zh="请核对 bands。", en="Check bands."),
            file=header.name,
            expected=header.count,
            found=numbers,
        )
    return {name: int(number) for name, number in numbers.items()}, ()


def _without_alpha(origin: Any) -> Any:
    """Return an origin without its mask: a band that the user names is no alpha band.

    GDAL marks the fourth of four 8-bit bands as alpha when it writes them.
    """
    return replace(origin, header=replace(origin.header, says_nodata=False, alpha=None))


def _places_of_files(
    files: Mapping[str, Any], bands: Mapping[str, int] | None
) -> dict[str, tuple[Origin, int]]:
    places = {}
    for name, file in files.items():
        origin = open_origin(file)
        numbers, _ = _band_numbers(origin.header, (name,), bands if name in (bands or ()) else None)
        if origin.header.alpha in {*numbers.values(), *(bands or {}).values()}:
            origin = _without_alpha(origin)
        places[name] = (origin, numbers[name])
    used = {(origin.header.name, number) for origin, number in places.values()}
    if len(used) < len(places) and all(isinstance(file, str | PathLike) for file in files.values()):
        raise RasterError(
            f"{'、'.join(files)} 中有两个是同一文件的同一波段。",
            f"Two of {', '.join(files)} are the same band of the same file.",
            remedy=Text(zh="请核对文件。", en="Check the files."),
            found={name: str(file) for name, file in files.items()},
        )
    return places


def _described_bands(
    header: Header, need: tuple[str, ...]
) -> tuple[dict[str, int], tuple[Finding, ...]]:
    described = {str(text).strip().lower(): i for i, text in enumerate(header.descriptions, 1)}
    if len(need) == 1 and header.count == 1:
        return {need[0]: 1}, ()
    if not set(need) <= set(described):
        raise RasterError(
            f"影像有 {header.count} 个波段，未说明哪个是 {'、'.join(need)}。",
            f"The image has {header.count} bands, and none is named for {', '.join(need)}.",
            remedy=Text(
                zh="请写明波段，例如 bands = { red = 3, nir = 4 }。",
                en="Name them, for example bands = { red = 3, nir = 4 }.",
            ),
            file=header.name,
            expected=need,
            found=header.descriptions,
        )
    numbers = {name: described[name] for name in need}
    text = Text(
        zh=f"按影像内的波段说明取用：{numbers}。",
        en=f"Bands taken by their descriptions in the image: {numbers}.",
    )
    return numbers, (Finding(code="bands_described", text=text, layer="image"),)


def _require_bands(need: tuple[str, ...], bands: Mapping[str, Any], name: str) -> None:
    missing = [band for band in need if band not in bands]
    if missing:
        given = [str(band) for band in bands]
        raise RasterError(
            f"缺少波段 {'、'.join(missing)}，只给了 {'、'.join(given)}。",
            f"The bands {', '.join(missing)} are needed; there are {', '.join(given)}.",
            remedy=Text(zh="请补充 bands。", en="Add them to bands."),
            file=name,
            expected=need,
            found=tuple(bands),
        )


def _require_same_grid(grid: Grid, other: Header) -> None:
    same_crs = grid.crs is None or other.grid.crs is None or grid.crs == other.grid.crs
    if same_crs and grid.same_place(other.grid):
        return
    raise RasterError(
        "该栅格与影像的像元不重合。",
        "This raster does not have the pixels of the image.",
        remedy=Text(zh="请重采样到影像的格网。", en="Resample it to the grid of the image."),
        file=other.name,
        expected=(grid.width, grid.height, tuple(grid.transform)[:6]),
        found=(other.grid.width, other.grid.height, tuple(other.grid.transform)[:6]),
    )


def _scale_remarks(
    places: Mapping[str, tuple[Origin, int]], scale: float | None, offset: float | None
) -> tuple[Finding, ...]:
    if scale is not None or offset is not None:
        return ()
    declared = {
        (origin.header.scales[number - 1], origin.header.offsets[number - 1])
        for origin, number in places.values()
    }
    if declared == {RAW}:
        return ()
    text = Text(
        zh=f"采用影像声明的比例与偏移：{sorted(declared)}。",
        en=f"Scale and offset as the image declares them: {sorted(declared)}.",
    )
    return (Finding(code="scale_declared", text=text, layer="image"),)


def _open_mask(mask: Any, grid: Grid) -> Origin | PolygonMask:
    if isinstance(mask, gpd.GeoDataFrame | gpd.GeoSeries):
        if mask.crs is None or grid.crs is None:
            raise RasterError("掩膜或影像没有坐标系。", "The mask or the image has no CRS.")
        shapes = mask.geometry[~(mask.geometry.isna() | mask.geometry.is_empty)]
        return PolygonMask(tuple(shapes.to_crs(grid.crs)), grid)
    origin = open_origin(mask)
    _require_same_grid(grid, origin.header)
    return origin


def _blank_border_pixels(origins: tuple[Origin, ...]) -> int:
    grid = origins[0].header.grid
    last_row, last_col = grid.height - 1, grid.width - 1
    sides = (
        *grid.windows(rows=(0, 1)),
        *grid.windows(rows=(last_row, grid.height)),
        *grid.windows(cols=(0, 1)),
        *grid.windows(cols=(last_col, grid.width)),
    )
    blank: set[int] = set()
    with ExitStack() as stack:
        readings = [(o.header.count, stack.enter_context(o.session())) for o in origins]
        for side in sides:
            zero = np.ones((side.height, side.width), dtype=bool)
            for count, read in readings:
                for number in range(1, count + 1):
                    zero &= read(number, side)[0] == 0
            row, col = np.nonzero(zero)
            blank.update(((row + side.row) * grid.width + col + side.col).tolist())
    return len(blank)
