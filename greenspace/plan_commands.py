"""Plan commands: what the command ``green-line`` asks of the rooms, without a word printed.

Question   What does it do, once its words are parsed?
Enters     A manifest, a folder, options.
Leaves     A plan, its folder, and what the console should show.
Elsewhere  Parsing, printing and exit codes: cli/green_line. The plan: line_plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.line_plan import green_line_plan
from greenspace.model.words import Text
from greenspace.present.folder import check_target
from greenspace.present.green_line_view import plan_view
from greenspace.present.paper import paper_size

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.console import Group

    from greenspace.model.green_line_plan import By, GreenLinePlan
    from greenspace.model.words import Language

    Progress = Callable[[int, int, Text], None]

WRITING = Text(zh="写出图、表和图集", en="writing drawing, tables and atlas")


def ask_plan(
    manifest: Path, *, output: Path | None, size: str, force: bool, say: Progress
) -> GreenLinePlan:
    """Draw the plan of a city; refuse before that a folder that may not be written, and no paper.

    Raises
    ------
    InputError
        As `green_line_plan`, the folder may not be written, or there is no such paper.
    """
    paper_size(size)
    if output is not None:
        target = output.expanduser().resolve()
        check_target(target, force=force, protected=[manifest.absolute()])
    return green_line_plan(manifest, progress=say)


def view_plan(plan: GreenLinePlan, language: Language, width: int, *, ascii_only: bool) -> Group:
    """Return what the console shows of a plan."""
    return plan_view(plan, language, width, ascii_only=ascii_only)


def write_plan(
    plan: GreenLinePlan,
    folder: Path,
    *,
    force: bool,
    language: Language,
    size: str,
    scale: int | None,
    by: By | None,
    say: Progress,
) -> Path:
    """Write the folder of a plan.

    Raises
    ------
    InputError
        As `GreenLinePlan.write`.
    """
    say(0, 1, WRITING)
    return plan.write(folder, force=force, language=language, size=size, scale=scale, by=by)
