"""Vegetation: which pixels are green, decided window by window.

Question   Does this pixel show vegetation, something else, or nothing?
Enters     A reader of named bands, an index and a threshold; or a raster of green shares.
Leaves     A lazy GreenRaster: nothing is read until it is measured.
Elsewhere  Opening the image: read/raster. Summing over zones: measure/zonal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from greenspace.errors import RasterError
from greenspace.model.check import Picture
from greenspace.model.grid import Strip
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from greenspace.model.grid import BandReader, GreenRaster, Grid, Window

    Array = NDArray[np.float64]

BINS = 4096
LOW, HIGH = -1.0, 1.0
CLASSES = 2


@dataclass(frozen=True, slots=True)
class SpectralIndex:
    """A vegetation index: its bands, its formula, and whether it needs physical values.

    One that does not is a ratio, which means something between bands of 0 or more only.
    """

    bands: tuple[str, ...]
    formula: str
    compute: Callable[..., Array]
    physical: bool


def _quotient(above: Array, below: Array) -> Array:
    result = np.full(above.shape, np.nan)
    np.divide(above, below, out=result, where=below > 0)
    return result


def _unlit(index: SpectralIndex, bands: tuple[Array, ...]) -> NDArray[np.bool_]:
    """Return where a band of a ratio is below 0, which no light can be."""
    unlit = np.zeros(bands[0].shape, dtype=bool)
    for band in () if index.physical else bands:
        unlit |= band < 0
    return unlit


def _ndvi(red: Array, nir: Array) -> Array:
    return _quotient(nir - red, nir + red)


def _evi(blue: Array, red: Array, nir: Array) -> Array:
    return _quotient(2.5 * (nir - red), nir + 6.0 * red - 7.5 * blue + 1.0)


def _savi(red: Array, nir: Array) -> Array:
    return _quotient(1.5 * (nir - red), nir + red + 0.5)


def _exg(red: Array, green: Array, blue: Array) -> Array:
    return _quotient(2.0 * green - red - blue, red + green + blue)


INDICES: dict[str, SpectralIndex] = {
    "ndvi": SpectralIndex(("red", "nir"), "(nir - red) / (nir + red)", _ndvi, physical=False),
    "evi": SpectralIndex(
        ("blue", "red", "nir"),
        "2.5 (nir - red) / (nir + 6 red - 7.5 blue + 1)",
        _evi,
        physical=True,
    ),
    "savi": SpectralIndex(
        ("red", "nir"), "1.5 (nir - red) / (nir + red + 0.5)", _savi, physical=True
    ),
    "exg": SpectralIndex(
        ("red", "green", "blue"),
        "(2 green - red - blue) / (red + green + blue)",
        _exg,
        physical=False,
    ),
}


def spectral_index(name: str) -> SpectralIndex:
    """Return an index by name.

    Raises
    ------
    RasterError
        There is no such index.
    """
    if isinstance(name, str) and name in INDICES:
        return INDICES[name]
    known = ", ".join(INDICES)
    raise RasterError(
        f"没有植被指数 {name!r}，可用：{known}。",
        f"There is no vegetation index {name!r}; there are {known}.",
        remedy=Text(zh="例如 index='ndvi'。", en="For example index='ndvi'."),
        expected=tuple(INDICES),
        found=name,
    )


@dataclass(frozen=True)
class Vegetation:
    """Vegetation of an image: pixels whose index lies above a threshold. Lazy.

    ``green`` is ``index > threshold``, strictly, in float64; an undefined index and nodata in
    a band used are unseen. An index is undefined where what it divides by is not above 0, and
    ``ndvi`` and ``exg`` also where one of their bands is below 0: such pixels are counted.

    Attributes
    ----------
    reader
        Yields the bands.
    index
        ``ndvi``, ``evi``, ``savi`` or ``exg``.
    threshold
        A number, or ``"otsu"``: found on the histogram of the whole image, streamed once.
    """

    reader: BandReader
    index: str = "ndvi"
    threshold: float | Literal["otsu"] = "otsu"
    _negative: dict[Window, int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""
        return self.reader.grid

    @property
    def sources(self) -> tuple[Source, ...]:
        """The image, the index and the threshold."""
        formula = spectral_index(self.index).formula
        cut = f"{self.cut:.6g}" if self.threshold == "otsu" else f"{self.threshold:g}"
        how = " (Otsu)" if self.threshold == "otsu" else ""
        rule = f"{self.index} = {formula} > {cut}{how}"
        return (self.reader.source, Source(role="vegetation rule", name=rule))

    @cached_property
    def cut(self) -> float:
        """The threshold as a number; finding it reads the image once."""
        if self.threshold == "otsu":
            return otsu_threshold(self._histogram())
        return float(self.threshold)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed about the image, as far as it was read, and the threshold."""
        found = list(self.reader.findings())
        if not self.reader.scaled:
            text = Text(
                zh=f"{self.index.upper()} 由原始像元值（未定标）计算。",
                en=f"{self.index.upper()} is computed from raw digital numbers.",
            )
            found.append(Finding(code="raw_numbers", text=text, layer="image"))
        if self.threshold == "otsu":
            text = Text(
                zh=f"Otsu 法取得的阈值为 {self.cut:.4f}。",
                en=f"The threshold found by Otsu's method is {self.cut:.4f}.",
            )
            found.append(Finding(code="otsu_threshold", text=text, layer="image"))
        negative = sum(self._negative.values())
        if negative:
            found.append(_below_zero(self.index, negative))
        return tuple(found)

    def strips(self, windows: Iterable[Window]) -> Iterator[Strip]:
        """Yield which pixels of each window are green and which are seen."""
        for window, values, seen in self._values(windows):
            with np.errstate(invalid="ignore"):
                green = (values > self.cut) & seen
            yield Strip(window, green.astype(np.float32), seen)

    def _values(
        self, windows: Iterable[Window]
    ) -> Iterator[tuple[Window, Array, NDArray[np.bool_]]]:
        index = spectral_index(self.index)
        for window, bands, seen in self.reader.stream(index.bands, windows):
            values, unlit = index.compute(*bands), _unlit(index, bands)
            self._negative[window] = int(np.count_nonzero(seen & unlit))
            yield window, values, seen & np.isfinite(values) & ~unlit

    def _histogram(self) -> NDArray[np.int64]:
        counts = np.zeros(BINS, dtype=np.int64)
        for _, values, seen in self._values(self.grid.windows()):
            inside = np.clip(values[seen], LOW, HIGH)
            counts += np.histogram(inside, bins=BINS, range=(LOW, HIGH))[0]
        return counts


