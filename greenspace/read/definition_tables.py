"""Definition tables: what may stand in a TOML file, key by key.

Question   Which keys does a profile, an indicator card or a class table have?
Enters     Tables whose shape read/definition_shape has held against these.
Leaves     Frozen model values.
Elsewhere  Finding and opening the files: read/definitions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date  # noqa: TC003  pydantic asks for it when it runs
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, model_validator

from greenspace.model.classes import ClassEntry, ClassKind, ClassTable, Role
from greenspace.model.counted import SUFFIXES
from greenspace.model.definition import (
    Citation,
    Condition,
    Criterion,
    Indicator,
    Mark,
    Operator,
    Parameter,
    Threshold,
    Tiers,
)
from greenspace.model.quantity import Unit  # noqa: TC001  pydantic asks for it when it runs
from greenspace.model.words import Text
from greenspace.read.definition_shape import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from greenspace.model.counted import Kind

Comparison = Literal[">=", ">", "<=", "<", "=="]
EDGES: dict[str, Comparison] = {"min": ">=", "above": ">", "max": "<=", "below": "<"}
NUMERIC_FACTS: tuple[Literal["population", "construction_land_per_head_m2"], ...] = (
    "population",
    "construction_land_per_head_m2",
)


class Words(Table):
    """The same words in two languages."""

    zh: str
    en: str

    def text(self) -> Text:
        """Return them as the vocabulary's Text."""
        return Text(zh=self.zh, en=self.en)


class SourceTable(Table):
    """Where a number was read; `page` is for a user's own copy."""

    document: str = ""
    clause: str = ""
    page: str | int = ""
    address: str = ""

    def is_named(self) -> bool:
        """Return whether it names a document, and a page or clause of it."""
        page = self.page > 0 if isinstance(self.page, int) else bool(self.page.strip())
        return bool(self.document.strip()) and (page or bool(self.clause.strip()))

    def citation(self, document: str) -> Citation:
        """Return the citation; `document` is that of the profile, unless the row names its own."""
        page = f"p. {self.page}" if self.page != "" else ""
        clause = ", ".join(part for part in (self.clause, page) if part)
        return Citation(document=self.document or document, clause=clause, address=self.address)


class WhenTable(Table):
    """The cities that a row is meant for; all that is given must hold."""

    region: Literal["north", "south"] | None = None
    population_min: float | None = None
    population_above: float | None = None
    population_max: float | None = None
    population_below: float | None = None
    construction_land_per_head_m2_min: float | None = None
    construction_land_per_head_m2_above: float | None = None
    construction_land_per_head_m2_max: float | None = None
    construction_land_per_head_m2_below: float | None = None

    def conditions(self) -> tuple[Condition, ...]:
        """Return one condition for each key that is given."""
        found = []
        if self.region is not None:
            found.append(Condition(fact="region", operator="==", value=self.region))
        for fact in NUMERIC_FACTS:
            for edge, operator in EDGES.items():
                value = getattr(self, f"{fact}_{edge}")
                if value is not None:
                    found.append(Condition(fact=fact, operator=operator, value=float(value)))
        return tuple(found)


class NumberTable(Table):
    """A number, or two where sources disagree, or none, with its mark and source."""

    value: float | None = None
    values: list[float] | None = None
    mark: Mark | None = None
    source: SourceTable | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _one_spelling(self) -> Self:
        if self.value is not None and self.values is not None:
            raise ValueError("value and values exclude each other")
        if any(not isfinite(number) for number in self.numbers() or ()):
            raise ValueError("a threshold is a finite number")
        return self

    def numbers(self) -> tuple[float, ...] | None:
        """Return the numbers, or ``None`` where neither key is given."""
        if self.value is not None:
            return (float(self.value),)
        return None if self.values is None else tuple(map(float, self.values))


class ThresholdTable(NumberTable):
    """One number and the cities that it is meant for."""

    when: WhenTable | None = None


class ParameterTable(Table):
    """What the method of a row needs to know."""

    name: str
    value: float | int | str | list[str] | list[list[float]]
    mark: Mark
    unit: str = ""
    source: SourceTable | None = None
    note: Words | None = None

    def parameter(self, document: str) -> Parameter:
        """Return it as the vocabulary's Parameter; whole numbers become floats."""
        value: Any = self.value
        if isinstance(value, list):
            value = tuple(tuple(part) if isinstance(part, list) else part for part in value)
        return Parameter(
            name=self.name,
            value=float(value) if isinstance(value, int) else value,
            mark=self.mark,
            source=(self.source or SourceTable()).citation(document),
            unit=self.unit,
            note=None if self.note is None else self.note.text(),
        )


class OverlayRow(NumberTable):
    """One row of a file that extends a profile: only what differs need be said."""

    indicator: str
    level: str
    operator: Operator | None = None
    unit: Unit | None = None
    gate: bool = False
    mandatory: bool = True
    threshold: list[ThresholdTable] = Field(default_factory=list)
    tiers: list[list[float]] | None = None
    tiers_mark: Mark | None = None
    tiers_source: SourceTable | None = None
    parameter: list[ParameterTable] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.threshold and self.numbers() is not None:
            raise ValueError("give value or values, or [[criterion.threshold]] rows, not both")
        if any(len(tier) != len(("area", "radius")) for tier in self.tiers or ()):
            raise ValueError("a tier is [smallest park in m2, radius in m]")
        return self

    def thresholds(self, document: str) -> tuple[Threshold, ...]:
        """Return the numbers with their sources; a row inherits what it leaves out."""
        rows: Iterable[NumberTable] = self.threshold
        if self.numbers() is not None:
            rows = (self,)
        return tuple(
            Threshold(
                values=row.numbers() or (),
                mark=row.mark or self.mark,
                source=(row.source or self.source or SourceTable()).citation(document),
                when=row.when.conditions()
                if isinstance(row, ThresholdTable) and row.when is not None
                else (),
                note=None if row.note is None else row.note.text(),
            )
            for row in rows
        )

    def roles(self) -> tuple[str, ...]:
        """Return what the row says of how its number is held: comparison, gate, mandatory."""
        given = self.model_fields_set
        return tuple(key for key in ("operator", "gate", "mandatory") if key in given)

    def tier_values(self) -> Tiers | None:
        """Return the tiers as pairs, largest parks first."""
        if self.tiers is None:
            return None
        return tuple(sorted(((float(a), float(r)) for a, r in self.tiers), reverse=True))


