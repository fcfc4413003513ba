"""Definitions: indicators, class tables, sensors and published yardsticks, as values.

Question   What does a standard ask of a city, and how sure are we of the number?
Enters     Facts about the city.
Leaves     The criteria that apply to it.
Elsewhere  The TOML files: read/definitions. Comparing: evaluate/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from greenspace.model.quantity import Unit
    from greenspace.model.words import Text

Mark = Literal["verified", "weak", "provisional", "user"]
Operator = Literal[">=", ">", "<=", "<"]
Fact = Literal["region", "population", "construction_land_per_head_m2"]
Tiers = tuple[tuple[float, float], ...]

SHARES = frozenset({"1", "m2/person"})
GROUND = re.compile(r"\bm2\b")
LENGTH_OR_AREA = ", m, or area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What an indicator measures, in words.

    Attributes
    ----------
    basis
        ``imagery``, ``parcels``, ``length``, ``people``, ``reach`` or ``supplied``: what it is
        computed from.
    needs
        Manifest layers it cannot do without, for the reason that is given when one is missing.
    least, most
        The numbers that it can have, where its unit does not say; a share lies in 0–1.
    classes
        Its values are classes from `least` to `most`, which people also write II, 2级 or 二级.
    """

    id: str
    name: Text
    question: Text
    unit: Unit
    better: Literal["higher", "lower"]
    numerator: Text
    denominator: Text
    undefined: Text
    formula: str
    basis: str
    needs: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    classes: bool = False

    @property
    def of_ground(self) -> bool:
        """Whether its numerator is ground in m2, as its card says, and not a count or a length."""
        halves = (
            (self.numerator.en,)
            if self.unit == "m2/person"
            else (
                self.numerator.en,
                self.denominator.en,
            )
        )
        either = any(LENGTH_OR_AREA in half for half in halves)
        return self.unit in SHARES and not either and all(GROUND.search(half) for half in halves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a number was read.

    Attributes
    ----------
    document
        The standard as it is cited: ``建城[2010]125号``.
    clause
        Clause, table or page, as far as it is known.
    address
        Numbers of the list of addresses, such as ``[12][92]``; empty where nothing was read.
    """

    document: str
    clause: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition on a fact about the city, such as population >= 1 000 000.

    Attributes
    ----------
    fact
        ``region``, ``population`` or ``construction_land_per_head_m2``.
    operator, value
        What the fact is held against; a region is ``north`` or ``south``.
    """

    fact: Fact
    operator: Literal[">=", ">", "<=", "<", "=="]
    value: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One number of a criterion and the cities it is meant for.

    Attributes
    ----------
    values
        In the indicator's base unit, shares 0 to 1: two numbers where sources disagree, none
        where the number is unknown.
    mark
        How sure it is: ``verified``, ``weak``, ``provisional`` or ``user``; ``None``: no number.
    source
        Where it was read.
    when
        The cities it is meant for: every condition must hold. Empty: all cities.
    note
        A remark on this number, in both languages.
    """

    values: tuple[float, ...]
    mark: Mark | None
    source: Citation
    when: tuple[Condition, ...] = ()
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What the method of a row needs to know: a radius, a share, the classes that count.

    Attributes
    ----------
    name
        As in the file of the standard: ``radius_m``.
    value
        A number in `unit`, a share 0 to 1, a word, a list of words, or pairs of numbers.
    mark, source
        How sure it is, and where it was read.
    unit
        Of the number; ``""`` for words.
    note
        A remark, in both languages.
    """

    name: str
    value: float | str | tuple[str, ...] | tuple[tuple[float, ...], ...]
    mark: Mark
    source: Citation
    unit: str = ""
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One row of a profile.

    Attributes
    ----------
    indicator
        The id of its card: ``green_coverage``.
    level
        The level of the profile that it belongs to.
    operator
        How a value is held against the number: ``>=``, ``>``, ``<=`` or ``<``.
    thresholds
        Its numbers, each with the cities it is meant for.
    gate
        If it fails, the review stops.
    mandatory
        It takes part in the overall verdict.
    tiers, tiers_mark, tiers_source
        Least park sizes in m² with their radii in m, how sure they are, and where they were read;
        ``None`` for rows that have none.
    parameters
        What else the method of the row needs to know.
    note
        A remark on the row, in both languages.
    """

    indicator: str
    level: str
    operator: Operator
    thresholds: tuple[Threshold, ...]
    gate: bool = False
    mandatory: bool = True
    tiers: Tiers | None = None
    tiers_mark: Mark | None = None
    tiers_source: Citation | None = None
    parameters: tuple[Parameter, ...] = ()
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One published yardstick.

    Attributes
    ----------
    id, title
        Its short name, as in ``--standard CN-2010``, and its title in both languages.
    document
        What numbers are cited from unless a number says otherwise.
    level_names
        What each level is called.
    criteria
        The rows of all levels.
    dates_note, note
        Remarks on its dates, and on all of it.
    levels
        The levels it knows, the default one first: ``("basic", "higher")``.
    name_a_level
        There is no default: whoever judges by it names the level.
    in_force_from, superseded_by
        As printed in the sources; ``None`` with `dates_note` where they are not.
    """

    id: str
    title: Text
    document: str
    levels: tuple[str, ...]
    level_names: Mapping[str, Text]
    criteria: tuple[Criterion, ...]
    in_force_from: date | None = None
    superseded_by: str | None = None
    dates_note: Text | None = None
    note: Text | None = None
    name_a_level: bool = False

    def at(self, level: str) -> tuple[Criterion, ...]:
        """Return the criteria of one level."""
        return tuple(row for row in self.criteria if row.level == level)
