"""Pages that are written from the package itself: the API, standards, indicators, sensors.

A page holds a line ``<!-- generated: NAME -->``; while the page is read, the line is replaced by
Markdown made here. Nothing is written into the source tree.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Any

import greenspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sphinx.application import Sphinx

    from greenspace.model.definition import Criterion, Profile, Threshold
    from greenspace.model.sensor import Fact, Sensor

FUNCTIONS = (
    "read_layer",
    "write_layer",
    "read_postgis",
    "read_city",
    "check",
    "vegetation",
    "green_coverage",
    "corrected",
    "green_change",
    "control_points",
    "read_control_points",
    "encroachment",
    "compensation",
    "tree_zones",
    "park_zoning",
    "green_space_ratio",
    "park_area_per_capita",
    "service_coverage",
    "network_service_coverage",
    "park_contributions",
    "new_park_gain",
    "residents_served",
    "residents_served_on_foot",
    "catchment_access",
    "fairness",
    "gini",
    "lorenz",
    "who_300",
    "three_thirty_three_hundred",
    "three_thirty_three_hundred_by_home",
    "sdg_11_7_1",
    "angst",
    "living_circles",
    "judge",
    "draw_reference_sample",
    "assess",
    "write_mask",
    "area_estimate",
    "standards",
    "standard",
    "compare_standards",
    "verify",
)
VALUES = (
    "greenspace.model.quantity.Ratio",
    "greenspace.model.quantity.RatioTable",
    "greenspace.model.quantity.Interval",
    "greenspace.model.reference_sample.ReferenceSample",
    "greenspace.model.assessment.Assessment",
    "greenspace.model.change.ChangeTable",
    "greenspace.model.change.Change",
    "greenspace.model.control_points.ControlPoints",
    "greenspace.model.encroachment.Guard",
    "greenspace.model.compensation.Compensation",
    "greenspace.model.tree_zones.TreeZones",
    "greenspace.model.zoning.Zoning",
    "greenspace.model.plan_check.PlanCheck",
    "greenspace.model.check.Check",
    "greenspace.model.check.Measured",
    "greenspace.model.league.League",
    "greenspace.model.league.CityRow",
    "greenspace.model.league.CityVerdict",
    "greenspace.model.league.Tally",
    "greenspace.model.league.Standing",
    "greenspace.model.verification.Verification",
    "greenspace.model.verification.Unlike",
    "greenspace.model.verification.Replaced",
    "greenspace.model.fairness.Fairness",
    "greenspace.model.city.City",
    "greenspace.model.city.ImageSpec",
    "greenspace.model.city.MaskSpec",
    "greenspace.model.city.VegetationMethod",
    "greenspace.model.city.SamplesSpec",
    "greenspace.model.city.AccuracyRecord",
    "greenspace.model.verdict.Verdict",
    "greenspace.model.verdict.Overall",
    "greenspace.model.estimate.AreaEstimate",
    "greenspace.model.estimate.Estimate",
    "greenspace.model.source.Source",
    "greenspace.model.source.Finding",
    "greenspace.model.written.Written",
    "greenspace.prepare.vegetation.Vegetation",
    "greenspace.prepare.land_cover.LandCover",
    "greenspace.prepare.corrections.Corrected",
    "greenspace.prepare.decision.Decision",
    "greenspace.model.land_cover.CoverTable",
    "greenspace.model.land_cover.CodeGroup",
    "greenspace.model.definition.Profile",
    "greenspace.model.definition.Criterion",
    "greenspace.model.definition.Threshold",
    "greenspace.model.definition.Parameter",
    "greenspace.model.words.Text",
)
SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}
FACTS = {
    "population": "persons",
    "construction_land_per_head_m2": "construction land, m² per head,",
}
MARKS = {
    "verified": "verified",
    "weak": "weak",
    "provisional": "**provisional**",
    "user": "user",
    None: "–",
}


def directive(name: str, target: str, *options: str) -> str:
    """Return one autodoc directive inside Markdown."""
    lines = [f"```{{eval-rst}}\n.. {name}:: {target}", *(f"   {line}" for line in options), "```\n"]
    return "\n".join(lines)


def functions() -> str:
    """Return the public functions that this version has."""
    return "\n".join(
        directive("autofunction", f"greenspace.{name}")
        for name in FUNCTIONS
        if hasattr(greenspace, name)
    )


def values() -> str:
    """Return the classes that results are made of."""
    return "\n".join(directive("autoclass", path, ":members:") for path in VALUES)


def errors() -> str:
    """Return the tree of refusals, as it stands in the source."""
    module = import_module("greenspace.errors")
    classes = [
        item
        for _, item in inspect.getmembers(module, inspect.isclass)
        if item.__module__ == module.__name__
    ]
    classes.sort(key=lambda item: inspect.getsourcelines(item)[1])
    return "\n".join(directive("autoexception", f"{module.__name__}.{c.__name__}") for c in classes)


def cell(text: object) -> str:
    """Return text that cannot break out of a table cell."""
    return " ".join(str(text).replace("|", "/").replace("<", "&lt;").split())


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *([cell(item) for item in row] for row in rows)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def number(value: float, unit: str) -> str:
    """Return a threshold as people write it."""
    return f"{value * 100:g} %" if unit == "1" else f"{value:g} {unit}".replace("m2", "m²")


def asked(row: Criterion, threshold: Threshold, unit: str) -> str:
    """Return the condition of one threshold; two readings where the sources disagree."""
    if not threshold.values:
        return "number unknown"
    readings = " or ".join(number(value, unit) for value in threshold.values)
    return f"{SIGNS[row.operator]} {readings}"


def when(threshold: Threshold) -> str:
    """Return the cities that a threshold is meant for."""
    return ", ".join(
        str(condition.value)
        if isinstance(condition.value, str)
        else f"{FACTS[condition.fact]} {SIGNS[condition.operator]} {condition.value:,.10g}"
        for condition in threshold.when
    )


def cited(threshold: Threshold, profile: Profile) -> str:
    """Return where a number was read; the profile's own document goes without saying."""
    source = threshold.source
    document = source.document if source.document != profile.document else ""
    return " ".join(filter(None, [document, source.clause, source.address]))


