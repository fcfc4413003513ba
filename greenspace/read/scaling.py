"""Scaling: from stored numbers to reflectance, by whose word.

Question   Which scale, offset and nodata hold for this image, and who says so?
Enters     What the user gave, what the files declare, what the sensor's maker says.
Leaves     One Scaling with findings, or a refusal that says what to write.
Elsewhere  Sensors: read/sensors. Applying it: read/raster.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose, isfinite
from typing import TYPE_CHECKING

from greenspace.errors import RasterError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.sensors import choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.sensor import Conversion, Fact, Sensor
    from greenspace.read.header import Origin

    Factors = tuple[float, float]
    Places = Mapping[str, tuple[Origin, int]]

RAW = (1.0, 0.0)
TOLERANCE = 1e-6
SAY_BOTH = Text(
    zh="请同时给出 scale 和 offset；数值已是反射率时为 scale=1, offset=0。",
    en="Pass both scale and offset; where the values are reflectance already, "
    "scale=1 and offset=0.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """What holds for an image; ``None`` where the files say it themselves."""

    scale: float | None
    offset: float | None
    nodata: float | None
    remarks: tuple[Finding, ...] = ()


def settle_scaling(
    places: Places,
    *,
    scale: float | None,
    offset: float | None,
    nodata: float | None,
    sensor: Sensor | None,
) -> Scaling:
    """Settle scale, offset and nodata: the user's word, else the files', else the sensor's.

    Raises
    ------
    RasterError
        The numbers need a conversion, and which one cannot be known; or half of one was given
        where the files or the sensor have another.
    """
    conversion, remarks = _conversion(places, scale, offset, sensor)
    if conversion is not None:
        scale, offset = conversion.scale, conversion.offset
    if sensor is not None and nodata is None:
        nodata, more = _nodata(places, sensor)
        remarks += more
    return Scaling(scale=scale, offset=offset, nodata=nodata, remarks=remarks)


def _conversion(
    places: Places, scale: float | None, offset: float | None, sensor: Sensor | None
) -> tuple[Conversion | None, tuple[Finding, ...]]:
    known = () if sensor is None else sensor.conversions
    declared = {_declared(*place) for place in places.values()}
    if scale is not None or offset is not None:
        if (known or declared != {RAW}) and (scale is None or offset is None):
            raise _half(places, declared, scale, offset)
        return None, ()
    _require_sound(places, declared)
    if RAW in declared and len(declared) > 1:
        raise _mixed(places, declared)
    if declared == {RAW}:
        if not known or sensor is None:
            return None, ()
        return _of_maker(places, sensor, known)
    remarks: tuple[Finding, ...] = (_as_declared(declared),)
    if sensor is None or not known:
        return None, remarks
    if len(known) > 1 and not any(offset for _, offset in declared):
        raise _which(places, sensor)
    if not any(_agrees(declared, fact) for fact in known):
        remarks += (_contradiction(declared, sensor, known),)
    return None, remarks


def _require_sound(places: Places, declared: set[Factors]) -> None:
    for scale, offset in declared:
        if scale == 0 or not isfinite(scale) or not isfinite(offset):
            raise RasterError(
                f"影像声明的比例 {scale:g} 和偏移 {offset:g} 无法使用。",
                f"The image declares scale {scale:g} and offset {offset:g}, which make no values.",
                remedy=SAY_BOTH,
                file=_file(places),
                found=(scale, offset),
            )


def _declared(origin: Origin, number: int) -> Factors:
    return origin.header.scales[number - 1], origin.header.offsets[number - 1]


def _numbers(places: Places) -> set[str]:
    return {origin.header.dtypes[number - 1] for origin, number in places.values()}


def _agrees(declared: set[Factors], fact: Fact[Conversion]) -> bool:
    said = (fact.value.scale, fact.value.offset)
    return all(
        isclose(a, b, rel_tol=TOLERANCE, abs_tol=1e-12)
        for one in declared
        for a, b in zip(one, said, strict=True)
    )


def _of_maker(
    places: Places, sensor: Sensor, known: tuple[Fact[Conversion], ...]
) -> tuple[Conversion, tuple[Finding, ...]]:
    fact = known[0]
    one, found = fact.value, _numbers(places)
    if found != {one.numbers}:
        kinds = ", ".join(sorted(found))
        raise RasterError(
            f"{sensor.name.zh} 的数值是 {one.numbers}，而影像是 {kinds}："
            "不知道是否已换算为反射率。",
            f"{sensor.name.en} is delivered as {one.numbers}, and the image holds {kinds}: "
            "whether it is reflectance already is not known.",
            remedy=SAY_BOTH,
            file=_file(places),
            expected=one.numbers,
            found=kinds,
        )
    if len(known) > 1:
        raise _which(places, sensor)
    text = Text(
        zh=f"采用传感器 {sensor.id} 的比例 {one.scale:g} 和偏移 {one.offset:g}"
        f"（{fact.mark}：{fact.sources[0]}）。",
        en=f"Scale {one.scale:g} and offset {one.offset:g} of the sensor {sensor.id} are applied "
        f"({fact.mark}: {fact.sources[0]}).",
    )
    return one, (Finding(code="scale_of_sensor", text=text, layer="image"),)


def _nodata(places: Places, sensor: Sensor) -> tuple[float | None, tuple[Finding, ...]]:
    """Take the maker's nodata where no file says its own and the numbers are the maker's."""
    fact = sensor.nodata
    kinds = {known.value.numbers for known in sensor.conversions}
    silent = not any(origin.header.says_nodata for origin, _ in places.values())
    if fact is None or not silent or not _numbers(places) <= kinds:
        return None, ()
    text = Text(
        zh=f"影像没有 nodata 标记；按传感器 {sensor.id}，{fact.value:g} 为无数据"
        f"（{fact.mark}：{fact.sources[0]}）。",
        en=f"The image declares no nodata; by the sensor {sensor.id} it is {fact.value:g} "
        f"({fact.mark}: {fact.sources[0]}).",
    )
    return fact.value, (Finding(code="nodata_of_sensor", text=text, layer="image"),)


def _as_declared(declared: set[Factors]) -> Finding:
    text = Text(
        zh=f"采用影像声明的比例与偏移：{sorted(declared)}。",
        en=f"Scale and offset as the image declares them: {sorted(declared)}.",
    )
    return Finding(code="scale_declared", text=text, layer="image")


def _contradiction(
    declared: set[Factors], sensor: Sensor, known: tuple[Fact[Conversion], ...]
) -> Finding:
    said = [(fact.value.scale, fact.value.offset) for fact in known]
    text = Text(
        zh=f"影像声明的比例与偏移 {sorted(declared)} 与传感器 {sensor.id} 的 {said} 不同；"
        "采用影像的，请核对。",
        en=f"The image declares scale and offset {sorted(declared)}, the sensor {sensor.id} has "
        f"{said}: the image's are used; check which product this is.",
    )
    return Finding(
        code="scale_contradicts",
        text=text,
        severity="warning",
        layer="image",
        indicators=("green_coverage",),
    )


def _file(places: Places) -> str:
    return ", ".join(dict.fromkeys(origin.header.name for origin, _ in places.values()))


def _half(
    places: Places, declared: set[Factors], scale: float | None, offset: float | None
) -> RasterError:
    who_zh, who_en = ("传感器", "sensor") if declared == {RAW} else ("影像", "image")
    return RasterError(
        f"{who_zh}既有比例又有偏移，而只给了其中之一。",
        f"The {who_en} has a scale and an offset, and only one was given.",
        remedy=Text(
            zh="请同时给出 scale 和 offset，或都不给。",
            en="Pass both scale and offset, or neither.",
        ),
        file=_file(places),
        expected=("scale", "offset"),
        found=(scale, offset),
    )


def _mixed(places: Places, declared: set[Factors]) -> RasterError:
    return RasterError(
        "有的波段声明了比例与偏移，有的没有。",
        "Some of the bands declare scale and offset, and some do not.",
        remedy=SAY_BOTH,
        file=_file(places),
        found=sorted(declared),
    )


def _which(places: Places, sensor: Sensor) -> RasterError:
    ways = [f'sensor = "{way}"' for way in choices(sensor)]
    return RasterError(
        f"{sensor.name.zh} 的偏移取决于处理版本，影像没有说明是哪一版；拍摄日期、为 0 的偏移标记都不足为凭。",
        f"The offset of {sensor.name.en} depends on the processing baseline, and nothing says "
        "which this is; the date does not tell, nor does a tag of offset 0.",
        remedy=Text(
            zh=f"产品名中的 N0510 即 05.10。请写其一：{'、'.join(ways)}；或给出 scale 和 offset。",
            en="N0510 in the product's name is 05.10. Write one of: "
            f"{', '.join(ways)}; or pass scale and offset.",
        ),
        file=_file(places),
        expected=tuple(choices(sensor)),
        found=sensor.id,
    )
