"""Outline of accuracy: what the image leaves open, number by number.

Question   How far may the numbers from imagery be off, and why is there no interval where none is?
Enters     A Check and a language.
Leaves     One table of the report, or one sentence.
Elsewhere  The words of an interval: uncertainty. The order of chapters: outline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.present.blocks import Cell, Grid, Note
from greenspace.present.display import UNDEFINED, show, show_range, shown_unit
from greenspace.present.districts import measured_name
from greenspace.present.numbers import city_value, number_of
from greenspace.present.report_words import say
from greenspace.present.uncertainty import show_interval
from greenspace.present.words import clean, word

if TYPE_CHECKING:
    from greenspace.model.check import Check, Measured
    from greenspace.model.words import Language
    from greenspace.present.blocks import Block

HEAD = ("indicator", "value", "estimate_short", "interval", "unseen", "bounds_short", "no_interval")


def accuracy_blocks(check: Check, language: Language) -> list[Block]:
    """Return the table of intervals; a sentence where nothing comes from an image."""
    items = [
        item
        for item in check.measured
        if item.ratio.unseen is not None or item.ratio.interval or item.ratio.no_interval
    ]
    if not items:
        return [Note(say("accuracy_none", language))]
    grid = Grid(
        head=tuple(word(key, language) for key in HEAD),
        figures=frozenset(range(1, 6)),
        rows=tuple(_row(check, item, language) for item in items),
    )
    return [grid]


def _row(check: Check, item: Measured, language: Language) -> tuple[Cell, ...]:
    ratio, span = item.ratio, item.ratio.interval
    unit = shown_unit(ratio.indicator, ratio.unit)
    open_ends = show_range(*ratio.bounds, unit, language) if ratio.unseen else UNDEFINED
    why = "" if ratio.no_interval is None else clean(ratio.no_interval.of(language))
    return (
        Cell(measured_name(check, item, language)),
        Cell(city_value(check, item, language), opens=number_of(check, ratio)),
        Cell(UNDEFINED if span is None else show(span.estimate, unit, language)),
        Cell(UNDEFINED if span is None else show_interval(span, unit, language)),
        Cell(show(ratio.unseen, "m2", language)),
        Cell(open_ends),
        Cell(why),
    )
