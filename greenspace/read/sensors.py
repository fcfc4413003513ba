"""Sensors: what is known of an image's bands, numbers and masks, from TOML.

Question   What does this sensor's maker say of band order, scale, offset, nodata and cloud codes?
Enters     The name of a file in definitions/sensors or definitions/masks.
Leaves     A frozen Sensor or MaskCodes; every fact with its mark and sources.
Elsewhere  Using scale and offset: read/scaling. Reading bands: read/raster.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from greenspace.errors import DefinitionError, RasterError
from greenspace.model.words import Text
from greenspace.read.definition_shape import shape
from greenspace.read.sensor_tables import MaskTable, SensorTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

    from greenspace.model.sensor import Conversion, Fact, MaskCodes, Sensor

BASELINE = re.compile(r"N?(\d\d)\.?(\d\d)", re.IGNORECASE)
BASELINE_IN_NAME = re.compile(r"_N(\d\d)(\d\d)_")


def list_sensors() -> tuple[str, ...]:
    """Return the names of the sensors that the library knows."""
    return tuple(_sensors())


def list_masks() -> tuple[str, ...]:
    """Return the names of the mask codes that the library knows."""
    return tuple(_masks())


def read_sensor(name: str) -> Sensor:
    """Return what is known of a sensor.

    Parameters
    ----------
    name
        ``"gf2-pms"``; with the processing baseline where the numbers depend on it:
        ``"sentinel2-l2a:05.10"``, which leaves one conversion of several.

    Raises
    ------
    DefinitionError
        The sensor or its baseline is unknown; names the nearest.

    Examples
    --------
    >>> dict(read_sensor("gf2-pms").bands.value)
    {'blue': 1, 'green': 2, 'red': 3, 'nir': 4}
    >>> read_sensor("sentinel2-l2a:05.10").conversions[0].value.offset
    -0.1
    """
    known = _sensors()
    plain, colon, variant = str(name).partition(":")
    if plain not in known or not isinstance(name, str):
        raise _unknown(name, tuple(known), "传感器", "sensor")
    sensor = known[plain]
    if not colon:
        return sensor
    return replace(sensor, conversions=(_conversion(sensor, name, variant),))


def read_mask_codes(name: str) -> MaskCodes:
    """Return what the numbers of a mask mean.

    Raises
    ------
    DefinitionError
        The codes are unknown; names the nearest.

    Examples
    --------
    >>> [rule.value.coded for rule in read_mask_codes("planet-udm2").rules]
    ['0']
    """
    known = _masks()
    if not isinstance(name, str) or name not in known:
        raise _unknown(name, tuple(known), "掩膜编码", "mask codes")
    return known[name]


def require_named_files(image: object, sensor: Sensor) -> None:
    """Refuse files whose names are those of another band, or of another processing baseline.

    Raises
    ------
    RasterError
        Such as ``B08`` given as red, or ``_N0510_`` read by an older baseline.
    """
    _require_baseline(image, sensor)
    if not isinstance(image, Mapping) or sensor.files is None:
        return
    parts = sensor.files.value
    pairs = [(band, file) for band, given in image.items() for file in _each(given)]
    for band, file in pairs:
        stem = PurePath(str(file)).stem
        named = [other for other, part in parts.items() if _holds(stem, part)]
        if named and band in parts and band not in named:
            raise RasterError(
                f"{band} 波段给的是 {stem}，按 {sensor.name.zh} 的命名它是 {named[0]}。",
                f"{stem} is given as {band}, and by the names of {sensor.name.en} it is {named[0]}.",
                remedy=Text(zh="请核对各波段的文件。", en="Check which file is which band."),
                file=str(file),
                expected=parts[band],
                found=parts[named[0]],
            )


def _require_baseline(image: object, sensor: Sensor) -> None:
    """Refuse a product name with another processing baseline than the one conversion is for."""
    if len(sensor.conversions) != 1:
        return
    one = sensor.conversions[0].value
    for file in _names(image):
        named = BASELINE_IN_NAME.search(file)
        number = one.since if named is None else f"{named[1]}.{named[2]}"
        if number < one.since or (one.before and number >= one.before):
            raise RasterError(
                f"给定的处理版本是 {one.name}，而产品名写的是 {number}：两者的偏移不同。",
                f"The processing baseline given is {one.name}, and the product's name says "
                f"{number}: their offsets differ.",
                remedy=Text(
                    zh=f'请写 sensor = "{sensor.id}:{number}"；偏移已去除的写 harmonized。',
                    en=f'Write sensor = "{sensor.id}:{number}", or "{sensor.id}:harmonized" where '
                    "the offset was taken out.",
                ),
                file=file,
                expected=one.name,
                found=number,
            )


def _names(image: object) -> Iterator[str]:
    """Yield the paths of an image, as far as it has any."""
    if isinstance(image, Mapping):
        image = tuple(image.values())
    if isinstance(image, list | tuple):
        for part in image:
            yield from _names(part)
    elif isinstance(image, str | PathLike):
        yield str(image)
    elif hasattr(image, "read_masks"):
        yield str(getattr(image, "name", ""))


def _each(given: object) -> Sequence[object]:
    return given if isinstance(given, list | tuple) else (given,)


def _holds(stem: str, part: str) -> bool:
    return re.search(rf"(?:^|[_.-]){re.escape(part)}(?:$|[_.-])", stem, re.IGNORECASE) is not None


def _conversion(sensor: Sensor, name: str, variant: str) -> Fact[Conversion]:
    baseline = BASELINE.fullmatch(variant)
    number = "" if baseline is None else f"{baseline[1]}.{baseline[2]}"
    for fact in sensor.conversions:
        one = fact.value
        by_baseline = bool(number) and bool(one.since or one.before)
        if by_baseline and one.since <= number and (number < one.before or not one.before):
            return fact
        if variant and variant == one.name:
            return fact
    expected = tuple(choices(sensor))
    listed = ", ".join(expected)
    raise DefinitionError(
        f"传感器 {sensor.id} 没有“{variant}”这一处理版本。",
        f"The sensor {sensor.id} has no processing '{variant}'.",
        remedy=Text(
            zh=f"可写：{listed}；更新的版本请按产品元数据写明 scale 和 offset。",
            en=f"Write one of: {listed}; for a newer one, scale and offset as its metadata say.",
        )
        if expected
        else Text(zh=f"请写 {sensor.id}。", en=f"Write {sensor.id}."),
        expected=expected or (sensor.id,),
        found=name,
    )


def choices(sensor: Sensor) -> list[str]:
    """Return how each of several conversions of a sensor is asked for.

    Examples
    --------
    >>> choices(read_sensor("sentinel2-l2a"))
    ['sentinel2-l2a:02.14', 'sentinel2-l2a:05.10', 'sentinel2-l2a:harmonized']
    """
    known = (fact.value for fact in sensor.conversions)
    return [f"{sensor.id}:{one.name}" for one in known if one.name]


def _unknown(name: object, known: tuple[str, ...], zh: str, en: str) -> DefinitionError:
    near = get_close_matches(str(name).partition(":")[0], known, n=1)
    listed = near[0] if near else ", ".join(known)
    return DefinitionError(
        f"没有{zh} {name!r} 的定义。",
        f"There is no definition of the {en} {name!r}.",
        remedy=Text(
            zh=f"可用：{listed}；或写明 bands = {{ red = 3, nir = 4 }}。",
            en=f"There is {listed}; or name bands = {{ red = 3, nir = 4 }}.",
        )
        if en == "sensor"
        else Text(zh=f"可用：{listed}；或写明 values 或 bits。",
                  en=f"There is {listed}; or name values or bits."),
        expected=known,
        found=name,
    )  # fmt: skip


@cache
def _sensors() -> Mapping[str, Sensor]:
    found = (shape(SensorTable, _load(file), file.name).sensor() for file in _shipped("sensors"))
    return MappingProxyType({sensor.id: sensor for sensor in found})


@cache
def _masks() -> Mapping[str, MaskCodes]:
    found = (shape(MaskTable, _load(file), file.name).mask() for file in _shipped("masks"))
    return MappingProxyType({mask.id: mask for mask in found})


def _shipped(folder: str) -> list[Traversable]:
    every = (files("greenspace") / "definitions" / folder).iterdir()
    return sorted((file for file in every if file.name.endswith(".toml")), key=lambda f: f.name)


def _load(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
