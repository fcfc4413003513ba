"""Bands: which band of which file holds red, and which near infrared.

Question   Which band number is meant by a name?
Enters     What an image says of itself, and what the user says of it.
Leaves     Band names to origins and numbers, counted from 1.
Elsewhere  Streaming them: read/raster. Sensors: read/sensors.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any

from greenspace.errors import RasterError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.origin import open_origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenspace.model.sensor import Sensor
    from greenspace.read.header import Header, Origin, Terms

    Places = dict[str, tuple[Origin, int]]

NAMES = ("blue", "green", "red", "nir")


def name_bands(
    image: Any,
    need: tuple[str, ...],
    bands: Mapping[str, int] | None,
    terms: Terms,
    sensor: Sensor | None = None,
) -> tuple[Places, tuple[Finding, ...]]:
    """Open the headers of an image and say where each band that is needed lies.

    Raises
    ------
    RasterError
        A band is missing or named twice, or the image has other bands than the sensor.
    """
    _require_numbers(bands)
    if isinstance(image, Mapping):
        _require_bands(need, image, "image")
        places = _places_of_files(image, need, bands, terms)
        origins = {id(origin): origin for origin, _ in places.values()}
        return places, tuple(each for o in origins.values() for each in _alpha(o.header))
    origin = open_origin(image, terms)
    _require_measurements(origin.header, need)
    contradicted = _contradicted(origin.header, need, bands)
    if bands is None and sensor is not None and sensor.bands is not None:
        bands = sensor.bands.value
        _require_bands_of(sensor.name, bands, origin.header)
    numbers, remarks = _band_numbers(origin.header, need, bands)
    origin = origin.opaque({*numbers.values(), *(bands or {}).values()})
    remarks = (*remarks, *contradicted, *_alpha(origin.header))
    return {name: (origin, number) for name, number in numbers.items()}, remarks


def _contradicted(
    header: Header, need: tuple[str, ...], bands: Mapping[str, int] | None
) -> tuple[Finding, ...]:
    """Return a warning where the user names bands otherwise than the image describes them.

    The colours that an image is tagged with say nothing: writers tag three or four bands of bytes
    as red, green, blue and alpha, whatever they hold.
    """
    said = {number: text for number, text in _descriptions(header) if text in NAMES}
    given = {name: bands[name] for name in need if name in bands} if bands else {}
    wrong = [
        name
        for name, number in given.items()
        if said.get(number, name) != name or (name in said.values() and number not in said)
    ]
    if not wrong:
        return ()
    mine = {name: given[name] for name in wrong}
    theirs = {text: number for number, text in said.items()}
    text = Text(
        zh=f"bands 写的是 {mine}，而影像的波段说明是 {theirs}：按 bands 取用，请核对。",
        en=f"bands says {mine}, and the image describes its bands as {theirs}: they are taken as "
        "bands says. Check them.",
    )
    return (
        Finding(
            code="bands_contradicted",
            text=text,
            severity="warning",
            layer="image",
            indicators=("green_coverage",),
        ),
    )


def _alpha(header: Header) -> tuple[Finding, ...]:
    """Return a note of the bands that are taken to say where the others show something."""
    text = Text(
        zh=f"第 {_listed(header.alpha)} 波段按 alpha（透明度）处理：它为 0 处计为未见。若它是测得的"
        f"数值，请在 bands 中给它一个名字，例如 nir = {_listed(header.alpha)}。",
        en=f"Band {_listed(header.alpha)} is taken for alpha: where it is 0 the image counts as unseen. "
        "Where it holds measurements, give it a name in bands, for example "
        f"nir = {_listed(header.alpha)}.",
    )
    return (Finding(code="alpha_hides", text=text, layer="image"),) if header.alpha else ()


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


def _require_numbers(bands: object) -> None:
    """Refuse what cannot be a band number of any image."""
    numbers = bands.values() if isinstance(bands, Mapping) else ()
    if not any(isinstance(number, bool) or not isinstance(number, Hashable) for number in numbers):
        return
    raise RasterError(
        f"bands 应为波段名到编号的对应，而不是 {bands!r}。",
        f"bands should be band names with their numbers, not {bands!r}.",
        remedy=Text(
            zh='例如 bands={"red": 3, "nir": 4}。', en='For example bands={"red": 3, "nir": 4}.'
        ),
        expected="names and numbers",
        found=bands,
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


def _require_bands_of(name: Text, bands: Mapping[str, int], header: Header) -> None:
    """Refuse an image that has another number of bands than the sensor, or says another order."""
    said = {text: number for number, text in _descriptions(header) if text in bands}
    most = max(bands.values())
    # four bytes a pixel are often tagged as three colours and alpha, and are four bands
    fits = most in {header.count, header.count - len(header.alpha)}
    if fits and all(bands[text] == number for text, number in said.items()):
        return
    found = said if fits else header.count
    raise RasterError(
        f"{name.zh} 应有 {most} 个波段，顺序为 {dict(bands)}，而影像的是 {found}。",
        f"{name.en} has {most} bands, {dict(bands)}; the image has {found}.",
        remedy=Text(
            zh="请核对传感器，或写明波段，例如 bands = { red = 3, nir = 4 }。",
            en="Check the sensor, or name the bands, for example bands = { red = 3, nir = 4 }.",
        ),
        file=header.name,
        expected=dict(bands),
        found=found,
    )


def _descriptions(header: Header) -> Iterator[tuple[int, str]]:
    for number, text in enumerate(header.descriptions, 1):
        yield number, str(text).strip().lower()


def _require_measurements(header: Header, need: tuple[str, ...]) -> None:
    """Refuse an index, which needs several bands, of the entries of a colour table."""
    if not header.palette or len(need) == 1:
        return
    raise RasterError(
        f"第 {header.palette[0]} 波段是颜色表的序号，不是测得的数值。",
        f"Band {header.palette[0]} holds entries of a colour table, not measurements.",
        remedy=Text(
            zh="请提供原始影像；分类结果请转为 0/1 栅格后直接用于 green_coverage。",
            en="Give the image itself; make a classification a 0/1 raster and hand it to "
            "green_coverage as it is.",
        ),
        file=header.name,
        expected="measurements",
        found="palette",
    )


def _places_of_files(
    files: Mapping[str, Any],
    need: tuple[str, ...],
    bands: Mapping[str, int] | None,
    terms: Terms,
) -> dict[str, tuple[Origin, int]]:
    places = {}
    for name, file in files.items():
        origin = open_origin(file, terms)
        _require_measurements(origin.header, need)
        numbers, _ = _band_numbers(origin.header, (name,), bands if name in (bands or ()) else None)
        origin = origin.opaque({*numbers.values(), *(bands or {}).values()})
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
    described = {text: number for number, text in _descriptions(header)}
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
    twice = [name for name in need if [text for _, text in _descriptions(header)].count(name) > 1]
    if twice:
        raise RasterError(
            f"影像有多个波段都叫 {'、'.join(twice)}。",
            f"Several bands of the image are called {', '.join(twice)}.",
            remedy=Text(
                zh="请写明波段，例如 bands = { red = 3, nir = 4 }。",
                en="Name the bands, for example bands = { red = 3, nir = 4 }.",
            ),
            file=header.name,
            expected=need,
            found=header.descriptions,
        )
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
