"""Green-line files: a plan as a folder that an office can hand in.

Question   What lies in the folder after ``greenspace green-line -o``?
Enters     A GreenLinePlan, a folder, a language, a paper.
Leaves     lines.gpkg, lines.dxf, control_points (xlsx, docx, csv), atlas.pdf, green_lines.xlsx,
           green_line.json, chips/ of encroachments, run.json: whole or not at all.
Elsewhere  All or nothing: folder. Each file: green_line_layers, drawing, control_point_tables,
           green_line_atlas, green_line_book, green_line_record.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from greenspace.present.chips import write_chips
from greenspace.present.control_point_tables import MAKERS
from greenspace.present.drawing import drawing_dxf
from greenspace.present.folder import replace_folder
from greenspace.present.green_line_atlas import write_plan_atlas
from greenspace.present.green_line_book import write_book
from greenspace.present.green_line_layers import write_plan_layers
from greenspace.present.green_line_record import plan_json
from greenspace.present.write import inputs_of, write_run

if TYPE_CHECKING:
    from greenspace.model.green_line_plan import By, GreenLinePlan
    from greenspace.model.words import Language

LAYERS: Final = "lines.gpkg"
DRAWING: Final = "lines.dxf"
POINTS: Final = "control_points"
BOOK: Final = "green_lines.xlsx"
RECORD: Final = "green_line.json"
ATLAS: Final = "atlas.pdf"


def write_plan(
    plan: GreenLinePlan,
    folder: Path | str,
    *,
    force: bool = False,
    language: Language = "zh",
    size: str = "A3",
    scale: int | None = None,
    by: By | None = None,
) -> Path:
    """Write every file of a plan into a folder, whole or not at all.

    Returns
    -------
    Path
        The folder, absolute.

    Raises
    ------
    InputError
        The folder is not empty, holds inputs or files of others, or cannot be written; or the
        scale does not suit the paper.
    """
    fill = partial(_fill, plan, language, size, scale, by)
    return replace_folder(Path(folder), fill, force=force, protected=inputs_of(plan.city))


def _fill(
    plan: GreenLinePlan,
    language: Language,
    size: str,
    scale: int | None,
    by: By | None,
    folder: Path,
) -> None:
    city = plan.city
    write_plan_atlas(plan, folder / ATLAS, language=language, size=size, scale=scale, by=by)
    write_plan_layers(plan, folder / LAYERS)
    drawing = drawing_dxf(plan.lines, plan.points, language=language, title=city.name, scale=scale)
    _text(folder / DRAWING, drawing)
    for suffix, make in MAKERS.items():
        data = make(plan.points, language, city.name, city.date)
        (folder / POINTS).with_suffix(suffix).write_bytes(data)
    write_book(plan, folder / BOOK)
    _text(folder / RECORD, plan_json(plan))
    write_chips(() if plan.guard is None else plan.guard.chips, folder)
    asked = {
        "manifest": str(city.manifest.absolute()),
        "lang": language,
        "size": size,
        "scale": scale,
        "by": by,
    }
    write_run(asked, folder, datetime.now(UTC))


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
