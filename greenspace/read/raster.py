"""Raster files: named bands of one image, streamed by windows.

Question   Which numbers does each pixel hold, and does the image show it at all?
Enters     An image, the names of its bands, scale, offset, nodata and a mask.
Leaves     An ImageBands that yields bands and seen pixels window by window.
Elsewhere  Kinds of image: read/origin. Names of bands: read/bands. Indices: prepare/vegetation.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from greenspace.errors import RasterError
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.read.bad_tiles import bad_tile_findings
from greenspace.read.bands import name_bands
from greenspace.read.border import blank_border_pixels
from greenspace.read.header import Terms
from greenspace.read.mask import open_mask, require_same_grid
from greenspace.read.scaling import RAW, settle_scaling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from greenspace.model.grid import Grid, Window
    from greenspace.model.sensor import Sensor
    from greenspace.read.header import Origin, Reading
    from greenspace.read.mask import PolygonMask, RasterMask

    Bands = tuple[NDArray[np.float64], ...]

SAY_NODATA = Text(
    zh="请指定 nodata=0；若 0 是真实数值，请指定一个不出现的值，如 nodata=-1。",
    en="Pass nodata=0; where 0 is a real value, pass one that does not occur, such as nodata=-1.",
)
NODATA_UNDECLARED = Finding(
    code="nodata_undeclared",
    text=Text(
        zh="影像没有 nodata 标记，全部像元按有效处理。",
        en="The image declares no nodata; all pixels are taken as valid.",
    ),
    layer="image",
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
        What is said in place of the image; with it, the border is not looked at.
    hidden
        Window to the pixels that a mask hides, where there is one.
    """

    places: Mapping[str, tuple[Origin, int]]
    origins: tuple[Origin, ...]
    scale: float | None = None
    offset: float | None = None
    nodata: float | None = None
    hidden: RasterMask | PolygonMask | None = None
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

    @property
    def parallel(self) -> bool:
        """Whether several threads may stream at once: each opens the files anew."""
        masks = () if self.hidden is None else (self.hidden,)
        return all(each.parallel for each in (*self.origins, *masks))

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed; reads the image's border where nodata is not declared."""
        return (*self.remarks, *self._nodata_findings, *bad_tile_findings(self.origins))

    @cached_property
    def _nodata_findings(self) -> tuple[Finding, ...]:
        if self.nodata is not None or all(o.header.says_nodata for o in self.origins):
            return ()
        blank = blank_border_pixels(self.origins)
        if blank:
            raise RasterError(
                f"影像没有 nodata 标记，而边缘有 {blank} 个像元在所有波段都为 0。",
                f"The image declares no nodata, and {blank} pixels at its border are 0 "
                "in all bands.",
                remedy=SAY_NODATA,
                file=self.source.name,
                found=blank,
            )
        return (NODATA_UNDECLARED,)

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
            wanted = self._wanted(bands)
            for window in windows:
                yield self._window(bands, wanted, window, readings, hides)

    def _wanted(self, bands: tuple[str, ...]) -> dict[int, tuple[str, ...]]:
        """Return the bands that each origin holds, so that each is read once a window."""
        holders = [id(self.places[band][0]) for band in bands]
        return {
            holder: tuple(b for b, other in zip(bands, holders, strict=True) if other == holder)
            for holder in dict.fromkeys(holders)
        }

    def _window(
        self,
        bands: tuple[str, ...],
        wanted: Mapping[int, tuple[str, ...]],
        window: Window,
        readings: Mapping[int, Reading],
        hides: Callable[..., Any] | None,
    ) -> tuple[Window, Bands, NDArray[np.bool_]]:
        seen = np.ones((window.height, window.width), dtype=bool)
        values = {}
        for holder, names in wanted.items():
            numbers = tuple(self.places[name][1] for name in names)
            raw, data = readings[holder](numbers, window)
            seen &= data
            for name, plane in zip(names, raw, strict=True):
                values[name] = self._physical(plane, *self.places[name])
        if hides is not None:
            hidden, _ = hides(1, window)
            seen &= ~hidden
        return window, tuple(values[band] for band in bands), seen

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


def open_image(
    image: Any,
    *,
    need: tuple[str, ...],
    bands: Mapping[str, int] | None = None,
    scale: float | None = None,
    offset: float | None = None,
    nodata: float | None = None,
    mask: Any = None,
    sensor: Sensor | None = None,
    terms: Terms | None = None,
) -> ImageBands:
    """Open the headers of an image and name its bands.

    Parameters
    ----------
    image
        A path, URL, open dataset, DataArray, a list of those that make one image together, or
        a mapping of band names to them.
    need
        Band names that will be read.
    bands
        Band name to number, from 1; else the sensor's, else the descriptions in the image.
    scale, offset
        ``value = number * scale + offset``; else what the image declares, else the sensor.
    nodata
        Value that means unseen, in place of what the image says.
    mask
        A raster of the same grid whose non-zero pixels are unseen, a mapping that says what
        its numbers mean, or a GeoDataFrame of polygons that hide what they touch.
    sensor
        What its maker says of bands and numbers, where neither user nor files do.
    terms
        What else is said of how to open it.

    Raises
    ------
    RasterError
        A band is missing or named twice, grids differ, or the image is not the sensor's.
    """
    places, remarks = name_bands(image, need, bands, terms or Terms(), sensor)
    origins = tuple({id(origin): origin for origin, _ in places.values()}.values())
    for other in origins[1:]:
        require_same_grid(origins[0].header.grid, other.header)
    scaling = settle_scaling(places, scale=scale, offset=offset, nodata=nodata, sensor=sensor)
    hidden, of_mask = (None, ()) if mask is None else open_mask(mask, origins[0].header.grid)
    read_as = {id(origin): origin.with_nodata(scaling.nodata) for origin in origins}
    return ImageBands(
        places={name: (read_as[id(origin)], number) for name, (origin, number) in places.items()},
        origins=tuple(read_as.values()),
        scale=scaling.scale,
        offset=scaling.offset,
        nodata=scaling.nodata,
        hidden=hidden,
        remarks=remarks + scaling.remarks + of_mask,
    )