class CriterionTable(OverlayRow):
    """One whole row of a profile."""

    operator: Operator

    def criterion(self, document: str) -> Criterion:
        """Return the row as the vocabulary's Criterion."""
        tiers_source = self.tiers_source or (SourceTable() if self.tiers else None)
        return Criterion(
            indicator=self.indicator,
            level=self.level,
            operator=self.operator,
            thresholds=self.thresholds(document),
            gate=self.gate,
            mandatory=self.mandatory,
            tiers=self.tier_values(),
            tiers_mark=self.tiers_mark,
            tiers_source=None if tiers_source is None else tiers_source.citation(document),
            parameters=tuple(row.parameter(document) for row in self.parameter),
            note=self.note.text() if self.note is not None and self.threshold else None,
        )


class ProfileTable(Table):
    """A whole profile."""

    id: str
    title: Words
    document: str
    levels: list[str]
    level_names: dict[str, Words]
    criterion: list[CriterionTable]
    name_a_level: bool = False
    in_force_from: date | None = None
    superseded_by: str | None = None
    dates_note: Words | None = None
    note: Words | None = None


class OverlayTable(Table):
    """A file that says `extends` and enters numbers of its own."""

    extends: str
    criterion: list[OverlayRow]
    id: str | None = None
    title: Words | None = None
    note: Words | None = None


class StandInTable(Table):
    """The words of a share of land or homes, which stand in where no residents are known."""

    name: Words
    numerator: Words
    denominator: Words
    undefined: Words

    def of(self, card: Indicator, kind: Kind, basis: str) -> Indicator:
        """Return the card of residents in these words, under an identifier that says so."""
        return replace(
            card,
            id=card.id + SUFFIXES[kind],
            name=self.name.text(),
            numerator=self.numerator.text(),
            denominator=self.denominator.text(),
            undefined=self.undefined.text(),
            basis=basis,
        )


class IndicatorTable(Table):
    """An indicator card."""

    id: str
    name: Words
    question: Words
    unit: Unit
    better: Literal["higher", "lower"]
    numerator: Words
    denominator: Words
    undefined: Words
    formula: str
    basis: Literal["imagery", "parcels", "length", "people", "reach", "supplied", "other"]
    needs: list[str] = Field(default_factory=list)
    references: list[str] = Field(default_factory=list)
    least: float | None = None
    most: float | None = None
    classes: bool = False

    of_land: StandInTable | None = None
    of_homes: StandInTable | None = None

    def indicators(self) -> tuple[Indicator, ...]:
        """Return the card, and those of what may stand in for residents, as values."""
        own = Indicator(
            id=self.id,
            name=self.name.text(),
            question=self.question.text(),
            unit=self.unit,
            better=self.better,
            numerator=self.numerator.text(),
            denominator=self.denominator.text(),
            undefined=self.undefined.text(),
            formula=self.formula,
            basis=self.basis,
            needs=tuple(self.needs),
            references=tuple(self.references),
            least=self.least,
            most=self.most,
            classes=self.classes,
        )
        land = () if self.of_land is None else (self.of_land.of(own, "land", "reach"),)
        homes = () if self.of_homes is None else (self.of_homes.of(own, "homes", "other"),)
        return (own, *land, *homes)


class CodeTable(Table):
    """One class code."""

    name_zh: str
    name_en: str
    role: Role
    mark: Mark
    address: str = ""
    note: Words | None = None


class KindTable(Table):
    """Classes that a rule names together."""

    codes: list[str] = Field(min_length=1)
    mark: Mark
    address: str = ""
    note: Words | None = None


class ClassesTable(Table):
    """The codes of one edition."""

    edition: str
    document: str
    codes: dict[str, CodeTable]
    colours: dict[str, str] = Field(default_factory=dict)
    kinds: dict[str, KindTable] = Field(default_factory=dict)

    def class_table(self) -> ClassTable:
        """Return the codes as the vocabulary's ClassTable."""
        entries = {
            code: ClassEntry(
                code=code,
                name=Text(zh=row.name_zh, en=row.name_en),
                role=row.role,
                mark=row.mark,
                source=Citation(document=self.document, address=row.address),
                note=None if row.note is None else row.note.text(),
            )
            for code, row in self.codes.items()
        }
        kinds = {
            name: ClassKind(
                codes=tuple(row.codes),
                mark=row.mark,
                source=Citation(document=self.document, address=row.address),
                note=None if row.note is None else row.note.text(),
            )
            for name, row in self.kinds.items()
        }
        return ClassTable(
            edition=self.edition,
            document=self.document,
            entries=entries,
            colours=self.colours,
            kinds=kinds,
        )


class AddressesTable(Table):
    """The address list that citations point to."""

    addresses: dict[str, str]
