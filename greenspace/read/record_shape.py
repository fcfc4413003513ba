"""Record shape: what check.json must hold before anything is compared with it.

Question   Is this the record of a check, whole and at one with itself?
Enters     The parsed text of check.json, and the card of every indicator.
Leaves     Nothing, or one refusal that names file and key.
Elsewhere  Making a Dated of it: read/dated_results. Checksums of the folder: read/results.
"""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from greenspace.errors import InputError
from greenspace.model.definition import Mark, Operator
from greenspace.model.verdict import Token
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from greenspace.model.definition import Indicator

SAME = 1e-12
Number = Annotated[float, Field(allow_inf_nan=False)]
AGAIN = Text(
    zh="请用本版本重新运行 greenspace check … -o，或直接给出 city.toml。",
    en="Run greenspace check … -o again with this version, or name the city.toml.",
)


class Shape(BaseModel):
    """A table whose kinds of values are held to; more keys may stand in it."""

    model_config = ConfigDict(strict=True)


class WordsShape(Shape):
    """``{"zh", "en"}``."""

    zh: str
    en: str


class BaselineShape(Shape):
    """``city.baseline``."""

    year: int
    amounts: dict[str, Number]


class CityShape(Shape):
    """``city``."""

    name: str
    date: str | None
    population: Number | None
    population_basis: str | None
    region: str | None
    construction_land_per_head_m2: Number | None
    supplied: dict[str, Number] = {}
    editions: dict[str, str] = {}
    baseline: BaselineShape | None = None
    targets: dict[Annotated[str, Field(pattern=r"^[12]\d{3}$")], dict[str, Number]] = {}
    bounds: Annotated[list[Number], Field(min_length=4, max_length=4)] | None = None


class HalvesShape(Shape):
    """What city and zone have alike."""

    value: Number | None
    numerator: Number
    denominator: Annotated[Number, Field(ge=0)]
    unseen: Annotated[Number, Field(ge=0)] | None
    interval: Annotated[list[Number], Field(min_length=3, max_length=3)] | None
    estimate: Number | None
    interval_points: int | None
    standard_error: Annotated[Number, Field(ge=0)] | None = None
    no_interval: WordsShape | None


class ZoneShape(HalvesShape):
    """An entry of ``ratios.zones``."""

    name: str
    outside: bool


class SourceShape(Shape):
    """An entry of ``ratios.sources``."""

    role: str
    name: str
    layer: str | None = None
    note: WordsShape | None = None


class RatioShape(HalvesShape):
    """An entry of ``ratios``."""

    indicator: str
    unit: str
    crs: str | None
    judged: bool
    label: WordsShape | None
    sources: list[SourceShape]
    zones: list[ZoneShape] | None


class VerdictShape(Shape):
    """An entry of ``verdicts``."""

    standard: str
    indicator: str
    name: WordsShape
    unit: str
    operator: Operator
    value: Number | None
    threshold: Number | None
    readings: list[Number]
    margin: Number | None
    verdict: Token
    mark: Mark | None
    reason: WordsShape | None
    gate: bool
    mandatory: bool
    basis: Literal["measured", "supplied"]
    place: str | None = None
    other_levels: dict[str, Number]


class OverallShape(Shape):
    """``overall``."""

    verdict: Token
    provisional: bool


class InputShape(Shape):
    """An entry of ``inputs``."""

    sha256: str | None = None
    roles: list[str] = []


class RecordShape(Shape):
    """``check.json``."""

    city: CityShape
    standard: str
    inputs: list[InputShape] = []
    ratios: list[RatioShape]
    verdicts: list[VerdictShape]
    overall: OverallShape | None = None


def require_record(record: Mapping[str, Any], cards: Mapping[str, Indicator], path: Path) -> None:
    """Refuse a record that another version wrote, or whose numbers contradict one another.

    Raises
    ------
    InputError
        Names file and key, with what was expected and found.
    """
    try:
        shape = RecordShape.model_validate(record)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        raise _refusal(path, key, first["msg"], first.get("input")) from None
    for index, item in enumerate(shape.ratios):
        _require_card(item, cards, f"ratios.{index}", path)
        _require_value(item, f"ratios.{index}", path)
        for at, zone in enumerate(item.zones or ()):
            _require_value(zone, f"ratios.{index}.zones.{at}", path)
    judged = {item.indicator: item.value for item in reversed(shape.ratios) if item.judged}
    for index, row in enumerate(shape.verdicts):
        _require_card(row, cards, f"verdicts.{index}", path)
        own = row.standard == shape.standard and row.basis == "measured" and row.place is None
        if own and row.indicator in judged and not _same(row.value, judged[row.indicator]):
            raise _refusal(path, f"verdicts.{index}.value", judged[row.indicator], row.value)
    _require_plan(shape.city, cards, path)


def _require_card(
    item: RatioShape | VerdictShape, cards: Mapping[str, Indicator], key: str, path: Path
) -> None:
    card = cards.get(item.indicator)
    if card is None:
        raise _refusal(path, f"{key}.indicator", "an indicator of this version", item.indicator)
    if item.unit != card.unit:
        raise _refusal(path, f"{key}.unit", card.unit, item.unit)


def _require_value(item: HalvesShape, key: str, path: Path) -> None:
    made = item.numerator / item.denominator if item.denominator else None
    if not _same(item.value, made):
        raise _refusal(path, f"{key}.value", f"numerator / denominator = {made}", item.value)


def _require_plan(city: CityShape, cards: Mapping[str, Indicator], path: Path) -> None:
    first = {} if city.baseline is None else {"baseline.amounts": city.baseline.amounts}
    plans = first | {f"targets.{year}": amounts for year, amounts in city.targets.items()}
    for where, amounts in plans.items():
        for name in amounts:
            if name not in cards:
                key = f"city.{where}.{name}"
                raise _refusal(path, key, "an indicator of this version", name)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=SAME, abs_tol=SAME)


def _refusal(path: Path, key: str, expected: object, found: object) -> InputError:
    return InputError(
        f"{path.name} 的 {key} 不是核查写出的内容，或被改动过。",
        f"{key} in {path.name} is not what a check writes, or was edited.",
        remedy=AGAIN,
        file=path,
        expected=f"{key}: {expected}",
        found=found if isinstance(found, str | int | float | None) else type(found).__name__,
    )
