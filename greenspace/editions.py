"""Editions: the standards as tables, for scripts and for the console.

Question   Which standards are there, what does one of them say, and what did the next one change?
Enters     Ids of standards, levels, paths of files of one's own.
Leaves     DataFrames; the same lines for the console.
Elsewhere  The files: read/definitions. Holding lines against each other: evaluate/editions.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import pandas as pd

from greenspace.evaluate.editions import differences
from greenspace.model.printed import count_marks, printed
from greenspace.present.standards_words import condition_text
from greenspace.read.definitions import (
    list_profiles,
    read_indicators,
    read_profile,
    split_standard,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from greenspace.model.definition import Profile
    from greenspace.model.printed import Difference, Printed

Pair = tuple[str, str, tuple["Difference", ...]]


def standards() -> pd.DataFrame:
    """Return one row a profile of the library, with counts of its numbers by mark.

    Returns
    -------
    DataFrame
        ``id, title_zh, title_en, levels, in_force_from, superseded_by, verified, weak,
        provisional, user, unknown``. Numbers are counted as they are judged and measured by:
        thresholds, park sizes and radii, and the parameters of the method.

    Examples
    --------
    >>> "CN-2010" in set(standards()["id"])
    True
    """
    return list_standards()


def list_standards(own: Iterable[Path | str] = ()) -> pd.DataFrame:
    """Return the same, with files of one's own after those of the library.

    Raises
    ------
    DefinitionError
        A file of one's own is badly formed.
    """
    profiles = [*list_profiles(), *(read_profile(path) for path in own)]
    return pd.DataFrame([_profile_row(profile) for profile in profiles])


def standard(name: str | Path) -> pd.DataFrame:
    """Return every number of a standard, one a row, the gate first.

    Parameters
    ----------
    name
        ``"CN-2010"`` for every level, ``"CN-2010:higher"`` for one, or the path of a file of
        one's own.

    Returns
    -------
    DataFrame
        ``level, indicator, name_zh, name_en, item, operator, values, unit, when, mark, source,
        gate, mandatory, note_zh, note_en``. ``item`` is ``threshold``, ``tiers`` or the name of
        a parameter. ``values`` is a tuple: two numbers where sources disagree, none where the
        number is unknown, pairs of least area (m²) and radius (m) for tiers. Shares are 0–1.
        ``.attrs`` has ``id``, ``in_force_from`` and ``superseded_by``.

    Raises
    ------
    DefinitionError
        The standard or its level is unknown, or the file is badly formed.

    Examples
    --------
    >>> table = standard("CN-2010:higher").set_index(["indicator", "item"])
    >>> table.loc[("green_coverage", "threshold"), "values"]
    (0.4,)
    """
    profile, level = open_standard(name)
    rows = [_line_row(line) for line in printed(profile, read_indicators(), level)]
    table = pd.DataFrame(rows, columns=list(_LINE))
    table.attrs |= {
        "id": profile.id,
        "in_force_from": profile.in_force_from,
        "superseded_by": profile.superseded_by,
    }
    return table


def compare_standards(first: str | Path, second: str | Path) -> pd.DataFrame:
    """Return what differs between two standards, number by number.

    Where neither level is named and both have the same levels, as a file that extends a standard
    has, all of them are compared; otherwise the levels named, or the default ones.

    Returns
    -------
    DataFrame
        ``indicator, name_zh, name_en, item, when, level_first, level_second, operator_first,
        operator_second, first, second, difference, unit, mark_first, mark_second, change``.
        ``change`` lists, joined by a space, ``only_first``, ``only_second``, ``number``,
        ``comparison``, ``tiers``, ``mark``, ``role``. What is the same in both has no row.

    Raises
    ------
    DefinitionError
        A standard is unknown, or has no default level and none is named.

    Examples
    --------
    >>> table = compare_standards("CN-2010", "CN-2010:higher").set_index("indicator")
    >>> row = table.loc["green_coverage"]
    >>> round(float(row["difference"]), 12), row["change"]
    (0.04, 'number')
    """
    rows = [
        _difference_row(item, level_first, level_second)
        for level_first, level_second, found in pair_levels(first, second)
        for item in found
    ]
    return pd.DataFrame(rows, columns=list(_DIFFERENCE))


def open_standard(name: str | Path) -> tuple[Profile, str | None]:
    """Return a profile, and the level where one is named.

    Raises
    ------
    DefinitionError
        The standard or its level is unknown.
    """
    text = str(name)
    _, colon, level = text.rpartition(":")
    if not colon or any(sign in level for sign in "/\\."):
        return read_profile(name), None
    profile_name, level = split_standard(text)
    return read_profile(profile_name), level


def pair_levels(first: str | Path, second: str | Path) -> tuple[Pair, ...]:
    """Return the levels of two standards that are held against each other, with what differs.

    Raises
    ------
    DefinitionError
        A standard is unknown, or has no default level and none is named.
    """
    (old, old_level), (new, new_level) = open_standard(first), open_standard(second)
    if old_level is None and new_level is None and old.levels == new.levels:
        levels = [(level, level) for level in old.levels]
    else:
        levels = [
            (
                old_level or split_standard(str(first))[1],
                new_level or split_standard(str(second))[1],
            )
        ]
    cards = read_indicators()
    return tuple(
        (before, after, differences(printed(old, cards, before), printed(new, cards, after)))
        for before, after in levels
    )


def _profile_row(profile: Profile) -> dict[str, object]:
    return {
        "id": profile.id,
        "title_zh": profile.title.zh,
        "title_en": profile.title.en,
        "levels": ", ".join(profile.levels),
        "in_force_from": profile.in_force_from,
        "superseded_by": profile.superseded_by,
        **count_marks(profile, read_indicators()),
    }


_LINE = (
    *("level", "indicator", "name_zh", "name_en", "item", "operator", "values", "unit", "when"),
    *("mark", "source", "gate", "mandatory", "note_zh", "note_en"),
)
_DIFFERENCE = (
    *("indicator", "name_zh", "name_en", "item", "when", "level_first", "level_second"),
    *("operator_first", "operator_second", "first", "second", "difference", "unit"),
    *("mark_first", "mark_second", "change"),
)


def _line_row(line: Printed) -> dict[str, object]:
    cited = line.source
    parts = () if cited is None else (cited.document, cited.clause, cited.address)
    return {
        "level": line.level,
        "indicator": line.indicator,
        "name_zh": line.name.zh,
        "name_en": line.name.en,
        "item": line.item,
        "operator": line.operator,
        "values": line.said,
        "unit": line.unit,
        "when": condition_text(line.when, "en"),
        "mark": line.mark or "",
        "source": " ".join(filter(None, parts)),
        "gate": line.gate,
        "mandatory": line.mandatory,
        "note_zh": "" if line.note is None else line.note.zh,
        "note_en": "" if line.note is None else line.note.en,
    }


def _difference_row(item: Difference, level_first: str, level_second: str) -> dict[str, object]:
    line, old, new = item.line, item.first, item.second
    return {
        "indicator": line.indicator,
        "name_zh": line.name.zh,
        "name_en": line.name.en,
        "item": line.item,
        "when": condition_text(line.when, "en"),
        "level_first": level_first,
        "level_second": level_second,
        "operator_first": "" if old is None else old.operator,
        "operator_second": "" if new is None else new.operator,
        "first": () if old is None else old.said,
        "second": () if new is None else new.said,
        "difference": nan if item.by is None else item.by,
        "unit": line.unit,
        "mark_first": "" if old is None else old.mark or "",
        "mark_second": "" if new is None else new.mark or "",
        "change": " ".join(item.changes),
    }
