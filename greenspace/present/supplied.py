"""Supplied: what the city says of itself and no layer can give, opened up figure by figure.

Question   Who says so, since when, by which clause is it judged, and is it asked for at all?
Enters     A Check and a language.
Leaves     Opened figures; a table of those that the standard has no row for.
Elsewhere  Measured numbers: numbers. The rows that judge: rows. Their order: outline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.present.blocks import Cell, Facts, Grid, Opened
from greenspace.present.display import show, shown_unit
from greenspace.present.record import software_version
from greenspace.present.report_words import say
from greenspace.present.words import clean, indicator_name, word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from greenspace.model.check import Check
    from greenspace.model.words import Language


def supplied_id(indicator: str) -> str:
    """Return the id of a supplied figure on the page."""
    return f"supplied-{indicator}"


def supplied_numbers(check: Check, language: Language) -> list[Opened]:
    """Return every figure that the city supplied, with who says so and how it is judged."""
    return [
        Opened(
            id=supplied_id(key),
            name=f"{indicator_name(key, check.indicators).of(language)} · {word('supplied', language)}",
            value=_value(check, key, language),
            facts=Facts(tuple(_facts(check, key, language))),
        )
        for key in _known(check)
    ]


def unasked_grid(check: Check, asked: Iterable[str], language: Language) -> Grid | None:
    """Return the supplied figures without a row among those asked; none where there are none."""
    rows = [key for key in _known(check) if key not in set(asked)]
    if not rows:
        return None
    return Grid(
        head=tuple(word(key, language) for key in ("indicator", "value", "sources")),
        figures=frozenset({1}),
        rows=tuple(
            (
                Cell(indicator_name(key, check.indicators).of(language)),
                Cell(_value(check, key, language), opens=supplied_id(key)),
                Cell(_origin(check, key)),
            )
            for key in rows
        ),
        caption=say("supplied_unasked", language),
    )


def _known(check: Check) -> list[str]:
    return [key for key in check.city.supplied if key in check.indicators]


def _value(check: Check, key: str, language: Language) -> str:
    unit = shown_unit(key, check.indicators[key].unit)
    return show(check.city.supplied[key], unit, language)


def _origin(check: Check, key: str) -> str:
    """Return where the city has a figure from, and the manifest that says so."""
    told = check.city.provenance.get(key)
    said = "" if told is None else str(told)
    return clean("; ".join(part for part in (said, check.city.manifest.name) if part))


def _facts(check: Check, key: str, language: Language) -> list[tuple[str, str, str]]:
    card, city = check.indicators[key], check.city
    found = [(word("question", language), clean(card.question.of(language)), "text")]
    if card.formula:
        found.append((word("formula", language), card.formula, "code"))
    cited = (
        " ".join(part for part in (c.document, c.clause, c.address) if part)
        for row in check.verdicts
        if row.indicator == key and (c := row.source) is not None
    )
    clause = clean("; ".join(dict.fromkeys(cited))) or say("no_clause", language)
    told = city.provenance.get(key)
    day = city.date if told is None or told.date is None else told.date
    unknown = word("date_unknown", language)
    found += [
        (say("clause", language), clause, "text"),
        (word("supplied", language), clean(city.name), "text"),
        (word("sources", language), _origin(check, key), "text"),
        (word("date_label", language), unknown if day is None else day.isoformat(), "text"),
        (say("software", language), f"greenspace {software_version()}", "text"),
    ]
    return found
