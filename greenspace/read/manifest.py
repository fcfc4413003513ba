"""The manifest city.toml: its keys, its values, and what is wrong with them.

Question   What does this city.toml say, and is every word of it one that we know?
Enters     A path, and the indicators with their units.
Leaves     One frozen Manifest, or one ManifestError that names key, expected and found.
Elsewhere  The text of the file: read/toml_file. The layers it names: read/city.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    model_validator,
)

from greenspace.errors import refuse
from greenspace.model.words import Text
from greenspace.read.amounts import plain_number, read_amounts, read_supplied, step_of
from greenspace.read.city_green_line import GreenLineTable
from greenspace.read.city_zoning import ZoningChoice
from greenspace.read.keys import Unfit, refusal_of, unknown_keys, without
from greenspace.read.plan import read_plan
from greenspace.read.toml_file import backslash, backslash_line, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from greenspace.errors import Refuse
    from greenspace.model.definition import Indicator

CONTROL = re.compile(r"[\x00-\x1f]")
PATH_KEYS = {
    "path",
    "mask",
    "raster",
    "samples",
    "classes",
    "reference",
    "stations",
    "lists",
    "scheme",
}
EDITIONS = ("2002", "2017")
Whole = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PopulationColumn(_Table):
    """``population = { column = "POP" }``: a column of the districts."""

    column: Annotated[str, Field(min_length=1)]


class PopulationRaster(_Table):
    """``population = { raster = "pop.tif" }``: persons a pixel."""

    raster: Annotated[str, Field(min_length=1)]


class MaskTable(_Table):
    """``mask = { path = "SCL.tif", codes = "sentinel2-scl" }``: a mask and what its numbers mean."""

    path: Annotated[str, Field(min_length=1)]
    codes: Annotated[str, Field(min_length=1)] | None = None
    values: Whole | None = None
    bits: Whole | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(way is not None for way in (self.codes, self.values, self.bits)) > 1:
            raise ValueError("one of codes, values and bits")
        return self


class SamplesTable(_Table):
    """``threshold = { samples = "points.gpkg" }``: field points that a threshold comes from."""

    samples: Annotated[str, Field(min_length=1)]
    layer: Annotated[str, Field(min_length=1)] | None = None
    column: Annotated[str, Field(min_length=1)] = "reference"
    objective: Literal["f1", "area"] = "f1"


def _population(value: Any) -> float | PopulationColumn | PopulationRaster:
    forms = Text(
        zh='大于 0 的人数，或 { column = "…" }，或 { raster = "…" }',
        en='a number of persons above 0, { column = "…" } or { raster = "…" }',
    )
    if isinstance(value, dict):
        if set(value) == {"column"} and isinstance(value["column"], str):
            return PopulationColumn(**value)
        if set(value) == {"raster"} and isinstance(value["raster"], str):
            return PopulationRaster(**value)
        raise Unfit(forms, value)
    number = plain_number(value)
    if number is None or number <= 0:
        raise Unfit(forms, value)
    return number


def _threshold(value: Any) -> float | str | SamplesTable:
    number = plain_number(value)
    if number is not None:
        return number
    if value == "otsu":
        return "otsu"
    try:
        return SamplesTable.model_validate(value)
    except ValidationError:
        forms = Text(
            zh='一个数、"otsu"，或 { samples = "points.gpkg" }，可加 layer、column、'
            'objective = "f1" 或 "area"',
            en='a number, "otsu" or { samples = "points.gpkg" }, with layer, column and '
            'objective = "f1" or "area" where needed',
        )
        raise Unfit(forms, value) from None


def _mask(value: Any) -> MaskTable:
    if isinstance(value, str) and value:
        return MaskTable(path=value)
    try:
        return MaskTable.model_validate(value)
    except ValidationError:
        forms = Text(
            zh='文件路径，或 { path = "…" } 加 codes = "sentinel2-scl"、values = [3, 8] 或 bits = [3] 之一',
            en='a path, or { path = "…" } with one of codes = "sentinel2-scl", values = [3, 8] '
            "and bits = [3]",
        )
        raise Unfit(forms, value) from None


def _image_path(value: Any) -> Any:
    parts = list(value.values()) if isinstance(value, dict) else [value]
    words = [word for part in parts for word in (part if isinstance(part, list) else [part])]
    if words and all(parts) and all(isinstance(word, str) and word for word in words):
        return value
    forms = Text(
        zh='文件路径、文件列表 ["1.tif", "2.tif"]，或每波段一个文件 { red = "B4.tif", nir = "B5.tif" }',
        en='a path, a list of files ["1.tif", "2.tif"], or one file a band '
        '{ red = "B4.tif", nir = "B5.tif" }',
    )
    raise Unfit(forms, value)


def _edition(value: Any) -> Any:
    text = str(value) if isinstance(value, int) else value
    if text not in EDITIONS:
        expected = Text(zh='"2002" 或 "2017"（CJJ/T 85 的版本）', en='"2002" or "2017" of CJJ/T 85')
        raise Unfit(expected, value)
    return text


def _crs(value: Any) -> Any:
    return f"EPSG:{value}" if isinstance(value, int) and not isinstance(value, bool) else value


def _words(value: Any) -> Any:
    plain = isinstance(value, int | float | dt.date) and not isinstance(value, bool)
    return str(value) if plain else value


Filled = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Day = Annotated[dt.date, Field(strict=False)]
Crs = Annotated[Filled, BeforeValidator(_crs)]
Edition = Annotated[str, BeforeValidator(_edition)]
Words = Annotated[str, BeforeValidator(_words)]
ImagePath = Annotated[str | list[str] | dict[str, str | list[str]], PlainValidator(_image_path)]
Population = Annotated[float | PopulationColumn | PopulationRaster, PlainValidator(_population)]
Threshold = Annotated[float | str | SamplesTable, PlainValidator(_threshold)]


class CityTable(_Table):
    """``[city]``: the facts."""

    name: Filled
    date: Day | None = None
    standard: Filled | None = None
    population: Population | None = None
    population_basis: Filled | None = None
    population_other: dict[Filled, Positive] = {}
    region: Literal["north", "south"] | None = None
    construction_land_per_head_m2: Positive | None = None


class MeasureTable(_Table):
    """``[measure]``: where areas are measured."""

    crs: Crs | None = None


class LayerTable(_Table):
    """``[layers.…]``: one layer, and its columns by role."""

    path: Filled
    layer: Filled | None = None
    query: Filled | None = None
    encoding: Filled | None = None
    crs: Crs | None = None
    columns: dict[str, Filled] = {}
    edition: Edition | None = None
    new_since: int | None = None
    approved: Day | None = None


class ImageTable(_Table):
    """``[[image]]``: one image."""

    path: ImagePath
    date: Day | None = None
    sensor: Filled | None = None
    bands: dict[str, Annotated[int, Field(ge=1)]] | None = None
    scale: Number | None = None
    offset: Number | None = None
    nodata: float | None = None
    mask: Annotated[MaskTable | None, PlainValidator(_mask)] = None
    crs: Crs | None = None
    on_bad_tile: Literal["refuse", "unseen"] = "refuse"
    allow_outside: bool = False


class VegetationTable(_Table):
    """``[vegetation]``: how green is told from not green."""

    index: Filled = "ndvi"
    threshold: Threshold = "otsu"
    classes: Filled | None = None
    crops: bool = False
    source: Literal["image", "layer", "both"] = "image"
    enclosed_water: Literal["exclude", "include"] = "exclude"


class AccuracyTable(_Table):
    """``[accuracy]``: reference points, or an error matrix that somebody made of them."""

    reference: Filled | None = None
    layer: Filled | None = None
    encoding: Filled | None = None
    crs: Crs | None = None
    columns: dict[str, Filled] = {}
    matrix: list[list[float]] | None = None
    areas: list[float] | None = None


class HeatTable(_Table):
    """``[heat]``: daily maxima of air temperature at stations."""

    stations: Filled
    encoding: Filled | None = None
    columns: dict[str, Filled] = {}
    urban: list[Words] = []
    hinterland: list[Words] = []
    year: int | None = None
    least_share: Annotated[float, Field(gt=0, le=1)] = 0.9


class SpeciesTable(_Table):
    """``[species]``: lists of plants, birds and fish."""

    lists: Filled
    encoding: Filled | None = None
    columns: dict[str, Filled] = {}


class DeclaredTable(_Table):
    """An amount of ``[declared]``, read already, and the step of its last digit."""

    value: float
    step: float


class InspectionsTable(_Table):
    """``[inspections]``: how communities rated themselves, round by round."""

    lists: Filled
    columns: dict[str, Filled] = {}
    encoding: Filled | None = None


class SuppliedTable(_Table):
    """``sewage_treatment = { value = "90%", source = "…", date = … }``, the value read already."""

    value: float
    source: Filled | None = None
    date: Day | None = None


class Manifest(_Table):
    """Everything that a city.toml says, checked."""

    city: CityTable
    measure: MeasureTable = MeasureTable()
    layers: dict[str, LayerTable] = {}
    image: list[ImageTable] = []
    vegetation: VegetationTable = VegetationTable()
    accuracy: AccuracyTable | None = None
    heat: HeatTable | None = None
    species: SpeciesTable | None = None
    inspections: InspectionsTable | None = None
    zoning: ZoningChoice | None = None
    green_line: GreenLineTable | None = None
    declared: dict[str, DeclaredTable] = {}
    supplied: dict[str, SuppliedTable] = {}
    baseline: Any = None  # a Baseline, made by read_plan
    targets: dict[int, dict[str, float]] = {}
    report: dict[str, Words] = {}


def read_manifest(
    path: Path, cards: Mapping[str, Indicator], *, refuse: Refuse = refuse
) -> Manifest:
    """Read and check a manifest.

    Parameters
    ----------
    path
        An existing ``city.toml``.
    cards
        Every indicator by id, for ``[declared]``, ``[supplied]`` and ``[targets.…]``.
    refuse
        Told of each problem; where it returns, the rest is read without what was wrong.

    Raises
    ------
    ManifestError
        The text cannot be read, a key is unknown, or a value is not what it should be.
    """
    data = read_toml(path)
    _refuse_escapes(data, path)
    fields = {key: tuple(table.model_fields) for key, table in _SECTIONS.items()}
    for location, unknown in unknown_keys(data, tuple(Manifest.model_fields), fields, path):
        refuse(unknown)
        data = without(data, location)
    data = {**data, **_amounts(data, cards, path, refuse)}
    while True:
        try:
            return Manifest.model_validate(data)
        except ValidationError as error:
            refuse(refusal_of(error, path))
            data = without(data, error.errors(include_url=False)[0]["loc"])


_SECTIONS: dict[str, type[BaseModel]] = {
    "city": CityTable,
    "measure": MeasureTable,
    "layers": LayerTable,
    "image": ImageTable,
    "vegetation": VegetationTable,
    "accuracy": AccuracyTable,
    "heat": HeatTable,
    "species": SpeciesTable,
    "inspections": InspectionsTable,
    "zoning": ZoningChoice,
    "green_line": GreenLineTable,
}


def _refuse_escapes(value: Any, path: Path, key: str = "") -> None:
    r"""Refuse a path that "D:\new" has silently turned into one with a line break."""
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_escapes(inner, path, key if key == "path" else name)
    elif isinstance(value, list):
        for inner in value:
            _refuse_escapes(inner, path, key)
    elif isinstance(value, str) and key in PATH_KEYS and CONTROL.search(value):
        raise backslash(backslash_line(path, key), path)


def _amounts(
    data: dict[str, Any], cards: Mapping[str, Indicator], path: Path, refuse: Refuse
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "declared" in data:
        told = data["declared"]
        amounts = read_amounts(told, "declared", cards, path, refuse=refuse)
        found["declared"] = {
            name: {"value": value, "step": step_of(told[name], cards[name])}
            for name, value in amounts.items()
        }
    if "supplied" in data:
        found["supplied"] = read_supplied(data["supplied"], cards, path, refuse=refuse)
    return found | read_plan(data, cards, path, refuse=refuse)