def _below_zero(index: str, count: int) -> Finding:
    text = Text(
        zh=f"有 {count} 个像元的波段值小于 0，{index.upper()} 无意义，按未见处理。",
        en=f"{count} pixels have a band below 0, where {index.upper()} means nothing: "
        "they count as unseen.",
    )
    return Finding(
        code="negative_reflectance",
        text=text,
        severity="warning",
        layer="image",
        count=count,
        indicators=("green_coverage",),
    )


def require_physical(index: str, *, scaled: bool) -> None:
    """Refuse raw numbers for an index whose formula has constants.

    Raises
    ------
    RasterError
        The index needs reflectance, and scale and offset are not both given.
    """
    if spectral_index(index).physical and not scaled:
        raise RasterError(
            f"{index.upper()} 的公式含常数，必须用反射率计算。",
            f"{index.upper()} has constants in its formula and needs reflectance.",
            remedy=Text(
                zh="请给出 scale 和 offset（例如 scale=0.0001, offset=0）。",
                en="Pass scale and offset, for example scale=0.0001, offset=0.",
            ),
        )


def otsu_threshold(counts: NDArray[np.int64], low: float = LOW, high: float = HIGH) -> float:
    """Return the cut that best separates a histogram into two classes (Otsu 1979).

    The bin border with the greatest variance between classes; where empty bins make several
    borders equal, their middle.

    Raises
    ------
    RasterError
        No bin is filled, or only one.

    Examples
    --------
    >>> counts = np.array([5, 5, 0, 0, 5, 5])
    >>> otsu_threshold(counts, 0.0, 6.0)
    3.0
    """
    if not counts.any():
        raise RasterError(
            "影像上没有任何有效像元（全部无数据或被遮盖）。",
            "The image shows nothing: every pixel is nodata or masked.",
            remedy=Text(zh="请核对 nodata 和掩膜。", en="Check nodata and the mask."),
        )
    if np.count_nonzero(counts) < CLASSES:
        raise RasterError(
            "影像的植被指数几乎处处相同，Otsu 法无法分出两类。",
            "The index is the same almost everywhere, so Otsu's method finds no two classes.",
            remedy=Text(
                zh="请给定阈值，例如 threshold=0.3。", en="Pass a number, e.g. threshold=0.3."
            ),
        )
    centres = low + (np.arange(len(counts)) + 0.5) * (high - low) / len(counts)
    below = np.cumsum(counts)[:-1].astype(float)
    above = counts.sum() - below
    moment = np.cumsum(counts * centres)
    both = (below > 0) & (above > 0)
    gap = np.zeros(len(below))
    mean_below = moment[:-1][both] / below[both]
    mean_above = (moment[-1] - moment[:-1][both]) / above[both]
    gap[both] = below[both] * above[both] * (mean_above - mean_below) ** 2
    best = np.flatnonzero(gap >= gap.max() * (1 - 1e-12))
    best = best[below[best] == below[best[0]]]
    return float(low + (best.mean() + 1.0) * (high - low) / len(counts))


