"""Vegetation indices: the formulas that tell green from bands.

Question   Which number says how green a pixel is, and where does it mean nothing?
Enters     The name of an index; bands in float64.
Leaves     Its value, NaN where what it divides by is not above 0.
Elsewhere  From the index to green: prepare/vegetation. Reading bands: read/raster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import RasterError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SpectralIndex:
    """A vegetation index: its bands, its formula, and whether it needs physical values.

    One that does not is a ratio, which means something between bands of 0 or more only.

    Attributes
    ----------
    limits
        Between which a threshold can tell anything: a ratio has no values beyond them, EVI and
        SAVI none of clear ground.
    """

    bands: tuple[str, ...]
    formula: str
    compute: Callable[..., Array]
    physical: bool
    limits: tuple[float, float]


def _quotient(above: Array, below: Array) -> Array:
    result = np.full(above.shape, np.nan)
    np.divide(above, below, out=result, where=below > 0)
    return result


def unlit_pixels(index: SpectralIndex, bands: tuple[Array, ...]) -> NDArray[np.bool_]:
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
    "ndvi": SpectralIndex(
        ("red", "nir"),
        "(nir - red) / (nir + red)",
        _ndvi,
        physical=False,
        limits=(-1.0, 1.0),
    ),
    "evi": SpectralIndex(
        ("blue", "red", "nir"),
        "2.5 (nir - red) / (nir + 6 red - 7.5 blue + 1)",
        _evi,
        physical=True,
        limits=(-2.5, 2.5),
    ),
    "savi": SpectralIndex(
        ("red", "nir"),
        "1.5 (nir - red) / (nir + red + 0.5)",
        _savi,
        physical=True,
        limits=(-1.5, 1.5),
    ),
    "exg": SpectralIndex(
        ("red", "green", "blue"),
        "(2 green - red - blue) / (red + green + blue)",
        _exg,
        physical=False,
        limits=(-1.0, 2.0),
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


def require_telling(index: str, threshold: float) -> None:
    """Refuse a threshold that every value of an index lies above, or none.

    Raises
    ------
    RasterError
        It lies at or beyond the limits of the index.
    """
    low, high = spectral_index(index).limits
    if low < threshold < high:
        return
    cents = threshold / 100
    percent = low < cents < high and abs(threshold) > 1
    raise RasterError(
        f"阈值 {threshold:g} 区分不了绿与非绿：{index.upper()} 的值在 {low:g} 与 {high:g} 之间。",
        f"The threshold {threshold:g} tells nothing apart: {index.upper()} lies between {low:g} "
        f"and {high:g}.",
        remedy=Text(
            zh=f"若指 {threshold:g}%，请写 {cents:g}。" if percent else "例如 0.3。",
            en=f"For {threshold:g} % write {cents:g}." if percent else "For example 0.3.",
        ),
        expected=(low, high),
        found=threshold,
    )
