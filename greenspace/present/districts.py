"""Districts: each number zone by zone, with the lowest one marked.

Question   How do the zones of a city differ, and which one is worst?
Enters     A Check.
Leaves     Named zones, the ground outside all of them last.
Elsewhere  Measuring: measure/. Drawing: report, workbook, terminal, geopackage.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from greenspace.model.words import Text
from greenspace.present.words import clean, indicator_name

if TYPE_CHECKING:
    from greenspace.model.check import Check, Measured
    from greenspace.model.quantity import Ratio
    from greenspace.model.words import Language


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone of one indicator."""

    name: str
    ratio: Ratio
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers that share the same zones."""

    names: tuple[str, ...]
    items: tuple[Measured, ...]


def zones_of(item: Measured) -> tuple[Zone, ...]:
    """Return the zones in their own order; the ground in none of them comes last."""
    if item.zones is None:
        return ()
    found = [
        Zone(clean(name), item.zones.ratio(position, place=name))
        for position, name in enumerate(zone_names(item))
    ]
    if item.outside is not None:
        found.append(Zone("", item.outside, outside=True))
    return tuple(found)


def zone_names(item: Measured) -> tuple[str, ...]:
    """Return the names of the zones, or their index where none were given."""
    if item.zones is None:
        return ()
    if len(item.zone_names) == len(item.zones):
        return item.zone_names
    return tuple(str(label) for label in item.zones.value.index)


def groups(check: Check) -> tuple[Group, ...]:
    """Return the zoned numbers, those with the same zones side by side."""
    found: dict[tuple[str, ...], list[Measured]] = {}
    for item in check.measured:
        if item.zones is not None:
            found.setdefault(zone_names(item), []).append(item)
    return tuple(Group(names, tuple(items)) for names, items in found.items())


def worst(check: Check, item: Measured) -> Zone | None:
    """Return the zone that does worst, ``None`` where no zone has a value or all have the same."""
    known = [z for z in zones_of(item) if not z.outside and not isnan(z.ratio.value)]
    alike = len({zone.ratio.value for zone in known}) == 1 < len(known)
    if not known or alike:
        return None
    pick = max if lower_is_better(check, item) else min
    return pick(known, key=lambda zone: zone.ratio.value)


def lower_is_better(check: Check, item: Measured) -> bool:
    """Return whether a smaller number is the better one."""
    card = check.indicators.get(item.ratio.indicator)
    return card is not None and card.better == "lower"


def measured_name(check: Check, item: Measured, language: Language) -> str:
    """Return the name of a number, with the label that tells it from its like."""
    name = indicator_name(item.ratio.indicator, check.indicators).of(language)
    label = item.label or _tiers_of(check, item)
    if label is None:
        return name
    return (
        f"{name}（{label.of(language)}）" if language == "zh" else f"{name} ({label.of(language)})"
    )


def _tiers_of(check: Check, item: Measured) -> Text | None:
    """Return the tiers of a number that was measured by more than one set of them."""
    like = [each for each in check.measured if each.ratio.indicator == item.ratio.indicator]
    found = next((s.name for s in item.ratio.sources if s.role == "tiers"), None)
    if len(like) == 1 or found is None:
        return None
    told = found.replace(">=", "≥").replace(" m2", " m²")
    whose = [
        profile.id
        for profile in check.profiles
        if any(row.tiers is not None and row.tiers == item.tiers for row in profile.criteria)
    ]
    names = "、".join(whose), ", ".join(whose)
    zh, en = (f"{name}{stop}" if name else "" for name, stop in zip(names, "：:", strict=True))
    return Text(zh=zh + told, en=(en and en + " ") + told)


def beside(check: Check) -> tuple[Measured, ...]:
    """Return the numbers of indicators that are measured and never judged, whatever the standard."""
    return tuple(item for item in check.measured if item.ratio.indicator not in check.ratios)
