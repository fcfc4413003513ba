"""Overlay: a user's file laid over a published profile.

Question   What does the profile say once the office has entered numbers from its own copy?
Enters     A profile of the library and the user's table.
Leaves     A new profile; rows that the user does not name stay as they are.
Elsewhere  Opening the file: read/definitions. What must hold: read/definition_rules.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from greenspace.model.definition import Criterion
from greenspace.model.words import Text
from greenspace.read.definition_parameters import unit_of
from greenspace.read.definition_shape import refusal

if TYPE_CHECKING:
    from greenspace.model.definition import Citation, Parameter, Profile
    from greenspace.read.definition_tables import OverlayRow, OverlayTable


def laid_over(base: Profile, overlay: OverlayTable, *, name: str, file: str) -> Profile:
    """Return `base` with the user's rows in the place of its own.

    Parameters
    ----------
    name
        Id of the new profile where the file gives none.

    Raises
    ------
    DefinitionError
        A row that the base does not have lacks its operator.
    """
    rows = {(row.indicator, row.level): row for row in base.criteria}
    for own in overlay.criterion:
        place = (own.indicator, own.level)
        if place in rows:
            rows[place] = as_own(_changed(rows[place], own, base.document), own)
        elif own.operator is not None:
            rows[place] = as_own(_new(own, base.document), own)
        else:
            words = Text(
                zh=f"{base.id} 没有这一行，新增的行要写 operator。",
                en=f"{base.id} has no such row, and a new one needs its operator.",
            )
            key = f"criterion {own.indicator}/{own.level}.operator"
            raise refusal(file, key, words, expected=(">=", ">", "<=", "<"))
    title = Text(
        zh=f"{base.title.zh}，自行补充", en=f"{base.title.en}, with numbers entered by the user"
    )
    return replace(
        base,
        id=name if overlay.id is None else overlay.id,
        title=title if overlay.title is None else overlay.title.text(),
        criteria=tuple(rows.values()),
        note=base.note if overlay.note is None else overlay.note.text(),
    )


def as_own(row: Criterion, own: OverlayRow) -> Criterion:
    """Return the row with what the user entered marked ``user``."""
    entered = own.threshold or own.numbers() is not None or "operator" in own.roles()
    thresholds = row.thresholds
    if entered:
        thresholds = tuple(replace(t, mark="user" if t.values else None) for t in thresholds)
    return replace(
        row,
        thresholds=thresholds,
        tiers_mark="user" if own.tiers is not None else row.tiers_mark,
        parameters=tuple(
            replace(item, unit=item.unit or unit_of(row.indicator, item.name))
            for item in row.parameters
        ),
    )


def _changed(row: Criterion, own: OverlayRow, document: str) -> Criterion:
    said = own.model_fields_set
    tiers_source = own.tiers_source
    thresholds = own.thresholds(document) or row.thresholds
    if own.roles() and thresholds is row.thresholds and own.source is not None:
        cited = own.source.citation(document)
        row = replace(row, note=_held(row, own, cited))
        if "operator" in own.roles():
            thresholds = tuple(replace(item, source=cited) for item in thresholds)
    return replace(
        row,
        operator=own.operator or row.operator,
        thresholds=thresholds,
        gate=own.gate if "gate" in said else row.gate,
        mandatory=own.mandatory if "mandatory" in said else row.mandatory,
        tiers=row.tiers if own.tiers is None else own.tier_values(),
        tiers_source=row.tiers_source if tiers_source is None else tiers_source.citation(document),
        parameters=_parameters(row, own, document),
        note=row.note if own.note is None else own.note.text(),
    )


def _held(row: Criterion, own: OverlayRow, cited: Citation) -> Text:
    """Return the note of a row whose number stays and is held otherwise."""
    keys = ", ".join(own.roles())
    where = f"{cited.document} {cited.clause}".strip()
    before = ("", "") if row.note is None else (f"{row.note.zh} ", f"{row.note.en} ")
    return Text(
        zh=f"{before[0]}{keys} 为自行录入（user）：{where}。",
        en=f"{before[1]}{keys}: entered by the user (user), {where}.",
    )


def _parameters(row: Criterion, own: OverlayRow, document: str) -> tuple[Parameter, ...]:
    """Return the row's parameters with the user's in the place of those of the same name."""
    found = {item.name: item for item in row.parameters}
    found |= {item.name: item.parameter(document) for item in own.parameter}
    return tuple(found.values())


def _new(own: OverlayRow, document: str) -> Criterion:
    blank = Criterion(
        indicator=own.indicator, level=own.level, operator=own.operator or ">=", thresholds=()
    )
    return _changed(blank, own, document)