def criterion_rows(
    profile: Profile, units: dict[str, str], names: dict[str, str]
) -> list[list[str]]:
    """Return one row a threshold; unknown numbers stay in the table."""
    return [
        [
            f"{names.get(row.indicator, '')} `{row.indicator}`",
            row.level,
            asked(row, threshold, units.get(row.indicator, "1")),
            when(threshold),
            MARKS[threshold.mark],
            cited(threshold, profile),
        ]
        for row in profile.criteria
        for threshold in row.thresholds
    ]


def parameter_rows(profile: Profile, cards: dict[str, Any]) -> list[list[str]]:
    """Return one row for the tiers of a criterion, and one for each of its parameters."""
    printed = import_module("greenspace.model.printed")
    view = import_module("greenspace.present.standards_view")
    words = import_module("greenspace.present.standards_words")
    return [
        [
            f"`{line.indicator}`",
            line.level,
            f"{words.item_text(line.item, 'en')} `{line.item}`",
            view.asked(line, "en"),
            MARKS[line.mark],
            " ".join(filter(None, [line.source.document, line.source.address])),
            "" if line.note is None else line.note.en,
        ]
        for line in printed.printed(profile, cards)
        if line.item != printed.THRESHOLD
    ]


def profiles() -> str:
    """Return every published yardstick with every number in it."""
    definitions = import_module("greenspace.read.definitions")
    cards = definitions.read_indicators()
    units = {key: card.unit for key, card in cards.items()}
    names = {key: card.name.zh for key, card in cards.items()}
    head = ["indicator", "level", "asks", "where", "mark", "source"]
    parts = []
    for profile in definitions.list_profiles():
        dates = f"In force from {profile.in_force_from}." if profile.in_force_from else ""
        later = f"Superseded by {profile.superseded_by}." if profile.superseded_by else ""
        notes = [note.en for note in (profile.dates_note, profile.note) if note]
        parts += [
            f"## {profile.id}\n\n**{profile.title.zh}** · {profile.title.en}\n",
            " ".join(filter(None, [f"{profile.document}.", dates, later, *notes])) + "\n",
            table(head, criterion_rows(profile, units, names)),
        ]
        rows = parameter_rows(profile, cards)
        parts += [
            table(["of", "level", "parameter", "value", "mark", "source", "note"], rows)
        ] * bool(rows)
    parts.append("## Addresses\n")
    parts += [f"- [{key}] {cell(text)}" for key, text in definitions.read_addresses().items()]
    return "\n".join(parts)


