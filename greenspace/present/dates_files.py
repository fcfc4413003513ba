"""Dates files: a comparison of dates for a browser, a spreadsheet, a program and a wall.

Question   What lies in the folder after ``greenspace compare -o``?
Enters     A DateComparison, a folder, a language.
Leaves     comparison.html, .xlsx, .csv and .json, charts/, run.json: whole or not at all.
Elsewhere  All or nothing: folder. Rows: dates_tables. The chart: trajectory_chart.
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text as Line

from greenspace.model.trajectory import Trajectory
from greenspace.model.words import Text
from greenspace.present.coverage_files import write_facts
from greenspace.present.dates_tables import course_frame, long_frame, shown_rows
from greenspace.present.folder import replace_folder
from greenspace.present.record import course_record, software_version
from greenspace.present.rows import banner_of
from greenspace.present.terminal import findings_lines
from greenspace.present.trajectory_chart import trajectory_sheets, write_charts
from greenspace.present.webfont import page_font
from greenspace.present.words import SEVERITIES, clean, json_text, worst_first
from greenspace.present.workbook import write_tables
from greenspace.present.write import inputs_of, write_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greenspace.model.city import City
    from greenspace.model.dates import DateComparison
    from greenspace.model.source import Finding
    from greenspace.model.words import Language
    from greenspace.present.sheets import Sheet

LANG: Final = {"zh": "zh-CN", "en": "en"}
T: Final[Mapping[str, Text]] = {
    "title": Text("{name} 各日期比较", "{name}: a comparison of dates"),
    "indicator": Text("指标", "indicator"),
    "change": Text("总变化", "change over all"),
    "per_year": Text("每年变化", "change a year"),
    "error": Text("误差", "error"),
    "findings": Text("发现", "Findings"),
    "severity": Text("程度", "severity"),
    "finding": Text("内容", "finding"),
    "courses": Text("与目标相比", "Against the targets"),
    "note": Text(
        "变化为图上数值之差（后减前）。“超出误差”按两个日期误差校正估计之差及其 95% 区间判断，"
        "假定两期核查点各自独立。人口口径或分类版本不同时不列变化：口径变化不是进步。",
        "A change is of the mapped values, later minus earlier. Whether it is beyond error is told "
        "by the difference of the error-adjusted estimates and its 95 % interval, with reference "
        "points of their own at each date. No change is given across another basis of the "
        "population or edition of the class codes: a change of basis is no progress.",
    ),
    "made": Text("由 greenspace {version} 生成", "Made with greenspace {version}"),
}


def write_dates(
    found: DateComparison,
    folder: Path | str,
    *,
    force: bool = False,
    language: Language = "zh",
    as_of: datetime | None = None,
) -> Path:
    """Write the comparison into a folder, whole or not at all.

    Raises
    ------
    InputError
        The folder is not empty, holds inputs or files of others, or cannot be written.
    """
    moment = as_of or datetime.now(UTC)
    inputs = [path for one in found.dates for path in inputs_of(one.city)]
    fill = partial(_fill, found, language, moment)
    return replace_folder(Path(folder), fill, force=force, protected=inputs)


def _fill(found: DateComparison, language: Language, moment: datetime, folder: Path) -> None:
    sheets = date_charts(found, language)
    write_charts(sheets, folder)
    table = long_frame(found)
    write_facts(table, folder / "comparison.csv")
    told = pd.DataFrame(
        [
            {"severity": item.severity, "zh": clean(item.text.zh), "en": clean(item.text.en)}
            for item in _told(found)
        ],
        columns=["severity", "zh", "en"],
    )
    sheets_of = {"dates": table, "trajectory": course_frame(found.trajectory), "findings": told}
    write_tables(sheets_of, folder / "comparison.xlsx")
    _text(folder / "comparison.json", json_text(dates_record(found)))
    _text(folder / "comparison.html", dates_html(found, language, sheets))
    asked = {"manifests": [str(one.city.manifest.absolute()) for one in found.dates]}
    write_run(asked, folder, moment)


def date_charts(found: DateComparison, language: Language) -> tuple[Sheet, ...]:
    """Return the charts of indicators with a target, and of rows measured at several dates."""
    last = found.dates[-1]
    rows = {row.indicator for row in last.verdicts}
    drawn = tuple(
        course
        for course in found.trajectory.courses
        if course.targets or (course.indicator in rows and len(course.sights) > 1)
    )
    told = banner_of(last.verdicts, language)
    notes = (told,) if told else ()
    return trajectory_sheets(Trajectory(courses=drawn), last.city.name, language, notes)


def dates_record(found: DateComparison) -> dict[str, Any]:
    """Return the comparison as plain values: no clock time, no absolute path."""
    rows = long_frame(found).astype(object).to_dict("records")
    return {
        "standard": found.standard,
        "software": {"name": "greenspace", "version": software_version()},
        "dates": [
            {
                "label": one.label,
                "date": one.day.isoformat(),
                "city": one.city.name,
                "population": one.city.population,
                "population_basis": one.city.population_basis,
                "crs": one.crs,
            }
            for one in found.dates
        ],
        "rows": [{str(key): _plain(value) for key, value in row.items()} for row in rows],
        "plan": _plan(found.dates[-1].city),
        "trajectory": [course_record(course) for course in found.trajectory.courses],
        "findings": [
            {
                "code": item.code,
                "severity": item.severity,
                "text": {"zh": item.text.zh, "en": item.text.en},
                "indicators": list(item.indicators),
            }
            for item in _told(found)
        ],
    }


def _plan(city: City) -> dict[str, Any]:
    return {
        "baseline": None if city.baseline is None else asdict(city.baseline),
        "targets": {str(year): dict(values) for year, values in city.targets.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def dates_html(found: DateComparison, language: Language, sheets: Sequence[Sheet] = ()) -> str:
    """Return the comparison as one HTML page that asks nothing of any network."""
    words = {key: text.of(language) for key, text in T.items()}
    page = {
        "lang": LANG[language],
        "version": software_version(),
        "title": words["title"].format(name=clean(found.dates[-1].city.name)),
        "standard": clean(found.standard),
        "banner": banner_of(found.dates[-1].verdicts, language),
        "days": [one.day.isoformat() for one in found.dates],
        "rows": shown_rows(found, language),
        "findings": [
            (item.severity, SEVERITIES[item.severity].of(language), clean(item.text.of(language)))
            for item in _told(found)
        ],
        "made": words["made"].format(version=software_version()),
    }
    template = Environment(
        loader=PackageLoader("greenspace.present", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("dates.html.j2")
    bare = template.render(page=page, t=words, charts=[], font="")
    charts = [(item.title, base64.b64encode(item.png).decode("ascii")) for item in sheets]
    return str(template.render(page=page, t=words, charts=charts, font=page_font(bare)))


def dates_view(found: DateComparison, language: Language, width: int) -> Group:
    """Return what the console shows."""
    table = Table(box=box.SIMPLE_HEAD, width=width, pad_edge=False)
    table.add_column(Line(T["indicator"].of(language)), ratio=2, overflow="fold")
    for one in found.dates:
        table.add_column(Line(one.day.isoformat()), justify="right", overflow="fold", ratio=1)
    for key in ("change", "per_year", "error"):
        table.add_column(Line(T[key].of(language)), justify="right", overflow="fold", ratio=1)
    courses = []
    for row in shown_rows(found, language):
        values = [f"{cell['value']}\n{cell['word']}".strip() for cell in row["cells"]]
        cells = (row["name"], *values, row["change"], row["per_year"], row["beyond"])
        table.add_row(*map(Line, cells))
        if row["course"]:
            courses.append(Line(f"{row['name']}: {row['course']}"))
    head = Line(f"{clean(found.dates[-1].city.name)} · {clean(found.standard)}")
    told = banner_of(found.dates[-1].verdicts, language)
    return Group(
        head,
        *((Line(told),) if told else ()),
        table,
        *courses,
        *findings_lines(_told(found), language),
    )


def _told(found: DateComparison) -> tuple[Finding, ...]:
    return worst_first(found.findings)


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
