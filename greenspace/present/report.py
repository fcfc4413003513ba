"""Report: one page that opens anywhere, with everything that a reader may ask for.

Question   What does the office hand in, and what stands behind each of its numbers?
Enters     A Check, a language, the map sheets.
Leaves     One HTML text: no request to anywhere, every word from a file escaped.
Elsewhere  The looks: templates/. Words of the rows: rows. Writing: write.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from greenspace.present.display import UNDEFINED, show
from greenspace.present.districts import (
    Group,
    beside,
    groups,
    lower_is_better,
    measured_name,
    worst,
    zones_of,
)
from greenspace.present.maps import DRAWERS
from greenspace.present.numbers import city_value, numbers
from greenspace.present.record import check_record, relative_name, software_version, told_findings
from greenspace.present.rows import (
    banner,
    overall_sentence,
    profile_title,
    review_sentence,
    sections,
    shown_zone,
)
from greenspace.present.style import class_areas
from greenspace.present.uncertainty import error_notes
from greenspace.present.webfont import page_font
from greenspace.present.words import (
    MARKS,
    MARKS_EXPLAINED,
    REPORT_FIELDS,
    SEVERITIES,
    STATEMENT_FIELDS,
    WORDS,
    clean,
    layer_name,
    severity_counts,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greenspace.model.check import Check
    from greenspace.model.definition import Profile
    from greenspace.model.words import Language
    from greenspace.present.sheets import Sheet

    Page = dict[str, Any]

CITED: Final = re.compile(r"\[([^\]]+)\]")
LANG: Final = {"zh": "zh-CN", "en": "en"}


def report_html(check: Check, language: Language, sheets: Sequence[Sheet] = ()) -> str:
    """Return the report as one HTML page.

    Parameters
    ----------
    sheets
        Maps to show; those whose input is missing are named as such.
    """
    page = _page(check, language, sheets)
    words = {key: text.of(language) for key, text in WORDS.items()}
    template = _environment().get_template("report.html.j2")
    captions = [{**drawn, "png": ""} for drawn in page["maps"]]
    bare: str = template.render(page={**page, "maps": captions, "font": ""}, t=words)
    return str(template.render(page={**page, "font": page_font(bare)}, t=words))


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("greenspace.present", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def _page(check: Check, language: Language, sheets: Sequence[Sheet]) -> Page:
    drawn = {sheet.name for sheet in sheets}
    reason = check.overall.reason
    return {
        "lang": LANG[language],
        "version": software_version(),
        "title": word("report_title", language).format(name=clean(check.city.name)),
        "standard": profile_title(check, check.standard, language),
        "statements": _statements(check),
        "title_block": _title_block(check, language),
        "banner": banner(check, language),
        "verdict": check.overall.verdict,
        "overall": overall_sentence(check, language),
        "overall_reason": "" if reason is None else clean(reason.of(language)),
        "ends": review_sentence(check, language),
        "sections": sections(check, language),
        "beside": [
            (measured_name(check, item, language), city_value(check, item, language))
            for item in beside(check)
        ],
        "districts": [_districts(check, group, language) for group in groups(check)],
        "maps": [
            {"title": sheet.title, "png": base64.b64encode(sheet.png).decode("ascii")}
            for sheet in sheets
        ],
        "maps_missing": [
            word("map_missing", language).format(title=word(key, language))
            for name, (key, _) in DRAWERS.items()
            if name not in drawn
        ],
        "classes": _classes(check, language),
        "classes_note": _classes_note(check, language),
        "numbers": numbers(check, language),
        "finding_counts": severity_counts(told_findings(check), language),
        "findings": _findings(check, language),
        "profiles": [_profile(profile, language) for profile in check.profiles],
        "marks": [(MARKS[key].of(language), MARKS_EXPLAINED[key].of(language)) for key in MARKS],
        "inputs": _inputs(check, language),
        "addresses": _addresses(check),
        "made_with": word("made_with", language).format(version=software_version()),
    }


def _addresses(check: Check) -> list[tuple[str, str]]:
    cited = " ".join(row.source.address for row in check.verdicts if row.source is not None)
    keys = dict.fromkeys(CITED.findall(cited))
    known = [key for key in check.addresses if key in keys]
    return [(f"[{key}]", clean(check.addresses[key])) for key in known]


def _statements(check: Check) -> list[str]:
    report = check.city.report
    return [clean(report[key]) for key in STATEMENT_FIELDS if key in report]


def _title_block(check: Check, language: Language) -> list[tuple[str, str]]:
    city = check.city
    block: list[tuple[str, str]] = []
    if city.date is not None:
        block.append((word("date_label", language), city.date.isoformat()))
    if city.population is not None:
        people = show(city.population, "person", language)
        basis = f" ({clean(city.population_basis)})" if city.population_basis else ""
        block.append((word("population", language), people + basis))
    for key, text in city.report.items():
        if key not in STATEMENT_FIELDS:
            label = REPORT_FIELDS[key].of(language) if key in REPORT_FIELDS else clean(key)
            block.append((label, clean(text)))
    return block


def _districts(check: Check, group: Group, language: Language) -> Page:
    """Return one line a zone and one column a number, the worst zone of each marked."""
    columns = []
    for item in group.items:
        zones = zones_of(item)
        found = worst(check, item) if len(group.names) > 1 else None
        key = "highest" if lower_is_better(check, item) else "lowest"
        spot = None if found is None else zones.index(found)
        columns.append((zones, spot, word(key, language)))
    lines = []
    for position, name in enumerate(group.names):
        cells = []
        for zones, spot, label in columns:
            zone = zones[position]
            text = shown_zone(check, zone.ratio, language)
            worst_here = label if position == spot else ""
            cells.append(_cell(text, worst_here, error_notes(zone.ratio, language)))
        lines.append({"name": clean(name), "outside": False, "cells": cells})
    if any(item.outside is not None for item in group.items):
        outside = [item.outside for item in group.items]
        cells = [
            _cell(UNDEFINED)
            if ratio is None
            else _cell(show(ratio.value, ratio.unit, language), notes=error_notes(ratio, language))
            for ratio in outside
        ]
        lines.append({"name": word("outside", language), "outside": True, "cells": cells})
    cells = [
        _cell(city_value(check, item, language), notes=error_notes(item.ratio, language))
        for item in group.items
    ]
    lines.append({"name": word("city", language), "outside": False, "cells": cells})
    heads = [measured_name(check, item, language) for item in group.items]
    return {"heads": heads, "lines": lines}


def _cell(text: str, worst: str = "", notes: Sequence[str] = ()) -> Page:
    return {"text": text, "worst": worst, "notes": notes}


def _classes(check: Check, language: Language) -> list[Page]:
    return [
        {
            "name": f"{part.code} {part.fill.name.of(language)}".strip(),
            "colour": part.fill.colour,
            "count": part.count,
            "area": show(part.area_m2, "m2", language),
            "inside": show(part.inside_m2, "m2", language),
        }
        for part in class_areas(check)
    ]


def _classes_note(check: Check, language: Language) -> str:
    edition = check.city.editions.get("green")
    if edition is None:
        return word("codes_unknown", language)
    return word("codes", language).format(edition=clean(edition))


def _findings(check: Check, language: Language) -> list[Page]:
    return [
        {
            "severity": item.severity,
            "word": SEVERITIES[item.severity].of(language),
            "layer": layer_name(item.layer, language),
            "text": clean(item.text.of(language)),
            "count": "" if item.count is None else f"{item.count:,}",
            "area": "" if item.area_m2 is None else show(item.area_m2, "m2", language),
        }
        for item in told_findings(check)
    ]


def _profile(profile: Profile, language: Language) -> Page:
    unknown = word("date_unknown", language)
    since = profile.in_force_from
    facts = [
        (word("document", language), clean(profile.document)),
        (word("in_force_from", language), since.isoformat() if since else unknown),
        (word("superseded_by", language), clean(profile.superseded_by or unknown)),
    ]
    facts += [
        (word("remark", language), clean(note.of(language)))
        for note in (profile.dates_note, profile.note)
        if note is not None
    ]
    return {"title": clean(f"{profile.id} {profile.title.of(language)}"), "facts": facts}


def _inputs(check: Check, language: Language) -> list[Page]:
    def roles(names: Iterable[str]) -> str:
        kinds = dict.fromkeys(name.partition(":")[0] for name in names)
        return ("、" if language == "zh" else ", ").join(
            layer_name(kind, language) for kind in kinds
        )

    return [
        {
            "path": clean(relative_name(item["path"])),
            "sha256": item["sha256"] or UNDEFINED,
            "roles": roles(item["roles"]),
        }
        for item in check_record(check)["inputs"]
    ]