@dataclass(frozen=True)
class GreenShares:
    """A raster that already says how green each pixel is, from 0 to 1. Lazy."""

    reader: BandReader
    band: str = "green"

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""
        return self.reader.grid

    @property
    def sources(self) -> tuple[Source, ...]:
        """The raster."""
        return (self.reader.source,)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed about the raster."""
        return self.reader.findings()

    def strips(self, windows: Iterable[Window]) -> Iterator[Strip]:
        """Yield the shares of each window.

        Raises
        ------
        RasterError
            A seen pixel lies outside 0 to 1.
        """
        for window, (values,), shown in self.reader.stream((self.band,), windows):
            seen = shown & np.isfinite(values)
            beyond = seen & ((values < 0) | (values > 1))
            if beyond.any():
                raise RasterError(
                    f"栅格的取值应在 0–1 之间，却有 {values[beyond][0]:g}。",
                    f"The raster should hold shares from 0 to 1, but has {values[beyond][0]:g}.",
                    remedy=Text(
                        zh="请提供 0/1 或比例栅格；若该值是 nodata，请写入标记。",
                        en="Give a raster of 0/1 or shares; declare that value if it is nodata.",
                    ),
                    file=self.reader.source.name,
                    expected=(0, 1),
                    found=float(values[beyond][0]),
                )
            yield Strip(window, np.where(seen, values, 0.0).astype(np.float32), seen)


def reduced_picture(raster: GreenRaster, *, side: int = 1200) -> Picture | None:
    """Return a picture of the vegetation of at most `side` pixels a side, for maps.

    Each picture pixel is the green share of what is seen below it, NaN where nothing is;
    north is up. A rotated image has no picture.
    """
    grid = raster.grid
    if grid.crs is None or grid.transform.b or grid.transform.d:
        return None
    step = max(1, -(-max(grid.width, grid.height) // side))
    shape = (-(-grid.height // step), -(-grid.width // step))
    green, seen = np.zeros(shape), np.zeros(shape)
    for strip in raster.strips(grid.windows()):
        rows = (strip.window.row + np.arange(strip.window.height)) // step
        cols = (strip.window.col + np.arange(strip.window.width)) // step
        place = np.ix_(np.unique(rows), np.unique(cols))
        green[place] += _block_sums(strip.green, rows, cols)
        seen[place] += _block_sums(strip.seen, rows, cols)
    share = np.full(shape, np.nan, dtype=np.float32)
    np.divide(green, seen, out=share, where=seen > 0, casting="unsafe")
    far = grid.transform @ (shape[1] * step, shape[0] * step)
    near = grid.transform @ (0, 0)
    share = share[:: -1 if grid.transform.e > 0 else 1, :: -1 if grid.transform.a < 0 else 1]
    (west, east), (south, north) = (sorted(pair) for pair in zip(near, far, strict=True))
    return Picture(green=share, bounds=(west, south, east, north), crs=grid.crs)


def _block_sums(
    values: NDArray[np.generic], rows: NDArray[np.int_], cols: NDArray[np.int_]
) -> Array:
    row_starts = np.flatnonzero(np.r_[True, np.diff(rows) > 0])
    col_starts = np.flatnonzero(np.r_[True, np.diff(cols) > 0])
    summed = np.add.reduceat(values.astype(np.float64), row_starts, axis=0)
    return np.add.reduceat(summed, col_starts, axis=1)
