"""Sensor tables: what may stand in the TOML file of a sensor or of mask codes, key by key.

Question   Which keys does such a file have, and does each number name its source?
Enters     Tables whose shape read/definition_shape has held against these.
Leaves     Frozen model values.
Elsewhere  Finding and opening the files: read/sensors.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator

from greenspace.model.sensor import Conversion, Fact, MaskCodes, MaskRule, Sensor
from greenspace.read.definition_shape import Table
from greenspace.read.definition_tables import Words  # noqa: TC001  pydantic asks for it when it runs

if TYPE_CHECKING:
    from collections.abc import Mapping

SomeValue = TypeVar("SomeValue")
Filled = Annotated[str, Field(min_length=1)]
BandName = Annotated[str, Field(pattern="^(coastal|blue|green|yellow|red|rededge|nir|nir2)$")]
BandNumber = Annotated[int, Field(ge=1)]
Baseline = Annotated[str, Field(pattern=r"^\d\d\.\d\d$")]


class FactTable(Table):
    """A fact: who says so, and whether it was read there."""

    mark: Literal["verified", "weak", "provisional"]
    sources: Annotated[list[Filled], Field(min_length=1)]

    def fact(self, value: SomeValue) -> Fact[SomeValue]:
        """Return a value with the mark and the sources of this table."""
        return Fact(value=value, mark=self.mark, sources=tuple(self.sources))


class BandsTable(FactTable):
    """``[bands]``: band numbers of the usual delivery."""

    numbers: Annotated[dict[BandName, BandNumber], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len(set(self.numbers.values())) < len(self.numbers):
            raise ValueError("each band number is used once")
        return self

    def order(self) -> Fact[Mapping[str, int]]:
        """Return the band numbers as a fact."""
        return self.fact(MappingProxyType(self.numbers))


class FilesTable(FactTable):
    """``[files]``: what tells the bands of one-file-a-band deliveries apart."""

    parts: Annotated[dict[BandName, Filled], Field(min_length=1)]

    def naming(self) -> Fact[Mapping[str, str]]:
        """Return the parts of file names as a fact."""
        return self.fact(MappingProxyType(self.parts))


class NumberTable(FactTable):
    """``[nodata]``, ``[pixel_m]``: one number."""

    value: Annotated[float, Field(strict=False, allow_inf_nan=False)]

    def number(self) -> Fact[float]:
        """Return the number as a fact."""
        return self.fact(self.value)


class ConversionTable(FactTable):
    """``[[reflectance]]``: from stored numbers to reflectance."""

    scale: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    offset: Annotated[float, Field(allow_inf_nan=False)]
    numbers: Literal["uint8", "uint16", "int16"]
    name: str = ""
    since: Baseline | None = None
    before: Baseline | None = None

    def conversion(self) -> Fact[Conversion]:
        """Return the conversion as the vocabulary's."""
        value = Conversion(
            scale=self.scale,
            offset=self.offset,
            numbers=self.numbers,
            name=self.name,
            since=self.since or "",
            before=self.before or "",
        )
        return self.fact(value)


class SensorTable(Table):
    """One file of definitions/sensors."""

    id: Filled
    name: Words
    bands: BandsTable | None = None
    files: FilesTable | None = None
    pixel_m: NumberTable | None = None
    nodata: NumberTable | None = None
    reflectance: list[ConversionTable] = Field(default_factory=list)
    masks: list[Filled] = Field(default_factory=list)

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        if self.bands is None and self.files is None:
            raise ValueError("[bands] or [files] says which band is which")
        names = [one.name for one in self.reflectance]
        if len(names) > 1 and ("" in names or len(set(names)) < len(names)):
            raise ValueError("each of several [[reflectance]] has a name of its own")
        return self

    def sensor(self) -> Sensor:
        """Return the file as the vocabulary's Sensor."""
        return Sensor(
            id=self.id,
            name=self.name.text(),
            bands=None if self.bands is None else self.bands.order(),
            files=None if self.files is None else self.files.naming(),
            conversions=tuple(one.conversion() for one in self.reflectance),
            nodata=None if self.nodata is None else self.nodata.number(),
            pixel_m=None if self.pixel_m is None else self.pixel_m.number(),
            masks=tuple(self.masks),
        )


class UnseenTable(FactTable):
    """``[[unseen]]``: numbers that hide a pixel, for one reason."""

    reason: Words
    values: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1)]
    first_bit: Annotated[int, Field(ge=0)] = 0
    bit_count: Annotated[int, Field(ge=1)] | None = None

    def rule(self) -> Fact[MaskRule]:
        """Return the rule as the vocabulary's."""
        value = MaskRule(
            reason=self.reason.text(),
            values=tuple(self.values),
            first_bit=self.first_bit,
            bit_count=self.bit_count,
        )
        return self.fact(value)


class MaskTable(Table):
    """One file of definitions/masks."""

    id: Filled
    name: Words
    band: BandNumber = 1
    unseen: Annotated[list[UnseenTable], Field(min_length=1)]

    def mask(self) -> MaskCodes:
        """Return the file as the vocabulary's MaskCodes."""
        rules = tuple(table.rule() for table in self.unseen)
        return MaskCodes(id=self.id, name=self.name.text(), band=self.band, rules=rules)
