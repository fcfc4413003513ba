"""Inspection: what is wrong with a city's inputs, for scripts, notebooks and the console.

Question   What must be put right, in which rows of which layer, and which numbers hang on it?
Enters     An Inspection, a language, a width.
Leaves     A data frame, escaped HTML, renderables of rich, or a folder; nothing is printed here.
Elsewhere  Its files: findings_file, repaired. The same of a check: tables, terminal, write.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text as Line

from greenspace.present.display import show
from greenspace.present.findings_file import write_findings
from greenspace.present.folder import replace_folder
from greenspace.present.repaired import write_repaired
from greenspace.present.tables import html_table
from greenspace.present.words import (
    SEVERITIES,
    WORDS,
    both,
    clean,
    indicator_name,
    layer_name,
    severity_counts,
    word,
)
from greenspace.present.write import inputs_of, write_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from rich.console import RenderableType

    from greenspace.model.inspection import Inspection
    from greenspace.model.source import Finding
    from greenspace.model.words import Language

COLUMNS: Final = (
    "severity",
    "code",
    "layer",
    "file",
    "rows",
    "count",
    "area_m2",
    "indicators",
    "text_zh",
    "text_en",
)
STYLES: Final[Mapping[str, str]] = {"error": "bold red", "warning": "yellow", "note": ""}
TINTS: Final[Mapping[str, str]] = {"error": "#fbe3df", "warning": "#fff3cd", "note": "none"}
ROWS_SHOWN: Final = 8
HECTARE_M2: Final = 10_000.0
LEAST_SHOWN_M2: Final = 0.01


def findings_frame(findings: tuple[Finding, ...]) -> pd.DataFrame:
    """Return one row a finding, in the order given; ``rows`` and ``indicators`` are tuples."""
    import pandas as pd

    cells = [
        (
            item.severity,
            item.code,
            item.layer,
            item.file,
            item.rows,
            item.count,
            item.area_m2,
            item.indicators,
            item.text.zh,
            item.text.en,
        )
        for item in findings
    ]
    frame = pd.DataFrame(cells, columns=list(COLUMNS))
    frame[["count", "area_m2"]] = frame[["count", "area_m2"]].astype(float)
    return frame


def inspection_html(inspection: Inspection) -> str:
    """Return the findings as an HTML table, in both languages."""
    keys = ("severity", "layer", "finding", "count", "area")
    body = [
        [
            both(SEVERITIES[item.severity]),
            layer_name(item.layer, "zh"),
            f"{both(item.text)}\n{_where(item, inspection, 'en')}",
            "" if item.count is None else f"{item.count:,}",
            shown_area(item.area_m2, "en"),
        ]
        for item in inspection.findings
    ]
    title = f"<b>{escape(clean(inspection.city.name))}</b>"
    if not body:
        return f"{title} {both(WORDS['sound'])}"
    tints = [TINTS[item.severity] for item in inspection.findings]
    return title + html_table([both(WORDS[key]) for key in keys], body, figures=(3, 4), tints=tints)


def inspection_view(
    inspection: Inspection, language: Language, width: int, *, ascii_only: bool = False
) -> Group:
    """Return everything that ``greenspace validate`` shows, worst first."""
    stop = "：" if language == "zh" else ": "
    name = clean(inspection.city.name)
    counts = severity_counts(inspection.findings, language)
    parts: list[RenderableType] = [
        Line(name, style="bold"),
        Line(f"{word('findings', language)}{stop}{counts}", style="bold"),
    ]
    if inspection.findings:
        parts.append(_table(inspection, language, width, ascii_only=ascii_only))
    changes = [change for item in inspection.mended for change in item.changes]
    if changes:
        parts.append(Line(word("repairs", language), style="bold"))
    for change in changes:
        line = Line(f"- {layer_name(change.layer, language)}{stop}{change.text.of(language)}")
        facts = (str(change.count), _rows(change, language), shown_area(change.area_m2, language))
        parts.append(line.append(f"{stop}{word('gap', language).join(facts)}"))
    if inspection.mended and not changes and not inspection.unmended:
        parts.append(Line(word("no_repairs", language)))
    if inspection.unmended:
        parts.append(Line(word("unmended", language), style="bold red"))
    for item in inspection.unmended:
        of = f"{layer_name(item.layer, language)}{stop}" if item.layer else ""
        parts.append(Line(f"- {of}{clean(item.text.of(language))}"))
    return Group(*parts)


def _table(inspection: Inspection, language: Language, width: int, *, ascii_only: bool) -> Table:
    table = Table(box=box.ASCII if ascii_only else box.SIMPLE_HEAD, width=width, pad_edge=False)
    table.add_column(word("severity", language), no_wrap=True)
    table.add_column(word("layer", language), overflow="fold", max_width=16)
    table.add_column(word("finding", language), ratio=1, overflow="fold")
    table.add_column(word("count", language), justify="right", no_wrap=True)
    table.add_column(word("area", language), justify="right", no_wrap=True)
    for item in inspection.findings:
        said = Line(clean(item.text.of(language)))
        where = _where(item, inspection, language)
        if where:
            said.append(f"\n{where}", style="dim")
        table.add_row(
            Line(SEVERITIES[item.severity].of(language), style=STYLES[item.severity]),
            Line(layer_name(item.layer, language)),
            said,
            Line("" if item.count is None else f"{item.count:,}"),
            Line(shown_area(item.area_m2, language)),
        )
    return table


def _where(item: Finding, inspection: Inspection, language: Language) -> str:
    """Say in which file and rows, and which indicators rest on it."""
    cards = inspection.indicators
    names = [indicator_name(name, cards).of(language) for name in item.indicators]
    facts = (
        word("in_file", language).format(name=clean(item.file)) if item.file else "",
        _rows(item, language),
        word("touches", language).format(names=("、" if language == "zh" else ", ").join(names))
        if names
        else "",
    )
    return word("gap", language).join(fact for fact in facts if fact)


def _rows(item: Finding, language: Language) -> str:
    if not item.rows:
        return ""
    more = " …" if len(item.rows) > ROWS_SHOWN else ""
    listed = ", ".join(clean(row) for row in item.rows[:ROWS_SHOWN])
    return word("in_rows", language).format(rows=f"{listed}{more}")


def shown_area(area_m2: float | None, language: Language) -> str:
    """Return an area in hectares, or below one in square metres.

    Examples
    --------
    >>> shown_area(12345.0, "en"), shown_area(3.14159, "en"), shown_area(None, "en")
    ('1.23 ha', '3.14 m²', '')
    """
    if area_m2 is None:
        return ""
    if area_m2 >= HECTARE_M2:
        return show(area_m2, "m2", language)
    return f"{area_m2:,.2f} m²" if area_m2 >= LEAST_SHOWN_M2 else f"{area_m2:.2g} m²"


def write_inspection(
    inspection: Inspection,
    folder: Path | str,
    *,
    force: bool = False,
    as_of: datetime | None = None,
) -> Path:
    """Write findings.gpkg, the repaired layers where there are any, and run.json.

    Raises
    ------
    InputError
        The folder is not empty, holds inputs or files of others, or cannot be written.
    """
    target = Path(folder).expanduser().resolve()
    fill = partial(_fill, inspection, target, as_of or datetime.now(UTC))
    return replace_folder(target, fill, force=force, protected=inputs_of(inspection.city))


def _fill(inspection: Inspection, target: Path, moment: datetime, folder: Path) -> None:
    write_findings(inspection, folder / "findings.gpkg")
    if inspection.mended:
        (folder / "repaired").mkdir()
        write_repaired(inspection, folder / "repaired", target / "repaired")
    write_run({"manifest": str(inspection.city.manifest.absolute())}, folder, moment)
