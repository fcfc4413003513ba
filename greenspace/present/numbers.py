"""Numbers: each figure opened up to its definition.

Question   What is above the line, what below, in which CRS, from which files and rules?
Enters     A Check and a language.
Leaves     Name, value, facts and zones for every number measured.
Elsewhere  The pages that show them: report, document. The sheet: workbook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text
from greenspace.present.blocks import Cell, Facts, Grid, Opened
from greenspace.present.display import half_units, show, show_range, show_tiers
from greenspace.present.districts import measured_name, zones_of
from greenspace.present.ledgers import cell_text
from greenspace.present.record import crs_name, relative_name, software_version
from greenspace.present.report_words import say
from greenspace.present.rows import shown_value, shown_zone
from greenspace.present.supplied import supplied_id
from greenspace.present.uncertainty import error_facts
from greenspace.present.words import clean, word

if TYPE_CHECKING:
    from greenspace.model.check import Check, Measured
    from greenspace.model.quantity import Ratio
    from greenspace.model.source import Source
    from greenspace.model.words import Language

    Fact = tuple[str, str, str]

WET: Final = Text(
    zh="有植被的面积，加上绿地围合的水面（m²）",
    en="Area under vegetation, and of the water that green land encloses, m2",
)
WET_FORMULA: Final = "area(union(vegetation, enclosed water) & built_up) / area(built_up)"
LOWEST: Final = "lowest_district_"
CENTRE: Final = (("ratio", "green_m2", "area_m2"), ("coverage", "covered_m2", "seen_m2"))
CENTRE_HALVES: Final = frozenset(name for each in CENTRE for name in each)


def numbers(check: Check, language: Language) -> list[Opened]:
    """Return every number with its facts and its zones."""
    found = []
    for spot, item in enumerate(check.measured):
        name = measured_name(check, item, language)
        if not item.judged:
            name += f" · {word('shown_only', language)}"
        known = facts(check, item, language)
        known += _provenance(check, item, language)
        found.append(
            Opened(
                id=f"number-{spot}",
                name=name,
                value=city_value(check, item, language),
                facts=Facts(tuple(known)),
                zones=_zones(check, item, language),
            )
        )
    return found


def centre_numbers(check: Check, language: Language) -> list[Opened]:
    """Return ratio and coverage of the centre area with both of their halves."""
    ledger = next((item for item in check.ledgers if item.id == "centre_green"), None)
    if ledger is None or not set(ledger.rows.columns) >= CENTRE_HALVES:
        return []
    row = ledger.rows.iloc[0]
    told = () if ledger.note is None else (clean(ledger.note.of(language)),)
    found = []
    for key, over, under in CENTRE:
        pairs = [
            (word("numerator", language), half(row[over], "m2", language), "text"),
            (word("denominator", language), half(row[under], "m2", language), "text"),
            *((word("remark", language), text, "text") for text in told),
            (say("software", language), f"greenspace {software_version()}", "text"),
        ]
        name = f"{cell_text(row['name'], '', language)} · {say(f'{key}_short', language)}"
        value = show(row[key], "1", language)
        found.append(Opened(id=f"centre-{key}", name=name, value=value, facts=Facts(tuple(pairs))))
    return found


def clauses(check: Check, item: Measured) -> str:
    """Return the clauses by which a number is judged, each once."""
    indicator = item.ratio.indicator
    cited = (
        row.source
        for row in check.verdicts
        if row.source is not None and row.indicator.removeprefix(LOWEST) == indicator
    )
    texts = (
        clean(" ".join(part for part in (c.document, c.clause, c.address) if part)) for c in cited
    )
    return "; ".join(dict.fromkeys(texts))


def _provenance(check: Check, item: Measured, language: Language) -> list[Fact]:
    """Return clauses, checksums of the inputs, and the software that measured."""
    found = []
    cited = clauses(check, item) if item.judged else ""
    found.append((say("clause", language), cited or say("no_clause", language), "text"))
    sums = {clean(relative_name(s.name)): s.sha256 for s in item.ratio.sources if s.sha256}
    text = "; ".join(f"{name} {checksum}" for name, checksum in sums.items())
    if text:
        found.append((say("checksums", language), text, "code"))
    found.append((say("software", language), f"greenspace {software_version()}", "text"))
    return found


def _zones(check: Check, item: Measured, language: Language) -> Grid | None:
    zones = zones_of(item)
    if not zones:
        return None
    card = check.indicators.get(item.ratio.indicator)
    above, below = half_units(item.ratio, card)
    keys = ("zone", "value", "numerator", "denominator")
    return Grid(
        head=tuple(word(key, language) for key in keys),
        figures=frozenset({1, 2, 3}),
        rows=tuple(
            (
                Cell(word("outside", language) if zone.outside else zone.name),
                Cell(shown_zone(check, zone.ratio, language)),
                Cell(half(zone.ratio.numerator, above, language)),
                Cell(half(zone.ratio.denominator, below, language)),
            )
            for zone in zones
        ),
    )


def number_of(check: Check, ratio: Ratio | None) -> str:
    """Return the id of what a figure opens to; empty where there is none.

    That is the number that a ratio is, or is a zone of, or the figure that the city supplied.
    """
    if ratio is None:
        return ""
    indicator = ratio.indicator.removeprefix(LOWEST)
    like = [
        (spot, item)
        for spot, item in enumerate(check.measured)
        if item.ratio.indicator == indicator
    ]
    own = [spot for spot, item in like if _halves(ratio) in _all_halves(item)]
    judged = [spot for spot, item in like if item.judged]
    if own or judged:
        return f"number-{([spot for spot in judged if spot in own] or own or judged)[0]}"
    return supplied_id(indicator) if indicator in check.city.supplied else ""


def _halves(ratio: Ratio) -> tuple[float, float, float | None]:
    return ratio.numerator, ratio.denominator, ratio.unseen


def _all_halves(item: Measured) -> list[tuple[float, float, float | None]]:
    return [_halves(item.ratio), *(_halves(zone.ratio) for zone in zones_of(item))]


def city_value(check: Check, item: Measured, language: Language) -> str:
    """Return the number of the whole city; a judged one as its row writes it."""
    ratio = item.ratio
    if item.judged and check.ratios.get(ratio.indicator) == ratio:
        return shown_value(check, ratio.indicator, language)
    return show(ratio.value, ratio.unit, language)


def facts(check: Check, item: Measured, language: Language) -> list[Fact]:
    """Return what stands behind one number, in the order in which a reader asks."""
    ratio = item.ratio
    card = check.indicators.get(ratio.indicator)
    found: list[Fact] = []

    def tell(key: str, text: str, kind: str = "text") -> None:
        found.append((word(key, language), text, kind))

    wet = ratio.indicator == "green_coverage" and any(s.role == "water" for s in ratio.sources)
    if card is not None:
        tell("question", card.question.of(language))
        tell("formula", WET_FORMULA if wet else card.formula, "code")
    above, below = half_units(ratio, card)
    over = f" — {(WET if wet else card.numerator).of(language)}" if card else ""
    under = f" — {card.denominator.of(language)}" if card else ""
    tell("numerator", half(ratio.numerator, above, language) + over)
    tell("denominator", half(ratio.denominator, below, language) + under)
    if ratio.reason is not None:
        tell("remark", clean(ratio.reason.of(language)))
    for key, text in _reservations(ratio, language):
        tell(key, text)
    if item.tiers is not None:
        tell("tiers", show_tiers(item.tiers, language))
    if ratio.crs is not None:
        name, code = clean(ratio.crs.name), crs_name(ratio.crs)
        tell("crs", name if code in {None, ratio.crs.name} else f"{name} ({code})")
    if ratio.sources:
        stop = "；" if language == "zh" else "; "
        tell("sources", stop.join(source_text(source, language) for source in ratio.sources))
    if card is not None and card.references:
        tell("references", " ".join(card.references))
    return found


def half(value: float, unit: str, language: Language) -> str:
    """Return a numerator or denominator; areas in hectares with the m2 behind them."""
    if unit == "m2":
        return f"{show(value, 'm2', language)} ({value:,.2f} m²)"
    return show(value, unit, language) if unit else f"{value:,.2f}"


def source_text(source: Source, language: Language) -> str:
    """Return a source as people write it."""
    text = clean(relative_name(source.name))
    if source.layer:
        text += f" [{clean(source.layer)}]"
    if source.note is not None:
        text += f" ({clean(source.note.of(language))})"
    return text


def _reservations(ratio: Ratio, language: Language) -> list[tuple[str, str]]:
    found = []
    if ratio.unseen is not None:
        found.append(("unseen", show(ratio.unseen, "m2", language)))
    if ratio.unseen:
        found.append(("bounds", show_range(*ratio.bounds, ratio.unit, language)))
    return found + error_facts(ratio, language)
