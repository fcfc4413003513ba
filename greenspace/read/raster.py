"""Raster files: named bands of one image, streamed by windows.

Question   Which numbers does each pixel hold, and does the image show it at all?
Enters     An image, the names of its bands, scale, offset, nodata and a mask.
Leaves     An ImageBands that yields bands and seen pixels window by window.
Elsewhere  Kinds of image: read/origin. Names of bands: read/bands. Indices: prepare/vegetation.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from greenspace.errors import RasterError
from greenspace.model.grid import Numbers
from greenspace.model.notes import Notes
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.read.bad_tiles import bad_tile_findings
from greenspace.read.bands import name_bands
from greenspace.read.blocks import COMPARED
from greenspace.read.border import blank_border_pixels
from greenspace.read.header import Terms
from greenspace.read.mask import open_mask, require_same_grid
from greenspace.read.scaling import RAW, settle_scaling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from greenspace.model.grid import Grid, Window
    from greenspace.model.sensor import Sensor
    from greenspace.read.header import Origin
    from greenspace.read.mask import PolygonMask, RasterMask

    Bands = tuple[NDArray[np.float64], ...]

SAY_NODATA = Text(
    zh="请指定 nodata=0；若 0 是真实数值，请指定一个不出现的值，如 nodata=-1。",
    en="Pass nodata=0; where 0 is a real value, pass one that does not occur, such as nodata=-1.",
)
ONE_AT_A_TIME = Lock()  # threads wait while one of them looks at the border
COLOURS = ("red", "green", "blue")
BORDER = "_nodata_findings"
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
    named
        Numbers of bands by name, those not needed too, as the user or the sensor says.
    """

    places: Mapping[str, tuple[Origin, int]]
    origins: tuple[Origin, ...]
    scale: float | None = None
    offset: float | None = None
    nodata: float | None = None
    hidden: RasterMask | PolygonMask | None = None
    remarks: tuple[Finding, ...] = ()
    named: Mapping[str, int] = field(default_factory=dict)

    def with_colours(self) -> ImageBands:
        """Return the same image with the visible bands among its places, where it says which."""
        if len(self.origins) != 1:
            return self
        (origin,) = self.origins
        said = {
            str(text).strip().lower(): n for n, text in enumerate(origin.header.descriptions, 1)
        }
        known = {**said, **self.named}
        more = {
            name: (origin, known[name])
            for name in COLOURS
            if 1 <= known.get(name, 0) <= origin.header.count
        }
        found = replace(self, places={**more, **self.places})
        if BORDER in vars(self):  # which is not looked at again
            vars(found)[BORDER] = vars(self)[BORDER]
        return found

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
        of_mask = () if self.hidden is None else self.hidden.findings()
        return (*self.remarks, *self._nodata_findings, *bad_tile_findings(self.origins), *of_mask)

    def notes(self) -> Notes:
        """Return what was met so far, for whoever tells of the whole image."""
        tiles = tuple((_windows(p.bad_tiles), _windows(p.absent_tiles)) for p in self._files)
        unmet = None if self.hidden is None else self.hidden.unmet_codes
        return Notes(tiles=tiles, unmet_codes=unmet)

    def note(self, notes: Notes) -> None:
        """Count what was met of the same image elsewhere as if it had been met here."""
        for file, (bad, absent) in zip(self._files, notes.tiles, strict=True):
            file.note_tiles(bad, absent)
        if self.hidden is not None:
            self.hidden.note_codes(notes.unmet_codes)

    @property
    def _files(self) -> tuple[Origin, ...]:
        return tuple(part for origin in self.origins for part in origin.parts)

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
        for found in self.numbers(bands, windows):
            yield found.window, found.values(), found.seen()

    def numbers(self, bands: tuple[str, ...], windows: Iterable[Window]) -> Iterator[Numbers]:
        """Yield the bands of each window as the image holds them.

        Raises
        ------
        RasterError
            As `stream`.
        """
        with ONE_AT_A_TIME:
            _ = self._nodata_findings
        scales, offsets = zip(*(self._scaling(*self.places[band]) for band in bands), strict=True)
        wanted = self._wanted(bands)
        with ExitStack() as stack:
            readings = {id(o): stack.enter_context(o.bare()) for o in self.origins}
            hides = None if self.hidden is None else stack.enter_context(self.hidden.session())
            for window in windows:
                found = [readings[key](numbers, window) for key, numbers in wanted]
                planes, data, blanks = found[0] if len(found) == 1 else _beside(found)
                if hides is not None:
                    hidden, _ = hides(1, window)
                    data = ~hidden if data is None else data & ~hidden
                yield Numbers(window, _plain(planes), scales, offsets, blanks, data)

    def _wanted(self, bands: tuple[str, ...]) -> list[tuple[int, tuple[int, ...]]]:
        """Return origin and band numbers in the order of the bands, neighbours read together."""
        places = [self.places[band] for band in bands]
        return [
            (key, tuple(number for _, number in group))
            for key, group in groupby(places, key=lambda place: id(place[0]))
        ]

    def _scaling(self, origin: Origin, number: int) -> tuple[float, float]:
        header = origin.header
        scale = header.scales[number - 1] if self.scale is None else self.scale
        offset = header.offsets[number - 1] if self.offset is None else self.offset
        return scale, offset


def _windows(tiles: frozenset[tuple[Grid, Window]]) -> frozenset[Window]:
    return frozenset(window for _, window in tiles)


def _beside(
    found: list[tuple[NDArray[Any], NDArray[np.bool_] | None, tuple[float, ...]]],
) -> tuple[NDArray[Any], NDArray[np.bool_] | None, tuple[float, ...]]:
    """Put the bands of several files into one array; a pixel is data where each says so."""
    data = None
    for _, shown, _ in found:
        if shown is not None:
            data = shown if data is None else data & shown
    blanks = tuple(blank for _, _, those in found for blank in those)
    return np.concatenate([planes for planes, _, _ in found]), data, blanks


def _plain(planes: NDArray[Any]) -> NDArray[Any]:
    """Return numbers as the kernels take them: of a common type, row after row."""
    if planes.dtype.name not in COMPARED or not planes.dtype.isnative:
        return planes.astype(np.float64)
    return np.ascontiguousarray(planes)


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
        named=dict(bands or (sensor.bands.value if sensor is not None and sensor.bands else {})),
    )