def indicators() -> str:
    """Return every indicator in words."""
    definitions = import_module("greenspace.read.definitions")
    rows = [
        [
            item.name.zh,
            item.name.en,
            f"`{item.id}`",
            item.unit,
            item.numerator.en,
            item.denominator.en,
        ]
        for item in definitions.read_indicators().values()
    ]
    return table(["指标", "name", "id", "unit", "numerator", "denominator"], rows)


def fact_row(what: str, value: object, fact: Fact[Any]) -> list[object]:
    """Return one row of a sensor or a mask: what is known, how surely, and from where."""
    return [what, value, MARKS[fact.mark], "; ".join(fact.sources)]


def sensor_rows(sensor: Sensor) -> list[list[object]]:
    """Return every fact about one sensor."""
    rows = []
    if sensor.bands is not None:
        order = ", ".join(f"{band} {number}" for band, number in sensor.bands.value.items())
        rows.append(fact_row("bands", order, sensor.bands))
    if sensor.files is not None:
        parts = ", ".join(f"{band} `{part}`" for band, part in sensor.files.value.items())
        rows.append(fact_row("files", parts, sensor.files))
    for fact in sensor.conversions:
        one = fact.value
        since, before = one.since and f"from {one.since} on", one.before and f"before {one.before}"
        which = " ".join(filter(None, [since, before])) or one.name
        how = f"{one.numbers} × {one.scale:g} {one.offset:+g}".replace("-", "−")
        rows.append(fact_row(f"reflectance {which}".strip(), how, fact))
    if sensor.nodata is not None:
        rows.append(fact_row("nodata", f"{sensor.nodata.value:g}", sensor.nodata))
    if sensor.pixel_m is not None:
        rows.append(fact_row("pixel", f"{sensor.pixel_m.value:g} m", sensor.pixel_m))
    return rows


def sensors() -> str:
    """Return every sensor and every kind of mask with every number in them."""
    known = import_module("greenspace.read.sensors")
    head = ["what", "value", "mark", "source"]
    parts = []
    for name in known.list_sensors():
        sensor = known.read_sensor(name)
        masks = ", ".join(f"`{mask}`" for mask in sensor.masks)
        parts += [
            f"## {sensor.id}\n\n**{sensor.name.zh}** · {sensor.name.en}\n",
            f"Masks: {masks}.\n" if masks else "",
            table(head, sensor_rows(sensor)),
        ]
    for name in known.list_masks():
        codes = known.read_mask_codes(name)
        rows = [
            fact_row(f"{rule.value.reason.zh} {rule.value.reason.en}", rule.value.coded, rule)
            for rule in codes.rules
        ]
        parts += [
            f"## {codes.id}\n\n**{codes.name.zh}** · {codes.name.en}, band {codes.band}\n",
            table(["not seen", "codes", "mark", "source"], rows),
        ]
    return "\n".join(parts)


PARTS: dict[str, Callable[[], str]] = {
    "functions": functions,
    "values": values,
    "errors": errors,
    "profiles": profiles,
    "indicators": indicators,
    "sensors": sensors,
}


def outdated(*_: object) -> list[str]:
    """Return the pages to read again whatever their own date says."""
    return [f"reference/{page}" for page in ("api", "profiles", "indicators", "sensors")]


def fill(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Replace the marked lines of one page."""
    for name, make in PARTS.items():
        mark = f"<!-- generated: {name} -->"
        if mark in source[0]:
            source[0] = source[0].replace(mark, make())


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of the hook."""
    app.connect("source-read", fill)
    app.connect("env-get-outdated", outdated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
