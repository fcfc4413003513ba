"""Write: every file of a check, in one folder.

Question   What does the office find in the folder after one command?
Enters     A Check, a folder, a language.
Leaves     report.html, report.docx, indicators.xlsx, check.json, layers.gpkg, maps/, run.json.
Elsewhere  All or nothing: folder. Each file: report, document, workbook, record, geopackage, sheets.
"""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenspace.present.annex import annex_html
from greenspace.present.chips import write_chips
from greenspace.present.document import report_docx
from greenspace.present.folder import (
    RUN_FILE,
    replace_folder,
    sha256_of,
    write_text_atomically,
)
from greenspace.present.geopackage import write_geopackage
from greenspace.present.record import check_json, software_version
from greenspace.present.report import report_html
from greenspace.present.sheets import draw_sheets
from greenspace.present.trajectory_chart import check_charts, write_charts
from greenspace.present.words import json_text
from greenspace.present.workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greenspace.model.check import Check
    from greenspace.model.city import City
    from greenspace.model.rehearsal import Annex
    from greenspace.model.words import Language

__all__ = ["write_check", "write_text_atomically"]

LIBRARIES: Final = ("geopandas", "matplotlib", "numpy", "pandas", "pyproj", "rasterio", "shapely")


def write_check(
    check: Check,
    folder: Path | str,
    *,
    force: bool = False,
    language: Language = "zh",
    as_of: datetime | None = None,
    annex: Annex | None = None,
) -> Path:
    """Write reports, workbook, JSON, layers and maps into a folder, whole or not at all.

    Parameters
    ----------
    force
        Replace the results of an earlier check.
    language
        Of the report and the maps.
    annex
        Write ``internal_annex.html`` too, which is for the office itself.
    as_of
        The time that run.json gives; default: now.

    Returns
    -------
    Path
        The folder, absolute.

    Raises
    ------
    InputError
        The folder is not empty, holds inputs or files of others, or cannot be written.
    """
    moment = as_of or datetime.now(UTC)
    fill = partial(_fill, check, language, moment, annex)
    return replace_folder(Path(folder), fill, force=force, protected=inputs_of(check.city))


def _fill(
    check: Check, language: Language, moment: datetime, annex: Annex | None, folder: Path
) -> None:
    sheets = draw_sheets(check, language)
    (folder / "maps").mkdir()
    for sheet in sheets:
        (folder / "maps" / f"{sheet.name}.png").write_bytes(sheet.png)
        (folder / "maps" / f"{sheet.name}.pdf").write_bytes(sheet.pdf)
    if not sheets:
        (folder / "maps").rmdir()
    charts = check_charts(check, language)
    write_charts(charts, folder)
    shown = (*sheets, *charts)
    _text(folder / "report.html", report_html(check, language, shown))
    (folder / "report.docx").write_bytes(report_docx(check, language, shown))
    if annex is not None:
        _text(folder / "internal_annex.html", annex_html(check, annex, language))
    write_chips(check.chips, folder)
    _text(folder / "check.json", check_json(check))
    write_workbook(check, folder / "indicators.xlsx")
    write_geopackage(check, folder / "layers.gpkg")
    asked = {"manifest": str(check.city.manifest.absolute()), **check.asked, "lang": language}
    write_run(asked, folder, moment)


def write_run(asked: Mapping[str, object], folder: Path, moment: datetime) -> None:
    """Write run.json beside everything else that a folder of results holds."""
    run = run_record(asked, folder, moment)
    _text(folder / RUN_FILE, json_text(run))


def run_record(asked: Mapping[str, object], folder: Path, moment: datetime) -> dict[str, Any]:
    """Return where, when and with what a folder of results was written, and what it holds."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        **asked,
        "written_at": moment.isoformat(timespec="seconds"),
        "software": {"name": "greenspace", "version": software_version()},
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": dict(versions()),
        "files": [
            {
                "path": path.relative_to(folder).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": sha256_of(path),
            }
            for path in files
        ],
    }


def versions() -> Iterator[tuple[str, str]]:
    """Give the libraries whose version may change a digit."""
    for name in LIBRARIES:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, "unknown"


def inputs_of(city: City) -> list[Path]:
    """Return the files that results must never replace."""
    home = city.manifest.absolute().parent
    inputs = [home / source.name for source in city.inputs]
    images = [path for image in city.images for path in image.files]
    images += [image.mask.path for image in city.images if image.mask is not None]
    return [city.manifest.absolute(), *inputs, *(home / path for path in images)]


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
