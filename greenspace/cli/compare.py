"""The command ``compare``: one city at several dates.

Question   Is this city getting there?
Enters     Manifests, or folders of results.
Leaves     A table, and a folder of results where asked.
Elsewhere  Comparing and writing: dates, through commands. Refusals and bars: console.
"""

from __future__ import annotations

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

HELP = "比较同一城市的几个日期 / compare one city at several dates."


def compare_command(
    cities: Annotated[
        list[Path],
        typer.Argument(
            help="清单或结果文件夹，两个以上 / two or more city.toml or result folders."
        ),
    ],
    standard: Annotated[
        str | None,
        typer.Option("--standard", help="各日期用同一标准 / one yardstick for all dates."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="结果文件夹 / folder for the results.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="覆盖以前的结果 / replace earlier results.")
    ] = False,
    lang: LangOption = Lang.zh,
) -> None:
    """Compare dates, show the table, and write the results where asked."""
    with guard(lang):
        from greenspace.commands import ask_dates, view_dates

        with progress(lang) as say:
            found = ask_dates(cities, standard=standard, output=output, force=force, say=say)
        console = open_console()
        console.print(view_dates(found, lang.value, min(console.width, WIDEST)))
        if output is not None:
            folder = found.write(output, force=force, language=lang.value)
            print(f"{WROTE.of(lang.value)}{plain(str(folder))}")
