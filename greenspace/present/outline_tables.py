"""Outline tables: the tables of results that every report has.

Question   What stands in the verdict tables, in table 1, in the tables of zones and of classes?
Enters     A Check and a language.
Leaves     Grids of the report.
Elsewhere  Their order: outline. Strings of the verdict rows: rows. Zones: districts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.present.blocks import Cell, Grid, Note
from greenspace.present.display import UNDEFINED, show
from greenspace.present.districts import (
    lower_is_better,
    measured_name,
    worst,
    zone_names,
    zones_of,
)
from greenspace.present.ledgers import cell_text
from greenspace.present.numbers import CENTRE_HALVES, city_value, number_of
from greenspace.present.report_words import say
from greenspace.present.rows import shown_value, shown_zone, since_text
from greenspace.present.style import class_areas
from greenspace.present.uncertainty import error_notes
from greenspace.present.words import clean, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenspace.model.check import Check, Measured
    from greenspace.model.quantity import Ratio
    from greenspace.model.words import Language
    from greenspace.present.districts import Group, Zone
    from greenspace.present.rows import Row

VERDICT_HEAD = ("indicator", "value", "threshold", "margin", "verdict", "mark")
LEAST_TOLD_M2 = 50.0  # what two decimals of a hectare can show
MANY = 7  # numbers or zones beside one another
CENTRE_PARK = "centre_park_area_per_capita"
COVERAGE, RATIO, PARK = "green_coverage", "green_space_ratio", "park_area_per_capita"


def verdict_grid(check: Check, rows: Sequence[Row], language: Language) -> Grid:
    """Return one line a row of a standard; its number opens to what stands behind it."""
    return Grid(
        head=tuple(word(key, language) for key in VERDICT_HEAD),
        figures=frozenset({1, 2, 3}),
        rows=tuple(
            (
                Cell(row.name, row.remarks, "remark-cell"),
                Cell(row.value, opens=number_of(check, row.source.ratio)),
                Cell(row.threshold),
                Cell(row.margin),
                Cell(row.verdict_word, look=f"verdict {row.verdict}"),
                Cell(row.mark_word, (row.citation,) if row.citation else (), f"mark {row.mark}"),
            )
            for row in rows
        ),
    )


def in_force(check: Check, standard: str, language: Language) -> Note:
    """Return since when a standard holds and what took its place."""
    stop = "：" if language == "zh" else ": "
    return Note(clean(standard) + stop + since_text(check, standard, language), "remark")


def beside_grid(check: Check, found: Sequence[Measured], language: Language) -> Grid | None:
    """Return numbers that no row of the standard judges; none where there are none."""
    if not found:
        return None
    return Grid(
        head=(word("indicator", language), word("value", language)),
        figures=frozenset({1}),
        rows=tuple(
            (
                Cell(measured_name(check, item, language)),
                Cell(city_value(check, item, language), opens=number_of(check, item.ratio)),
            )
            for item in found
        ),
    )


def table_1(check: Check, language: Language) -> Grid | None:
    """Return the table of the rule: built-up area, each district, the centre area.

    One line a place: its built-up area, its green, and the three indicators of the gate.
    """
    items = {key: _judged(check, key) for key in (RATIO, COVERAGE, PARK)}
    if not any(items.values()):
        return None
    head = ("place", "built_up_area", "total_green", "park_per_head")
    lines = [_line(check, word("built_up", language), _ratios(items, None), language)]
    named = next((item for item in items.values() if item and item.zones is not None), None)
    names = () if named is None else zone_names(named)
    lines += [
        _line(check, clean(name), _ratios(items, spot), language) for spot, name in enumerate(names)
    ]
    beyond = {key: item.outside for key, item in items.items() if item is not None}
    faint: set[int] = set()
    if any(beyond.values()):
        faint.add(len(lines))
        lines.append(_line(check, word("outside", language), beyond, language))
    lines += _centres(check, language)
    return Grid(
        head=(
            *(say(key, language) for key in head),
            say("ratio_short", language),
            say("coverage_short", language),
        ),
        figures=frozenset(range(1, 6)),
        rows=tuple(lines),
        faint=frozenset(faint),
    )


def cap_note(check: Check, language: Language) -> Note | None:
    """Return why the city counts more green than its districts together; none where it does not.

    The limit of other green is a share of the green inside construction land: of the whole city's
    for the city, of its own for each district.
    """
    item = _judged(check, RATIO)
    if item is None or item.zones is None:
        return None
    parts = sum(zone.ratio.numerator for zone in zones_of(item))
    more = item.ratio.numerator - parts
    if not more > LEAST_TOLD_M2:
        return None
    text = say("cap_note", language).format(area=show(more, "m2", language))
    return Note(text, "remark")


def _judged(check: Check, indicator: str) -> Measured | None:
    return next((m for m in check.measured if m.judged and m.ratio.indicator == indicator), None)


def _ratios(items: dict[str, Measured | None], spot: int | None) -> dict[str, Ratio | None]:
    """Return the numbers of the city, or of one zone."""
    found: dict[str, Ratio | None] = {}
    for key, item in items.items():
        if item is None or spot is None:
            found[key] = None if item is None else item.ratio
        elif item.zones is not None and spot < len(item.zones):
            found[key] = zones_of(item)[spot].ratio
    return found


def _line(
    check: Check, name: str, found: dict[str, Ratio | None], language: Language
) -> tuple[Cell, ...]:
    ratio, coverage, park = (found.get(key) for key in (RATIO, COVERAGE, PARK))
    return (
        Cell(name),
        _area(_ground(ratio, coverage), language),
        _area(None if ratio is None else ratio.numerator, language),
        *(_figure(check, item, language) for item in (park, ratio, coverage)),
    )


def _ground(ratio: Ratio | None, coverage: Ratio | None) -> float | None:
    """Return the built-up area below the ratio, or what the image was asked about."""
    if ratio is not None:
        return ratio.denominator
    return None if coverage is None else coverage.denominator + (coverage.unseen or 0.0)


def _area(value: float | None, language: Language) -> Cell:
    return Cell(UNDEFINED if value is None else show(value, "m2", language))


def _figure(check: Check, ratio: Ratio | None, language: Language) -> Cell:
    if ratio is None:
        return Cell(UNDEFINED)
    for item in check.measured:
        if item.ratio is ratio:
            text = city_value(check, item, language)
            return Cell(text, error_notes(ratio, language), opens=number_of(check, ratio))
    text = shown_zone(check, ratio, language)
    return Cell(text, error_notes(ratio, language), opens=number_of(check, ratio))


def _centres(check: Check, language: Language) -> list[tuple[Cell, ...]]:
    ledger = next((ledger for ledger in check.ledgers if ledger.id == "centre_green"), None)
    if ledger is None:
        return []
    units = {column.key: column.unit for column in ledger.columns}
    known = set(units) >= CENTRE_HALVES
    park = check.ratios.get(CENTRE_PARK)
    per_head = Cell(UNDEFINED)
    if park is not None:
        per_head = Cell(shown_value(check, CENTRE_PARK, language), opens=number_of(check, park))
    return [
        (
            Cell(cell_text(row["name"], "", language)),
            *(Cell(show(row[key], units[key], language)) for key in ("area_m2", "green_m2")),
            per_head,
            *(
                Cell(show(row[key], units[key], language), opens=f"centre-{key}" if known else "")
                for key in ("ratio", "coverage")
            ),
        )
        for row in ledger.rows.to_dict("records")
    ]


def district_grids(check: Check, group: Group, language: Language) -> list[Grid]:
    """Return the numbers of zones, the worst zone of each marked, on as wide a table as fits.

    Few numbers are columns and zones are rows. Many numbers are rows beside few zones; many of
    both stand on several tables.
    """
    if len(group.items) <= MANY:
        return [_zones_down(check, group.items, group, language)]
    if len(group.names) <= MANY:
        return [_turned(_zones_down(check, group.items, group, language), language)]
    parts = (group.items[start : start + MANY] for start in range(0, len(group.items), MANY))
    return [_zones_down(check, items, group, language) for items in parts]


def _turned(grid: Grid, language: Language) -> Grid:
    """Return the table with rows for columns."""
    heads = (Cell(text) for text in grid.head[1:])
    columns = zip(heads, *(row[1:] for row in grid.rows), strict=True)
    return Grid(
        head=(word("indicator", language), *(row[0].text for row in grid.rows)),
        figures=frozenset(range(1, len(grid.rows) + 1)),
        rows=tuple(tuple(column) for column in columns),
    )


def _zones_down(check: Check, items: Sequence[Measured], group: Group, language: Language) -> Grid:
    """Return one line a zone and one column a number."""
    columns = []
    for item in items:
        zones = zones_of(item)
        found = worst(check, item) if len(group.names) > 1 else None
        key = "highest" if lower_is_better(check, item) else "lowest"
        columns.append((item.ratio, zones, found, word(key, language)))
    lines = [
        (Cell(clean(name)), *(_zone(check, *column, spot, language) for column in columns))
        for spot, name in enumerate(group.names)
    ]
    faint = set()
    if any(item.outside is not None for item in items):
        faint.add(len(lines))
        cells = (_beyond(check, item, language) for item in items)
        lines.append((Cell(word("outside", language)), *cells))
    cells = (
        Cell(
            city_value(check, item, language),
            error_notes(item.ratio, language),
            opens=number_of(check, item.ratio),
        )
        for item in items
    )
    lines.append((Cell(word("city", language)), *cells))
    heads = (measured_name(check, item, language) for item in items)
    return Grid(
        head=(word("zone", language), *heads),
        figures=frozenset(range(1, len(items) + 1)),
        rows=tuple(lines),
        faint=frozenset(faint),
    )


def _zone(
    check: Check,
    whole: Ratio,
    zones: Sequence[Zone],
    found: Zone | None,
    label: str,
    spot: int,
    language: Language,
) -> Cell:
    zone = zones[spot]
    text = shown_zone(check, zone.ratio, language)
    here = label if found is not None and zones.index(found) == spot else ""
    opens = number_of(check, whole)
    return Cell(text, error_notes(zone.ratio, language), worst=here, opens=opens)


def _beyond(check: Check, item: Measured, language: Language) -> Cell:
    ratio = item.outside
    if ratio is None:
        return Cell(UNDEFINED)
    text = show(ratio.value, ratio.unit, language)
    return Cell(text, error_notes(ratio, language), opens=number_of(check, item.ratio))


def class_grid(check: Check, language: Language) -> Grid | None:
    """Return the area of each class of green; none where there are no parcels."""
    found = class_areas(check)
    if not found:
        return None
    return Grid(
        head=tuple(word(key, language) for key in ("class_name", "parcels", "area", "inside")),
        figures=frozenset({1, 2, 3}),
        rows=tuple(
            (
                Cell(f"{part.code} {part.fill.name.of(language)}".strip(), swatch=part.fill.colour),
                Cell(f"{part.count:,}"),
                Cell(show(part.area_m2, "m2", language)),
                Cell(show(part.inside_m2, "m2", language)),
            )
            for part in found
        ),
    )
