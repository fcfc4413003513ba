"""Numbers: each figure opened up to its definition.

Question   What is above the line, what below, in which CRS, from which files and rules?
Enters     A Check and a language.
Leaves     Name, value and a list of facts for every number measured.
Elsewhere  The page that shows them: report. The sheet: workbook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenspace.present.display import half_units, show, show_range, show_tiers
from greenspace.present.districts import measured_name
from greenspace.present.record import crs_name, relative_name
from greenspace.present.rows import shown_value
from greenspace.present.uncertainty import error_facts
from greenspace.present.words import clean, word

if TYPE_CHECKING:
    from greenspace.model.check import Check, Measured
    from greenspace.model.quantity import Ratio
    from greenspace.model.source import Source
    from greenspace.model.words import Language

    Fact = tuple[str, str, str]


def numbers(check: Check, language: Language) -> list[dict[str, Any]]:
    """Return every number with its facts; the kind of a fact is ``text`` or ``code``."""
    found = []
    for item in check.measured:
        name = measured_name(check, item, language)
        if not item.judged:
            name += f" · {word('shown_only', language)}"
        value = city_value(check, item, language)
        found.append({"name": name, "value": value, "facts": facts(check, item, language)})
    return found


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

    if card is not None:
        tell("question", card.question.of(language))
        tell("formula", card.formula, "code")
    above, below = half_units(ratio, card)
    over = f" — {card.numerator.of(language)}" if card else ""
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
