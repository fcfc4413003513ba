"""League page: many cities in one HTML file that asks nothing of any network.

Question   How does a provincial office see which row its cities fail, and where?
Enters     A League and a language.
Leaves     The page; a short table for Jupyter.
Elsewhere  Columns: league_tables. Words: league_words. The sketch of the province: league_map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from greenspace.present.display import UNDEFINED, show, shown_unit
from greenspace.present.league_map import sketch_of
from greenspace.present.league_tables import city_label, columns_of, league_banner
from greenspace.present.league_words import KINDS, LANGUAGES, STATES, T
from greenspace.present.record import software_version
from greenspace.present.tables import html_table
from greenspace.present.webfont import page_font
from greenspace.present.words import MARKS, SEVERITIES, VERDICTS, clean, worst_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from greenspace.model.league import CityRow, CityVerdict, League, Tally
    from greenspace.model.words import Language

LANG: Final = {"zh": "zh-CN", "en": "en"}
NAMED: Final = 8  # cities that fail a row, by name; the matrix has all of them


def league_html(league: League, language: Language) -> str:
    """Return the league as one HTML page."""
    words = {key: text.of(language) for key, text in T.items()}
    page = {
        "lang": LANG[language],
        "version": software_version(),
        "standards": [_standard(league, name, language) for name in _standards(league)],
        "law": _groups(league, [t for t in league.tallies if t.kind == "law"], language),
        "law_matrix": _matrix(league.rows, _columns(league, of_law=True), language),
        "banner": league_banner(league, language),
        "uncounted": [_uncounted(city, language) for city in league.rows if not city.counted],
        "map": sketch_of(league),
        "map_note": words["map_note"].format(count=sum(c.outline is None for c in league.rows)),
        "findings": [
            (item.severity, SEVERITIES[item.severity].of(language), clean(item.text.of(language)))
            for item in worst_first(league.findings)
        ],
        "cities": len(league.rows),
        "years": _years(league),
        "undated": words["undated"],
        "made": words["made"].format(version=software_version()),
    }
    template = Environment(
        loader=PackageLoader("greenspace.present", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("league.html.j2")
    bare = template.render(page=page, t=words, font="")
    return str(template.render(page=page, t=words, font=page_font(bare)))


def league_fragment(league: League) -> str:
    """Return a short table in both languages for Jupyter."""
    head = [" ".join(T[key].of(lang) for lang in LANGUAGES) for key in ("indicator", "failed")]
    head += [" ".join(T[key].of(lang) for lang in LANGUAGES) for key in ("assessed", "share")]
    head += [" ".join(T["not_assessable"].of(lang) for lang in LANGUAGES)]
    body = [
        [
            f"{clean(item.standard)}: {clean(item.name.zh)} {clean(item.name.en)}",
            str(len(item.failed)),
            str(item.assessed),
            show(item.share, "1", "en"),
            str(item.not_assessable),
        ]
        for item in league.tallies
    ]
    return html_table(head, body, figures=range(1, 5))


def _standards(league: League) -> list[str]:
    return sorted({city.yardstick for city in league.rows if city.yardstick is not None})


def _standard(league: League, name: str, language: Language) -> dict[str, Any]:
    standings = [item for item in league.standings if item.standard == name]
    amounts = {
        "passed": sum(item.passed for item in standings),
        "failed": sum(item.failed for item in standings),
        "not_assessable": sum(item.not_assessable for item in standings),
    }
    cities = [city for city in league.rows if city.yardstick == name]
    mine = [tally for tally in league.tallies if tally.kind != "law" and tally.standard == name]
    held = {key for city in cities for key in city.judged}
    columns = [key for key in _columns(league, of_law=False) if key in held]
    return {
        "name": clean(name),
        "count": T["count"].of(language).format(count=sum(amounts.values()), **amounts),
        "groups": _groups(league, mine, language),
        "matrix": _matrix(cities, columns, language),
    }


def _columns(league: League, *, of_law: bool) -> list[tuple[str | None, str]]:
    return [key for key in columns_of(league) if (key[0] is not None) == of_law]


def _groups(league: League, tallies: list[Tally], language: Language) -> list[dict[str, Any]]:
    """Return the rows of each kind; those of the law by its standard, too."""
    parts = league.tallies_by_year
    labels = {city.id: city_label(city) for city in league.rows}
    found = []
    for standard, kind in dict.fromkeys((item.standard, item.kind) for item in tallies):
        mine = [item for item in tallies if (item.standard, item.kind) == (standard, kind)]
        title = KINDS[kind].of(language)
        found.append(
            {
                "title": f"{title}: {clean(standard)}" if kind == "law" else title,
                "rows": [_failure(item, _of(parts, item), labels, language) for item in mine],
            }
        )
    return found


def _of(parts: Iterable[Tally], whole: Tally) -> dict[int | None, Tally]:
    key = (whole.standard, whole.kind == "law", whole.indicator)
    return {
        part.year: part
        for part in parts
        if (part.standard, part.kind == "law", part.indicator) == key
    }


def _failure(
    item: Tally, parts: dict[int | None, Tally], labels: dict[str, str], language: Language
) -> dict[str, Any]:
    named = [labels.get(city, clean(city)) for city in item.failed[:NAMED]]
    rest = len(item.failed) - len(named)
    more = [T["more"].of(language).format(count=rest)] if rest else []
    return {
        "name": clean(item.name.of(language)),
        "failed": len(item.failed),
        "assessed": item.assessed,
        "share": show(item.share, "1", language),
        "bar": 0.0 if item.share is None else round(100 * item.share, 1),
        "not_assessable": item.not_assessable,
        "cities": ("、" if language == "zh" else ", ").join([*named, *more]),
        "years": {year: f"{len(part.failed)} / {part.assessed}" for year, part in parts.items()},
    }


def _years(league: League) -> list[int | None]:
    """Return the years that get a column of their own: none where there is only one."""
    years = list(dict.fromkeys(part.year for part in league.tallies_by_year))
    ordered = sorted(years, key=lambda year: (year is None, year or 0))
    return ordered if len(ordered) > 1 else []


def _matrix(
    cities: Iterable[CityRow], columns: list[tuple[str | None, str]], language: Language
) -> dict[str, Any]:
    shown = [city for city in cities if city.rows]
    names = {key: row.name for city in shown for key, row in city.judged.items()}
    return {
        "head": [clean(names[key].of(language)) for key in columns if key in names],
        "rows": [
            {
                "name": city_label(city),
                "id": clean(city.id),
                "counted": city.counted,
                "verdict": city.verdict,
                "word": _overall(city, language),
                "cells": [_cell(city.judged.get(key), language) for key in columns if key in names],
            }
            for city in shown
        ],
    }


def _overall(city: CityRow, language: Language) -> str:
    """Return the overall verdict, and whether a provisional number decided it."""
    if city.verdict is None:
        return ""
    word = VERDICTS[city.verdict].of(language)
    mark = MARKS["provisional"].of(language)
    return f"{word} ({mark})" if city.provisional else word


def _cell(row: CityVerdict | None, language: Language) -> dict[str, str]:
    if row is None:
        return {"value": "", "verdict": "", "word": UNDEFINED, "why": ""}
    unit = shown_unit(row.indicator, row.unit)
    value = show(row.value, unit, language, threshold=row.threshold, operator=row.operator)
    why = "" if row.reason is None else clean(row.reason.of(language))
    mark = "" if row.mark is None else MARKS[row.mark].of(language)
    return {
        "value": value,
        "verdict": row.verdict,
        "word": VERDICTS[row.verdict].of(language),
        "why": " · ".join(part for part in (mark, why) if part),
    }


def _uncounted(city: CityRow, language: Language) -> dict[str, str]:
    return {
        "name": city_label(city),
        "id": clean(city.id),
        "state": STATES[city.state].of(language),
        "why": " ".join(clean(text.of(language)) for text in city.why),
    }
