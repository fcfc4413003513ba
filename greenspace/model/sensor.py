"""Sensors: what an image's maker says of its numbers, each fact with its source.

Question   Which band is red, what do stored numbers stand for, and which codes mean cloud?
Enters     What read/sensors found in the definitions.
Leaves     Frozen values; a MaskCodes also says which pixels it hides.
Elsewhere  The TOML files: read/sensors. Using scale and offset: read/scaling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from greenspace.model.definition import Mark
    from greenspace.model.words import Text

SomeValue = TypeVar("SomeValue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Generic[SomeValue]):
    """Something read in a source, and how sure we are of it."""

    value: SomeValue
    mark: Mark
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """From stored numbers to reflectance: ``number * scale + offset``.

    Attributes
    ----------
    numbers
        The kind of number that the maker delivers, such as ``uint16``: what it holds for.
    name
        What this conversion is called where a sensor has several.
    since, before
        The processing baselines that it holds for: ``since <= baseline < before``.
    """

    scale: float
    offset: float
    numbers: str
    name: str = ""
    since: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """One sensor and kind of delivery.

    Attributes
    ----------
    bands
        Band name to number, from 1, where the usual delivery is one file of several bands.
    files
        Band name to the part of a file name that tells it, where bands come one a file.
    conversions
        To reflectance; several where they differ by processing baseline, none where the
        factors come with each scene.
    pixel_m
        The usual side of a pixel.
    masks
        Ids of the mask codes that are delivered with the image.
    """

    id: str
    name: Text
    bands: Fact[Mapping[str, int]] | None = None
    files: Fact[Mapping[str, str]] | None = None
    conversions: tuple[Fact[Conversion], ...] = ()
    nodata: Fact[float] | None = None
    pixel_m: Fact[float] | None = None
    masks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskRule:
    """Numbers of a mask that hide a pixel, for one reason.

    ``values`` are compared with the whole number, or with `bit_count` bits of it from
    `first_bit` on, the lowest bit being 0.
    """

    reason: Text
    values: tuple[int, ...]
    first_bit: int = 0
    bit_count: int | None = None

    def hides(self, numbers: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Return which pixels are hidden.

        Examples
        --------
        >>> from greenspace.model.words import Text
        >>> rule = MaskRule(reason=Text(zh="云", en="cloud"), values=(3,), first_bit=1, bit_count=2)
        >>> rule.hides(np.array([0b110, 0b111, 0b100])).tolist()
        [True, True, False]
        """
        if self.bit_count is not None:
            wide = numbers.astype(np.int64)
            numbers = (wide >> self.first_bit) & ((1 << self.bit_count) - 1)
        return np.isin(numbers, self.values)

    @property
    def last_bit(self) -> int:
        """The highest bit that the rule looks at."""
        if self.bit_count is None:
            return max(0, max(self.values).bit_length() - 1)
        return self.first_bit + self.bit_count - 1

    @property
    def coded(self) -> str:
        """The rule in digits, such as ``8, 9`` or ``bits 7-8 = 3``."""
        values = ", ".join(str(value) for value in self.values)
        if self.bit_count is None:
            return values
        last = self.last_bit
        bits = f"bit {last}" if self.bit_count == 1 else f"bits {self.first_bit}-{last}"
        return f"{bits} = {values}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskCodes:
    """What the numbers of a mask mean: which of them say that the ground is not seen."""

    id: str
    name: Text
    band: int
    rules: tuple[Fact[MaskRule], ...]

    def hides(self, numbers: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Return which pixels are hidden, for whatever reason."""
        hidden = np.zeros(numbers.shape, dtype=bool)
        for rule in self.rules:
            hidden |= rule.value.hides(numbers)
        return hidden
