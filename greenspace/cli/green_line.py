"""The command ``green-line``: a city's green lines, numbered, drawn and guarded.

Question   Which lines does this city hand in, and what stands inside them?
Enters     Arguments.
Leaves     Tables, and a folder of drawings and tables where asked.
Elsewhere  Drawing and writing: line_plan, through plan_commands. Refusals and bars: console.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from greenspace.cli.console import (
    WIDEST,
    WROTE,
    Lang,
    LangOption,
    guard,
    open_console,
    progress,
)
from greenspace.commands import plain

HELP = "划定绿线：编号、出图、查侵占 / draw green lines, number their points, guard them."
MOST_SCALE = 1_000_000


class By(StrEnum):
    """What a page of the atlas shows."""

    line = "line"
    district = "district"


def green_line_command(
    city: Annotated[Path, typer.Argument(help="清单 / manifest: city.toml.")],
    *,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="结果文件夹 / folder for the results.")
    ] = None,
    lang: LangOption = Lang.zh,
    force: Annotated[
        bool, typer.Option("--force", help="覆盖以前的结果 / replace earlier results.")
    ] = False,
    size: Annotated[
        str, typer.Option("--size", help="图幅 A0 至 A4 / paper of the atlas: A0 to A4.")
    ] = "A3",
    scale: Annotated[
        int | None,
        typer.Option(
            "--scale", min=1, max=MOST_SCALE, help="比例尺分母 / denominator: 2000 for 1:2000."
        ),
    ] = None,
    by: Annotated[
        By | None, typer.Option("--by", help="图集按线或按区分页 / a page a line, or a district.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="检验未通过时退出码为 1 / exit 1 if a test fails.")
    ] = False,
) -> None:
    """Draw a city's green lines, show the tables, and write the results where asked."""
    with guard(lang):
        from greenspace.plan_commands import ask_plan, view_plan, write_plan

        with progress(lang) as say:
            plan = ask_plan(city, output=output, size=size, force=force, say=say)
        console = open_console()
        view = view_plan(
            plan, lang.value, min(console.width, WIDEST), ascii_only=console.options.ascii_only
        )
        console.print(view)
        if output is not None:
            with progress(lang) as say:
                folder = write_plan(
                    plan,
                    output,
                    force=force,
                    language=lang.value,
                    size=size,
                    scale=scale,
                    by=None if by is None else by.value,
                    say=say,
                )
            print(f"{WROTE.of(lang.value)}{plain(str(folder))}")
        if strict and not plan.sound:
            raise typer.Exit(1)
