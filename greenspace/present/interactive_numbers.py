"""Interactive numbers: what a check says of a shape under the pointer, the judged numbers first.

Question   Which numbers belong to this place, by what are they held, and which can wait?
Enters     A Check, the names of its rows, a language.
Leaves     Facts in the order of the standard, then those that no row judges, to be folded.
Elsewhere  Layers and what rows say of themselves: interactive_layers. The rows: rows.
"""

from __future__ import annotations

import json
from collections import Counter
from math import isfinite
from typing import TYPE_CHECKING, Final

from greenspace.present.display import UNDEFINED, show, shown_unit
from greenspace.present.districts import measured_name, zone_names, zones_of
from greenspace.present.interactive_view import Fact
from greenspace.present.interactive_words import page_word
from greenspace.present.ledgers import cell_text, is_nothing
from greenspace.present.rows import sections, shown_value, shown_zone
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from greenspace.model.check import Check, Measured
    from greenspace.model.ledger import Ledger
    from greenspace.model.words import Language
    from greenspace.present.districts import Zone
    from greenspace.present.rows import Row

MEASURED_UNITS: Final = frozenset({"1", "m2", "m", "m2/person", "count", "degC"})


def exact(value: float) -> str:
    """Return a number as check.json writes it, empty where it is none.

    Examples
    --------
    >>> exact(0.1 + 0.2), exact(float("nan"))
    ('0.30000000000000004', '')
    """
    return json.dumps(float(value)) if isfinite(value) else ""


def numbers_of_city(check: Check, language: Language) -> Iterator[Fact]:
    """Give every number of the city, the judged ones first, each with threshold and verdict."""
    for item, rows in _ordered(check, language):
        ratio = item.ratio
        value = (
            shown_value(check, ratio.indicator, language)
            if item.judged
            else show(ratio.value, shown_unit(ratio.indicator, ratio.unit), language)
        )
        yield Fact(
            label=measured_name(check, item, language),
            shown=[value],
            exact=[exact(ratio.value)],
            notes=["\n".join(_verdict(check, row) for row in rows)],
            folded=not rows,
        )


def numbers_of_zones(check: Check, names: Sequence[str], language: Language) -> Iterator[Fact]:
    """Give each number that was measured in these very zones, the judged ones first."""
    rows = [row for section in sections(check, language) for row in section.rows]
    for item, mine in _ordered(check, language):
        if [clean(name) for name in zone_names(item)] != list(names):
            continue
        zones = [zone for zone in zones_of(item) if not zone.outside]
        yield Fact(
            label=measured_name(check, item, language),
            shown=[shown_zone(check, zone.ratio, language) for zone in zones],
            exact=[exact(zone.ratio.value) for zone in zones],
            notes=[_of_zone(check, zone, rows, mine, language) for zone in zones],
            folded=not mine,
        )


def numbers_of_ledger(
    ledger: Ledger, names: Sequence[str], aside: set[str], language: Language
) -> Iterator[Fact]:
    """Give the columns of a base table beside the shapes that it speaks of.

    Rows belong together by name; where names of the table are shared, only if all stand in one order.
    """
    rows = _rows_of(ledger, names)
    if not any(row is not None for row in rows):
        return
    for column in ledger.columns:
        if column.key in aside:
            continue
        values = ledger.rows[column.key].tolist()
        mine = [None if row is None else values[row] for row in rows]
        numbers = column.unit in MEASURED_UNITS
        yield Fact(
            label=clean(column.title.of(language)),
            shown=[cell_text(value, column.unit, language) for value in mine],
            exact=[
                "" if value is None or is_nothing(value) or not numbers else exact(value)
                for value in mine
            ],
        )


def _rows_of(ledger: Ledger, names: Sequence[str]) -> list[int | None]:
    """Return the row of the table that tells of each shape, ``None`` where none surely does."""
    if "name" not in ledger.rows:
        return [None] * len(names)
    written = ["" if is_nothing(name) else clean(name) for name in ledger.rows["name"]]
    if written == list(names):
        return list(range(len(names)))
    times = Counter(written)
    once = {name: row for row, name in enumerate(written) if name and times[name] == 1}
    return [once.get(name) for name in names]


def _ordered(check: Check, language: Language) -> list[tuple[Measured, list[Row]]]:
    """Return every number with the rows that judge it, in the order of those rows."""
    rows = [row for section in sections(check, language) for row in section.rows]
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(row.source.indicator, place)
    found = [
        (
            item,
            [row for row in rows if item.judged and row.source.indicator == item.ratio.indicator],
        )
        for item in check.measured
    ]
    found.sort(key=lambda each: first[each[0].ratio.indicator] if each[1] else len(rows))
    return found


def _verdict(check: Check, row: Row) -> str:
    """Return threshold and verdict of a row, and whose it is where it is not the judged standard's."""
    whose = "" if row.source.standard == check.standard else clean(row.source.standard)
    threshold = "" if row.threshold == UNDEFINED else row.threshold
    return " ".join(part for part in (whose, threshold, row.verdict_word) if part)


def _of_zone(
    check: Check, zone: Zone, rows: Sequence[Row], mine: Sequence[Row], language: Language
) -> str:
    """Return the verdict on this very zone, where a row gives one, else what the city is asked."""
    told = []
    for row in rows:
        ratio = row.source.ratio
        if ratio is None or not ratio.place or ratio.place != zone.ratio.place:
            continue
        if ratio.unit == zone.ratio.unit and ratio.value == zone.ratio.value:
            told.append(f"{row.name} {_verdict(check, row)}")
    asked = dict.fromkeys(row.threshold for row in mine if row.source.standard == check.standard)
    told += [
        page_word("asked_of_city", language).format(threshold=threshold)
        for threshold in asked
        if threshold != UNDEFINED
    ]
    return "\n".join(dict.fromkeys(told))
